// Downloads in the database.
#pragma once

#include "app/download/store.h"

namespace pellucid::storage {
class DownloadRows;
struct DownloadFileRecord;
}  // namespace pellucid::storage

namespace pellucid::transfers {

/// What was stored is read with suspicion: a row that cannot be (an unknown word, a size below zero, a digest
/// of another length) is left out of what is known, and fetched again.
class StoredDownloads final : public download::DownloadStore {
public:
    /// `rows` must outlive it.
    explicit StoredDownloads(storage::DownloadRows& rows) : rows_(rows) {}

    Result<std::vector<download::StoredItem>> load() override;
    Result<void> add(download::StoredItem& item) override;
    Result<void> update(const download::StoredItem& item) override;
    Result<void> update_file(const download::StoredFile& file) override;
    Result<void> remove(download::ItemId id) override;
    Result<std::vector<download::StoredBlock>> blocks(std::int64_t file) override;
    Result<void> add_blocks(std::int64_t file, const std::vector<download::StoredBlock>& blocks) override;
    Result<void> remove_blocks(std::int64_t file, const std::vector<std::uint64_t>& blocks) override;
    Result<void> remove_all_blocks(std::int64_t file) override;

private:
    storage::DownloadRows& rows_;
};

/// A row as the download room sees it; fuzzed (tests/fuzz/resume_record).
download::StoredFile file_of_record(const storage::DownloadFileRecord& record);
storage::DownloadFileRecord record_of_file(const download::StoredFile& file);

}  // namespace pellucid::transfers
