// A piece of a message as the view draws it, and the parser that makes pieces out of a growing text.
#pragma once

#include <QString>
#include <QStringList>
#include <QVariantList>
#include <functional>
#include <memory>
#include <vector>

namespace pellucid::app {

enum class BlockKind { Paragraph, Heading, ListItem, Code, Math, Table, Quote, Rule };

struct Block {
    BlockKind kind = BlockKind::Paragraph;
    QString text;    ///< source: Markdown of a paragraph, code of a code block, TeX of display maths
    QString html;    ///< rich text of paragraph, heading, list item and quote; empty for the others
    int level = 0;   ///< heading 1 to 6; nesting depth of a list item, from 0
    QString marker;  ///< list item: "•", "3." …
    int quoteDepth = 0;
    QString language;        ///< code block's info word, as written
    QVariantList table;      ///< [row][column] rich text; the first row is the head
    QStringList alignments;  ///< per column: "left", "center", "right"
    bool closed = true;      ///< false: may still grow
};

/// What append() changed: blocks before `first` are untouched, those from `first` to the end are new or
/// changed.
struct BlockChange {
    int first = 0;
    int oldCount = 0;
};

/// Makes blocks out of text that arrives in pieces. Closed blocks never change again.
class BlockParser {
public:
    virtual ~BlockParser() = default;
    virtual BlockChange append(const QString& text) = 0;
    /// The text is complete: closes what is open.
    virtual BlockChange finish() = 0;
    virtual const std::vector<Block>& blocks() const = 0;
};

using BlockParserFactory = std::function<std::unique_ptr<BlockParser>()>;

/// Paragraphs at empty lines and fenced code; no inline markup. What runs where no Markdown parser is given.
std::unique_ptr<BlockParser> makeParagraphParser();

}  // namespace pellucid::app
