// Conversations in memory only: what tests use, and what the app falls back to, saying so, when the data
// folder cannot be written. Nothing survives the process.
#pragma once

#include <QHash>
#include <QSet>

#include "app/chat/chat_tree.h"
#include "app/store/chat_store.h"

namespace pellucid::app {

class MemoryStore final : public ChatStore {
public:
    void list(QObject* context, std::function<void(Result<QVector<ConversationSummary>>)> then) override;
    void search(const QString& text, QObject* context,
                std::function<void(Result<QVector<SearchHit>>)> then) override;
    void load(const QString& conversationId, QObject* context,
              std::function<void(Result<StoredConversation>)> then) override;
    void createConversation(const ConversationSummary& summary) override;
    void renameConversation(const QString& conversationId, const QString& title, bool byPerson) override;
    void pinConversation(const QString& conversationId, bool pinned) override;
    void moveConversation(const QString& conversationId, const QString& folder) override;
    void removeConversation(const QString& conversationId) override;
    void restoreConversation(const QString& conversationId) override;
    void forkConversation(const QString& messageId, const ConversationSummary& copy) override;
    void appendMessage(const QString& conversationId, const Message& message) override;
    void activateMessage(const QString& messageId) override;
    void saveFold(const QString& messageId, ThoughtFold fold) override;
    void saveSources(const Message& message) override;
    void removeMessage(const QString& messageId) override;
    void restoreMessage(const QString& messageId) override;
    void saveDraft(const QString& conversationId, const QString& text) override;
    void newChatDraft(QObject* context, std::function<void(QString)> then) override;
    void beginReply(const QString& conversationId, const Message& message) override;
    void continueReply(const QString& messageId) override;
    void streamThought(const QString& messageId, const QString& text, std::vector<int> tokens) override;
    void streamAnswer(const QString& messageId, const QString& text, std::vector<int> tokens) override;
    void finishReply(const Message& message) override;
    void importConversations(std::vector<StoredConversation> conversations, QObject* context,
                             std::function<void(Result<int>)> then) override;
    void flush() override {}

    /// Takes a conversation as it is, ids and all.
    void adopt(const StoredConversation& conversation);
    bool contains(const QString& conversationId) const { return conversations_.contains(conversationId); }

private:
    struct Stored {
        ConversationSummary summary;
        ChatTree tree;
        bool removed = false;
    };
    Stored* owner(const QString& messageId);
    Message* message(const QString& messageId);

    QHash<QString, Stored> conversations_;
    QHash<QString, QString> drafts_;  // conversation ("": a new chat) -> text
    QHash<QString, QString> owners_;  // message -> conversation
    QHash<QString, std::vector<Message>> removedBranches_;
};

}  // namespace pellucid::app
