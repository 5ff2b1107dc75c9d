// Settings: typed keys with defaults, kept globally and per model; only what differs from its default is
// stored.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "storage/message.h"

namespace pellucid::storage {

using SettingValue = std::variant<bool, std::int64_t, double, std::string>;

/// A setting that exists: its name ("chat.font_size"), and by its default also its type.
struct SettingSpec {
    std::string key;
    SettingValue default_value;
};

/// Thread safe. Read from memory, written through to the database. invalid_argument: a key not in the list,
/// or a value of another type. A stored value whose type no longer fits its default is left alone and the
/// default is used.
class Settings {
public:
    /// `specs` is the one list of all settings. Reads what is stored.
    static Result<std::unique_ptr<Settings>> load(Database& database, std::vector<SettingSpec> specs);

    /// Value in force: of the model, else the global one, else the default. `model` 0: global.
    Result<SettingValue> value(std::string_view key, ModelId model = 0) const;
    /// The same, with the type named. PRECONDITION: the key is in the list with that type (internal error
    /// otherwise).
    template <typename T>
    T get(std::string_view key, ModelId model = 0) const {
        return std::get<T>(value(key, model).value());
    }
    /// A value equal to what would be in force without it is removed rather than stored.
    Result<void> set(std::string_view key, SettingValue value, ModelId model = 0);
    Result<void> reset(std::string_view key, ModelId model = 0);
    Result<void> reset_all(ModelId model = 0);

    struct Change {
        std::string key;
        SettingValue value, default_value;
        ModelId model = 0;
    };
    /// Everything that was changed from its default in this scope, by key.
    std::vector<Change> changed(ModelId model = 0) const;
    bool is_changed(std::string_view key, ModelId model = 0) const;
    const std::vector<SettingSpec>& specs() const { return specs_; }

    /// Called after a change with its key and scope, from the thread that made it. Set once, before use.
    void on_change(std::function<void(const std::string& key, ModelId model)> listener);

private:
    Settings(Database& database, std::vector<SettingSpec> specs);
    const SettingSpec* find(std::string_view key) const;

    Database& database_;
    std::vector<SettingSpec> specs_;
    std::map<std::pair<ModelId, std::string>, SettingValue> stored_;
    mutable std::mutex mutex_;
    std::function<void(const std::string&, ModelId)> listener_;
};

}  // namespace pellucid::storage
