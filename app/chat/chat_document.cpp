#include "app/chat/chat_document.h"

#include <QDateTime>
#include <utility>

#include "app/base/wording.h"
#include "app/chat/reply_end.h"
#include "app/chat/reply_launch.h"
#include "app/chat/thought_state.h"
#include "app/models/model_controller.h"
#include "app/settings/model_settings_backend.h"
#include "app/settings/settings_backend.h"
#include "app/threads/work_thread.h"

namespace pellucid::app {

ChatDocument::ChatDocument(const Environment& environment, const QString& id, QObject* parent)
    : QObject(parent), env_(environment), rows_(environment.makeParser) {
    summary_.id = id;
    summary_.updatedMs = QDateTime::currentMSecsSinceEpoch();
    connect(&rows_, &ChatRowModel::foldChosen, this, [this](const QString& messageId, ThoughtFold fold) {
        if (Message* message = tree_.find(messageId)) message->fold = fold;
        env_.store.saveFold(messageId, fold);
    });
    planTimer_.setSingleShot(true);
    planTimer_.setInterval(250);
    connect(&planTimer_, &QTimer::timeout, this, &ChatDocument::planDraft);
    clock_.setInterval(250);
    connect(&clock_, &QTimer::timeout, this, [this] {
        if (ThoughtState* thought = rows_.thought(streamingId_)) thought->tick();
    });
}

ChatDocument::~ChatDocument() {
    releaseReply();
}

void ChatDocument::load() {
    stored_ = true;
    env_.store.load(summary_.id, this, [this](Result<StoredConversation> result) {
        if (!result) {
            emit trouble(whatOf(result.error()), hintOf(result.error()));
            emit loaded(false);
            return;
        }
        summary_ = result->summary;
        for (Message& message : result->messages) tree_.append(std::move(message));
        for (const QString& id : std::as_const(result->shownIds)) tree_.select(id);
        if (const Message* last = tree_.find(tree_.leaf()))
            contextUsed_ = last->stats.promptTokens + last->stats.answerTokens;
        loaded_ = true;
        if (draft_.isEmpty()) setDraft(result->draft);
        rows_.showPath(tree_);
        emit loaded(true);
        emit summaryChanged();
        emit emptyChanged();
        emit contextChanged();
    });
}

StoredConversation ChatDocument::snapshot() const {
    StoredConversation all{summary_, {}, tree_.path(), draft_};
    for (const Message* message : tree_.all()) {
        all.messages.push_back(*message);
        if (message->id != streamingId_) continue;
        // Whoever gets this may read it in another thread while the reply goes on.
        all.messages.back().text.detach();
        all.messages.back().thought.detach();
    }
    return all;
}

void ChatDocument::setDraft(const QString& text) {
    if (draft_ == text) return;
    draft_ = text;
    emit draftChanged();
    planTimer_.start();
}

void ChatDocument::setState(State state) {
    if (state_ == state) return;
    const bool wasBusy = busy();
    state_ = state;
    if (state_ == State::Thinking)
        clock_.start();
    else
        clock_.stop();
    emit stateChanged();
    if (wasBusy != busy()) emit busyChanged(busy());
}

bool ChatDocument::canAnswerNow() const {
    const Capabilities* can = env_.models.capabilities();
    return can && can->end_thought && (state_ == State::Thinking || state_ == State::Paused);
}

bool ChatDocument::canPause() const {
    const Capabilities* can = env_.models.capabilities();
    return can && can->pause && (state_ == State::Thinking || state_ == State::Answering);
}

void ChatDocument::dismissOverflow() {
    refused_ = {};
    if (!overflow_) return;
    overflow_.reset();
    emit overflowChanged();
}

// ---- asking ----

bool ChatDocument::ask(const QString& text) {
    if (busy() || text.trimmed().isEmpty()) return false;
    return appendQuestion(tree_.leaf(), text);
}

bool ChatDocument::askLeavingOut(const QString& choiceId) {
    if (busy() || !overflow_) return false;
    for (const OverflowChoice& choice : std::as_const(overflow_->choices)) {
        if (choice.id != choiceId) continue;
        for (const QString& id : choice.leftOut) leftOut_.insert(id);
        return askAgain();
    }
    return false;
}

bool ChatDocument::askAgain() {
    const auto again = std::exchange(refused_, {});
    dismissOverflow();
    return again ? again() : ask(draft_);
}

bool ChatDocument::edit(const QString& messageId, const QString& text) {
    const Message* original = tree_.find(messageId);
    if (busy() || !original || original->role != MessageRole::User || text.trimmed().isEmpty()) return false;
    return appendQuestion(original->parentId, text);
}

void ChatDocument::ensureStored(const QString& firstQuestion) {
    if (summary_.title.isEmpty()) summary_.title = titleFromQuestion(firstQuestion);
    summary_.updatedMs = QDateTime::currentMSecsSinceEpoch();
    if (!stored_) env_.store.createConversation(summary_);
    stored_ = true;
    loaded_ = true;
    emit summaryChanged();
}

bool ChatDocument::appendQuestion(const QString& parentId, const QString& text) {
    const bool first = tree_.isEmpty();
    ensureStored(text);
    Message question;
    question.id = ChatStore::newId();
    question.parentId = parentId;
    question.role = MessageRole::User;
    question.text = text.trimmed();
    question.createdMs = QDateTime::currentMSecsSinceEpoch();
    tree_.append(question);
    env_.store.appendMessage(summary_.id, question);
    dismissOverflow();
    if (first) emit emptyChanged();
    startReply(question.id);
    return true;
}

bool ChatDocument::regenerate(const QString& messageId) {
    const Message* message = tree_.find(messageId);
    if (busy() || !message) return false;
    startReply(message->role == MessageRole::User ? messageId : message->parentId);
    return true;
}

void ChatDocument::startReply(const QString& parentId) {
    Message reply;
    reply.id = ChatStore::newId();
    reply.parentId = parentId;
    reply.role = MessageRole::Assistant;
    reply.createdMs = QDateTime::currentMSecsSinceEpoch();
    openMessage(std::move(reply), false);
}

bool ChatDocument::continueReply(const QString& messageId, bool answerAtOnce) {
    const Message* message = tree_.find(messageId);
    if (busy() || !message || message->role != MessageRole::Assistant) return false;
    tree_.select(messageId);
    rows_.showPath(tree_);
    answerAtOnce_ = answerAtOnce;
    openMessage(*message, true);
    return true;
}

void ChatDocument::openMessage(Message message, bool continuing) {
    continuing_ = continuing;
    stopAsked_ = false;
    if (!continuing) answerAtOnce_ = false;
    before_ = continuing ? message.stats : MessageStats();
    message.state = MessageState::Streaming;
    message.errorWhat.clear();
    message.errorHint.clear();
    message.thinkingBudget = env_.modelSettings.thinkingBudget();
    streamingId_ = message.id;
    if (continuing) {
        // The storage thread may still be reading what it was given.
        message.text.detach();
        message.thought.detach();
        *tree_.find(message.id) = message;
        rows_.resume(message);
        env_.store.continueReply(message.id);
    } else {
        tree_.append(message);
        rows_.showPath(tree_);
    }
    ++ticket_;
    const bool ready = env_.models.state() == ModelController::Ready;
    setState(ready ? State::ReadingPrompt : State::LoadingModel);
    rows_.setWaiting(streamingId_, ready ? tr("Reading the prompt") : tr("Loading the model"), -1);
    env_.models.whenReady(this, [this, ticket = ticket_](bool ok) {
        if (ticket == ticket_ && !streamingId_.isEmpty()) whenModelReady(ok);
    });
}

void ChatDocument::whenModelReady(bool ready) {
    if (stopAsked_) return;
    if (!ready) {
        Error error{ErrorCode::not_found, env_.models.errorWhat().toStdString(),
                    env_.models.errorHint().toStdString()};
        if (error.what.empty()) {
            error.what = tr("No model is loaded.").toStdString();
            error.hint = tr("Choose a model, then try again.").toStdString();
        }
        failReply(error);
        return;
    }
    Message* message = streaming();
    message->modelName = env_.models.currentName();
    const bool inside = continuing_;
    if (!inside && env_.asker && !env_.models.completionOnly() && env_.asker->asks(summary_.id))
        return searchDocuments(*message);
    PromptPlan plan = promptFor(inside ? streamingId_ : message->parentId);
    if (inside && message->sources && env_.asker) giveAgain(plan, *message);
    setState(State::ReadingPrompt);
    rows_.setWaiting(streamingId_, tr("Reading the prompt"), -1);
    launch(std::move(plan));
}

PromptPlan ChatDocument::promptFor(const QString& lastId) const {
    PromptPlan plan = buildPrompt(tree_, lastId,
                                  {env_.modelSettings.systemPrompt(), env_.modelSettings.keepThoughts(),
                                   env_.models.completionOnly(), leftOut_});
    plan.request.sampling = env_.modelSettings.sampling();
    plan.request.thinking = env_.modelSettings.thinking();
    plan.request.adapters = env_.modelSettings.adapters()->used();
    if (env_.modelSettings.maxTokens() > 0) plan.request.max_tokens = env_.modelSettings.maxTokens();
    return plan;
}

void ChatDocument::launch(PromptPlan plan) {
    Message* message = streaming();
    message->receipt = receiptOf(message->modelName, env_.models.model()->info(), plan.request.sampling);
    auto shared = std::make_shared<PromptPlan>(std::move(plan));
    env_.engineThread.run([model = env_.models.model(), session = session_,
                           shared] { return launchReply(model, session, *shared); },
                          this,
                          [this, ticket = ticket_, shared](Launch launch) {
                              if (ticket != ticket_)
                                  return;  // stopped meanwhile: the reply, if any, is cancelled as it dies
                              session_ = std::move(launch.session);
                              launched(ticket, *shared, std::move(launch.reply), launch.ledger);
                          });
}

void ChatDocument::launched(int ticket, const PromptPlan& plan, Result<std::shared_ptr<Reply>> reply,
                            const Ledger& ledger) {
    if (ticket != ticket_) return;
    if (!reply) {
        if (reply.error().code == ErrorCode::context_overflow && !ledger.tokens.empty())
            takeBack(judgeContext(ledger, plan));
        else
            failReply(reply.error());
        return;
    }
    contextUsed_ = static_cast<int>(ledger.tokens.size());
    emit contextChanged();
    if (!continuing_) env_.store.beginReply(summary_.id, *streaming());
    steady_ = true;
    pump_ = std::make_unique<ReplyPump>(*reply, [this](ReplyBatch batch) { receive(std::move(batch)); });
    if (answerAtOnce_) {
        // What is refused here is no error: the reply then simply goes on in its thought.
        (void)pump_->reply().control(EndThought{});
    }
}

void ChatDocument::takeBack(const ContextVerdict& verdict) {
    const Message message = *streaming();
    releaseReply();
    overflow_ = verdict;
    if (continuing_) {
        Message& kept = *tree_.find(message.id);
        endContextFull(kept);
        refused_ = [this, id = kept.id] { return continueReply(id, false); };
        rows_.finish(kept);
        env_.store.finishReply(kept);
    } else {
        // Nothing was generated: the question goes back to where it was typed.
        const Message* question = tree_.find(message.parentId);
        const bool fresh = question && tree_.siblings(message.id).size() == 1;
        tree_.remove(message.id);
        if (fresh) {
            if (draft_.isEmpty()) draft_ = question->text;
            const QString questionId = question->id;
            refused_ = [this, parent = question->parentId, text = question->text] {
                return appendQuestion(parent, text);
            };
            env_.store.removeMessage(questionId);
            tree_.remove(questionId);
            emit draftChanged();
        } else {
            refused_ = [this, id = message.parentId] { return regenerate(id); };
        }
        rows_.showPath(tree_);
        emit emptyChanged();
    }
    setState(State::Idle);
    emit overflowChanged();
}

void ChatDocument::failReply(const Error& error) {
    Finish finish;
    finish.reason = FinishReason::failed;
    finish.error = error;
    if (!pump_ && !continuing_) env_.store.beginReply(summary_.id, *streaming());
    finish.thought_closed = true;
    finishReply(finish);
}

// ---- the tree ----

void ChatDocument::switchBranch(const QString& messageId, int direction) {
    const QStringList siblings = tree_.siblings(messageId);
    const qsizetype index = siblings.indexOf(messageId) + direction;
    if (index < 0 || index >= siblings.size()) return;
    tree_.select(siblings[index]);
    rows_.showPath(tree_);
    env_.store.activateMessage(siblings[index]);
    planTimer_.start();
}

std::vector<Message> ChatDocument::removeMessage(const QString& messageId) {
    std::vector<Message> removed;
    if (!tree_.find(messageId)) return removed;
    for (const Message* candidate : tree_.all())
        for (const Message* m = candidate; m; m = tree_.find(m->parentId))
            if (m->id == messageId) removed.push_back(*candidate);
    for (const Message& message : removed)
        if (message.id == streamingId_) stop();
    env_.store.removeMessage(messageId);
    tree_.remove(messageId);
    rows_.showPath(tree_);
    emit emptyChanged();
    planTimer_.start();
    return removed;
}

void ChatDocument::restoreMessages(const std::vector<Message>& messages) {
    if (messages.empty()) return;
    for (const Message& message : messages) tree_.append(message);
    env_.store.restoreMessage(messages.front().id);
    rows_.showPath(tree_);
    emit emptyChanged();
    planTimer_.start();
}

// ---- counting ----

void ChatDocument::planDraft() {
    if (busy() || !env_.models.model() || (tree_.isEmpty() && draft_.trimmed().isEmpty())) return;
    ChatTree trial = tree_;
    QString last = tree_.leaf();
    if (!draft_.trimmed().isEmpty()) {
        Message question;
        question.id = QStringLiteral("draft");
        question.parentId = last;
        question.text = draft_.trimmed();
        last = trial.append(question).id;
    }
    auto plan = std::make_shared<PromptPlan>(
        buildPrompt(trial, last,
                    {env_.modelSettings.systemPrompt(), env_.modelSettings.keepThoughts(),
                     env_.models.completionOnly(), leftOut_}));
    plan->request.thinking = env_.modelSettings.thinking();
    plan->request.adapters = env_.modelSettings.adapters()->used();
    env_.engineThread.run(
        [model = env_.models.model(), session = session_, plan] {
            return countPrompt(model, session, *plan);
        },
        this,
        [this, ticket = ++planTicket_, model = env_.models.model(), plan](PromptCount count) {
            if (ticket != planTicket_ || busy() || model != env_.models.model()) return;
            session_ = std::move(count.session);
            if (!count.ledger) return;
            contextUsed_ = static_cast<int>(count.ledger->tokens.size());
            emit contextChanged();
            ContextVerdict verdict = judgeContext(*count.ledger, *plan);
            const bool was = overflow_.has_value();
            refused_ = {};
            if (verdict.fits || draft_.trimmed().isEmpty())
                overflow_.reset();
            else
                overflow_ = std::move(verdict);
            if (was || overflow_) emit overflowChanged();
        });
}

void ChatDocument::requestPromptText(QObject* context, std::function<void(QString)> then) {
    if (busy() || !env_.models.model() || tree_.isEmpty()) return;
    auto plan = std::make_shared<PromptPlan>(promptFor(tree_.leaf()));
    env_.engineThread.run([model = env_.models.model(), session = session_,
                           plan] { return countPrompt(model, session, *plan); },
                          context,
                          [then = std::move(then)](PromptCount count) {
                              then(count.ledger ? QString::fromStdString(count.ledger->rendered) : QString());
                          });
}

void ChatDocument::dropSession() {
    stop();
    // A reply holds its model. A cancelled one ends within a token.
    if (pump_) pump_->settle(500);
    ++planTicket_;
    if (session_) env_.engineThread.post([session = std::move(session_)] {});
    session_.reset();
}

}  // namespace pellucid::app

#include "moc_chat_document.cpp"
