// Conversations out (Markdown, JSON) and in (JSON, ChatGPT, LM Studio), for the menus.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <QUrl>
#include <functional>
#include <optional>

#include "app/store/chat_store.h"
#include "app/threads/work_thread.h"

namespace pellucid::app {

class ConversationListModel;
class ToastQueue;

class ExchangeController : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(ExchangeController)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)

public:
    enum Format { Markdown, Json };
    Q_ENUM(Format)

    ExchangeController(ChatStore& store, ConversationListModel& conversations, ToastQueue& toasts,
                       QObject* parent = nullptr);

    bool busy() const { return busy_; }

    /// Gives the conversations that are open: what they hold may not have reached the disk (a full one).
    using OpenConversation = std::function<std::optional<StoredConversation>(const QString&)>;
    void setOpenConversation(OpenConversation open) { open_ = std::move(open); }

    /// Writes one conversation. The result, or why not, is said in a toast.
    Q_INVOKABLE void exportConversation(const QString& conversationId, const QUrl& file, Format format,
                                        bool withThoughts = true);
    /// Every conversation into one JSON file.
    Q_INVOKABLE void exportAll(const QUrl& file);
    /// Our JSON, a ChatGPT conversations.json, or an LM Studio conversation: found out from the content.
    Q_INVOKABLE void importFile(const QUrl& file);
    /// A file name made from the title: "Tilings with dominoes.md".
    Q_INVOKABLE QString suggestedName(const QString& conversationId, Format format) const;

signals:
    void busyChanged();
    void imported(int conversations);

private:
    void setBusy(bool busy);
    void read(const QString& conversationId, std::function<void(Result<StoredConversation>)> then);
    void save(const QUrl& file, const QByteArray& bytes);
    void take(std::vector<StoredConversation> conversations, const Error& problem);

    ChatStore& store_;
    ConversationListModel& conversations_;
    ToastQueue& toasts_;
    OpenConversation open_;
    bool busy_ = false;
    WorkThread files_{QStringLiteral(
        "files")};  ///< reads and writes files; last, so that it ends before what its work uses
};

}  // namespace pellucid::app
