// From files to an index that says what lies there: what is read, what is not and why, what changes, what is
// unplugged.
#include <sys/stat.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QtTest>
#include <mutex>

#include "tests/app/documents/shelf.h"

using namespace pellucid;
using namespace pellucid::documents;
using namespace pellucid::documents::test;
namespace fs = std::filesystem;
using Outcome = FileReport::Outcome;

#define TAKE(declaration, expression)                                                                     \
    auto QTEST_CAT(result_, __LINE__) = (expression);                                                     \
    QVERIFY2(                                                                                             \
        QTEST_CAT(result_, __LINE__).ok(),                                                                \
        QTEST_CAT(result_, __LINE__).ok() ? "" : QTEST_CAT(result_, __LINE__).error().message().c_str()); \
    declaration = *std::move(QTEST_CAT(result_, __LINE__))
#define QTEST_CAT(a, b) QTEST_CAT_(a, b)
#define QTEST_CAT_(a, b) a##b
#define OK(expression)                                                              \
    do {                                                                            \
        const auto status = (expression);                                           \
        QVERIFY2(status.ok(), status.ok() ? "" : status.error().message().c_str()); \
    } while (false)

namespace {

class Shelf {
public:
    QTemporaryDir folder;
    PlainReader reader;
    std::shared_ptr<WordSource> words = std::make_shared<WordSource>();
    std::unique_ptr<DocumentLibrary> library;
    storage::CollectionId papers = 0;
    std::mutex mutex;
    std::vector<FileReport> reports;
    DocumentLibrary::Options options = options_of(data());

    fs::path root() const { return folder.path().toStdString(); }
    fs::path data() const { return root() / "data"; }
    fs::path docs() const { return root() / "docs"; }

    ~Shelf() {
        library.reset();
        // Qt leaves names alone that are not UTF-8.
        std::error_code ignored;
        fs::remove_all(root(), ignored);
    }
    void open(bool embedding = true, bool follow = false) {
        library.reset();
        options.listener.report = [this](const FileReport& report) {
            const std::lock_guard lock(mutex);
            reports.push_back(report);
        };
        auto opened = DocumentLibrary::open(options, reader);
        QVERIFY2(opened.ok(), opened.ok() ? "" : opened.error().message().c_str());
        library = *std::move(opened);
        papers = *library->collections().named("Papers");
        if (embedding) OK(library->use(words));
        OK(library->start(follow));
    }
    void idle() { QVERIFY(library->importer().wait_until_idle(std::chrono::seconds(60))); }
    void add(const std::vector<fs::path>& paths, bool again = false) {
        const auto added = library->add(papers, paths, again);
        QVERIFY2(added.ok(), added.ok() ? "" : added.error().message().c_str());
        idle();
    }
    FileReport report_of(const fs::path& path) {
        const std::lock_guard lock(mutex);
        for (auto at = reports.rbegin(); at != reports.rend(); ++at)
            if (at->path == path) return *at;
        return {};
    }
    std::vector<std::string> found(const std::string& query, RetrieveOptions how = {}) {
        std::vector<std::string> names;
        const auto hits = library->retriever().find(query, how);
        if (!hits.ok()) return {hits.error().message()};
        for (const auto& hit : hits->passages)
            names.push_back(fs::path(hit.document.path).filename().string());
        return names;
    }
    storage::DocumentRow row(const fs::path& path) {
        const auto rows = library->documents().at_path(path);
        return rows.ok() && !rows->empty() ? rows->front() : storage::DocumentRow();
    }
};
using Names = std::vector<std::string>;

}  // namespace

class TestImporter : public QObject {
    Q_OBJECT

private slots:
    void files_are_read_once_and_found_by_words_and_meaning() {
        Shelf shelf;
        write(shelf.docs() / "tides.txt",
              "# Tides\n\nThe moon pulls the sea twice a day.\fAnd the sun a little.");
        write(shelf.docs() / "deep" / "bread.md", "Bread needs flour, water and salt.");
        write(shelf.docs() / "program.o", "no document");
        write(shelf.docs() / ".hidden" / "x.txt", "hidden");
        shelf.open();
        shelf.add({shelf.docs()});
        QCOMPARE(shelf.reader.reads.load(), 2);
        const auto report = shelf.report_of(shelf.docs() / "tides.txt");
        QVERIFY(report.outcome == Outcome::indexed && report.pages == 2 && report.passages >= 1);
        TAKE(const auto found, shelf.library->retriever().find("why does the moon pull the sea?"));
        QVERIFY(!found.passages.empty());
        const auto& best = found.passages.front();
        QVERIFY(best.text.find("The moon pulls") != std::string::npos);
        QCOMPARE(best.chunk.page, 0u);
        QVERIFY(best.words && best.words->rank == 1 && best.vectors && best.vectors->rank == 1);
        QVERIFY2(best.why().starts_with("words #1 (") && best.why().find("moon") != std::string::npos &&
                     best.why().find("meaning #1") != std::string::npos,
                 best.why().c_str());
        // Its boxes are those of the page.
        TAKE(const auto page, shelf.library->contents().page(best.content.id, 0));
        QVERIFY(!page.boxes.empty() && page.width > 0);
        // The same again reads nothing.
        shelf.add({shelf.docs()});
        QCOMPARE(shelf.reader.reads.load(), 2);
        shelf.add({shelf.docs() / "tides.txt"}, true);
        QCOMPARE(shelf.reader.reads.load(), 2);  // the same bytes: nothing new to read
        QVERIFY(shelf.report_of(shelf.docs() / "tides.txt").outcome == Outcome::same);
        // After a restart everything is there, vectors too.
        const int embedded = shelf.words->texts_embedded;
        shelf.open();
        shelf.idle();
        QCOMPARE(shelf.words->texts_embedded.load(), embedded);
        QCOMPARE(shelf.found("needs water", {.words = false})[0], std::string("bread.md"));
    }

    void each_file_that_cannot_be_read_has_its_reason() {
        Shelf shelf;
        const auto good = shelf.docs() / "good.txt", bad = shelf.docs() / "bad.pdf",
                   secret = shelf.docs() / "secret.txt", odd = shelf.docs() / "na\xffme.txt",
                   large = shelf.docs() / "large.txt";
        write(good, "words of the good file");
        write(bad, "!damaged");
        write(secret, "words");
        write(odd, "a name in another encoding");
        write(large, std::string(20'000, 'x'));
        fs::create_symlink("circle", shelf.docs() / "circle");
        mkfifo((shelf.docs() / "pipe.txt").c_str(), 0600);
        shelf.options.importer.reading.max_file_bytes = 10'000;
        shelf.open();
        const bool root = geteuid() == 0;  // who may read everything
        if (!root) chmod(secret.c_str(), 0);
        TAKE(const auto added, shelf.library->add(shelf.papers, {shelf.docs(), shelf.docs() / "none.txt",
                                                                 shelf.docs() / "pipe.txt"}));
        QCOMPARE(added.refused.size(), std::size_t{2});
        QVERIFY(added.refused[0].second.code == ErrorCode::not_found);
        QVERIFY(added.refused[1].second.code == ErrorCode::unsupported);
        shelf.idle();
        QVERIFY(shelf.report_of(good).outcome == Outcome::indexed);
        const auto report = shelf.report_of(bad);
        QVERIFY(report.outcome == Outcome::failed && report.error == "nothing of it could be read" &&
                report.hint == "no hope");
        QVERIFY(shelf.row(bad).state == storage::DocumentState::failed);
        QVERIFY(shelf.report_of(odd).outcome == Outcome::indexed);
        QVERIFY(shelf.report_of(large).error.find("is larger than 0 MB") != std::string::npos);
        if (!root) QVERIFY(shelf.report_of(secret).error.starts_with("no permission to read"));
        QCOMPARE(shelf.found("good")[0], std::string("good.txt"));
        // It is tried again when it is another file.
        const int reads = shelf.reader.reads;
        shelf.add({shelf.docs()});
        QCOMPARE(shelf.reader.reads.load(), reads);
        write(bad, "mended: readable now");
        shelf.add({shelf.docs()});
        QVERIFY(shelf.row(bad).state == storage::DocumentState::indexed && shelf.row(bad).error.empty());
    }

    void a_file_that_vanishes_or_changes_while_it_is_read() {
        Shelf shelf;
        const auto a = shelf.docs() / "a.txt", b = shelf.docs() / "b.txt", c = shelf.docs() / "c.txt";
        write(a, "alpha");
        write(b, "beta");
        write(c, "gamma");
        int changes = 0;
        shelf.reader.before = [&](const fs::path& path) {
            if (path == a) fs::remove(a);
            if (path == b && ++changes == 1) write(b, "beta, longer now");
            if (path == c) write(c, std::string(static_cast<std::size_t>(10 + ++changes), 'c'));
        };
        shelf.open();
        shelf.add({shelf.docs()});
        QVERIFY(shelf.report_of(a).outcome == Outcome::failed);
        QVERIFY(shelf.report_of(a).error.ends_with("is no longer there"));
        QVERIFY(shelf.report_of(b).outcome == Outcome::indexed);
        QCOMPARE(shelf.found("longer")[0], std::string("b.txt"));
        QVERIFY(shelf.report_of(c).outcome == Outcome::failed);
        QVERIFY(shelf.report_of(c).error.ends_with("changed each time while it was read"));
    }

    void read_again_by_ocr() {
        Shelf shelf;
        const auto a = shelf.docs() / "a.txt", copy = shelf.docs() / "copy.txt";
        write(a, "alpha one");
        write(copy, "alpha one");
        shelf.open();
        shelf.add({shelf.docs()});
        QCOMPARE(shelf.reader.reads.load(), 1);
        OK(shelf.library->importer().recognise(shelf.row(a).id));
        shelf.idle();
        QCOMPARE(shelf.reader.reads.load(), 2);
        QCOMPARE(shelf.reader.recognised.load(), 1);
        // What it says now all files of these bytes say, and it is not read again for being looked at.
        QCOMPARE(shelf.row(a).content, shelf.row(copy).content);
        QVERIFY(shelf.row(a).state == storage::DocumentState::indexed);
        shelf.add({shelf.docs()}, true);
        QCOMPARE(shelf.reader.reads.load(), 2);
        QCOMPARE(shelf.found("alpha", {.vectors = false}).size(), std::size_t{1});
        QVERIFY(!shelf.library->importer().recognise(987654).ok());
    }

    void what_changes_what_is_renamed_what_goes() {
        Shelf shelf;
        const auto a = shelf.docs() / "a.txt", b = shelf.docs() / "b.txt";
        write(a, "alpha one");
        write(b, "beta two");
        write(shelf.docs() / "copy.txt", "beta two");
        shelf.open();
        shelf.add({shelf.docs()});
        QCOMPARE(shelf.reader.reads.load(), 2);  // the copy is the same content
        const auto id = shelf.row(b).id;
        // Renamed: neither read nor embedded again.
        const int embedded = shelf.words->texts_embedded;
        fs::rename(b, shelf.docs() / "new name.txt");
        TAKE(const auto folders, shelf.library->collections().folders());
        TAKE(const auto scan, scan_folder(shelf.library->database(), folders[0]));
        QCOMPARE(scan.renamed, 1);
        QCOMPARE(scan.removed, 0);
        QCOMPARE(shelf.row(shelf.docs() / "new name.txt").id, id);
        QCOMPARE(shelf.reader.reads.load(), 2);
        // Changed, and one taken away.
        write(a, "alpha three");
        fs::remove(shelf.docs() / "copy.txt");
        shelf.add({shelf.docs()});
        QCOMPARE(shelf.found("three", {.vectors = false}), Names{"a.txt"});
        QVERIFY(shelf.found("one", {.vectors = false}).empty());
        QCOMPARE(shelf.found("beta", {.vectors = false}), Names{"new name.txt"});
        fs::remove(shelf.docs() / "new name.txt");
        shelf.add({shelf.docs()});
        QVERIFY(shelf.found("beta", {.vectors = false}).empty());
        QTRY_COMPARE(shelf.library->embeddings().active()->vectors->size(), std::size_t{1});
        QCOMPARE(shelf.words->texts_embedded.load(), embedded + 1);
        // Out of the library; the file stays.
        TAKE(const auto gone, shelf.library->remove(0, shelf.docs()));
        QCOMPARE(gone, 1);
        shelf.idle();
        QVERIFY(shelf.found("three").empty());
        QVERIFY(fs::exists(a));
        QVERIFY(!shelf.library->remove(0, shelf.docs()).ok());
    }

    void an_unmounted_disk_deletes_nothing() {
        Shelf shelf;
        write(shelf.docs() / "a.txt", "alpha");
        write(shelf.docs() / "b.txt", "beta");
        shelf.open();
        shelf.add({shelf.docs()});
        ScanOptions scan_options;
        std::string filesystem = filesystem_of(shelf.docs());
        QVERIFY(!filesystem.empty());
        QCOMPARE(filesystem_of(shelf.docs()), filesystem);
        scan_options.filesystem = [&](const fs::path&) { return filesystem; };
        const auto scan = [&] {
            const auto folders = shelf.library->collections().folders();
            return *scan_folder(shelf.library->database(), folders->front(), scan_options);
        };
        const auto all_there = [&](bool away) {
            TAKE(const auto rows, shelf.library->documents().list());
            QCOMPARE(rows.size(), std::size_t{2});
            for (const auto& row : rows) QCOMPARE(row.away, away);
            QCOMPARE(shelf.found("alpha", {.vectors = false}), Names{"a.txt"});
        };
        // The folder itself is gone with its disk.
        fs::rename(shelf.docs(), shelf.root() / "elsewhere");
        QVERIFY(scan().folder_away);
        all_there(true);
        shelf.idle();
        // An empty mount point of another file system.
        fs::create_directories(shelf.docs());
        filesystem = "another";
        QVERIFY(scan().folder_away);
        all_there(true);
        // Back again: nothing is read again.
        const int reads = shelf.reader.reads;
        fs::remove(shelf.docs());
        fs::rename(shelf.root() / "elsewhere", shelf.docs());
        filesystem = filesystem_of(shelf.docs());
        QCOMPARE(scan().waiting, 0);
        all_there(false);
        QCOMPARE(shelf.reader.reads.load(), reads);
        // The same file system, and the files are not there: they were deleted.
        fs::remove(shelf.docs() / "a.txt");
        fs::remove(shelf.docs() / "b.txt");
        QCOMPARE(scan().removed, 2);
    }

    void a_disk_mounted_below_the_folder() {
        Shelf shelf;
        write(shelf.docs() / "a.txt", "alpha");
        shelf.open();
        shelf.add({shelf.docs()});
        TAKE(const auto folders, shelf.library->collections().folders());
        // As it was entered while a disk was mounted at docs/usb.
        const std::string there = (shelf.docs() / "usb" / "u.txt").string();
        TAKE(const auto waiting,
             shelf.library->documents().see(shelf.papers, folders[0].id, {{there, {5, 6, 7}, true}}));
        QCOMPARE(waiting, 1);
        TAKE(const auto scan, scan_folder(shelf.library->database(), folders[0]));
        QVERIFY(scan.away == 1 && scan.removed == 0);
        QVERIFY(shelf.row(there).away);
    }

    void a_folder_that_cannot_be_listed_keeps_its_documents() {
        if (geteuid() == 0) QSKIP("root may list everything");
        Shelf shelf;
        write(shelf.docs() / "in" / "a.txt", "alpha");
        write(shelf.docs() / "b.txt", "beta");
        shelf.open();
        shelf.add({shelf.docs()});
        chmod((shelf.docs() / "in").c_str(), 0);
        TAKE(const auto added, shelf.library->add(shelf.papers, {shelf.docs()}));
        chmod((shelf.docs() / "in").c_str(), 0700);
        QCOMPARE(added.refused.size(), std::size_t{1});
        QVERIFY(shelf.row(shelf.docs() / "in" / "a.txt").away);
    }

    void without_a_model_words_find_and_vectors_come_with_it() {
        Shelf shelf;
        write(shelf.docs() / "a.txt", "alpha beta gamma");
        shelf.open(false);
        shelf.add({shelf.docs()});
        QVERIFY(shelf.library->importer().progress().note.starts_with("no embedding model"));
        TAKE(const auto found, shelf.library->retriever().find("alpha"));
        QCOMPARE(found.passages.size(), std::size_t{1});
        QVERIFY(found.note.find("words alone") != std::string::npos && !found.passages[0].vectors);
        OK(shelf.library->use(shelf.words));
        shelf.idle();
        QCOMPARE(shelf.found("alpha", {.words = false}), Names{"a.txt"});
        QVERIFY(shelf.library->importer().progress().note.empty());
        // A model of another dimension: everything is embedded anew, and words find meanwhile.
        auto other = std::make_shared<WordSource>(16, "other");
        OK(shelf.library->use(other));
        shelf.idle();
        QVERIFY(other->texts_embedded >= 1);
        QCOMPARE(shelf.library->embeddings().active()->vectors->dimensions(), 16);
        QCOMPARE(shelf.found("alpha", {.words = false}), Names{"a.txt"});
        // The same model with other dimensions is no such model.
        QVERIFY(!shelf.library->use(std::make_shared<WordSource>(8, "other")).ok());
    }

    void a_model_that_fails_is_said_and_tried_again_later() {
        Shelf shelf;
        write(shelf.docs() / "a.txt", "alpha");
        bool broken = true;
        shelf.words->before = [&]() -> Result<void> {
            if (broken) return fail(ErrorCode::out_of_memory, "no memory for the model");
            return {};
        };
        shelf.open();
        shelf.add({shelf.docs()});
        QVERIFY(shelf.library->importer().progress().note.starts_with("no memory"));
        broken = false;
        shelf.library->importer().wake();
        shelf.idle();
        QCOMPARE(shelf.found("alpha", {.words = false}), Names{"a.txt"});
    }

    void paused_stopped_and_gone_on() {
        Shelf shelf;
        for (int i = 0; i < 30; ++i)
            write(shelf.docs() / ("f" + std::to_string(i) + ".txt"), "text number" + std::to_string(i));
        // The reader stands still at a file, so that the importer is in the middle of its work for certain.
        std::atomic<int> begun{0}, gate{4};
        shelf.reader.before = [&](const fs::path&) {
            const int number = ++begun;
            while (number >= gate) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        };
        shelf.open();
        TAKE(const auto added, shelf.library->add(shelf.papers, {shelf.docs()}));
        QCOMPARE(added.waiting, 30);
        QTRY_VERIFY(begun >= 4);
        shelf.library->importer().pause();
        gate = 10;
        QTRY_VERIFY(shelf.library->importer().progress().phase == ImportProgress::Phase::paused);
        QCOMPARE(begun.load(), 4);
        TAKE(const auto paused, shelf.library->documents().counts());
        QVERIFY(paused.waiting == 27 && paused.indexed == 3 && paused.failed == 0);
        shelf.library->importer().resume();
        QTRY_VERIFY(begun >= 10);
        gate = 1000;
        shelf.open();  // closed in the middle of it
        shelf.idle();
        TAKE(const auto counts, shelf.library->documents().counts());
        QVERIFY(counts.waiting == 0 && counts.indexed == 30 && counts.failed == 0);
        for (int i = 0; i < 30; i += 7)
            QCOMPARE(shelf.found("number" + std::to_string(i), {.vectors = false}),
                     Names{"f" + std::to_string(i) + ".txt"});
    }

    void a_reading_that_never_ends_is_given_up() {
        Shelf shelf;
        const auto a = shelf.docs() / "a.txt";
        write(a, "alpha");
        shelf.open();
        shelf.library->importer().pause();
        TAKE(const auto added, shelf.library->add(shelf.papers, {a}));
        QCOMPARE(added.waiting, 1);
        for (int i = 0; i < 3; ++i) (void)shelf.library->documents().begin(shelf.row(a).id);  // and killed
        shelf.library->importer().resume();
        shelf.idle();
        QVERIFY(shelf.row(a).state == storage::DocumentState::failed);
        QVERIFY(shelf.row(a).error.find("3 times and never ended") != std::string::npos);
        shelf.add({a}, true);
        QVERIFY(shelf.row(a).state == storage::DocumentState::indexed);
    }

    void progress_tells_what_is_left() {
        Shelf shelf;
        for (int i = 0; i < 12; ++i)
            write(shelf.docs() / (std::to_string(i) + ".txt"), "text " + std::to_string(i));
        std::mutex mutex;
        std::vector<ImportProgress> seen;
        shelf.options.listener.progress = [&](const ImportProgress& progress) {
            const std::lock_guard lock(mutex);
            seen.push_back(progress);
        };
        shelf.open();
        shelf.add({shelf.docs()});
        const std::lock_guard lock(mutex);
        bool reading = false, embedding = false, left = false;
        for (const auto& progress : seen) {
            reading = reading || (progress.phase == ImportProgress::Phase::reading && progress.waiting > 0);
            embedding = embedding || progress.phase == ImportProgress::Phase::embedding;
            left = left || (progress.seconds_left && *progress.seconds_left >= 0);
        }
        QVERIFY(reading && embedding && left);
        QVERIFY(seen.back().phase == ImportProgress::Phase::idle && seen.back().unembedded == 0);
    }

    void followed_folders() {
        Shelf shelf;
        write(shelf.docs() / "a.txt", "alpha");
        shelf.open(true, true);
        shelf.add({shelf.docs()});
        const auto holds = [&](const std::string& query) { return shelf.found(query, {.vectors = false}); };
        write(shelf.docs() / "b.txt", "beta");
        QTRY_COMPARE_WITH_TIMEOUT(holds("beta"), Names{"b.txt"}, 20000);
        // In a folder that is made now.
        write(shelf.docs() / "new" / "deeper" / "c.txt", "gamma");
        QTRY_COMPARE_WITH_TIMEOUT(holds("gamma"), Names{"c.txt"}, 20000);
        write(shelf.docs() / "new" / "deeper" / "c.txt", "delta");
        QTRY_COMPARE_WITH_TIMEOUT(holds("delta"), Names{"c.txt"}, 20000);
        // A whole folder under another name: not read again.
        const int reads = shelf.reader.reads;
        fs::rename(shelf.docs() / "new", shelf.docs() / "old");
        QTRY_VERIFY_WITH_TIMEOUT(shelf.row(shelf.docs() / "old" / "deeper" / "c.txt").id != 0, 20000);
        QCOMPARE(shelf.reader.reads.load(), reads);
        write(shelf.docs() / "old" / "deeper" / "d.txt", "epsilon");
        QTRY_COMPARE_WITH_TIMEOUT(holds("epsilon"), Names{"d.txt"}, 20000);
        fs::remove(shelf.docs() / "b.txt");
        QTRY_VERIFY_WITH_TIMEOUT(holds("beta").empty(), 20000);
        // And what happened while nobody looked.
        shelf.library.reset();
        write(shelf.docs() / "e.txt", "zeta");
        shelf.open(true, true);
        QTRY_COMPARE_WITH_TIMEOUT(holds("zeta"), Names{"e.txt"}, 20000);
    }

    void filters_and_many_of_one_document() {
        Shelf shelf;
        std::string many;
        for (int i = 0; i < 12; ++i) {
            many += "# Section " + std::to_string(i) + "\n\n";
            for (int k = 0; k < 60; ++k) many += "tide word" + std::to_string(i * 60 + k) + " ";
            many += "\n\n";
        }
        write(shelf.docs() / "long.txt", many);
        write(shelf.docs() / "in" / "one.md", "tide");
        write(shelf.docs() / "in" / "two.txt", "tide and time");
        write(shelf.docs() / "in" / "three.txt", "TIDE  and\ntime");
        shelf.options.importer.chunks = {64, 96, true};
        shelf.open();
        shelf.add({shelf.docs()});
        const auto names = shelf.found("tide", {.limit = 20, .vectors = false});
        QVERIFY(names.size() > 6);
        QCOMPARE(std::count(names.begin(), names.begin() + 5, std::string("long.txt")) <= 4, true);
        QVERIFY(std::count(names.begin(), names.end(), std::string("long.txt")) > 4);
        // Equal texts are one.
        QCOMPARE(std::count_if(names.begin(), names.end(),
                               [](const auto& name) { return name == "two.txt" || name == "three.txt"; }),
                 1);
        RetrieveOptions how;
        how.filter.folders = {(shelf.docs() / "in").string()};
        for (const bool vectors : {false, true}) {
            how.vectors = vectors;
            QCOMPARE(shelf.found("tide", how).size(), std::size_t{2});
        }
        how.filter.types = {"md"};
        QCOMPARE(shelf.found("tide", how), Names{"one.md"});
        how.filter = {};
        how.filter.documents = {shelf.row(shelf.docs() / "in" / "two.txt").id};
        QCOMPARE(shelf.found("tide", how), Names{"two.txt"});
        how.filter = {};
        how.filter.modified_from_ns = INT64_MAX;
        QVERIFY(shelf.found("tide", how).empty());
        how.filter = {};
        how.filter.collections = {shelf.papers + 1};
        QVERIFY(shelf.found("tide", how).empty());
    }

    void a_reranker_has_the_last_word() {
        struct Longest : Reranker {
            std::string name() const override { return "longest"; }
            Result<std::vector<float>> score(const std::string&, std::span<const std::string> passages,
                                             CancelToken) override {
                std::vector<float> scores;
                for (const auto& passage : passages) scores.push_back(static_cast<float>(passage.size()));
                return scores;
            }
        } reranker;
        Shelf shelf;
        write(shelf.docs() / "short.txt", "tide");
        write(shelf.docs() / "long.txt", "the tide and a lot of other words that mean nothing here at all");
        shelf.open();
        shelf.add({shelf.docs()});
        QCOMPARE(shelf.found("tide")[0], std::string("short.txt"));
        RetrieveOptions how;
        how.reranker = &reranker;
        how.limit = 1;
        TAKE(const auto found, shelf.library->retriever().find("tide", how));
        QCOMPARE(found.passages.size(), std::size_t{1});
        QVERIFY(found.passages[0].document.path.ends_with("long.txt") && found.passages[0].rerank->rank == 1);
    }

    void notices_come_back() {
        const std::vector<reading::Notice> notices = {
            {reading::NoticeCode::no_text_layer, "no text layer on pages 3-9", {2, 3, 8}}, {}};
        QVERIFY(notices_of_json(notices_to_json(notices)) == notices);
        for (const char* odd : {"", "{", "[1]", "[{\"code\":99}]", "[{\"code\":\"x\"}]", "{}"})
            QVERIFY(notices_of_json(odd).empty());
    }
};

QTEST_APPLESS_MAIN(TestImporter)
#include "test_importer.moc"
