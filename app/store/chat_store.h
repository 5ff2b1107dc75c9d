// What the view models ask of storage. Every call returns at once; answers come in the GUI thread, writes run
// in order.
#pragma once

#include <QObject>
#include <QString>
#include <QVector>
#include <functional>
#include <vector>

#include "app/chat/message.h"
#include "engine/base/error.h"

namespace pellucid::app {

struct ConversationSummary {
    QString id;
    QString title;
    QString folder;
    bool pinned = false;
    bool titleGiven = false;  ///< named by the person
    qint64 updatedMs = 0;     ///< UTC, milliseconds since the epoch
};

/// Where a search found something. Ranges are UTF-16 units of `snippet`.
struct SearchHit {
    enum Where { Title, Question, Thought, Answer };
    QString conversationId;
    QString messageId;
    QString snippet;
    QVector<int> ranges;  ///< start, length, start, length …
    Where where = Title;
};

struct StoredConversation {
    ConversationSummary summary;
    std::vector<Message> messages;  ///< parents before children, siblings oldest first
    QStringList shownIds;           ///< ids on the path that was shown last
    QString draft = {};             ///< what was typed and not sent
};

/// Storage as the app sees it. Ids are made by the caller (newId). Answers are dropped when `context` has
/// died.
class ChatStore {
public:
    virtual ~ChatStore() = default;
    using Problem = std::function<void(const Error&)>;

    /// Called in the GUI thread when a write failed: disk full, read-only, locked.
    void onProblem(Problem problem) { problem_ = std::move(problem); }

    virtual void list(QObject* context, std::function<void(Result<QVector<ConversationSummary>>)> then) = 0;
    virtual void search(const QString& text, QObject* context,
                        std::function<void(Result<QVector<SearchHit>>)> then) = 0;
    virtual void load(const QString& conversationId, QObject* context,
                      std::function<void(Result<StoredConversation>)> then) = 0;

    virtual void createConversation(const ConversationSummary& summary) = 0;
    /// By the person (it is never replaced by a derived one again), or derived from the question.
    virtual void renameConversation(const QString& conversationId, const QString& title, bool byPerson) = 0;
    virtual void pinConversation(const QString& conversationId, bool pinned) = 0;
    virtual void moveConversation(const QString& conversationId, const QString& folder) = 0;
    /// Out of the list and of search; restoreConversation() undoes it.
    virtual void removeConversation(const QString& conversationId) = 0;
    virtual void restoreConversation(const QString& conversationId) = 0;
    /// A new conversation with copies of the path down to and including `messageId`.
    virtual void forkConversation(const QString& messageId, const ConversationSummary& copy) = 0;

    /// A finished message (a question, or an answer made elsewhere), below its parentId; becomes the shown
    /// one.
    virtual void appendMessage(const QString& conversationId, const Message& message) = 0;
    /// Shows another sibling.
    virtual void activateMessage(const QString& messageId) = 0;
    virtual void saveFold(const QString& messageId, ThoughtFold fold) = 0;
    /// What the answer stands on, and its text with the marks of it. After its reply has ended.
    virtual void saveSources(const Message& message) = 0;
    /// The message and what is below it.
    virtual void removeMessage(const QString& messageId) = 0;
    virtual void restoreMessage(const QString& messageId) = 0;

    /// What was typed and not sent; an empty id: in a new chat. Empty text forgets it.
    virtual void saveDraft(const QString& conversationId, const QString& text) = 0;
    /// The draft of a new chat; those of stored ones come with load().
    virtual void newChatDraft(QObject* context, std::function<void(QString)> then) = 0;

    // Streaming: what was streamed 100 ms ago survives a kill. beginReply makes the row, continueReply
    // reopens one that had ended early, finishReply settles state, statistics and receipt.
    virtual void beginReply(const QString& conversationId, const Message& message) = 0;
    virtual void continueReply(const QString& messageId) = 0;
    virtual void streamThought(const QString& messageId, const QString& text, std::vector<int> tokens) = 0;
    virtual void streamAnswer(const QString& messageId, const QString& text, std::vector<int> tokens) = 0;
    virtual void finishReply(const Message& message) = 0;

    /// All or nothing; how many were taken. Ids are only used to tell parents and shown messages.
    virtual void importConversations(std::vector<StoredConversation> conversations, QObject* context,
                                     std::function<void(Result<int>)> then) = 0;
    /// Waits until every write so far is done. For shutdown and tests.
    virtual void flush() = 0;

    static QString newId();

protected:
    Problem problem_;
};

}  // namespace pellucid::app
