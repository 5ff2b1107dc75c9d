#include "storage/settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "storage/connection.h"

namespace pellucid::storage {
namespace {

std::string to_text(const SettingValue& value) {
    struct Writer {
        std::string operator()(bool v) const { return v ? "true" : "false"; }
        std::string operator()(std::int64_t v) const { return std::to_string(v); }
        std::string operator()(double v) const {
            std::array<char, 40> buffer{};  // the shortest text that reads back the same
            return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), v).ptr};
        }
        std::string operator()(const std::string& v) const { return v; }
    };
    return std::visit(Writer{}, value);
}

template <typename T>
std::optional<SettingValue> number_from(const std::string& text) {
    T value{};
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (wrong != std::errc() || end != text.data() + text.size()) return {};
    return value;
}

/// nullopt: not a value of that type.
std::optional<SettingValue> from_text(int type, const std::string& text) {
    switch (type) {
        case 0:
            if (text == "true") return true;
            if (text == "false") return false;
            return {};
        case 1:
            return number_from<std::int64_t>(text);
        case 2:
            return number_from<double>(text);
        case 3:
            return text;
        default:
            return {};
    }
}

}  // namespace

Settings::Settings(Database& database, std::vector<SettingSpec> specs)
    : database_(database), specs_(std::move(specs)) {
    std::sort(specs_.begin(), specs_.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
}

Result<std::unique_ptr<Settings>> Settings::load(Database& database, std::vector<SettingSpec> specs) {
    std::unique_ptr<Settings> settings(new Settings(database, std::move(specs)));
    for (std::size_t i = 1; i < settings->specs_.size(); ++i)
        if (settings->specs_[i].key == settings->specs_[i - 1].key)
            return fail(ErrorCode::invalid_argument,
                        "the setting " + settings->specs_[i].key + " is declared twice");
    STORAGE_CHECK(reading(database, [&](Connection& connection) {
        auto query = connection.query("SELECT model_id, key, type, value FROM settings");
        while (query.step()) {
            const auto* spec = settings->find(query.text(1));
            if (spec == nullptr || static_cast<int>(spec->default_value.index()) != query.small(2)) continue;
            if (auto value = from_text(query.small(2), query.text(3)))
                settings->stored_[{query.integer(0), query.text(1)}] = *std::move(value);
        }
    }));
    return settings;
}

void Settings::on_change(std::function<void(const std::string&, ModelId)> listener) {
    listener_ = std::move(listener);
}

const SettingSpec* Settings::find(std::string_view key) const {
    const auto at =
        std::lower_bound(specs_.begin(), specs_.end(), key,
                         [](const SettingSpec& spec, std::string_view wanted) { return spec.key < wanted; });
    return at != specs_.end() && at->key == key ? &*at : nullptr;
}

Result<SettingValue> Settings::value(std::string_view key, ModelId model) const {
    const auto* spec = find(key);
    if (spec == nullptr)
        return fail(ErrorCode::invalid_argument, "There is no setting \"" + std::string(key) + "\"");
    std::lock_guard guard(mutex_);
    for (const ModelId scope : {model, ModelId{0}})
        if (const auto at = stored_.find({scope, spec->key}); at != stored_.end()) return at->second;
    return spec->default_value;
}

Result<void> Settings::set(std::string_view key, SettingValue value, ModelId model) {
    const auto* spec = find(key);
    if (spec == nullptr)
        return fail(ErrorCode::invalid_argument, "There is no setting \"" + std::string(key) + "\"");
    if (spec->default_value.index() != value.index())
        return fail(ErrorCode::invalid_argument,
                    "The setting \"" + std::string(key) + "\" does not take a value of this type");
    SettingValue without = spec->default_value;
    {
        std::lock_guard guard(mutex_);
        if (const auto at = stored_.find({0, spec->key}); model != 0 && at != stored_.end())
            without = at->second;
    }
    if (value == without) return reset(key, model);
    STORAGE_CHECK(writing(database_, [&](Connection& connection) {
        connection
            .query(
                "INSERT INTO settings (model_id, key, type, value) VALUES (?1, ?2, ?3, ?4) "
                "ON CONFLICT (model_id, key) DO UPDATE SET type = excluded.type, value = excluded.value")
            .bind(model, spec->key, value.index(), to_text(value))
            .run();
    }));
    {
        std::lock_guard guard(mutex_);
        stored_[{model, spec->key}] = std::move(value);
    }
    if (listener_) listener_(spec->key, model);
    return {};
}

Result<void> Settings::reset(std::string_view key, ModelId model) {
    const auto* spec = find(key);
    if (spec == nullptr)
        return fail(ErrorCode::invalid_argument, "There is no setting \"" + std::string(key) + "\"");
    STORAGE_CHECK(writing(database_, [&](Connection& connection) {
        connection.query("DELETE FROM settings WHERE model_id = ?1 AND key = ?2")
            .bind(model, spec->key)
            .run();
    }));
    bool was_there = false;
    {
        std::lock_guard guard(mutex_);
        was_there = stored_.erase({model, spec->key}) > 0;
    }
    if (was_there && listener_) listener_(spec->key, model);
    return {};
}

Result<void> Settings::reset_all(ModelId model) {
    for (const auto& change : changed(model)) STORAGE_CHECK(reset(change.key, model));
    return {};
}

std::vector<Settings::Change> Settings::changed(ModelId model) const {
    std::lock_guard guard(mutex_);
    std::vector<Change> changes;
    for (const auto& [scope_and_key, value] : stored_)
        if (scope_and_key.first == model)
            changes.push_back(
                {scope_and_key.second, value, find(scope_and_key.second)->default_value, model});
    return changes;
}

bool Settings::is_changed(std::string_view key, ModelId model) const {
    std::lock_guard guard(mutex_);
    return stored_.contains({model, std::string(key)});
}

}  // namespace pellucid::storage
