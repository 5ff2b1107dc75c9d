#include "app/download/store.h"

namespace pellucid::download {

Result<std::vector<StoredItem>> MemoryDownloadStore::load() {
    const std::lock_guard lock(mutex_);
    std::vector<StoredItem> all;
    for (const auto& [id, item] : items_) all.push_back(item);
    for (StoredItem& item : all)
        for (StoredFile& file : item.files) file.size_told = false;
    return all;
}

Result<void> MemoryDownloadStore::add(StoredItem& item) {
    const std::lock_guard lock(mutex_);
    item.id = ++last_id_;
    if (item.added_at_ms == 0) item.added_at_ms = item.id;
    for (auto& file : item.files) file.id = ++last_id_;
    items_[item.id] = item;
    return {};
}

Result<void> MemoryDownloadStore::update(const StoredItem& item) {
    const std::lock_guard lock(mutex_);
    const auto at = items_.find(item.id);
    if (at == items_.end()) return fail(ErrorCode::not_found, "there is no such download");
    auto files = std::move(at->second.files);
    at->second = item;
    at->second.files = std::move(files);
    return {};
}

Result<void> MemoryDownloadStore::update_file(const StoredFile& file) {
    const std::lock_guard lock(mutex_);
    for (auto& [id, item] : items_)
        for (auto& known : item.files)
            if (known.id == file.id) {
                known = file;
                return {};
            }
    return fail(ErrorCode::not_found, "there is no such file");
}

Result<void> MemoryDownloadStore::remove(ItemId id) {
    const std::lock_guard lock(mutex_);
    if (const auto at = items_.find(id); at != items_.end()) {
        for (const auto& file : at->second.files) blocks_.erase(file.id);
        items_.erase(at);
    }
    return {};
}

Result<std::vector<StoredBlock>> MemoryDownloadStore::blocks(std::int64_t file) {
    const std::lock_guard lock(mutex_);
    return std::vector<StoredBlock>(blocks_[file].begin(), blocks_[file].end());
}

Result<void> MemoryDownloadStore::add_blocks(std::int64_t file, const std::vector<StoredBlock>& blocks) {
    const std::lock_guard lock(mutex_);
    for (const auto& [block, hash] : blocks) blocks_[file][block] = hash;
    return {};
}

Result<void> MemoryDownloadStore::remove_blocks(std::int64_t file, const std::vector<std::uint64_t>& blocks) {
    const std::lock_guard lock(mutex_);
    for (const auto block : blocks) blocks_[file].erase(block);
    return {};
}

Result<void> MemoryDownloadStore::remove_all_blocks(std::int64_t file) {
    const std::lock_guard lock(mutex_);
    blocks_.erase(file);
    return {};
}

}  // namespace pellucid::download
