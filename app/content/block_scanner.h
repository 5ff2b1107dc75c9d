// The line-by-line state machine behind IncrementalMarkdown.
#pragma once

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "app/content/line_rules.h"
#include "app/content/markdown_block.h"

namespace pellucid::app {

/// Turns bytes into blocks. `feed` commits complete lines; `peek` shows the unfinished line tentatively and
/// `unpeek` takes that back. The rule that makes streaming equal to parsing at once: every decision depends
/// only on bytes before it (and at most the first kHead bytes of its line), never on where a piece ended.
class BlockScanner {
public:
    static constexpr std::size_t kHead = 2048;         // bytes of a line that decide what it is
    static constexpr std::size_t kSplitAtLine = 1500;  // a paragraph this long is split at the next line end
    static constexpr std::size_t kSplitAtSentence = 2000;
    static constexpr std::size_t kSplitAnywhere = 2600;
    static constexpr std::size_t kMaxMath = 4000;
    static constexpr std::size_t kMaxContainers = 32;

    void feed(std::string_view bytes);
    void finish();
    void peek();
    void unpeek();

    /// Blocks that are not forgotten. Row 0 of `blocks` is row `forgotten()` of the text.
    const std::deque<MarkdownBlock>& blocks() const { return blocks_; }
    std::size_t forgotten() const { return forgotten_; }
    std::size_t count() const { return forgotten_ + blocks_.size(); }
    /// How many of `blocks` will never change again.
    std::size_t settled() const;
    /// Lets go of the first `count` of them. PRECONDITION: count <= settled().
    void forget(std::size_t count);
    bool finished() const { return finished_; }
    /// Lowest row changed since the last call; count() if none.
    std::size_t takeTouched();

private:
    enum class Leaf { None, Paragraph, Fence, Indented, Math, Table };
    struct Container {
        bool quote = false;
        bool ordered = false;
        bool empty = false;  // an item that has no content yet
        char delimiter = 0;
        int indent = 0;  // columns of an item's content
    };
    /// Numbering of the list at one depth.
    struct ListState {
        bool ordered = false;
        char delimiter = 0;
        int next = 1;
    };
    struct State {
        std::vector<Container> containers;
        std::vector<ListState> lists;
        Leaf leaf = Leaf::None;
        char fenceMark = 0;
        int fenceLength = 0;
        int fenceIndent = 0;
        int pendingBlank = 0;  // blank lines of an indented code block, kept only if code follows
        std::string closer;
        bool keepDelimiters = false;
        bool sawBlank = false;
        bool inTail = false;    // within a line longer than kHead
        bool dropTail = false;  // the rest of the long line belongs to nothing
    };
    struct Undo {
        State state;
        std::size_t count = 0;
        std::int64_t nextId = 0;
        MarkdownBlock last;  // header only: its text stays in the block
        std::size_t lastLength = 0;
        std::string cut;  // text that the tentative line took off the last block
        bool active = false;
    };

    void line(std::string_view bytes, bool complete);
    void tail(std::string_view bytes);
    std::size_t matchContainers(LineCursor& cursor, bool blank);
    bool continueLeaf(LineCursor& cursor, bool complete);
    void mathLine(std::string_view bytes, bool complete);
    bool startContainers(LineCursor& cursor, bool& started);
    void startLeaf(LineCursor& cursor, bool complete);
    void paragraphLine(std::string_view text, bool complete, bool lazy = false);
    bool tableFrom(std::string_view delimiterRow);
    void openTrailingMath();

    MarkdownBlock& open(MarkdownBlock::Kind kind);
    void openItem(const ListMarker& marker);
    void closeLeaf();
    void closeContainers(std::size_t keep);
    void appendParagraph(std::string_view text);
    void appendText(std::string_view text);
    void cutText(std::size_t length);
    void continueParagraph();
    std::size_t itemDepth() const;
    MarkdownBlock& last() { return blocks_.back(); }
    void touch(std::size_t index) { touched_ = std::min(touched_, index); }
    void touchLast() { touch(count() - 1); }

    std::deque<MarkdownBlock> blocks_;
    State state_;
    Undo undo_;
    std::string partial_;  // the unfinished line, at most kHead bytes
    std::int64_t nextId_ = 0;
    std::size_t touched_ = 0;
    std::size_t forgotten_ = 0;
    std::size_t fed_ = 0;         // bytes before those that feed() was given last
    std::size_t lineStart_ = 0;   // bytes before the current line
    std::size_t lineBefore_ = 0;  // bytes before the line before it
    bool carriageReturn_ = false;
    bool finished_ = false;
};

}  // namespace pellucid::app
