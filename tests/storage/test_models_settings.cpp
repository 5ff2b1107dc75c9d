// The model library and the settings.
#include "tests/storage/store_fixture.h"

using namespace pellucid::storage;
using namespace pellucid::storage::test;

namespace {

std::vector<SettingSpec> specs() {
    return {{"ui.language", std::string("system")},
            {"chat.font_size", std::int64_t{14}},
            {"sampling.temperature", 0.8},
            {"ui.dark", false}};
}

}  // namespace

class TestModelsSettings : public QObject {
    Q_OBJECT

private slots:
    void a_model_is_added_once_and_refreshed() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& models = store->models();
        ModelRecord record{.path = "/m/a.gguf",
                           .digest = "abc",
                           .name = "A",
                           .architecture = "llama",
                           .quantization = "Q4_K_M",
                           .file_bytes = 5'000'000'000,
                           .parameters = 8'000'000'000,
                           .trained_context = 131072,
                           .settings_json = "{\"t\":1}"};
        TAKE(const auto id, models.add(record));
        OK(models.set_favourite(id, true));
        OK(models.mark_used(id));
        record.name = "A renamed";
        record.digest.clear();
        record.settings_json.clear();
        TAKE(const auto again, models.add(record));
        QCOMPARE(again, id);
        TAKE(auto got, models.get(id));
        QCOMPARE(got.name, std::string("A renamed"));
        QCOMPARE(got.digest, std::string("abc"));
        QCOMPARE(got.settings_json, std::string("{\"t\":1}"));
        QVERIFY(got.favourite && got.last_used_at > 0);
        QCOMPARE(got.file_bytes, std::uint64_t{5'000'000'000});
        // Another file at the same path: its digest is not known.
        record.file_bytes = 1;
        TAKE(const auto third, models.add(record));
        (void)third;
        TAKE(got, models.get(id));
        QVERIFY(got.digest.empty());
        TAKE(const auto by_path, models.find_by_path("/m/a.gguf"));
        QCOMPARE(by_path->id, id);
        TAKE(const auto nothing, models.find_by_digest(""));
        QVERIFY(!nothing);
        REFUSED(models.get(99), ErrorCode::not_found);
        REFUSED(models.mark_used(99), ErrorCode::not_found);
    }

    void favourites_and_last_used_come_first() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& models = store->models();
        std::vector<ModelId> ids;
        for (const char* path : {"/c", "/b", "/a"}) {
            TAKE(ids.emplace_back(), models.add({.path = path, .name = path}));
        }
        OK(models.mark_used(ids[1]));
        OK(models.set_favourite(ids[0], true));
        TAKE(const auto list, models.list());
        QVERIFY(list[0].id == ids[0] && list[1].id == ids[1] && list[2].id == ids[2]);
        REFUSED(models.set_path(ids[0], "/b"), ErrorCode::invalid_argument);
        OK(models.set_path(ids[0], "/moved"));
    }

    void removing_a_model_keeps_the_conversations() {
        DataFolder folder;
        TAKE(auto store, folder.open(specs()));
        TAKE(const auto model, store->models().add({.path = "/a"}));
        TAKE(const auto id, store->conversations().create({.model_id = model}));
        OK(store->settings().set("sampling.temperature", 0.1, model));
        OK(store->models().remove(model));
        TAKE(const auto row, store->conversations().get(id));
        QCOMPARE(row.model_id, ModelId{0});
        REFUSED(store->conversations().set_model(id, model), ErrorCode::not_found);
        REFUSED(store->models().remove(model), ErrorCode::not_found);
    }

    void a_setting_is_the_models_or_the_global_or_the_default() {
        DataFolder folder;
        TAKE(auto store, folder.open(specs()));
        auto& settings = store->settings();
        QCOMPARE(settings.get<double>("sampling.temperature", 3), 0.8);
        OK(settings.set("sampling.temperature", 0.5));
        QCOMPARE(settings.get<double>("sampling.temperature", 3), 0.5);
        OK(settings.set("sampling.temperature", 0.1 + 0.2, 3));
        QCOMPARE(settings.get<double>("sampling.temperature", 3), 0.1 + 0.2);
        QCOMPARE(settings.get<double>("sampling.temperature"), 0.5);
        QCOMPARE(settings.changed().size(), std::size_t{1});
        QCOMPARE(settings.changed(3).size(), std::size_t{1});
        QVERIFY(settings.changed()[0].default_value == SettingValue(0.8));
        // Set to what it would be anyway: not a change any more.
        OK(settings.set("sampling.temperature", 0.5, 3));
        QVERIFY(!settings.is_changed("sampling.temperature", 3));
        OK(settings.set("sampling.temperature", 0.8));
        QVERIFY(settings.changed().empty());
    }

    void settings_survive_with_their_types() {
        DataFolder folder;
        {
            TAKE(auto store, folder.open(specs()));
            OK(store->settings().set("ui.language", std::string("中文\n\"x\"")));
            OK(store->settings().set("chat.font_size", std::int64_t{-9'000'000'000}));
            OK(store->settings().set("sampling.temperature", 1e-300));
            OK(store->settings().set("ui.dark", true, 7));
        }
        TAKE(auto store, folder.open(specs()));
        auto& settings = store->settings();
        QCOMPARE(settings.get<std::string>("ui.language"), std::string("中文\n\"x\""));
        QCOMPARE(settings.get<std::int64_t>("chat.font_size"), std::int64_t{-9'000'000'000});
        QCOMPARE(settings.get<double>("sampling.temperature"), 1e-300);
        QVERIFY(settings.get<bool>("ui.dark", 7) && !settings.get<bool>("ui.dark"));
        OK(settings.reset_all());
        QVERIFY(settings.changed().empty());
        QVERIFY(settings.get<bool>("ui.dark", 7));
    }

    void a_setting_whose_type_changed_falls_back_to_its_default() {
        DataFolder folder;
        {
            TAKE(auto store, folder.open(specs()));
            OK(store->settings().set("chat.font_size", std::int64_t{20}));
        }
        TAKE(auto store, folder.open({{"chat.font_size", std::string("medium")}}));
        QCOMPARE(store->settings().get<std::string>("chat.font_size"), std::string("medium"));
        QVERIFY(store->settings().changed().empty());
    }

    void unknown_keys_and_wrong_types_are_refused() {
        DataFolder folder;
        TAKE(auto store, folder.open(specs()));
        auto& settings = store->settings();
        REFUSED(settings.value("no.such"), ErrorCode::invalid_argument);
        REFUSED(settings.set("no.such", true), ErrorCode::invalid_argument);
        REFUSED(settings.reset("no.such"), ErrorCode::invalid_argument);
        REFUSED(settings.set("ui.dark", std::int64_t{1}), ErrorCode::invalid_argument);
        auto twice = specs();
        twice.push_back(twice[0]);
        store.reset();
        REFUSED(folder.open(twice), ErrorCode::invalid_argument);
    }

    void the_listener_hears_changes_once() {
        DataFolder folder;
        TAKE(auto store, folder.open(specs()));
        std::vector<std::string> heard;
        store->settings().on_change([&](const std::string& key, ModelId model) {
            heard.push_back(key + "/" + std::to_string(model));
        });
        OK(store->settings().set("ui.dark", true));
        OK(store->settings().reset("ui.dark"));
        OK(store->settings().reset("ui.dark"));
        OK(store->settings().set("ui.dark", true, 2));
        QVERIFY((heard == std::vector<std::string>{"ui.dark/0", "ui.dark/0", "ui.dark/2"}));
    }
};

QTEST_APPLESS_MAIN(TestModelsSettings)
#include "test_models_settings.moc"
