#include "app/reading/formats/office.h"

#include "app/reading/formats/xml_stream.h"

namespace pellucid::reading {

std::map<std::string, std::string> relations_of(const Parts& parts, std::string_view part) {
    const std::size_t slash = part.rfind('/');
    const std::string folder(part.substr(0, slash == part.npos ? 0 : slash + 1));
    const std::string* bytes =
        parts.find(folder + "_rels/" + std::string(part.substr(folder.size())) + ".rels");
    std::map<std::string, std::string> relations;
    if (bytes == nullptr) return relations;
    XmlStream xml(*bytes);
    for (XmlStream::Event event; (event = xml.next()) != XmlStream::Event::over;)
        if (event == XmlStream::Event::begin && xml.name() == "Relationship" &&
            xml.attribute("TargetMode") != "External")
            relations[xml.attribute("Id")] = part_beside(part, xml.attribute("Target"));
    return relations;
}

void read_properties(const Parts& parts, std::string_view part, DocumentBuilder& out) {
    const std::string* bytes = parts.find(part);
    if (bytes == nullptr) return;
    XmlStream xml(*bytes);
    for (XmlStream::Event event; (event = xml.next()) != XmlStream::Event::over;) {
        if (event != XmlStream::Event::begin) continue;
        Document& about = out.about();
        if (xml.name() == "title")
            about.title = xml.inner_text();
        else if (xml.name() == "creator" || xml.name() == "initial-creator")
            about.author = xml.inner_text();
        else if (xml.name() == "language")
            about.language = xml.inner_text();
    }
}

void tell_damage(const Parts& parts, DocumentBuilder& out) {
    if (!parts.damaged.empty()) {
        std::string names;
        for (std::size_t i = 0; i < parts.damaged.size() && i < 5; ++i)
            names += (names.empty() ? "" : ", ") + parts.damaged[i];
        out.notice(NoticeCode::damaged, "parts of the file are damaged: " + names);
    }
    if (parts.cut) out.notice(NoticeCode::damaged, "the file breaks off: what follows is missing");
}

}  // namespace pellucid::reading
