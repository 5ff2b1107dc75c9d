// How BlockScanner opens, grows and closes its blocks.
#include <algorithm>

#include "app/content/block_scanner.h"

namespace pellucid::app {

using Kind = MarkdownBlock::Kind;

std::size_t BlockScanner::itemDepth() const {
    return static_cast<std::size_t>(std::count_if(state_.containers.begin(), state_.containers.end(),
                                                  [](const Container& c) { return !c.quote; }));
}

MarkdownBlock& BlockScanner::open(Kind kind) {
    closeLeaf();
    const std::size_t depth = itemDepth();
    if (kind != Kind::ListItem && state_.lists.size() > depth) state_.lists.resize(depth);
    touch(count());
    MarkdownBlock block;
    block.source = lineStart_;
    block.id = nextId_++;
    block.kind = kind;
    block.listLevel = static_cast<std::uint8_t>(depth);
    block.quoteLevel = static_cast<std::uint8_t>(state_.containers.size() - depth);
    block.blankBefore = state_.sawBlank;
    state_.sawBlank = false;
    blocks_.push_back(std::move(block));
    return last();
}

void BlockScanner::openItem(const ListMarker& marker) {
    const std::size_t depth = itemDepth();
    MarkdownBlock& block = open(Kind::ListItem);
    block.listLevel = static_cast<std::uint8_t>(depth + 1);
    block.ordered = marker.ordered;
    if (state_.lists.size() > depth + 1) state_.lists.resize(depth + 1);
    const bool sibling = state_.lists.size() == depth + 1 && state_.lists[depth].ordered == marker.ordered &&
                         state_.lists[depth].delimiter == marker.delimiter;
    state_.lists.resize(depth + 1);
    ListState& list = state_.lists[depth];
    if (!sibling) list = {marker.ordered, marker.delimiter, marker.number};
    // The author's own number counts when it goes up ("1. 2. 4."); "1. 1. 1." is numbered for them.
    block.number = marker.ordered ? std::max(marker.number, list.next) : 0;
    list.next = block.number + 1;
}

void BlockScanner::closeLeaf() {
    if (state_.leaf == Leaf::None && (blocks_.empty() || last().closed)) return;
    state_.leaf = Leaf::None;
    if (blocks_.empty() || last().closed) return;
    touchLast();
    MarkdownBlock& block = last();
    if (block.kind == Kind::Table && block.text.find('\n') == std::string::npos) block.kind = Kind::Paragraph;
    block.closed = true;
    if (!undo_.active) block.text.shrink_to_fit();
}

void BlockScanner::closeContainers(std::size_t keep) {
    closeLeaf();
    state_.containers.resize(std::min(keep, state_.containers.size()));
}

/// Starts the block that goes on with the open paragraph, which has become too long for one layout.
void BlockScanner::continueParagraph() {
    closeLeaf();
    open(Kind::Paragraph).continued = true;
    state_.leaf = Leaf::Paragraph;
}

void BlockScanner::appendParagraph(std::string_view text) {
    if (last().text.size() + text.size() <= kSplitAtSentence) return appendText(text);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string& open = last().text;
        const bool characterStart = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
        if (open.size() >= kSplitAtSentence && characterStart) {
            const bool cjkStop =
                open.ends_with("。") || open.ends_with("！") || open.ends_with("？") || open.ends_with("；");
            const bool latinStop =
                open.ends_with(". ") || open.ends_with("! ") || open.ends_with("? ") || open.ends_with("; ");
            const bool sentence = (cjkStop || latinStop) && isBalanced(open);
            const bool anywhere =
                open.size() >= kSplitAnywhere && (open.ends_with(' ') || open.size() >= kSplitAnywhere + 200);
            if (sentence || anywhere) continueParagraph();
        }
        appendText(text.substr(i, 1));
    }
}

void BlockScanner::appendText(std::string_view text) {
    if (text.empty()) return;
    touchLast();
    std::string& target = last().text;
    // Grow by an eighth, not by doubling (as reserve() does too): the open block of a long answer would waste
    // as much as it holds.
    if (target.capacity() < target.size() + text.size()) {
        std::string bigger;
        bigger.reserve(target.size() + text.size() + std::max<std::size_t>(64, target.size() / 8));
        bigger.append(target);
        target.swap(bigger);
    }
    target.append(text);
}

void BlockScanner::cutText(std::size_t length) {
    if (undo_.active && undo_.count == blocks_.size() && length < undo_.lastLength)
        undo_.cut = last().text.substr(length, undo_.lastLength - length);
    last().text.resize(length);
}

}  // namespace pellucid::app
