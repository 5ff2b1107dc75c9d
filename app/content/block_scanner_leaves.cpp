// How BlockScanner goes on with the leaf that is open: fence, formula, table, indented code, paragraph.
#include <algorithm>
#include <utility>

#include "app/content/block_scanner.h"

namespace pellucid::app {

using Kind = MarkdownBlock::Kind;

namespace {

/// True if an odd number of $$ stands in `text`.
bool hasOpenDollars(std::string_view text) {
    bool open = false;
    for (std::size_t at = text.find("$$"); at != text.npos; at = text.find("$$", at + 2)) open = !open;
    return open;
}

}  // namespace

/// Lines inside fences, formulas and tables, and indented code. False if the line is not theirs.
bool BlockScanner::continueLeaf(LineCursor& cursor, bool complete) {
    switch (state_.leaf) {
        case Leaf::Fence:
            if (complete && cursor.indent() < 4 &&
                closesFence(cursor.trimmed(), state_.fenceMark, state_.fenceLength)) {
                last().terminated = true;
                closeLeaf();
                return true;
            }
            cursor.skip(std::min(cursor.indent(), state_.fenceIndent));
            if (state_.pendingBlank++ > 0) appendText("\n");
            appendText(cursor.rest());
            return true;
        case Leaf::Math:
            mathLine(cursor.trimmed(), complete);
            return true;
        case Leaf::Indented:
            if (cursor.blank() || cursor.indent() < 4) return false;
            cursor.skip(4);
            appendText(std::string(static_cast<std::size_t>(state_.pendingBlank) + 1, '\n'));
            state_.pendingBlank = 0;
            appendText(cursor.rest());
            return true;
        case Leaf::Table: {
            const std::string_view text = cursor.trimmed();
            if (text.empty()) return false;
            const bool other = cursor.indent() < 4 &&
                               (text.front() == '>' || atxHeading(text) || fenceOpening(text) ||
                                isThematicBreak(text) || mathOpening(text) || text.find('|') == text.npos);
            if (other || !complete) {
                // A row longer than kHead ends the table; a tentative row is shown.
                if (other || !undo_.active) return false;
            }
            appendText("\n");
            appendText(trimEnd(text));
            return true;
        }
        default:
            return false;
    }
}

void BlockScanner::mathLine(std::string_view bytes, bool complete) {
    const std::size_t at = findMathCloser(bytes, state_.closer);
    if (at != bytes.npos) {
        const std::string_view content = trimEnd(bytes.substr(0, at));
        std::string_view after = trim(bytes.substr(at + state_.closer.size()));
        if (!last().text.empty() && (!content.empty() || state_.keepDelimiters)) appendText("\n");
        appendText(content);
        if (state_.keepDelimiters) appendText(state_.closer);
        // "\]." : the stop belongs to the formula.
        if (after.size() == 1 && std::string_view(".,;:").find(after[0]) != after.npos) {
            appendText(after);
            after = {};
        }
        last().terminated = true;
        closeLeaf();
        if (after.empty()) return;
        state_.sawBlank = false;
        open(Kind::Paragraph);
        state_.leaf = Leaf::Paragraph;
        return paragraphLine(after, complete);
    }
    if (last().text.size() + bytes.size() > kMaxMath) {
        // Not a formula after all: what was collected is text.
        const std::string opener = state_.keepDelimiters ? "" : state_.closer == "$$" ? "$$" : "\\[";
        std::string text = opener + last().text;
        touchLast();
        if (undo_.active && undo_.count == blocks_.size()) undo_.cut = last().text;
        last().kind = Kind::Paragraph;
        last().text = std::move(text);
        state_.leaf = Leaf::Paragraph;
        return paragraphLine(bytes, complete);
    }
    if (!last().text.empty()) appendText("\n");
    appendText(trimEnd(bytes));
}

/// One more line of the open paragraph, or what turns it into something else.
void BlockScanner::paragraphLine(std::string_view text, bool complete, bool lazy) {
    MarkdownBlock& block = last();
    const bool first = block.text.empty();
    if (!first && complete && !lazy) {
        if (const int level = setextLevel(text);
            level != 0 && block.kind == Kind::Paragraph && !block.continued && block.text.size() < 400) {
            touchLast();
            block.kind = Kind::Heading;
            block.headingLevel = static_cast<std::uint8_t>(level);
            state_.leaf = Leaf::None;
            block.closed = true;
            return;
        }
        if (tableFrom(text)) return;
    }
    if (!first) {
        const auto heading = complete ? atxHeading(text) : std::nullopt;
        const auto math = mathOpening(text);
        // "sum $$ a +" before "$$ ...": this one closes.
        const bool mathLineStarts = math && !(math->closer == "$$" && hasOpenDollars(block.text));
        if (heading || isThematicBreak(text) || (complete && fenceOpening(text)) || mathLineStarts) {
            LineCursor cursor(text);
            closeLeaf();
            return startLeaf(cursor, complete);
        }
        if (block.kind == Kind::Table) {
            touchLast();
            block.kind = Kind::Paragraph;  // it looked like a table's head, but no delimiter row followed
        }
        if (last().text.size() >= kSplitAtLine && isBalanced(last().text)) {
            continueParagraph();
        } else {
            appendText("\n");
        }
    } else if (block.kind == Kind::Paragraph && text.front() == '|') {
        block.kind = Kind::Table;
    }
    state_.sawBlank = false;
    if (!state_.containers.empty()) state_.containers.back().empty = false;
    // Two spaces at the end are a hard break, which every line end is here anyway.
    appendParagraph(complete ? trimEnd(text) : text);
    if (complete) openTrailingMath();
}

/// GFM tables: the paragraph's last line becomes the head if `delimiterRow` has as many columns.
bool BlockScanner::tableFrom(std::string_view delimiterRow) {
    const int columns = delimiterColumns(delimiterRow);
    if (columns == 0) return false;
    const std::string& text = last().text;
    const std::size_t lineStart = text.rfind('\n') == text.npos ? 0 : text.rfind('\n') + 1;
    const std::string head = text.substr(lineStart);
    std::string_view cells = trim(head);
    if (cells.find('|') == cells.npos && columns > 1) return false;
    if (cells.starts_with('|')) cells.remove_prefix(1);
    if (cells.ends_with('|') && !cells.ends_with("\\|")) cells.remove_suffix(1);
    int count = 1;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells[i] == '\\')
            ++i;
        else if (cells[i] == '|')
            ++count;
    }
    if (count != columns) return false;
    touchLast();
    if (lineStart > 0 || last().kind == Kind::ListItem) {
        cutText(lineStart == 0 ? 0 : lineStart - 1);
        closeLeaf();
        open(Kind::Table).blankBefore = false;
        last().source = lineBefore_;
        appendText(head);
    } else {
        last().kind = Kind::Table;
    }
    appendText("\n");
    appendText(trimEnd(delimiterRow));
    state_.leaf = Leaf::Table;
    return true;
}

/// "The formula is: \[" at the end of a paragraph's line opens a display formula.
void BlockScanner::openTrailingMath() {
    const std::string& text = last().text;
    const bool bracket = text.ends_with("\\[") && !text.ends_with("\\\\[");
    const bool dollars = text.ends_with("$$") && hasOpenDollars(text);
    if (!bracket && !dollars) return;
    touchLast();
    cutText(trimEnd(std::string_view(text).substr(0, text.size() - 2)).size());
    closeLeaf();
    open(Kind::Math);
    state_.leaf = Leaf::Math;
    state_.closer = bracket ? "\\]" : "$$";
    state_.keepDelimiters = false;
}

}  // namespace pellucid::app
