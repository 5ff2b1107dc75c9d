#include "app/chat/chat_row_model.h"

#include <algorithm>

#include "app/base/wording.h"
#include "app/chat/block_list_model.h"
#include "app/chat/chat_tree.h"
#include "app/chat/message_wording.h"
#include "app/chat/sources_wording.h"
#include "app/chat/thought_state.h"

namespace pellucid::app {

struct ChatRowModel::Entry {
    Message message;  // without the texts of an answer: those live in its blocks and its thought
    int first = 0;    // its first row
    int branchIndex = 1, branchCount = 1;
    std::unique_ptr<ThoughtState> thought;
    std::unique_ptr<BlockParser> parser;
    int blocks = 0;  // rows of blocks; follows the parser within beginInsertRows and endInsertRows
    std::vector<RowKind> tail;
    QString waitingText;
    double progress = -1;

    int thoughtRows() const { return thought ? 1 : 0; }
    int rows() const {
        return message.role == MessageRole::User ? 1 : thoughtRows() + blocks + static_cast<int>(tail.size());
    }
    RowKind kindOf(int row) const {
        if (message.role == MessageRole::User) return UserMessage;
        if (row < thoughtRows()) return Thought;
        if (row < thoughtRows() + blocks) return Block;
        return tail[static_cast<std::size_t>(row - thoughtRows() - blocks)];
    }
    bool streaming() const { return message.state == MessageState::Streaming; }
};

ChatRowModel::ChatRowModel(BlockParserFactory makeParser, QObject* parent)
    : QAbstractListModel(parent), makeParser_(std::move(makeParser)) {}

ChatRowModel::~ChatRowModel() = default;

int ChatRowModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : total_;
}

ChatRowModel::Entry* ChatRowModel::entry(const QString& messageId) const {
    // From the end: it is nearly always the last.
    for (auto it = entries_.rbegin(); it != entries_.rend(); ++it)
        if ((*it)->message.id == messageId) return it->get();
    return nullptr;
}

ChatRowModel::Entry& ChatRowModel::entryAt(int row) const {
    const auto after =
        std::upper_bound(entries_.begin(), entries_.end(), row,
                         [](int value, const auto& candidate) { return value < candidate->first; });
    return **std::prev(after);
}

QVariant ChatRowModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Entry& entry = entryAt(index.row());
    const int row = index.row() - entry.first;
    if (row >= entry.rows()) return {};
    const RowKind kind = entry.kindOf(row);
    if (role >= BlockKindRole && role <= LastBlockRole) {
        if (kind == UserMessage)
            return role == TextRole ? QVariant(entry.message.text.toString()) : emptyBlockValue(role);
        const int block = row - entry.thoughtRows();
        if (kind != Block || block >= entry.parser->count()) return emptyBlockValue(role);
        return entry.parser->value(block, static_cast<BlockRole>(role));
    }
    switch (role) {
        case RowKindRole:
            return kind;
        case MessageIdRole:
            return entry.message.id;
        case ThoughtRole:
            return QVariant::fromValue(kind == Thought ? entry.thought.get() : nullptr);
        case BranchIndexRole:
            return entry.branchIndex;
        case BranchCountRole:
            return entry.branchCount;
        case LastRole:
            return isLast(entry);
        case StreamingRole:
            return entry.streaming();
        case StatsTextRole:
            return kind == AnswerActions ? statsText(entry.message) : QString();
        case StatsRole:
            return kind == AnswerActions ? statsList(entry.message) : QVariantList();
        case ErrorWhatRole:
            return kind == ErrorNotice ? noticeWhat(entry.message) : QString();
        case ErrorHintRole:
            return kind == ErrorNotice ? noticeHint(entry.message) : QString();
        case SeverityRole:
            return kind == ErrorNotice ? noticeSeverity(entry.message) : QString();
        case CanContinueRole:
            return canContinue(entry.message);
        case WaitingTextRole:
            return entry.waitingText;
        case ProgressRole:
            return entry.progress;
        case CitationLabelsRole:
            return kind == Block && entry.message.sources ? citationLabels(*entry.message.sources)
                                                          : QStringList();
        case DoubtsRole:
            return kind == Block && entry.message.sources ? doubtList(*entry.message.sources)
                                                          : QVariantList();
        case PassagesRole:
            return kind == Passages ? passageList(*entry.message.sources) : QVariantList();
        case PassagesTextRole:
            return kind == Passages ? passagesText(*entry.message.sources) : QString();
        case SourcesNoticeRole:
            return kind == Passages ? sourcesNotice(*entry.message.sources) : QString();
        case TurnStartRole:
            return row == 0;
        default:
            return {};
    }
}

QHash<int, QByteArray> ChatRowModel::roleNames() const {
    QHash<int, QByteArray> names = BlockListModel::blockRoleNames();
    names.insert({{RowKindRole, "rowKind"},
                  {MessageIdRole, "messageId"},
                  {ThoughtRole, "thought"},
                  {BranchIndexRole, "branchIndex"},
                  {BranchCountRole, "branchCount"},
                  {LastRole, "last"},
                  {StreamingRole, "streaming"},
                  {StatsTextRole, "statsText"},
                  {StatsRole, "stats"},
                  {ErrorWhatRole, "errorWhat"},
                  {ErrorHintRole, "errorHint"},
                  {SeverityRole, "severity"},
                  {CanContinueRole, "canContinue"},
                  {WaitingTextRole, "waitingText"},
                  {ProgressRole, "progress"},
                  {CitationLabelsRole, "citationLabels"},
                  {DoubtsRole, "doubts"},
                  {PassagesRole, "passages"},
                  {PassagesTextRole, "passagesText"},
                  {SourcesNoticeRole, "sourcesNotice"},
                  {TurnStartRole, "turnStart"}});
    return names;
}

int ChatRowModel::rowOfMessage(const QString& messageId) const {
    const Entry* found = entry(messageId);
    return found ? found->first : -1;
}

AnswerSourcesPtr ChatRowModel::sources(const QString& messageId) const {
    const Entry* found = entry(messageId);
    return found ? found->message.sources : nullptr;
}

QVariantList ChatRowModel::retrieval(const QString& messageId) const {
    const AnswerSourcesPtr found = sources(messageId);
    return found ? retrievalList(*found) : QVariantList();
}

QString ChatRowModel::lastWithSources() const {
    for (auto it = entries_.rbegin(); it != entries_.rend(); ++it)
        if ((*it)->message.sources && !(*it)->message.sources->passages.empty()) return (*it)->message.id;
    return {};
}

void ChatRowModel::retranslate() {
    for (const auto& entry : entries_)
        if (entry->message.sources)
            changed(*entry,
                    {CitationLabelsRole, DoubtsRole, PassagesRole, PassagesTextRole, SourcesNoticeRole});
}

std::unique_ptr<ChatRowModel::Entry> ChatRowModel::makeEntry(const ChatTree& tree, const Message& message,
                                                             int first) const {
    auto made = std::make_unique<Entry>();
    made->message = message;
    made->first = first;
    made->branchCount = std::max<int>(1, static_cast<int>(tree.siblings(message.id).size()));
    made->branchIndex = tree.siblingIndex(message.id) + 1;
    if (message.role == MessageRole::User) return made;
    if (message.hasThought) {
        const bool live = made->streaming() && !message.thoughtClosed;
        made->thought = std::make_unique<ThoughtState>(message, live ? liveOpen_ : doneOpen_, makeParser_());
        const QString id = message.id;
        connect(made->thought.get(), &ThoughtState::foldChosen, this,
                [this, id](ThoughtFold fold) { emit const_cast<ChatRowModel*>(this)->foldChosen(id, fold); });
    }
    made->parser = makeParser_();
    if (!message.text.isEmpty()) made->parser->grow(message.text);
    if (!made->streaming()) {
        made->parser->finish();
        made->tail = tailOf(message);
    }
    made->blocks = made->parser->count();
    made->message.text.clear();
    made->message.thought.clear();
    return made;
}

void ChatRowModel::showPath(const ChatTree& tree) {
    QStringList ids;
    for (const QString& id : tree.path())
        if (tree.find(id)->role != MessageRole::System) ids.append(id);
    std::size_t kept = 0;
    while (kept < entries_.size() && kept < static_cast<std::size_t>(ids.size()) &&
           entries_[kept]->message.id == ids[static_cast<qsizetype>(kept)])
        ++kept;
    if (kept < entries_.size()) {
        const int first = entries_[kept]->first;
        if (first < total_) beginRemoveRows({}, first, total_ - 1);
        const bool any = first < total_;
        std::deque<std::unique_ptr<Entry>> gone;  // thoughts die after the view has let go of them
        gone.insert(gone.end(), std::make_move_iterator(entries_.begin() + static_cast<std::ptrdiff_t>(kept)),
                    std::make_move_iterator(entries_.end()));
        entries_.resize(kept);
        total_ = first;
        if (any) endRemoveRows();
        for (auto& entry : gone)
            if (entry->thought) entry->thought.release()->deleteLater();
    }
    if (kept > 0) changed(*entries_[kept - 1]);
    std::deque<std::unique_ptr<Entry>> added;
    int end = total_;
    for (qsizetype i = static_cast<qsizetype>(kept); i < ids.size(); ++i) {
        added.push_back(makeEntry(tree, *tree.find(ids[i]), end));
        end += added.back()->rows();
    }
    if (end > total_) beginInsertRows({}, total_, end - 1);
    const bool any = end > total_;
    for (auto& entry : added) entries_.push_back(std::move(entry));
    total_ = end;
    if (any) endInsertRows();
    for (const auto& entry : entries_) {
        const int count = std::max<int>(1, static_cast<int>(tree.siblings(entry->message.id).size()));
        const int index = tree.siblingIndex(entry->message.id) + 1;
        if (entry->branchCount == count && entry->branchIndex == index) continue;
        entry->branchCount = count;
        entry->branchIndex = index;
        changed(*entry, {BranchIndexRole, BranchCountRole});
    }
    emit countChanged();
}

void ChatRowModel::insertRows(Entry& entry, int row, int rows, const std::function<void()>& change) {
    beginInsertRows({}, entry.first + row, entry.first + row + rows - 1);
    change();
    total_ += rows;
    bool after = false;
    for (const auto& other : entries_) {
        if (after) other->first += rows;
        after = after || other.get() == &entry;
    }
    endInsertRows();
}

void ChatRowModel::removeRows(Entry& entry, int row, int rows, const std::function<void()>& change) {
    beginRemoveRows({}, entry.first + row, entry.first + row + rows - 1);
    change();
    total_ -= rows;
    bool after = false;
    for (const auto& other : entries_) {
        if (after) other->first -= rows;
        after = after || other.get() == &entry;
    }
    endRemoveRows();
}

void ChatRowModel::changed(const Entry& entry, const QVector<int>& roles) {
    if (entry.rows() > 0) emit dataChanged(index(entry.first), index(entry.first + entry.rows() - 1), roles);
}

void ChatRowModel::setTail(Entry& entry, std::vector<RowKind> tail) {
    if (tail == entry.tail) return;
    const int at = entry.thoughtRows() + entry.blocks;
    if (!entry.tail.empty())
        removeRows(entry, at, static_cast<int>(entry.tail.size()), [&] { entry.tail.clear(); });
    if (!tail.empty())
        insertRows(entry, at, static_cast<int>(tail.size()), [&] { entry.tail = std::move(tail); });
}

void ChatRowModel::setWaiting(const QString& messageId, const QString& text, double progress) {
    Entry* found = entry(messageId);
    if (!found) return;
    const bool same = found->waitingText == text && found->progress == progress;
    found->waitingText = text;
    found->progress = progress;
    if (found->tail != std::vector<RowKind>{Waiting})
        setTail(*found, {Waiting});
    else if (!same)
        emit dataChanged(index(found->first + found->rows() - 1), index(found->first + found->rows() - 1),
                         {WaitingTextRole, ProgressRole});
}

void ChatRowModel::addThought(Entry& entry, const Message& message) {
    auto thought = std::make_unique<ThoughtState>(message, liveOpen_, makeParser_());
    const QString id = message.id;
    connect(thought.get(), &ThoughtState::foldChosen, this,
            [this, id](ThoughtFold fold) { emit foldChosen(id, fold); });
    insertRows(entry, 0, 1, [&] { entry.thought = std::move(thought); });
}

void ChatRowModel::growThought(const QString& messageId, const GrowingText& whole, int tokens) {
    Entry* found = entry(messageId);
    if (!found) return;
    setTail(*found, {});
    if (!found->thought) {
        found->message.hasThought = true;
        found->message.thoughtClosed = false;
        addThought(*found, found->message);
    }
    found->thought->grow(whole, tokens);
}

void ChatRowModel::growAnswer(const QString& messageId, const GrowingText& whole) {
    Entry* found = entry(messageId);
    if (!found) return;
    setTail(*found, {});
    applyBlocks(*found, found->parser->grow(whole));
}

void ChatRowModel::applyBlocks(Entry& entry, BlockChange change) {
    const int now = change.newCount;
    const int kept = std::min(entry.blocks, now);
    const int base = entry.thoughtRows();
    if (now < entry.blocks) removeRows(entry, base + now, entry.blocks - now, [&] { entry.blocks = now; });
    if (change.first < kept)
        emit dataChanged(index(entry.first + base + change.first), index(entry.first + base + kept - 1));
    if (now > entry.blocks)
        insertRows(entry, base + entry.blocks, now - entry.blocks, [&] { entry.blocks = now; });
}

void ChatRowModel::resume(const Message& message) {
    Entry* found = entry(message.id);
    if (!found) return;
    found->message.state = MessageState::Streaming;
    found->message.thoughtClosed = message.thoughtClosed;
    setTail(*found, {});
    // Its last block may go on, and closed blocks do not: the text is parsed again, this one time.
    found->parser = makeParser_();
    found->parser->grow(message.text);
    applyBlocks(*found, {0, found->blocks, found->parser->count()});
    if (found->thought && !message.thoughtClosed) {
        found->thought->resume(message.thought, makeParser_());
        found->thought->setOpenByDefault(liveOpen_);
    }
    changed(*found);
}

void ChatRowModel::finish(const Message& message) {
    Entry* found = entry(message.id);
    if (!found) return;
    found->message = message;
    found->message.text.clear();
    found->message.thought.clear();
    applyBlocks(*found, found->parser->finish());
    setTail(*found, tailOf(message));
    changed(*found);
}

void ChatRowModel::update(const Message& message) {
    Entry* found = entry(message.id);
    if (!found) return;
    const GrowingText text = found->message.text;
    found->message = message;
    found->message.text = text;
    found->message.thought.clear();
    if (!found->streaming() && message.role == MessageRole::Assistant) setTail(*found, tailOf(message));
    changed(*found);
}

ThoughtState* ChatRowModel::thought(const QString& messageId) const {
    const Entry* found = entry(messageId);
    return found ? found->thought.get() : nullptr;
}

void ChatRowModel::setThoughtDefaults(bool liveOpen, bool doneOpen) {
    liveOpen_ = liveOpen;
    doneOpen_ = doneOpen;
    for (const auto& entry : entries_)
        if (entry->thought) entry->thought->setOpenByDefault(entry->thought->live() ? liveOpen_ : doneOpen_);
}

void ChatRowModel::settleFold(const QString& messageId) {
    if (ThoughtState* found = thought(messageId))
        found->setOpenByDefault(found->live() ? liveOpen_ : doneOpen_);
}

std::vector<ChatRowModel::RowKind> ChatRowModel::tailOf(const Message& message) {
    std::vector<RowKind> tail;
    // A reply that ended inside its thought says so on the thought's own card.
    const bool insideThought = message.hasThought && !message.thoughtClosed;
    if (message.state == MessageState::Failed || (message.state != MessageState::Complete && !insideThought))
        tail.push_back(ErrorNotice);
    tail.push_back(AnswerActions);
    if (message.sources) tail.push_back(Passages);
    return tail;
}

}  // namespace pellucid::app

#include "moc_chat_row_model.cpp"
