// A table block's cells as a list that grows while the table streams.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>

#include "app/content/markdown_table.h"

namespace pellucid::app {

/// Cells row by row. A new source changes only what differs: cells of the last row, rows after it,
/// alignments.
class TableModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    /// The block's source lines.
    Q_PROPERTY(QString source READ source WRITE setSource NOTIFY sourceChanged)
    Q_PROPERTY(int columns READ columns NOTIFY sizeChanged)
    Q_PROPERTY(int rows READ rows NOTIFY sizeChanged)

public:
    enum Role {
        CellRole = Qt::UserRole + 1,  ///< cell: inline Markdown
        RowRole,                      ///< row: 0 is the head
        ColumnRole,                   ///< column
        SideRole,                     ///< side: "left" | "center" | "right"
        HeadRole,                     ///< head: of the first row
        PlainRole,  ///< plain: no markup at all, so that a Text (a tenth of the memory) does
    };
    using QAbstractListModel::QAbstractListModel;

    QString source() const { return source_; }
    void setSource(const QString& source);
    int columns() const { return static_cast<int>(table_.alignments.size()); }
    int rows() const { return static_cast<int>(table_.rows.size()); }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

signals:
    void sourceChanged();
    void sizeChanged();

private:
    QString source_;
    MarkdownTable table_;
};

}  // namespace pellucid::app
