// The answers of ModelScope's API as this program reads them. Source of every field: modelscope_hub 0.5.1
// (PyPI, what modelscope 1.40.2 calls): _openapi.py (list_models, get_model), api.py (_extract_paged,
// _repo_info_from_payload, list_repo_files), _legacy_api.py (list_repo_files, get_download_url).
#pragma once

#include <string>
#include <string_view>

#include "app/hub/hub.h"

namespace pellucid::hub::modelscope {

inline constexpr const char* home = "https://modelscope.cn";
inline constexpr const char* branch = "master";  ///< what a repository's main branch is called here

struct List {
    Page page;
    std::uint64_t number = 1, size = 0;  ///< of this page, counted from 1; repositories a page
};

/// GET /openapi/v1/models. corrupt: no list of models.
Result<List> parse_list(std::string_view body);
/// GET /openapi/v1/models/{owner}/{name}.
Result<Listing> parse_model(std::string_view body);
/// GET /api/v1/models/{owner}/{name}/repo/files?Revision=…&Recursive=True: fills in the variants.
Result<void> parse_files(std::string_view body, const std::string& endpoint, Repository& repository);

}  // namespace pellucid::hub::modelscope
