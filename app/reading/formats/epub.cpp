// EPUB 2 and 3: the chapters of the spine, each read as the web page it is and each a page of its own.
#include "app/reading/formats/format.h"
#include "app/reading/formats/office.h"
#include "app/reading/formats/xml_stream.h"

namespace pellucid::reading {

namespace {

using Event = XmlStream::Event;

bool is_page(std::string_view name) {
    return name.ends_with(".xhtml") || name.ends_with(".html") || name.ends_with(".htm") ||
           name.ends_with(".xml");
}

}  // namespace

Result<void> read_epub(std::string_view bytes, DocumentBuilder& out) {
    PELLUCID_TRY(const Parts parts, unpack(bytes, [](std::string_view name) {
                     return is_page(name) || name.ends_with(".opf");
                 }));
    if (const std::string* encryption = parts.find("META-INF/encryption.xml")) {
        XmlStream xml(*encryption);
        for (Event event; (event = xml.next()) != Event::over;)
            if (event == Event::begin && xml.name() == "CipherReference" && is_page(xml.attribute("URI")))
                return fail(ErrorCode::encrypted, "it is protected against copying",
                            "use a copy without protection");
    }
    std::string package;
    if (const std::string* container = parts.find("META-INF/container.xml")) {
        XmlStream xml(*container);
        for (Event event; package.empty() && (event = xml.next()) != Event::over;)
            if (event == Event::begin && xml.name() == "rootfile")
                package = part_beside("", xml.attribute("full-path"));
    }
    const std::string* opf = parts.find(package);
    if (opf == nullptr)
        return fail(ErrorCode::corrupt, "the list of its chapters is missing",
                    "get the file again from where it came");
    std::map<std::string, std::string> manifest;
    std::vector<std::string> spine;
    XmlStream xml(*opf);
    for (Event event; (event = xml.next()) != Event::over;) {
        if (event != Event::begin) continue;
        Document& about = out.about();
        if (xml.name() == "title" && about.title.empty())
            about.title = xml.inner_text();
        else if (xml.name() == "creator" && about.author.empty())
            about.author = xml.inner_text();
        else if (xml.name() == "language" && about.language.empty())
            about.language = xml.inner_text();
        else if (xml.name() == "item")
            manifest[xml.attribute("id")] = part_beside(package, xml.attribute("href"));
        else if (xml.name() == "itemref")
            spine.push_back(xml.attribute("idref"));
    }
    std::size_t missing = 0;
    for (const std::string& id : spine) {
        const auto item = manifest.find(id);
        const std::string* chapter = item == manifest.end() ? nullptr : parts.find(item->second);
        if (chapter == nullptr) {
            ++missing;
            continue;
        }
        if (!out.begin_page()) break;
        PELLUCID_CHECK(read_html(decode_text(*chapter, declared_charset(*chapter), out), out));
    }
    if (spine.empty()) return fail(ErrorCode::corrupt, "it has no chapters");
    if (missing > 0)
        out.notice(NoticeCode::part_skipped, std::to_string(missing) + " chapters are missing from it");
    tell_damage(parts, out);
    return {};
}

}  // namespace pellucid::reading
