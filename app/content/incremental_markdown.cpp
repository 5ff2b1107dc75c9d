#include "app/content/incremental_markdown.h"

#include "app/content/block_scanner.h"

namespace pellucid::app {

IncrementalMarkdown::IncrementalMarkdown() : scanner_(std::make_unique<BlockScanner>()) {}
IncrementalMarkdown::~IncrementalMarkdown() = default;
IncrementalMarkdown::IncrementalMarkdown(IncrementalMarkdown&&) noexcept = default;
IncrementalMarkdown& IncrementalMarkdown::operator=(IncrementalMarkdown&&) noexcept = default;

const std::deque<MarkdownBlock>& IncrementalMarkdown::blocks() const {
    return scanner_->blocks();
}
std::size_t IncrementalMarkdown::count() const {
    return scanner_->count();
}
std::size_t IncrementalMarkdown::settled() const {
    return scanner_->forgotten() + scanner_->settled();
}
void IncrementalMarkdown::forget(std::size_t row) {
    if (row > scanner_->forgotten()) scanner_->forget(row - scanner_->forgotten());
}
std::size_t IncrementalMarkdown::forgotten() const {
    return scanner_->forgotten();
}
bool IncrementalMarkdown::finished() const {
    return scanner_->finished();
}

MarkdownChange IncrementalMarkdown::append(QByteArrayView utf8) {
    MarkdownChange change;
    change.oldCount = count();
    if (!finished() && !utf8.isEmpty()) {
        scanner_->unpeek();
        scanner_->feed({utf8.data(), static_cast<std::size_t>(utf8.size())});
        scanner_->peek();
    }
    change.firstChanged = scanner_->takeTouched();
    change.newCount = count();
    return change;
}

MarkdownChange IncrementalMarkdown::append(QStringView text) {
    return append(QByteArrayView(text.toUtf8()));
}

MarkdownChange IncrementalMarkdown::finish() {
    MarkdownChange change;
    change.oldCount = count();
    scanner_->unpeek();
    scanner_->finish();
    change.firstChanged = scanner_->takeTouched();
    change.newCount = count();
    return change;
}

std::deque<MarkdownBlock> IncrementalMarkdown::parse(QByteArrayView utf8) {
    BlockScanner scanner;
    scanner.feed({utf8.data(), static_cast<std::size_t>(utf8.size())});
    scanner.finish();
    return scanner.blocks();
}

}  // namespace pellucid::app
