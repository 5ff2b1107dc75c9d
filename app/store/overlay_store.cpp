#include "app/store/overlay_store.h"

namespace pellucid::app {

OverlayStore::OverlayStore(std::unique_ptr<ChatStore> below) : below_(std::move(below)) {}

void OverlayStore::apply(ConversationSummary& summary) const {
    const auto it = edits_.constFind(summary.id);
    if (it == edits_.constEnd()) return;
    summary.title = it->title.value_or(summary.title);
    summary.titleGiven = summary.titleGiven || it->title.has_value();
    summary.folder = it->folder.value_or(summary.folder);
    summary.pinned = it->pinned.value_or(summary.pinned);
}

bool OverlayStore::covered(const QString& conversationId) const {
    return removed_.contains(conversationId) || memory_.contains(conversationId);
}

void OverlayStore::list(QObject* context, std::function<void(Result<QVector<ConversationSummary>>)> then) {
    below_->list(context, [this, guard = QPointer<QObject>(context),
                           then = std::move(then)](Result<QVector<ConversationSummary>> stored) {
        QVector<ConversationSummary> shown;
        if (!stored) return then(stored);
        for (ConversationSummary& summary : *stored) {
            if (covered(summary.id)) continue;
            apply(summary);
            shown.append(summary);
        }
        memory_.list(guard, [then, shown](Result<QVector<ConversationSummary>> made) mutable {
            if (made) shown += *made;
            then(shown);
        });
    });
}

void OverlayStore::search(const QString& text, QObject* context,
                          std::function<void(Result<QVector<SearchHit>>)> then) {
    below_->search(text, context,
                   [this, text, guard = QPointer<QObject>(context),
                    then = std::move(then)](Result<QVector<SearchHit>> found) {
                       if (!found) return then(found);
                       QVector<SearchHit> hits;
                       for (const SearchHit& hit : *found)
                           if (!covered(hit.conversationId)) hits.append(hit);
                       memory_.search(text, guard, [then, hits](Result<QVector<SearchHit>> more) mutable {
                           if (more) hits += *more;
                           then(hits);
                       });
                   });
}

void OverlayStore::load(const QString& conversationId, QObject* context,
                        std::function<void(Result<StoredConversation>)> then) {
    if (memory_.contains(conversationId)) return memory_.load(conversationId, context, std::move(then));
    below_->load(conversationId, context, [this, then = std::move(then)](Result<StoredConversation> loaded) {
        if (!loaded) return then(loaded);
        apply(loaded->summary);
        // Another copy may be writing it at this moment; here it stands still.
        for (Message& message : loaded->messages)
            if (message.state == MessageState::Streaming) message.state = MessageState::Interrupted;
        if (!memory_.contains(loaded->summary.id)) memory_.adopt(*loaded);
        then(loaded);
    });
}

void OverlayStore::createConversation(const ConversationSummary& summary) {
    memory_.createConversation(summary);
}

void OverlayStore::renameConversation(const QString& conversationId, const QString& title, bool byPerson) {
    if (memory_.contains(conversationId))
        memory_.renameConversation(conversationId, title, byPerson);
    else if (byPerson)
        edits_[conversationId].title = title;
}

void OverlayStore::pinConversation(const QString& conversationId, bool pinned) {
    if (memory_.contains(conversationId))
        memory_.pinConversation(conversationId, pinned);
    else
        edits_[conversationId].pinned = pinned;
}

void OverlayStore::moveConversation(const QString& conversationId, const QString& folder) {
    if (memory_.contains(conversationId))
        memory_.moveConversation(conversationId, folder);
    else
        edits_[conversationId].folder = folder;
}

void OverlayStore::removeConversation(const QString& conversationId) {
    removed_.insert(conversationId);
    if (memory_.contains(conversationId)) memory_.removeConversation(conversationId);
}

void OverlayStore::restoreConversation(const QString& conversationId) {
    removed_.remove(conversationId);
    if (memory_.contains(conversationId)) memory_.restoreConversation(conversationId);
}

void OverlayStore::forkConversation(const QString& messageId, const ConversationSummary& copy) {
    memory_.forkConversation(messageId, copy);
}

void OverlayStore::appendMessage(const QString& conversationId, const Message& message) {
    memory_.appendMessage(conversationId, message);
}

void OverlayStore::activateMessage(const QString& messageId) {
    memory_.activateMessage(messageId);
}

void OverlayStore::saveFold(const QString& messageId, ThoughtFold fold) {
    memory_.saveFold(messageId, fold);
}

void OverlayStore::saveSources(const Message& message) {
    memory_.saveSources(message);
}

void OverlayStore::removeMessage(const QString& messageId) {
    memory_.removeMessage(messageId);
}

void OverlayStore::restoreMessage(const QString& messageId) {
    memory_.restoreMessage(messageId);
}

void OverlayStore::saveDraft(const QString& conversationId, const QString& text) {
    memory_.saveDraft(conversationId, text);
}

void OverlayStore::newChatDraft(QObject* context, std::function<void(QString)> then) {
    below_->newChatDraft(context, std::move(then));
}

void OverlayStore::beginReply(const QString& conversationId, const Message& message) {
    memory_.beginReply(conversationId, message);
}

void OverlayStore::continueReply(const QString& messageId) {
    memory_.continueReply(messageId);
}

void OverlayStore::streamThought(const QString& messageId, const QString& text, std::vector<int> tokens) {
    memory_.streamThought(messageId, text, std::move(tokens));
}

void OverlayStore::streamAnswer(const QString& messageId, const QString& text, std::vector<int> tokens) {
    memory_.streamAnswer(messageId, text, std::move(tokens));
}

void OverlayStore::finishReply(const Message& message) {
    memory_.finishReply(message);
}

void OverlayStore::importConversations(std::vector<StoredConversation> conversations, QObject* context,
                                       std::function<void(Result<int>)> then) {
    memory_.importConversations(std::move(conversations), context, std::move(then));
}

}  // namespace pellucid::app
