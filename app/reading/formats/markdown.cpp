// Markdown by cmark-gfm: its tree to blocks.
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>

#include <memory>

#include "app/reading/formats/format.h"

namespace pellucid::reading {

namespace {

/// The words of a node and of those below it. Links and emphasis give their text, an image its description.
std::string words_of(cmark_node* top) {
    std::string out;
    const std::unique_ptr<cmark_iter, decltype(&cmark_iter_free)> walk(cmark_iter_new(top), &cmark_iter_free);
    for (cmark_event_type event; (event = cmark_iter_next(walk.get())) != CMARK_EVENT_DONE;) {
        if (event != CMARK_EVENT_ENTER) continue;
        cmark_node* node = cmark_iter_get_node(walk.get());
        const cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE) {
            if (const char* literal = cmark_node_get_literal(node)) out += literal;
        } else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
            out += '\n';
        }
    }
    return out;
}

std::string_view type_name(cmark_node* node) {
    return cmark_node_get_type_string(node);
}

void read_table(cmark_node* table, DocumentBuilder& out) {
    std::vector<std::vector<std::string>> rows;
    for (cmark_node* row = cmark_node_first_child(table); row != nullptr; row = cmark_node_next(row)) {
        rows.emplace_back();
        for (cmark_node* cell = cmark_node_first_child(row); cell != nullptr; cell = cmark_node_next(cell))
            rows.back().push_back(words_of(cell));
    }
    out.table(rows, true);
}

}  // namespace

Result<void> read_markdown(std::string_view text, DocumentBuilder& out) {
    // Front matter: lines between two "---" at the beginning; its title is the document's.
    if (text.starts_with("---\n") || text.starts_with("---\r\n")) {
        if (const std::size_t end = text.find("\n---", 3); end != text.npos) {
            const std::string_view matter = text.substr(0, end + 1);
            if (const std::size_t at = matter.find("\ntitle:"); at != matter.npos) {
                std::string title = folded_space(matter.substr(at + 7, matter.find('\n', at + 1) - at - 7));
                if (title.size() > 1 && (title[0] == '"' || title[0] == '\''))
                    title = title.substr(1, title.size() - 2);
                out.about().title = title;
            }
            text.remove_prefix(std::min(text.find('\n', end + 1), text.size()));
        }
    }
    cmark_gfm_core_extensions_ensure_registered();
    const std::unique_ptr<cmark_parser, decltype(&cmark_parser_free)> parser(
        cmark_parser_new(CMARK_OPT_FOOTNOTES), &cmark_parser_free);
    for (const char* name : {"table", "strikethrough", "autolink", "tasklist"})
        if (cmark_syntax_extension* extension = cmark_find_syntax_extension(name))
            cmark_parser_attach_syntax_extension(parser.get(), extension);
    cmark_parser_feed(parser.get(), text.data(), text.size());
    const std::unique_ptr<cmark_node, decltype(&cmark_node_free)> root(cmark_parser_finish(parser.get()),
                                                                       &cmark_node_free);

    int depth = 0, quotes = 0;
    bool hidden = false;
    const std::unique_ptr<cmark_iter, decltype(&cmark_iter_free)> walk(cmark_iter_new(root.get()),
                                                                       &cmark_iter_free);
    for (cmark_event_type event; (event = cmark_iter_next(walk.get())) != CMARK_EVENT_DONE && !out.full();) {
        cmark_node* node = cmark_iter_get_node(walk.get());
        const bool enter = event == CMARK_EVENT_ENTER;
        switch (const cmark_node_type type = cmark_node_get_type(node)) {
            case CMARK_NODE_LIST:
                depth += enter ? 1 : -1;
                break;
            case CMARK_NODE_BLOCK_QUOTE:
                quotes += enter ? 1 : -1;
                break;
            case CMARK_NODE_HEADING:
                if (!enter) break;
                if (out.about().title.empty()) out.about().title = words_of(node);
                out.heading(cmark_node_get_heading_level(node), words_of(node));
                break;
            case CMARK_NODE_PARAGRAPH: {
                if (!enter) break;
                cmark_node* parent = cmark_node_parent(node);
                const bool first = parent != nullptr && cmark_node_first_child(parent) == node;
                const bool item = depth > 0 && quotes == 0 &&
                                  (type_name(parent) == "item" || type_name(parent) == "tasklist");
                if (item && first) {
                    std::string mark = "- ";
                    if (cmark_node* list = cmark_node_parent(parent);
                        list != nullptr && cmark_node_get_list_type(list) == CMARK_ORDERED_LIST) {
                        int number = cmark_node_get_list_start(list);
                        for (cmark_node* before = cmark_node_previous(parent);
                             before != nullptr && number < 100'000; before = cmark_node_previous(before))
                            ++number;
                        mark = std::to_string(number) + ". ";
                    }
                    out.add(BlockKind::list_item, depth, mark + words_of(node), {}, true);
                } else {
                    out.add(quotes > 0 ? BlockKind::quote : BlockKind::paragraph, 0, words_of(node), {},
                            true);
                }
                break;
            }
            case CMARK_NODE_CODE_BLOCK:
                if (enter)
                    if (const char* literal = cmark_node_get_literal(node))
                        out.add(BlockKind::code, 0, literal);
                break;
            case CMARK_NODE_HTML_BLOCK:
                if (enter) {
                    const char* literal = cmark_node_get_literal(node);
                    const std::string_view html = literal == nullptr ? "" : literal;
                    if (html.starts_with("<!--"))
                        hidden = true;  // a comment: readers never see it
                    else
                        PELLUCID_CHECK(read_html(html, out));
                }
                break;
            default:
                if (enter && type != CMARK_NODE_TEXT && type_name(node) == "table") read_table(node, out);
                break;
        }
    }
    if (hidden) out.notice(NoticeCode::hidden_dropped, "comments that a reader does not see were left out");
    return {};
}

}  // namespace pellucid::reading
