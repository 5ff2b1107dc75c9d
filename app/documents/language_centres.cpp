#include "app/documents/language_centres.h"

#include "app/documents/plain_texts.h"

namespace pellucid::documents {

namespace {

Result<std::vector<float>> mean_of(EmbeddingSource& source, std::span<const char* const> texts,
                                   EmbeddingRole role, const CancelToken& cancel) {
    const std::vector<std::string> asked(texts.begin(), texts.end());
    PELLUCID_TRY(const auto vectors, source.embed(asked, role, cancel));
    std::vector<float> mean(static_cast<std::size_t>(source.dimensions()));
    for (const auto& vector : vectors)
        for (std::size_t i = 0; i < mean.size() && i < vector.size(); ++i)
            mean[i] += vector[i] / static_cast<float>(vectors.size());
    return mean;
}

}  // namespace

Result<std::vector<LanguageCentre>> language_centres(EmbeddingSource& source, CancelToken cancel) {
    std::vector<LanguageCentre> centres;
    for (const PlainTexts& texts : plain_texts()) {
        LanguageCentre centre;
        centre.language = texts.language;
        PELLUCID_TRY(centre.query, mean_of(source, texts.questions, EmbeddingRole::query, cancel));
        PELLUCID_TRY(centre.passage, mean_of(source, texts.passages, EmbeddingRole::passage, cancel));
        centres.push_back(std::move(centre));
    }
    return centres;
}

}  // namespace pellucid::documents
