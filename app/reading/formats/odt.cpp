// OpenDocument text (ISO/IEC 26300): headings, paragraphs, lists, tables, notes.
#include <algorithm>

#include "app/reading/formats/format.h"
#include "app/reading/formats/office.h"
#include "app/reading/formats/xml_stream.h"

namespace pellucid::reading {

namespace {

using Event = XmlStream::Event;

int number_of(const std::string& text, int otherwise) {
    if (text.empty() || text.size() > 6 || text.find_first_not_of("0123456789") != text.npos)
        return otherwise;
    return std::stoi(text);
}

}  // namespace

Result<void> read_odt(std::string_view bytes, DocumentBuilder& out) {
    PELLUCID_TRY(const Parts parts, unpack(bytes, [](std::string_view name) {
                     return name == "content.xml" || name == "meta.xml" || name == "META-INF/manifest.xml";
                 }));
    if (const std::string* manifest = parts.find("META-INF/manifest.xml");
        manifest != nullptr && manifest->find("encryption-data") != manifest->npos)
        return fail(ErrorCode::encrypted, "it is protected by a password",
                    "save it without a password, then add it again");
    const std::string* content = parts.find("content.xml");
    if (content == nullptr)
        return fail(ErrorCode::corrupt, "the document's text is missing from it",
                    "get the file again from where it came");
    read_properties(parts, "meta.xml", out);
    XmlStream xml(*content);
    std::vector<std::string> text(1);            // of the paragraph; one more for each note within it
    std::vector<std::vector<std::string>> rows;  // of the outermost table
    std::vector<std::string> notes;
    int tables = 0, lists = 0, heading = 0;
    bool body = false, cell = false;
    const auto target = [&]() -> std::string& {
        return tables > 0 && cell && text.size() == 1 && !rows.empty() && !rows.back().empty()
                   ? rows.back().back()
                   : text.back();
    };
    for (Event event; (event = xml.next()) != Event::over && !out.full();) {
        const std::string_view name = xml.name();
        if (event == Event::text) {
            if (body) target() += xml.text();
        } else if (event == Event::begin) {
            if (name == "body")
                body = true;
            else if (!body)
                continue;
            else if (name == "tracked-changes" || name == "sequence-decls" || name == "annotation" ||
                     name == "forms")
                xml.skip();
            else if (name == "h")
                heading = std::clamp(number_of(xml.attribute("outline-level"), 1), 1, 6);
            else if (name == "list")
                ++lists;
            else if (name == "s")
                target().append(static_cast<std::size_t>(std::clamp(number_of(xml.attribute("c"), 1), 1, 64)),
                                ' ');
            else if (name == "tab")
                target() += ' ';
            else if (name == "line-break")
                target() += '\n';
            else if (name == "note-citation")
                xml.skip();
            else if (name == "note-body")
                text.emplace_back();
            else if (name == "table") {
                if (tables++ == 0) rows.clear();
            } else if (name == "table-row" && tables == 1 && rows.size() < 100'000) {
                rows.emplace_back();
            } else if (name == "table-cell" && tables == 1 && !rows.empty()) {
                // Repeated cells are nearly always the empty ones at a row's end.
                const int repeat = number_of(xml.attribute("number-columns-repeated"), 1);
                if (rows.back().size() < 1'000)
                    rows.back().insert(rows.back().end(), static_cast<std::size_t>(std::clamp(repeat, 1, 64)),
                                       std::string());
                cell = true;
            }
        } else if (name == "p" || name == "h") {
            if (tables > 0 && text.size() == 1) {
                target() += ' ';
            } else if (text.size() > 1) {
                text.back() += '\n';
            } else {
                if (heading > 0)
                    out.heading(heading, text.back());
                else if (lists > 0 && !folded_space(text.back()).empty())
                    out.add(BlockKind::list_item, std::min(lists, 255), "- " + folded_space(text.back()));
                else
                    out.add(BlockKind::paragraph, 0, text.back(), {}, true);
                text.back().clear();
                for (const std::string& note : notes) out.add(BlockKind::note, 0, note);
                notes.clear();
            }
            heading = 0;
        } else if (name == "note-body" && text.size() > 1) {
            notes.push_back(std::move(text.back()));
            text.pop_back();
        } else if (name == "list") {
            lists = std::max(0, lists - 1);
        } else if (name == "table-cell") {
            cell = tables > 1;
        } else if (name == "table" && tables > 0 && --tables == 0) {
            out.table(rows, rows.size() > 1);
        }
    }
    if (xml.damaged() && out.empty())
        return fail(ErrorCode::corrupt, "its text is damaged",
                    "open it in the program that made it and save it again");
    if (xml.damaged()) out.notice(NoticeCode::damaged, "the text is damaged and breaks off");
    tell_damage(parts, out);
    return {};
}

}  // namespace pellucid::reading
