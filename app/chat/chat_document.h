// One open conversation: its tree, its rows, and the reply that may be running in it, shown or not.
#pragma once

#include <QObject>
#include <QSet>
#include <QTimer>
#include <functional>
#include <memory>
#include <optional>

#include "app/chat/chat_row_model.h"
#include "app/chat/chat_tree.h"
#include "app/chat/context_budget.h"
#include "app/chat/document_asker.h"
#include "app/chat/reply_pump.h"
#include "app/store/chat_store.h"
#include "engine/runtime/session.h"

namespace pellucid::app {

class ModelController;
class ModelSettingsBackend;
class SettingsBackend;
class WorkThread;

class ChatDocument : public QObject {
    Q_OBJECT

public:
    enum class State { Idle, LoadingModel, ReadingPrompt, Thinking, Paused, Answering, Stopping, Failed };

    struct Environment {
        ChatStore& store;
        ModelController& models;
        ModelSettingsBackend& modelSettings;
        SettingsBackend& settings;
        WorkThread& engineThread;
        BlockParserFactory makeParser;
        DocumentAsker* asker = nullptr;  ///< null: no documents
    };

    /// A new conversation, not stored until its first message.
    ChatDocument(const Environment& environment, const QString& id, QObject* parent = nullptr);
    ~ChatDocument() override;

    /// Reads it from the store. loaded() follows.
    void load();
    bool isLoaded() const { return loaded_; }
    /// It has a row, or is about to have one.
    bool isStored() const { return stored_; }

    void setAsker(DocumentAsker* asker) { env_.asker = asker; }
    const ConversationSummary& summary() const { return summary_; }
    void setSummary(const ConversationSummary& summary) { summary_ = summary; }
    const ChatTree& tree() const { return tree_; }
    /// Everything as it is now, whether it has reached the disk or not.
    StoredConversation snapshot() const;
    ChatRowModel& rows() { return rows_; }
    State state() const { return state_; }
    bool busy() const { return state_ != State::Idle && state_ != State::Failed; }
    double promptProgress() const { return promptProgress_; }
    int contextUsed() const { return contextUsed_; }
    const QString& draft() const { return draft_; }
    void setDraft(const QString& text);
    bool canAnswerNow() const;
    bool canPause() const;
    const std::optional<ContextVerdict>& overflow() const { return overflow_; }
    void dismissOverflow();

    // What a person can do. Those that start a reply return false while one runs.
    bool ask(const QString& text);
    bool askLeavingOut(const QString& choiceId);
    /// Does again what did not fit: after the model was opened with a longer context.
    bool askAgain();
    bool regenerate(const QString& messageId);
    bool edit(const QString& messageId, const QString& text);
    bool continueReply(const QString& messageId, bool answerAtOnce);
    void stop();
    void answerNow();
    void pause();
    void resume();
    void switchBranch(const QString& messageId, int direction);
    /// Returns what was removed, for undo.
    std::vector<Message> removeMessage(const QString& messageId);
    void restoreMessages(const std::vector<Message>& messages);

    /// Counts the prompt with the draft, off the GUI thread; contextUsed and overflow follow.
    void planDraft();
    void requestPromptText(QObject* context, std::function<void(QString)> then);
    /// Gives the session's memory back. Stops a running reply.
    void dropSession();
    bool hasSession() const { return session_ != nullptr; }

signals:
    void loaded(bool ok);
    void stateChanged();
    void summaryChanged();
    void emptyChanged();
    void promptProgressChanged();
    void contextChanged();
    void draftChanged();
    void overflowChanged();
    void busyChanged(bool busy);
    void announced(const QString& text);
    /// Something a person must be told that no row says.
    void trouble(const QString& what, const QString& hint);

private:
    void setState(State state);
    void ensureStored(const QString& firstQuestion);
    bool appendQuestion(const QString& parentId, const QString& text);
    void startReply(const QString& parentId);
    void openMessage(Message message, bool continuing);
    void whenModelReady(bool ready);
    PromptPlan promptFor(const QString& lastId) const;
    void searchDocuments(const Message& message);
    void searched(DocumentAsker::Prepared prepared);
    /// The passages of an answer that goes on, back into its prompt.
    void giveAgain(PromptPlan& plan, const Message& answer);
    void sayNothingFound(const QString& answer);
    void checkSources(const Message& message);
    void launch(PromptPlan plan);
    void launched(int ticket, const PromptPlan& plan, Result<std::shared_ptr<Reply>> reply,
                  const Ledger& ledger);
    void takeBack(const ContextVerdict& verdict);
    void failReply(const Error& error);
    void receive(ReplyBatch batch);
    void receiveThought(Message& message, const ReplyBatch::Piece& piece);
    void closeThought(Message& message, bool early);
    void finishReply(const Finish& finish);
    void releaseReply();
    Message* streaming() { return tree_.find(streamingId_); }

    Environment env_;
    ConversationSummary summary_;
    ChatTree tree_;
    ChatRowModel rows_;
    bool stored_ = false;
    bool loaded_ = false;
    State state_ = State::Idle;
    double promptProgress_ = 0;
    int contextUsed_ = 0;
    QString draft_;
    QSet<QString> leftOut_;
    std::optional<ContextVerdict> overflow_;
    /// What did not fit; nothing: the draft, sent at the end of the shown path.
    std::function<bool()> refused_;

    std::shared_ptr<Session> session_;
    std::unique_ptr<ReplyPump> pump_;
    QString streamingId_;
    DocumentAsker::Marks marks_;  // of the reply that runs, where it stands on documents
    bool continuing_ = false;
    bool answerAtOnce_ = false;
    bool stopAsked_ = false;
    bool steady_ = true;   // the reply was never paused
    MessageStats before_;  // of the message that is continued
    int ticket_ = 0;       // of the latest start; older answers are dropped
    int planTicket_ = 0;
    QTimer planTimer_;
    QTimer clock_;
};

}  // namespace pellucid::app
