// The conversations that are open in memory: the one shown, those with a running reply, and a few seen
// lately.
#pragma once

#include <QList>
#include <QObject>
#include <memory>
#include <vector>

#include "app/chat/chat_document.h"

namespace pellucid::app {

class ChatDocuments : public QObject {
    Q_OBJECT

public:
    static constexpr int kKept = 6;          ///< documents without a running reply
    static constexpr int kKeptSessions = 2;  ///< sessions hold context memory

    explicit ChatDocuments(const ChatDocument::Environment& environment, QObject* parent = nullptr);
    ~ChatDocuments() override;

    /// The document of a stored conversation; loading if it was not open.
    ChatDocument* open(const QString& conversationId);
    /// A new conversation that is not stored yet.
    ChatDocument* create();
    ChatDocument* find(const QString& conversationId) const;
    /// Forgets it, stopping its reply.
    void close(const QString& conversationId);
    /// Every session goes, every reply stops: before a model is unloaded.
    void dropSessions();
    void stopAll();

signals:
    void busyChanged(const QString& conversationId, bool busy);
    void summaryChanged(const pellucid::app::ConversationSummary& summary);
    void trouble(const QString& what, const QString& hint);

private:
    ChatDocument* add(const QString& id);
    void touch(ChatDocument* document);
    void trim();

    ChatDocument::Environment environment_;
    QList<ChatDocument*> documents_;  // latest first; children of this object
};

}  // namespace pellucid::app
