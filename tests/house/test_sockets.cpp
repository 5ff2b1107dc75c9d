// There is one way out: nothing but app/network can open a connection. Sources are walked for the words of
// every library that could, and the compiled rooms for its symbols.
#include <QProcess>
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>

namespace fs = std::filesystem;

namespace {

const fs::path kSource = PELLUCID_SOURCE;
const fs::path kBuild = PELLUCID_BUILD;

/// Words that mean a connection. Local sockets have names of their own.
const std::regex kWords(
    "curl/curl\\.h|curl_easy_|curl_multi_|openssl/ssl\\.h|sys/socket\\.h|netdb\\.h|netinet/|arpa/"
    "inet\\.h|getaddrinfo|gethostby|"
    "QTcp|QUdp|QSsl|QNetworkAccessManager|QNetworkRequest|QAbstractSocket|QHostInfo|QWebSocket|QtNetwork|"
    "httplib|"
    "XMLHttpRequest|WebSocket|QtWebEngine|QtWebView");
/// Files that may say them, and why.
const std::set<std::string> kMay = {
    "app/network/curl_job.h", "app/network/curl_job.cpp",        // the way out itself
    "app/network/curl_client.h", "app/network/curl_client.cpp",  //
};

/// Undefined symbols that open, accept or look up.
const std::regex kSymbols(
    "^(socket|connect|bind|listen|accept|accept4|sendto|getaddrinfo|gethostbyname.*|res_n?query|curl_.*|SSL_("
    "new|connect|accept).*|"
    "BIO_new_connect|.*(QTcp|QUdp|QSsl|QNetworkAccessManager|QAbstractSocket|QHostInfo|QWebSocket).*)$");

bool may(const fs::path& file) {
    return kMay.contains(fs::relative(file, kSource).generic_string());
}

QStringList found_symbols(const fs::path& library) {
    QProcess nm;
    nm.start("nm", {"--undefined-only", "--format=just-symbols", QString::fromStdString(library.string())});
    if (!nm.waitForFinished(60'000) || nm.exitCode() != 0) return {"nm failed"};
    QStringList found;
    for (const QString& line : QString::fromUtf8(nm.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts))
        if (std::regex_match(line.trimmed().toStdString(), kSymbols)) found.append(line.trimmed());
    return found;
}

}  // namespace

class TestSockets : public QObject {
    Q_OBJECT

private slots:
    void sources() {
        int files = 0, allowed = 0;
        std::string broken;
        for (const char* room : {"engine", "gpu", "storage", "app", "ui"}) {
            for (const auto& entry : fs::recursive_directory_iterator(kSource / room)) {
                static const std::set<std::string> kCode = {".h", ".cpp", ".cu", ".cuh", ".qml", ".js"};
                if (!kCode.contains(entry.path().extension().string())) continue;
                ++files;
                std::ifstream in(entry.path());
                std::string line;
                for (int number = 1; std::getline(in, line); ++number) {
                    std::smatch match;
                    if (!std::regex_search(line, match, kWords)) continue;
                    if (may(entry.path()))
                        ++allowed;
                    else
                        broken += "\n" + fs::relative(entry.path(), kSource).string() + ":" +
                                  std::to_string(number) + " says " + match.str();
                }
            }
        }
        QVERIFY2(files > 200, "the walk found no sources");
        QVERIFY2(allowed > 10, "the words do not even find the client");
        QVERIFY2(broken.empty(), broken.c_str());
    }

    void symbols() {
        int libraries = 0;
        bool client = false;
        QStringList broken;
        for (const char* room : {"engine", "gpu", "storage", "app", "ui"}) {
            if (!fs::exists(kBuild / room)) continue;
            for (const auto& entry : fs::recursive_directory_iterator(kBuild / room)) {
                const std::string name = entry.path().filename().string();
                if (entry.path().extension() != ".a" || !name.starts_with("libpellucid_")) continue;
                ++libraries;
                const QStringList found = found_symbols(entry.path());
                if (name == "libpellucid_network.a")
                    client = found.contains("curl_multi_perform") && found.contains("socket");
                else
                    for (const QString& symbol : found)
                        broken.append(QString::fromStdString(name) + " needs " + symbol);
            }
        }
        // Where only some targets were built, only those can be looked at.
        const bool whole = fs::exists(kBuild / "bin" / "pellucid");
        QVERIFY2(libraries > (whole ? 20 : 0), qPrintable(QString("%1 rooms were found").arg(libraries)));
        QVERIFY2(client, "the symbols do not even find the client");
        QVERIFY2(broken.isEmpty(), qPrintable(broken.join('\n')));
    }
};

QTEST_GUILESS_MAIN(TestSockets)
#include "test_sockets.moc"
