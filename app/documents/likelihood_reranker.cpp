#include "app/documents/likelihood_reranker.h"

#include <algorithm>
#include <optional>

#include "engine/sampling/distribution.h"

namespace pellucid::documents {

namespace {

/// Of a passage; what stands behind is not read.
constexpr std::size_t kMostTokens = 400;
/// Of a question.
constexpr std::size_t kMostAsked = 128;

static_assert(kMostTokens + kMostAsked + 64 <= LikelihoodReranker::kContext);

}  // namespace

std::string LikelihoodReranker::name() const {
    return model_->spec().name.empty() ? "the chat model" : model_->spec().name;
}

Result<std::vector<float>> LikelihoodReranker::score(const std::string& query,
                                                     std::span<const std::string> passages,
                                                     CancelToken cancel) {
    const Tokenizer* tokenizer = model_->tokenizer();
    if (tokenizer == nullptr)
        return fail(ErrorCode::unsupported, "the model file holds no tokenizer, so it cannot read text",
                    "use a complete model file");
    const EncodeOptions plain{.parse_special = false, .add_special = false};
    const auto between = tokenizer->encode(kBetween, plain);
    auto asked = tokenizer->encode(query, plain);
    if (asked.size() > kMostAsked) asked.resize(kMostAsked);
    std::vector<float> scores;
    for (const std::string& passage : passages) {
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "the search was stopped");
        std::vector<TokenId> tokens;
        if (tokenizer->special().add_bos && tokenizer->special().bos)
            tokens.push_back(*tokenizer->special().bos);
        auto own = tokenizer->encode(passage, plain);
        if (own.size() > kMostTokens) own.resize(kMostTokens);
        tokens.insert(tokens.end(), own.begin(), own.end());
        tokens.insert(tokens.end(), between.begin(), between.end());
        const std::size_t first = tokens.size() - 1;
        tokens.insert(tokens.end(), asked.begin(), asked.end());
        double sum = 0;
        std::optional<Error> broken;
        PELLUCID_CHECK(model_->evaluate(
            tokens, static_cast<int>(first),
            [&](int position, std::span<const float> row) {
                const auto next = static_cast<std::size_t>(position) + 1;
                if (next >= tokens.size() || broken) return;
                const auto distribution = measure(row);
                if (!distribution) {
                    broken = distribution.error();
                    return;
                }
                sum += row[static_cast<std::size_t>(tokens[next])] - distribution->log_sum;
            },
            cancel));
        if (broken) return fail(*broken);
        scores.push_back(asked.empty() ? 0.0f : static_cast<float>(sum / static_cast<double>(asked.size())));
    }
    return scores;
}

}  // namespace pellucid::documents
