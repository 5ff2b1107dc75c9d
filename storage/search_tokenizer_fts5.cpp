// The bridge between SQLite's FTS5 and SearchTokenizer, and the score of a hit.
#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "storage/connection.h"
#include "storage/passage_index.h"
#include "storage/search_tokenizer.h"

namespace pellucid::storage {
namespace {

extern "C" {

/// One of FTS5's tokenizers, and how it sees what is not a query.
struct Fts5Adapter {
    SearchTokenizer tokenizer;
    SearchTokenizer::Mode content;
};

int pellucid_tokenizer_create(void* mode, const char**, int, Fts5Tokenizer** made) {
    try {
        const auto content =
            mode == nullptr ? SearchTokenizer::Mode::document : SearchTokenizer::Mode::passage;
        *made = reinterpret_cast<Fts5Tokenizer*>(new Fts5Adapter{SearchTokenizer(), content});
        return SQLITE_OK;
    } catch (...) {
        return SQLITE_NOMEM;
    }
}

void pellucid_tokenizer_delete(Fts5Tokenizer* tokenizer) {
    delete reinterpret_cast<Fts5Adapter*>(tokenizer);
}

int pellucid_tokenizer_run(Fts5Tokenizer* tokenizer, void* context, int flags, const char* text, int size,
                           int (*take)(void*, int, const char*, int, int, int)) {
    try {
        int status = SQLITE_OK;
        auto* adapter = reinterpret_cast<Fts5Adapter*>(tokenizer);
        const auto mode =
            (flags & FTS5_TOKENIZE_QUERY) != 0 ? SearchTokenizer::Mode::query : adapter->content;
        adapter->tokenizer.tokenize(
            {text, static_cast<std::size_t>(std::max(0, size))}, mode, [&](const SearchToken& token) {
                status = take(context, token.colocated ? FTS5_TOKEN_COLOCATED : 0, token.text.data(),
                              static_cast<int>(token.text.size()), token.begin, token.end);
                return status == SQLITE_OK;
            });
        return status;
    } catch (...) {
        return SQLITE_NOMEM;
    }
}

}  // extern "C"

/// What of BM25 is the same for every row of a query.
struct PhraseWeights {
    std::vector<double> rarity;  // [phrases] inverse document frequency
    double average_length = 1;
};

/// A word in more rows than this is common; counting on would cost more than it tells.
constexpr std::int64_t kCommon = 4000;

int count_row(const Fts5ExtensionApi*, Fts5Context*, void* user) {
    return ++*static_cast<std::int64_t*>(user) >= kCommon ? SQLITE_DONE : SQLITE_OK;
}

PhraseWeights* weights_of(const Fts5ExtensionApi* api, Fts5Context* context, int& status) {
    if (auto* known = static_cast<PhraseWeights*>(api->xGetAuxdata(context, 0))) return known;
    auto made = std::make_unique<PhraseWeights>();
    sqlite3_int64 rows = 0, tokens = 0;
    if ((status = api->xRowCount(context, &rows)) != SQLITE_OK) return nullptr;
    if ((status = api->xColumnTotalSize(context, -1, &tokens)) != SQLITE_OK) return nullptr;
    made->average_length = rows > 0 ? std::max(1.0, double(tokens) / double(rows)) : 1;
    for (int phrase = 0; phrase < api->xPhraseCount(context); ++phrase) {
        std::int64_t hits = 0;
        status = api->xQueryPhrase(context, phrase, &hits, count_row);
        if (status != SQLITE_OK) return nullptr;
        made->rarity.push_back(
            std::max(1e-3, std::log((double(rows) - double(hits) + 0.5) / (double(hits) + 0.5) + 1)));
    }
    auto* kept = made.release();
    status = api->xSetAuxdata(context, kept, [](void* data) { delete static_cast<PhraseWeights*>(data); });
    return status == SQLITE_OK ? kept : nullptr;
}

/// pellucid_score(message_index): BM25 with k1 = 1.2, b = 0.75 (Robertson and Zaragoza 2009), an occurrence
/// in a thought counting half. Differs from FTS5's bm25() in one thing: a common word is not counted to its
/// end, which makes the one-letter query of 50,000 messages quick.
void score(const Fts5ExtensionApi* api, Fts5Context* context, sqlite3_context* result, int, sqlite3_value**) {
    int status = SQLITE_OK;
    const auto* weights = weights_of(api, context, status);
    if (weights == nullptr) return sqlite3_result_error_code(result, status);
    int length = 0;
    status = api->xColumnSize(context, -1, &length);
    if (status != SQLITE_OK) return sqlite3_result_error_code(result, status);
    constexpr double kColumnWeight[] = {1.0, 0.5, 1.0};  // question, thought, answer
    constexpr int kEnough = 32;                          // the score has levelled off by then
    const double norm = 1.2 * (0.25 + 0.75 * length / weights->average_length);
    double sum = 0;
    for (int phrase = 0; phrase < static_cast<int>(weights->rarity.size()); ++phrase) {
        Fts5PhraseIter at;
        int column = 0, offset = 0, seen = 0;
        double frequency = 0;
        status = api->xPhraseFirst(context, phrase, &at, &column, &offset);
        if (status != SQLITE_OK) return sqlite3_result_error_code(result, status);
        for (; column >= 0 && seen < kEnough; api->xPhraseNext(context, &at, &column, &offset), ++seen)
            frequency += column < 3 ? kColumnWeight[column] : 1.0;
        sum += weights->rarity[static_cast<std::size_t>(phrase)] * frequency * 2.2 / (frequency + norm);
    }
    sqlite3_result_double(result, sum);
}

}  // namespace

void register_search_tokenizer(sqlite3* connection) {
    fts5_api* api = nullptr;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(connection, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    if (api == nullptr || api->iVersion < 2)
        refuse(ErrorCode::unsupported, "This SQLite library has no full-text search (FTS5)",
               "Install Debian's libsqlite3-0 3.40 or newer.");
    fts5_tokenizer tokenizer{pellucid_tokenizer_create, pellucid_tokenizer_delete, pellucid_tokenizer_run};
    static constexpr char kPassage = 1;  // any address: the second tokenizer leaves no marked beginnings
    if (api->xCreateTokenizer(api, "pellucid", nullptr, &tokenizer, nullptr) != SQLITE_OK ||
        api->xCreateTokenizer(api, "pellucid_text", const_cast<char*>(&kPassage), &tokenizer, nullptr) !=
            SQLITE_OK ||
        api->xCreateFunction(api, "pellucid_passage", nullptr, passage_score, nullptr) != SQLITE_OK ||
        api->xCreateFunction(api, "pellucid_score", nullptr, score, nullptr) != SQLITE_OK)
        refuse(ErrorCode::internal, "The search tokenizer could not be registered");
}

}  // namespace pellucid::storage
