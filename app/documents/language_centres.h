// What an embedding model says of a text's language alone, so that it can be taken from what it says of the
// text.
//
// Multilingual encoders put passages of the question's own language first whatever they say: the mean vectors
// of two languages have a cosine of 0.93, and the best passages of a question differ by hundredths. With each
// language's mean taken away, passages of every language compete on what they say.
#pragma once

#include <string>
#include <vector>

#include "app/documents/embedding_source.h"

namespace pellucid::documents {

struct LanguageCentre {
    std::string language;               ///< "en"
    std::vector<float> query, passage;  ///< [dimensions] means of plain questions and passages
};

/// Of English and Chinese, by plain texts that belong to no subject (plain_texts.h). Texts of other languages
/// go by the nearer of the two. Errors: those of the source.
Result<std::vector<LanguageCentre>> language_centres(EmbeddingSource& source, CancelToken cancel = {});

}  // namespace pellucid::documents
