#include "app/chat/block.h"

namespace pellucid::app {

namespace {

class ParagraphParser final : public BlockParser {
public:
    BlockChange append(const QString& text) override {
        BlockChange change{static_cast<int>(blocks_.size()), static_cast<int>(blocks_.size())};
        if (!blocks_.empty() && !blocks_.back().closed) --change.first;
        pending_ += text;
        for (qsizetype end; (end = pending_.indexOf(u'\n')) >= 0; pending_.remove(0, end + 1))
            line(pending_.left(end));
        tail(pending_);
        return change;
    }

    BlockChange finish() override {
        BlockChange change{static_cast<int>(blocks_.size()), static_cast<int>(blocks_.size())};
        if (!blocks_.empty() && !blocks_.back().closed) --change.first;
        line(pending_);
        pending_.clear();
        if (!blocks_.empty()) blocks_.back().closed = true;
        return change;
    }

    const std::vector<Block>& blocks() const override { return blocks_; }

private:
    bool open() const { return !blocks_.empty() && !blocks_.back().closed; }
    bool inCode() const { return open() && blocks_.back().kind == BlockKind::Code; }

    void show(const QString& text) {
        blocks_.back().text = text;
        if (blocks_.back().kind == BlockKind::Paragraph) blocks_.back().html = text.toHtmlEscaped();
    }

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

    std::vector<Block> blocks_;
    QString settled_;  // whole lines of the open block
    QString pending_;  // the line that has no end yet
};

}  // namespace

std::unique_ptr<BlockParser> makeParagraphParser() {
    return std::make_unique<ParagraphParser>();
}

}  // namespace pellucid::app
