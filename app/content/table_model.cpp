#include "app/content/table_model.h"

namespace pellucid::app {
namespace {

/// True if no character of `cell` could mean anything to Markdown.
bool isPlain(const QString& cell) {
    for (const QChar c : cell) {
        if (QStringView(u"\\`*_~$<&[]!\n").contains(c)) return false;
    }
    return !cell.contains(u"://");
}

}  // namespace

void TableModel::setSource(const QString& source) {
    if (source_ == source) return;
    source_ = source;
    MarkdownTable next = source.isEmpty() ? MarkdownTable() : parseTable(source);
    const int columnsBefore = columns(), rowsBefore = rows();
    if (next.alignments.size() != table_.alignments.size()) {
        beginResetModel();
        table_ = std::move(next);
        endResetModel();
    } else {
        const int now = static_cast<int>(next.rows.size());
        const int kept = std::min(rowsBefore, now);
        const QList<QStringList> before = table_.rows.first(kept);
        const bool realigned = next.alignments != table_.alignments;
        if (now < rowsBefore) {
            beginRemoveRows({}, now * columnsBefore, rowsBefore * columnsBefore - 1);
            table_.rows.resize(now);
            endRemoveRows();
        }
        if (now > rowsBefore) {
            beginInsertRows({}, rowsBefore * columnsBefore, now * columnsBefore - 1);
            table_ = std::move(next);
            endInsertRows();
        } else {
            table_ = std::move(next);
        }
        for (int row = 0; row < kept; ++row) {
            for (int column = 0; column < columnsBefore; ++column) {
                if (before[row][column] == table_.rows[row][column]) continue;
                const QModelIndex cell = index(row * columnsBefore + column);
                emit dataChanged(cell, cell, {CellRole, PlainRole});
            }
        }
        if (realigned && kept > 0) emit dataChanged(index(0), index(kept * columnsBefore - 1), {SideRole});
    }
    if (columns() != columnsBefore || rows() != rowsBefore) emit sizeChanged();
    emit sourceChanged();
}

int TableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : rows() * columns();
}

QVariant TableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const int row = index.row() / columns(), column = index.row() % columns();
    switch (role) {
        case CellRole:
            return table_.rows[row][column];
        case RowRole:
            return row;
        case ColumnRole:
            return column;
        case SideRole:
            switch (table_.alignments[column]) {
                case ColumnAlignment::Left:
                    return QStringLiteral("left");
                case ColumnAlignment::Center:
                    return QStringLiteral("center");
                case ColumnAlignment::Right:
                    return QStringLiteral("right");
            }
            return {};
        case HeadRole:
            return row == 0;
        case PlainRole:
            return isPlain(table_.rows[row][column]);
        default:
            return {};
    }
}

QHash<int, QByteArray> TableModel::roleNames() const {
    return {{CellRole, "cell"}, {RowRole, "row"},   {ColumnRole, "column"},
            {SideRole, "side"}, {HeadRole, "head"}, {PlainRole, "plain"}};
}

}  // namespace pellucid::app
