// Downloads as they stand: items, their files, where these come from, and which blocks are on the disk.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/database.h"

namespace pellucid::storage {

using DownloadId = std::int64_t;
using DownloadFileId = std::int64_t;

struct DownloadSource {
    std::string url, etag;  ///< etag empty: the server named none, or was not asked yet
};

struct DownloadBlock {
    std::int64_t block = 0;
    std::string sha256;  ///< 32 bytes
};

struct DownloadFileRecord {
    DownloadFileId id = 0;
    std::string name;         ///< relative to the item's folder
    std::int64_t bytes = -1;  ///< -1: not known yet
    std::string sha256;       ///< hex; empty: not known
    std::int64_t block_bytes = 0;
    std::string published_blocks;  ///< 32 bytes a block, or empty
    bool repair = false, complete = false;
    std::vector<DownloadSource> sources;
};

struct DownloadRecord {
    DownloadId id = 0;
    std::string title, note, folder;
    int priority = 0;
    std::string state, reason, detail;
    Millis added_at = 0, completed_at = 0;
    std::vector<DownloadFileRecord> files;
};

/// Thread safe, as Conversations is.
class DownloadRows {
public:
    explicit DownloadRows(Database& database);

    /// Adds an item with its files; ids of item and files are written into `record`, `added_at` too.
    Result<void> add(DownloadRecord& record);
    /// All items, oldest first, without their blocks.
    Result<std::vector<DownloadRecord>> list() const;
    /// title, note, priority, state, reason, detail, completed_at. not_found.
    Result<void> update(const DownloadRecord& record);
    /// Everything but id and name; its sources are written anew. not_found.
    Result<void> update_file(const DownloadFileRecord& file);
    /// Blocks of a file by number.
    Result<std::vector<DownloadBlock>> blocks(DownloadFileId file) const;
    /// Adds blocks or replaces their digests. not_found where the file is gone.
    Result<void> add_blocks(DownloadFileId file, const std::vector<DownloadBlock>& blocks);
    Result<void> remove_blocks(DownloadFileId file, const std::vector<std::int64_t>& blocks);
    Result<void> remove_all_blocks(DownloadFileId file);
    Result<void> remove(DownloadId id);

private:
    Database& database_;
};

}  // namespace pellucid::storage
