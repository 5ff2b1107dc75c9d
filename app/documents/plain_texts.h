// Questions and passages of every day, the same in each language and of no common subject: what their vectors
// have in common is the language and the form.
#pragma once

#include <span>

namespace pellucid::documents {

struct PlainTexts {
    const char* language;
    std::span<const char*const> questions, passages;
};
std::span<const PlainTexts> plain_texts();

}  // namespace pellucid::documents
