// What a transfer works with; all of it comes from outside.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "app/download/clock.h"
#include "app/download/disk.h"
#include "app/download/downloads.h"
#include "app/download/pace.h"
#include "app/download/store.h"
#include "app/network/http_client.h"

namespace pellucid::download {

struct Environment {
    network::HttpClient& network;
    Disk& disk;
    Clock& clock;
    DownloadStore& store;
    std::function<std::vector<std::pair<std::string, std::string>>(const std::string& url)> headers_for;
    DownloadTuning tuning;
    TokenBucket& bucket;  ///< of all transfers
    /// Runs a closure elsewhere, in order: digests of what is on the disk.
    std::function<void(std::function<void()>)> work;
    /// Runs a closure on the thread that the transfers live on.
    std::function<void(std::function<void()>)> home;
};

/// Why something stands still.
struct Trouble {
    Reason reason = Reason::none;
    std::string detail;
};

/// What a refusal of the disk means for a person.
Trouble trouble_of(const Error& error);

}  // namespace pellucid::download
