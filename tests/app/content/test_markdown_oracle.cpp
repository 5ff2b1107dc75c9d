// The block parser beside cmark-gfm on random documents: the same leaves, nested as deep, with the same text.
// Left out of the pieces is where we differ on purpose: raw HTML (text), link definitions (text), formulas,
// indented code that a table would read, numbers of a list that jump, tables that a line without | would go
// on.
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <rapidcheck.h>

#include <QtTest>
#include <string>
#include <vector>

#include "app/content/incremental_markdown.h"

using namespace pellucid::app;
using Kind = MarkdownBlock::Kind;

namespace {

/// Words of a leaf without its markup, for comparing across the two.
std::string words(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (std::isalnum(static_cast<unsigned char>(c)) || (c & 0x80)) out += c;
    }
    return out;
}

std::string withoutLastLines(std::string code) {
    while (code.ends_with('\n')) code.pop_back();
    return code;
}

std::string leaf(const char* kind, int lists, int quotes, const std::string& text) {
    return std::string(kind) + "@" + std::to_string(lists) + ">" + std::to_string(quotes) + ":" + text;
}

std::string inlineText(cmark_node* node) {
    std::string text;
    cmark_iter* iterator = cmark_iter_new(node);
    while (cmark_iter_next(iterator) != CMARK_EVENT_DONE) {
        if (const char* literal = cmark_node_get_literal(cmark_iter_get_node(iterator))) text += literal;
    }
    cmark_iter_free(iterator);
    return words(text);
}

void walk(cmark_node* node, int lists, int quotes, bool firstInItem, std::vector<std::string>& out) {
    for (cmark_node* child = cmark_node_first_child(node); child; child = cmark_node_next(child)) {
        const bool first = firstInItem && child == cmark_node_first_child(node);
        const std::string type = cmark_node_get_type_string(child);
        if (type == "block_quote") {
            if (first) out.push_back(leaf("item", lists, quotes, ""));
            walk(child, lists, quotes + 1, false, out);
        } else if (type == "list") {
            if (first) out.push_back(leaf("item", lists, quotes, ""));
            walk(child, lists, quotes, false, out);
        } else if (type == "item" || type == "tasklist") {
            if (!cmark_node_first_child(child)) out.push_back(leaf("item", lists + 1, quotes, ""));
            walk(child, lists + 1, quotes, true, out);
        } else if (type == "paragraph") {
            out.push_back(leaf(first ? "item" : "para", lists, quotes, inlineText(child)));
        } else {
            if (first) out.push_back(leaf("item", lists, quotes, ""));
            if (type == "heading")
                out.push_back(leaf(("h" + std::to_string(cmark_node_get_heading_level(child))).c_str(), lists,
                                   quotes, inlineText(child)));
            else if (type == "code_block")
                out.push_back(leaf("code", lists, quotes, withoutLastLines(cmark_node_get_literal(child))));
            else if (type == "thematic_break")
                out.push_back(leaf("rule", lists, quotes, ""));
            else
                out.push_back(leaf(type.c_str(), lists, quotes, inlineText(child)));
        }
    }
}

std::vector<std::string> byCmark(const std::string& text) {
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser* parser = cmark_parser_new(CMARK_OPT_DEFAULT);
    for (const char* name : {"table", "tasklist", "strikethrough"})
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(name));
    cmark_parser_feed(parser, text.data(), text.size());
    cmark_node* root = cmark_parser_finish(parser);
    std::vector<std::string> out;
    walk(root, 0, 0, false, out);
    cmark_node_free(root);
    cmark_parser_free(parser);
    return out;
}

std::vector<std::string> byUs(const std::string& text) {
    std::vector<std::string> out;
    for (const MarkdownBlock& block :
         IncrementalMarkdown::parse(QByteArrayView(text.data(), static_cast<qsizetype>(text.size())))) {
        const char* kind = "para";
        std::string shown = words(block.text);
        switch (block.kind) {
            case Kind::Paragraph:
                break;
            case Kind::Heading:
                kind = nullptr;
                break;
            case Kind::ListItem:
                kind = "item";
                break;
            case Kind::Code:
                kind = "code";
                shown = withoutLastLines(block.text);
                break;
            case Kind::Math:
                kind = "math";
                break;
            case Kind::Table:
                kind = "table";
                break;
            case Kind::Rule:
                kind = "rule";
                break;
        }
        const std::string name = kind ? kind : "h" + std::to_string(block.headingLevel);
        out.push_back(leaf(name.c_str(), block.listLevel, block.quoteLevel, shown));
    }
    return out;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string all;
    for (const auto& line : lines) all += line + "\n";
    return all;
}

}  // namespace

class TestMarkdownOracle : public QObject {
    Q_OBJECT

private slots:
    void the_same_leaves_as_cmark() {
        const auto piece = rc::gen::element<std::string>(
            "para", "two words", "- item", "* item", "1. one", "2. two", "7) seven", "- [ ] open",
            "- [x] done", "  - nested", "   text", "    deep text", "     deeper", "> quote", "> > deep",
            "```", "```py", "~~~", "# Title", "## H ##", "---", "***", "===", "", "", "", "> - q", "- - a",
            "> # h", "- # h", "1. ```", "   - sub", "      sub text", ">", "-", "1.", "text  ", "***b***",
            "\tt", " \tx", "- > iq", "+ plus", "#nohead", "1986. year");
        const auto document = rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                                           [](const std::vector<std::string>& lines) {
                                               std::string text;
                                               for (const auto& line : lines) text += line + "\n";
                                               return text;
                                           });
        const bool ok = rc::check("leaves", [&] {
            const std::string text = *document;
            const std::string ours = joined(byUs(text)), theirs = joined(byCmark(text));
            if (ours != theirs) RC_FAIL("source:\n" + text + "\nours:\n" + ours + "\ncmark:\n" + theirs);
        });
        QVERIFY(ok);
    }
};

QTEST_APPLESS_MAIN(TestMarkdownOracle)
#include "test_markdown_oracle.moc"
