// What the download tests share: made-up files, a client that trusts the test server, a folder, quick times.
#pragma once

#include <QTemporaryDir>
#include <QtTest>
#include <fstream>
#include <random>

#include "app/digest/file_digest.h"
#include "app/download/clock.h"
#include "app/download/disk.h"
#include "app/download/downloads.h"
#include "app/download/store.h"
#include "app/network/curl_client.h"
#include "tests/app/network/kit/fault_server.h"

namespace pellucid::download::test {

using pellucid::test::FaultServer;
using pellucid::test::ServerReply;
using pellucid::test::ServerRequest;
using Body = std::shared_ptr<const std::string>;

inline Body made_up(std::size_t size, std::uint32_t seed = 1) {
    auto text = std::make_shared<std::string>(size, ' ');
    std::uint32_t state = seed * 2654435761u + 1;
    for (char& c : *text) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    return text;
}

inline std::string sha_of(const std::string& bytes) {
    return digest::to_hex(digest::Sha256::of(std::as_bytes(std::span(bytes))));
}

inline digest::BlockMap blocks_of(const std::string& bytes, std::uint64_t block_bytes) {
    digest::BlockMap map;
    map.file_bytes = bytes.size();
    map.block_bytes = block_bytes;
    for (std::uint64_t at = 0; at < bytes.size(); at += block_bytes)
        map.blocks.push_back(
            digest::Sha256::of(std::as_bytes(std::span(bytes))
                                   .subspan(at, std::min<std::uint64_t>(block_bytes, bytes.size() - at))));
    return map;
}

inline std::string slurp(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void spill(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

inline DownloadTuning quick() {
    DownloadTuning tuning;
    tuning.block_bytes = 16 * 1024;
    tuning.request_bytes = 128 * 1024;
    tuning.stall_ms = 400;
    tuning.back_off_ms = 2;
    tuning.back_off_most_ms = 20;
    tuning.attempts = 5;
    tuning.check_slowly_ms = 20;
    return tuning;
}

/// Everything but the server; start() makes the manager, as often as the program is to be started.
struct Bench {
    network::OfflineSwitch offline;
    network::MemoryLedger ledger;
    PosixDisk real_disk;
    SystemClock real_clock;
    MemoryDownloadStore real_store;
    Disk* disk = &real_disk;
    Clock* clock = &real_clock;
    DownloadStore* store = &real_store;
    std::unique_ptr<network::CurlClient> client;
    QTemporaryDir folder;
    DownloadTuning tuning = quick();
    DownloadSettings settings;
    std::unique_ptr<Downloads> downloads;

    Bench() {
        network::CurlOptions options;
        options.proxy.mode = network::ProxySettings::Mode::none;
        options.extra_authorities = FaultServer::authority_file();
        options.connect_timeout_ms = 5000;
        client = std::make_unique<network::CurlClient>(offline, ledger, options);
    }
    std::filesystem::path path() const { return folder.path().toStdString(); }
    Downloads& start() {
        downloads.reset();
        downloads = std::make_unique<Downloads>(Downloads::Parts{*client, offline, *disk, *clock, *store, {}},
                                                settings, tuning);
        return *downloads;
    }
    ItemSpec item(std::vector<FileSpec> files) const {
        ItemSpec spec;
        spec.title = "a model";
        spec.folder = path() / "models";
        spec.files = std::move(files);
        return spec;
    }
    /// Adds and waits for its end.
    ItemStatus get(const ItemSpec& spec) {
        if (!downloads) start();
        const auto id = downloads->add(spec);
        if (!id) {
            ItemStatus refused;
            refused.detail = id.error().message();
            return refused;
        }
        const auto status = downloads->wait(*id, {});
        return status ? *status : ItemStatus();
    }
};

inline FileSpec file_of(const std::string& name, const std::string& bytes, std::vector<std::string> urls) {
    FileSpec file;
    file.name = name;
    file.urls = std::move(urls);
    file.bytes = bytes.size();
    file.sha256 = sha_of(bytes);
    return file;
}

#define ENDED(status, wanted_state, wanted_reason)                                                \
    do {                                                                                          \
        const auto the_end = (status);                                                            \
        const std::string it_got =                                                                \
            std::string(to_string(the_end.state)) + " " + std::string(to_string(the_end.reason)); \
        const std::string it_wanted =                                                             \
            std::string(to_string(wanted_state)) + " " + std::string(to_string(wanted_reason));   \
        QVERIFY2(it_got == it_wanted,                                                             \
                 (it_got + " (" + the_end.detail + ") instead of " + it_wanted).c_str());         \
    } while (false)
#define COMPLETE(status) ENDED(status, State::complete, Reason::none)
#define PAUSED(status, why) ENDED(status, State::paused, why)

}  // namespace pellucid::download::test
