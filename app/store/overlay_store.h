// Chats that may be looked at but not changed: those stored below are shown, and whatever is done to them in
// this run stays in memory.
#pragma once

#include <QHash>
#include <QPointer>
#include <QSet>
#include <memory>
#include <optional>

#include "app/store/memory_store.h"

namespace pellucid::app {

class OverlayStore final : public ChatStore {
public:
    /// Nothing is ever written to `below`.
    explicit OverlayStore(std::unique_ptr<ChatStore> below);

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

private:
    /// What was done to a conversation that was not opened yet.
    struct Edit {
        std::optional<QString> title, folder;
        std::optional<bool> pinned;
    };
    void apply(ConversationSummary& summary) const;
    /// Shown from memory, or not at all.
    bool covered(const QString& conversationId) const;

    std::unique_ptr<ChatStore> below_;
    MemoryStore memory_;
    QHash<QString, Edit> edits_;
    QSet<QString> removed_;
};

}  // namespace pellucid::app
