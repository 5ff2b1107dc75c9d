// A conversation's shown path as one flat list of rows, so that a message of 20,000 tokens stays virtualised.
// A batch of tokens changes the last rows only; the list is never reset while something streams.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "app/chat/block.h"
#include "app/chat/message.h"

namespace pellucid::app {

class ChatTree;
class ThoughtState;

class ChatRowModel : public QAbstractListModel {
    Q_OBJECT
    QML_NAMED_ELEMENT(ChatRowModel)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    enum RowKind {
        UserMessage,    ///< text, branchIndex, branchCount
        Thought,        ///< thought: ThoughtState (header and body)
        Block,          ///< block roles as in BlockListModel
        AnswerActions,  ///< branch switcher, statistics; after an answer that has ended
        ErrorNotice,    ///< errorWhat, errorHint, canContinue: failed, stopped, cut off or interrupted answer
        Passages,       ///< below an answer about documents: passages, passagesText, sourcesNotice
        Waiting,        ///< before the first token: waitingText, progress
    };
    Q_ENUM(RowKind)

    // Block roles (blockKind … closed) have BlockListModel's numbers; these follow them.
    enum Role {
        RowKindRole = Qt::UserRole + 100,  ///< rowKind: RowKind
        MessageIdRole,                     ///< messageId
        ThoughtRole,                       ///< thought: ThoughtState, null elsewhere
        BranchIndexRole,                   ///< branchIndex: from 1
        BranchCountRole,                   ///< branchCount: 1 = no siblings
        LastRole,                          ///< last: belongs to the last message of the path
        StreamingRole,                     ///< streaming: its message is being generated
        StatsTextRole,                     ///< statsText: "612 tokens · 41.8 tok/s · first 0.28 s"
        StatsRole,                         ///< stats: [{label, value}] for the full row
        ErrorWhatRole,                     ///< errorWhat: what happened
        ErrorHintRole,                     ///< errorHint: what to do
        SeverityRole,                      ///< severity: "error" | "warn" | "info"
        CanContinueRole,                   ///< canContinue
        WaitingTextRole,                   ///< waitingText: "Reading the prompt, 62 %"
        ProgressRole,                      ///< progress: 0 to 1, -1 unknown
        CitationLabelsRole,                ///< citationLabels: of the chips in a block, by number
        DoubtsRole,                        ///< doubts: [{text, note}] sentences that no passage bears out
        PassagesRole,                      ///< passages: [{number, heading, quote, place, cited}]
        PassagesTextRole,                  ///< passagesText: "3 of 41 · all pages searched"
        SourcesNoticeRole,                 ///< sourcesNotice: empty: none
        TurnStartRole,                     ///< turnStart: first row of its message (32 px above, not 12)
    };

    ChatRowModel(BlockParserFactory makeParser, QObject* parent = nullptr);
    ~ChatRowModel() override;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    int count() const { return total_; }

    /// First row of a message, -1 when it is not on the shown path.
    Q_INVOKABLE int rowOfMessage(const QString& messageId) const;
    /// What an answer stands on; null: no documents.
    AnswerSourcesPtr sources(const QString& messageId) const;
    /// Everything that was found for an answer, and why: see retrievalList().
    Q_INVOKABLE QVariantList retrieval(const QString& messageId) const;
    /// The last answer of the shown path that has passages; empty: none.
    QString lastWithSources() const;
    void retranslate();

    // -- driven by the chat document --
    /// Shows the tree's path. Messages shared with the path shown before keep their rows and objects.
    void showPath(const ChatTree& tree);
    void setWaiting(const QString& messageId, const QString& text, double progress);
    /// The message's thought or answer has grown to `whole`; see BlockParser::grow.
    void growThought(const QString& messageId, const GrowingText& whole, int tokens);
    void growAnswer(const QString& messageId, const GrowingText& whole);
    /// A message that had ended goes on.
    void resume(const Message& message);
    /// Its state or statistics changed, not its text.
    void update(const Message& message);
    /// The message has ended: closes its blocks and shows actions or a notice.
    void finish(const Message& message);
    ThoughtState* thought(const QString& messageId) const;
    /// The thought has ended: it folds if the setting says so and the person has not touched it.
    void settleFold(const QString& messageId);
    /// Three-way setting: what a live and a finished thought do by themselves.
    void setThoughtDefaults(bool liveOpen, bool doneOpen);

signals:
    void countChanged();
    void foldChosen(const QString& messageId, pellucid::app::ThoughtFold fold);

private:
    struct Entry;  // one message and its rows
    Entry* entry(const QString& messageId) const;
    Entry& entryAt(int row) const;
    std::unique_ptr<Entry> makeEntry(const ChatTree& tree, const Message& message, int first) const;
    void addThought(Entry& entry, const Message& message);
    void applyBlocks(Entry& entry, BlockChange change);
    /// Replaces the rows after the blocks (waiting line, notice, actions).
    void setTail(Entry& entry, std::vector<RowKind> tail);
    void insertRows(Entry& entry, int row, int rows, const std::function<void()>& change);
    void removeRows(Entry& entry, int row, int rows, const std::function<void()>& change);
    void changed(const Entry& entry, const QVector<int>& roles = {});
    static std::vector<RowKind> tailOf(const Message& message);
    bool isLast(const Entry& entry) const { return !entries_.empty() && entries_.back().get() == &entry; }

    BlockParserFactory makeParser_;
    std::deque<std::unique_ptr<Entry>> entries_;
    int total_ = 0;
    bool liveOpen_ = true;
    bool doneOpen_ = false;
};

}  // namespace pellucid::app
