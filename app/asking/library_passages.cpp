#include "app/asking/library_passages.h"

#include <algorithm>
#include <map>
#include <memory>

#include "app/answering/claim_terms.h"
#include "app/library/storage_error.h"

namespace pellucid::asking {

using answering::Passage;
using answering::Span;
using library::from_storage;

namespace {

constexpr std::size_t kMostLately = 200;  // texts whose vectors are kept

std::string name_of(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

/// "12", "12-13"; empty where the source has no pages.
Result<std::string> pages_of(documents::DocumentLibrary& library, storage::ContentId content,
                             std::uint32_t first, std::uint32_t last) {
    PELLUCID_TRY(const auto begin, from_storage(library.contents().page(content, first)));
    if (begin.width == 0 && begin.label.empty()) return std::string();
    std::string label = begin.label.empty() ? std::to_string(first + 1) : begin.label;
    if (last > first) {
        PELLUCID_TRY(const auto end, from_storage(library.contents().page(content, last)));
        label += "-" + (end.label.empty() ? std::to_string(last + 1) : end.label);
    }
    return label;
}

Result<Passage> made(documents::DocumentLibrary& library, const storage::DocumentRow& document,
                     const storage::ContentFacts& facts, const storage::ChunkRow& chunk, std::string text) {
    Passage passage;
    passage.document = document.id;
    passage.content = chunk.content;
    passage.chunk = chunk.id;
    passage.file = name_of(document.path);
    passage.title = facts.title.empty() ? passage.file : facts.title;
    passage.headings = chunk.headings;
    passage.page = chunk.page;
    passage.first = chunk.range.first;
    passage.last = chunk.range.last;
    passage.text = std::move(text);
    if (passage.text.size() > chunk.range.size())
        passage.header = static_cast<std::uint32_t>(passage.text.size() - chunk.range.size());
    PELLUCID_TRY(passage.page_label, pages_of(library, chunk.content, chunk.page, chunk.last_page));
    return passage;
}

}  // namespace

Result<Passage> to_passage(documents::DocumentLibrary& library, const documents::FoundPassage& found) {
    PELLUCID_TRY(Passage passage, made(library, found.document, found.content, found.chunk, found.text));
    passage.score = found.score;
    return passage;
}

answering::Nearness nearness_of(const documents::FoundPassage& found, int words) {
    answering::Nearness nearness;
    nearness.has_words = found.words.has_value();
    int matched = 0;  // "the" and "of" bring nothing near
    for (const std::string& word : found.matched)
        for (const answering::Term& term : answering::terms_of(word).all)
            if (term.weight > 0) {
                ++matched;
                break;
            }
    nearness.matched_share = words > 0 ? static_cast<double>(matched) / words : 0;
    nearness.has_meaning = found.vectors.has_value();
    nearness.meaning = found.vectors ? found.meaning : 0;
    return nearness;
}

Result<std::vector<Passage>> all_passages(documents::DocumentLibrary& library,
                                          const storage::DocumentRow& document) {
    std::vector<Passage> passages;
    if (document.content == 0) return passages;
    PELLUCID_TRY(const auto facts, from_storage(library.contents().facts(document.content)));
    PELLUCID_TRY(const auto chunks, from_storage(library.contents().chunks_of(document.content)));
    PELLUCID_TRY(const auto texts, from_storage(library.contents().chunk_texts(chunks)));
    for (std::size_t i = 0; i < chunks.size() && i < texts.size(); ++i) {
        PELLUCID_TRY(Passage passage, made(library, document, facts, chunks[i], texts[i].text));
        passages.push_back(std::move(passage));
    }
    return passages;
}

Result<CitedPlace> cited_place(documents::DocumentLibrary& library, const Passage& passage, Span span) {
    CitedPlace place;
    PELLUCID_TRY(const auto document, from_storage(library.documents().get(passage.document)));
    place.path = document.path;
    if (span.empty()) span = {0, passage.text.size()};
    place.range = in_document(passage, span);
    PELLUCID_TRY(const auto pages, from_storage(library.contents().pages(passage.content)));
    place.page = passage.page;
    for (std::uint32_t i = 0; i < pages.size(); ++i)
        if (pages[i].range.first <= place.range.first && place.range.first < pages[i].range.last)
            place.page = i;
    PELLUCID_TRY(const auto page, from_storage(library.contents().page(passage.content, place.page)));
    place.width = page.width;
    place.height = page.height;
    if (page.width > 0 || !page.label.empty())
        place.page_label = page.label.empty() ? std::to_string(place.page + 1) : page.label;
    for (const storage::TextBox& box : page.boxes)
        if (box.range.first < place.range.last && place.range.first < box.range.last)
            place.boxes.push_back(box);
    return place;
}

answering::Meaning meaning_of(documents::DocumentLibrary& library) {
    const auto active = library.embeddings().active();
    if (!active) return {};
    // A sentence meets many passages: what was embedded lately is not embedded again.
    struct Lately {
        std::map<std::string, std::vector<float>, std::less<>> vectors;
    };
    return [source = active->source, lately = std::make_shared<Lately>()](
               std::string_view a, std::string_view b) -> std::optional<double> {
        if (lately->vectors.size() > kMostLately) lately->vectors.clear();
        std::vector<std::string> unknown;
        for (const std::string_view text : {a, b})
            if (!lately->vectors.contains(text)) unknown.emplace_back(text);
        if (!unknown.empty()) {
            const auto vectors = source->embed(unknown, documents::EmbeddingRole::passage);
            if (!vectors || vectors->size() != unknown.size()) return std::nullopt;
            for (std::size_t i = 0; i < unknown.size(); ++i) lately->vectors[unknown[i]] = (*vectors)[i];
        }
        const auto one = lately->vectors.find(a), other = lately->vectors.find(b);
        if (one == lately->vectors.end() || other == lately->vectors.end() ||
            one->second.size() != other->second.size())
            return std::nullopt;
        double product = 0;
        for (std::size_t i = 0; i < one->second.size(); ++i)
            product += static_cast<double>(one->second[i]) * other->second[i];
        return product;
    };
}

}  // namespace pellucid::asking
