// One block of a message: what the list of a chat view has as a row. Produced by IncrementalMarkdown.
#pragma once

#include <QMetaType>
#include <cstdint>
#include <string>

namespace pellucid::app {

/// A leaf of the document, with its containers flattened into attributes: a paragraph inside a list inside a
/// quote is one block with listLevel and quoteLevel set, so a view needs no tree.
struct MarkdownBlock {
    Q_GADGET
public:
    enum class Kind : std::uint8_t {
        Paragraph,  // text: inline Markdown, lines separated by \n
        Heading,    // headingLevel 1..6; text: inline Markdown
        ListItem,   // the first paragraph of an item; its further blocks follow with the same listLevel
        Code,       // text: the code without fences; info: the language in lower case, or empty
        Math,       // text: display TeX without delimiters; set it as maths only when `terminated`
        Table,      // text: the table's source lines; see markdown_table.h
        Rule,       // a thematic break
    };
    Q_ENUM(Kind)
    enum class Task : std::uint8_t { None, Open, Done };
    Q_ENUM(Task)

    std::size_t source = 0;  // bytes before the line of the text in which it begins
    std::int64_t id = 0;     // unique in its message and stable while the block lives
    Kind kind = Kind::Paragraph;
    Task task = Task::None;         // ListItem: "- [ ]" or "- [x]"
    std::uint8_t headingLevel = 0;  // 1..6 for Heading, else 0
    std::uint8_t quoteLevel = 0;    // number of enclosing block quotes
    std::uint8_t listLevel = 0;     // number of enclosing list items; 1 for an item of a top-level list
    bool ordered = false;           // ListItem: numbered
    std::int32_t number = 0;        // ListItem: its number when ordered
    bool closed = false;            // nothing will change any more
    bool terminated = false;        // Code, Math: the closing fence or delimiter was seen
    bool blankBefore = false;  // a blank line stands before it: a loose list item, a new paragraph of an item
    bool continued = false;    // continues the paragraph of the block before it: set without space between
    std::string text;          // UTF-8 (may hold invalid sequences if the input did)
    std::string info;          // Code: language

    bool operator==(const MarkdownBlock&) const = default;
};

}  // namespace pellucid::app
