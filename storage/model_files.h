// The files that make up each model of the library: where they lie, what they hold, whether they were whole.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/message.h"

namespace pellucid::storage {

using ModelFileId = std::int64_t;

/// Numbers are stored: never renumber.
enum class FileState {
    unchecked = 0,  ///< its bytes were never read
    whole = 1,
    damaged = 2,
    missing = 3,
};

struct ModelFile {
    ModelFileId id = 0;
    ModelId model = 0;
    int ordinal = 0;   ///< 0: the file that is opened
    std::string path;  ///< absolute
    std::uint64_t bytes = 0;
    std::int64_t modified_ns = 0;  ///< when the file was last changed, as of the last look; 0: not known
    std::string sha256;            ///< hex; as its publisher says, or as it was when first read
    bool sha256_published = false;
    std::uint64_t block_bytes = 0;
    std::string blocks;  ///< SHA-256 of each block, 32 bytes each; empty: not known
    std::string url, etag;
    FileState state = FileState::unchecked;
    Millis checked_at = 0;  ///< 0: never

    bool operator==(const ModelFile&) const = default;
};

/// Thread safe, as Conversations is. Files go with their model.
class ModelFiles {
public:
    explicit ModelFiles(Database& database);

    /// The model's files are these, in this order; ids of the argument are not read. Files at the same path
    /// keep their id. not_found: no such model.
    Result<void> set(ModelId model, const std::vector<ModelFile>& files);
    /// In order. Without the block digests unless `blocks`.
    Result<std::vector<ModelFile>> of(ModelId model, bool blocks = true) const;
    /// All models' files, by model and order, without the block digests.
    Result<std::vector<ModelFile>> all() const;
    /// Everything but id, model and ordinal. not_found.
    Result<void> update(const ModelFile& file);
    Result<std::vector<ModelFile>> at_path(const std::string& path) const;

private:
    Database& database_;
};

}  // namespace pellucid::storage
