#include "storage/search.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "storage/message_rows.h"
#include "storage/search_index.h"
#include "storage/search_query.h"
#include "storage/snippet.h"

namespace pellucid::storage {
namespace {

/// The newest rows that match are scored and the others left alone: a word found in more places than this is
/// looked for among the newest, and one letter typed never costs a walk over the whole index.
constexpr int kCandidates = 2000;
constexpr double kTitleBonus = 12;
constexpr double kMillisPerDay = 86'400'000.0;

struct Candidate {
    MessageId message = 0;  // 0: the title
    Millis created_at = 0;
    double score = 0;
};

struct Group {
    ConversationId conversation = 0;
    std::vector<Candidate> hits;
    double best = 0;
};

std::string column_filter(unsigned fields) {
    std::string columns;
    const auto add = [&](SearchField field, const char* name) {
        if ((fields & static_cast<unsigned>(field)) != 0)
            columns += (columns.empty() ? "" : " ") + std::string(name);
    };
    add(SearchField::question, "question");
    add(SearchField::thought, "thought");
    add(SearchField::answer, "answer");
    return columns;
}

/// 1 for a message of today, falling to 0.6 over the months.
double recency(Millis created_at, Millis now) {
    const double days = std::max(0.0, static_cast<double>(now - created_at) / kMillisPerDay);
    return 0.6 + 0.4 * std::exp2(-days / 45);
}

/// The field of a message that shows most of what was searched for.
void describe(Connection& connection, const SearchTerms& terms, SearchTokenizer& tokenizer,
              const SearchQuery& query, SearchHit& hit) {
    if (hit.message_id == 0) {
        Snippet snippet = make_snippet(hit.title, terms, tokenizer, query.snippet_chars);
        hit.field = SearchField::title;
        hit.snippet = std::move(snippet.text);
        hit.matches = std::move(snippet.matches);
        return;
    }
    Role role = Role::user;
    {
        auto row = connection.query("SELECT role FROM messages WHERE id = ?1");
        row.bind(hit.message_id);
        role = static_cast<Role>(row.first());
    }
    const auto [question, thought, answer] =
        SearchIndex::fields(role, read_parts(connection, hit.message_id));
    int most = -1;
    for (const auto& [field, text] :
         {std::pair(SearchField::answer, &answer), std::pair(SearchField::question, &question),
          std::pair(SearchField::thought, &thought)}) {
        if ((query.fields & static_cast<unsigned>(field)) == 0 || text->empty()) continue;
        Snippet snippet = make_snippet(*text, terms, tokenizer, query.snippet_chars);
        if (snippet.terms_found <= most) continue;
        most = snippet.terms_found;
        hit.field = field;
        hit.snippet = std::move(snippet.text);
        hit.matches = std::move(snippet.matches);
    }
}

}  // namespace

Search::Search(Database& database) : database_(database) {}

std::string Search::expression(std::string_view typed, unsigned fields) {
    SearchTokenizer tokenizer;
    const auto expression = parse_search(typed, tokenizer).expression();
    const auto columns = column_filter(fields);
    if (expression.empty() || columns.empty()) return {};
    return (fields & kAllFields & ~1u) == (kAllFields & ~1u) ? expression
                                                             : "{" + columns + "} : (" + expression + ")";
}

Result<std::vector<SearchHit>> Search::find(const SearchQuery& query) const {
    SearchTokenizer tokenizer;
    const SearchTerms terms = parse_search(query.text, tokenizer);
    if (terms.empty() || query.limit <= 0) return std::vector<SearchHit>();
    return reading(database_, [&](Connection& connection) {
        const Millis now = database_.now();
        std::unordered_map<ConversationId, Group> groups;
        const auto add = [&](ConversationId conversation, const Candidate& candidate) {
            auto& group = groups[conversation];
            group.conversation = conversation;
            group.hits.push_back(candidate);
            group.best = std::max(group.best, candidate.score);
        };
        if ((query.fields & static_cast<unsigned>(SearchField::title)) != 0) {
            auto rows = connection.query(
                // CROSS: the index first. SQLite would rather run the search once for each conversation.
                "SELECT c.id, c.updated_at, c.created_at, x.rank FROM title_index x CROSS JOIN conversations "
                "c "
                "ON c.id = x.rowid WHERE x.title_index MATCH ?1 AND c.deleted_at = 0 AND (?2 = 0 OR c.id = "
                "?2)");
            rows.bind(terms.expression(), query.conversation_id);
            while (rows.step())
                add(rows.integer(0),
                    {0, rows.integer(2), (kTitleBonus - rows.real(3)) * recency(rows.integer(1), now)});
        }
        if (const auto expression = Search::expression(query.text, query.fields); !expression.empty()) {
            auto rows = connection.query(
                "SELECT m.id, m.conversation_id, m.created_at, x.score FROM (SELECT rowid AS id, "
                "pellucid_score(message_index) AS score FROM message_index WHERE message_index MATCH ?1 "
                "AND rowid BETWEEN ?3 AND ?4 ORDER BY rowid DESC LIMIT ?5) x "
                "JOIN messages m ON m.id = x.id JOIN conversations c ON c.id = m.conversation_id "
                "WHERE m.deleted_at = 0 AND c.deleted_at = 0 AND (?2 = 0 OR c.id = ?2)");
            MessageId from = 0, to = INT64_MAX;
            if (query.conversation_id != 0) {
                auto range = connection.query(
                    "SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM messages WHERE conversation_id = "
                    "?1");
                range.bind(query.conversation_id);
                range.step();
                from = range.integer(0), to = range.integer(1);
            }
            rows.bind(expression, query.conversation_id, from, to, kCandidates);
            while (rows.step())
                add(rows.integer(1),
                    {rows.integer(0), rows.integer(2), rows.real(3) * recency(rows.integer(2), now)});
        }

        std::vector<Group*> order;
        for (auto& [id, group] : groups) order.push_back(&group);
        const auto better = [](const Group* a, const Group* b) {
            return std::pair(a->best, a->conversation) > std::pair(b->best, b->conversation);
        };
        const auto shown = std::min(order.size(), static_cast<std::size_t>(query.limit));
        std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                          better);
        order.resize(shown);

        std::vector<SearchHit> hits;
        for (Group* group : order) {
            std::sort(group->hits.begin(), group->hits.end(), [](const Candidate& a, const Candidate& b) {
                return std::pair(a.score, a.message) > std::pair(b.score, b.message);
            });
            std::string title;
            {
                auto row = connection.query("SELECT title FROM conversations WHERE id = ?1");
                row.bind(group->conversation);
                if (row.step()) title = row.text(0);
            }
            const int messages = static_cast<int>(std::count_if(
                group->hits.begin(), group->hits.end(), [](const Candidate& c) { return c.message != 0; }));
            const auto taken = std::min(group->hits.size(),
                                        static_cast<std::size_t>(std::max(1, query.hits_per_conversation)));
            for (std::size_t i = 0; i < taken; ++i) {
                SearchHit hit;
                hit.conversation_id = group->conversation;
                hit.message_id = group->hits[i].message;
                hit.title = title;
                hit.hits_in_conversation = messages;
                hit.created_at = group->hits[i].created_at;
                hit.score = group->hits[i].score;
                describe(connection, terms, tokenizer, query, hit);
                hits.push_back(std::move(hit));
            }
        }
        return hits;
    });
}

Result<void> Search::rebuild() {
    return writing(database_, [](Connection& connection) { SearchIndex(connection).rebuild(); });
}

}  // namespace pellucid::storage
