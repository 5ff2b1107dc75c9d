#include "app/reading/formats/xml_stream.h"

#include <libxml/xmlreader.h>

#include <algorithm>

namespace pellucid::reading {

namespace {

std::string_view view(const xmlChar* text) {
    return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

}  // namespace

struct XmlStream::State {
    xmlTextReader* reader = nullptr;
    ~State() {
        if (reader != nullptr) xmlFreeTextReader(reader);
    }
};

XmlStream::XmlStream(std::string_view bytes) : state_(std::make_unique<State>()) {
    state_->reader = xmlReaderForMemory(
        bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 1u << 30)), nullptr, nullptr,
        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
    damaged_ = state_->reader == nullptr;
}

XmlStream::~XmlStream() = default;

XmlStream::Event XmlStream::next() {
    if (pending_end_) {
        pending_end_ = false;
        return Event::end;
    }
    while (state_->reader != nullptr) {
        const int status = xmlTextReaderRead(state_->reader);
        if (status != 1) {
            damaged_ = damaged_ || status < 0;
            return Event::over;
        }
        switch (xmlTextReaderNodeType(state_->reader)) {
            case XML_READER_TYPE_ELEMENT:
                name_ = view(xmlTextReaderConstLocalName(state_->reader));
                pending_end_ = xmlTextReaderIsEmptyElement(state_->reader) == 1;
                return Event::begin;
            case XML_READER_TYPE_END_ELEMENT:
                name_ = view(xmlTextReaderConstLocalName(state_->reader));
                return Event::end;
            case XML_READER_TYPE_TEXT:
            case XML_READER_TYPE_CDATA:
            case XML_READER_TYPE_WHITESPACE:
            case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
                text_ = view(xmlTextReaderConstValue(state_->reader));
                return Event::text;
            default:  // declarations, comments, references to entities: nothing of them is text
                break;
        }
    }
    return Event::over;
}

std::string XmlStream::attribute(std::string_view local_name) const {
    std::string value;
    if (state_->reader == nullptr || xmlTextReaderMoveToFirstAttribute(state_->reader) != 1) return value;
    do {
        if (view(xmlTextReaderConstLocalName(state_->reader)) == local_name) {
            value = view(xmlTextReaderConstValue(state_->reader));
            break;
        }
    } while (xmlTextReaderMoveToNextAttribute(state_->reader) == 1);
    xmlTextReaderMoveToElement(state_->reader);
    return value;
}

std::string XmlStream::relation() const {
    static constexpr const char* kSpaces[] = {
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships"};
    for (const char* space : kSpaces) {
        if (state_->reader == nullptr) break;
        xmlChar* value = xmlTextReaderGetAttributeNs(state_->reader, reinterpret_cast<const xmlChar*>("id"),
                                                     reinterpret_cast<const xmlChar*>(space));
        if (value == nullptr) continue;
        std::string found(view(value));
        xmlFree(value);
        return found;
    }
    return {};
}

void XmlStream::skip() {
    for (int depth = 1; depth > 0;) {
        const Event event = next();
        if (event == Event::over) return;
        depth += event == Event::begin ? 1 : event == Event::end ? -1 : 0;
    }
}

std::string XmlStream::inner_text() {
    std::string out;
    for (int depth = 1; depth > 0;) {
        const Event event = next();
        if (event == Event::over) break;
        if (event == Event::text) out += text_;
        depth += event == Event::begin ? 1 : event == Event::end ? -1 : 0;
    }
    return out;
}

}  // namespace pellucid::reading
