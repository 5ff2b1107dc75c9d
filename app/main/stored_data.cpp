#include "app/main/stored_data.h"

#include "app/library/mover.h"
#include "app/models/storage_model_library.h"
#include "app/settings/storage_setting_store.h"
#include "app/store/memory_store.h"
#include "app/store/overlay_store.h"
#include "app/store/storage_store.h"
#include "app/threads/gui_context.h"

namespace pellucid::app {

namespace {

std::filesystem::path databaseOf(const QString& dataFolder) {
    return (dataFolder + QStringLiteral("/pellucid.db")).toStdString();
}

}  // namespace

StoredData::StoredData(const QString& dataFolder, Access access) {
    if (open(dataFolder, access)) return;
    // A folder that cannot be written, or a full disk: what is stored can still be read, searched, exported.
    const bool refused = problem_->code == ErrorCode::read_only || problem_->code == ErrorCode::no_space;
    if (access == Access::Write && refused) {
        const Error why = *problem_;
        const bool shown = open(dataFolder, Access::Look);
        problem_ = why;
        if (shown) return;
    }
    chats_ = std::make_unique<MemoryStore>();
    settings_ = std::make_unique<MemorySettingStore>();
    models_ = std::make_unique<MemoryModelLibrary>();
}

bool StoredData::open(const QString& dataFolder, Access access) {
    storage::DatabaseOptions options;
    options.path = databaseOf(dataFolder);
    options.read_only = access == Access::Look;
    auto opened = storage::Store::open(std::move(options), StorageSettingStore::specs());
    if (!opened) {
        problem_ = fromStorage(opened.error());
        return false;
    }
    store_ = *std::move(opened);
    chats_ = std::make_unique<StorageStore>(*store_);
    if (access == Access::Look) chats_ = std::make_unique<OverlayStore>(std::move(chats_));
    settings_ = std::make_unique<StorageSettingStore>(*store_);
    models_ = std::make_unique<StorageModelLibrary>(*store_);
    if (access == Access::Write)
        // A move of the models folder that was cut off: finished where the library points at the new folder
        // already, else taken back. Either deletes copies, which takes a moment.
        store_->thread().post(
            [&database = store_->database(), folder = dataFolder.toStdString(), end = move_] {
                library::Mover mover(database, library::models_folder(database, folder));
                const auto move = mover.interrupted();
                if (!move || !*move) return;
                const bool switched = (*move)->phase == storage::MovePhase::switched;
                const auto settled = switched ? mover.resume() : mover.take_back();
                *end = InterruptedMove{switched, QString::fromStdString((*move)->to),
                                       settled ? std::nullopt : std::optional(settled.error())};
            });
    return true;
}

void StoredData::tellInterruptedMove(QObject* context, std::function<void(const InterruptedMove&)> then) {
    if (!writable()) return;
    // Behind the closure that settles it, in the same queue.
    store_->thread().post([end = move_, gui = GuiContext(context), then = std::move(then)] {
        if (*end) gui.post([then, move = **end] { then(move); });
    });
}

std::optional<storage::Backup> StoredData::newestBackup(const QString& dataFolder) {
    const auto backups = storage::Database::backups(databaseOf(dataFolder));
    return backups.empty() ? std::nullopt : std::optional(backups.front());
}

Result<void> StoredData::restore(const QString& dataFolder, const storage::Backup& backup) {
    const auto restored = storage::Database::restore(databaseOf(dataFolder), backup);
    if (!restored) return fail(fromStorage(restored.error()));
    return {};
}

StoredData::~StoredData() {
    if (store_ && !onlyLooks()) (void)store_->flush();
}

int StoredData::recoveredReplies() const {
    return store_ ? static_cast<int>(store_->replies().recovered().size()) : 0;
}

}  // namespace pellucid::app
