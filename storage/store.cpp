#include "storage/store.h"

namespace pellucid::storage {

Store::Store() = default;

Store::~Store() {
    // From the last to the first: the streams save what is unfinished through the thread, which writes to the
    // database.
    replies_.reset();
    thread_.reset();
}

Result<std::unique_ptr<Store>> Store::open(DatabaseOptions options, std::vector<SettingSpec> settings) {
    std::unique_ptr<Store> store(new Store());
    STORAGE_TRY(store->database_, Database::open(std::move(options)));
    store->thread_ = std::make_unique<StorageThread>(*store->database_);
    store->conversations_ = std::make_unique<Conversations>(*store->database_);
    store->models_ = std::make_unique<Models>(*store->database_);
    store->ledger_ = std::make_unique<NetworkLedger>(*store->database_);
    store->downloads_ = std::make_unique<DownloadRows>(*store->database_);
    store->model_files_ = std::make_unique<ModelFiles>(*store->database_);
    store->model_presets_ = std::make_unique<ModelPresets>(*store->database_);
    store->library_moves_ = std::make_unique<LibraryMoves>(*store->database_);
    STORAGE_TRY(store->settings_, Settings::load(*store->database_, std::move(settings)));
    store->search_ = std::make_unique<Search>(*store->database_);
    STORAGE_TRY(store->replies_,
                ReplyStreams::open(*store->database_, *store->conversations_, *store->thread_));
    return store;
}

Result<void> Store::flush() {
    STORAGE_CHECK(replies_->flush());
    return thread_->flush();
}

}  // namespace pellucid::storage
