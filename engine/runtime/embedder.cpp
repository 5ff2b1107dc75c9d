#include "engine/runtime/embedder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/cpu_features.h"
#include "engine/cpu/cpu_encoder.h"
#include "engine/ops/reference_encoder.h"

namespace pellucid {

namespace {

/// Enough that weights are read seldom, few enough that activations stay in the caches and a stop is quick.
constexpr std::size_t kBatchTokens = 1024;

Result<std::unique_ptr<Encoder>> make_encoder(const EncoderFile& file, const EmbedderOptions& options) {
    auto pool = std::make_shared<ThreadPool>(options.threads);
    if (options.device == "cpu")
        return make_cpu_encoder(file.spec, file.weights, std::move(pool),
                                cpu::best_isa(detect_cpu_features()));
    if (options.device == "reference")
        return make_reference_encoder(file.spec, file.weights, std::move(pool));
    return fail(ErrorCode::unsupported, "embeddings do not run on the device \"" + options.device + "\"",
                "choose one of: cpu, reference");
}

/// The special tokens around a text.
void frame_of(const Tokenizer& tokenizer, std::vector<TokenId>& before, std::vector<TokenId>& after) {
    std::vector<TokenId> all = tokenizer.encode("", {.add_special = true});
    const std::size_t last = tokenizer.special().add_eos && !all.empty() ? 1 : 0;
    after.assign(all.end() - static_cast<std::ptrdiff_t>(last), all.end());
    all.resize(all.size() - last);
    before = std::move(all);
}

}  // namespace

Embedder::Embedder(EncoderFile file, EmbedderOptions options, std::unique_ptr<Encoder> encoder)
    : file_(std::move(file)), options_(std::move(options)), encoder_(std::move(encoder)) {
    frame_of(*file_.tokenizer, before_, after_);
}

Result<std::shared_ptr<Embedder>> Embedder::open(const std::string& path, const EmbedderOptions& options) {
    PELLUCID_TRY(EncoderFile file, open_encoder_file(path));
    return make(std::move(file), options);
}

Result<std::shared_ptr<Embedder>> Embedder::make(EncoderFile file, const EmbedderOptions& options) {
    EmbedderOptions all = options;
    const EncoderSpec& spec = *file.spec;
    if (!all.pooling) all.pooling = spec.pooling;
    if (!all.normalise) all.normalise = spec.normalise;
    if (all.max_tokens == 0) all.max_tokens = spec.max_tokens;
    std::vector<TokenId> before, after;
    frame_of(*file.tokenizer, before, after);
    const auto least = static_cast<int>(before.size() + after.size()) + 1;
    if (all.max_tokens < least || all.max_tokens > spec.positions)
        return fail(
            ErrorCode::invalid_argument,
            "texts of at most " + std::to_string(all.max_tokens) + " tokens cannot be embedded by this model",
            "choose a length from " + std::to_string(least) + " to " + std::to_string(spec.positions));
    PELLUCID_TRY(auto encoder, make_encoder(file, all));
    return std::shared_ptr<Embedder>(new Embedder(std::move(file), std::move(all), std::move(encoder)));
}

std::vector<TokenId> Embedder::ids_of(const std::string& text, bool& truncated) const {
    const std::vector<TokenId> own = file_.tokenizer->encode(text);
    const std::size_t room = static_cast<std::size_t>(options_.max_tokens) - before_.size() - after_.size();
    truncated = own.size() > room;
    std::vector<TokenId> ids = before_;
    ids.insert(ids.end(), own.begin(), own.begin() + static_cast<std::ptrdiff_t>(std::min(own.size(), room)));
    ids.insert(ids.end(), after_.begin(), after_.end());
    return ids;
}

std::vector<float> Embedder::pooled(std::span<const float> hidden) const {
    const auto n = static_cast<std::size_t>(dimensions());
    std::vector<double> sums(n, 0.0);
    const std::size_t tokens = options_.pooling == Pooling::cls ? 1 : hidden.size() / n;
    for (std::size_t t = 0; t < tokens; ++t)
        for (std::size_t i = 0; i < n; ++i) sums[i] += hidden[t * n + i];
    double squares = 0;
    for (double& sum : sums) {
        sum /= static_cast<double>(tokens);
        squares += sum * sum;
    }
    const double divisor = *options_.normalise && squares > 0 ? std::sqrt(squares) : 1;
    std::vector<float> values(n);
    for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<float>(sums[i] / divisor);
    return values;
}

Result<std::vector<Embedding>> Embedder::embed(std::span<const std::string> texts, CancelToken cancel,
                                               const std::function<void(std::size_t)>& progress) {
    const std::lock_guard turn(turn_);
    const auto n = static_cast<std::size_t>(dimensions());
    std::vector<Embedding> embeddings(texts.size());
    std::vector<TokenId> ids;
    std::vector<std::int32_t> begins = {0};
    std::vector<std::size_t> owners;  // of the batch's texts
    std::vector<float> hidden;
    const auto run = [&]() -> Result<void> {
        if (owners.empty()) return {};
        hidden.resize(ids.size() * n);
        PELLUCID_CHECK(encoder_->run({ids, begins}, hidden, cancel));
        for (std::size_t s = 0; s < owners.size(); ++s) {
            const auto begin = static_cast<std::size_t>(begins[s]),
                       end = static_cast<std::size_t>(begins[s + 1]);
            embeddings[owners[s]].values = pooled(std::span(hidden).subspan(begin * n, (end - begin) * n));
        }
        ids.clear();
        begins.resize(1);
        owners.clear();
        return {};
    };
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "embedding was stopped");
        Embedding& made = embeddings[i];
        const std::vector<TokenId> own = ids_of(texts[i], made.truncated);
        made.tokens = static_cast<int>(own.size());
        if (own.empty()) {  // a tokenizer without special tokens, and a text without any
            made.values.assign(n, 0.0f);
            continue;
        }
        if (!ids.empty() && ids.size() + own.size() > kBatchTokens) {
            PELLUCID_CHECK(run());
            if (progress) progress(i);
        }
        ids.insert(ids.end(), own.begin(), own.end());
        begins.push_back(static_cast<std::int32_t>(ids.size()));
        owners.push_back(i);
    }
    PELLUCID_CHECK(run());
    if (progress) progress(texts.size());
    return embeddings;
}

}  // namespace pellucid
