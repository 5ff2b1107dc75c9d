#include "app/chat/chat_document.h"

#include <QDateTime>
#include <QJsonObject>

#include "app/base/wording.h"
#include "app/base/work_thread.h"
#include "app/chat/thought_state.h"
#include "app/models/model_controller.h"
#include "app/settings/model_settings_backend.h"
#include "app/settings/settings_backend.h"

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
        rows_.showPath(tree_);
        emit loaded(true);
        emit summaryChanged();
        emit emptyChanged();
        emit contextChanged();
    });
}

StoredConversation ChatDocument::snapshot() const {
    StoredConversation all{summary_, {}, tree_.path()};
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
        dismissOverflow();
        return ask(draft_);
    }
    return false;
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
    PromptPlan plan = promptFor(inside ? streamingId_ : message->parentId);
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
    if (env_.modelSettings.maxTokens() > 0) plan.request.max_tokens = env_.modelSettings.maxTokens();
    return plan;
}

namespace {

struct Launch {
    std::shared_ptr<Session> session;
    Ledger ledger;
    Result<std::shared_ptr<Reply>> reply = fail(ErrorCode::internal, "not started");
};

/// On the engine thread: a session if there is none, the ledger, and the reply if it fits.
Launch launchReply(const std::shared_ptr<Model>& model, std::shared_ptr<Session> session,
                   const PromptPlan& plan) {
    Launch launch;
    launch.session = std::move(session);
    if (!launch.session) {
        auto made = model->new_session();
        if (!made) {
            launch.reply = made.failure();
            return launch;
        }
        launch.session = std::move(*made);
    }
    auto ledger = launch.session->plan(plan.request);
    if (!ledger) {
        launch.reply = ledger.failure();
        return launch;
    }
    launch.ledger = std::move(*ledger);
    if (launch.ledger.reply_room < wantedReplyRoom(launch.ledger.context_length)) {
        launch.reply = fail(ErrorCode::context_overflow, "");
        return launch;
    }
    launch.reply = launch.session->generate(plan.request);
    return launch;
}

}  // namespace

void ChatDocument::launch(PromptPlan plan) {
    Message* message = streaming();
    const ModelInfo& info = env_.models.model()->info();
    const SamplingSpec& sampling = plan.request.sampling;
    message->receipt = QJsonObject{
        {QStringLiteral("model"), message->modelName},
        {QStringLiteral("digest"), QString::fromStdString(info.digest)},
        {QStringLiteral("quantization"), QString::fromStdString(info.quantization)},
        {QStringLiteral("device"), QString::fromStdString(info.device)},
        {QStringLiteral("seed"), QString::number(sampling.seed)},
        {QStringLiteral("sampling"),
         QJsonObject{{QStringLiteral("temperature"), static_cast<double>(sampling.temperature)},
                     {QStringLiteral("top_k"), sampling.top_k},
                     {QStringLiteral("top_p"), static_cast<double>(sampling.top_p)},
                     {QStringLiteral("min_p"), static_cast<double>(sampling.min_p)},
                     {QStringLiteral("typical_p"), static_cast<double>(sampling.typical_p)},
                     {QStringLiteral("repetition_penalty"), static_cast<double>(sampling.repetition_penalty)},
                     {QStringLiteral("presence_penalty"), static_cast<double>(sampling.presence_penalty)},
                     {QStringLiteral("frequency_penalty"), static_cast<double>(sampling.frequency_penalty)},
                     {QStringLiteral("penalty_window"), sampling.penalty_window},
                     {QStringLiteral("dry_multiplier"), static_cast<double>(sampling.dry_multiplier)}}}};
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
        kept.state = MessageState::CutOff;
        kept.errorWhat = tr("The context is full");
        kept.errorHint = tr("Open the model with a longer context, or fork from an earlier message.");
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
            env_.store.removeMessage(questionId);
            tree_.remove(questionId);
            emit draftChanged();
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

// ---- while it runs ----

void ChatDocument::receive(ReplyBatch batch) {
    Message* message = streaming();
    if (!message) return;
    if (batch.progress) {
        const PromptProgress& progress = *batch.progress;
        promptProgress_ =
            progress.total_tokens > 0 ? static_cast<double>(progress.done_tokens) / progress.total_tokens : 0;
        emit promptProgressChanged();
        if (state_ == State::ReadingPrompt)
            rows_.setWaiting(streamingId_, tr("Reading the prompt, %1 %").arg(qRound(promptProgress_ * 100)),
                             promptProgress_);
    }
    for (const ReplyBatch::Piece& piece : batch.pieces) {
        contextUsed_ += static_cast<int>(piece.tokens.size());
        if (piece.channel == Delta::Channel::thought) {
            receiveThought(*message, piece);
        } else if (piece.channel == Delta::Channel::answer) {
            if (message->hasThought && !message->thoughtClosed) closeThought(*message, false);
            if (state_ != State::Stopping && state_ != State::Answering) setState(State::Answering);
            message->text += piece.text;
            message->stats.answerTokens += static_cast<int>(piece.tokens.size());
            rows_.growAnswer(streamingId_, message->text);
            env_.store.streamAnswer(streamingId_, piece.text, piece.tokens);
        }
    }
    if (!batch.pieces.empty()) emit contextChanged();
    if (batch.finish) finishReply(*batch.finish);
}

void ChatDocument::receiveThought(Message& message, const ReplyBatch::Piece& piece) {
    if (!message.hasThought || message.thoughtClosed) {
        message.hasThought = true;
        message.thoughtClosed = false;
    }
    if (state_ == State::ReadingPrompt || state_ == State::LoadingModel) {
        setState(State::Thinking);
        emit announced(tr("Thinking"));
    }
    message.thought += piece.text;
    message.stats.thoughtTokens += static_cast<int>(piece.tokens.size());
    rows_.growThought(streamingId_, message.thought, static_cast<int>(piece.tokens.size()));
    if (ThoughtState* thought = rows_.thought(streamingId_)) thought->setBudget(message.thinkingBudget);
    env_.store.streamThought(streamingId_, piece.text, piece.tokens);
}

void ChatDocument::closeThought(Message& message, bool early) {
    message.thoughtClosed = true;
    message.answeredEarly = message.answeredEarly || early;
    if (ThoughtState* thought = rows_.thought(streamingId_))
        thought->setState(message.answeredEarly ? ThoughtState::AnsweredEarly : ThoughtState::Done);
    // The three-way setting folds it a moment after the answer began, unless the person has touched it.
    const QString id = streamingId_;
    QTimer::singleShot(180, this, [this, id] { rows_.settleFold(id); });
}

void ChatDocument::stop() {
    if (!busy() || stopAsked_) return;
    stopAsked_ = true;
    if (pump_) {
        setState(State::Stopping);
        if (!pump_->reply().control(Cancel{})) return;  // it had just ended by itself: Finish is on its way
        return;
    }
    // Still loading the model or counting the prompt: nothing was said yet.
    if (!continuing_) env_.store.beginReply(summary_.id, *streaming());
    Finish finish;
    finish.reason = FinishReason::cancelled;
    finish.thought_closed = !streaming()->hasThought || streaming()->thoughtClosed;
    finishReply(finish);
}

void ChatDocument::answerNow() {
    if (!pump_ || !canAnswerNow()) return;
    const auto done = pump_->reply().control(EndThought{});
    if (!done) {
        emit trouble(whatOf(done.error()), hintOf(done.error()));
        return;
    }
    if (Message* message = streaming()) message->answeredEarly = true;
    if (state_ == State::Paused) resume();
}

void ChatDocument::pause() {
    if (!pump_ || !canPause() || !pump_->reply().control(Pause{})) return;
    if (ThoughtState* thought = rows_.thought(streamingId_); thought && state_ == State::Thinking)
        thought->setState(ThoughtState::Paused);
    setState(State::Paused);
    emit announced(tr("Paused"));
}

void ChatDocument::resume() {
    if (!pump_ || state_ != State::Paused || !pump_->reply().control(Resume{})) return;
    const Message* message = streaming();
    const bool thinking = message && message->hasThought && !message->thoughtClosed;
    if (ThoughtState* thought = rows_.thought(streamingId_); thought && thinking)
        thought->setState(ThoughtState::Thinking);
    setState(thinking ? State::Thinking : State::Answering);
}

// ---- how it ends ----

void ChatDocument::finishReply(const Finish& finish) {
    Message* message = streaming();
    if (!message) return;
    const Timings& timings = finish.timings;
    MessageStats stats = before_;
    stats.promptTokens = timings.prompt_tokens;
    stats.cachedTokens = timings.cached_tokens;
    stats.thoughtTokens += timings.thought_tokens;
    stats.answerTokens += timings.answer_tokens;
    stats.promptSeconds =
        continuing_ && before_.promptSeconds > 0 ? before_.promptSeconds : timings.prompt_seconds;
    stats.generateSeconds += timings.generate_seconds;
    stats.thoughtSeconds += timings.thought_seconds;
    message->stats = stats;
    message->answeredEarly = message->answeredEarly || finish.answered_early;
    if (message->hasThought) message->thoughtClosed = finish.thought_closed || !message->text.isEmpty();
    switch (finish.reason) {
        case FinishReason::end_of_turn:
        case FinishReason::stop_string:
            message->state = MessageState::Complete;
            break;
        case FinishReason::length:
            message->state = MessageState::CutOff;
            message->errorWhat = tr("Cut off at the limit of %1 tokens").arg(countText(stats.tokens()));
            message->errorHint = tr("Continue, or raise the limit in the model's settings.");
            break;
        case FinishReason::context_full:
            message->state = MessageState::CutOff;
            message->errorWhat = tr("The context is full");
            message->errorHint = tr("Open the model with a longer context, or fork from an earlier message.");
            break;
        case FinishReason::cancelled:
            message->state = MessageState::Stopped;
            break;
        case FinishReason::failed:
            message->state = MessageState::Failed;
            if (finish.error) {
                message->errorWhat = whatOf(*finish.error);
                message->errorHint = hintOf(*finish.error);
            }
            break;
    }
    if (ThoughtState* thought = rows_.thought(streamingId_)) {
        ThoughtState::State end = message->answeredEarly ? ThoughtState::AnsweredEarly : ThoughtState::Done;
        if (!message->thoughtClosed)
            end = message->state == MessageState::Stopped  ? ThoughtState::Stopped
                  : message->state == MessageState::Failed ? ThoughtState::Interrupted
                                                           : ThoughtState::CutOff;
        thought->setState(end);
        thought->settle(stats.thoughtSeconds, stats.thoughtTokens);
        rows_.settleFold(streamingId_);
    }
    const bool failed = message->state == MessageState::Failed;
    rows_.finish(*message);
    env_.store.finishReply(*message);
    summary_.updatedMs = QDateTime::currentMSecsSinceEpoch();
    releaseReply();
    setState(failed ? State::Failed : State::Idle);
    emit summaryChanged();
    emit announced(failed ? tr("The reply failed") : tr("Answer ready"));
    planTimer_.start();
}

void ChatDocument::releaseReply() {
    ++ticket_;
    streamingId_.clear();
    answerAtOnce_ = false;
    promptProgress_ = 0;
    if (!pump_) return;
    // The engine may still be winding down: that waits on its own thread, and a batch may be on the stack
    // here.
    std::shared_ptr<Reply> reply = pump_->share();
    pump_->disarm();
    pump_.release()->deleteLater();
    env_.engineThread.post([reply] {});
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

namespace {

struct Count {
    std::shared_ptr<Session> session;
    std::optional<Ledger> ledger;
};

Count countPrompt(const std::shared_ptr<Model>& model, std::shared_ptr<Session> session,
                  const PromptPlan& plan) {
    Count count{std::move(session), {}};
    if (!count.session)
        if (auto made = model->new_session()) count.session = std::move(*made);
    if (count.session)
        if (auto ledger = count.session->plan(plan.request)) count.ledger = std::move(*ledger);
    return count;
}

}  // namespace

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
    env_.engineThread.run([model = env_.models.model(), session = session_,
                           plan] { return countPrompt(model, session, *plan); },
                          this,
                          [this, ticket = ++planTicket_, model = env_.models.model(), plan](Count count) {
                              if (ticket != planTicket_ || busy() || model != env_.models.model()) return;
                              session_ = std::move(count.session);
                              if (!count.ledger) return;
                              contextUsed_ = static_cast<int>(count.ledger->tokens.size());
                              emit contextChanged();
                              ContextVerdict verdict = judgeContext(*count.ledger, *plan);
                              const bool was = overflow_.has_value();
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
                          [then = std::move(then)](Count count) {
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
