#include "app/documents/retriever.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "app/library/storage_error.h"

namespace pellucid::documents {

using library::from_storage;

namespace {

class Clock {
public:
    double lap() {
        const auto now = std::chrono::steady_clock::now();
        const double ms = std::chrono::duration<double, std::milli>(now - start_).count();
        start_ = now;
        return ms;
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

struct Fused {
    ChunkId chunk = 0;
    std::optional<ChannelScore> words, vectors;
    std::uint64_t terms = 0;
    double score = 0, meaning = 0;
    bool weighed = false;  ///< by its vector
};

/// The letters of a passage, for telling equal ones apart from different ones.
std::size_t fingerprint(const std::string& text) {
    std::string letters;
    for (const char c : text)
        if (static_cast<unsigned char>(c) > ' ')
            letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return std::hash<std::string>()(letters);
}

/// Its page; where there are no pages, its section; else itself.
std::string place_of(const FoundPassage& passage) {
    const std::string content = std::to_string(passage.chunk.content) + " ";
    if (passage.content.pages > 1) return content + std::to_string(passage.chunk.page);
    if (!passage.chunk.headings.empty()) return content + "> " + passage.chunk.headings;
    return content + "# " + std::to_string(passage.chunk.id);
}

bool below(const std::string& path, const std::string& folder) {
    if (!path.starts_with(folder)) return false;
    return path.size() == folder.size() || folder.ends_with('/') || path[folder.size()] == '/';
}

std::string ending_of(const std::string& path) {
    const auto slash = path.rfind('/');
    const auto dot = path.rfind('.');
    if (dot == std::string::npos || (slash != std::string::npos && dot < slash)) return {};
    std::string ending = path.substr(dot + 1);
    for (char& c : ending)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return ending;
}

template <typename T>
bool any_or(const std::vector<T>& list, const T& value) {
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

bool DocumentFilter::accepts(const storage::DocumentRow& document) const {
    return any_or(collections, document.collection) && any_or(documents, document.id) &&
           (folders.empty() ||
            std::any_of(folders.begin(), folders.end(),
                        [&](const auto& folder) { return below(document.path, folder); })) &&
           (types.empty() || any_or(types, ending_of(document.path))) &&
           (modified_from_ns == 0 || document.stamp.modified_ns >= modified_from_ns) &&
           (modified_to_ns == 0 || document.stamp.modified_ns < modified_to_ns);
}

std::string FoundPassage::why() const {
    char number[32];
    std::string text;
    const auto add = [&](const char* name, const std::optional<ChannelScore>& score, const char* format,
                         const std::string& more) {
        if (!score) return;
        std::snprintf(number, sizeof number, format, score->score);
        text += (text.empty() ? "" : ", ") + std::string(name) + " #" + std::to_string(score->rank) + " (" +
                number + more + ")";
    };
    std::string list;
    for (std::size_t i = 0; i < matched.size() && i < 6; ++i) list += (i == 0 ? ": " : ", ") + matched[i];
    add("words", words, "%.1f", list);
    add("meaning", vectors, "%.3f", "");
    add("judged", rerank, "%.2f", "");
    return text;
}

Retriever::Retriever(storage::Database& database, EmbeddingIndex& embeddings)
    : database_(database), embeddings_(embeddings) {}

Result<Retrieval> Retriever::find(const std::string& query, const RetrieveOptions& options,
                                  CancelToken cancel) const {
    Retrieval found;
    Clock clock;
    storage::Documents documents(database_);
    storage::Contents contents(database_);

    // What the filter lets through, by content; who says what is needed for the answer anyway.
    std::unordered_map<ContentId, storage::DocumentRow> filtered;
    std::function<bool(ContentId)> accepts;
    if (!options.filter.empty()) {
        PELLUCID_TRY(const auto rows, from_storage(documents.list()));
        for (const auto& row : rows)
            if (row.content != 0 && options.filter.accepts(row)) {
                const auto [at, fresh] = filtered.try_emplace(row.content, row);
                if (!fresh && at->second.away && !row.away) at->second = row;
            }
        accepts = [&](ContentId content) { return filtered.contains(content); };
    }

    std::map<ChunkId, Fused> fused;
    std::vector<std::string> terms;
    std::vector<ChunkId> by_words;
    clock.lap();
    if (options.words) {
        PELLUCID_TRY(
            auto hits,
            from_storage(storage::PassageSearch(database_).find({query, options.candidates, accepts})));
        terms = std::move(hits.terms);
        for (std::size_t i = 0; i < hits.hits.size(); ++i) {
            Fused& one = fused[hits.hits[i].chunk];
            one.words = ChannelScore{static_cast<int>(i) + 1, hits.hits[i].score};
            one.terms = hits.hits[i].terms;
            one.score = options.words_weight * hits.hits[i].score / std::max(1e-9, hits.hits[0].score);
            by_words.push_back(hits.hits[i].chunk);
        }
        found.words_ms = clock.lap();
    }
    if (cancel.cancelled()) return fail(ErrorCode::cancelled, "the search was stopped");
    const auto active = embeddings_.active();
    if (options.vectors && !active) {
        found.note = "no embedding model is installed: found by words alone";
    } else if (options.vectors) {
        PELLUCID_CHECK(embeddings_.prepare(*active, cancel));
        PELLUCID_TRY(const auto asked,
                     active->source->embed(std::vector<std::string>{query}, EmbeddingRole::query, cancel));
        found.embed_ms = clock.lap();
        // What words found is weighed by meaning too, however far it is.
        const auto nearest = static_cast<std::size_t>(options.candidates);
        const auto hits = active->vectors->find(asked.front(), nearest, accepts, by_words);
        for (std::size_t i = 0; i < hits.size(); ++i) {
            Fused& one = fused[hits[i].chunk];
            if (i < nearest) one.vectors = ChannelScore{static_cast<int>(i) + 1, double(hits[i].score)};
            one.meaning = double(hits[i].product);
            one.score += options.vectors_weight * double(hits[i].score);
            one.weighed = true;
        }
        // What has no vector yet is as near as the last that was found.
        if (!hits.empty()) {
            const double least = double(hits[std::min(hits.size(), nearest) - 1].score);
            for (auto& [chunk, one] : fused)
                if (!one.weighed) one.score += options.vectors_weight * least;
        }
        found.vectors_ms = clock.lap();
        if (active->vectors->size() == 0) found.note = "nothing is embedded yet: found by words alone";
    }

    std::vector<Fused> order;
    for (auto& [chunk, one] : fused) {
        one.chunk = chunk;
        order.push_back(one);
    }
    std::sort(order.begin(), order.end(), [](const Fused& a, const Fused& b) {
        return a.score != b.score ? a.score > b.score : a.chunk < b.chunk;
    });

    // Rows and texts of as many as may be shown. More are looked at, as equal ones and too many of one
    // document step back.
    const auto wanted = static_cast<std::size_t>(std::max(1, options.limit));
    const std::size_t most = options.reranker != nullptr
                                 ? std::max<std::size_t>(wanted, static_cast<std::size_t>(options.reranked))
                                 : wanted;
    std::vector<FoundPassage> first, later;
    std::unordered_map<std::size_t, std::size_t> texts;  // fingerprint: place in `first`
    std::unordered_map<ContentId, int> of_content;
    std::set<std::string> places;
    for (const Fused& one : order) {
        if (first.size() >= most) break;
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "the search was stopped");
        PELLUCID_TRY(const auto rows, from_storage(contents.chunks({one.chunk})));
        if (rows.empty()) continue;  // removed meanwhile
        FoundPassage passage;
        passage.chunk = rows.front();
        if (const auto known = filtered.find(passage.chunk.content); known != filtered.end()) {
            passage.document = known->second;
        } else {
            PELLUCID_TRY(const auto says, from_storage(documents.with_content(passage.chunk.content)));
            if (says.empty()) continue;  // waits to be swept away
            passage.document = says.front();
        }
        auto text = contents.chunk_texts(rows);
        auto facts = contents.facts(passage.chunk.content);
        if (!text.ok() || !facts.ok()) continue;  // removed between, or damaged: the others are found
        passage.headings = std::move(text->front().headings);
        passage.text = std::move(text->front().text);
        passage.content = *std::move(facts);
        passage.words = one.words;
        passage.vectors = one.vectors;
        passage.score = one.score;
        passage.meaning = one.meaning;
        for (std::size_t i = 0; i < terms.size() && i < 64; ++i)
            if ((one.terms >> i & 1) != 0) passage.matched.push_back(terms[i]);
        const auto [same, fresh] = texts.try_emplace(fingerprint(passage.text), first.size());
        if (!fresh) {
            if (same->second < first.size()) ++first[same->second].same_text;
            continue;
        }
        if (!places.insert(place_of(passage)).second ||
            ++of_content[passage.chunk.content] > options.most_of_one_document) {
            same->second = SIZE_MAX;
            if (later.size() < wanted) later.push_back(std::move(passage));
        } else {
            first.push_back(std::move(passage));
        }
    }
    for (auto& passage : later)
        if (first.size() < most) first.push_back(std::move(passage));
    found.fuse_ms = clock.lap();

    if (options.reranker != nullptr && !first.empty()) {
        std::vector<std::string> asked;
        for (const auto& passage : first)
            asked.push_back(passage.headings.empty() ? passage.text : passage.headings + "\n" + passage.text);
        PELLUCID_TRY(const auto scores, options.reranker->score(query, asked, cancel));
        if (scores.size() == first.size()) {
            std::vector<std::size_t> order(first.size());
            std::iota(order.begin(), order.end(), std::size_t{0});
            const auto by = [&](const auto& value) {
                std::stable_sort(order.begin(), order.end(),
                                 [&](std::size_t a, std::size_t b) { return value(a) > value(b); });
            };
            by([&](std::size_t i) { return double(scores[i]); });
            for (std::size_t i = 0; i < order.size(); ++i)
                first[order[i]].rerank = ChannelScore{static_cast<int>(i) + 1, double(scores[order[i]])};
            by([&](std::size_t i) { return first[i].score + options.rerank_weight * double(scores[i]); });
            std::vector<FoundPassage> judged;
            for (const std::size_t i : order) judged.push_back(std::move(first[i]));
            first = std::move(judged);
        }
        found.rerank_ms = clock.lap();
    }
    if (first.size() > wanted) first.resize(wanted);
    found.passages = std::move(first);
    return found;
}

}  // namespace pellucid::documents
