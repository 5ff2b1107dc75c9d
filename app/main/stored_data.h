// The data folder opened, or why not; what the app works on in either case.
#pragma once

#include <QObject>
#include <QString>
#include <functional>
#include <memory>
#include <optional>

#include "app/models/model_library.h"
#include "app/settings/setting_values.h"
#include "app/store/chat_store.h"
#include "engine/base/error.h"
#include "storage/store.h"

namespace pellucid::app {

/// How a move of the models folder ended that the last run was cut off in.
struct InterruptedMove {
    bool finished = false;  ///< the models are in `folder` now; otherwise they are where they were
    QString folder;         ///< where they were to go
    std::optional<Error> problem;
};

class StoredData {
public:
    enum class Access { Write, Look };
    /// Never fails: where the data cannot be written it is shown and what is done stays in memory; without a
    /// database everything is kept in memory. problem() says so. Look: changes nothing from the start.
    explicit StoredData(const QString& dataFolder, Access access = Access::Write);
    ~StoredData();

    ChatStore& chats() { return *chats_; }
    SettingStore& settings() { return *settings_; }
    ModelLibrary& models() { return *models_; }
    const std::optional<Error>& problem() const { return problem_; }
    /// Another copy of the program has the data open.
    bool inUse() const { return problem_ && problem_->code == ErrorCode::busy; }
    /// The stored chats are shown, and nothing that is done to them is written.
    bool onlyLooks() const { return store_ && store_->database().read_only(); }
    /// What runs once a day; null where nothing is written.
    storage::Store* writable() { return store_ && !onlyLooks() ? store_.get() : nullptr; }
    int recoveredReplies() const;
    /// Calls `then` in the thread of `context`, unless that is gone by then, where the last run was cut off
    /// while it moved the models folder; once that is settled. Not where nothing was cut off.
    void tellInterruptedMove(QObject* context, std::function<void(const InterruptedMove&)> then);

    /// The newest whole copy of a damaged database, and putting it in its place (the damaged file is kept).
    static std::optional<storage::Backup> newestBackup(const QString& dataFolder);
    static Result<void> restore(const QString& dataFolder, const storage::Backup& backup);

private:
    bool open(const QString& dataFolder, Access access);

    std::unique_ptr<storage::Store> store_;
    std::unique_ptr<ChatStore> chats_;
    std::unique_ptr<SettingStore> settings_;
    std::unique_ptr<ModelLibrary> models_;
    std::optional<Error> problem_;
    /// Of the store's thread.
    const std::shared_ptr<std::optional<InterruptedMove>> move_ =
        std::make_shared<std::optional<InterruptedMove>>();
};

}  // namespace pellucid::app
