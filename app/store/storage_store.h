// Conversations in the database: the app's ids on one side, row ids on the other, every write on the storage
// thread.
#pragma once

#include <QHash>
#include <QTimer>
#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

#include "app/store/chat_store.h"
#include "app/threads/work_thread.h"
#include "storage/store.h"

namespace pellucid::app {

Error fromStorage(const storage::Error& error);

class StorageStore final : public ChatStore {
public:
    /// `store` must outlive this object.
    explicit StorageStore(storage::Store& store);
    ~StorageStore() override;

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
    void flush() override;

private:
    /// A reply on its way. The storage thread opens it; from then on the GUI thread appends without waiting.
    struct Stream;
    /// Row ids of what has app ids. Used on the storage thread only, except by search under the mutex.
    struct Ids;

    using Work = std::function<storage::Result<void>(Ids&)>;
    /// Runs `work` on the storage thread. What fails because the disk refuses is kept, with everything after
    /// it, and tried again in the same order.
    void post(Work work);
    void retry();
    storage::Result<void> finishStream(const std::shared_ptr<Stream>& stream, const Message& message);
    storage::Result<void> storeFold(storage::MessageId row, ThoughtFold fold);  // on the storage thread
    void tell(const storage::Error& error);
    void append(const QString& messageId, storage::PartKind kind, const QString& text,
                std::vector<int> tokens);

    storage::Store& store_;
    std::shared_ptr<Ids> ids_;
    QHash<QString, std::shared_ptr<Stream>> streams_;
    std::shared_ptr<std::atomic<int>> searchTicket_ = std::make_shared<std::atomic<int>>(0);
    std::unique_ptr<QObject> gate_;  // where problems are told, in the GUI thread
    GuiContext told_;                // … as the storage thread reaches it
    std::deque<Work> refused_;       // on the storage thread only
    QTimer retryTimer_;
    std::unique_ptr<WorkThread> reader_;  // started by the first search
};

}  // namespace pellucid::app
