#include "storage/model_presets.h"

#include <algorithm>

#include "storage/connection.h"

namespace pellucid::storage {

namespace {

void require_model(Connection& connection, ModelId model) {
    auto known = connection.query("SELECT count(*) FROM models WHERE id = ?1");
    if (known.bind(model).first() == 0)
        refuse(ErrorCode::not_found, "There is no model " + std::to_string(model),
               "It may have been removed.");
}

void require_change(const Connection& connection) {
    if (connection.changed_rows() == 0)
        refuse(ErrorCode::not_found, "This preset is no longer there.", "It may have been removed.");
}

}  // namespace

ModelPresets::ModelPresets(Database& database) : database_(database) {}

Result<std::vector<ModelPreset>> ModelPresets::list(ModelId model) const {
    return reading(database_, [&](Connection& connection) {
        std::vector<ModelPreset> presets;
        auto query = connection.query(
            "SELECT id, model_id, name, settings_json FROM model_presets WHERE model_id = ?1 ORDER BY name");
        query.bind(model);
        while (query.step())
            presets.push_back({query.integer(0), query.integer(1), query.text(2), query.text(3)});
        return presets;
    });
}

Result<std::int64_t> ModelPresets::save(ModelId model, const std::string& name,
                                        const std::string& settings_json) {
    if (name.empty()) return fail(ErrorCode::invalid_argument, "A preset needs a name", "Give it one.");
    return writing(database_, [&](Connection& connection) -> std::int64_t {
        require_model(connection, model);
        connection
            .query(
                "INSERT INTO model_presets (model_id, name, settings_json) VALUES (?1, ?2, ?3) "
                "ON CONFLICT (model_id, name) DO UPDATE SET settings_json = excluded.settings_json")
            .bind(model, name, settings_json)
            .run();
        auto query = connection.query("SELECT id FROM model_presets WHERE model_id = ?1 AND name = ?2");
        query.bind(model, name);
        return query.first();
    });
}

Result<void> ModelPresets::rename(std::int64_t id, const std::string& name) {
    if (name.empty()) return fail(ErrorCode::invalid_argument, "A preset needs a name", "Give it one.");
    return writing(database_, [&](Connection& connection) {
        {
            auto taken = connection.query(
                "SELECT count(*) FROM model_presets WHERE name = ?2 AND id <> ?1 AND model_id = "
                "(SELECT model_id FROM model_presets WHERE id = ?1)");
            if (taken.bind(id, name).first() > 0)
                refuse(ErrorCode::invalid_argument, "Another preset of this model is called " + name,
                       "Choose another name.");
        }
        connection.query("UPDATE model_presets SET name = ?2 WHERE id = ?1").bind(id, name).run();
        require_change(connection);
    });
}

Result<void> ModelPresets::remove(std::int64_t id) {
    return writing(database_, [&](Connection& connection) {
        connection.query("DELETE FROM model_presets WHERE id = ?1").bind(id).run();
        require_change(connection);
    });
}

Result<std::vector<ModelAdapter>> ModelPresets::adapters(ModelId model) const {
    return reading(database_, [&](Connection& connection) {
        std::vector<ModelAdapter> adapters;
        auto query = connection.query(
            "SELECT path, strength, enabled FROM model_adapters WHERE model_id = ?1 ORDER BY ordinal");
        query.bind(model);
        while (query.step()) adapters.push_back({query.text(0), query.real(1), query.flag(2)});
        return adapters;
    });
}

Result<void> ModelPresets::set_adapters(ModelId model, const std::vector<ModelAdapter>& adapters) {
    for (std::size_t i = 0; i < adapters.size(); ++i)
        for (std::size_t k = 0; k < i; ++k)
            if (adapters[i].path == adapters[k].path)
                return fail(ErrorCode::invalid_argument, adapters[i].path + " is in the list twice",
                            "Name each adapter once.");
    return writing(database_, [&](Connection& connection) {
        require_model(connection, model);
        connection.query("DELETE FROM model_adapters WHERE model_id = ?1").bind(model).run();
        for (std::size_t i = 0; i < adapters.size(); ++i)
            connection
                .query(
                    "INSERT INTO model_adapters (model_id, ordinal, path, strength, enabled) VALUES (?1, ?2, "
                    "?3, ?4, ?5)")
                .bind(model, i, adapters[i].path, adapters[i].strength, adapters[i].enabled)
                .run();
    });
}

}  // namespace pellucid::storage
