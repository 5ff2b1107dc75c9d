#include "app/chat/markdown_parser.h"

#include "app/chat/settled_blocks.h"
#include "app/content/incremental_markdown.h"

namespace pellucid::app {

namespace {

BlockKind kindOf(const MarkdownBlock& block) {
    switch (block.kind) {
        case MarkdownBlock::Kind::Paragraph:
            return block.quoteLevel > 0 ? BlockKind::Quote : BlockKind::Paragraph;
        case MarkdownBlock::Kind::Heading:
            return BlockKind::Heading;
        case MarkdownBlock::Kind::ListItem:
            return BlockKind::ListItem;
        case MarkdownBlock::Kind::Code:
            return BlockKind::Code;
        case MarkdownBlock::Kind::Math:
            return BlockKind::Math;
        case MarkdownBlock::Kind::Table:
            return BlockKind::Table;
        case MarkdownBlock::Kind::Rule:
            return BlockKind::Rule;
    }
    return BlockKind::Paragraph;
}

QString markerOf(const MarkdownBlock& block) {
    if (block.kind != MarkdownBlock::Kind::ListItem) return {};
    return block.ordered ? QString::number(block.number) + u'.' : QStringLiteral("•");
}

QString taskOf(const MarkdownBlock& block) {
    switch (block.task) {
        case MarkdownBlock::Task::None:
            break;
        case MarkdownBlock::Task::Open:
            return QStringLiteral("open");
        case MarkdownBlock::Task::Done:
            return QStringLiteral("done");
    }
    return QString::fromLatin1("");
}

class MarkdownParser final : public BlockParser {
public:
    BlockChange grow(const GrowingText& whole) override {
        const std::string_view added = whole.view().substr(text_.size());
        text_ = whole;
        return settle(markdown_.append(QByteArrayView(added.data(), static_cast<qsizetype>(added.size()))));
    }
    BlockChange finish() override { return settle(markdown_.finish()); }
    int count() const override { return static_cast<int>(markdown_.count()); }

    QVariant value(int index, BlockRole role) const override {
        const auto row = static_cast<std::size_t>(index);
        return row < settled_.size() ? valueOf(settled_.at(row, text_), role)
                                     : valueOf(markdown_.at(row), role);
    }

private:
    static QVariant valueOf(const MarkdownBlock& block, BlockRole role) {
        switch (role) {
            case BlockKindRole:
                return static_cast<int>(kindOf(block));
            case TextRole:
                return QString::fromStdString(block.text);
            case LevelRole:
                return block.headingLevel > 0 ? int{block.headingLevel} : int{block.listLevel};
            case MarkerRole:
                return markerOf(block);
            case TaskRole:
                return taskOf(block);
            case QuoteLevelRole:
                return int{block.quoteLevel};
            case LanguageRole:
                return QString::fromStdString(block.info);
            case ClosedRole:
                return block.closed;
            case TerminatedRole:
                return block.terminated;
            case ContinuedRole:
                return block.continued;
            case BlankBeforeRole:
                return block.blankBefore;
        }
        return {};
    }

    BlockChange settle(const MarkdownChange& change) {
        while (settled_.size() < markdown_.settled()) settled_.add(markdown_.at(settled_.size()), text_);
        markdown_.forget(settled_.size());
        return {static_cast<int>(change.firstChanged), static_cast<int>(change.oldCount),
                static_cast<int>(change.newCount)};
    }

    GrowingText text_;
    IncrementalMarkdown markdown_;  // from the first block that may change
    SettledBlocks settled_;         // those before it
};

}  // namespace

std::unique_ptr<BlockParser> makeMarkdownParser() {
    return std::make_unique<MarkdownParser>();
}

}  // namespace pellucid::app
