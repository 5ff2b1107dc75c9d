#include "app/content/block_scanner.h"

#include <algorithm>
#include <utility>

namespace pellucid::app {

using Kind = MarkdownBlock::Kind;

// ---- bytes to lines

void BlockScanner::feed(std::string_view bytes) {
    std::size_t begin = 0;
    const auto text = [&](std::string_view piece) {
        while (!piece.empty()) {
            if (state_.inTail) return tail(piece);
            const std::size_t room = kHead - partial_.size();
            partial_.append(piece.substr(0, room));
            piece.remove_prefix(std::min(room, piece.size()));
            if (partial_.size() == kHead && !piece.empty()) {
                const std::string head = std::exchange(partial_, {});
                line(head, false);
                state_.inTail = true;
            }
        }
    };
    const auto newline = [&](std::size_t end) {
        if (state_.inTail) {
            state_.inTail = state_.dropTail = false;
        } else {
            const std::string head = std::exchange(partial_, {});
            line(head, true);
        }
        lineBefore_ = std::exchange(lineStart_, fed_ + end);
    };
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (c != '\n' && c != '\r') {
            carriageReturn_ = false;
            continue;
        }
        text(bytes.substr(begin, i - begin));
        begin = i + 1;
        if (!(c == '\n' && std::exchange(carriageReturn_, false)))
            newline(i + 1);
        else
            lineStart_ = fed_ + i + 1;
        carriageReturn_ = c == '\r';
    }
    text(bytes.substr(begin));
    fed_ += bytes.size();
}

std::size_t BlockScanner::settled() const {
    if (finished_) return blocks_.size();
    // What was shown tentatively goes again, and the block before it may still go on.
    const std::size_t sure = undo_.active ? undo_.count : blocks_.size();
    return sure > 0 ? sure - 1 : 0;
}

void BlockScanner::forget(std::size_t count) {
    blocks_.erase(blocks_.begin(), blocks_.begin() + static_cast<std::ptrdiff_t>(count));
    forgotten_ += count;
    undo_.count -= std::min(undo_.count, count);
}

void BlockScanner::finish() {
    if (finished_) return;
    finished_ = true;
    if (!partial_.empty()) line(std::exchange(partial_, {}), true);
    closeContainers(0);
}

void BlockScanner::peek() {
    if (partial_.empty() || finished_) return;
    const bool inLeaf = state_.leaf == Leaf::Fence || state_.leaf == Leaf::Math;
    if (inLeaf) {
        const std::string_view bare = trim(partial_);
        const std::string_view set =
            state_.leaf == Leaf::Fence ? std::string_view(&state_.fenceMark, 1) : std::string_view("\\]$");
        if (bare.find_first_not_of(set) == bare.npos) return;
    } else if (isAmbiguousStart(partial_)) {
        return;
    }
    undo_.state = state_;
    undo_.count = blocks_.size();
    undo_.nextId = nextId_;
    undo_.cut.clear();
    if (!blocks_.empty()) {
        std::string text = std::exchange(last().text, {});
        undo_.last = last();
        undo_.lastLength = text.size();
        last().text = std::move(text);
    }
    undo_.active = true;
    const std::string copy = partial_;
    line(copy, false);
}

void BlockScanner::unpeek() {
    if (!undo_.active) return;
    undo_.active = false;
    touch(forgotten_ + undo_.count);
    blocks_.resize(undo_.count);
    if (!blocks_.empty()) {
        std::string text = std::exchange(last().text, {});
        const std::size_t shown = text.size();
        text.resize(std::min(shown, undo_.lastLength - undo_.cut.size()));
        text += undo_.cut;
        undo_.last.text.clear();
        MarkdownBlock header = last();
        if (header != undo_.last || text.size() != shown || !undo_.cut.empty()) touchLast();
        last() = undo_.last;
        last().text = std::move(text);
    }
    state_ = undo_.state;
    nextId_ = undo_.nextId;
}

std::size_t BlockScanner::takeTouched() {
    return std::exchange(touched_, count());
}

// ---- one line

void BlockScanner::line(std::string_view bytes, bool complete) {
    LineCursor cursor(bytes);
    const bool blankLine = cursor.blank();
    const std::size_t matched = matchContainers(cursor, blankLine);
    const bool all = matched == state_.containers.size();
    if (all && continueLeaf(cursor, complete)) return;
    if (cursor.blank()) {
        // Lines of white space end a paragraph; a quote that was not continued ends too.
        if (state_.leaf != Leaf::Indented || !all) closeLeaf();
        if (!all && state_.containers[matched].quote) closeContainers(matched);
        if (state_.leaf == Leaf::Indented) ++state_.pendingBlank;
        // A marker alone on its line, then a blank one: the item stays empty.
        if (all && !state_.containers.empty() && state_.containers.back().empty)
            closeContainers(state_.containers.size() - 1);
        state_.sawBlank = true;
        if (!complete) state_.dropTail = true;
        return;
    }
    // A paragraph goes on lazily if the line can start nothing else.
    const bool inParagraph = state_.leaf == Leaf::Paragraph;
    if (!all) {
        LineCursor probe = cursor;
        const std::string_view text = probe.trimmed();
        const bool indented = probe.indent() >= 4;
        const auto marker = listMarker(text);
        const bool starts = !indented && (text.front() == '>' || atxHeading(text) || fenceOpening(text) ||
                                          isThematicBreak(text) || mathOpening(text) || marker.has_value());
        if (inParagraph && !starts && !state_.sawBlank) return paragraphLine(text, complete, true);
        closeContainers(matched);
    }
    bool started = false;
    if (!startContainers(cursor, started)) return;
    if (state_.leaf == Leaf::Paragraph) return paragraphLine(cursor.trimmed(), complete);
    startLeaf(cursor, complete);
}

std::size_t BlockScanner::matchContainers(LineCursor& cursor, bool blankLine) {
    std::size_t matched = 0;
    for (; matched < state_.containers.size(); ++matched) {
        const Container& container = state_.containers[matched];
        if (container.quote) {
            if (cursor.indent() > 3 || !cursor.trimmed().starts_with('>')) break;
            cursor.skip(3);
            cursor.take(1);
            cursor.skip(1);
        } else if (cursor.indent() >= container.indent) {
            cursor.skip(container.indent);
        } else if (!blankLine && !cursor.blank()) {
            break;
        }
    }
    return matched;
}

/// Consumes quote and list markers. False if the line was used up.
bool BlockScanner::startContainers(LineCursor& cursor, bool& started) {
    while (state_.containers.size() < kMaxContainers) {
        const std::string_view text = cursor.trimmed();
        if (cursor.indent() > 3 || text.empty()) return true;
        if (text.front() == '>') {
            closeLeaf();
            cursor.skip(3);
            cursor.take(1);
            cursor.skip(1);
            state_.containers.push_back({.quote = true});
            started = true;
            if (cursor.blank()) return false;
            continue;
        }
        const auto marker = listMarker(text);
        const bool interrupts = state_.leaf != Leaf::Paragraph ||
                                (marker && !marker->empty && (!marker->ordered || marker->number == 1));
        if (!marker || !interrupts || isThematicBreak(text)) return true;
        if (state_.leaf == Leaf::Paragraph && setextLevel(text) != 0) return true;
        closeLeaf();
        const int before = cursor.indent();
        cursor.skip(before);
        cursor.take(static_cast<std::size_t>(marker->width));
        int gap = cursor.indent();
        if (marker->empty || gap > 4) gap = 1;
        openItem(*marker);
        state_.containers.push_back({.ordered = marker->ordered,
                                     .empty = marker->empty,
                                     .delimiter = marker->delimiter,
                                     .indent = before + marker->width + gap});
        started = true;
        if (marker->empty) {
            state_.sawBlank = false;
            return false;
        }
        cursor.skip(gap);
        const std::string_view rest = cursor.trimmed();
        if (rest.size() > 3 && rest[0] == '[' && rest[2] == ']' && (rest[3] == ' ' || rest[3] == '\t') &&
            (rest[1] == ' ' || rest[1] == 'x' || rest[1] == 'X')) {
            last().task = rest[1] == ' ' ? MarkdownBlock::Task::Open : MarkdownBlock::Task::Done;
            cursor.skip(cursor.indent());
            cursor.take(3);
            cursor.skip(cursor.indent());
        }
        const std::string_view content = cursor.trimmed();
        const bool plain = cursor.indent() < 4 && !atxHeading(content) && !fenceOpening(content) &&
                           !isThematicBreak(content) && content.front() != '>' && !listMarker(content) &&
                           !mathOpening(content);
        if (plain) {
            state_.leaf = Leaf::Paragraph;
            state_.sawBlank = false;
            return true;
        }
    }
    return true;
}

/// What stands after the containers starts a new leaf. PRECONDITION: no leaf is open, or a paragraph's is
/// closed.
void BlockScanner::startLeaf(LineCursor& cursor, bool complete) {
    const std::string_view text = cursor.trimmed();
    const bool fillsItem = !state_.containers.empty() && state_.containers.back().empty && !last().closed;
    if (fillsItem) state_.containers.back().empty = false;
    if (fillsItem && cursor.indent() < 4 && !atxHeading(text) && !fenceOpening(text) &&
        !isThematicBreak(text) && !mathOpening(text)) {
        state_.leaf = Leaf::Paragraph;  // the item was opened by a marker alone: its text comes now
        return paragraphLine(text, complete);
    }
    closeLeaf();
    if (cursor.indent() >= 4) {
        cursor.skip(4);
        open(Kind::Code);
        state_.leaf = Leaf::Indented;
        state_.pendingBlank = 0;
        appendText(cursor.rest());
        return;
    }
    const bool shown = complete || undo_.active;
    if (const auto heading = atxHeading(text); heading && shown) {
        MarkdownBlock& block = open(Kind::Heading);
        block.headingLevel = static_cast<std::uint8_t>(heading->level);
        appendText(heading->text);
        block.closed = complete;
        return;
    }
    if (isThematicBreak(text) && shown) {
        open(Kind::Rule).closed = complete;
        return;
    }
    if (const auto fence = fenceOpening(text); fence && complete) {
        const int indent = cursor.indent();
        open(Kind::Code).info = fence->language;
        state_.leaf = Leaf::Fence;
        state_.fenceMark = fence->mark;
        state_.fenceLength = fence->length;
        state_.fenceIndent = indent;
        state_.pendingBlank = 0;
        return;
    }
    if (const auto math = mathOpening(text)) {
        // "$$x$$ and more text" is a paragraph; so is a formula in a line too long to see its end.
        const std::size_t skip = math->keepDelimiters ? 1 : 0;
        const std::size_t end = findMathCloser(math->content.substr(skip), math->closer);
        const bool closesHere = end != std::string_view::npos;
        const std::string_view after =
            closesHere ? trim(math->content.substr(skip + end + math->closer.size())) : std::string_view();
        if ((complete || undo_.active) && after.size() <= 1) {
            open(Kind::Math);
            state_.leaf = Leaf::Math;
            state_.closer = math->closer;
            state_.keepDelimiters = math->keepDelimiters;
            const std::string_view content = trim(math->content);
            if (!content.empty()) mathLine(content, complete);
            return;
        }
    }
    open(Kind::Paragraph);
    state_.leaf = Leaf::Paragraph;
    paragraphLine(text, complete);
}

/// The rest of a line longer than kHead: only text can be that long.
void BlockScanner::tail(std::string_view bytes) {
    if (state_.dropTail || blocks_.empty()) return;
    switch (state_.leaf) {
        case Leaf::Paragraph:
            return appendParagraph(bytes);
        case Leaf::Fence:
        case Leaf::Indented:
            return appendText(bytes);
        case Leaf::Math:
            for (const char c : bytes) {  // the bound must not depend on where a piece ends
                if (last().text.size() < kMaxMath) appendText({&c, 1});
            }
            return;
        default:
            return;
    }
}

}  // namespace pellucid::app
