// Passages by their words: BM25 over the chunks of all documents.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "storage/contents.h"

namespace pellucid::storage {

struct PassageQuery {
    /// As a person asks: a question in words. No word is required; what is in "quotes" also counts as a
    /// phrase.
    std::string text;
    int limit = 100;
    /// Only passages of contents that it takes; empty: all. Called while the database is read.
    std::function<bool(ContentId)> accepts;
};

struct PassageHit {
    ChunkId chunk = 0;
    double score = 0;         ///< BM25: higher is better
    std::uint64_t terms = 0;  ///< bit i: PassageHits::terms[i] occurs
};

struct PassageHits {
    std::vector<PassageHit> hits;    ///< best first
    std::vector<std::string> terms;  ///< what was looked for, rarest first
};

/// Thread safe.
///
/// A word's weight is its rarity; words that say how a question asks are left out where it has others. So
/// that a common word does not cost a walk
/// over a large index, passages are candidates when they have a rare word, or two that are less rare, of the
/// query; candidates are then scored by all of its words. How often a common word occurs is estimated.
class PassageSearch {
public:
    explicit PassageSearch(Database& database) : database_(database) {}

    /// Errors: those of Database. Nothing to look for finds nothing.
    Result<PassageHits> find(const PassageQuery& query) const;

private:
    Database& database_;
};

}  // namespace pellucid::storage
