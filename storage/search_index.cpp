#include "storage/search_index.h"

#include "storage/message_rows.h"
#include "storage/search_tokenizer.h"

namespace pellucid::storage {

std::array<std::string, 3> SearchIndex::fields(Role role, const std::vector<Part>& parts) {
    std::array<std::string, 3> fields;
    if (role == Role::system) return fields;
    const auto add = [](std::string& field, const std::string& text) {
        if (text.empty()) return;
        if (!field.empty()) field += '\n';
        field += text;
    };
    auto& [question, thought, answer] = fields;
    for (const auto& part : parts) {
        if (part.kind == PartKind::thought) {
            add(thought, part.text);
            continue;
        }
        auto& field = role == Role::user ? question : answer;
        add(field, part.name);
        add(field, part.text);
    }
    return fields;
}

void SearchIndex::put(MessageId id, bool remove) {
    Role role;
    {
        auto query = connection_.query("SELECT role, state FROM messages WHERE id = ?1");
        query.bind(id);
        if (!query.step() || query.small(1) == static_cast<int>(MessageState::streaming)) return;
        role = static_cast<Role>(query.small(0));
    }
    const auto [question, thought, answer] = fields(role, read_parts(connection_, id));
    connection_
        .query(remove
                   ? "INSERT INTO message_index (message_index, rowid, question, thought, answer) VALUES "
                     "('delete', ?1, ?2, ?3, ?4)"
                   : "INSERT INTO message_index (rowid, question, thought, answer) VALUES (?1, ?2, ?3, ?4)")
        .bind(id, question, thought, answer)
        .run();
}

void SearchIndex::put_title(ConversationId id, bool remove) {
    std::string title;
    {
        auto query = connection_.query("SELECT title FROM conversations WHERE id = ?1");
        query.bind(id);
        if (!query.step()) return;
        title = query.text(0);
    }
    connection_
        .query(remove ? "INSERT INTO title_index (title_index, rowid, title) VALUES ('delete', ?1, ?2)"
                      : "INSERT INTO title_index (rowid, title) VALUES (?1, ?2)")
        .bind(id, title)
        .run();
}

void SearchIndex::rebuild() {
    const auto ids = [&](const char* sql) {
        std::vector<std::int64_t> all;
        auto query = connection_.query(sql);
        while (query.step()) all.push_back(query.integer(0));
        return all;
    };
    connection_.exec("INSERT INTO message_index (message_index) VALUES ('delete-all')");
    connection_.exec("INSERT INTO title_index (title_index) VALUES ('delete-all')");
    for (const auto id : ids("SELECT id FROM conversations ORDER BY id")) add_title(id);
    for (const auto id : ids("SELECT id FROM messages ORDER BY id")) add_message(id);
    connection_
        .query(
            "INSERT INTO meta (key, value) VALUES ('search_version', ?1) ON CONFLICT (key) DO UPDATE SET "
            "value = excluded.value")
        .bind(std::to_string(kSearchTokenizerVersion))
        .run();
}

bool SearchIndex::is_current(Connection& connection) {
    auto query = connection.query("SELECT value FROM meta WHERE key = 'search_version'");
    return query.step() && query.text(0) == std::to_string(kSearchTokenizerVersion);
}

}  // namespace pellucid::storage
