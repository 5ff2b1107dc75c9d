// A model at a plain address: no hub lists it, its server says how long it is.
#pragma once

#include <string>

#include "app/hub/variant.h"
#include "app/network/http_client.h"
#include "engine/base/cancel.h"
#include "engine/base/error.h"

namespace pellucid::hub {

/// The file at `url`, and where its name ends in "-00001-of-0000N.gguf" the parts beside it. The server is
/// asked for one byte of each, which tells its length. A page of Hugging Face or ModelScope that shows a file
/// ("…/blob/main/x.gguf") stands for the file. invalid_argument: no address of a GGUF file; errors of
/// network::fetch; not_allowed; not_found; bytes stay unknown where the server does not answer ranges.
Result<Variant> look_at_url(network::HttpClient& client, const std::string& url, const CancelToken& cancel);

}  // namespace pellucid::hub
