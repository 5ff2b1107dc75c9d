#include "storage/passage_search.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include "storage/passage_index.h"
#include "storage/search_tokenizer.h"
#include "storage/stop_words.h"

namespace pellucid::storage {

namespace {

constexpr std::size_t kLongestQuery = 4000;  // bytes
constexpr std::size_t kMostTerms = 48;
/// Words are counted in this many stretches of the index, each up to that many hits.
constexpr int kStretches = 3, kCountedHits = 160;
/// About how many passages may be scored for one query.
constexpr double kCandidates = 6000;
/// And how many at the very most, when nothing rarer is asked for.
constexpr int kMostCandidates = 25'000;

struct Term {
    std::string expression;  // FTS5, quoted
    std::string shown;
    double rows = 0;  // that have it, estimated
};

std::string quoted(std::string_view token) {
    std::string text = "\"";
    text += kVerbatimMark;
    for (const char c : token) {
        if (c == '"') text += '"';
        text += c;
    }
    return text + '"';
}

std::vector<Term> terms_of(std::string text) {
    if (text.size() > kLongestQuery) text.resize(kLongestQuery);  // half a character is a gap
    std::erase_if(text, [](char c) { return c == kPrefixMark || c == kVerbatimMark || c == '\0'; });
    SearchTokenizer tokenizer;
    std::vector<Term> terms;
    std::set<std::string> known;
    const auto add = [&](std::string expression, std::string shown) {
        if (terms.size() < kMostTerms && known.insert(expression).second)
            terms.push_back({std::move(expression), std::move(shown), 0});
    };
    // What stands in quotes, as a phrase besides its words.
    for (std::size_t at = text.find('"'); at != std::string::npos;) {
        const std::size_t end = text.find('"', at + 1);
        if (end == std::string::npos) break;
        std::string phrase;
        int tokens = 0;
        tokenizer.tokenize(std::string_view(text).substr(at + 1, end - at - 1), SearchTokenizer::Mode::query,
                           [&](const SearchToken& token) {
                               phrase += (tokens++ > 0 ? " + " : "") + quoted(token.text);
                               return tokens < 32;
                           });
        if (tokens > 1) add(phrase, text.substr(at, end + 1 - at));
        at = text.find('"', end + 1);
    }
    // Stop words are looked for only where there is nothing else.
    for (const bool all : {false, true}) {
        tokenizer.tokenize(text, SearchTokenizer::Mode::query, [&](const SearchToken& token) {
            if (all || !is_stop_word(token.text)) add(quoted(token.text), std::string(token.text));
            return terms.size() < kMostTerms;
        });
        if (!terms.empty()) break;
    }
    return terms;
}

/// How many rows have the term: exact where they are few.
double rows_with(Connection& connection, const std::string& expression, ChunkId last) {
    double rows = 0;
    for (int i = 0; i < kStretches; ++i) {
        const ChunkId from = 1 + last * i / kStretches, to = last * (i + 1) / kStretches;
        if (from > to) continue;
        auto row = connection.query(
            "SELECT rowid FROM chunk_index WHERE chunk_index MATCH ?1 AND rowid BETWEEN ?2 AND ?3 LIMIT ?4");
        row.bind(expression, from, to, kCountedHits);
        int hits = 0;
        ChunkId reached = from;
        for (; row.step(); ++hits) reached = row.integer(0);
        rows +=
            hits < kCountedHits ? hits : double(hits) * double(to - from + 1) / double(reached - from + 1);
    }
    return rows;
}

std::string any_of(const std::vector<Term>& terms, std::size_t first, std::size_t last) {
    std::string text;
    for (std::size_t i = first; i < last; ++i) text += (i > first ? " OR " : "") + terms[i].expression;
    return text;
}

struct Plan {
    std::string expression;
    int skipped = 0;
    int most = kMostCandidates;
};

/// PRECONDITION: terms is not empty, rarest first.
Plan plan(const std::vector<Term>& terms, double rows) {
    Plan plan;
    double sum = 0;
    std::size_t rare = 0;
    while (rare < terms.size() && sum + terms[rare].rows <= kCandidates) sum += terms[rare++].rows;
    if (rare == terms.size()) {
        plan.expression = any_of(terms, 0, terms.size());
        return plan;
    }
    std::string chosen = any_of(terms, 0, rare);
    plan.skipped = static_cast<int>(rare);
    // Pairs of those in between, as long as few passages are likely to have both.
    for (std::size_t i = rare; i < terms.size(); ++i) {
        std::size_t end = i + 1;
        double both = 0;
        while (end < terms.size()) {
            const double pair = terms[i].rows * terms[end].rows / std::max(1.0, rows);
            if (sum + both + pair > kCandidates) break;
            both += pair;
            ++end;
        }
        if (end == i + 1) break;
        sum += both;
        chosen += (chosen.empty() ? "" : " OR ") + ("(" + terms[i].expression) + " AND (" +
                  any_of(terms, i + 1, end) + "))";
        plan.skipped += static_cast<int>(end - i);
    }
    if (chosen.empty()) {
        // Only common words: the rarest of them, as far as the budget goes.
        chosen = terms[0].expression;
        plan.skipped = 1;
    }
    plan.expression = "(" + chosen + ") AND (" + any_of(terms, 0, terms.size()) + ")";
    return plan;
}

}  // namespace

Result<PassageHits> PassageSearch::find(const PassageQuery& query) const {
    std::vector<Term> terms = terms_of(query.text);
    if (terms.empty() || query.limit <= 0) return PassageHits();
    return reading(database_, [&](Connection& connection) {
        PassageHits found;
        const ChunkId last = connection.query("SELECT ifnull(max(id), 0) FROM chunks").first();
        if (last == 0) return found;
        for (Term& term : terms) term.rows = rows_with(connection, term.expression, last);
        const auto rows =
            static_cast<double>(connection.query("SELECT ifnull(sum(chunks), 0) FROM contents").first());
        std::erase_if(terms, [](const Term& term) { return term.rows == 0; });
        std::stable_sort(terms.begin(), terms.end(),
                         [](const Term& a, const Term& b) { return a.rows < b.rows; });
        // What nearly every passage has tells nothing, and costs the most.
        while (terms.size() > 1 && rows > 1000 && terms.back().rows > rows * 2 / 3) terms.pop_back();
        if (terms.size() > kMostScoredTerms) terms.resize(kMostScoredTerms);
        if (terms.empty()) return found;

        const Plan steps = plan(terms, rows);
        std::vector<double> weights = {double(steps.skipped)};
        for (const Term& term : terms) {
            found.terms.push_back(term.shown);
            weights.push_back(std::max(1e-3, std::log((rows - term.rows + 0.5) / (term.rows + 0.5) + 1)));
        }
        const auto worse = [](const PassageHit& a, const PassageHit& b) {
            return a.score != b.score ? a.score > b.score : a.chunk < b.chunk;
        };
        auto& heap = found.hits;  // the worst on top
        auto row = connection.query(
            "SELECT rowid, pellucid_passage(chunk_index, ?2) FROM chunk_index WHERE chunk_index MATCH ?1 "
            "LIMIT ?3");
        row.bind(steps.expression,
                 Blob{{reinterpret_cast<const char*>(weights.data()), weights.size() * sizeof(double)}},
                 steps.most);
        const auto limit = static_cast<std::size_t>(query.limit);
        while (row.step()) {
            PassageHit hit;
            hit.chunk = row.integer(0);
            const auto bytes = row.bytes(1);
            std::memcpy(&hit.score, bytes.data(), sizeof hit.score);
            std::memcpy(&hit.terms, bytes.data() + sizeof hit.score, sizeof hit.terms);
            if (heap.size() == limit && !worse(hit, heap.front())) continue;
            if (query.accepts) {
                auto content = connection.query("SELECT content_id FROM chunks WHERE id = ?1");
                if (!query.accepts(content.bind(hit.chunk).first())) continue;
            }
            if (heap.size() == limit) {
                std::pop_heap(heap.begin(), heap.end(), worse);
                heap.pop_back();
            }
            heap.push_back(hit);
            std::push_heap(heap.begin(), heap.end(), worse);
        }
        std::sort(heap.begin(), heap.end(), worse);
        return found;
    });
}

}  // namespace pellucid::storage
