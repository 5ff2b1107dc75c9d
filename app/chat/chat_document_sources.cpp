// ChatDocument's questions to documents: passages before the reply, its sentences held against them after it.
#include "app/base/wording.h"
#include "app/chat/chat_document.h"
#include "app/models/model_controller.h"

namespace pellucid::app {

namespace {

void putContent(PromptPlan& plan, const QString& messageId, const QString& content) {
    auto* conversation = std::get_if<Conversation>(&plan.request.input);
    const auto at = plan.messageIds.indexOf(messageId);
    if (conversation && at >= 0)
        conversation->messages[static_cast<std::size_t>(at)].content = content.toStdString();
}

}  // namespace

void ChatDocument::searchDocuments(const Message& message) {
    const Message* asked = tree_.find(message.parentId);
    if (!asked) return launch(promptFor(message.parentId));
    DocumentAsker::Question question;
    question.conversation = summary_.id;
    question.text = asked->text;
    question.model = env_.models.model();
    const PromptPlan plan = promptFor(message.parentId);
    if (const auto* conversation = std::get_if<Conversation>(&plan.request.input))
        for (std::size_t i = 0; i < conversation->messages.size(); ++i)
            if (plan.messageIds.at(static_cast<qsizetype>(i)) != message.parentId)
                question.beside += QString::fromStdString(conversation->messages[i].content) + u'\n';
    for (const Message* answer = tree_.find(asked->parentId); answer;) {
        const Message* before = tree_.find(answer->parentId);
        if (answer->role == MessageRole::Assistant && before)
            question.before.insert(question.before.begin(), {before->text, answer->text});
        answer = before ? tree_.find(before->parentId) : nullptr;
    }
    setState(State::ReadingPrompt);
    rows_.setWaiting(streamingId_, tr("Searching the documents"), -1);
    env_.asker->prepare(question, this, [this, ticket = ticket_](DocumentAsker::Prepared prepared) {
        if (ticket == ticket_ && streaming() && !stopAsked_) searched(std::move(prepared));
    });
}

void ChatDocument::giveAgain(PromptPlan& plan, const Message& answer) {
    const Message* asked = tree_.find(answer.parentId);
    if (!asked || answer.sources->passages.empty()) return;
    DocumentAsker::Question question;
    question.conversation = summary_.id;
    question.text = asked->text;
    question.model = env_.models.model();
    putContent(plan, asked->id, env_.asker->contentAgain(question, answer.sources));
    marks_ = env_.asker->marks(answer.sources);
}

void ChatDocument::searched(DocumentAsker::Prepared prepared) {
    if (!prepared.error.what.empty()) return failReply(prepared.error);
    Message* message = streaming();
    PromptPlan plan = promptFor(message->parentId);
    putContent(plan, message->parentId, prepared.content);
    plan.request.stop.insert(plan.request.stop.end(), prepared.stops.begin(), prepared.stops.end());
    message->sources = prepared.sources;
    marks_ = env_.asker->marks(prepared.sources);
    if (!prepared.answer.isEmpty()) return sayNothingFound(prepared.answer);
    rows_.update(*message);
    rows_.setWaiting(streamingId_, tr("Reading the passages"), -1);
    launch(std::move(plan));
}

/// Nothing near the question is in the documents: that is the answer, and a model would only guess.
void ChatDocument::sayNothingFound(const QString& answer) {
    Message* message = streaming();
    env_.store.beginReply(summary_.id, *message);
    env_.store.streamAnswer(streamingId_, answer, {});
    message->text = answer;
    rows_.update(*message);
    finishReply({});
}

void ChatDocument::checkSources(const Message& message) {
    const Message* asked = tree_.find(message.parentId);
    if (!asked || !message.sources || !env_.asker || message.text.isEmpty()) return;
    env_.asker->check(asked->text, message.text, message.sources, this,
                      [this, id = message.id](DocumentAsker::Checked checked) {
                          Message* found = tree_.find(id);
                          if (!found || !checked.sources || id == streamingId_) return;
                          found->sources = std::move(checked.sources);
                          found->text = checked.answer;
                          rows_.update(*found);
                          env_.store.saveSources(*found);
                      });
}

}  // namespace pellucid::app
