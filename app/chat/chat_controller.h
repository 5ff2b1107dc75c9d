// What the chat view binds to: the conversation that is shown, what its reply is doing, and everything a
// person can do with it. A reply goes on while another conversation is shown.
#pragma once

#include <QObject>
#include <QPointer>
#include <QQmlEngine>
#include <QVariantList>

#include "app/chat/chat_document.h"

Q_MOC_INCLUDE("app/chat/chat_row_model.h")

namespace pellucid::app {

class ChatRowModel;
class ChatDocuments;
class ModelController;
class ModelSettingsBackend;
class SettingsBackend;
class ToastQueue;

class ChatController : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(ChatController)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(QString conversationId READ conversationId NOTIFY conversationChanged)
    Q_PROPERTY(QString title READ title NOTIFY titleChanged)
    /// True for a chat without messages: the view shows the empty state.
    Q_PROPERTY(bool empty READ empty NOTIFY emptyChanged)
    Q_PROPERTY(pellucid::app::ChatRowModel* rows READ rows NOTIFY conversationChanged)
    Q_PROPERTY(State state READ state NOTIFY stateChanged)
    /// Anything but Idle and Failed: the send button is a stop button.
    Q_PROPERTY(bool busy READ busy NOTIFY stateChanged)
    Q_PROPERTY(double promptProgress READ promptProgress NOTIFY promptProgressChanged)  ///< 0 to 1
    Q_PROPERTY(int contextUsed READ contextUsed NOTIFY contextChanged)                  ///< tokens
    Q_PROPERTY(int contextLength READ contextLength NOTIFY contextChanged)  ///< tokens; 0: no model
    Q_PROPERTY(QString modelName READ modelName NOTIFY modelChanged)
    Q_PROPERTY(ThinkingMode thinkingMode READ thinkingMode WRITE setThinkingMode NOTIFY thinkingChanged)
    Q_PROPERTY(
        int thinkingBudget READ thinkingBudget WRITE setThinkingBudget NOTIFY thinkingChanged)  ///< 0: none
    Q_PROPERTY(bool canThink READ canThink NOTIFY modelChanged)
    Q_PROPERTY(bool canSwitchThinking READ canSwitchThinking NOTIFY modelChanged)
    Q_PROPERTY(bool canAnswerNow READ canAnswerNow NOTIFY stateChanged)
    Q_PROPERTY(bool canPause READ canPause NOTIFY stateChanged)
    /// A base model without a chat template: what is typed is continued as plain text.
    Q_PROPERTY(bool completionOnly READ completionOnly NOTIFY modelChanged)
    Q_PROPERTY(QString draft READ draft WRITE setDraft NOTIFY draftChanged)
    /// Enter would do something now.
    Q_PROPERTY(bool canSend READ canSend NOTIFY canSendChanged)
    /// What to say instead of "Message" when sending is not possible: "Choose a model first".
    Q_PROPERTY(QString cannotSendReason READ cannotSendReason NOTIFY canSendChanged)

    /// The draft does not fit in the context: said before sending, with what can be left out.
    Q_PROPERTY(bool overflow READ overflow NOTIFY overflowChanged)
    Q_PROPERTY(QString overflowText READ overflowText NOTIFY overflowChanged)  ///< the numbers
    Q_PROPERTY(QString overflowHint READ overflowHint NOTIFY overflowChanged)  ///< what to do; may be empty
    /// [{id, label, detail}]: pass the id to sendDropping(). What can be left out, and a longer context where
    /// the model was trained for one and the memory is there.
    Q_PROPERTY(QVariantList overflowChoices READ overflowChoices NOTIFY overflowChanged)

public:
    enum State { Idle, LoadingModel, ReadingPrompt, Thinking, Paused, Answering, Stopping, Failed };
    Q_ENUM(State)
    enum ThinkingMode { Automatic, Always, Never };
    Q_ENUM(ThinkingMode)

    ChatController(ChatDocuments& documents, ChatStore& store, ModelController& models,
                   ModelSettingsBackend& modelSettings, SettingsBackend& settings, ToastQueue& toasts,
                   QObject* parent = nullptr);
    ~ChatController() override;

    QString conversationId() const;
    QString title() const;
    bool empty() const;
    ChatRowModel* rows() const;
    State state() const;
    bool busy() const;
    double promptProgress() const;
    int contextUsed() const;
    int contextLength() const;
    QString modelName() const;
    ThinkingMode thinkingMode() const;
    void setThinkingMode(ThinkingMode mode);
    int thinkingBudget() const;
    void setThinkingBudget(int tokens);
    bool canThink() const;
    bool canSwitchThinking() const;
    bool canAnswerNow() const;
    bool canPause() const;
    bool completionOnly() const;
    QString draft() const;
    void setDraft(const QString& text);
    bool canSend() const;
    QString cannotSendReason() const;
    bool overflow() const;
    QString overflowText() const;
    QString overflowHint() const;
    QVariantList overflowChoices() const;

    /// Shows another conversation; its reply, if one runs, is picked up where it is. messageId: scroll there.
    void show(const QString& conversationId, const QString& messageId = {});
    /// An empty conversation; the one shown is taken when it is empty already.
    void showNew();
    /// The shown conversation was deleted.
    void forget(const QString& conversationId);

    /// Sends the draft. False (with overflow set, or a toast) when nothing was sent.
    Q_INVOKABLE bool send();
    Q_INVOKABLE bool sendText(const QString& text);
    Q_INVOKABLE bool sendDropping(const QString& choiceId);
    Q_INVOKABLE void dismissOverflow();
    Q_INVOKABLE void stop();
    Q_INVOKABLE void answerNow();
    Q_INVOKABLE void pause();
    Q_INVOKABLE void resume();
    /// A new sibling answer to the same question.
    Q_INVOKABLE void regenerate(const QString& messageId);
    /// A sibling of the question with another text, then an answer to it.
    Q_INVOKABLE void edit(const QString& messageId, const QString& text);
    /// direction -1 or +1.
    Q_INVOKABLE void switchBranch(const QString& messageId, int direction);
    /// Goes on where a stopped, cut off or interrupted answer ended, inside the thought or the answer.
    Q_INVOKABLE void continueMessage(const QString& messageId);
    /// For a reply that ended inside its thought: keeps the thought and makes the model answer.
    Q_INVOKABLE void answerFromHere(const QString& messageId);
    /// Without the thought. Empty id: the last answer.
    Q_INVOKABLE void copyAnswer(const QString& messageId);
    Q_INVOKABLE void copyThought(const QString& messageId);
    Q_INVOKABLE void copyQuestion(const QString& messageId);
    Q_INVOKABLE void copyAll();
    /// With an undo toast. Deletes what follows it too.
    Q_INVOKABLE void deleteMessage(const QString& messageId);
    /// A new conversation with everything up to this message; shown at once.
    Q_INVOKABLE void forkHere(const QString& messageId);
    Q_INVOKABLE QString questionText(const QString& messageId) const;
    /// The last question of the shown path, for "Up edits the last message". Empty: none.
    Q_INVOKABLE QString lastQuestionId() const;
    Q_INVOKABLE QString lastAnswerId() const;
    /// The prompt as the model reads it, control tokens included; empty without a model.
    Q_INVOKABLE void requestPromptText();

signals:
    void conversationChanged();
    void titleChanged();
    void emptyChanged();
    void stateChanged();
    void promptProgressChanged();
    void contextChanged();
    void modelChanged();
    void thinkingChanged();
    void draftChanged();
    void canSendChanged();
    void overflowChanged();
    /// For a polite live region: "Thinking", "Paused", "Answer ready". Never each token.
    void announced(const QString& text);
    void promptTextReady(const QString& text);
    /// The view should bring this row into view (a search hit).
    void rowWanted(int row);
    /// A conversation was made here (fork): the list shows it.
    void conversationMade(const pellucid::app::ConversationSummary& summary);

private:
    void attach(ChatDocument* document);
    void lookForLongerContext();
    void applyThoughtDefaults();
    ChatDocuments& documents_;
    ChatStore& store_;
    ModelController& models_;
    ModelSettingsBackend& modelSettings_;
    SettingsBackend& settings_;
    ToastQueue& toasts_;
    QPointer<ChatDocument> document_;
    QString wantedMessage_;
    /// Another way out of an overflow: the same model with a context that would do. tokens 0: none known.
    struct LongerContext {
        int tokens = 0;
        MemoryPlan plan;
    };
    LongerContext longer_;
    int longerTicket_ = 0;
};

}  // namespace pellucid::app
