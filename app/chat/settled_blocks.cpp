#include "app/chat/settled_blocks.h"

#include <algorithm>
#include <limits>

namespace pellucid::app {

namespace {

/// Marks, indents and a fence's line stand between the beginning of a block's line and its text.
constexpr std::size_t kLead = 4096;

}  // namespace

void SettledBlocks::add(const MarkdownBlock& block, const GrowingText& text) {
    Block to;
    to.number = block.number;
    to.quoteLevel = block.quoteLevel;
    to.listLevel = block.listLevel;
    to.kind = static_cast<std::uint8_t>(block.kind) & 15u;
    to.task = static_cast<std::uint8_t>(block.task) & 3u;
    to.ordered = block.ordered;
    to.terminated = block.terminated;
    to.headingLevel = block.headingLevel & 15u;
    to.blankBefore = block.blankBefore;
    to.continued = block.continued;

    // The same bytes at a place that fits are as good as the block's own: no bookkeeping of what was cut
    // away.
    const std::string_view whole = text.view();
    const std::size_t from = std::min(std::max(end_, block.source), whole.size());
    const std::size_t found = whole.substr(from, block.text.size() + kLead).find(block.text);
    if (found != std::string_view::npos && from + found + block.text.size() < kOwn) {
        to.begin = static_cast<std::uint32_t>(from + found);
        to.length = static_cast<std::uint32_t>(block.text.size());
        end_ = from + found + block.text.size();
    } else {
        to.begin = static_cast<std::uint32_t>(own_.size());
        to.length = kOwn;
        own_.push_back(block.text);
        own_.back().shrink_to_fit();
    }
    const auto language = std::find(languages_.begin(), languages_.end(), block.info);
    if (language != languages_.end()) {
        to.language = static_cast<std::uint16_t>(language - languages_.begin());
    } else if (languages_.size() < std::numeric_limits<std::uint16_t>::max()) {
        to.language = static_cast<std::uint16_t>(languages_.size());
        languages_.push_back(block.info);
    }
    blocks_.push_back(to);
}

MarkdownBlock SettledBlocks::at(std::size_t index, const GrowingText& text) const {
    const Block& from = blocks_[index];
    MarkdownBlock block;
    block.id = static_cast<std::int64_t>(index);
    block.kind = static_cast<MarkdownBlock::Kind>(from.kind);
    block.task = static_cast<MarkdownBlock::Task>(from.task);
    block.headingLevel = from.headingLevel;
    block.quoteLevel = from.quoteLevel;
    block.listLevel = from.listLevel;
    block.ordered = from.ordered;
    block.number = from.number;
    block.closed = true;
    block.terminated = from.terminated;
    block.blankBefore = from.blankBefore;
    block.continued = from.continued;
    block.text =
        from.length == kOwn ? own_[from.begin] : std::string(text.view().substr(from.begin, from.length));
    block.info = languages_[from.language];
    return block;
}

std::size_t SettledBlocks::bytes() const {
    std::size_t bytes =
        blocks_.size() * sizeof(Block) + (own_.capacity() + languages_.capacity()) * sizeof(std::string);
    for (const std::string& own : own_) bytes += own.capacity();
    return bytes;
}

}  // namespace pellucid::app
