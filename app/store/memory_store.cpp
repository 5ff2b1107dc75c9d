#include "app/store/memory_store.h"

#include <QDateTime>
#include <QUuid>

#include "app/threads/work_thread.h"

namespace pellucid::app {

QString ChatStore::newId() {
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

namespace {

template <typename T>
void answer(QObject* context, std::function<void(Result<T>)> then, Result<T> result) {
    GuiContext(context).post([then = std::move(then), result = std::move(result)] { then(result); });
}

}  // namespace

void MemoryStore::list(QObject* context, std::function<void(Result<QVector<ConversationSummary>>)> then) {
    QVector<ConversationSummary> summaries;
    for (const Stored& stored : std::as_const(conversations_))
        if (!stored.removed) summaries.append(stored.summary);
    answer<QVector<ConversationSummary>>(context, std::move(then), summaries);
}

void MemoryStore::search(const QString& text, QObject* context,
                         std::function<void(Result<QVector<SearchHit>>)> then) {
    QVector<SearchHit> hits;
    const auto look = [&](const QString& body, const QString& conversation, const QString& message,
                          SearchHit::Where where) {
        const qsizetype at = body.indexOf(text, 0, Qt::CaseInsensitive);
        if (at < 0) return false;
        // From the start of a word, and with dots where something stands before it.
        qsizetype from = std::max<qsizetype>(0, at - 12);
        while (from > 0 && from < at && body[from - 1].isLetterOrNumber() &&
               body[from - 1].unicode() < 0x2e80)
            ++from;
        const QString piece = body.mid(from, 72).simplified();
        SearchHit hit{conversation, message, from > 0 ? u'…' + piece : piece, {}, where};
        const qsizetype shown = hit.snippet.indexOf(text, 0, Qt::CaseInsensitive);
        if (shown >= 0) hit.ranges = {static_cast<int>(shown), static_cast<int>(text.size())};
        hits.append(hit);
        return true;
    };
    for (const Stored& stored : std::as_const(conversations_)) {
        if (stored.removed || text.trimmed().isEmpty()) continue;
        const QString& id = stored.summary.id;
        if (look(stored.summary.title, id, {}, SearchHit::Title)) continue;
        for (const Message* message : stored.tree.all()) {
            const bool asked = message->role == MessageRole::User;
            if (look(message->text, id, message->id, asked ? SearchHit::Question : SearchHit::Answer)) break;
            if (look(message->thought, id, message->id, SearchHit::Thought)) break;
        }
    }
    answer<QVector<SearchHit>>(context, std::move(then), hits);
}

void MemoryStore::load(const QString& conversationId, QObject* context,
                       std::function<void(Result<StoredConversation>)> then) {
    const auto it = conversations_.constFind(conversationId);
    if (it == conversations_.constEnd()) {
        answer<StoredConversation>(context, std::move(then),
                                   fail(ErrorCode::not_found, "This conversation is no longer there.", ""));
        return;
    }
    StoredConversation conversation{it->summary, {}, it->tree.path(), drafts_.value(conversationId)};
    for (const Message* message : it->tree.all()) conversation.messages.push_back(*message);
    answer<StoredConversation>(context, std::move(then), conversation);
}

void MemoryStore::createConversation(const ConversationSummary& summary) {
    conversations_[summary.id].summary = summary;
}

void MemoryStore::renameConversation(const QString& conversationId, const QString& title, bool byPerson) {
    ConversationSummary& summary = conversations_[conversationId].summary;
    if (!byPerson && summary.titleGiven) return;
    summary.title = title;
    summary.titleGiven = byPerson;
}

void MemoryStore::pinConversation(const QString& conversationId, bool pinned) {
    conversations_[conversationId].summary.pinned = pinned;
}

void MemoryStore::moveConversation(const QString& conversationId, const QString& folder) {
    conversations_[conversationId].summary.folder = folder;
}

void MemoryStore::removeConversation(const QString& conversationId) {
    conversations_[conversationId].removed = true;
}

void MemoryStore::restoreConversation(const QString& conversationId) {
    conversations_[conversationId].removed = false;
}

void MemoryStore::forkConversation(const QString& messageId, const ConversationSummary& copy) {
    Stored* from = owner(messageId);
    if (!from) return;
    std::vector<Message> path;
    for (const Message* m = from->tree.find(messageId); m; m = from->tree.find(m->parentId))
        path.insert(path.begin(), *m);
    createConversation(copy);
    QString parent;
    for (Message message : path) {
        message.id = newId();
        message.parentId = parent;
        parent = message.id;
        appendMessage(copy.id, message);
    }
}

void MemoryStore::appendMessage(const QString& conversationId, const Message& message) {
    Stored& stored = conversations_[conversationId];
    stored.tree.append(message);
    stored.summary.updatedMs = QDateTime::currentMSecsSinceEpoch();
    owners_[message.id] = conversationId;
}

void MemoryStore::activateMessage(const QString& messageId) {
    if (Stored* stored = owner(messageId)) stored->tree.select(messageId);
}

void MemoryStore::saveFold(const QString& messageId, ThoughtFold fold) {
    if (Message* found = message(messageId)) found->fold = fold;
}

void MemoryStore::saveSources(const Message& answer) {
    Message* found = message(answer.id);
    if (!found) return;
    found->sources = answer.sources;
    found->text = answer.text;
}

void MemoryStore::removeMessage(const QString& messageId) {
    Stored* stored = owner(messageId);
    if (!stored) return;
    std::vector<Message> kept;
    for (const Message* candidate : stored->tree.all())
        for (const Message* m = candidate; m; m = stored->tree.find(m->parentId))
            if (m->id == messageId) kept.push_back(*candidate);
    stored->tree.remove(messageId);
    removedBranches_[messageId] = std::move(kept);
}

void MemoryStore::restoreMessage(const QString& messageId) {
    Stored* stored = owner(messageId);
    if (!stored) return;
    for (const Message& message : removedBranches_.take(messageId)) stored->tree.append(message);
    stored->tree.select(messageId);
}

void MemoryStore::saveDraft(const QString& conversationId, const QString& text) {
    if (text.isEmpty())
        drafts_.remove(conversationId);
    else
        drafts_[conversationId] = text;
}

void MemoryStore::newChatDraft(QObject* context, std::function<void(QString)> then) {
    GuiContext(context).post([then = std::move(then), text = drafts_.value(QString())] { then(text); });
}

void MemoryStore::adopt(const StoredConversation& conversation) {
    const QString& id = conversation.summary.id;
    Stored& stored = conversations_[id];
    stored.summary = conversation.summary;
    for (const Message& message : conversation.messages) {
        stored.tree.append(message);
        owners_[message.id] = id;
    }
    for (const QString& shown : conversation.shownIds) stored.tree.select(shown);
    saveDraft(id, conversation.draft);
}

void MemoryStore::beginReply(const QString& conversationId, const Message& message) {
    appendMessage(conversationId, message);
}

void MemoryStore::continueReply(const QString& messageId) {
    if (Message* found = message(messageId)) found->state = MessageState::Streaming;
}

void MemoryStore::streamThought(const QString& messageId, const QString& text, std::vector<int>) {
    if (Message* found = message(messageId)) {
        found->hasThought = true;
        found->thought += text;
    }
}

void MemoryStore::streamAnswer(const QString& messageId, const QString& text, std::vector<int>) {
    if (Message* found = message(messageId)) found->text += text;
}

void MemoryStore::finishReply(const Message& finished) {
    if (Message* found = message(finished.id)) *found = finished;
}

void MemoryStore::importConversations(std::vector<StoredConversation> conversations, QObject* context,
                                      std::function<void(Result<int>)> then) {
    for (StoredConversation& from : conversations) {
        from.summary.id = newId();
        createConversation(from.summary);
        QHash<QString, QString> ids;
        for (Message& message : from.messages) {
            const QString id = newId();
            ids[message.id] = id;
            message.id = id;
            message.parentId = ids.value(message.parentId);
            appendMessage(from.summary.id, message);
        }
        for (const QString& shown : std::as_const(from.shownIds)) activateMessage(ids.value(shown));
        conversations_[from.summary.id].summary.updatedMs = from.summary.updatedMs;
    }
    answer<int>(context, std::move(then), static_cast<int>(conversations.size()));
}

MemoryStore::Stored* MemoryStore::owner(const QString& messageId) {
    const auto it = conversations_.find(owners_.value(messageId));
    return it == conversations_.end() ? nullptr : &*it;
}

Message* MemoryStore::message(const QString& messageId) {
    Stored* stored = owner(messageId);
    return stored ? stored->tree.find(messageId) : nullptr;
}

}  // namespace pellucid::app
