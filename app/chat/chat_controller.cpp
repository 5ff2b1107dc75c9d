#include "app/chat/chat_controller.h"

#include <QClipboard>
#include <QGuiApplication>

#include "app/base/wording.h"
#include "app/chat/chat_documents.h"
#include "app/chat/chat_row_model.h"
#include "app/models/model_controller.h"
#include "app/settings/model_settings_backend.h"
#include "app/settings/settings_backend.h"
#include "app/shell/toast_queue.h"

namespace pellucid::app {

ChatController::ChatController(ChatDocuments& documents, ChatStore& store, ModelController& models,
                               ModelSettingsBackend& modelSettings, SettingsBackend& settings,
                               ToastQueue& toasts, QObject* parent)
    : QObject(parent),
      documents_(documents),
      store_(store),
      models_(models),
      modelSettings_(modelSettings),
      settings_(settings),
      toasts_(toasts) {
    connect(&models_, &ModelController::stateChanged, this, [this] {
        emit modelChanged();
        emit contextChanged();
        emit canSendChanged();
        emit stateChanged();
        if (models_.state() == ModelController::Ready && document_) document_->planDraft();
    });
    connect(&models_, &ModelController::currentChanged, this, [this] {
        emit modelChanged();
        emit canSendChanged();
    });
    connect(&modelSettings_, &ModelSettingsBackend::changed, this, &ChatController::thinkingChanged);
    connect(&modelSettings_, &ModelSettingsBackend::modelChanged, this, &ChatController::thinkingChanged);
    connect(&settings_, &SettingsBackend::thoughtDisplayChanged, this, &ChatController::applyThoughtDefaults);
    attach(documents_.create());
}

ChatController::~ChatController() = default;

void ChatController::attach(ChatDocument* document) {
    if (document_ == document) return;
    if (document_) disconnect(document_, nullptr, this, nullptr);
    document_ = document;
    applyThoughtDefaults();
    connect(document, &ChatDocument::stateChanged, this, [this] {
        emit stateChanged();
        emit canSendChanged();
    });
    connect(document, &ChatDocument::summaryChanged, this, &ChatController::titleChanged);
    connect(document, &ChatDocument::emptyChanged, this, &ChatController::emptyChanged);
    connect(document, &ChatDocument::promptProgressChanged, this, &ChatController::promptProgressChanged);
    connect(document, &ChatDocument::contextChanged, this, &ChatController::contextChanged);
    connect(document, &ChatDocument::overflowChanged, this, [this] {
        lookForLongerContext();
        emit overflowChanged();
    });
    connect(document, &ChatDocument::announced, this, &ChatController::announced);
    connect(document, &ChatDocument::draftChanged, this, [this] {
        emit draftChanged();
        emit canSendChanged();
    });
    connect(document, &ChatDocument::loaded, this, [this](bool ok) {
        applyThoughtDefaults();
        if (ok && !wantedMessage_.isEmpty()) emit rowWanted(rows()->rowOfMessage(wantedMessage_));
        wantedMessage_.clear();
        if (ok) document_->planDraft();
    });
    emit conversationChanged();
    emit titleChanged();
    emit emptyChanged();
    emit stateChanged();
    emit promptProgressChanged();
    emit contextChanged();
    emit draftChanged();
    emit canSendChanged();
    lookForLongerContext();
    emit overflowChanged();
}

void ChatController::lookForLongerContext() {
    longer_ = {};
    const int ticket = ++longerTicket_;
    if (!overflow()) return;
    const int tokens = longerContext(document_->overflow()->promptTokens, models_.contextLength(),
                                     modelSettings_.trainedContext());
    if (tokens == 0) return;
    models_.planContext(tokens, this, [this, ticket, tokens](const MemoryPlan& plan) {
        if (ticket != longerTicket_ || !plan.fits()) return;
        longer_ = {tokens, plan};
        emit overflowChanged();
    });
}

void ChatController::applyThoughtDefaults() {
    const auto display = settings_.thoughtDisplay();
    document_->rows().setThoughtDefaults(display != SettingsBackend::AlwaysClosed,
                                         display == SettingsBackend::AlwaysOpen);
}

void ChatController::show(const QString& conversationId, const QString& messageId) {
    wantedMessage_ = messageId;
    ChatDocument* document = documents_.open(conversationId);
    attach(document);
    if (!document->isLoaded()) return;
    if (!messageId.isEmpty()) emit rowWanted(rows()->rowOfMessage(messageId));
    wantedMessage_.clear();
}

void ChatController::showNew() {
    if (!document_->tree().isEmpty() || document_->busy()) attach(documents_.create());
}

void ChatController::forget(const QString& conversationId) {
    if (document_ && document_->summary().id == conversationId) attach(documents_.create());
    documents_.close(conversationId);
}

// ---- what is shown ----

QString ChatController::conversationId() const {
    return document_->summary().id;
}
QString ChatController::title() const {
    const QString& title = document_->summary().title;
    return title.isEmpty() ? tr("New chat") : title;
}
bool ChatController::empty() const {
    return document_->tree().isEmpty();
}
ChatRowModel* ChatController::rows() const {
    return &document_->rows();
}
ChatController::State ChatController::state() const {
    return static_cast<State>(document_->state());
}
bool ChatController::busy() const {
    return document_->busy();
}
double ChatController::promptProgress() const {
    return document_->promptProgress();
}
int ChatController::contextUsed() const {
    return document_->contextUsed();
}
int ChatController::contextLength() const {
    return models_.contextLength();
}
QString ChatController::modelName() const {
    return models_.currentName();
}
ChatController::ThinkingMode ChatController::thinkingMode() const {
    return static_cast<ThinkingMode>(modelSettings_.thinkingMode());
}
void ChatController::setThinkingMode(ThinkingMode mode) {
    modelSettings_.setThinkingMode(mode);
}
int ChatController::thinkingBudget() const {
    return modelSettings_.thinkingBudget();
}
void ChatController::setThinkingBudget(int tokens) {
    modelSettings_.setThinkingBudget(tokens);
}
bool ChatController::canThink() const {
    const Capabilities* can = models_.capabilities();
    return can && can->thinking;
}
bool ChatController::canSwitchThinking() const {
    const Capabilities* can = models_.capabilities();
    return can && can->thinking && can->thinking_switch;
}
bool ChatController::canAnswerNow() const {
    return document_->canAnswerNow();
}
bool ChatController::canPause() const {
    return document_->canPause();
}
bool ChatController::completionOnly() const {
    return models_.completionOnly();
}
QString ChatController::draft() const {
    return document_->draft();
}
void ChatController::setDraft(const QString& text) {
    document_->setDraft(text);
}
bool ChatController::canSend() const {
    return !busy() && !draft().trimmed().isEmpty() && cannotSendReason().isEmpty();
}

QString ChatController::cannotSendReason() const {
    switch (models_.state()) {
        case ModelController::NoModel:
            return tr("Choose a model first");
        case ModelController::Failed:
            return models_.errorWhat();
        default:
            return {};
    }
}

bool ChatController::overflow() const {
    return document_->overflow().has_value();
}

QString ChatController::overflowText() const {
    if (!overflow()) return {};
    const ContextVerdict& verdict = *document_->overflow();
    return tr("The prompt would take %1 of %2 tokens and leave too little room for a reply.")
        .arg(countText(verdict.promptTokens), countText(verdict.contextLength));
}

QString ChatController::overflowHint() const {
    if (!overflow() || !document_->overflow()->lastAloneTooLong) return {};
    return tr("Shorten the message, or open the model with a longer context.");
}

QVariantList ChatController::overflowChoices() const {
    QVariantList choices;
    if (!overflow()) return choices;
    for (const OverflowChoice& choice : document_->overflow()->choices) {
        const int count = static_cast<int>(choice.leftOut.size());
        choices.append(QVariantMap{
            {QStringLiteral("id"), choice.id},
            {QStringLiteral("label"), tr("Send without the %n oldest message(s)", nullptr, count)},
            {QStringLiteral("detail"),
             tr("Frees %1 tokens. They stay in the chat.").arg(countText(choice.freedTokens))}});
    }
    if (longer_.tokens > 0)
        choices.append(
            QVariantMap{{QStringLiteral("id"), QStringLiteral("reload")},
                        {QStringLiteral("label"), tr("Reload with %1 tokens").arg(countText(longer_.tokens))},
                        {QStringLiteral("detail"),
                         tr("A longer context needs %1 of memory in all; %2 are free.")
                             .arg(gibibytesText(static_cast<double>(longer_.plan.total()), 2),
                                  gibibytesText(static_cast<double>(longer_.plan.available), 2))}});
    return choices;
}

// ---- what a person does ----

bool ChatController::send() {
    const QString text = draft();
    if (!sendText(text)) return false;
    document_->setDraft({});
    return true;
}

bool ChatController::sendText(const QString& text) {
    if (busy() || text.trimmed().isEmpty()) return false;
    if (const QString reason = cannotSendReason(); !reason.isEmpty()) {
        toasts_.say(reason);
        return false;
    }
    if (overflow()) return false;  // said already, with what can be left out
    return document_->ask(text);
}

bool ChatController::sendDropping(const QString& choiceId) {
    if (choiceId == QLatin1String("reload")) {
        if (busy() || !overflow() || longer_.tokens == 0) return false;
        models_.reloadWithContext(longer_.tokens);
        if (!document_->askAgain()) return false;
    } else if (!document_->askLeavingOut(choiceId)) {
        return false;
    }
    document_->setDraft({});
    return true;
}

void ChatController::dismissOverflow() {
    document_->dismissOverflow();
}
void ChatController::stop() {
    document_->stop();
}
void ChatController::answerNow() {
    document_->answerNow();
}
void ChatController::pause() {
    document_->pause();
}
void ChatController::resume() {
    document_->resume();
}
void ChatController::regenerate(const QString& messageId) {
    document_->regenerate(messageId);
}
void ChatController::edit(const QString& messageId, const QString& text) {
    document_->edit(messageId, text);
}
void ChatController::switchBranch(const QString& messageId, int direction) {
    document_->switchBranch(messageId, direction);
}
void ChatController::continueMessage(const QString& messageId) {
    document_->continueReply(messageId, false);
}
void ChatController::answerFromHere(const QString& messageId) {
    document_->continueReply(messageId, true);
}

namespace {

void copy(const QString& text) {
    if (QClipboard* clipboard = QGuiApplication::clipboard()) clipboard->setText(text);
}

}  // namespace

void ChatController::copyAnswer(const QString& messageId) {
    if (const Message* message = document_->tree().find(messageId.isEmpty() ? lastAnswerId() : messageId))
        copy(message->text);
}

void ChatController::copyThought(const QString& messageId) {
    if (const Message* message = document_->tree().find(messageId)) copy(message->thought);
}

void ChatController::copyQuestion(const QString& messageId) {
    copyAnswer(messageId);
}

void ChatController::copyAll() {
    QStringList turns;
    for (const QString& id : document_->tree().path())
        if (const Message* message = document_->tree().find(id)) turns.append(message->text);
    copy(turns.join(QStringLiteral("\n\n")));
}

void ChatController::deleteMessage(const QString& messageId) {
    QPointer<ChatDocument> document = document_;
    const std::vector<Message> removed = document->removeMessage(messageId);
    if (removed.empty()) return;
    toasts_.show({.text = tr("Deleted %n message(s)", nullptr, static_cast<int>(removed.size())),
                  .actionLabel = tr("Undo"),
                  .actionId = QStringLiteral("undo"),
                  .action = [document, removed] {
                      if (document) document->restoreMessages(removed);
                  }});
}

void ChatController::forkHere(const QString& messageId) {
    if (!document_->tree().find(messageId)) return;
    ConversationSummary summary = document_->summary();
    summary.id = ChatStore::newId();
    summary.title = tr("%1 (copy)").arg(title());
    summary.pinned = false;
    store_.forkConversation(messageId, summary);
    emit conversationMade(summary);
    show(summary.id);
}

QString ChatController::questionText(const QString& messageId) const {
    const Message* message = document_->tree().find(messageId);
    return message ? message->text.toString() : QString();
}

QString ChatController::lastAnswerId() const {
    const QStringList path = document_->tree().path();
    for (auto it = path.crbegin(); it != path.crend(); ++it)
        if (document_->tree().find(*it)->role == MessageRole::Assistant) return *it;
    return {};
}

QString ChatController::lastQuestionId() const {
    const QStringList path = document_->tree().path();
    for (auto it = path.crbegin(); it != path.crend(); ++it)
        if (document_->tree().find(*it)->role == MessageRole::User) return *it;
    return {};
}

void ChatController::requestPromptText() {
    document_->requestPromptText(this, [this](const QString& text) { emit promptTextReady(text); });
}

}  // namespace pellucid::app

#include "moc_chat_controller.cpp"
