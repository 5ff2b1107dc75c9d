// What the library keeps of models: origins, files and their digests, presets, adapters, a move under way.
#include "tests/storage/store_fixture.h"

using namespace pellucid::storage;
using namespace pellucid::storage::test;

namespace {

ModelFile file(const std::string& path) {
    ModelFile file;
    file.path = path;
    file.bytes = 5'000'000'000;
    file.modified_ns = 1'700'000'000'123'456'789;
    file.sha256 = std::string(64, 'a');
    file.sha256_published = true;
    file.block_bytes = 4 << 20;
    file.blocks = std::string("\0\xff\x01", 3) + std::string(61, 'x');
    file.url = "https://example.org/a.gguf";
    file.etag = "\"e\"";
    file.state = FileState::whole;
    file.checked_at = 17;
    return file;
}

}  // namespace

class TestLibraryRows : public QObject {
    Q_OBJECT

private slots:
    void where_a_model_came_from_and_how_it_is_kept() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& models = store->models();
        TAKE(const auto id, models.add({.path = "/m/a.gguf", .name = "A"}));
        TAKE(auto row, models.get(id));
        QCOMPARE(row.keep_alive_seconds, -2);
        QVERIFY(row.source.empty() && row.licence_accepted_at == 0 && row.tokens_generated == 0);
        OK(models.set_provenance(id, {"Qwen3 0.6B", "download", "Qwen/Qwen3", "main", "apache-2.0", true}));
        OK(models.add_tokens(id, 5'000'000'000));
        OK(models.add_tokens(id, 7));
        OK(models.set_keep_alive(id, 0));
        OK(models.set_facts(id, "{\"v\":1}", "5:6"));
        TAKE(row, models.get(id));
        QCOMPARE(row.title, std::string("Qwen3 0.6B"));
        QCOMPARE(row.source, std::string("download"));
        QCOMPARE(row.repository, std::string("Qwen/Qwen3"));
        QCOMPARE(row.revision, std::string("main"));
        QCOMPARE(row.licence, std::string("apache-2.0"));
        QVERIFY(row.licence_accepted_at > 0);
        QCOMPARE(row.tokens_generated, std::uint64_t{5'000'000'007});
        QCOMPARE(row.keep_alive_seconds, 0);
        QCOMPARE(row.facts_json, std::string("{\"v\":1}"));
        QCOMPARE(row.facts_stamp, std::string("5:6"));
        // Accepted once is accepted, until the licence is another.
        const Millis accepted = row.licence_accepted_at;
        OK(models.set_provenance(id, {"Q", "download", "Qwen/Qwen3", "v2", "apache-2.0", false}));
        TAKE(row, models.get(id));
        QCOMPARE(row.licence_accepted_at, accepted);
        OK(models.set_provenance(id, {"Q", "download", "Qwen/Qwen3", "v3", "other", false}));
        TAKE(row, models.get(id));
        QCOMPARE(row.licence_accepted_at, Millis{0});
        // A refresh of what the header says leaves all of it.
        TAKE(const auto again, models.add({.path = "/m/a.gguf", .name = "A2"}));
        QCOMPARE(again, id);
        TAKE(row, models.get(id));
        QCOMPARE(row.title, std::string("Q"));
        QCOMPARE(row.tokens_generated, std::uint64_t{5'000'000'007});
        REFUSED(models.set_keep_alive(id, -3), ErrorCode::invalid_argument);
        REFUSED(models.set_keep_alive(99, 5), ErrorCode::not_found);
        REFUSED(models.add_tokens(99, 5), ErrorCode::not_found);
    }

    void files_with_their_digests() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        TAKE(const auto id, store->models().add({.path = "/m/a.gguf"}));
        auto& files = store->model_files();
        OK(files.set(id, {file("/m/a.gguf"), file("/m/b.gguf")}));
        TAKE(auto kept, files.of(id));
        QCOMPARE(kept.size(), std::size_t{2});
        ModelFile expected = file("/m/a.gguf");
        expected.id = kept[0].id;
        expected.model = id;
        QVERIFY(kept[0] == expected);
        TAKE(const auto light, files.of(id, false));
        QVERIFY(light[0].blocks.empty() && light[0].sha256 == expected.sha256);
        // The same path keeps its id; what is not named goes.
        OK(files.set(id, {file("/m/c.gguf"), file("/m/a.gguf")}));
        TAKE(kept, files.of(id));
        QCOMPARE(kept.size(), std::size_t{2});
        QCOMPARE(kept[1].id, expected.id);
        QCOMPARE(kept[1].ordinal, 1);
        kept[1].state = FileState::damaged;
        kept[1].blocks.clear();
        kept[1].path = "/moved/a.gguf";
        OK(files.update(kept[1]));
        TAKE(const auto at, files.at_path("/moved/a.gguf"));
        QCOMPARE(at.size(), std::size_t{1});
        QVERIFY(at[0].state == FileState::damaged);
        TAKE(const auto all, files.all());
        QCOMPARE(all.size(), std::size_t{2});
        REFUSED(files.set(99, {}), ErrorCode::not_found);
        ModelFile unknown = kept[0];
        unknown.id = 999;
        REFUSED(files.update(unknown), ErrorCode::not_found);
        // Files go with their model.
        OK(store->models().remove(id));
        TAKE(const auto none, files.all());
        QVERIFY(none.empty());
    }

    void presets_and_adapters() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        TAKE(const auto id, store->models().add({.path = "/m/a.gguf"}));
        auto& presets = store->model_presets();
        TAKE(const auto writing, presets.save(id, "Writing", "{\"t\":1}"));
        TAKE(const auto code, presets.save(id, "Code", "{}"));
        TAKE(const auto again, presets.save(id, "Writing", "{\"t\":2}"));
        QCOMPARE(again, writing);
        TAKE(auto list, presets.list(id));
        QCOMPARE(list.size(), std::size_t{2});
        QCOMPARE(list[0].name, std::string("Code"));
        QCOMPARE(list[1].settings_json, std::string("{\"t\":2}"));
        REFUSED(presets.rename(code, "Writing"), ErrorCode::invalid_argument);
        REFUSED(presets.rename(code, ""), ErrorCode::invalid_argument);
        OK(presets.rename(code, "Code, strict"));
        REFUSED(presets.rename(999, "x"), ErrorCode::not_found);
        OK(presets.remove(writing));
        REFUSED(presets.remove(writing), ErrorCode::not_found);
        REFUSED(presets.save(99, "x", ""), ErrorCode::not_found);
        const std::vector<ModelAdapter> adapters = {{"/l/b.gguf", 0.5, true}, {"/l/a.gguf", 1, false}};
        OK(presets.set_adapters(id, adapters));
        TAKE(const auto kept, presets.adapters(id));
        QVERIFY(kept == adapters);
        REFUSED(presets.set_adapters(id, {{"/l/a", 1, true}, {"/l/a", 2, true}}),
                ErrorCode::invalid_argument);
        OK(store->models().remove(id));
        TAKE(list, presets.list(id));
        QVERIFY(list.empty());
    }

    void a_move_is_journalled_and_switches_all_paths_at_once() {
        DataFolder folder;
        TAKE(auto store,
             folder.open({{"app.modelsFolder", std::string()}, {"app.lastModel", std::string()}}));
        auto& models = store->models();
        auto& moves = store->library_moves();
        const std::string odd = "/old \"folder\"/ü%_";
        TAKE(const auto inside,
             models.add({.path = odd + "/a.gguf",
                         .settings_json = "{\"draft\":\"/old \\\"folder\\\"/ü%_/b.gguf\"}"}));
        TAKE(const auto beside, models.add({.path = odd + "2/a.gguf"}));
        OK(store->model_files().set(inside, {file(odd + "/a.gguf"), file("/elsewhere/x.gguf")}));
        OK(store->model_presets().set_adapters(inside, {{odd + "/l.gguf", 1, true}}));
        OK(store->settings().set("app.lastModel", odd + "/a.gguf"));
        TAKE(const auto none, moves.current());
        QVERIFY(!none);
        TAKE(const auto id,
             moves.begin(odd, "/new", {{.name = "a.gguf", .bytes = 5}, {.name = "l.gguf", .bytes = 6}}));
        REFUSED(moves.begin(odd, "/other", {}), ErrorCode::busy);
        OK(moves.set_copied(id, 1));
        REFUSED(moves.set_copied(id, 7), ErrorCode::not_found);
        TAKE(auto now, moves.current());
        QVERIFY(now && now->phase == MovePhase::copying && now->files.size() == 2);
        QVERIFY(!now->files[0].copied && now->files[1].copied);
        QCOMPARE(now->files[1].name, std::string("l.gguf"));
        OK(moves.switch_over(id, "app.modelsFolder"));
        TAKE(auto row, models.get(inside));
        QCOMPARE(row.path, std::string("/new/a.gguf"));
        QCOMPARE(row.settings_json, std::string("{\"draft\":\"/new/b.gguf\"}"));
        TAKE(row, models.get(beside));
        QCOMPARE(row.path, odd + "2/a.gguf");
        TAKE(const auto files, store->model_files().of(inside));
        QCOMPARE(files[0].path, std::string("/new/a.gguf"));
        QCOMPARE(files[1].path, std::string("/elsewhere/x.gguf"));
        TAKE(const auto adapters, store->model_presets().adapters(inside));
        QCOMPARE(adapters[0].path, std::string("/new/l.gguf"));
        REFUSED(moves.switch_over(id, "app.modelsFolder"), ErrorCode::not_found);
        store.reset();
        TAKE(store, folder.open({{"app.modelsFolder", std::string()}, {"app.lastModel", std::string()}}));
        QCOMPARE(store->settings().get<std::string>("app.modelsFolder"), std::string("/new"));
        QCOMPARE(store->settings().get<std::string>("app.lastModel"), std::string("/new/a.gguf"));
        TAKE(now, store->library_moves().current());
        QVERIFY(now && now->phase == MovePhase::switched);
        OK(store->library_moves().end(id));
        TAKE(now, store->library_moves().current());
        QVERIFY(!now);
    }

    void two_models_cannot_come_to_lie_at_one_path() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        TAKE(const auto a, store->models().add({.path = "/old/a.gguf"}));
        TAKE(const auto b, store->models().add({.path = "/new/a.gguf"}));
        (void)b;
        TAKE(const auto id, store->library_moves().begin("/old", "/new", {}));
        QVERIFY(!store->library_moves().switch_over(id, "k").ok());
        // Nothing of it happened.
        TAKE(const auto row, store->models().get(a));
        QCOMPARE(row.path, std::string("/old/a.gguf"));
        TAKE(const auto now, store->library_moves().current());
        QVERIFY(now && now->phase == MovePhase::copying);
    }
};

QTEST_APPLESS_MAIN(TestLibraryRows)
#include "test_library_rows.moc"
