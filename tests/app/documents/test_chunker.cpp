// Passages of a document: whole, in order, where they say they are, no longer than they may be.
#include <rapidcheck.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <QtTest>

#include "app/documents/chunker.h"
#include "app/documents/text_cuts.h"
#include "app/reading/scripted_reader.h"

using namespace pellucid;
using namespace pellucid::documents;
using reading::Block;
using reading::Document;
using reading::Page;

namespace {

/// Words between blanks, and each ideograph: sums over parts are exact.
int words(std::string_view text) {
    int count = 0;
    bool inside = false;
    for (std::int32_t at = 0; at < static_cast<std::int32_t>(text.size());) {
        UChar32 c = 0;
        U8_NEXT(reinterpret_cast<const std::uint8_t*>(text.data()), at,
                static_cast<std::int32_t>(text.size()), c);
        const bool blank = c == 0 || u_isUWhiteSpace(c) != 0;
        if (c >= 0x2E80 && !blank) ++count;
        inside = !blank && c < 0x2E80 && (count += !inside, true);
    }
    return count;
}

class Maker {
public:
    Document document;
    void add(BlockKind kind, const std::string& text, int level = 0, const std::string& symbol = {}) {
        if (!document.text.empty()) document.text += "\n\n";
        Block block;
        block.kind = kind;
        block.level = level;
        block.symbol = symbol;
        block.range.first = static_cast<std::uint32_t>(document.text.size());
        document.text += text;
        block.range.last = static_cast<std::uint32_t>(document.text.size());
        document.blocks.push_back(block);
    }
    Document done() {
        Page page;
        page.range = {0, static_cast<std::uint32_t>(document.text.size())};
        document.pages = {page};
        return document;
    }
};

std::string repeated(const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

Document any_document() {
    static const std::vector<std::string> kBits = {
        "word ", "another ",           "The end. ", "Is it? ",  "e.g. ",  "\n",         "\t",
        "   ",   "深度学习",           "是的。",    "潮汐！",   "é",      "\u00a0",     "\u3000",
        "x",     std::string("\0", 1), "🙂",      "a\u0301 ", "長い文", "0123456789", "…",
        "\r\n",  "ไทยไม่มีช่องว่าง"};
    Document document;
    const auto text = [&] {
        std::string out;
        const int bits = *rc::gen::inRange(0, 60);
        for (int i = 0; i < bits; ++i) out += *rc::gen::elementOf(kBits);
        return out;
    };
    const int blocks = *rc::gen::inRange(0, 14);
    for (int i = 0; i < blocks; ++i) {
        if (*rc::gen::inRange(0, 4) == 1) document.text += text();  // of no block
        Block block;
        block.kind = static_cast<BlockKind>(*rc::gen::inRange(0, 8));
        block.level = *rc::gen::inRange(1, 7);
        if (*rc::gen::inRange(0, 3) == 1) block.symbol = "f" + std::to_string(i);
        block.range.first = static_cast<std::uint32_t>(document.text.size());
        document.text += text();
        if (*rc::gen::inRange(0, 6) == 1) document.text += repeated("lorem ipsum dolor. ", 60);
        if (*rc::gen::inRange(0, 8) == 1) document.text += repeated("没有标点的长句子", 50);
        block.range.last = static_cast<std::uint32_t>(document.text.size());
        if (block.range.first < document.text.size()) document.blocks.push_back(block);
        if (*rc::gen::inRange(0, 2) == 1) document.text += "\n";
    }
    // Pages end anywhere between code points.
    std::uint32_t at = 0;
    const auto size = static_cast<std::uint32_t>(document.text.size());
    do {
        auto next = static_cast<std::int32_t>(at + *rc::gen::inRange<std::uint32_t>(0, size - at + 1));
        if (document.pages.size() > 5) next = static_cast<std::int32_t>(size);
        if (next < static_cast<std::int32_t>(size))
            U8_SET_CP_START(reinterpret_cast<const std::uint8_t*>(document.text.data()), 0, next);
        Page page;
        page.range = {at, static_cast<std::uint32_t>(next)};
        document.pages.push_back(page);
        at = static_cast<std::uint32_t>(next);
    } while (at < size);
    for (Block& block : document.blocks) block.page = reading::page_of(document, block.range.first);
    return document;
}

}  // namespace

class TestChunker : public QObject {
    Q_OBJECT

private slots:
    void of_any_document() {
        const bool held = rc::check("chunks", [] {
            const Document document = any_document();
            RC_ASSERT(reading::check(document).ok());
            ChunkOptions options;
            options.target_tokens = *rc::gen::inRange(8, 80);
            options.most_tokens = options.target_tokens + *rc::gen::inRange(0, 60);
            options.overlap = *rc::gen::arbitrary<bool>();
            const auto chunks = cut(document, words, options);
            RC_ASSERT(chunks == cut(document, words, options));
            std::vector<bool> covered(document.text.size());
            for (std::size_t i = 0; i < chunks.size(); ++i) {
                const Chunk& chunk = chunks[i];
                RC_ASSERT(!chunk.range.empty() && chunk.range.last <= document.text.size());
                RC_ASSERT(trimmed(document.text, chunk.range) == chunk.range);
                RC_ASSERT((static_cast<unsigned char>(document.text[chunk.range.first]) & 0xC0) != 0x80);
                RC_ASSERT(chunk.page == reading::page_of(document, chunk.range.first));
                RC_ASSERT(chunk.last_page == reading::page_of(document, chunk.range.last - 1));
                RC_ASSERT(chunk.tokens <= options.most_tokens);
                // As many as it says; a sentence without a word counts as one.
                RC_ASSERT(words(document.of(chunk.range)) + words(document.of(chunk.header)) <= chunk.tokens);
                RC_ASSERT(chunk.header.empty() || chunk.header.last <= chunk.range.first);
                RC_ASSERT(chunk.header.empty() || chunk.kind == BlockKind::table);
                if (i > 0) {
                    const Chunk& before = chunks[i - 1];
                    RC_ASSERT(before.range.first < chunk.range.first && before.range.last < chunk.range.last);
                    if (chunk.range.first < before.range.last) {
                        RC_ASSERT(options.overlap);
                        RC_ASSERT(words(document.of({chunk.range.first, before.range.last})) <=
                                  options.target_tokens / 5);
                    }
                }
                std::fill(covered.begin() + chunk.range.first, covered.begin() + chunk.range.last, true);
            }
            for (std::uint32_t at = 0; at < document.text.size();) {
                std::uint32_t next = at + 1;
                while (next < document.text.size() &&
                       (static_cast<unsigned char>(document.text[next]) & 0xC0) == 0x80)
                    ++next;
                RC_ASSERT(covered[at] || trimmed(document.text, {at, next}).empty());
                at = next;
            }
        });
        QVERIFY(held);
    }

    void headings_are_the_path_and_stay_with_what_follows() {
        Maker maker;
        maker.add(BlockKind::heading, "Tides", 1);
        maker.add(BlockKind::paragraph, repeated("The sea rises and falls. ", 20));
        maker.add(BlockKind::heading, "Causes", 2);
        maker.add(BlockKind::paragraph, repeated("The moon pulls. ", 20));
        maker.add(BlockKind::heading, "Uses", 2);
        maker.add(BlockKind::paragraph, repeated("Mills turn. ", 20));
        const Document document = maker.done();
        const auto chunks = cut(document, words, {120, 160, true});
        QCOMPARE(chunks.size(), std::size_t{3});
        QCOMPARE(chunks[0].headings, std::string("Tides"));
        QCOMPARE(chunks[1].headings, std::string("Tides > Causes"));
        QCOMPARE(chunks[2].headings, std::string("Tides > Uses"));
        QVERIFY(document.of(chunks[1].range).starts_with("Causes\n\nThe moon"));
        QVERIFY(chunks[1].kind == BlockKind::paragraph);
        // Small sections go together, under what they have in common.
        const auto together = cut(document, words, {400, 500, true});
        QCOMPARE(together.size(), std::size_t{2});
        QCOMPARE(together[1].headings, std::string("Tides > Uses"));
        QCOMPARE(together[0].headings, std::string("Tides"));
    }

    void a_length_alone_cuts_between_sentences_and_repeats_the_last() {
        Maker maker;
        std::string text;
        for (int i = 0; i < 40; ++i) text += "This is sentence number " + std::to_string(i) + ".\n";
        maker.add(BlockKind::paragraph, text);
        const Document document = maker.done();
        const auto chunks = cut(document, words, {50, 60, true});
        QVERIFY(chunks.size() > 3);
        for (std::size_t i = 0; i < chunks.size(); ++i) {
            QVERIFY(document.of(chunks[i].range).starts_with("This is"));
            QVERIFY(document.of(chunks[i].range).ends_with("."));
            if (i > 0) QCOMPARE(words(document.of({chunks[i].range.first, chunks[i - 1].range.last})), 5);
        }
        const auto bare = cut(document, words, {50, 60, false});
        QVERIFY(bare[1].range.first > bare[0].range.last);
    }

    void chinese_sentences() {
        Maker maker;
        maker.add(BlockKind::paragraph, repeated("潮汐是海水周期性的涨落现象。它主要由月球引起！是吗？", 10));
        const Document document = maker.done();
        const auto chunks = cut(document, words, {60, 80, true});
        QVERIFY(chunks.size() > 3);
        for (const Chunk& chunk : chunks) {
            const auto text = document.of(chunk.range);
            QVERIFY2(text.ends_with("。") || text.ends_with("！") || text.ends_with("？"),
                     std::string(text).c_str());
        }
    }

    void a_table_repeats_its_header() {
        Maker maker;
        maker.add(BlockKind::paragraph, "Before the table.");
        std::string table = "city\tcountry\tpeople";
        for (int i = 0; i < 50; ++i)
            table += "\nTown" + std::to_string(i) + "\tland\t" + std::to_string(i * 7);
        maker.add(BlockKind::table, table, 1);
        maker.add(BlockKind::paragraph, "After the table.");
        const Document document = maker.done();
        const auto chunks = cut(document, words, {40, 60, true});
        QVERIFY(chunks.size() > 4);
        QVERIFY(document.of(chunks.front().range) == "Before the table.");
        QVERIFY(document.of(chunks.back().range) == "After the table.");
        QVERIFY(chunks[1].header.empty());  // has it
        QVERIFY(document.of(chunks[1].range).starts_with("city"));
        for (std::size_t i = 2; i + 1 < chunks.size(); ++i) {
            QVERIFY(document.of(chunks[i].header) == "city\tcountry\tpeople");
            QVERIFY(document.of(chunks[i].range).starts_with("Town"));
            QVERIFY(chunks[i].kind == BlockKind::table);
        }
    }

    void code_by_its_functions() {
        Maker maker;
        for (const char* name : {"alpha", "beta", "gamma"})
            maker.add(BlockKind::code,
                      "int " + std::string(name) + "() {\n" + repeated("    do_it ();\n", 20) + "}", 0, name);
        const Document document = maker.done();
        const auto chunks = cut(document, words, {60, 80, true});
        QCOMPARE(chunks.size(), std::size_t{3});
        QCOMPARE(chunks[1].headings, std::string("beta"));
        QVERIFY(document.of(chunks[1].range).starts_with("int beta"));
        QVERIFY(document.of(chunks[1].range).ends_with("}"));
    }

    void a_long_line_without_any_sentence() {
        Document document;
        document.text = repeated("0123456789abcdef", 200'000);  // 3.2 MB
        document.pages = {Page{{0, static_cast<std::uint32_t>(document.text.size())}, 0, 0, {}, true, false}};
        QElapsedTimer timer;
        timer.start();
        const auto chunks = cut(document, estimated_tokens);
        QVERIFY(chunks.size() > 1000);
        QVERIFY2(timer.elapsed() < 20'000, "time must grow with the length, not with its square");
    }

    void nothing() {
        const auto empty = cut(reading::scripted_document({""}), words);
        QVERIFY(empty.empty());
        const auto blank = cut(reading::scripted_document({" \n\n \t"}), words);
        QVERIFY(blank.empty());
    }

    void an_estimate_of_tokens() {
        QCOMPARE(estimated_tokens(""), 0);
        const int english = estimated_tokens("The moon pulls the sea, and the sea rises twice a day.");
        QVERIFY(english >= 10 && english <= 18);  // 14 by XLM-RoBERTa
        const int chinese = estimated_tokens("潮汐是海水周期性的涨落现象。");
        QVERIFY(chinese >= 8 && chinese <= 14);
    }
};

QTEST_APPLESS_MAIN(TestChunker)
#include "test_chunker.moc"
