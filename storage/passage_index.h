// The rows of the full-text index over chunks, kept in step with contents inside the same transaction.
#pragma once

#include <sqlite3.h>

#include "storage/connection.h"
#include "storage/contents.h"

struct Fts5ExtensionApi;
struct Fts5Context;

namespace pellucid::storage {

/// Raised whenever the tokens of some passage change: an index of another version is built anew.
constexpr int kPassageIndexVersion = 1;

/// Contentless, as SearchIndex: a row is taken out by giving FTS5 the same text again. Words are those of
/// search_tokenizer.h without marked beginnings; FTS5's Porter stemmer then takes the endings off English
/// ones, so that "indexing" finds "indexed".
class PassageIndex {
public:
    explicit PassageIndex(Connection& connection) : connection_(connection) {}

    void add(ChunkId id, const ChunkText& text);
    /// `text` as it was when it was added.
    void remove(ChunkId id, const ChunkText& text);
    /// All rows anew, and the version noted.
    void rebuild();
    static bool is_current(Connection& connection);

private:
    Connection& connection_;
};

/// What passage_score() is told of a query, as a blob: doubles in this order.
struct PassageWeights {
    double skipped = 0;  ///< phrases of the expression that choose rows and do not score
    /// [terms] inverse document frequencies, of the phrases behind those, follow.
};

/// pellucid_passage(chunk_index, blob of PassageWeights and rarities): a blob of the score (double) and of a
/// bit for each term that occurs (64 bits). BM25 (Robertson and Zaragoza 2009), k1 = 1.2, b = 0.75; an
/// occurrence in the headings counts as kHeadingWeight in the text.
void passage_score(const Fts5ExtensionApi* api, Fts5Context* context, sqlite3_context* result, int count,
                   sqlite3_value** values);
constexpr double kHeadingWeight = 2.0;
/// More terms than bits are not scored.
constexpr int kMostScoredTerms = 62;

}  // namespace pellucid::storage
