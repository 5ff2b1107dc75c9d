#include <vector>

#include "app/chat/block.h"

namespace pellucid::app {

namespace {

struct Piece {
    BlockKind kind = BlockKind::Paragraph;
    QString text;
    QString language;
    bool closed = false;
};

class ParagraphParser final : public BlockParser {
public:
    BlockChange grow(const GrowingText& whole) override {
        const BlockChange change = begin();
        const std::string_view added = whole.view().substr(taken_);
        taken_ = whole.size();
        pending_ += QString::fromUtf8(added.data(), static_cast<qsizetype>(added.size()));
        for (qsizetype end; (end = pending_.indexOf(u'\n')) >= 0; pending_.remove(0, end + 1))
            line(pending_.left(end));
        tail(pending_);
        return {change.first, change.oldCount, count()};
    }

    BlockChange finish() override {
        const BlockChange change = begin();
        line(pending_);
        pending_.clear();
        if (!blocks_.empty()) blocks_.back().closed = true;
        return {change.first, change.oldCount, count()};
    }

    int count() const override { return static_cast<int>(blocks_.size()); }

    QVariant value(int index, BlockRole role) const override {
        const Piece& piece = blocks_[static_cast<std::size_t>(index)];
        switch (role) {
            case BlockKindRole:
                return static_cast<int>(piece.kind);
            case TextRole:
                return piece.text;
            case LanguageRole:
                return piece.language;
            case ClosedRole:
                return piece.closed;
            default:
                return emptyBlockValue(role);
        }
    }

private:
    BlockChange begin() const {
        const int first = open() ? count() - 1 : count();
        return {first, count(), count()};
    }
    bool open() const { return !blocks_.empty() && !blocks_.back().closed; }
    bool inCode() const { return open() && blocks_.back().kind == BlockKind::Code; }

    void show(const QString& text) { blocks_.back().text = text; }

    void line(const QString& text) {
        if (text.startsWith(u"```")) {
            if (inCode()) {
                show(settled_);
                blocks_.back().closed = true;
            } else {
                if (open()) {
                    show(settled_);
                    blocks_.back().closed = true;
                }
                blocks_.push_back(
                    {.kind = BlockKind::Code, .language = text.mid(3).trimmed(), .closed = false});
            }
            settled_.clear();
            return;
        }
        if (text.trimmed().isEmpty() && !inCode()) {
            if (open()) {
                show(settled_);
                blocks_.back().closed = true;
            }
            settled_.clear();
            return;
        }
        if (!open()) blocks_.push_back({.closed = false});
        if (!settled_.isEmpty() || blocks_.back().closed) settled_ += u'\n';
        settled_ += text;
        show(settled_);
    }

    void tail(const QString& text) {
        if (text.isEmpty() || text.startsWith(u'`')) return;
        if (!open()) {
            if (text.trimmed().isEmpty()) return;
            blocks_.push_back({.closed = false});
        }
        show(settled_.isEmpty() ? text : settled_ + u'\n' + text);
    }

    std::vector<Piece> blocks_;
    std::size_t taken_ = 0;  // bytes of the text
    QString settled_;        // whole lines of the open block
    QString pending_;        // the line that has no end yet
};

}  // namespace

QVariant emptyBlockValue(int role) {
    switch (role) {
        case BlockKindRole:
        case LevelRole:
        case QuoteLevelRole:
            return 0;
        case ClosedRole:
        case TerminatedRole:
            return true;
        case ContinuedRole:
        case BlankBeforeRole:
            return false;
        default:
            return QString();
    }
}

std::unique_ptr<BlockParser> makeParagraphParser() {
    return std::make_unique<ParagraphParser>();
}

}  // namespace pellucid::app
