#include "app/models/document_list_model.h"

#include <QDir>
#include <QLocale>
#include <algorithm>

#include "app/base/wording.h"
#include "app/models/fit_wording.h"

namespace pellucid::app {

namespace {

QString homePath(const QString& path) {
    const QString home = QDir::homePath();
    return path.startsWith(home + u'/') ? u'~' + path.sliced(home.size()) : path;
}

}  // namespace

bool LibraryDocument::operator==(const LibraryDocument& other) const {
    return id == other.id && collection == other.collection && name == other.name && path == other.path &&
           phase == other.phase && share == other.share && type == other.type && pages == other.pages &&
           passages == other.passages && bytes == other.bytes && away == other.away &&
           scannedPages == other.scannedPages && notices == other.notices &&
           problem.what == other.problem.what && problem.hint == other.problem.hint;
}

bool DocumentListModel::Row::operator==(const Row& other) const {
    return sameAs(other) && name == other.name && path == other.path && documents == other.documents &&
           away == other.away && document == other.document;
}

int DocumentListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

bool DocumentListModel::troubled(const LibraryDocument& document) {
    return document.phase == LibraryDocument::Failed || document.away || !document.scannedPages.isEmpty();
}

std::vector<DocumentListModel::Row> DocumentListModel::rowsOf() const {
    std::vector<Row> rows;
    const auto matches = [&](const LibraryDocument& document) {
        return (shown_ == All || troubled(document)) &&
               (text_.isEmpty() || document.name.contains(text_, Qt::CaseInsensitive) ||
                document.path.contains(text_, Qt::CaseInsensitive));
    };
    const bool narrowed = shown_ != All || !text_.isEmpty();
    for (const LibraryCollection& collection : state_.collections) {
        std::vector<Row> documents;
        int all = 0;
        for (const LibraryDocument& document : state_.documents) {
            if (document.collection != collection.id) continue;
            ++all;
            if (!matches(document)) continue;
            Row row;
            row.id = document.id;
            row.name = document.name;
            row.path = document.path;
            row.document = document;
            documents.push_back(std::move(row));
        }
        // What belongs to one chat is listed while it has documents; a kept collection also when it has none
        // yet.
        if (documents.empty() && (narrowed || !collection.conversation.isEmpty())) continue;
        Row head;
        head.kind = Collection;
        head.id = collection.id;
        head.name = collection.name;
        head.documents = all;
        rows.push_back(std::move(head));
        for (const LibraryFolder& folder : collection.folders) {
            if (narrowed && !folder.away) continue;
            Row row;
            row.kind = Folder;
            row.id = folder.id;
            row.name = homePath(folder.path);
            row.path = folder.path;
            row.away = folder.away;
            rows.push_back(std::move(row));
        }
        rows.insert(rows.end(), std::make_move_iterator(documents.begin()),
                    std::make_move_iterator(documents.end()));
    }
    return rows;
}

void DocumentListModel::setState(const LibraryState& state) {
    state_ = state;
    apply();
}

void DocumentListModel::setShown(Shown shown, const QString& text) {
    shown_ = shown;
    text_ = text.trimmed();
    apply();
}

/// What stands at both ends stays, so that a list of thousands keeps its place while one row changes.
void DocumentListModel::apply() {
    std::vector<Row> now = rowsOf();
    const std::size_t shorter = std::min(rows_.size(), now.size());
    std::size_t head = 0, tail = 0;
    while (head < shorter && rows_[head].sameAs(now[head])) ++head;
    while (tail < shorter - head && rows_[rows_.size() - 1 - tail].sameAs(now[now.size() - 1 - tail])) ++tail;
    const auto at = static_cast<int>(head);
    if (const std::size_t gone = rows_.size() - head - tail; gone > 0) {
        beginRemoveRows({}, at, at + static_cast<int>(gone) - 1);
        rows_.erase(rows_.begin() + at, rows_.begin() + at + static_cast<std::ptrdiff_t>(gone));
        endRemoveRows();
    }
    if (const std::size_t fresh = now.size() - head - tail; fresh > 0) {
        beginInsertRows({}, at, at + static_cast<int>(fresh) - 1);
        rows_.insert(rows_.begin() + at, now.begin() + at,
                     now.begin() + at + static_cast<std::ptrdiff_t>(fresh));
        endInsertRows();
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (rows_[i] == now[i]) continue;
        rows_[i] = std::move(now[i]);
        emit dataChanged(index(static_cast<int>(i)), index(static_cast<int>(i)));
    }
    emit countChanged();
}

QVariant DocumentListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = rows_[static_cast<std::size_t>(index.row())];
    switch (role) {
        case KindRole:
            return static_cast<int>(row.kind);
        case RowIdRole:
            return row.id;
        case NameRole:
            return row.name;
        case PathRole:
            return row.path;
        default:
            break;
    }
    if (row.kind == Document) return ofDocument(row.document, role);
    switch (role) {
        case FactsRole:
            return row.kind == Folder   ? tr("Followed: new and changed files are read by themselves")
                   : row.documents == 1 ? tr("One document")
                                        : tr("%1 documents").arg(QLocale().toString(row.documents));
        case ConditionRole:
            return row.away ? QStringLiteral("away") : QStringLiteral("ready");
        case StatusRole:
            return row.away ? tr("Not there now") : QString::fromLatin1("");
        case HintRole:
            return row.away ? tr("Its disk is not mounted. Nothing is forgotten: its documents can still be "
                                 "asked.")
                            : QString::fromLatin1("");
        case ShareRole:
            return 0.0;
        default:
            return {};
    }
}

QVariant DocumentListModel::ofDocument(const LibraryDocument& document, int role) const {
    const bool scanned = !document.scannedPages.isEmpty();
    switch (role) {
        case FactsRole: {
            QStringList facts;
            if (!document.type.isEmpty()) facts.append(document.type);
            if (document.pages == 1)
                facts.append(tr("one page"));
            else if (document.pages > 1)
                facts.append(tr("%1 pages").arg(QLocale().toString(document.pages)));
            if (document.passages == 1)
                facts.append(tr("one passage"));
            else if (document.passages > 1)
                facts.append(tr("%1 passages").arg(QLocale().toString(document.passages)));
            if (document.bytes > 0) facts.append(fileSizeText(document.bytes));
            return facts.join(QStringLiteral(" · "));
        }
        case ConditionRole:
            if (document.phase == LibraryDocument::Failed) return QStringLiteral("failed");
            if (document.phase == LibraryDocument::Reading) return QStringLiteral("reading");
            if (document.phase == LibraryDocument::Waiting) return QStringLiteral("waiting");
            return document.away ? QStringLiteral("away")
                   : scanned     ? QStringLiteral("scanned")
                                 : QStringLiteral("ready");
        case StatusRole:
            if (document.phase == LibraryDocument::Failed) return document.problem.what;
            if (document.phase == LibraryDocument::Reading)
                return document.share > 0 ? tr("Reading, %1 %").arg(static_cast<int>(document.share * 100))
                                          : tr("Reading");
            if (document.phase == LibraryDocument::Waiting) return tr("Waiting");
            if (document.away) return tr("Not there now");
            return scanned ? tr("No text on pages %1").arg(document.scannedPages) : tr("Ready");
        case HintRole: {
            QString hint;
            if (document.phase == LibraryDocument::Failed)
                hint = document.problem.hint;
            else if (document.away)
                hint = tr("The file cannot be seen now; what was read of it can still be asked.");
            else if (scanned)
                hint = tr("They are pictures of text. Recognising them takes a few seconds a page.");
            for (const QString& notice : document.notices) hint = sentences(hint, notice);
            return hint;
        }
        case ShareRole:
            return document.share;
        default:
            return {};
    }
}

QHash<int, QByteArray> DocumentListModel::roleNames() const {
    return {{KindRole, "kind"},   {RowIdRole, "rowId"},         {NameRole, "name"},
            {FactsRole, "facts"}, {ConditionRole, "condition"}, {StatusRole, "status"},
            {HintRole, "hint"},   {ShareRole, "share"},         {PathRole, "path"}};
}

void DocumentListModel::retranslate() {
    if (count() > 0) emit dataChanged(index(0), index(count() - 1));
}

}  // namespace pellucid::app

#include "moc_document_list_model.cpp"
