// Replies as a person meets them, through the engine's sessions:
//   bench_reply MODEL.gguf DEVICE [TOKENS]   greedy, drawn, and drawn on the host (alternatives are asked
//   for),
//                                            five replies each
//   bench_reply MODEL.gguf DEVICE together   four chats at once, as it is and with the `deterministic`
//   setting bench_reply MODEL.gguf DEVICE leaks      what a thousand replies leave behind
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <future>
#include <string>
#include <vector>

#include "engine/runtime/local_engine.h"

using namespace pellucid;

namespace {

/// Generated tokens a second, and the ids.
double reply(Model& model, const Request& request, std::vector<TokenId>& ids) {
    auto session = model.new_session();
    auto reply = (*session)->generate(request);
    if (!reply) {
        std::printf("FAILED: %s\n", reply.error().message().c_str());
        std::exit(1);
    }
    ids.clear();
    for (;;) {
        const auto event = (*reply)->next(std::chrono::seconds(60));
        if (!event) continue;
        if (const auto* delta = std::get_if<Delta>(&*event))
            for (const TokenInfo& token : delta->tokens) ids.push_back(token.id);
        if (const auto* finish = std::get_if<Finish>(&*event)) {
            if (finish->error) std::printf("FAILED: %s\n", finish->error->message().c_str());
            return finish->timings.tokens_per_second();
        }
    }
}

Request request_of(int prompt, int first, int tokens) {
    Request request;
    std::vector<TokenId> ids;
    for (int i = 0; i < prompt; ++i) ids.push_back(1000 + first + 7 * i);
    request.input = ids;
    request.max_tokens = tokens;
    request.ignore_end = true;
    request.sampling.temperature = 0;
    return request;
}

std::shared_ptr<Model> opened(LocalEngine& engine, const char* path, const char* device, bool deterministic) {
    ModelOptions options;
    options.device = device;
    options.context_length = 2048;
    options.deterministic = deterministic;
    auto model = engine.open(path, options);
    if (!model) {
        std::printf("FAILED: %s\n", model.error().message().c_str());
        std::exit(1);
    }
    return *model;
}

/// Generated tokens a second of four chats at once, and whether each says what it says alone.
void together(LocalEngine& engine, const char* path, const char* device) {
    constexpr int kChats = 4, kTokens = 128;
    for (const bool deterministic : {false, true}) {
        const auto model = opened(engine, path, device, deterministic);
        std::vector<std::vector<TokenId>> alone(kChats), beside(kChats);
        for (int i = 0; i < 2; ++i)  // the second finds its prompt in the cache, as those below do
            for (int c = 0; c < kChats; ++c)
                reply(*model, request_of(100, 131 * c, kTokens), alone[static_cast<std::size_t>(c)]);
        std::vector<double> rates;
        for (int run = 0; run < 6; ++run) {
            const auto begin = std::chrono::steady_clock::now();
            std::vector<std::future<void>> chats;
            for (int c = 0; c < kChats; ++c)
                chats.push_back(std::async(std::launch::async, [&, c] {
                    reply(*model, request_of(100, 131 * c, kTokens), beside[static_cast<std::size_t>(c)]);
                }));
            for (auto& chat : chats) chat.get();
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
            if (run > 0) rates.push_back(kChats * kTokens / took.count());
        }
        std::ranges::sort(rates);
        int same = 0;
        for (std::size_t c = 0; c < kChats; ++c) same += alone[c] == beside[c];
        std::printf(
            "%d chats at once%s: %.1f tok/s in all, prompts counted (%.1f to %.1f); %d say what they "
            "say alone\n",
            kChats, deterministic ? ", deterministic" : "", rates[2], rates[0], rates[4], same);
    }
}

long resident_kilobytes() {
    std::ifstream file("/proc/self/statm");
    long pages = 0, resident = 0;
    file >> pages >> resident;
    return resident * 4;
}

/// What a thousand replies, of some twenty lengths each way, leave behind once the first two hundred are
/// done.
int leaks(LocalEngine& engine, const char* path, const char* device) {
    const auto model = opened(engine, path, device, false);
    const auto free_now = [&] {
        for (const auto& one : engine.devices())
            if (one.id == device) return static_cast<std::int64_t>(one.memory_available / 1024);
        return std::int64_t{0};
    };
    std::int64_t free_then = 0;
    long resident_then = 0;
    std::vector<TokenId> ids;
    for (int i = 0; i < 1000; ++i) {
        if (i == 200) {
            free_then = free_now();
            resident_then = resident_kilobytes();
        }
        Request request = request_of(1 + i * 13 % 200, i, 4 + i % 20);
        request.sampling.temperature = i % 2 ? 0.8f : 0.0f;
        reply(*model, request, ids);
    }
    const std::int64_t lost = free_then - free_now();
    const long grown = resident_kilobytes() - resident_then;
    std::printf(
        "1000 replies; after the first 200 the device lost %lld KiB of %lld free, the process grew %ld "
        "KiB\n",
        static_cast<long long>(lost), static_cast<long long>(free_then), grown);
    return lost <= 0 && grown < 2048 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    LocalEngine engine(host_devices());
    const std::string form = argc > 3 ? argv[3] : "";
    if (form == "together") {
        together(engine, argv[1], argv[2]);
        return 0;
    }
    if (form == "leaks") return leaks(engine, argv[1], argv[2]);
    const auto model = opened(engine, argv[1], argv[2], false);
    std::printf("%s\n", model->info().device.c_str());
    Request request = request_of(32, 0, form.empty() ? 256 : std::atoi(form.c_str()));
    std::vector<TokenId> drawn;
    for (const char* way : {"greedy", "drawn", "drawn on the host"}) {
        request.sampling.temperature = way == std::string("greedy") ? 0.0f : 0.8f;
        request.sampling.seed = 11;
        request.top_alternatives = way == std::string("drawn on the host") ? 1 : 0;
        std::vector<double> rates;
        std::vector<TokenId> ids;
        for (int i = 0; i < 6; ++i) {
            const double rate = reply(*model, request, ids);
            if (i > 0) rates.push_back(rate);
        }
        std::ranges::sort(rates);
        std::printf("%s: %.1f tok/s (%.1f to %.1f), %zu tokens\n", way, rates[2], rates[0], rates[4],
                    ids.size());
        if (way == std::string("drawn")) drawn = ids;
        if (request.top_alternatives > 0) {
            const auto apart = std::ranges::mismatch(ids, drawn).in1 - ids.begin();
            std::printf("the same %td tokens of %zu as drawn on the device\n", apart, ids.size());
        }
    }
    return 0;
}
