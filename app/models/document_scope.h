// What the shown chat may ask: its own attachments, one collection, or all documents. Kept with the chat's
// id.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <QUrl>

#include "app/models/document_library.h"
#include "app/settings/setting_values.h"

namespace pellucid::app {

/// Which documents a question is put to. Empty collections and not all: those attached to the chat.
struct DocumentScope {
    bool all = false;
    QString collection;  ///< LibraryCollection::id; empty: none
    QString attached;    ///< the collection of what is attached to this chat; empty: nothing is
    bool any() const { return all || !collection.isEmpty() || !attached.isEmpty(); }
    bool operator==(const DocumentScope&) const = default;
};

/// The chips above the composer: attached documents, then the collection that is asked.
class ChatScope : public QAbstractListModel {
    Q_OBJECT
    QML_NAMED_ELEMENT(ChatScope)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(bool available READ available CONSTANT)
    Q_PROPERTY(int count READ count NOTIFY changed)
    Q_PROPERTY(bool all READ all NOTIFY changed)
    Q_PROPERTY(QString collection READ collection NOTIFY changed)
    Q_PROPERTY(int attached READ attached NOTIFY changed)  ///< documents attached to this chat

public:
    enum Role {
        ChipIdRole = Qt::UserRole + 1,  ///< chipId
        NameRole,                       ///< name
        FactsRole,                      ///< facts: "24 pages", "Reading, 40 %", "Needs a password"
        ConditionRole,                  ///< condition: as in DocumentListModel; "scope" for a collection
    };

    ChatScope(DocumentLibrary& library, SettingStore& store, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    int count() const { return static_cast<int>(chips_.size()); }
    bool available() const { return library_.available(); }
    bool all() const { return scope_.all; }
    QString collection() const { return scope_.collection; }
    int attached() const { return attached_; }

    Q_INVOKABLE void attach(const QList<QUrl>& urls);
    /// Files of the clipboard are attached; false: there are none, and the text is pasted.
    Q_INVOKABLE bool paste();
    Q_INVOKABLE void askAll();
    Q_INVOKABLE void askCollection(const QString& id);
    Q_INVOKABLE void remove(const QString& chipId);

    /// The chat that is shown.
    void setConversation(const QString& id);
    /// Of any chat, as it was chosen there.
    DocumentScope scopeOf(const QString& conversation) const;
    void retranslate() { rebuild(); }

signals:
    void changed();

private:
    struct Chip {
        QString id, name, facts, state;
        bool operator==(const Chip&) const = default;
    };
    void rebuild();
    void keep();

    DocumentLibrary& library_;
    SettingStore& store_;
    QString conversation_;
    DocumentScope scope_;
    std::vector<Chip> chips_;
    int attached_ = 0;
};

}  // namespace pellucid::app
