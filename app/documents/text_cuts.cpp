#include "app/documents/text_cuts.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "app/prose/sentences.h"

namespace pellucid::documents {

using reading::TextRange;

TextRange trimmed(std::string_view text, TextRange range) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    auto first = static_cast<std::int32_t>(range.first), last = static_cast<std::int32_t>(range.last);
    while (first < last) {
        std::int32_t next = first;
        UChar32 c = 0;
        U8_NEXT(bytes, next, last, c);
        if (c < 0 || (c != 0 && !u_isUWhiteSpace(c))) break;
        first = next;
    }
    while (first < last) {
        std::int32_t before = last;
        UChar32 c = 0;
        U8_PREV(bytes, first, before, c);
        if (c < 0 || (c != 0 && !u_isUWhiteSpace(c))) break;
        last = before;
    }
    return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last)};
}

struct TextCuts::State {
    prose::Sentences sentences;
    std::unique_ptr<icu::BreakIterator> breaks;

    State() {
        UErrorCode status = U_ZERO_ERROR;
        breaks.reset(icu::BreakIterator::createLineInstance(icu::Locale::getRoot(), status));
        // Without ICU's data there is none: then a text is cut between code points.
        if (U_FAILURE(status) != 0) breaks.reset();
    }
};

TextCuts::TextCuts() : state_(std::make_unique<State>()) {}
TextCuts::~TextCuts() = default;

std::vector<TextRange> TextCuts::sentences(std::string_view text, TextRange range) {
    std::vector<TextRange> found;
    for (const prose::Span& span :
         state_->sentences.of(text.substr(range.first, range.size()), prose::LineEnds::blanks)) {
        const TextRange sentence = trimmed(text, {range.first + static_cast<std::uint32_t>(span.first),
                                                  range.first + static_cast<std::uint32_t>(span.last)});
        if (!sentence.empty()) found.push_back(sentence);
    }
    return found;
}

std::vector<TextRange> TextCuts::lines(std::string_view text, TextRange range) {
    std::vector<TextRange> found;
    for (std::uint32_t at = range.first; at < range.last;) {
        const auto end = static_cast<std::uint32_t>(std::min<std::size_t>(text.find('\n', at), range.last));
        TextRange line = trimmed(text, {at, end});
        // The beginning of a line of code is part of it, and an empty first cell of a table.
        if (!line.empty()) found.push_back({at, line.last});
        at = end + 1;
    }
    return found;
}

std::uint32_t TextCuts::cut_near(std::string_view text, TextRange range, std::uint32_t wanted) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    wanted = std::clamp(wanted, range.first + 1, range.last - 1);
    std::int32_t point = static_cast<std::int32_t>(wanted);
    U8_SET_CP_START(bytes, static_cast<std::int32_t>(range.first), point);
    if (point == static_cast<std::int32_t>(range.first))
        U8_FWD_1(bytes, point, static_cast<std::int32_t>(range.last));
    // Not further than this from where it is wanted.
    constexpr std::uint32_t kWindow = 200;
    auto lower = static_cast<std::int32_t>(wanted - std::min(wanted - range.first, kWindow));
    U8_SET_CP_START(bytes, static_cast<std::int32_t>(range.first), lower);
    if (state_->breaks && point > lower) {
        UErrorCode status = U_ZERO_ERROR;
        UText* utext = utext_openUTF8(nullptr, text.data() + lower, point - lower, &status);
        state_->breaks->setText(utext, status);
        if (U_SUCCESS(status)) {
            // The end of a text is always a break; the one before it is meant.
            state_->breaks->last();
            const int at = state_->breaks->previous();
            if (at != icu::BreakIterator::DONE && at > 0) point = lower + at;
        }
        utext_close(utext);
    }
    return static_cast<std::uint32_t>(point);
}

}  // namespace pellucid::documents
