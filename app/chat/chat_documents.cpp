#include "app/chat/chat_documents.h"

#include <utility>

#include "app/models/model_controller.h"

namespace pellucid::app {

ChatDocuments::ChatDocuments(const ChatDocument::Environment& environment, QObject* parent)
    : QObject(parent), environment_(environment) {
    connect(&environment_.models, &ModelController::aboutToUnload, this, &ChatDocuments::dropSessions);
    draftTimer_.setSingleShot(true);
    draftTimer_.setInterval(kDraftDelay);
    connect(&draftTimer_, &QTimer::timeout, this, &ChatDocuments::saveDrafts);
}

ChatDocuments::~ChatDocuments() = default;

void ChatDocuments::setAsker(DocumentAsker* asker) {
    environment_.asker = asker;
    for (ChatDocument* document : std::as_const(documents_)) document->setAsker(asker);
}

ChatDocument* ChatDocuments::find(const QString& conversationId) const {
    for (ChatDocument* document : documents_)
        if (document->summary().id == conversationId) return document;
    return nullptr;
}

ChatDocument* ChatDocuments::add(const QString& id) {
    auto* document = new ChatDocument(environment_, id, this);
    connect(document, &ChatDocument::busyChanged, this, [this, id](bool busy) {
        emit busyChanged(id, busy);
        if (!busy) trim();
    });
    connect(document, &ChatDocument::summaryChanged, this, [this, document] {
        if (document->isStored() && savedDrafts_.value(document).conversationId.isEmpty())
            unsavedDrafts_.insert(document);
        emit summaryChanged(document->summary());
    });
    connect(document, &ChatDocument::draftChanged, this, [this, document] { noteDraft(document); });
    connect(document, &ChatDocument::loaded, this, [this, document](bool ok) {
        if (ok) savedDrafts_[document] = {document->summary().id, document->draft()};
    });
    connect(document, &ChatDocument::trouble, this, &ChatDocuments::trouble);
    documents_.prepend(document);
    return document;
}

ChatDocument* ChatDocuments::open(const QString& conversationId) {
    ChatDocument* document = find(conversationId);
    if (!document) {
        document = add(conversationId);
        document->load();
    }
    touch(document);
    return document;
}

ChatDocument* ChatDocuments::create() {
    ChatDocument* document = nullptr;
    for (ChatDocument* candidate : std::as_const(documents_))
        if (!candidate->isStored() && !candidate->busy()) document = candidate;
    if (!document) document = add(ChatStore::newId());
    touch(document);
    if (!std::exchange(newDraftAsked_, true))
        environment_.store.newChatDraft(document, [this, document](const QString& text) {
            if (!document->draft().isEmpty() || document->isStored()) return;
            savedDrafts_[document] = {{}, text};
            document->setDraft(text);
        });
    return document;
}

// ---- drafts ----

void ChatDocuments::noteDraft(ChatDocument* document) {
    unsavedDrafts_.insert(document);
    if (document->draft().isEmpty())
        saveDrafts();
    else if (!draftTimer_.isActive())
        draftTimer_.start();
}

void ChatDocuments::saveDrafts() {
    for (ChatDocument* document : std::exchange(unsavedDrafts_, {})) {
        SavedDraft& saved = savedDrafts_[document];
        const QString id = document->isStored() ? document->summary().id : QString();
        if (saved.conversationId != id && !saved.text.isEmpty()) {
            // Typed in a new chat, which has become a conversation.
            environment_.store.saveDraft(saved.conversationId, {});
            saved.text.clear();
        }
        saved.conversationId = id;
        if (saved.text == document->draft()) continue;
        saved.text = document->draft();
        environment_.store.saveDraft(id, saved.text);
    }
}

void ChatDocuments::drop(ChatDocument* document) {
    saveDrafts();
    savedDrafts_.remove(document);
    documents_.removeOne(document);
    document->deleteLater();
}

void ChatDocuments::touch(ChatDocument* document) {
    documents_.removeOne(document);
    documents_.prepend(document);
    trim();
}

void ChatDocuments::trim() {
    int kept = 0, sessions = 0;
    const QList<ChatDocument*> documents = documents_;
    for (ChatDocument* document : documents) {
        if (document->busy()) continue;
        if (document->hasSession() && ++sessions > kKeptSessions) document->dropSession();
        // The draft of a new chat has no other place.
        if (++kept <= kKept || (!document->isStored() && !document->draft().isEmpty())) continue;
        drop(document);
    }
}

void ChatDocuments::close(const QString& conversationId) {
    ChatDocument* document = find(conversationId);
    if (!document) return;
    document->dropSession();
    drop(document);
}

void ChatDocuments::dropSessions() {
    for (ChatDocument* document : std::as_const(documents_)) document->dropSession();
}

void ChatDocuments::stopAll() {
    for (ChatDocument* document : std::as_const(documents_)) document->stop();
}

}  // namespace pellucid::app

#include "moc_chat_documents.cpp"
