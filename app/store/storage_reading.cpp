// StorageStore: lists, search and whole conversations, read and told in the GUI thread.

#include "app/store/message_rows.h"
#include "app/store/storage_store_parts.h"

namespace pellucid::app {

namespace {

ConversationSummary summaryOf(const storage::Conversation& row, const QString& id,
                              const QHash<std::int64_t, QString>& folders) {
    return {id,
            QString::fromStdString(row.title),
            folders.value(row.folder_id),
            row.pinned,
            row.title_is_given,
            row.updated_at};
}

storage::Result<QHash<std::int64_t, QString>> folderNames(const storage::Conversations& conversations) {
    QHash<std::int64_t, QString> names;
    STORAGE_TRY(const auto folders, conversations.folders());
    for (const storage::Folder& folder : folders) names[folder.id] = QString::fromStdString(folder.name);
    return names;
}

template <typename T>
Result<T> convert(storage::Result<T> result) {
    if (!result) return fail(fromStorage(result.error()));
    return *std::move(result);
}

}  // namespace

void StorageStore::list(QObject* context, std::function<void(Result<QVector<ConversationSummary>>)> then) {
    store_.thread().post([this, ids = ids_, context = GuiContext(context), then = std::move(then)] {
        const auto read = [&]() -> storage::Result<QVector<ConversationSummary>> {
            STORAGE_TRY(const auto folders, folderNames(store_.conversations()));
            STORAGE_TRY(const auto rows, store_.conversations().list());
            QVector<ConversationSummary> summaries;
            summaries.reserve(static_cast<qsizetype>(rows.size()));
            for (const storage::Conversation& row : rows)
                summaries.append(summaryOf(row, ids->name(conversationText(row.id)), folders));
            return summaries;
        };
        context.post([then, result = convert(read())] { then(result); });
    });
}

void StorageStore::search(const QString& text, QObject* context,
                          std::function<void(Result<QVector<SearchHit>>)> then) {
    if (!reader_) reader_ = std::make_unique<WorkThread>(QStringLiteral("search"));
    const int ticket = ++*searchTicket_;
    reader_->post([this, ticket, latest = searchTicket_, ids = ids_, text = text.toStdString(),
                   context = GuiContext(context), then = std::move(then)] {
        if (ticket != latest->load()) return;  // a later letter was typed while this one waited
        storage::SearchQuery query;
        query.text = text;
        auto found = store_.search().find(query);
        if (!found) {
            context.post([then, error = fromStorage(found.error())] { then(fail(error)); });
            return;
        }
        QVector<SearchHit> hits;
        for (const storage::SearchHit& row : *found) {
            SearchHit hit;
            hit.conversationId = ids->name(conversationText(row.conversation_id));
            if (row.message_id != 0) hit.messageId = ids->name(messageText(row.message_id));
            hit.snippet = QString::fromStdString(row.snippet);
            switch (row.field) {
                case storage::SearchField::title:
                    hit.where = SearchHit::Title;
                    break;
                case storage::SearchField::question:
                    hit.where = SearchHit::Question;
                    break;
                case storage::SearchField::thought:
                    hit.where = SearchHit::Thought;
                    break;
                case storage::SearchField::answer:
                    hit.where = SearchHit::Answer;
                    break;
            }
            const auto units = [&](int begin, int length) {
                return static_cast<int>(QString::fromUtf8(row.snippet.data() + begin, length).size());
            };
            for (const auto& match : row.matches) {
                hit.ranges.append(units(0, match.begin));
                hit.ranges.append(units(match.begin, match.length));
            }
            hits.append(std::move(hit));
        }
        context.post([then, hits = std::move(hits)] { then(hits); });
    });
}

void StorageStore::load(const QString& conversationId, QObject* context,
                        std::function<void(Result<StoredConversation>)> then) {
    store_.thread().post(
        [this, ids = ids_, conversationId, context = GuiContext(context), then = std::move(then)] {
            const auto read = [&]() -> storage::Result<StoredConversation> {
                const std::int64_t row = ids->row(conversationId);
                STORAGE_TRY(const auto folders, folderNames(store_.conversations()));
                STORAGE_TRY(const auto conversation, store_.conversations().get(row));
                STORAGE_TRY(const auto tree, store_.conversations().tree(row));
                STORAGE_TRY(const auto path, store_.conversations().active_path(row));
                StoredConversation stored;
                stored.summary = summaryOf(conversation, conversationId, folders);
                for (const storage::Message& from : tree) {
                    Message message = fromRow(from);
                    message.id = ids->name(messageText(from.id));
                    if (from.parent_id != 0) message.parentId = ids->name(messageText(from.parent_id));
                    stored.messages.push_back(std::move(message));
                }
                STORAGE_TRY(const std::string draft, store_.conversations().draft(row));
                stored.draft = QString::fromStdString(draft);
                for (const storage::Message& shown : path)
                    stored.shownIds.append(ids->name(messageText(shown.id)));
                return stored;
            };
            context.post([then, result = convert(read())] { then(result); });
        });
}

void StorageStore::newChatDraft(QObject* context, std::function<void(QString)> then) {
    store_.thread().post([this, context = GuiContext(context), then = std::move(then)] {
        const auto draft = store_.conversations().draft(0);
        context.post([then, text = QString::fromStdString(draft ? *draft : std::string())] { then(text); });
    });
}

}  // namespace pellucid::app
