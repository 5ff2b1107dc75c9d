// What survives the program: items, and the blocks that are on the disk. The program keeps it in its database
// (app/transfers), tests in memory.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "app/download/item.h"

namespace pellucid::download {

struct StoredFile {
    std::int64_t id = 0;
    FileSpec spec;                   ///< `bytes` as soon as known
    bool size_told = false;          ///< `bytes` is what an answer of this run told; not stored
    std::vector<std::string> etags;  ///< for each of spec.urls; empty: none known
    std::uint64_t block_bytes = 0;
    bool complete = false;
};

struct StoredItem {
    ItemId id = 0;
    std::string title, note;
    std::filesystem::path folder;
    int priority = 0;
    State state = State::queued;
    Reason reason = Reason::none;
    std::string detail;
    std::int64_t added_at_ms = 0, completed_at_ms = 0;
    std::vector<StoredFile> files;
};

using StoredBlock = std::pair<std::uint64_t, digest::Hash>;

/// Thread safe.
class DownloadStore {
public:
    virtual ~DownloadStore() = default;
    virtual Result<std::vector<StoredItem>> load() = 0;
    /// Gives ids to the item and its files, and added_at_ms where it is 0.
    virtual Result<void> add(StoredItem& item) = 0;
    virtual Result<void> update(const StoredItem& item) = 0;  ///< its own fields, not its files
    virtual Result<void> update_file(const StoredFile& file) = 0;
    virtual Result<void> remove(ItemId id) = 0;
    virtual Result<std::vector<StoredBlock>> blocks(std::int64_t file) = 0;
    /// `blocks` are on the disk now. What is written after their bytes is what a resume builds on.
    virtual Result<void> add_blocks(std::int64_t file, const std::vector<StoredBlock>& blocks) = 0;
    virtual Result<void> remove_blocks(std::int64_t file, const std::vector<std::uint64_t>& blocks) = 0;
    virtual Result<void> remove_all_blocks(std::int64_t file) = 0;
};

class MemoryDownloadStore final : public DownloadStore {
public:
    Result<std::vector<StoredItem>> load() override;
    Result<void> add(StoredItem& item) override;
    Result<void> update(const StoredItem& item) override;
    Result<void> update_file(const StoredFile& file) override;
    Result<void> remove(ItemId id) override;
    Result<std::vector<StoredBlock>> blocks(std::int64_t file) override;
    Result<void> add_blocks(std::int64_t file, const std::vector<StoredBlock>& blocks) override;
    Result<void> remove_blocks(std::int64_t file, const std::vector<std::uint64_t>& blocks) override;
    Result<void> remove_all_blocks(std::int64_t file) override;

private:
    std::mutex mutex_;
    std::int64_t last_id_ = 0;
    std::map<ItemId, StoredItem> items_;
    std::map<std::int64_t, std::map<std::uint64_t, digest::Hash>> blocks_;
};

}  // namespace pellucid::download
