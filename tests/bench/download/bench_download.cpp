// Downloads one file from an address with the program's own manager, and says how long it took: what
// tests/bench/download/compare_aria2.py pairs with aria2c.
// usage: bench_download URL SHA256 BYTES FOLDER AUTHORITIES [CONNECTIONS]
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "app/download/clock.h"
#include "app/download/disk.h"
#include "app/download/downloads.h"
#include "app/download/store.h"
#include "app/network/curl_client.h"

using namespace pellucid;

int main(int argc, char** argv) {
    if (argc < 6) return 2;
    network::OfflineSwitch offline;
    network::MemoryLedger ledger;
    network::CurlOptions net;
    net.proxy.mode = network::ProxySettings::Mode::none;
    net.extra_authorities = argv[5];
    network::CurlClient client(offline, ledger, net);
    download::PosixDisk disk;
    download::SystemClock clock;
    download::MemoryDownloadStore store;
    download::DownloadSettings settings;
    if (argc > 6) settings.connections = std::atoi(argv[6]);
    download::Downloads downloads({client, offline, disk, clock, store, {}}, settings);
    download::ItemSpec spec;
    spec.title = "bench";
    spec.folder = argv[4];
    download::FileSpec file;
    file.name = "file.bin";
    file.urls = {argv[1]};
    file.sha256 = argv[2];
    file.bytes = std::strtoull(argv[3], nullptr, 10);
    spec.files = {file};
    const auto begin = std::chrono::steady_clock::now();
    const auto id = downloads.add(spec);
    if (!id) return 1;
    const auto status = downloads.wait(*id, {});
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (!status || status->state != download::State::complete) {
        if (status) std::fprintf(stderr, "%s\n", download::sentence(status->reason, status->detail).c_str());
        return 1;
    }
    std::printf("%.3f\n", seconds);
    return 0;
}
