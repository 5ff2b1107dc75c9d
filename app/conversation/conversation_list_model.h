// The sidebar's list: conversations by section, or hits while something is searched.
#pragma once

#include <QAbstractListModel>
#include <QHash>
#include <QQmlEngine>
#include <QSet>
#include <QTimer>

#include "app/store/chat_store.h"

namespace pellucid::app {

class ToastQueue;

class ConversationListModel : public QAbstractListModel {
    Q_OBJECT
    QML_NAMED_ELEMENT(ConversationListModel)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    /// False until the stored conversations have been read once.
    Q_PROPERTY(bool ready READ ready NOTIFY readyChanged)
    Q_PROPERTY(QString query READ query NOTIFY queryChanged)
    Q_PROPERTY(bool searching READ searching NOTIFY queryChanged)
    /// "5 results", "Nothing found"; empty while nothing is searched.
    Q_PROPERTY(QString resultText READ resultText NOTIFY resultTextChanged)
    Q_PROPERTY(QString currentId READ currentId NOTIFY currentChanged)
    Q_PROPERTY(int currentRow READ currentRow NOTIFY currentChanged)
    Q_PROPERTY(QStringList folders READ folders NOTIFY foldersChanged)

public:
    enum Role {
        ConversationIdRole = Qt::UserRole + 1,  ///< conversationId
        TitleRole,                              ///< title
        SectionRole,                            ///< section: heading text, for ListView.section
        TimeTextRole,                           ///< timeText: "11:20" today, else empty or a date
        PinnedRole,                             ///< pinned
        GeneratingRole,                         ///< generating: a reply is running in it
        CurrentRole,                            ///< current: is the one shown
        FolderRole,                             ///< folder: name or empty
        SnippetRole,                            ///< snippet: text around a hit; empty when not searching
        SnippetHtmlRole,                        ///< snippetHtml: the same, escaped, hits in <b>
        MatchesRole,       ///< matches: [start, length, start, length …] in UTF-16 units of snippet
        WhereRole,         ///< where: Where
        HitMessageIdRole,  ///< hitMessageId: message the hit is in; empty for a title
    };
    enum Where { InTitle, InQuestion, InThought, InAnswer };
    Q_ENUM(Where)

    ConversationListModel(ChatStore& store, ToastQueue& toasts, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    int count() const { return static_cast<int>(rows_.size()); }
    bool ready() const { return ready_; }
    QString query() const { return query_; }
    bool searching() const { return !query_.isEmpty(); }
    QString resultText() const;
    QString currentId() const { return currentId_; }
    int currentRow() const;
    QStringList folders() const;

    /// As you type: runs off the GUI thread, the latest query wins. Empty: back to the list.
    Q_INVOKABLE void search(const QString& text);
    Q_INVOKABLE void open(const QString& conversationId);
    /// Opens a search hit at its message.
    Q_INVOKABLE void openHit(const QString& conversationId, const QString& messageId);
    Q_INVOKABLE void newChat();
    Q_INVOKABLE void rename(const QString& conversationId, const QString& title);
    Q_INVOKABLE void setPinned(const QString& conversationId, bool pinned);
    /// Empty folder: out of every folder. A folder is there while a conversation is in it.
    Q_INVOKABLE void moveToFolder(const QString& conversationId, const QString& folder);
    Q_INVOKABLE void renameFolder(const QString& from, const QString& to);
    /// Goes at once, with an undo toast; really deleted when the toast has left.
    Q_INVOKABLE void remove(const QString& conversationId);
    Q_INVOKABLE void undoRemove(const QString& conversationId);
    Q_INVOKABLE QString titleOf(const QString& conversationId) const;

    // -- driven by the app --
    void reload();
    void setCurrent(const QString& conversationId);
    void setGenerating(const QString& conversationId, bool generating);
    void upsert(const ConversationSummary& summary);
    /// Section headings and times follow language and midnight.
    void retranslate();
    const ConversationSummary* find(const QString& conversationId) const;

signals:
    void countChanged();
    void readyChanged();
    void queryChanged();
    void resultTextChanged();
    void currentChanged();
    void foldersChanged();
    /// The app shows the chat; messageId may be empty.
    void opened(const QString& conversationId, const QString& messageId);
    void newChatAsked();
    void removed(const QString& conversationId);
    /// Title, pin or folder was changed here: an open chat shows it.
    void renamed(const QString& conversationId, const QString& title);

private:
    struct Row {
        QString id;
        QString section;
        SearchHit hit;
    };
    void rebuild();
    void showRows(QVector<Row> rows);
    QString sectionOf(const ConversationSummary& summary) const;

    ChatStore& store_;
    ToastQueue& toasts_;
    QHash<QString, ConversationSummary> all_;
    QSet<QString> generating_;
    QSet<QString> hidden_;  // removed, undo still possible
    QVector<Row> rows_;
    QString query_;
    QString currentId_;
    int searchTicket_ = 0;
    bool ready_ = false;
    QTimer midnight_;
};

}  // namespace pellucid::app
