// The data folder opened, or why not; what the app works on in either case.
#pragma once

#include <QString>
#include <memory>
#include <optional>

#include "app/models/model_library.h"
#include "app/settings/setting_values.h"
#include "app/store/chat_store.h"
#include "engine/base/error.h"
#include "storage/store.h"

namespace pellucid::app {

class StoredData {
public:
    /// Never fails: without a database everything is kept in memory, and problem() says so.
    explicit StoredData(const QString& dataFolder);
    ~StoredData();

    ChatStore& chats() { return *chats_; }
    SettingStore& settings() { return *settings_; }
    ModelLibrary& models() { return *models_; }
    const std::optional<Error>& problem() const { return problem_; }
    /// Another copy of the program has the data open.
    bool inUse() const { return problem_ && problem_->code == ErrorCode::busy; }
    int recoveredReplies() const;

private:
    std::unique_ptr<storage::Store> store_;
    std::unique_ptr<ChatStore> chats_;
    std::unique_ptr<SettingStore> settings_;
    std::unique_ptr<ModelLibrary> models_;
    std::optional<Error> problem_;
};

}  // namespace pellucid::app
