#include "app/answering/sentences.h"

namespace pellucid::answering {

std::vector<Span> sentences_of(std::string_view text) {
    return prose::Sentences().of(text, prose::LineEnds::structure);
}

}  // namespace pellucid::answering
