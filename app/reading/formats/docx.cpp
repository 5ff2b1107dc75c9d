// Word's .docx (ECMA-376, WordprocessingML): paragraphs, headings by style, lists, tables, foot- and
// endnotes.
#include <algorithm>

#include "app/reading/formats/format.h"
#include "app/reading/formats/office.h"
#include "app/reading/formats/xml_stream.h"

namespace pellucid::reading {

namespace {

using Event = XmlStream::Event;

struct Style {
    int heading = 0;  // 1..6, 7: the title, 8: a caption, 9: a quote, 10: a list item
    std::string based_on;
};

int number_of(const std::string& text, int otherwise = 0) {
    if (text.empty() || text.size() > 6 || text.find_first_not_of("0123456789") != text.npos)
        return otherwise;
    return std::stoi(text);
}

int heading_of_name(std::string name) {
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    std::erase(name, ' ');
    if (name.starts_with("heading") && name.size() == 8) return std::clamp(name[7] - '0', 0, 6);
    if (name == "title") return 7;
    if (name == "caption") return 8;
    if (name == "quote" || name == "intensequote") return 9;
    return name.starts_with("list") ? 10 : 0;
}

std::map<std::string, Style> read_styles(const std::string* bytes) {
    std::map<std::string, Style> styles;
    if (bytes == nullptr) return styles;
    XmlStream xml(*bytes);
    std::string id;
    for (Event event; (event = xml.next()) != Event::over;) {
        if (event != Event::begin) continue;
        if (xml.name() == "style")
            id = xml.attribute("styleId");
        else if (xml.name() == "name" && !id.empty())
            styles[id].heading = heading_of_name(xml.attribute("val"));
        else if (xml.name() == "basedOn" && !id.empty())
            styles[id].based_on = xml.attribute("val");
        else if (xml.name() == "outlineLvl" && !id.empty() && styles[id].heading == 0) {
            const int level = number_of(xml.attribute("val"), 9);
            if (level < 9) styles[id].heading = std::min(level + 1, 6);
        }
    }
    return styles;
}

class Body {
public:
    Body(const std::map<std::string, Style>& styles, DocumentBuilder& out) : styles_(styles), out_(out) {}

    void read(std::string_view bytes, BlockKind fallback) {
        XmlStream xml(bytes);
        for (Event event; (event = xml.next()) != Event::over && !out_.full();) {
            const std::string_view name = xml.name();
            if (event == Event::begin) {
                if (name == "Fallback" || name == "del" || name == "moveFrom" || name == "instrText")
                    xml.skip();  // drawn twice, deleted, codes
                else if (name == "p")
                    begin_paragraph();
                else if (name == "pStyle")
                    style_ = xml.attribute("val");
                else if (name == "outlineLvl")
                    outline_ = number_of(xml.attribute("val"), 9);
                else if (name == "ilvl")
                    list_ = std::max(list_, number_of(xml.attribute("val")) + 1);
                else if (name == "numId")
                    list_ = xml.attribute("val") == "0" ? 0 : std::max(list_, 1);
                else if (name == "r")
                    vanish_ = false;
                else if (name == "vanish")
                    vanish_ = xml.attribute("val") != "0" && xml.attribute("val") != "false";
                else if (name == "t" && !vanish_)
                    text() += xml.inner_text();
                else if (name == "t")
                    hidden = !xml.inner_text().empty() || hidden;
                else if (name == "tab" && in_paragraph_ > 0)
                    text() += ' ';
                else if (name == "br" || name == "cr")
                    text() += '\n';
                else if (name == "noBreakHyphen")
                    text() += '-';
                else if (name == "tbl")
                    tables_.emplace_back();
                else if (name == "tr" && !tables_.empty() && tables_.back().size() < 100'000)
                    tables_.back().emplace_back();
                else if (name == "tc" && !tables_.empty() && !tables_.back().empty())
                    tables_.back().back().emplace_back();
            } else if (event == Event::end) {
                if (name == "p")
                    end_paragraph(fallback);
                else if (name == "tbl" && !tables_.empty())
                    end_table();
            }
        }
        damaged = damaged || xml.damaged();
    }

    bool damaged = false, hidden = false;

private:
    /// Where text goes: the innermost table's cell, or the paragraph.
    std::string& text() {
        if (!tables_.empty() && !tables_.back().empty() && !tables_.back().back().empty())
            return tables_.back().back().back();
        return paragraph_;
    }

    void begin_paragraph() {
        if (in_paragraph_++ > 0) return;  // a text box within a paragraph
        style_.clear();
        outline_ = 9;
        list_ = 0;
    }

    void end_paragraph(BlockKind fallback) {
        in_paragraph_ = std::max(0, in_paragraph_ - 1);
        if (!tables_.empty()) {
            text() += ' ';
            return;
        }
        if (in_paragraph_ > 0) {
            paragraph_ += '\n';
            return;
        }
        int heading = outline_ < 9 ? std::min(outline_ + 1, 6) : 0;
        std::string id = style_;
        for (int guard = 0; heading == 0 && guard < 16 && !id.empty(); ++guard) {
            const auto style = styles_.find(id);
            if (style == styles_.end()) break;
            heading = style->second.heading;
            id = style->second.based_on;
        }
        if (heading == 7 && out_.about().title.empty()) out_.about().title = paragraph_;
        if (heading >= 1 && heading <= 7)
            out_.heading(heading == 7 ? 1 : heading, paragraph_);
        else if (heading == 8)
            out_.add(BlockKind::caption, 0, paragraph_);
        else if (heading == 9)
            out_.add(BlockKind::quote, 0, paragraph_);
        else if (list_ > 0 || heading == 10)
            out_.add(BlockKind::list_item, std::max(1, list_), "- " + folded_space(paragraph_), {}, true);
        else
            out_.add(fallback, 0, paragraph_, {}, true);
        paragraph_.clear();
    }

    void end_table() {
        const std::vector<std::vector<std::string>> rows = std::move(tables_.back());
        tables_.pop_back();
        if (tables_.empty()) {
            out_.table(rows, rows.size() > 1);
            return;
        }
        for (const auto& row : rows)  // a table within a cell is its text
            for (const std::string& cell : row) text() += cell + ' ';
    }

    const std::map<std::string, Style>& styles_;
    DocumentBuilder& out_;
    std::string paragraph_, style_;
    int outline_ = 9, list_ = 0, in_paragraph_ = 0;
    bool vanish_ = false;
    std::vector<std::vector<std::vector<std::string>>> tables_;
};

}  // namespace

Result<void> read_docx(std::string_view bytes, DocumentBuilder& out) {
    PELLUCID_TRY(const Parts parts, unpack(bytes, [](std::string_view name) {
                     return name == "word/document.xml" || name == "word/styles.xml" ||
                            name == "word/footnotes.xml" || name == "word/endnotes.xml" ||
                            name == "docProps/core.xml";
                 }));
    const std::string* document = parts.find("word/document.xml");
    if (document == nullptr)
        return fail(ErrorCode::corrupt, "the document's text is missing from it",
                    "get the file again from where it came");
    read_properties(parts, "docProps/core.xml", out);
    const auto styles = read_styles(parts.find("word/styles.xml"));
    Body body(styles, out);
    body.read(*document, BlockKind::paragraph);
    for (const char* notes : {"word/footnotes.xml", "word/endnotes.xml"})
        if (const std::string* part = parts.find(notes)) body.read(*part, BlockKind::note);
    if (body.damaged && out.empty())
        return fail(ErrorCode::corrupt, "its text is damaged",
                    "open it in the program that made it and save it again");
    if (body.damaged) out.notice(NoticeCode::damaged, "the text is damaged and breaks off");
    if (body.hidden) out.notice(NoticeCode::hidden_dropped, "hidden text was left out");
    tell_damage(parts, out);
    return {};
}

}  // namespace pellucid::reading
