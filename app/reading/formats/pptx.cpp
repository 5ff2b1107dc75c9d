// PowerPoint's .pptx (ECMA-376, PresentationML): a page a slide, its title as heading, its tables, its notes.
#include <algorithm>

#include "app/reading/formats/format.h"
#include "app/reading/formats/office.h"
#include "app/reading/formats/xml_stream.h"

namespace pellucid::reading {

namespace {

using Event = XmlStream::Event;

bool read_slide(std::string_view bytes, bool notes, DocumentBuilder& out) {
    XmlStream xml(bytes);
    std::string paragraph, placeholder;
    std::vector<std::vector<std::string>> rows;
    bool in_table = false, bullets = false;
    int level = 0;
    for (Event event; (event = xml.next()) != Event::over && !out.full();) {
        const std::string_view name = xml.name();
        if (event == Event::begin) {
            if (name == "Fallback")
                xml.skip();
            else if (name == "sp")
                placeholder = "none";
            else if (name == "ph")
                placeholder = xml.attribute("type").empty() ? "body" : xml.attribute("type");
            else if (name == "tbl")
                in_table = true, rows.clear();
            else if (name == "tr" && in_table && rows.size() < 100'000)
                rows.emplace_back();
            else if (name == "tc" && in_table && !rows.empty())
                rows.back().emplace_back();
            else if (name == "pPr") {
                const std::string depth = xml.attribute("lvl");
                level = depth.size() == 1 && depth[0] >= '0' && depth[0] <= '8' ? depth[0] - '0' : 0;
            } else if (name == "buNone")
                bullets = false;
            else if (name == "p")
                level = 0, bullets = placeholder == "body";
            else if (name == "t")
                (in_table && !rows.empty() && !rows.back().empty() ? rows.back().back() : paragraph) +=
                    xml.inner_text();
            else if (name == "br")
                paragraph += '\n';
        } else if (event == Event::end) {
            if (name == "p" && !in_table) {
                const bool furniture = placeholder == "sldNum" || placeholder == "dt" ||
                                       placeholder == "ftr" || placeholder == "hdr" ||
                                       placeholder == "sldImg";
                if (furniture) {
                } else if (notes)
                    out.add(BlockKind::note, 0, paragraph);
                else if (placeholder == "title" || placeholder == "ctrTitle")
                    out.heading(placeholder == "title" ? 2 : 1, paragraph);
                else if (bullets && !folded_space(paragraph).empty())
                    out.add(BlockKind::list_item, level + 1, "- " + folded_space(paragraph));
                else
                    out.paragraph(paragraph);
                paragraph.clear();
            } else if (name == "p" && !rows.empty() && !rows.back().empty()) {
                rows.back().back() += ' ';
            } else if (name == "tbl") {
                out.table(rows, rows.size() > 1);
                in_table = false;
            } else if (name == "sp") {
                placeholder.clear();
            }
        }
    }
    return !xml.damaged();
}

}  // namespace

Result<void> read_pptx(std::string_view bytes, DocumentBuilder& out) {
    PELLUCID_TRY(const Parts parts, unpack(bytes, [](std::string_view name) {
                     return name.starts_with("ppt/presentation.xml") ||
                            name == "ppt/_rels/presentation.xml.rels" || name == "docProps/core.xml" ||
                            ((name.starts_with("ppt/slides/") || name.starts_with("ppt/notesSlides/")) &&
                             (name.ends_with(".xml") || name.ends_with(".rels")));
                 }));
    read_properties(parts, "docProps/core.xml", out);
    const std::string* presentation = parts.find("ppt/presentation.xml");
    if (presentation == nullptr)
        return fail(ErrorCode::corrupt, "the list of its slides is missing",
                    "open it in the program that made it and save it again");
    const auto relations = relations_of(parts, "ppt/presentation.xml");
    std::vector<std::string> slides;
    XmlStream xml(*presentation);
    for (Event event; (event = xml.next()) != Event::over;)
        if (event == Event::begin && xml.name() == "sldId") slides.push_back(xml.relation());
    std::size_t damaged = 0;
    for (const std::string& id : slides) {
        const auto relation = relations.find(id);
        const std::string* slide = relation == relations.end() ? nullptr : parts.find(relation->second);
        if (!out.begin_page()) break;
        if (slide == nullptr) {
            ++damaged;
            continue;
        }
        if (!read_slide(*slide, false, out)) ++damaged;
        for (const auto& [_, target] : relations_of(parts, relation->second))
            if (target.starts_with("ppt/notesSlides/"))
                if (const std::string* notes = parts.find(target)) read_slide(*notes, true, out);
    }
    if (slides.empty()) return fail(ErrorCode::corrupt, "it has no slides");
    if (damaged > 0)
        out.notice(NoticeCode::damaged, std::to_string(damaged) + " slides are damaged or missing");
    tell_damage(parts, out);
    return {};
}

}  // namespace pellucid::reading
