// Reading a whole file for its digests, without filling the memory with it.
#pragma once

#include <functional>
#include <string>

#include "app/digest/block_map.h"
#include "engine/base/cancel.h"

namespace pellucid::digest {

struct FileDigest {
    Hash sha256{};
    BlockMap blocks;
};

/// `done` bytes of `total` are read; called about every 16 MiB, and at the end.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Reads `path` once, in order. not_found, read_only (no permission), io, cancelled; invalid_argument for
/// what is no regular file; busy where the file's size changed while it was read.
Result<FileDigest> digest_file(const std::string& path, std::uint64_t block_bytes = default_block_bytes,
                               const Progress& progress = {}, const CancelToken& cancel = {});

}  // namespace pellucid::digest
