// The conversations that are open in memory: the one shown, those with a running reply, and a few seen
// lately.
#pragma once

#include <QHash>
#include <QList>
#include <QObject>
#include <QSet>
#include <QTimer>
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
    /// A new conversation that is not stored yet; the one there is where nothing was sent in it. The first
    /// takes up the draft that was left in a new chat when the program ended.
    ChatDocument* create();
    /// Chats that are opened from now on put their questions to documents where theirs is asked. Once, at
    /// first.
    void setAsker(DocumentAsker* asker);
    ChatDocument* find(const QString& conversationId) const;
    /// Forgets it, stopping its reply.
    void close(const QString& conversationId);
    /// Every session goes, every reply stops: before a model is unloaded.
    void dropSessions();
    void stopAll();
    /// Writes drafts at once that are written kDraftDelay after a key otherwise.
    void saveDrafts();
    static constexpr int kDraftDelay = 400;  ///< milliseconds

signals:
    void busyChanged(const QString& conversationId, bool busy);
    void summaryChanged(const pellucid::app::ConversationSummary& summary);
    void trouble(const QString& what, const QString& hint);

private:
    ChatDocument* add(const QString& id);
    void touch(ChatDocument* document);
    void trim();
    void noteDraft(ChatDocument* document);
    void drop(ChatDocument* document);

    ChatDocument::Environment environment_;
    QList<ChatDocument*> documents_;  // latest first; children of this object
    struct SavedDraft {
        QString conversationId;  // empty: as that of a new chat
        QString text;
    };
    QHash<ChatDocument*, SavedDraft> savedDrafts_;
    QSet<ChatDocument*> unsavedDrafts_;
    QTimer draftTimer_;
    bool newDraftAsked_ = false;
};

}  // namespace pellucid::app
