#include "app/answering/passage.h"

#include <algorithm>

namespace pellucid::answering {

Span in_document(const Passage& passage, Span span) {
    if (passage.last == passage.first) return {};
    const auto place = [&](std::size_t at) {
        return std::min<std::size_t>(passage.first + (at > passage.header ? at - passage.header : 0),
                                     passage.last);
    };
    return {place(span.first), place(span.last)};
}

std::string place_of(const Passage& passage) {
    std::string place = passage.title.empty() ? passage.file : passage.title;
    if (!passage.page_label.empty()) place += ", page " + passage.page_label;
    if (!passage.headings.empty()) place += ", " + passage.headings;
    return place;
}

}  // namespace pellucid::answering
