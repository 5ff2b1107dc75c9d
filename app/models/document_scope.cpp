#include "app/models/document_scope.h"

#include <algorithm>

namespace pellucid::app {

namespace {

const QString kAll = QStringLiteral("all");

/// "all", or "in:" and the collection's id: one setting a chat.
QString keyOf(const QString& conversation) {
    return QStringLiteral("documentScope/") + conversation;
}

}  // namespace

ChatScope::ChatScope(DocumentLibrary& library, SettingStore& store, QObject* parent)
    : QAbstractListModel(parent), library_(library), store_(store) {
    connect(&library_, &DocumentLibrary::changed, this, &ChatScope::rebuild);
}

DocumentScope ChatScope::scopeOf(const QString& conversation) const {
    DocumentScope scope;
    if (conversation.isEmpty()) return scope;
    const QString kept = store_.read({}).value(keyOf(conversation)).toString();
    scope.all = kept == kAll;
    if (kept.startsWith(QLatin1String("in:"))) scope.collection = kept.sliced(3);
    bool there = false;
    for (const LibraryCollection& collection : library_.state().collections) {
        if (collection.conversation == conversation) scope.attached = collection.id;
        there = there || collection.id == scope.collection;
    }
    if (!there && library_.ready()) scope.collection.clear();  // it was removed since
    return scope;
}

void ChatScope::setConversation(const QString& id) {
    conversation_ = id;
    rebuild();
}

void ChatScope::rebuild() {
    scope_ = scopeOf(conversation_);
    std::vector<Chip> chips;
    attached_ = 0;
    for (const LibraryDocument& document : library_.state().documents) {
        if (scope_.attached.isEmpty() || document.collection != scope_.attached) continue;
        ++attached_;
        Chip chip{document.id, document.name, {}, QStringLiteral("ready")};
        switch (document.phase) {
            case LibraryDocument::Waiting:
            case LibraryDocument::Reading:
                chip.state = QStringLiteral("reading");
                chip.facts = document.share > 0
                                 ? tr("Reading, %1 %").arg(static_cast<int>(document.share * 100))
                                 : tr("Reading");
                break;
            case LibraryDocument::Failed:
                chip.state = QStringLiteral("failed");
                chip.facts = document.problem.what;
                break;
            case LibraryDocument::Ready:
                chip.facts = document.pages == 1  ? tr("one page")
                             : document.pages > 1 ? tr("%1 pages").arg(document.pages)
                                                  : document.type;
        }
        chips.push_back(std::move(chip));
    }
    if (scope_.all) {
        chips.push_back({kAll, tr("All documents"), {}, QStringLiteral("scope")});
    } else if (!scope_.collection.isEmpty()) {
        for (const LibraryCollection& collection : library_.state().collections)
            if (collection.id == scope_.collection)
                chips.push_back({collection.id, collection.name, {}, QStringLiteral("scope")});
    }
    if (chips != chips_) {
        const bool same = std::ranges::equal(chips, chips_, {}, &Chip::id, &Chip::id);
        if (same) {
            chips_ = std::move(chips);
            emit dataChanged(index(0), index(count() - 1));
        } else {
            beginResetModel();
            chips_ = std::move(chips);
            endResetModel();
        }
    }
    emit changed();
}

int ChatScope::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant ChatScope::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Chip& chip = chips_[static_cast<std::size_t>(index.row())];
    switch (role) {
        case ChipIdRole:
            return chip.id;
        case NameRole:
            return chip.name;
        case FactsRole:
            return chip.facts;
        case ConditionRole:
            return chip.state;
        default:
            return {};
    }
}

QHash<int, QByteArray> ChatScope::roleNames() const {
    return {{ChipIdRole, "chipId"}, {NameRole, "name"}, {FactsRole, "facts"}, {ConditionRole, "condition"}};
}

void ChatScope::attach(const QList<QUrl>& urls) {
    library_.attach(DocumentLibrary::localPaths(urls), conversation_);
}

bool ChatScope::paste() {
    const QStringList paths = available() ? DocumentLibrary::clipboardPaths() : QStringList();
    if (paths.isEmpty()) return false;
    library_.attach(paths, conversation_);
    return true;
}

void ChatScope::keep() {
    const QVariant value = scope_.all ? QVariant(kAll)
                           : scope_.collection.isEmpty()
                               ? QVariant()
                               : QVariant(QStringLiteral("in:") + scope_.collection);
    store_.write({}, keyOf(conversation_), value);
    rebuild();
}

void ChatScope::askAll() {
    scope_.all = true;
    scope_.collection.clear();
    keep();
}

void ChatScope::askCollection(const QString& id) {
    scope_.all = false;
    scope_.collection = id;
    keep();
}

void ChatScope::remove(const QString& chipId) {
    if (chipId == kAll || chipId == scope_.collection) {
        scope_.all = false;
        scope_.collection.clear();
        keep();
    } else {
        library_.removeDocument(chipId);
    }
}

}  // namespace pellucid::app

#include "moc_document_scope.cpp"
