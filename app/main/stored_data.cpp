#include "app/main/stored_data.h"

#include "app/models/storage_model_library.h"
#include "app/settings/storage_setting_store.h"
#include "app/store/memory_store.h"
#include "app/store/storage_store.h"

namespace pellucid::app {

StoredData::StoredData(const QString& dataFolder) {
    storage::DatabaseOptions options;
    options.path = (dataFolder + QStringLiteral("/pellucid.db")).toStdString();
    auto opened = storage::Store::open(std::move(options), StorageSettingStore::specs());
    if (opened) {
        store_ = *std::move(opened);
        chats_ = std::make_unique<StorageStore>(*store_);
        settings_ = std::make_unique<StorageSettingStore>(*store_);
        models_ = std::make_unique<StorageModelLibrary>(*store_);
    } else {
        problem_ = fromStorage(opened.error());
        chats_ = std::make_unique<MemoryStore>();
        settings_ = std::make_unique<MemorySettingStore>();
        models_ = std::make_unique<MemoryModelLibrary>();
    }
}

StoredData::~StoredData() {
    if (store_) (void)store_->flush();
}

int StoredData::recoveredReplies() const {
    return store_ ? static_cast<int>(store_->replies().recovered().size()) : 0;
}

}  // namespace pellucid::app
