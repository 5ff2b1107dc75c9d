// Web pages by libxml2's HTML parser. What a reader does not see (scripts, hidden elements) and what is there
// to get about (menus, banners) is left out, and said.
#include <libxml/HTMLparser.h>

#include <cstring>
#include <memory>
#include <set>

#include "app/reading/formats/format.h"

namespace pellucid::reading {

namespace {

using namespace std::string_view_literals;

std::string_view as_text(const xmlChar* text) {
    return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

std::string lower_attribute(xmlNode* node, const char* name) {
    std::string out;
    for (const xmlAttr* attribute = node->properties; attribute != nullptr; attribute = attribute->next)
        if (as_text(attribute->name) == name)
            for (const xmlNode* part = attribute->children; part != nullptr; part = part->next)
                out += as_text(part->content);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
}

bool has_attribute(const xmlNode* node, const char* name) {
    for (const xmlAttr* attribute = node->properties; attribute != nullptr; attribute = attribute->next)
        if (as_text(attribute->name) == name) return true;
    return false;
}

enum class Kind { inline_, block, heading, item, list, table, code, quote, caption, line_break, unseen };

Kind kind_of(std::string_view tag) {
    static const std::set<std::string_view> kUnseen = {
        "script", "style",  "noscript", "template", "head",   "iframe", "object", "embed",    "svg",
        "math",   "canvas", "audio",    "video",    "select", "button", "input",  "textarea", "form-x"};
    static const std::set<std::string_view> kBlock = {
        "p",    "div",     "section", "article", "main", "aside",    "header", "footer",  "body",
        "html", "address", "dl",      "dt",      "dd",   "fieldset", "form",   "details", "summary",
        "hr",   "center",  "figure",  "tr",      "td",   "th",       "tbody",  "thead"};
    if (tag.size() == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6') return Kind::heading;
    if (tag == "li") return Kind::item;
    if (tag == "ul" || tag == "ol" || tag == "menu") return Kind::list;
    if (tag == "table") return Kind::table;
    if (tag == "pre" || tag == "listing" || tag == "xmp") return Kind::code;
    if (tag == "blockquote") return Kind::quote;
    if (tag == "figcaption" || tag == "caption") return Kind::caption;
    if (tag == "br") return Kind::line_break;
    if (kUnseen.contains(tag)) return Kind::unseen;
    return kBlock.contains(tag) ? Kind::block : Kind::inline_;
}

/// Only what says of itself that it is for getting about.
bool is_navigation(xmlNode* node, std::string_view tag) {
    if (tag == "nav") return true;
    const std::string role = lower_attribute(node, "role");
    if (role == "navigation" || role == "banner" || role == "search" || role == "contentinfo") return true;
    static const std::set<std::string_view> kClasses = {
        "navheader",     "navfooter",    "nav",       "navbar",      "navigation",
        "breadcrumb",    "breadcrumbs",  "skip-link", "site-footer", "site-header",
        "cookie-banner", "header-panel", "nav-panel"};
    const std::string names = lower_attribute(node, "class") + " " + lower_attribute(node, "id");
    for (std::size_t at = 0; at < names.size();) {
        const std::size_t end = std::min(names.find(' ', at), names.size());
        if (kClasses.contains(std::string_view(names).substr(at, end - at))) return true;
        at = end + 1;
    }
    return false;
}

bool is_hidden(xmlNode* node) {
    if (has_attribute(node, "hidden") || lower_attribute(node, "aria-hidden") == "true") return true;
    std::string style = lower_attribute(node, "style");
    std::erase(style, ' ');
    return style.find("display:none") != style.npos || style.find("visibility:hidden") != style.npos ||
           style.find("font-size:0") != style.npos || style.find("opacity:0;") != style.npos ||
           style.ends_with("opacity:0");
}

class Walker {
public:
    explicit Walker(DocumentBuilder& out) : out_(out) {}

    /// The tree under `top` in order, without recursion: pages nest as deep as they like.
    void walk(xmlNode* top) {
        xmlNode* node = top;
        while (node != nullptr && !out_.full()) {
            const bool entered = enter(node);
            if (entered && node->children != nullptr) {
                node = node->children;
                continue;
            }
            if (entered) leave(node);
            while (node != top && node->next == nullptr) {
                node = node->parent;
                if (node == nullptr) break;
                leave(node);
            }
            if (node == nullptr || node == top) break;
            node = node->next;
        }
        flush();
    }

    bool navigation = false, hidden = false;
    std::string title;

private:
    /// False: what is below is not walked.
    bool enter(xmlNode* node) {
        if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
            text_ += as_text(node->content);
            return false;
        }
        if (node->type != XML_ELEMENT_NODE)
            return node->type == XML_HTML_DOCUMENT_NODE || node->type == XML_DOCUMENT_NODE;
        const std::string_view tag = as_text(node->name);
        const Kind kind = kind_of(tag);
        if (kind == Kind::unseen) return false;
        if (is_hidden(node)) {
            hidden = hidden || node->children != nullptr;
            return false;
        }
        if (is_navigation(node, tag)) {
            navigation = navigation || node->children != nullptr;
            return false;
        }
        if (kind == Kind::line_break) {
            text_ += '\n';
            return false;
        }
        if (tag == "img") {
            if (const std::string alt = attribute_text(node, "alt"); alt.size() > 3)
                text_ += " [" + alt + "] ";
            return false;
        }
        if (tag == "td" || tag == "th") {
            // Only met outside a table that is read as one.
            flush();
            return true;
        }
        if (kind == Kind::inline_) return true;
        flush();
        if (kind == Kind::table && !is_layout(node)) {
            table(node);
            return false;
        }
        if (kind == Kind::code) {
            gather(node, text_);
            out_.add(BlockKind::code, 0, text_);
            text_.clear();
            return false;
        }
        if (kind == Kind::list) ++lists_;
        if (kind == Kind::quote) ++quotes_;
        if (kind == Kind::item) begin_item(node);
        if (kind == Kind::heading) heading_ = tag[1] - '0';
        if (kind == Kind::caption) caption_ = true;
        return true;
    }

    void leave(xmlNode* node) {
        if (node->type != XML_ELEMENT_NODE) return;
        switch (kind_of(as_text(node->name))) {
            case Kind::inline_:
            case Kind::unseen:
            case Kind::line_break:
                return;
            case Kind::list:
                flush();
                lists_ = std::max(0, lists_ - 1);
                return;
            case Kind::quote:
                flush();
                quotes_ = std::max(0, quotes_ - 1);
                return;
            case Kind::item:
                flush();
                item_.clear();
                return;
            case Kind::heading:
                flush();
                heading_ = 0;
                return;
            case Kind::caption:
                flush();
                caption_ = false;
                return;
            default:
                flush();
        }
    }

    void begin_item(xmlNode* node) {
        item_ = "- ";
        if (node->parent == nullptr || as_text(node->parent->name) != "ol") return;
        int number = 1;
        for (xmlNode* before = node->prev; before != nullptr && number < 100'000; before = before->prev)
            number += as_text(before->name) == "li";
        item_ = std::to_string(number) + ". ";
    }

    void flush() {
        std::string words = folded_space(text_, false);
        text_.clear();
        if (words.empty()) return;
        if (heading_ > 0) {
            // DocBook and Sphinx end headings with a sign that links to them.
            for (std::string_view sign : {"\xC2\xB6"sv, "\xEF\x83\x81"sv, "#"sv})
                if (words.ends_with(sign) && words.size() > sign.size())
                    words.resize(words.size() - sign.size());
            out_.heading(heading_, words);
        } else if (!item_.empty() && lists_ > 0) {
            out_.add(BlockKind::list_item, std::min(lists_, 255), item_ + words);
            item_.clear();
        } else {
            out_.add(caption_      ? BlockKind::caption
                     : quotes_ > 0 ? BlockKind::quote
                                   : BlockKind::paragraph,
                     0, words);
        }
    }

    static std::string attribute_text(xmlNode* node, const char* name) {
        std::string out;
        for (const xmlAttr* attribute = node->properties; attribute != nullptr; attribute = attribute->next)
            if (as_text(attribute->name) == name)
                for (const xmlNode* part = attribute->children; part != nullptr; part = part->next)
                    out += as_text(part->content);
        return folded_space(out);
    }

    /// All text below `top`, line ends of <br> kept.
    static void gather(xmlNode* top, std::string& out) {
        for (xmlNode* node = top; node != nullptr;) {
            if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
                out += as_text(node->content);
            if (node->type == XML_ELEMENT_NODE && as_text(node->name) == "br") out += '\n';
            const bool unseen = node->type == XML_ELEMENT_NODE && node != top &&
                                (kind_of(as_text(node->name)) == Kind::unseen || is_hidden(node));
            if (node->children != nullptr && !unseen) {
                node = node->children;
                continue;
            }
            while (node != top && node->next == nullptr) node = node->parent;
            if (node == top) break;
            node = node->next;
        }
    }

    /// Tables that only place things: one column, a table within, or told so.
    static bool is_layout(xmlNode* table) {
        if (lower_attribute(table, "role") == "presentation") return true;
        std::size_t widest = 0, row = 0, longest = 0;
        for (xmlNode* node = table->children; node != nullptr;) {
            const std::string_view tag =
                node->type == XML_ELEMENT_NODE ? as_text(node->name) : std::string_view{};
            if (tag == "table" || (tag.size() == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6'))
                return true;
            if (tag == "tr") row = 0;
            if (tag == "td" || tag == "th") widest = std::max(widest, ++row);
            if (node->type == XML_TEXT_NODE) longest = std::max(longest, as_text(node->content).size());
            if (node->children != nullptr) {
                node = node->children;
                continue;
            }
            while (node != table && node->next == nullptr) node = node->parent;
            if (node == table) break;
            node = node->next;
        }
        return widest < 2;
    }

    void table(xmlNode* top) {
        std::vector<std::vector<std::string>> rows;
        bool header = false;
        std::string caption;
        for (xmlNode* node = top->children; node != nullptr;) {
            bool below = true;
            if (node->type == XML_ELEMENT_NODE) {
                const std::string_view tag = as_text(node->name);
                if (tag == "tr" && rows.size() < 100'000) rows.emplace_back();
                if (tag == "caption") {
                    gather(node, caption);
                    below = false;
                }
                if ((tag == "td" || tag == "th") && !rows.empty()) {
                    if (!is_hidden(node)) {
                        rows.back().emplace_back();
                        gather(node, rows.back().back());
                        header = header || (tag == "th" && rows.size() == 1);
                    }
                    below = false;
                }
                if (kind_of(tag) == Kind::unseen || is_hidden(node)) below = false;
            }
            if (below && node->children != nullptr) {
                node = node->children;
                continue;
            }
            while (node != top && node->next == nullptr) node = node->parent;
            if (node == top) break;
            node = node->next;
        }
        if (!caption.empty()) out_.add(BlockKind::caption, 0, caption);
        out_.table(rows, header);
    }

    DocumentBuilder& out_;
    std::string text_, item_;
    int lists_ = 0, quotes_ = 0, heading_ = 0;
    bool caption_ = false;
};

/// The first element of this name, in the order of the text.
xmlNode* find_element(xmlNode* top, std::string_view name) {
    for (xmlNode* node = top; node != nullptr;) {
        if (node->type == XML_ELEMENT_NODE && as_text(node->name) == name) return node;
        if (node->children != nullptr) {
            node = node->children;
            continue;
        }
        while (node != top && node->next == nullptr) node = node->parent;
        if (node == top) break;
        node = node->next;
    }
    return nullptr;
}

}  // namespace

Result<void> read_html(std::string_view text, DocumentBuilder& out) {
    if (text.size() > (256u << 20)) return fail(ErrorCode::too_large, "the web page is too long");
    const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> page(
        htmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, "UTF-8",
                       HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                           HTML_PARSE_COMPACT),
        &xmlFreeDoc);
    xmlNode* root = page ? xmlDocGetRootElement(page.get()) : nullptr;
    if (root == nullptr) return {};
    if (out.about().title.empty())
        if (xmlNode* title = find_element(root, "title"))
            for (xmlNode* part = title->children; part != nullptr; part = part->next)
                out.about().title += as_text(part->content);
    if (out.about().language.empty()) out.about().language = lower_attribute(root, "lang");
    Walker walker(out);
    walker.walk(root);
    if (walker.navigation) out.notice(NoticeCode::navigation_dropped, "menus and banners were left out");
    if (walker.hidden)
        out.notice(NoticeCode::hidden_dropped, "text that the page hides from its readers was left out");
    return {};
}

}  // namespace pellucid::reading
