// Passages judged by a language model: how likely the question is to be asked of the passage.
#pragma once

#include <memory>
#include <string>

#include "app/documents/retriever.h"
#include "engine/runtime/local_model.h"

namespace pellucid::documents {

/// The mean log-probability of the question's tokens behind the passage (Sachan et al. 2022, "Improving
/// Passage Retrieval with Zero-Shot Question Generation"). It asks a model only what every language model
/// learns, so that small ones and those without instructions can judge too. A prefill a passage.
class LikelihoodReranker final : public Reranker {
public:
    /// Tokens that a passage, a question and what stands between them take at most.
    static constexpr int kContext = 640;
    /// Stands between a passage and the question.
    static constexpr const char* kBetween = "\n\nA question that this text answers: ";

    explicit LikelihoodReranker(std::shared_ptr<LocalModel> model) : model_(std::move(model)) {}

    std::string name() const override;
    /// unsupported: a model without a tokenizer. Long passages are cut so that the question fits.
    Result<std::vector<float>> score(const std::string& query, std::span<const std::string> passages,
                                     CancelToken cancel) override;

private:
    std::shared_ptr<LocalModel> model_;
};

}  // namespace pellucid::documents
