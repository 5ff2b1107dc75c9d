// Replies as a person meets them, through the engine's sessions:   bench_reply MODEL.gguf DEVICE [TOKENS]
// Greedy, drawn, and drawn on the host (alternatives are asked for), five replies each.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
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

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    LocalEngine engine(host_devices());
    ModelOptions options;
    options.device = argv[2];
    options.context_length = 2048;
    auto model = engine.open(argv[1], options);
    if (!model) {
        std::printf("FAILED: %s\n", model.error().message().c_str());
        return 1;
    }
    std::printf("%s\n", (*model)->info().device.c_str());
    Request request;
    std::vector<TokenId> prompt;
    for (int i = 0; i < 32; ++i) prompt.push_back(1000 + 7 * i);
    request.input = prompt;
    request.max_tokens = argc > 3 ? std::atoi(argv[3]) : 256;
    request.ignore_end = true;
    std::vector<TokenId> drawn;
    for (const char* way : {"greedy", "drawn", "drawn on the host"}) {
        request.sampling.temperature = way == std::string("greedy") ? 0.0f : 0.8f;
        request.sampling.seed = 11;
        request.top_alternatives = way == std::string("drawn on the host") ? 1 : 0;
        std::vector<double> rates;
        std::vector<TokenId> ids;
        for (int i = 0; i < 6; ++i) {
            const double rate = reply(**model, request, ids);
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
