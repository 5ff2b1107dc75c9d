// The answers of Hugging Face's API as this program reads them. Source of every field: huggingface_hub 2.4.0
// (PyPI), hf_api.py: ModelInfo, RepoSibling, BlobLfsInfo; utils/_pagination.py; utils/_http.py.
#pragma once

#include <string>
#include <string_view>

#include "app/hub/hub.h"

namespace pellucid::hub::huggingface {

inline constexpr const char* home = "https://huggingface.co";

/// GET /api/models: a list of models. corrupt: not a list.
Result<Page> parse_list(std::string_view body);
/// GET /api/models/{owner}/{name}?blobs=true: a model with its files. `endpoint`: what file addresses begin
/// with. corrupt: not an object, or it says no id.
Result<Repository> parse_model(std::string_view body, const std::string& endpoint);
/// The address of rel="next" in a Link header (RFC 8288), or empty.
std::string next_link(std::string_view header);

}  // namespace pellucid::hub::huggingface
