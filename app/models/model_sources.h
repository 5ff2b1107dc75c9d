// Everything that models come from and are kept by, as the view models are given it.
#pragma once

#include "app/models/discover_source.h"
#include "app/models/download_source.h"
#include "app/models/keeping_source.h"
#include "app/models/network_source.h"

namespace pellucid::app {

/// What the app's models come from, all at once.
struct ModelSources {
    DiscoverSource& discover;
    DownloadSource& downloads;
    KeepingSource& keeping;
    NetworkSource& network;
    TokenKeeper& token;
};

}  // namespace pellucid::app
