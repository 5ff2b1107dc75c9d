// What the tests of speculation share: a reply heard to its end, and the test that counts follow a
// distribution.
#pragma once

#include <QTest>
#include <cmath>
#include <cstring>
#include <map>
#include <span>
#include <vector>

#include "engine/base/half.h"
#include "engine/runtime/local_engine.h"
#include "engine/sampling/filters.h"
#include "tests/engine/runtime/tiny_model.h"

namespace pellucid::test {

struct Said {
    std::vector<TokenId> ids;
    std::vector<float> logprobs;
    std::string thought, answer;
    Finish finish;
};

inline Said hear(Reply& reply) {
    Said said;
    for (;;) {
        auto event = reply.next(std::chrono::seconds(60));
        if (!event) qFatal("no event came in a minute");
        if (auto* delta = std::get_if<Delta>(&*event)) {
            (delta->channel == Delta::Channel::thought ? said.thought : said.answer) += delta->text;
            for (const auto& token : delta->tokens) {
                said.ids.push_back(token.id);
                said.logprobs.push_back(token.logprob);
            }
        }
        if (auto* finish = std::get_if<Finish>(&*event)) {
            said.finish = *finish;
            return said;
        }
    }
}

inline Said say(Session& session, const Request& request) {
    auto reply = session.generate(request);
    if (!reply) qFatal("%s", reply.error().message().c_str());
    return hear(**reply);
}

/// The model at `from` with one token spelled otherwise.
inline std::string write_respelled_model(const QTemporaryDir& folder, const std::string& from) {
    const auto source = GgufFile::open(from);
    if (!source) qFatal("%s", source.error().message().c_str());
    GgufWriter writer;
    for (const auto& [key, value] : (*source)->metadata().all()) writer.metadata().set(key, value);
    auto tokens = **(*source)->metadata().strings("tokenizer.ggml.tokens");
    tokens[tiny_think] = "<thunk>";
    writer.metadata().set("tokenizer.ggml.tokens", {tokens});
    for (const auto& tensor : (*source)->tensors())
        if (!writer.add_tensor(tensor.name, tensor.type, tensor.shape, tensor.bytes)) qFatal("no tensor");
    const std::string path = folder.filePath("respelled.gguf").toStdString();
    if (!writer.write(path)) qFatal("not written");
    return path;
}

/// Guesses count as cheap, so that they come in rows of several.
inline std::shared_ptr<LocalModel> open(const std::string& path, const std::string& speculation,
                                        const char* device = "cpu") {
    ModelOptions options;
    options.device = device;
    options.threads = 2;
    options.kv_format = "f32";
    options.speculation = *parse_speculation(speculation);
    options.speculation.guess_cost = 0.02;
    LocalEngine engine(host_devices());
    auto model = engine.open_local(path, options);
    if (!model) qFatal("%s", model.error().message().c_str());
    return *model;
}

/// The model at `from` with every half-precision weight changed by up to `share` of itself: what it says is
/// like what that model says, now and then.
inline std::string write_noisy_model(const QTemporaryDir& folder, const std::string& from, float share) {
    const auto source = GgufFile::open(from);
    if (!source) qFatal("%s", source.error().message().c_str());
    GgufWriter writer;
    for (const auto& [key, value] : (*source)->metadata().all()) writer.metadata().set(key, value);
    std::vector<std::vector<std::byte>> kept;
    std::uint32_t random = 1;
    for (const auto& tensor : (*source)->tensors()) {
        auto& bytes = kept.emplace_back(tensor.bytes.begin(), tensor.bytes.end());
        for (std::size_t i = 0; tensor.type == TensorType::f16 && i < bytes.size(); i += 2) {
            Half value;
            std::memcpy(&value, bytes.data() + i, 2);
            random = random * 1664525u + 1013904223u;
            const float noise = static_cast<float>(random >> 8) / 8388608.0f - 1;
            value = float_to_half(half_to_float(value) * (1 + share * noise));
            std::memcpy(bytes.data() + i, &value, 2);
        }
        if (!writer.add_tensor(tensor.name, tensor.type, tensor.shape, bytes)) qFatal("no tensor");
    }
    const std::string path = folder.filePath("noisy.gguf").toStdString();
    if (!writer.write(path)) qFatal("not written");
    return path;
}

/// Pearson's statistic of `counts` against `shares` (which sum to one), cells expected less than five times
/// taken together; and the value that a true distribution passes once in 10,000 (Wilson and Hilferty 1931).
struct ChiSquare {
    double statistic = 0, limit = 0;
    int cells = 0;
};
inline ChiSquare chi_square(const std::map<std::vector<TokenId>, double>& shares,
                            const std::map<std::vector<TokenId>, int>& counts, int total) {
    ChiSquare result;
    double rest_expected = 0, rest_counted = 0;
    const auto add = [&](double expected, double counted) {
        result.statistic += (counted - expected) * (counted - expected) / expected;
        ++result.cells;
    };
    int known = 0;
    for (const auto& [cell, share] : shares) {
        const auto found = counts.find(cell);
        const int counted = found == counts.end() ? 0 : found->second;
        known += counted;
        if (share * total >= 5)
            add(share * total, counted);
        else
            rest_expected += share * total, rest_counted += counted;
    }
    if (rest_expected > 0) add(rest_expected, rest_counted);
    if (known != total) result.statistic = INFINITY;  // something came that cannot come
    const double freedom = result.cells - 1, spread = 2 / (9 * freedom);
    result.limit = freedom * std::pow(1 - spread + 3.719 * std::sqrt(spread), 3);
    return result;
}

/// The chance of every continuation by `length` tokens under top-k sampling at temperature 1, from the
/// model's logits.
inline void continuations(LocalModel& model, const std::vector<TokenId>& prompt, int length, int top_k,
                          double share, std::vector<TokenId>& so_far,
                          std::map<std::vector<TokenId>, double>& shares) {
    if (length == 0) {
        shares[so_far] = share;
        return;
    }
    std::vector<TokenId> tokens = prompt;
    tokens.insert(tokens.end(), so_far.begin(), so_far.end());
    std::vector<Candidate> best;
    const auto done =
        model.evaluate(tokens, static_cast<int>(tokens.size()) - 1, [&](int, std::span<const float> logits) {
            select_top(logits, static_cast<std::size_t>(top_k), best);
        });
    if (!done) qFatal("%s", done.error().message().c_str());
    softmax(best);
    for (const Candidate& candidate : best) {
        so_far.push_back(candidate.id);
        continuations(model, prompt, length - 1, top_k, share * static_cast<double>(candidate.probability),
                      so_far, shares);
        so_far.pop_back();
    }
}

}  // namespace pellucid::test
