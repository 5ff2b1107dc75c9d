#include "app/asking/citation_parts.h"

#include <nlohmann/json.hpp>

namespace pellucid::asking {

using namespace answering;

std::vector<StoredCitation> stored_citations(const CheckedAnswer& answer,
                                             const std::vector<Passage>& passages) {
    std::vector<StoredCitation> all;
    for (const Citation& citation : answer.citations) {
        if (citation.number < 1 || static_cast<std::size_t>(citation.number) > passages.size() ||
            citation.sentence >= answer.sentences.size())
            continue;
        const Passage& passage = passages[static_cast<std::size_t>(citation.number - 1)];
        const CheckedSentence& sentence = answer.sentences[citation.sentence];
        const Span evidence = citation.evidence.empty() ? Span{0, passage.text.size()} : citation.evidence;
        StoredCitation one;
        one.number = citation.number;
        one.mark = citation.mark;
        one.sentence = sentence.span;
        one.found = citation.found;
        one.verdict = sentence.check.verdict;
        one.doubt = sentence.check.doubt;
        one.claimed = sentence.check.claimed;
        one.said = sentence.check.said;
        one.title = passage.title;
        one.file = passage.file;
        one.headings = passage.headings;
        one.page_label = passage.page_label;
        one.quote = passage.text.substr(evidence.first, evidence.size());
        one.document = passage.document;
        one.content = passage.content;
        one.chunk = passage.chunk;
        one.page = passage.page;
        one.range = in_document(passage, evidence);
        all.push_back(std::move(one));
    }
    return all;
}

storage::Part to_part(const StoredCitation& citation) {
    storage::Part part;
    part.kind = storage::PartKind::citation;
    part.name = citation.title;
    part.text = citation.quote;
    part.reference = citation.file + (citation.page_label.empty() ? "" : ", page " + citation.page_label);
    part.data = nlohmann::json{{"v", 1},
                               {"number", citation.number},
                               {"mark", {citation.mark.first, citation.mark.last}},
                               {"sentence", {citation.sentence.first, citation.sentence.last}},
                               {"found", citation.found},
                               {"verdict", static_cast<int>(citation.verdict)},
                               {"doubt", static_cast<int>(citation.doubt)},
                               {"claimed", citation.claimed},
                               {"said", citation.said},
                               {"file", citation.file},
                               {"headings", citation.headings},
                               {"page", citation.page},
                               {"label", citation.page_label},
                               {"document", citation.document},
                               {"content", citation.content},
                               {"chunk", citation.chunk},
                               {"range", {citation.range.first, citation.range.last}}}
                    .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return part;
}

std::optional<StoredCitation> read_part(const storage::Part& part) {
    if (part.kind != storage::PartKind::citation) return std::nullopt;
    const auto data = nlohmann::json::parse(part.data, nullptr, false);
    if (!data.is_object()) return std::nullopt;
    const auto number = [&](const char* key) -> std::int64_t {
        const auto at = data.find(key);
        return at != data.end() && at->is_number_integer() ? at->get<std::int64_t>() : 0;
    };
    const auto text = [&](const char* key) {
        const auto at = data.find(key);
        return at != data.end() && at->is_string() ? at->get<std::string>() : std::string();
    };
    const auto span = [&](const char* key) {
        const auto at = data.find(key);
        if (at == data.end() || !at->is_array() || at->size() != 2 || !(*at)[0].is_number_unsigned() ||
            !(*at)[1].is_number_unsigned())
            return Span{};
        const Span read{(*at)[0].get<std::size_t>(), (*at)[1].get<std::size_t>()};
        return read.first <= read.last ? read : Span{};
    };
    StoredCitation citation;
    citation.number = static_cast<int>(number("number"));
    if (citation.number < 1) return std::nullopt;
    citation.mark = span("mark");
    citation.sentence = span("sentence");
    citation.found = data.value("found", nlohmann::json()).is_boolean() && data["found"].get<bool>();
    const auto verdict = number("verdict"), doubt = number("doubt");
    if (verdict >= 0 && verdict <= static_cast<int>(Verdict::not_checkable))
        citation.verdict = static_cast<Verdict>(verdict);
    if (doubt >= 0 && doubt <= static_cast<int>(Doubt::opposite)) citation.doubt = static_cast<Doubt>(doubt);
    citation.claimed = text("claimed");
    citation.said = text("said");
    citation.title = part.name;
    citation.file = text("file");
    citation.headings = text("headings");
    citation.page_label = text("label");
    citation.quote = part.text;
    citation.document = number("document");
    citation.content = number("content");
    citation.chunk = number("chunk");
    citation.page = static_cast<std::uint32_t>(number("page"));
    citation.range = span("range");
    return citation;
}

}  // namespace pellucid::asking
