#include "storage/passage_index.h"

#include <algorithm>
#include <cstring>
#include <memory>

namespace pellucid::storage {

namespace {

/// Parsed once a query and kept by FTS5.
struct Scoring {
    int skipped = 0;
    double average_length = 1;
    std::vector<double> rarity;  // [terms]
};

Scoring* scoring_of(const Fts5ExtensionApi* api, Fts5Context* context, sqlite3_value* weights, int& status) {
    if (auto* known = static_cast<Scoring*>(api->xGetAuxdata(context, 0))) return known;
    auto made = std::make_unique<Scoring>();
    const auto* bytes = static_cast<const char*>(sqlite3_value_blob(weights));
    const auto count = static_cast<std::size_t>(sqlite3_value_bytes(weights)) / sizeof(double);
    std::vector<double> numbers(count);
    if (count > 0) std::memcpy(numbers.data(), bytes, count * sizeof(double));
    const int phrases = api->xPhraseCount(context);
    if (count < 2 || numbers[0] < 0 || numbers[0] + double(count - 1) > phrases) {
        status = SQLITE_MISUSE;
        return nullptr;
    }
    made->skipped = static_cast<int>(numbers[0]);
    made->rarity.assign(numbers.begin() + 1, numbers.end());
    sqlite3_int64 rows = 0, tokens = 0;
    if ((status = api->xRowCount(context, &rows)) != SQLITE_OK) return nullptr;
    if ((status = api->xColumnTotalSize(context, -1, &tokens)) != SQLITE_OK) return nullptr;
    if (rows > 0) made->average_length = std::max(1.0, double(tokens) / double(rows));
    auto* kept = made.release();
    status = api->xSetAuxdata(context, kept, [](void* data) { delete static_cast<Scoring*>(data); });
    return status == SQLITE_OK ? kept : nullptr;
}

}  // namespace

void passage_score(const Fts5ExtensionApi* api, Fts5Context* context, sqlite3_context* result, int count,
                   sqlite3_value** values) {
    int status = SQLITE_OK;
    if (count != 1) return sqlite3_result_error_code(result, SQLITE_MISUSE);
    const Scoring* scoring = scoring_of(api, context, values[0], status);
    if (scoring == nullptr) return sqlite3_result_error_code(result, status);
    int length = 0;
    status = api->xColumnSize(context, -1, &length);
    if (status != SQLITE_OK) return sqlite3_result_error_code(result, status);
    constexpr int kEnough = 32;  // the score has levelled off by then
    const double norm = 1.2 * (0.25 + 0.75 * length / scoring->average_length);
    double sum = 0;
    std::uint64_t terms = 0;
    for (std::size_t term = 0; term < scoring->rarity.size(); ++term) {
        Fts5PhraseIter at;
        int column = 0, offset = 0, seen = 0;
        double frequency = 0;
        status = api->xPhraseFirst(context, scoring->skipped + static_cast<int>(term), &at, &column, &offset);
        if (status != SQLITE_OK) return sqlite3_result_error_code(result, status);
        for (; column >= 0 && seen < kEnough; api->xPhraseNext(context, &at, &column, &offset), ++seen)
            frequency += column == 0 ? kHeadingWeight : 1.0;
        if (seen == 0) continue;
        terms |= std::uint64_t{1} << term;
        sum += scoring->rarity[term] * frequency * 2.2 / (frequency + norm);
    }
    char bytes[sizeof sum + sizeof terms];
    std::memcpy(bytes, &sum, sizeof sum);
    std::memcpy(bytes + sizeof sum, &terms, sizeof terms);
    sqlite3_result_blob(result, bytes, sizeof bytes, SQLITE_TRANSIENT);
}

void PassageIndex::add(ChunkId id, const ChunkText& text) {
    connection_.query("INSERT INTO chunk_index (rowid, headings, text) VALUES (?1, ?2, ?3)")
        .bind(id, text.headings, text.text)
        .run();
}

void PassageIndex::remove(ChunkId id, const ChunkText& text) {
    connection_
        .query("INSERT INTO chunk_index (chunk_index, rowid, headings, text) VALUES ('delete', ?1, ?2, ?3)")
        .bind(id, text.headings, text.text)
        .run();
}

void PassageIndex::rebuild() {
    connection_.exec("INSERT INTO chunk_index (chunk_index) VALUES ('delete-all')");
    std::vector<ContentId> ids;
    {
        auto row = connection_.query("SELECT id FROM contents ORDER BY id");
        while (row.step()) ids.push_back(row.integer(0));
    }
    for (const ContentId id : ids)
        Contents::each_chunk(connection_, id,
                             [&](const ChunkRow& chunk, const ChunkText& text) { add(chunk.id, text); });
    connection_
        .query(
            "INSERT INTO meta (key, value) VALUES ('passage_version', ?1) ON CONFLICT (key) DO UPDATE SET "
            "value = excluded.value")
        .bind(std::to_string(kPassageIndexVersion))
        .run();
}

bool PassageIndex::is_current(Connection& connection) {
    auto query = connection.query("SELECT value FROM meta WHERE key = 'passage_version'");
    return query.step() && query.text(0) == std::to_string(kPassageIndexVersion);
}

}  // namespace pellucid::storage
