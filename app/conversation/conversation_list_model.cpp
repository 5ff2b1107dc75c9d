#include "app/conversation/conversation_list_model.h"

#include <QDateTime>
#include <QLocale>
#include <QSet>
#include <algorithm>

#include "app/base/wording.h"
#include "app/shell/toast_queue.h"

namespace pellucid::app {

ConversationListModel::ConversationListModel(ChatStore& store, ToastQueue& toasts, QObject* parent)
    : QAbstractListModel(parent), store_(store), toasts_(toasts) {
    midnight_.setSingleShot(true);
    connect(&midnight_, &QTimer::timeout, this, [this] { retranslate(); });
}

int ConversationListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant ConversationListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = rows_[index.row()];
    const auto it = all_.constFind(row.id);
    if (it == all_.constEnd()) return {};
    switch (role) {
        case ConversationIdRole:
            return row.id;
        case TitleRole:
            return it->title.isEmpty() ? tr("New chat") : it->title;
        case SectionRole:
            return row.section;
        case TimeTextRole: {
            const QDateTime time = QDateTime::fromMSecsSinceEpoch(it->updatedMs);
            if (time.date() == QDate::currentDate())
                return QLocale().toString(time.time(), QStringLiteral("HH:mm"));
            return QString();
        }
        case PinnedRole:
            return it->pinned;
        case GeneratingRole:
            return generating_.contains(row.id);
        case CurrentRole:
            return row.id == currentId_;
        case FolderRole:
            return it->folder;
        case SnippetRole:
            return row.hit.snippet;
        case SnippetHtmlRole: {
            QString html;
            int from = 0;
            for (qsizetype i = 0; i + 1 < row.hit.ranges.size(); i += 2) {
                const int begin = row.hit.ranges[i], length = row.hit.ranges[i + 1];
                html += row.hit.snippet.mid(from, begin - from).toHtmlEscaped() + QStringLiteral("<b>") +
                        row.hit.snippet.mid(begin, length).toHtmlEscaped() + QStringLiteral("</b>");
                from = begin + length;
            }
            return QString(html + row.hit.snippet.mid(from).toHtmlEscaped());
        }
        case MatchesRole: {
            QVariantList matches;
            for (const int value : row.hit.ranges) matches.append(value);
            return matches;
        }
        case WhereRole:
            return static_cast<int>(row.hit.where);
        case HitMessageIdRole:
            return row.hit.messageId;
        default:
            return {};
    }
}

QHash<int, QByteArray> ConversationListModel::roleNames() const {
    return {{ConversationIdRole, "conversationId"},
            {TitleRole, "title"},
            {SectionRole, "section"},
            {TimeTextRole, "timeText"},
            {PinnedRole, "pinned"},
            {GeneratingRole, "generating"},
            {CurrentRole, "current"},
            {FolderRole, "folder"},
            {SnippetRole, "snippet"},
            {SnippetHtmlRole, "snippetHtml"},
            {MatchesRole, "matches"},
            {WhereRole, "where"},
            {HitMessageIdRole, "hitMessageId"}};
}

QString ConversationListModel::resultText() const {
    if (!searching()) return {};
    return rows_.isEmpty() ? tr("Nothing found") : tr("%n result(s)", nullptr, count());
}

int ConversationListModel::currentRow() const {
    for (int i = 0; i < count(); ++i)
        if (rows_[i].id == currentId_) return i;
    return -1;
}

QStringList ConversationListModel::folders() const {
    QStringList names;
    for (const ConversationSummary& summary : all_)
        if (!summary.folder.isEmpty() && !hidden_.contains(summary.id) && !names.contains(summary.folder))
            names.append(summary.folder);
    names.sort(Qt::CaseInsensitive);
    return names;
}

QString ConversationListModel::titleOf(const QString& conversationId) const {
    return all_.value(conversationId).title;
}

const ConversationSummary* ConversationListModel::find(const QString& conversationId) const {
    const auto it = all_.constFind(conversationId);
    return it == all_.constEnd() ? nullptr : &*it;
}

// ---- order ----

QString ConversationListModel::sectionOf(const ConversationSummary& summary) const {
    if (summary.pinned) return tr("Pinned");
    if (!summary.folder.isEmpty()) return summary.folder;
    const qint64 days = QDateTime::fromMSecsSinceEpoch(summary.updatedMs).date().daysTo(QDate::currentDate());
    if (days <= 0) return tr("Today");
    if (days == 1) return tr("Yesterday");
    if (days <= 7) return tr("Previous 7 days");
    return tr("Older");
}

void ConversationListModel::rebuild() {
    if (searching()) return;
    QVector<const ConversationSummary*> order;
    order.reserve(all_.size());
    for (const ConversationSummary& summary : std::as_const(all_))
        if (!hidden_.contains(summary.id)) order.append(&summary);
    // Pinned, then folders by name, then the rest by age.
    const auto rank = [](const ConversationSummary* s) {
        return s->pinned ? 0 : s->folder.isEmpty() ? 2 : 1;
    };
    std::sort(order.begin(), order.end(), [&](const ConversationSummary* a, const ConversationSummary* b) {
        if (rank(a) != rank(b)) return rank(a) < rank(b);
        if (rank(a) == 1 && a->folder != b->folder) return a->folder.localeAwareCompare(b->folder) < 0;
        if (a->updatedMs != b->updatedMs) return a->updatedMs > b->updatedMs;
        return a->id < b->id;
    });
    QVector<Row> rows;
    rows.reserve(order.size());
    for (const ConversationSummary* summary : std::as_const(order))
        rows.append({summary->id, sectionOf(*summary), {}});
    showRows(std::move(rows));
    const QDateTime now = QDateTime::currentDateTime();
    midnight_.start(static_cast<int>(now.msecsTo(now.date().addDays(1).startOfDay())) + 1000);
}

void ConversationListModel::showRows(QVector<Row> rows) {
    const bool wasSearch = !rows_.isEmpty() && rows_.first().section.isEmpty();
    const bool isSearch = searching();
    // A search replaces the list; a change of one conversation moves, adds or removes that one row, so that
    // the view keeps its place.
    const auto ids = [](const QVector<Row>& list) {
        QSet<QString> set;
        for (const Row& row : list) set.insert(row.id);
        return set;
    };
    const QSet<QString> now = ids(rows), before = ids(rows_);
    const auto differing = (now - before).size() + (before - now).size();
    if (wasSearch || isSearch || differing > 8 || rows_.isEmpty()) {
        beginResetModel();
        rows_ = std::move(rows);
        endResetModel();
    } else {
        for (int i = count() - 1; i >= 0; --i)
            if (!now.contains(rows_[i].id)) {
                beginRemoveRows({}, i, i);
                rows_.removeAt(i);
                endRemoveRows();
            }
        for (int i = 0; i < static_cast<int>(rows.size()); ++i) {
            if (i < count() && rows_[i].id == rows[i].id) {
                if (rows_[i].section != rows[i].section) {
                    rows_[i] = rows[i];
                    emit dataChanged(index(i), index(i), {SectionRole, PinnedRole, FolderRole});
                }
                continue;
            }
            int from = -1;
            for (int j = i + 1; j < count() && from < 0; ++j)
                if (rows_[j].id == rows[i].id) from = j;
            if (from < 0) {
                beginInsertRows({}, i, i);
                rows_.insert(i, rows[i]);
                endInsertRows();
            } else {
                beginMoveRows({}, from, from, {}, i);
                rows_.move(from, i);
                rows_[i] = rows[i];
                endMoveRows();
                emit dataChanged(index(i), index(i), {SectionRole, PinnedRole, FolderRole});
            }
        }
    }
    emit countChanged();
    emit currentChanged();
    emit resultTextChanged();
}

// ---- asked by the view ----

void ConversationListModel::search(const QString& text) {
    const QString query = text.trimmed();
    if (query == query_) return;
    query_ = query;
    emit queryChanged();
    const int ticket = ++searchTicket_;
    if (query_.isEmpty()) {
        rebuild();
        return;
    }
    store_.search(query_, this, [this, ticket](Result<QVector<SearchHit>> found) {
        if (ticket != searchTicket_) return;  // a later letter was typed
        if (!found) {
            toasts_.sayError(whatOf(found.error()), hintOf(found.error()));
            return;
        }
        QVector<Row> rows;
        for (SearchHit& hit : *found)
            if (all_.contains(hit.conversationId) && !hidden_.contains(hit.conversationId))
                rows.append({hit.conversationId, {}, std::move(hit)});
        showRows(std::move(rows));
    });
}

void ConversationListModel::open(const QString& conversationId) {
    setCurrent(conversationId);
    emit opened(conversationId, {});
}

void ConversationListModel::openHit(const QString& conversationId, const QString& messageId) {
    setCurrent(conversationId);
    emit opened(conversationId, messageId);
}

void ConversationListModel::newChat() {
    emit newChatAsked();
}

void ConversationListModel::rename(const QString& conversationId, const QString& title) {
    const auto it = all_.find(conversationId);
    const QString trimmed = title.simplified();
    if (it == all_.end() || trimmed.isEmpty() || it->title == trimmed) return;
    it->title = trimmed;
    it->titleGiven = true;
    store_.renameConversation(conversationId, trimmed, true);
    for (int i = 0; i < count(); ++i)
        if (rows_[i].id == conversationId) emit dataChanged(index(i), index(i), {TitleRole});
    emit renamed(conversationId, trimmed);
}

void ConversationListModel::setPinned(const QString& conversationId, bool pinned) {
    const auto it = all_.find(conversationId);
    if (it == all_.end() || it->pinned == pinned) return;
    it->pinned = pinned;
    store_.pinConversation(conversationId, pinned);
    rebuild();
    emit renamed(conversationId, it->title);
}

void ConversationListModel::moveToFolder(const QString& conversationId, const QString& folder) {
    const auto it = all_.find(conversationId);
    const QString name = folder.simplified();
    if (it == all_.end() || it->folder == name) return;
    it->folder = name;
    store_.moveConversation(conversationId, name);
    rebuild();
    emit foldersChanged();
    emit renamed(conversationId, it->title);
}

void ConversationListModel::renameFolder(const QString& from, const QString& to) {
    const QString name = to.simplified();
    if (from == name || from.isEmpty()) return;
    QStringList inside;
    for (const ConversationSummary& summary : std::as_const(all_))
        if (summary.folder == from) inside.append(summary.id);
    for (const QString& id : std::as_const(inside)) {
        all_[id].folder = name;
        store_.moveConversation(id, name);
    }
    rebuild();
    emit foldersChanged();
}

void ConversationListModel::remove(const QString& conversationId) {
    if (!all_.contains(conversationId) || hidden_.contains(conversationId)) return;
    const QString title = all_[conversationId].title;
    hidden_.insert(conversationId);
    store_.removeConversation(conversationId);
    const int row = [&] {
        for (int i = 0; i < count(); ++i)
            if (rows_[i].id == conversationId) return i;
        return -1;
    }();
    if (row >= 0) {
        beginRemoveRows({}, row, row);
        rows_.removeAt(row);
        endRemoveRows();
        emit countChanged();
        emit resultTextChanged();
    }
    emit foldersChanged();
    emit removed(conversationId);
    toasts_.show({.text = tr("Deleted “%1”").arg(title),
                  .actionLabel = tr("Undo"),
                  .actionId = QStringLiteral("undo"),
                  .action = [this, conversationId] { undoRemove(conversationId); }});
}

void ConversationListModel::undoRemove(const QString& conversationId) {
    if (!hidden_.remove(conversationId)) return;
    store_.restoreConversation(conversationId);
    rebuild();
    emit foldersChanged();
    open(conversationId);
}

// ---- driven by the app ----

void ConversationListModel::reload() {
    store_.list(this, [this](Result<QVector<ConversationSummary>> listed) {
        if (!listed) {
            toasts_.sayError(whatOf(listed.error()), hintOf(listed.error()));
        } else {
            for (const ConversationSummary& summary : std::as_const(*listed))
                all_.insert(summary.id, summary);
            rebuild();
            emit foldersChanged();
        }
        if (!ready_) {
            ready_ = true;
            emit readyChanged();
        }
    });
}

void ConversationListModel::setCurrent(const QString& conversationId) {
    if (currentId_ == conversationId) return;
    currentId_ = conversationId;
    if (count() > 0) emit dataChanged(index(0), index(count() - 1), {CurrentRole});
    emit currentChanged();
}

void ConversationListModel::setGenerating(const QString& conversationId, bool generating) {
    if (generating)
        generating_.insert(conversationId);
    else
        generating_.remove(conversationId);
    for (int i = 0; i < count(); ++i)
        if (rows_[i].id == conversationId) emit dataChanged(index(i), index(i), {GeneratingRole});
}

void ConversationListModel::upsert(const ConversationSummary& summary) {
    if (hidden_.contains(summary.id)) return;
    // Folder, pin and a given title are this list's business; a document knows title and time.
    const auto it = all_.find(summary.id);
    if (it == all_.end()) {
        all_.insert(summary.id, summary);
    } else {
        it->updatedMs = std::max(it->updatedMs, summary.updatedMs);
        if (!it->titleGiven) it->title = summary.title;
        for (int i = 0; i < count(); ++i)
            if (rows_[i].id == summary.id) emit dataChanged(index(i), index(i), {TitleRole, TimeTextRole});
    }
    rebuild();
}

void ConversationListModel::retranslate() {
    rebuild();
    if (count() > 0) emit dataChanged(index(0), index(count() - 1));
}

}  // namespace pellucid::app

#include "moc_conversation_list_model.cpp"
