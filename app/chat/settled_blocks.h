// The blocks of a message that are done, as small as they can be held.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "app/base/growing_text.h"
#include "app/content/markdown_block.h"

namespace pellucid::app {

/// Nearly every block's text stands in the message as it is (a paragraph, an item, the lines of a fence):
/// such a block is a range of the message, 24 bytes. Only where marks stand between its lines (a quote, code
/// inside a list) it has a text of its own.
class SettledBlocks {
public:
    std::size_t size() const { return blocks_.size(); }
    /// @param text what the blocks were made from, up to here or further
    void add(const MarkdownBlock& block, const GrowingText& text);
    /// PRECONDITION: index < size(). `text` as in add().
    MarkdownBlock at(std::size_t index, const GrowingText& text) const;
    /// Bytes held beside the message's own text: what a test bounds.
    std::size_t bytes() const;

private:
    struct Block {
        std::uint32_t begin = 0;   // in the message, or the index in own_
        std::uint32_t length = 0;  // bytes; kOwn: the text is in own_
        std::int32_t number = 0;
        std::uint16_t language = 0;  // in languages_
        std::uint8_t quoteLevel = 0, listLevel = 0;
        std::uint8_t kind : 4, task : 2, ordered : 1, terminated : 1;
        std::uint8_t headingLevel : 4, blankBefore : 1, continued : 1;
    };
    static constexpr std::uint32_t kOwn = 0xffffffff;

    std::deque<Block> blocks_;
    std::vector<std::string> own_;
    std::vector<std::string> languages_{std::string()};
    std::size_t end_ = 0;  // of the latest range
};

}  // namespace pellucid::app
