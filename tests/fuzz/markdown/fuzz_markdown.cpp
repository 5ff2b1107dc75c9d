// Any bytes as streamed Markdown: wherever the pieces end, the blocks are those of the whole text, what a
// change report calls unchanged is unchanged, what is settled stays so when it is forgotten early, and every
// block's text goes through the inline and the table parser. The first four bytes say how the text is cut.
#include <QByteArrayView>
#include <QString>
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <deque>

#include "app/content/incremental_markdown.h"
#include "app/content/inline_parser.h"
#include "app/content/markdown_table.h"

using namespace pellucid::app;

namespace {

void must(bool truth) {
    if (!truth) std::abort();
}

void check(const MarkdownChange& change, const std::deque<MarkdownBlock>& before,
           const std::deque<MarkdownBlock>& after) {
    must(change.oldCount == before.size() && change.newCount == after.size());
    const std::size_t same = std::min({change.firstChanged, before.size(), after.size()});
    must(change.firstChanged <= std::max(before.size(), after.size()));
    must(std::equal(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(same), after.begin()));
}

void inner(const MarkdownBlock& block) {
    const QString text = QString::fromUtf8(block.text.data(), static_cast<qsizetype>(block.text.size()));
    for (const InlineMode mode : {InlineMode::Complete, InlineMode::Streaming})
        (void)plainText(parseInline(text, mode));
    const MarkdownTable table = parseTable(text);
    for (const QStringList& row : table.rows) must(row.size() == table.rows.front().size());
    must(table.rows.isEmpty() || table.alignments.size() == table.rows.front().size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size < 4) return 0;
    const std::uint8_t* cuts = bytes;
    const QByteArrayView text(bytes + 4, static_cast<qsizetype>(size - 4));
    const std::deque<MarkdownBlock> whole = IncrementalMarkdown::parse(text);

    IncrementalMarkdown streamed, forgetful;
    std::deque<MarkdownBlock> before, kept;
    qsizetype at = 0;
    for (unsigned i = 0; at < text.size(); ++i) {
        // 0 cuts to single bytes, so that every place is tried; a big one makes long pieces.
        const qsizetype length = std::min<qsizetype>(cuts[i % 4] + qsizetype{1}, text.size() - at);
        const MarkdownChange change = streamed.append(text.sliced(at, length));
        check(change, before, streamed.blocks());
        before = streamed.blocks();
        forgetful.append(text.sliced(at, length));
        must(forgetful.count() == before.size() && forgetful.settled() <= forgetful.count());
        while (kept.size() < forgetful.settled()) kept.push_back(forgetful.at(kept.size()));
        forgetful.forget(kept.size());
        must(forgetful.forgotten() == kept.size());
        at += length;
    }
    forgetful.finish();
    kept.insert(kept.end(), forgetful.blocks().begin(), forgetful.blocks().end());
    must(kept == whole);
    check(streamed.finish(), before, streamed.blocks());
    must(streamed.finished() && streamed.blocks() == whole);
    for (const MarkdownBlock& block : whole) {
        must(block.closed && block.headingLevel <= 6);
        inner(block);
    }
    return 0;
}
