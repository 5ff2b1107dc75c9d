// Downloads into a database and a folder until it is killed: for test_download_kill.
// usage: download_kill_child DATABASE FOLDER URL AUTHORITIES SHA256 BYTES BLOCK_BYTES COUNTER
// COUNTER is a file of eight bytes that holds how many bytes of bodies have come; it survives a SIGKILL.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "app/download/clock.h"
#include "app/download/disk.h"
#include "app/download/downloads.h"
#include "app/network/curl_client.h"
#include "app/transfers/stored_downloads.h"
#include "app/transfers/stored_ledger.h"
#include "storage/store.h"

using namespace pellucid;

namespace {

/// Counts what comes on its way through.
class CountingClient final : public network::HttpClient {
public:
    CountingClient(network::HttpClient& client, std::atomic<std::uint64_t>& count)
        : client_(client), count_(count) {}
    std::unique_ptr<network::HttpExchange> start(const network::HttpRequest& request,
                                                 std::shared_ptr<network::HttpHandler> handler) override {
        return client_.start(request, std::make_shared<Handler>(std::move(handler), count_));
    }

private:
    class Handler final : public network::HttpHandler {
    public:
        Handler(std::shared_ptr<network::HttpHandler> next, std::atomic<std::uint64_t>& count)
            : next_(std::move(next)), count_(count) {}
        bool on_head(const network::HttpHead& head) override { return next_->on_head(head); }
        bool on_body(std::span<const std::byte> bytes) override {
            count_ += bytes.size();
            return next_->on_body(bytes);
        }
        std::size_t room() override { return next_->room(); }
        void on_end(const Result<void>& result) override { next_->on_end(result); }

    private:
        std::shared_ptr<network::HttpHandler> next_;
        std::atomic<std::uint64_t>& count_;
    };
    network::HttpClient& client_;
    std::atomic<std::uint64_t>& count_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 9) return 2;
    const int file = open(argv[8], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, 8) != 0) return 3;
    auto* count = static_cast<std::atomic<std::uint64_t>*>(
        mmap(nullptr, 8, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
    if (count == MAP_FAILED) return 3;

    storage::DatabaseOptions options;
    options.path = argv[1];
    auto store = storage::Store::open(options);
    if (!store) {
        std::fprintf(stderr, "%s\n", store.error().message().c_str());
        return 4;
    }
    transfers::StoredLedger ledger((*store)->ledger());
    transfers::StoredDownloads rows((*store)->downloads());
    network::OfflineSwitch offline;
    network::CurlOptions net;
    net.proxy.mode = network::ProxySettings::Mode::none;
    net.extra_authorities = argv[4];
    network::CurlClient curl(offline, ledger, net);
    CountingClient client(curl, *count);
    download::PosixDisk disk;
    download::SystemClock clock;
    download::DownloadTuning tuning;
    tuning.block_bytes = std::strtoull(argv[7], nullptr, 10);
    tuning.request_bytes = 8 * tuning.block_bytes;
    tuning.back_off_ms = 5;
    download::Downloads downloads({client, offline, disk, clock, rows, {}}, {}, tuning);
    download::ItemSpec spec;
    spec.title = "killed";
    spec.folder = argv[2];
    download::FileSpec one;
    one.name = "m.gguf";
    one.urls = {argv[3]};
    one.sha256 = argv[5];
    one.bytes = std::strtoull(argv[6], nullptr, 10);
    spec.files = {one};
    const auto id = downloads.add(spec);
    if (!id) return 5;
    const auto status = downloads.wait(*id, {});
    if (!status || status->state != download::State::complete) {
        if (status) std::fprintf(stderr, "%s\n", download::sentence(status->reason, status->detail).c_str());
        return 6;
    }
    return 0;
}
