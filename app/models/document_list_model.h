// The documents page: collections, the folders they follow, and their documents, one flat list of rows.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>

#include "app/models/document_source.h"

namespace pellucid::app {

class DocumentListModel : public QAbstractListModel {
    Q_OBJECT
    QML_NAMED_ELEMENT(DocumentListModel)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    enum Kind { Collection, Folder, Document };
    Q_ENUM(Kind)
    enum Role {
        KindRole = Qt::UserRole + 1,  ///< kind: Kind
        RowIdRole,                    ///< rowId
        NameRole,                     ///< name
        FactsRole,                    ///< facts: "PDF · 24 pages · 1.2 MB"; of a collection "12 documents"
        ConditionRole,                ///< condition: "waiting" "reading" "ready" "failed" "away" "scanned"
        StatusRole,                   ///< status: the state in words: "Reading, 40 %", "Needs a password"
        HintRole,                     ///< hint: what can be done, and what else a person should know
        ShareRole,                    ///< share: of reading, 0 to 1
        PathRole,                     ///< path
    };
    enum Shown { All, Problems };

    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    int count() const { return static_cast<int>(rows_.size()); }

    void setState(const LibraryState& state);
    void setShown(Shown shown, const QString& text);
    /// Documents that need a person: failed, away, or with pages that are pictures.
    static bool troubled(const LibraryDocument& document);
    void retranslate();

signals:
    void countChanged();

private:
    struct Row {
        Kind kind = Document;
        QString id;
        QString name, path;
        int documents = 0;  // of a collection
        bool away = false;  // of a folder
        LibraryDocument document;
        bool sameAs(const Row& other) const { return kind == other.kind && id == other.id; }
        bool operator==(const Row&) const;
    };
    std::vector<Row> rowsOf() const;
    void apply();
    QVariant ofDocument(const LibraryDocument& document, int role) const;

    LibraryState state_;
    Shown shown_ = All;
    QString text_;
    std::vector<Row> rows_;
};

}  // namespace pellucid::app
