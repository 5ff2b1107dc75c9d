#include "app/chat/block_list_model.h"

namespace pellucid::app {

BlockListModel::BlockListModel(std::unique_ptr<BlockParser> parser, QObject* parent)
    : QAbstractListModel(parent), parser_(std::move(parser)) {}

int BlockListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : shown_;
}

QVariant BlockListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    return blockData(parser_->blocks()[static_cast<std::size_t>(index.row())], role);
}

QHash<int, QByteArray> BlockListModel::roleNames() const {
    return blockRoleNames();
}

void BlockListModel::append(const QString& text) {
    if (!text.isEmpty()) apply(parser_->append(text));
}

void BlockListModel::finish() {
    apply(parser_->finish());
}

void BlockListModel::apply(BlockChange change) {
    const int now = static_cast<int>(parser_->blocks().size());
    const int kept = std::min(shown_, now);
    if (now < shown_) {
        beginRemoveRows({}, now, shown_ - 1);
        shown_ = now;
        endRemoveRows();
    }
    if (change.first < kept) emit dataChanged(index(change.first), index(kept - 1));
    if (now > shown_) {
        beginInsertRows({}, shown_, now - 1);
        shown_ = now;
        endInsertRows();
    }
    if (now != change.oldCount) emit countChanged();
}

QVariant BlockListModel::blockData(const Block& block, int role) {
    switch (role) {
        case BlockKindRole:
            return static_cast<int>(block.kind);
        case TextRole:
            return block.text;
        case HtmlRole:
            return block.html;
        case LevelRole:
            return block.level;
        case MarkerRole:
            return block.marker;
        case QuoteDepthRole:
            return block.quoteDepth;
        case LanguageRole:
            return block.language;
        case TableRole:
            return block.table;
        case AlignmentsRole:
            return block.alignments;
        case ClosedRole:
            return block.closed;
        default:
            return {};
    }
}

QHash<int, QByteArray> BlockListModel::blockRoleNames() {
    return {{BlockKindRole, "blockKind"}, {TextRole, "text"},     {HtmlRole, "html"},
            {LevelRole, "level"},         {MarkerRole, "marker"}, {QuoteDepthRole, "quoteDepth"},
            {LanguageRole, "language"},   {TableRole, "table"},   {AlignmentsRole, "alignments"},
            {ClosedRole, "closed"}};
}

}  // namespace pellucid::app

#include "moc_block_list_model.cpp"
