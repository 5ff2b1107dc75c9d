// A model that comes in several GGUF files (PREFIX-00001-of-00003.gguf …): any of them stands for all.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/format/gguf_file.h"

namespace pellucid {

/// All parts in their order; one file where split.count is absent or 1. The first holds the metadata.
/// Errors: those of GgufFile::open; not_found names the part that does not lie beside the others; corrupt for
/// parts that say other than their names (split.no, split.count), for a tensor that is in two of them and for
/// another number of tensors than split.tensors.count.
Result<std::vector<std::shared_ptr<const GgufFile>>> open_gguf_parts(const std::string& path, GgufRead read);

/// Parts opened one by one, in their order: that they belong together. corrupt as open_gguf_parts().
Result<void> check_gguf_parts(const std::vector<std::shared_ptr<const GgufFile>>& parts);

/// Whether a list of a folder's models shows this GGUF file: not the parts after a model's first, nor what only
/// accompanies a model (mmproj).
bool is_listed(std::string_view file_name);

}  // namespace pellucid
