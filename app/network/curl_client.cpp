#include "app/network/curl_client.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <unordered_map>
#include <vector>

#include "app/network/curl_job.h"

namespace pellucid::network {
namespace {

void start_library() {
    // Once for a process, never undone: other libraries may use libcurl too.
    static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)started;
}

}  // namespace

/// The thread that drives libcurl. Held by the client and by its exchanges.
class CurlClient::Worker : public std::enable_shared_from_this<Worker> {
public:
    Worker(OfflineSwitch& offline, Ledger& ledger, CurlOptions options)
        : offline_(offline), ledger_(ledger), options_(std::move(options)) {
        start_library();
        multi_ = curl_multi_init();
        curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 16L);
        listener_ = offline_.listen([this](bool on) {
            if (!on) return;
            const std::lock_guard lock(mutex_);
            went_offline_ = true;
            curl_multi_wakeup(multi_);
        });
        thread_ = std::thread([this] { run(); });
    }
    ~Worker() { curl_multi_cleanup(multi_); }

    void stop() {
        listener_.reset();
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        curl_multi_wakeup(multi_);
        thread_.join();
    }

    bool on_this_thread() const { return std::this_thread::get_id() == thread_.get_id(); }

    void add(HttpRequest request, std::shared_ptr<HttpHandler> handler,
             std::shared_ptr<ExchangeState> state) {
        const std::lock_guard lock(mutex_);
        JobHost host{offline_, ledger_, options_, [this] { return ++last_entry_; }};
        arrived_.push_back(std::make_unique<CurlJob>(std::move(host), std::move(request), std::move(handler),
                                                     std::move(state)));
        curl_multi_wakeup(multi_);
    }
    /// Something changed in this state: paused, resumed or cancelled.
    void look_at(std::shared_ptr<ExchangeState> state) {
        const std::lock_guard lock(mutex_);
        changed_.push_back(std::move(state));
        curl_multi_wakeup(multi_);
    }
    template <typename Change>
    void change_options(Change&& change) {
        const std::lock_guard lock(mutex_);
        change(options_);
    }

private:
    using Jobs = std::unordered_map<CURL*, std::unique_ptr<CurlJob>>;

    void run() {
        auto last_written = std::chrono::steady_clock::now();
        for (;;) {
            if (!take_orders()) break;
            int running = 0;
            curl_multi_perform(multi_, &running);
            take_results();
            if (const auto now = std::chrono::steady_clock::now();
                now - last_written > std::chrono::seconds(2)) {
                last_written = now;
                for (const auto& [handle, job] : jobs_) job->write_progress();
            }
            int ready = 0;
            curl_multi_poll(multi_, nullptr, 0, 1000, &ready);
        }
        while (!jobs_.empty()) end(jobs_.begin(), fail(ErrorCode::cancelled, "the program is closing"));
    }

    /// False: time to stop.
    bool take_orders() {
        std::vector<std::unique_ptr<CurlJob>> arrived;
        std::vector<std::shared_ptr<ExchangeState>> changed;
        bool offline, stopping;
        {
            const std::lock_guard lock(mutex_);
            arrived.swap(arrived_);
            changed.swap(changed_);
            offline = std::exchange(went_offline_, false);
            stopping = stopping_;
        }
        for (auto& job : arrived) {
            auto begun =
                stopping || job->state()->cancelled
                    ? Result<void>(fail(ErrorCode::cancelled, "the request was stopped before it began"))
                    : job->begin();
            if (begun)
                attach(std::move(job));
            else
                job->end(begun);
        }
        for (const auto& state : changed) {
            const auto at = std::find_if(jobs_.begin(), jobs_.end(),
                                         [&](const auto& entry) { return entry.second->state() == state; });
            if (at == jobs_.end()) continue;
            if (state->cancelled)
                end(at, fail(ErrorCode::cancelled, "the request was stopped"));
            else if (!state->paused)
                curl_easy_pause(at->first, CURLPAUSE_CONT);
        }
        if (offline)
            while (!jobs_.empty())
                end(jobs_.begin(), fail(ErrorCode::offline, "the offline switch was turned on",
                                        "turn it off to use the network"));
        return !stopping;
    }

    void take_results() {
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            CURL* const handle = message->easy_handle;
            const CURLcode code = message->data.result;
            const auto at = jobs_.find(handle);
            curl_multi_remove_handle(multi_, handle);
            std::unique_ptr<CurlJob> job = std::move(at->second);
            jobs_.erase(at);
            Result<void> result;
            if (job->done(code, result))
                attach(std::move(job));
            else
                job->end(result);
        }
    }

    void attach(std::unique_ptr<CurlJob> job) {
        CURL* const handle = job->handle();
        if (curl_multi_add_handle(multi_, handle) != CURLM_OK) {
            job->end(fail(ErrorCode::internal, "a connection could not be set up"));
            return;
        }
        jobs_.emplace(handle, std::move(job));
    }

    void end(Jobs::iterator at, const Result<void>& result) {
        std::unique_ptr<CurlJob> job = std::move(at->second);
        curl_multi_remove_handle(multi_, at->first);
        jobs_.erase(at);
        job->end(result);
    }

    OfflineSwitch& offline_;
    Ledger& ledger_;
    CURLM* multi_ = nullptr;
    std::unique_ptr<OfflineSwitch::Listener> listener_;
    std::mutex mutex_;  // guards the next five
    CurlOptions options_;
    std::vector<std::unique_ptr<CurlJob>> arrived_;
    std::vector<std::shared_ptr<ExchangeState>> changed_;
    bool went_offline_ = false, stopping_ = false;
    Jobs jobs_;                     // of the thread
    std::uint64_t last_entry_ = 0;  // of the thread
    std::thread thread_;
};

namespace {

template <typename Worker>
class Exchange final : public HttpExchange {
public:
    Exchange(std::shared_ptr<Worker> worker, std::shared_ptr<ExchangeState> state)
        : worker_(std::move(worker)), state_(std::move(state)) {}
    ~Exchange() override {
        cancel();
        if (worker_->on_this_thread()) return;
        std::unique_lock lock(state_->mutex);
        state_->ended_changed.wait(lock, [&] { return state_->ended; });
    }
    void cancel() override {
        if (!state_->cancelled.exchange(true)) worker_->look_at(state_);
    }
    void pause() override { state_->paused = true; }
    void resume() override {
        if (state_->paused.exchange(false)) worker_->look_at(state_);
    }

private:
    std::shared_ptr<Worker> worker_;
    std::shared_ptr<ExchangeState> state_;
};

}  // namespace

CurlClient::CurlClient(OfflineSwitch& offline, Ledger& ledger, CurlOptions options)
    : worker_(std::make_shared<Worker>(offline, ledger, std::move(options))) {}

CurlClient::~CurlClient() {
    worker_->stop();
}

std::unique_ptr<HttpExchange> CurlClient::start(const HttpRequest& request,
                                                std::shared_ptr<HttpHandler> handler) {
    auto state = std::make_shared<ExchangeState>();
    worker_->add(request, std::move(handler), state);
    return std::make_unique<Exchange<Worker>>(worker_, std::move(state));
}

void CurlClient::set_proxy(ProxySettings proxy) {
    worker_->change_options([&](CurlOptions& options) { options.proxy = std::move(proxy); });
}

void CurlClient::set_extra_authorities(std::string pem_file) {
    worker_->change_options([&](CurlOptions& options) { options.extra_authorities = std::move(pem_file); });
}

}  // namespace pellucid::network
