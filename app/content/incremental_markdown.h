// Append-only parser of streamed Markdown into a flat list of blocks.
//
// Main idea: the block structure of Markdown is decided line by line (CommonMark, "Overview of the parsing
// strategy"), so each complete line is looked at exactly once and finished blocks are never touched again.
// The unfinished last line is parsed tentatively and undone when more text comes. Inline content is not
// parsed here: a view asks parseInline() for the blocks it shows.
#pragma once

#include <QByteArrayView>
#include <QStringView>
#include <cstddef>
#include <deque>
#include <memory>

#include "app/content/markdown_block.h"

namespace pellucid::app {

class BlockScanner;

/// What an append did to the list: rows [firstChanged, min(oldCount, newCount)) may differ from before, rows
/// from oldCount to newCount are new, rows from newCount to oldCount are gone. All rows before firstChanged
/// are as they were.
struct MarkdownChange {
    std::size_t firstChanged = 0;
    std::size_t oldCount = 0;
    std::size_t newCount = 0;
};

/// Blocks of one message part. Not thread safe. The source text is not kept (the message has it).
///
/// Streaming in any pieces and finishing gives the same blocks as appending everything at once. Bounds:
/// containers nest at most 32 deep (deeper markers are text), a paragraph is split into `continued` blocks
/// beyond about 2,000 bytes, a formula longer than 4,000 bytes or a table row longer than a line is text, and
/// only the first 2,048 bytes of a line decide what it is. An unclosed fence ends with the text, `terminated`
/// false.
class IncrementalMarkdown {
public:
    IncrementalMarkdown();
    ~IncrementalMarkdown();
    IncrementalMarkdown(IncrementalMarkdown&&) noexcept;
    IncrementalMarkdown& operator=(IncrementalMarkdown&&) noexcept;

    /// Adds streamed UTF-8. Costs time in proportion to the piece plus the unfinished line, never to the
    /// document.
    MarkdownChange append(QByteArrayView utf8);
    MarkdownChange append(QStringView text);

    /// The text is complete: closes all blocks. Later appends are ignored.
    MarkdownChange finish();
    bool finished() const;

    /// Blocks of the text, those that were forgotten included.
    std::size_t count() const;
    /// PRECONDITION: forgotten() <= index < count().
    const MarkdownBlock& at(std::size_t index) const { return blocks()[index - forgotten()]; }
    /// Blocks from row forgotten() on.
    const std::deque<MarkdownBlock>& blocks() const;

    /// Rows before this one will never change again.
    std::size_t settled() const;
    /// For a caller who keeps the settled blocks in his own way: rows before `row` are dropped here.
    /// PRECONDITION: row <= settled().
    void forget(std::size_t row);
    std::size_t forgotten() const;

    /// All blocks of a complete text.
    static std::deque<MarkdownBlock> parse(QByteArrayView utf8);

private:
    std::unique_ptr<BlockScanner> scanner_;
};

}  // namespace pellucid::app
