#include "app/chat/block_list_model.h"

namespace pellucid::app {

BlockListModel::BlockListModel(std::unique_ptr<BlockParser> parser, QObject* parent)
    : QAbstractListModel(parent), parser_(std::move(parser)) {}

int BlockListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : shown_;
}

QVariant BlockListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    // A view may still ask about rows that are just being removed.
    if (index.row() >= parser_->count()) return {};
    return parser_->value(index.row(), static_cast<BlockRole>(role));
}

QHash<int, QByteArray> BlockListModel::roleNames() const {
    return blockRoleNames();
}

void BlockListModel::grow(const GrowingText& whole) {
    apply(parser_->grow(whole));
}

void BlockListModel::finish() {
    apply(parser_->finish());
}

void BlockListModel::restart(std::unique_ptr<BlockParser> parser, const GrowingText& text) {
    parser_ = std::move(parser);
    parser_->grow(text);
    apply({0, shown_, parser_->count()});
}

void BlockListModel::apply(BlockChange change) {
    const int now = change.newCount;
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

QHash<int, QByteArray> BlockListModel::blockRoleNames() {
    return {{BlockKindRole, "blockKind"},
            {TextRole, "text"},
            {LevelRole, "level"},
            {MarkerRole, "marker"},
            {TaskRole, "task"},
            {QuoteLevelRole, "quoteLevel"},
            {LanguageRole, "language"},
            {ClosedRole, "closed"},
            {TerminatedRole, "terminated"},
            {ContinuedRole, "continued"},
            {BlankBeforeRole, "blankBefore"}};
}

}  // namespace pellucid::app

#include "moc_block_list_model.cpp"
