// The safetensors files of a Hugging Face folder as one set of tensors under the names that transformers
// uses.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/format/safetensors_file.h"

namespace pellucid {

/// Immutable, thread safe. Views into it live as long as it does.
class FolderWeights {
public:
    /// The files that `folder`/model.safetensors.index.json names, else model.safetensors, else
    /// model-00001-of-0000N.safetensors … all of them. Errors: those of SafetensorsFile::open; not_found
    /// names the file that is missing; unsupported where the folder holds only pickles, which can run code
    /// when they are read; corrupt for an index that names files elsewhere, for a tensor that is not where
    /// the index says, and for one in two files.
    static Result<std::shared_ptr<const FolderWeights>> open(const std::string& folder);
    /// Over files that are open.
    static Result<std::shared_ptr<const FolderWeights>> join(
        std::vector<std::shared_ptr<const SafetensorsFile>> files);

    const std::map<std::string_view, const FileTensor*>& tensors() const { return tensors_; }
    const FileTensor* find(std::string_view name) const;
    std::uint64_t bytes() const;  ///< of all tensors
    void release(std::span<const std::byte> part) const;
    std::uint64_t resident_bytes() const;

private:
    std::vector<std::shared_ptr<const SafetensorsFile>> files_;
    std::map<std::string_view, const FileTensor*> tensors_;
};

/// The weight_map of an index: file by tensor. corrupt where it names something else than safetensors files
/// beside it. `path` is named in errors.
Result<std::map<std::string, std::string>> read_weight_map(std::string_view index, const std::string& path);

/// Names of a checkpoint that only Python's pickle reads: .bin, .pt, .pth, .ckpt, .pkl, .pickle.
bool is_pickle_name(std::string_view name);
/// The reason why such a file is refused, and what to do.
Failure pickle_refused(const std::string& path);

}  // namespace pellucid
