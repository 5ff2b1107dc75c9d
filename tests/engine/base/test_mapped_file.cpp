// Mapping files: what is there, what is not, and what may not be read.
#include <unistd.h>
#include <QTemporaryDir>
#include <QtTest>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "engine/base/mapped_file.h"

using namespace pellucid;

class TestMappedFile : public QObject {
    Q_OBJECT
    QTemporaryDir dir_;
    std::string path(const char* name) const { return dir_.filePath(name).toStdString(); }

private slots:
    void bytes_are_the_files() {
        const std::string text = "ten bytes.", file = path("a");
        std::ofstream(file) << text;
        const auto mapped = MappedFile::open(file);
        QVERIFY(mapped.ok());
        QCOMPARE((*mapped)->bytes().size(), text.size());
        QVERIFY(std::memcmp((*mapped)->bytes().data(), text.data(), text.size()) == 0);
        QCOMPARE((*mapped)->path(), file);
        std::filesystem::remove(file);  // the mapping holds on
        QCOMPARE(static_cast<char>((*mapped)->bytes()[0]), 't');
    }

    void hints_change_no_bytes() {
        const std::string file = path("big");
        std::ofstream(file) << std::string(100000, 'x');
        const auto mapped = MappedFile::open(file);
        QVERIFY(mapped.ok());
        (*mapped)->will_need(0, 1 << 30);
        (*mapped)->dont_need(10, 90000);
        (*mapped)->dont_need(200000, 5);
        for (const std::byte b : (*mapped)->bytes()) QCOMPARE(static_cast<char>(b), 'x');
        QCOMPARE((*mapped)->resident_bytes(), std::uint64_t{100000});
    }

    void an_empty_file_is_empty() {
        std::ofstream(path("empty")).close();
        const auto mapped = MappedFile::open(path("empty"));
        QVERIFY(mapped.ok());
        QVERIFY((*mapped)->bytes().empty());
        QCOMPARE((*mapped)->resident_bytes(), std::uint64_t{0});
    }

    void refusals_name_the_file_and_a_remedy() {
        const auto missing = MappedFile::open(path("missing"));
        QVERIFY(!missing.ok());
        QVERIFY(missing.error().code == ErrorCode::not_found);
        QVERIFY(missing.error().what.find("missing") != std::string::npos);
        QVERIFY(!missing.error().hint.empty());
        const auto folder = MappedFile::open(dir_.path().toStdString());
        QVERIFY(!folder.ok());
        QVERIFY(folder.error().code == ErrorCode::invalid_argument);
        if (::geteuid() == 0) return;  // root reads everything
        std::ofstream(path("secret")) << "s";
        std::filesystem::permissions(path("secret"), std::filesystem::perms::none);
        const auto secret = MappedFile::open(path("secret"));
        QVERIFY(!secret.ok());
        QVERIFY(secret.error().code == ErrorCode::read_only);
    }
};

QTEST_APPLESS_MAIN(TestMappedFile)
#include "test_mapped_file.moc"
