// One thought as its card shows it: live, paused, folded, cut off; its time, tokens and budget; its text as
// blocks.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QQmlEngine>

#include "app/chat/block_list_model.h"
#include "app/chat/message.h"

namespace pellucid::app {

class ThoughtState : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(ThoughtState)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(QString messageId READ messageId CONSTANT)
    Q_PROPERTY(State state READ state NOTIFY stateChanged)
    /// True while tokens of this thought may still come (thinking or paused).
    Q_PROPERTY(bool live READ live NOTIFY stateChanged)
    Q_PROPERTY(bool open READ open NOTIFY openChanged)
    /// "Thinking", "Paused", "Thought for 48 s", "Answered early at 0:42", "Cut off at the budget" …
    Q_PROPERTY(QString headline READ headline NOTIFY headlineChanged)
    /// "2,316 tokens"
    Q_PROPERTY(QString detail READ detail NOTIFY tokensChanged)
    Q_PROPERTY(int elapsedMs READ elapsedMs NOTIFY elapsedChanged)
    /// "0:42"
    Q_PROPERTY(QString elapsedText READ elapsedText NOTIFY elapsedChanged)
    Q_PROPERTY(int tokens READ tokens NOTIFY tokensChanged)
    Q_PROPERTY(int budget READ budget NOTIFY budgetChanged)  ///< tokens; 0: none
    /// "1,912 of 4,096 tokens", or "1,912 tokens" without a budget.
    Q_PROPERTY(QString tokensText READ tokensText NOTIFY tokensChanged)
    Q_PROPERTY(bool canContinue READ canContinue NOTIFY stateChanged)
    Q_PROPERTY(pellucid::app::BlockListModel* blocks READ blocks CONSTANT)

public:
    enum State {
        Thinking,  ///< tokens are coming
        Paused,
        Done,           ///< the model closed it
        AnsweredEarly,  ///< the person, or the budget, ended it and the model answered
        CutOff,         ///< the reply ended inside it (length or context)
        Stopped,        ///< the person stopped the reply inside it
        Interrupted,    ///< the program ended inside it
    };
    Q_ENUM(State)

    ThoughtState(const Message& message, bool openByDefault, std::unique_ptr<BlockParser> parser,
                 QObject* parent = nullptr);

    QString messageId() const { return messageId_; }
    State state() const { return state_; }
    bool live() const { return state_ == Thinking || state_ == Paused; }
    bool open() const;
    QString headline() const;
    QString detail() const;
    int elapsedMs() const;
    QString elapsedText() const;
    int tokens() const { return tokens_; }
    int budget() const { return budget_; }
    QString tokensText() const;
    bool canContinue() const { return state_ == CutOff || state_ == Stopped || state_ == Interrupted; }
    BlockListModel* blocks() { return &blocks_; }
    ThoughtFold fold() const { return fold_; }

    /// The person folds or unfolds: the choice sticks to this message and is stored.
    Q_INVOKABLE void toggle();

    // -- driven by the chat document --
    /// The thought has grown to `whole`, by so many tokens.
    void grow(const GrowingText& whole, int tokens);
    /// Goes on after it had ended.
    void resume(const GrowingText& text, std::unique_ptr<BlockParser> parser);
    void setState(State state);
    void setBudget(int budget);
    /// What the three-way setting says for a thought in this state.
    void setOpenByDefault(bool open);
    /// Takes the engine's measured time at the end.
    void settle(double seconds, int tokens);
    /// Lets the clock text move; called a few times a second while thinking.
    void tick();

signals:
    void stateChanged();
    void openChanged();
    void headlineChanged();
    void tokensChanged();
    void budgetChanged();
    void elapsedChanged();
    void foldChosen(pellucid::app::ThoughtFold fold);

private:
    QString messageId_;
    State state_ = Done;
    ThoughtFold fold_ = ThoughtFold::Automatic;
    bool openByDefault_ = false;
    int tokens_ = 0;
    int budget_ = 0;
    qint64 settledMs_ = 0;  // time of finished stretches
    QElapsedTimer running_;
    BlockListModel blocks_;
};

}  // namespace pellucid::app
