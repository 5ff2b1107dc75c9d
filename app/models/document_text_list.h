// The text of a source without pages, paragraph by paragraph, with the cited ones marked.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>

#include "app/models/document_source.h"

namespace pellucid::app {

class DocumentTextList : public QAbstractListModel {
    Q_OBJECT
    QML_NAMED_ELEMENT(DocumentTextList)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    enum Kind { Text, Heading, Item, Code, Table, Quote };
    Q_ENUM(Kind)
    enum Role {
        KindRole = Qt::UserRole + 1,  ///< kind: Kind
        LevelRole,                    ///< level
        WordsRole,                    ///< words
        NumbersRole,                  ///< numbers: of the citations that touch it: "1", "1, 2"; empty: none
        OpenRole,                     ///< open: the citation that is shown touches it
        FoundRole,                    ///< found: the search's present place is in it
    };

    struct Mark {
        DocumentSpan span;
        int number = 0;
        bool open = false;
        bool found = false;
    };

    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    int count() const { return static_cast<int>(paragraphs_.size()); }

    void setParagraphs(std::vector<DocumentParagraph> paragraphs);
    void setMarks(std::vector<Mark> marks);
    /// The paragraph that holds the span's beginning, or the one before it; -1: none.
    int rowOf(DocumentSpan span) const;

signals:
    void countChanged();

private:
    std::vector<DocumentParagraph> paragraphs_;
    std::vector<Mark> marks_;
};

}  // namespace pellucid::app
