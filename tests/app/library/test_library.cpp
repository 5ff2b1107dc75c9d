// The library's keeping: entering, checking, repairing, kept once, removed, orphans.
#include <sys/stat.h>

#include <QtTest>

#include "app/library/library.h"
#include "storage/store.h"
#include "tests/app/library/planted.h"

using namespace pellucid;
using namespace pellucid::library;
using namespace pellucid::library::test;

namespace {

#define TAKE(declaration, expression)                                                                     \
    auto QTEST_CAT(result_, __LINE__) = (expression);                                                     \
    QVERIFY2(                                                                                             \
        QTEST_CAT(result_, __LINE__).ok(),                                                                \
        QTEST_CAT(result_, __LINE__).ok() ? "" : QTEST_CAT(result_, __LINE__).error().message().c_str()); \
    declaration = *std::move(QTEST_CAT(result_, __LINE__))
#define QTEST_CAT(a, b) QTEST_CAT_(a, b)
#define QTEST_CAT_(a, b) a##b

constexpr std::uint64_t kBlock = 1024;

struct Bench : Home {
    Bench() {
        fs::create_directories(models());
        storage::DatabaseOptions options;
        options.path = path() / "pellucid.db";
        store = *storage::Store::open(options);
        library = std::make_unique<Library>(store->database(), models());
    }
    fs::path models() const { return path() / "models"; }
    /// A model in the models folder, with all that a download knows of it.
    Result<ModelId> add(const std::string& name, const std::string& bytes, bool blocks = true) {
        write(models() / name, bytes);
        NewModel model;
        model.path = models() / name;
        model.origin = Origin::download;
        NewModel::File file;
        file.path = model.path;
        file.sha256 = sha256_of(bytes);
        file.url = "https://example.org/" + name;
        if (blocks) {
            file.block_bytes = kBlock;
            std::vector<digest::Hash> hashes;
            for (std::size_t at = 0; at < bytes.size(); at += kBlock)
                hashes.push_back(digest::Sha256::of(std::as_bytes(
                    std::span(bytes).subspan(at, std::min<std::size_t>(kBlock, bytes.size() - at)))));
            file.blocks = digest::to_bytes(hashes);
        }
        file.checked = true;
        model.files.push_back(file);
        return library->add(model);
    }
    void damage(const fs::path& file, std::streamoff at) {
        std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
        stream.seekg(at);
        const int byte = stream.get();
        stream.seekp(at);
        stream.put(static_cast<char>(byte ^ 0x40));
    }

    std::unique_ptr<storage::Store> store;
    std::unique_ptr<Library> library;
};

/// Good bytes, counted; or bad ones.
class TestSource final : public BlockSource {
public:
    explicit TestSource(std::string bytes) : bytes_(std::move(bytes)) {}
    bool serves(const WantedFile&) const override { return true; }
    Result<std::vector<std::byte>> read(const WantedFile&, ByteSpan span, const CancelToken&) override {
        asked.push_back(span);
        const auto part = std::as_bytes(std::span(bytes_)).subspan(span.first, span.size);
        return std::vector<std::byte>(part.begin(), part.end());
    }
    std::string name(const WantedFile&) const override { return "test"; }
    std::vector<ByteSpan> asked;

private:
    std::string bytes_;
};

ino_t inode_of(const fs::path& path) {
    struct stat status {};
    stat(path.c_str(), &status);
    return status.st_ino;
}

}  // namespace

class TestLibrary : public QObject {
    Q_OBJECT

private slots:
    void a_model_with_its_parts_is_entered_where_it_lies() {
        Bench bench;
        for (int part = 1; part <= 3; ++part)
            write(bench.path() / ("else/M-0000" + std::to_string(part) + "-of-00003.gguf"),
                  model_bytes(static_cast<unsigned>(part)));
        NewModel model;
        model.path = bench.path() / "else/M-00001-of-00003.gguf";
        model.title = "M";
        model.licence = "mit";
        model.licence_accepted = true;
        TAKE(const auto id, bench.library->add(model));
        TAKE(const auto files, bench.library->files(id));
        QCOMPARE(files.size(), std::size_t{3});
        TAKE(const auto list, bench.library->list());
        QCOMPARE(list.size(), std::size_t{1});
        QCOMPARE(list[0].file_bytes, std::uint64_t{15000});
        QCOMPARE(list[0].source, std::string("file"));
        QVERIFY(list[0].licence_accepted_at > 0);
        TAKE(const auto again, bench.library->add(model));
        QCOMPARE(again, id);
        model.path = bench.path() / "none.gguf";
        QVERIFY(bench.library->add(model).error().code == ErrorCode::not_found);
    }

    void the_first_check_makes_the_digests_the_second_compares() {
        Bench bench;
        const fs::path file = bench.path() / "else/a.gguf";
        write(file, model_bytes(1));
        NewModel model;
        model.path = file;
        TAKE(const auto id, bench.library->add(model));
        TAKE(auto report, bench.library->check(id));
        QVERIFY(report.whole() && report.files[0].first_time);
        QCOMPARE(report.files[0].file.sha256, sha256_of(model_bytes(1)));
        TAKE(report, bench.library->check(id));
        QVERIFY(report.whole() && !report.files[0].first_time);
        TAKE(const auto list, bench.library->list());
        QCOMPARE(list[0].digest, sha256_of(model_bytes(1)));
        // A bit that flips by itself leaves the time as it was; what a person writes does not.
        const auto time = fs::last_write_time(file);
        bench.damage(file, 100);
        fs::last_write_time(file, time);
        TAKE(report, bench.library->check(id));
        QVERIFY(!report.whole());
        QVERIFY(report.files[0].file.state == storage::FileState::damaged);
        QCOMPARE(report.damaged_bytes(), std::uint64_t{5000});  // one block holds all of it
        fs::last_write_time(file, time + std::chrono::hours(1));
        TAKE(report, bench.library->check(id));
        QVERIFY(report.whole() && report.files[0].first_time && !report.files[0].note.empty());
        fs::remove(file);
        TAKE(report, bench.library->check(id));
        QVERIFY(report.files[0].file.state == storage::FileState::missing);
    }

    void only_damaged_blocks_are_asked_for_and_only_good_ones_written() {
        Bench bench;
        const std::string good = model_bytes(1, 10 * kBlock + 77);
        TAKE(const auto id, bench.add("a.gguf", good));
        const fs::path file = bench.models() / "a.gguf";
        bench.damage(file, 3 * kBlock + 5);
        bench.damage(file, 10 * kBlock + 1);
        TAKE(const auto report, bench.library->check(id));
        QVERIFY((report.files[0].damaged_blocks == std::vector<std::size_t>{3, 10}));
        QCOMPARE(report.damaged_bytes(), kBlock + 77);
        TestSource bad(model_bytes(2, good.size())), right(good);
        TAKE(auto repaired, bench.library->repair(id, {&bad}));
        QVERIFY(!repaired.whole && repaired.repaired_blocks == 0);
        TAKE(repaired, bench.library->repair(id, {&bad, &right}));
        QVERIFY(repaired.whole);
        QCOMPARE(repaired.repaired_blocks, std::uint64_t{2});
        QCOMPARE(right.asked.size(), std::size_t{2});
        QVERIFY((right.asked[0] == ByteSpan{3 * kBlock, kBlock}));
        QVERIFY((right.asked[1] == ByteSpan{10 * kBlock, 77}));
        QVERIFY(slurp(file) == good);
        TAKE(repaired, bench.library->repair(id, {}));
        QVERIFY(repaired.whole && repaired.damaged_blocks == 0);
    }

    void a_cut_or_longer_file_is_made_as_long_as_it_was() {
        Bench bench;
        const std::string good = model_bytes(1, 5 * kBlock);
        TAKE(const auto id, bench.add("a.gguf", good));
        const fs::path file = bench.models() / "a.gguf";
        TestSource source(good);
        fs::resize_file(file, 3 * kBlock + 9);
        TAKE(auto repaired, bench.library->repair(id, {&source}));
        QVERIFY(repaired.whole && slurp(file) == good);
        QCOMPARE(repaired.bytes_fetched, 2 * kBlock);
        std::ofstream(file, std::ios::app) << "more";
        TAKE(const auto report, bench.library->check(id));
        QVERIFY(!report.whole());
        QVERIFY(!report.files[0].note.empty());
    }

    void another_copy_on_this_machine_gives_the_blocks() {
        Bench bench;
        const std::string good = model_bytes(1, 5 * kBlock);
        const fs::path theirs = bench.plant_lm_studio("a/b/a.gguf", good);
        TAKE(const auto id, bench.add("a.gguf", good));
        bench.damage(bench.models() / "a.gguf", 0);
        CopySource copies({"/nowhere", (bench.models() / "a.gguf").string(), theirs.string()});
        TAKE(const auto repaired, bench.library->repair(id, {&copies}));
        QVERIFY(repaired.whole && slurp(bench.models() / "a.gguf") == good);
        QVERIFY(slurp(theirs) == good);
    }

    void with_the_whole_digest_alone_one_more_copy_is_compared_and_put_in_its_place() {
        Bench bench;
        const std::string good = model_bytes(1, 5 * kBlock);
        TAKE(const auto id, bench.add("a.gguf", good, false));
        const fs::path file = bench.models() / "a.gguf";
        bench.damage(file, 7);
        const std::string damaged = slurp(file);
        TestSource bad(model_bytes(2, good.size())), right(good);
        TAKE(auto repaired, bench.library->repair(id, {&bad}));
        QVERIFY(!repaired.whole && slurp(file) == damaged);  // nothing lost
        QVERIFY(!fs::exists(file.string() + ".repair"));
        TAKE(repaired, bench.library->repair(id, {&right}));
        QVERIFY(repaired.whole && slurp(file) == good);
        QCOMPARE(repaired.bytes_fetched, std::uint64_t{good.size()});
        QCOMPARE(repaired.repaired_blocks, std::uint64_t{1});
    }

    void what_nobody_has_is_asked_of_the_download_manager() {
        Bench bench;
        const std::string good = model_bytes(1, 5 * kBlock);
        TAKE(const auto id, bench.add("sub/a.gguf", good));
        TAKE(auto report, bench.library->check(id));
        QVERIFY(bench.library->repair_download(report).error().code == ErrorCode::invalid_argument);
        bench.damage(bench.models() / "sub/a.gguf", 1500);
        TAKE(report, bench.library->check(id));
        TAKE(const auto item, bench.library->repair_download(report));
        QVERIFY(item.folder == bench.models() / "sub");
        QCOMPARE(item.files.size(), std::size_t{1});
        QVERIFY(item.files[0].repair && item.files[0].blocks.blocks.size() == 5);
        QCOMPARE(item.files[0].urls.at(0), std::string("https://example.org/sub/a.gguf"));
        QCOMPARE(item.files[0].sha256, sha256_of(good));
    }

    void another_apps_file_is_never_repaired_or_removed() {
        Bench bench;
        const std::string good = model_bytes(1);
        bench.plant_ollama("registry.ollama.ai/library/q/1", good);
        TAKE(const auto found, find_models(bench.surroundings()));
        TAKE(const auto id, bench.library->add(new_model(found.models.at(0))));
        const fs::path blob = found.models[0].path;
        bench.damage(blob, 50);
        const std::string damaged = slurp(blob);
        TestSource source(good);
        TAKE(const auto repaired, bench.library->repair(id, {&source}));
        QVERIFY(!repaired.whole && !repaired.notes.empty() && source.asked.empty());
        TAKE(const auto removal, bench.library->remove(id));
        QVERIFY(!removal.files.at(0).deleted);
        QCOMPARE(removal.files[0].why, std::string("belongs to Ollama"));
        QCOMPARE(removal.freed(), std::uint64_t{0});
        QVERIFY(slurp(blob) == damaged);
        TAKE(const auto list, bench.library->list());
        QVERIFY(list.empty());
    }

    void removal_says_what_comes_free() {
        Bench bench;
        const std::string bytes = model_bytes(1, 9000);
        TAKE(const auto alone, bench.add("alone/a.gguf", bytes));
        TAKE(const auto linked, bench.add("b.gguf", bytes));
        fs::create_hard_link(bench.models() / "b.gguf", bench.path() / "other-name.gguf");
        TAKE(auto removal, bench.library->plan_removal(alone));
        QVERIFY(removal.freed() >= 9000 && removal.files.at(0).deleted);
        TAKE(removal, bench.library->plan_removal(linked));
        QCOMPARE(removal.freed(), std::uint64_t{0});
        QVERIFY(removal.files.at(0).deleted && !removal.files[0].why.empty());
        TAKE(removal, bench.library->remove(alone));
        QVERIFY(!fs::exists(bench.models() / "alone"));
        TAKE(removal, bench.library->remove(linked, false));
        QVERIFY(fs::exists(bench.models() / "b.gguf"));
        QVERIFY(bench.library->plan_removal(alone).error().code == ErrorCode::not_found);
    }

    void a_file_that_two_models_use_stays() {
        Bench bench;
        TAKE(const auto id, bench.add("a.gguf", model_bytes(1)));
        TAKE(const auto other, bench.store->models().add({.path = "/somewhere/else"}));
        storage::ModelFile row;
        row.path = (bench.models() / "a.gguf").string();
        QVERIFY(bench.store->model_files().set(other, {row}).ok());
        TAKE(const auto removal, bench.library->remove(id));
        QVERIFY(!removal.files.at(0).deleted);
        QVERIFY(fs::exists(bench.models() / "a.gguf"));
    }

    void a_link_in_the_models_folder_leads_nobody_to_delete_elsewhere() {
        Bench bench;
        write(bench.path() / "precious/a.gguf", model_bytes(1));
        fs::create_directory_symlink(bench.path() / "precious", bench.models() / "linked");
        NewModel model;
        model.path = bench.models() / "linked/a.gguf";
        TAKE(const auto id, bench.library->add(model));
        TAKE(const auto removal, bench.library->remove(id));
        QVERIFY(!removal.files.at(0).deleted);
        QVERIFY(fs::exists(bench.path() / "precious/a.gguf"));
    }

    void duplicates_of_ollama_lm_studio_and_jan_are_found_and_kept_once() {
        Bench bench;
        const std::string bytes = model_bytes(1, 50'000), other = model_bytes(2, 50'000);
        // As long, beginning and ending alike, and yet another file.
        std::string nearly = bytes;
        nearly.resize(300'000, 'x');
        std::string different = nearly;
        different[150'000] = 'y';
        const fs::path blob = bench.plant_ollama("registry.ollama.ai/library/q/1", bytes);
        const fs::path lm = bench.plant_lm_studio("a/b/q.gguf", bytes);
        const fs::path jan = bench.plant_jan("q", bytes, "model_sha256: " + sha256_of(bytes) + "\n");
        bench.plant_lm_studio("a/b/nearly.gguf", nearly);
        TAKE(const auto id, bench.add("q.gguf", bytes));
        TAKE(const auto second, bench.add("q again.gguf", bytes));
        TAKE(const auto third, bench.add("other.gguf", other));
        TAKE(const auto fourth, bench.add("different.gguf", different));
        write(bench.models() / "put there by hand.gguf", bytes);
        (void)id, (void)second, (void)third, (void)fourth;
        TAKE(const auto found, find_models(bench.surroundings()));
        QCOMPARE(found.models.size(), std::size_t{4});
        TAKE(const auto groups, bench.library->duplicates(found.models));
        QCOMPARE(groups.size(), std::size_t{1});
        QCOMPARE(groups[0].sha256, sha256_of(bytes));
        QCOMPARE(groups[0].files.size(), std::size_t{6});
        for (const Origin origin : {Origin::ollama, Origin::lm_studio, Origin::jan})
            QVERIFY(std::ranges::count(groups[0].files, origin, &DuplicateFile::origin) == 1);
        QVERIFY(groups[0].reclaimable >= 3 * 50'000);
        TAKE(const auto linked, bench.library->link(groups[0]));
        QCOMPARE(linked.size(), std::size_t{3});
        std::uint64_t freed = 0;
        for (const LinkedFile& file : linked) {
            freed += file.freed;
            QVERIFY(slurp(file.path) == bytes);
            QVERIFY(file.kind == LinkKind::reflink || inode_of(file.path) == inode_of(file.to));
        }
        QCOMPARE(freed, groups[0].reclaimable);
        // Their files are untouched, and stay three.
        QVERIFY(inode_of(blob) != inode_of(lm) && inode_of(lm) != inode_of(jan));
        for (const fs::path& path : {blob, lm, jan}) QVERIFY(slurp(path) == bytes);
        TAKE(const auto again, bench.library->duplicates(found.models));
        QCOMPARE(again.size(), std::size_t{1});
        if (linked[0].kind == LinkKind::hard_link) QCOMPARE(again[0].reclaimable, std::uint64_t{0});
        TAKE(const auto report, bench.library->check(id));
        QVERIFY(report.whole());
    }

    void a_file_that_changed_since_is_not_linked() {
        Bench bench;
        const std::string bytes = model_bytes(1, 50'000);
        TAKE(const auto a, bench.add("a.gguf", bytes));
        TAKE(const auto b, bench.add("b.gguf", bytes));
        (void)a, (void)b;
        TAKE(const auto groups, bench.library->duplicates());
        QCOMPARE(groups.size(), std::size_t{1});
        bench.damage(bench.models() / "b.gguf", 30'000);
        const std::string changed = slurp(bench.models() / "b.gguf");
        QVERIFY(bench.library->link(groups[0]).error().code == ErrorCode::corrupt);
        QVERIFY(slurp(bench.models() / "b.gguf") == changed && slurp(bench.models() / "a.gguf") == bytes);
    }

    void nothing_is_linked_across_file_systems() {
        if (!fs::is_directory("/dev/shm")) QSKIP("no second file system");
        Bench bench;
        QTemporaryDir elsewhere("/dev/shm/pellucid-test-XXXXXX");
        struct stat here {
        }, there{};
        stat(bench.path().c_str(), &here);
        stat(elsewhere.path().toStdString().c_str(), &there);
        if (here.st_dev == there.st_dev) QSKIP("no second file system");
        const std::string bytes = model_bytes(1, 50'000);
        TAKE(const auto id, bench.add("a.gguf", bytes));
        (void)id;
        FoundModel other;
        other.origin = Origin::lm_studio;
        other.path = fs::path(elsewhere.path().toStdString()) / "a.gguf";
        write(other.path, bytes);
        other.files = {{other.path, bytes.size(), sha256_of(bytes)}};
        const ino_t before = inode_of(bench.models() / "a.gguf");
        TAKE(const auto groups, bench.library->duplicates({other}));
        QCOMPARE(groups.size(), std::size_t{1});
        QCOMPARE(groups[0].reclaimable, std::uint64_t{0});
        TAKE(const auto linked, bench.library->link(groups[0]));
        QVERIFY(linked.empty());
        QCOMPARE(inode_of(bench.models() / "a.gguf"), before);
    }

    void orphans() {
        Bench bench;
        TAKE(const auto kept, bench.add("a.gguf", model_bytes(1)));
        TAKE(const auto gone, bench.add("sub/gone.gguf", model_bytes(2)));
        (void)kept;
        fs::remove(bench.models() / "sub/gone.gguf");
        write(bench.models() / "by hand.gguf", model_bytes(3));
        write(bench.models() / "left.gguf.part", "half");
        write(bench.models() / "running.gguf.part", "half");
        write(bench.models() / "notes.txt", "left");
        TAKE(const auto orphans, bench.library->orphans({bench.models() / "running.gguf"}));
        QCOMPARE(orphans.models_without_files.size(), std::size_t{1});
        QCOMPARE(orphans.models_without_files[0].model, gone);
        // What a person put there is no waste.
        QCOMPARE(orphans.put_there_by_hand.size(), std::size_t{1});
        QVERIFY(orphans.put_there_by_hand[0].path == bench.models() / "by hand.gguf");
        QCOMPARE(orphans.files_without_models.size(), std::size_t{2});
        QVERIFY(orphans.files_without_models[0].path == bench.models() / "left.gguf.part");
        QVERIFY(orphans.files_without_models[0].partial && !orphans.files_without_models[1].partial);
    }

    void long_work_can_be_stopped_and_changes_nothing() {
        Bench bench;
        TAKE(const auto id, bench.add("a.gguf", model_bytes(1, 5 * kBlock)));
        CancelToken cancel;
        cancel.cancel();
        QVERIFY(bench.library->check(id, {}, cancel).error().code == ErrorCode::cancelled);
        QVERIFY(slurp(bench.models() / "a.gguf") == model_bytes(1, 5 * kBlock));
    }
};

QTEST_APPLESS_MAIN(TestLibrary)
#include "test_library.moc"
