// What a model is, known before it is downloaded: its GGUF header, read from the first bytes over HTTP.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "app/hub/variant.h"
#include "app/network/http_client.h"
#include "engine/base/cancel.h"
#include "engine/base/error.h"
#include "engine/model/model_file.h"

namespace pellucid::hub {

/// A model of which only the header is here.
struct RemoteModel {
    ModelFile model;                  ///< as open_model_file() gives it, without the weights' bytes
    std::uint64_t fetched_bytes = 0;  ///< that came over the network for this
    std::uint64_t file_bytes = 0;     ///< of all parts, as the server says
};

/// First request, and the most that is ever asked for of one file: a header with a vocabulary of 250,000
/// tokens takes 13 MB. What is asked for grows until the header is whole.
inline constexpr std::uint64_t first_header_bytes = 1 << 20;
inline constexpr std::uint64_t most_header_bytes = 96 << 20;

/// Every part's header is read (the parts after the first have no vocabulary, so a few kilobytes each). The
/// rest of a file is never asked for. `headers`: Hub::headers(). Errors: those of network::fetch;
/// not_allowed; corrupt and unsupported as of GgufFile and read_model; unsupported for a server that does not
/// answer ranges; not_found for a variant of which parts are missing.
Result<RemoteModel> read_remote_header(network::HttpClient& client, const Variant& variant,
                                       const std::vector<std::pair<std::string, std::string>>& headers,
                                       const CancelToken& cancel);

}  // namespace pellucid::hub
