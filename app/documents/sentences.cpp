#include "app/documents/sentences.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <algorithm>

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

struct Sentences::State {
    std::unique_ptr<icu::BreakIterator> sentences, breaks;
    std::string flat;  // a block with its line ends as spaces: they end no sentence

    State() {
        UErrorCode status = U_ZERO_ERROR;
        sentences.reset(icu::BreakIterator::createSentenceInstance(icu::Locale::getRoot(), status));
        breaks.reset(icu::BreakIterator::createLineInstance(icu::Locale::getRoot(), status));
        // Without ICU's data there are none: then a block is one sentence and is cut between code points.
        if (U_FAILURE(status) != 0) sentences.reset(), breaks.reset();
    }
};

Sentences::Sentences() : state_(std::make_unique<State>()) {}
Sentences::~Sentences() = default;

std::vector<TextRange> Sentences::of(std::string_view text, TextRange range) {
    std::vector<TextRange> found;
    const auto add = [&](std::uint32_t first, std::uint32_t last) {
        const TextRange sentence = trimmed(text, {first, last});
        if (!sentence.empty()) found.push_back(sentence);
    };
    if (!state_->sentences) {
        add(range.first, range.last);
        return found;
    }
    state_->flat.assign(text.substr(range.first, range.size()));
    std::replace(state_->flat.begin(), state_->flat.end(), '\n', ' ');
    UErrorCode status = U_ZERO_ERROR;
    UText* utext =
        utext_openUTF8(nullptr, state_->flat.data(), static_cast<std::int64_t>(state_->flat.size()), &status);
    state_->sentences->setText(utext, status);
    std::uint32_t from = range.first;
    if (U_SUCCESS(status)) {
        state_->sentences->first();
        for (int at = state_->sentences->next(); at != icu::BreakIterator::DONE;
             at = state_->sentences->next()) {
            add(from, range.first + static_cast<std::uint32_t>(at));
            from = range.first + static_cast<std::uint32_t>(at);
        }
    }
    add(from, range.last);
    utext_close(utext);
    return found;
}

std::vector<TextRange> Sentences::lines(std::string_view text, TextRange range) {
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

std::uint32_t Sentences::cut_near(std::string_view text, TextRange range, std::uint32_t wanted) {
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
