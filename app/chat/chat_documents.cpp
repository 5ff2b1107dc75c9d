#include "app/chat/chat_documents.h"

#include "app/models/model_controller.h"

namespace pellucid::app {

ChatDocuments::ChatDocuments(const ChatDocument::Environment& environment, QObject* parent)
    : QObject(parent), environment_(environment) {
    connect(&environment_.models, &ModelController::aboutToUnload, this, &ChatDocuments::dropSessions);
}

ChatDocuments::~ChatDocuments() = default;

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
    connect(document, &ChatDocument::summaryChanged, this,
            [this, document] { emit summaryChanged(document->summary()); });
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
    ChatDocument* document = add(ChatStore::newId());
    touch(document);
    return document;
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
        // A draft is kept for as long as the program runs.
        if (++kept <= kKept || !document->draft().isEmpty()) continue;
        documents_.removeOne(document);
        document->deleteLater();
    }
}

void ChatDocuments::close(const QString& conversationId) {
    ChatDocument* document = find(conversationId);
    if (!document) return;
    document->dropSession();
    documents_.removeOne(document);
    document->deleteLater();
}

void ChatDocuments::dropSessions() {
    for (ChatDocument* document : std::as_const(documents_)) document->dropSession();
}

void ChatDocuments::stopAll() {
    for (ChatDocument* document : std::as_const(documents_)) document->stop();
}

}  // namespace pellucid::app

#include "moc_chat_documents.cpp"
