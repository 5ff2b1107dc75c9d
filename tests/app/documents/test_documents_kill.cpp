// Killed at random moments of indexing: the index is whole each time, and the next start goes on where it
// was.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QtTest>
#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "storage/connection.h"
#include "tests/app/documents/shelf.h"

using namespace pellucid;
using namespace pellucid::documents;
using namespace pellucid::documents::test;
namespace fs = std::filesystem;

namespace {

class Child {
public:
    Child(const fs::path& data, const fs::path& docs, int seed) {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0) return;
        const std::string number = std::to_string(seed);
        process_ = fork();
        if (process_ == 0) {
            dup2(ends[1], STDOUT_FILENO);
            execl(PELLUCID_KILL_CHILD, PELLUCID_KILL_CHILD, data.c_str(), docs.c_str(), number.c_str(),
                  nullptr);
            _exit(127);
        }
        close(ends[1]);
        out_ = ends[0];
    }
    ~Child() {
        if (process_ > 0) kill_now();
        close(out_);
    }
    /// Until it says that it begins.
    bool begun() const {
        pollfd file{out_, POLLIN, 0};
        char c = 0;
        return poll(&file, 1, 60'000) == 1 && read(out_, &c, 1) == 1 && c == 'R';
    }
    void kill_now() {
        kill(process_, SIGKILL);
        int status = 0;
        waitpid(process_, &status, 0);
        died_of_kill = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
        process_ = -1;
    }
    bool died_of_kill = false;

private:
    pid_t process_ = -1;
    int out_ = -1;
};

std::int64_t number(storage::Database& database, const char* sql) {
    auto lease = database.read();
    return (*lease).query(sql).first();
}

/// Whatever was committed is whole: nothing half there, every passage found by its words.
QString breach(DocumentLibrary& library) {
    auto& database = library.database();
    if (const auto whole = database.check_integrity(); !whole.ok())
        return QString::fromStdString(whole.error().message());
    for (const char* sql :
         {"SELECT count(*) FROM contents c WHERE (SELECT count(*) FROM chunks k WHERE k.content_id = c.id) "
          "<> c.chunks",
          "SELECT count(*) FROM contents c WHERE (SELECT count(*) FROM content_pages p WHERE p.content_id = "
          "c.id) <> "
          "c.pages",
          "SELECT count(*) FROM contents c WHERE (SELECT ifnull(sum(bytes), 0) FROM content_texts t WHERE "
          "t.content_id = c.id) <> c.text_bytes",
          "SELECT count(*) FROM documents WHERE state = 1 AND content_id IS NULL",
          "SELECT count(*) FROM chunk_vectors v WHERE NOT EXISTS (SELECT 1 FROM chunks k WHERE k.id = "
          "v.chunk_id)",
          "SELECT abs((SELECT count(*) FROM chunks) - (SELECT count(*) FROM chunk_index_docsize))"})
        if (const auto wrong = number(database, sql); wrong != 0)
            return QString("%1: %2").arg(sql).arg(wrong);
    // The index over words agrees with itself and with the texts.
    {
        auto lease = database.write();
        try {
            (*lease).exec("INSERT INTO chunk_index (chunk_index) VALUES ('integrity-check')");
        } catch (const std::exception& wrong) {
            return QString("the word index: ") + wrong.what();
        }
    }
    return {};
}

std::string slurp(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
}

}  // namespace

class TestDocumentsKill : public QObject {
    Q_OBJECT

private slots:
    void killed_at_random_moments() {
        const int kills =
            qEnvironmentVariableIsSet("PELLUCID_KILLS") ? qEnvironmentVariableIntValue("PELLUCID_KILLS") : 12;
        QTemporaryDir folder;
        const fs::path root = folder.path().toStdString();
        const fs::path data = root / "data", docs = root / "docs";
        std::mt19937 random(20);
        int waiting = 0, unembedded = 0, unclean = 0;
        for (int i = 0; i < 40; ++i) {
            std::string text;
            for (int p = 0; p < 60; ++p)
                text += "Planted" + std::to_string(i) + " paragraph " + std::to_string(p) + ".\n\n";
            write(docs / ("f" + std::to_string(i) + ".txt"), text);
        }
        for (int round = 0; round < kills; ++round) {
            {
                Child child(data, docs, round);
                QVERIFY2(child.begun(), "the child does not begin");
                // From the first moments to well into the work.
                usleep(static_cast<useconds_t>(random() % (round % 3 == 0 ? 20'000 : 250'000)));
                child.kill_now();
                QVERIFY(child.died_of_kill);
            }
            PlainReader reader;
            auto opened = DocumentLibrary::open(options_of(data), reader);
            QVERIFY2(opened.ok(), opened.ok() ? "" : opened.error().message().c_str());
            unclean += (*opened)->database().recovered_from_unclean_stop();
            const QString wrong = breach(**opened);
            QVERIFY2(wrong.isEmpty(), qPrintable(QString("after kill %1: ").arg(round) + wrong));
            waiting += number((*opened)->database(), "SELECT count(*) FROM documents WHERE state = 0") > 0;
            unembedded +=
                number((*opened)->database(),
                       "SELECT (SELECT count(*) FROM chunks) > (SELECT count(*) FROM chunk_vectors)") > 0;
        }
        QCOMPARE(unclean, kills);
        qInfo("%d kills: %d with documents unread, %d with passages not embedded", kills, waiting,
              unembedded);
        QVERIFY2(waiting + unembedded > 0, "no kill met any work");

        // It goes on to the end, and then says what lies there: no file twice, none missing, each as it is
        // now.
        PlainReader reader;
        auto opened = DocumentLibrary::open(options_of(data), reader);
        QVERIFY(opened.ok());
        auto& library = **opened;
        QVERIFY(library.use(std::make_shared<WordSource>()).ok());
        QVERIFY(library.start(true).ok());
        library.importer().wake();
        QVERIFY(library.importer().wait_until_idle(std::chrono::seconds(60)));
        const QString wrong = breach(library);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
        std::map<std::string, std::string> expected;
        for (const auto& entry : fs::directory_iterator(docs)) expected[entry.path()] = slurp(entry.path());
        const auto rows = library.documents().list();
        QVERIFY(rows.ok());
        QCOMPARE(rows->size(), expected.size());
        for (const auto& row : *rows) {
            QVERIFY2(row.state == storage::DocumentState::indexed, (row.path + ": " + row.error).c_str());
            const auto facts = library.contents().facts(row.content);
            QVERIFY(facts.ok());
            const auto text = library.contents().text(row.content, {0, facts->text_bytes});
            const auto read = reader.read(row.path, {}, {});
            QVERIFY(text.ok() && read.ok());
            QVERIFY2(*text == read->text, row.path.c_str());
        }
        QCOMPARE(number(library.database(),
                        "SELECT count(*) FROM contents c WHERE NOT EXISTS (SELECT 1 FROM "
                        "documents d WHERE d.content_id = c.id)"),
                 0);
        QCOMPARE(number(library.database(), "SELECT count(*) FROM chunks"),
                 number(library.database(), "SELECT count(*) FROM chunk_vectors"));
        QCOMPARE(std::int64_t(library.embeddings().active()->vectors->size()),
                 number(library.database(), "SELECT count(*) FROM chunks"));
    }
};

QTEST_APPLESS_MAIN(TestDocumentsKill)
#include "test_documents_kill.moc"
