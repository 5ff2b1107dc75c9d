// Merging against a literal reading of the algorithm; patterns against Unicode 16; the pre-tokenizers that
// GGUF names.
#include <rapidcheck.h>

#include <QtTest>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/text/bpe.h"
#include "engine/text/bpe_tokenizer.h"
#include "engine/text/byte_alphabet.h"
#include "engine/text/pre_tokenizer.h"
#include "engine/text/pre_tokenizer_names.h"
#include "engine/text/utf8.h"
#include "fixture.h"

using namespace pellucid;

namespace {

using Ids = std::vector<TokenId>;
using Rules = std::map<std::pair<TokenId, TokenId>, MergeTable::Merge>;

/// Look for the pair of lowest rank, the leftmost of equals; merge it; begin again.
Ids merge_literally(const Rules& rules, Ids symbols) {
    while (true) {
        std::size_t best = symbols.size();
        std::uint32_t rank = UINT32_MAX;
        for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
            const auto rule = rules.find({symbols[i], symbols[i + 1]});
            if (rule != rules.end() && rule->second.rank < rank) rank = rule->second.rank, best = i;
        }
        if (best == symbols.size()) return symbols;
        symbols[best] = rules.at({symbols[best], symbols[best + 1]}).result;
        symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(best) + 1);
    }
}

/// Merges among few symbols, so that they meet often.
rc::Gen<std::vector<std::tuple<int, int, int>>> few_rules() {
    const auto symbol = rc::gen::inRange(0, 8);
    return rc::gen::container<std::vector<std::tuple<int, int, int>>>(rc::gen::tuple(symbol, symbol, symbol));
}

Metadata small_metadata() {
    Metadata metadata;
    metadata.set("tokenizer.ggml.model", {std::string("gpt2")});
    metadata.set("tokenizer.ggml.pre", {std::string("gpt-2")});
    std::vector<std::string> tokens = {"<|endoftext|>", "<think>", "Ġa", "ab"};
    std::vector<std::int64_t> types = {3, 4, 1, 1};
    for (int byte = 0; byte < 256; ++byte) {
        tokens.emplace_back(byte_letter(static_cast<unsigned char>(byte)));
        types.push_back(1);
    }
    metadata.set("tokenizer.ggml.tokens", {tokens});
    metadata.set("tokenizer.ggml.token_type", {types});
    metadata.set("tokenizer.ggml.merges", {std::vector<std::string>{"Ġ a", "a b"}});
    metadata.set("tokenizer.ggml.eos_token_id", {std::uint64_t{0}});
    return metadata;
}

std::uint32_t mix(std::uint32_t hash, std::uint32_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8) hash = (hash ^ (value >> shift & 0xFF)) * 0x01000193u;
    return hash;
}

constexpr std::uint32_t kHashStart = 0x811C9DC5u;

}  // namespace

class TestBpe : public QObject {
    Q_OBJECT

private slots:
    void merges_as_the_algorithm_says() {
        QVERIFY(rc::check("short and long words", [] {
            const auto rules = *few_rules();
            Rules literal;
            MergeTable table;
            for (std::size_t rank = 0; rank < rules.size(); ++rank) {
                const auto [left, right, result] = rules[rank];
                // A merge makes a greater symbol: as in a vocabulary, nothing merges for ever.
                const MergeTable::Merge merge{static_cast<std::uint32_t>(rank),
                                              8 + std::max({left, right, result})};
                literal[{left, right}] = merge;
                table.add(left, right, merge);
                literal[{left, 8 + right}] = {merge.rank, 16 + result};
                table.add(left, 8 + right, {merge.rank, 16 + result});
            }
            RC_ASSERT(table.size() == literal.size());
            Ids symbols = *rc::gen::container<Ids>(rc::gen::inRange<TokenId>(0, 8));
            const auto repeats =
                *rc::gen::inRange<std::size_t>(1, 12);  // past the length at which the way of merging changes
            Ids word;
            for (std::size_t i = 0; i < repeats; ++i) word.insert(word.end(), symbols.begin(), symbols.end());
            Ids merged = word;
            merge_symbols(table, merged);
            RC_ASSERT(merged == merge_literally(literal, word));
        }));
    }

    // A damaged vocabulary's token cut a character in two, and the half of it was read for ever (found by
    // fuzzing).
    void an_added_token_cuts_no_character() {
        const AddedTokens added({{5, "\x96\x81"}, {6, "\xC3"}, {7, ""}, {8, "b"}});
        QCOMPARE(added.tokens().size(), std::size_t{1});
        std::vector<TextPart> parts;
        added.split(
            "a\xE2\x96\x81"
            "b\xC3\xA9",
            true, parts);
        QCOMPARE(parts.size(), std::size_t{3});
        QCOMPARE(parts[0].text, std::string_view("a\xE2\x96\x81"));
        QCOMPARE(parts[1].token, 8);
        QCOMPARE(parts[2].text, std::string_view("\xC3\xA9"));
    }

    // Work that grew with the square of the length would take hours here and meet the test's time limit.
    void a_long_word_takes_no_quadratic_time() {
        MergeTable table;
        for (TokenId length = 1; length < 16; ++length)
            table.add(length - 1, length - 1, {static_cast<std::uint32_t>(length), length});
        Ids word(std::size_t{1} << 21, 0);
        merge_symbols(table, word);
        QCOMPARE(word, Ids(std::size_t{1} << 6, 15));
    }

    void patterns_know_unicode_16_data() {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<int>("code_points");
        // As counted with the `tokenizers` library 0.23.3.
        const std::pair<const char*, int> counts[] = {
            {"\\p{L}", 141028},  {"\\p{N}", 1911},    {"\\p{P}", 855},     {"\\p{S}", 8514}, {"\\p{M}", 2501},
            {"\\s", 25},         {"\\p{Lu}", 1858},   {"\\p{Ll}", 2258},   {"\\p{Lt}", 31},  {"\\p{Lm}", 404},
            {"\\p{Lo}", 136477}, {"\\p{Han}", 99030}, {"\\p{Cn}", 819533}, {"\\w", 144671},  {"(?i:s)", 3},
        };
        for (const auto& [pattern, count] : counts) QTest::newRow(pattern) << QString(pattern) << count;
    }
    void patterns_know_unicode_16() {
        QFETCH(QString, pattern);
        QFETCH(int, code_points);
        const auto regex = Regex::compile(pattern.toStdString());
        QVERIFY(regex.ok());
        Regex::Search search(*regex);
        int found = 0;
        std::string storage;
        for (char32_t code = 0; code < 0x110000; ++code) {
            if (code >= 0xD800 && code < 0xE000) continue;
            std::string text;
            append_utf8(text, code);
            found += search.next(with_known_characters(text, storage), 0).has_value();
        }
        QCOMPARE(found, code_points);
    }

    void stand_ins_keep_offsets() {
        std::string storage;
        const std::string plain = "abc \u00e9 \u4e2d \U0001F600";
        QCOMPARE(with_known_characters(plain, storage).data(),
                 plain.data());  // nothing to do: the text itself
        const std::string fresh = "a\u1c89b\U000105c0\u180e\U00031350";
        const std::string_view known = with_known_characters(fresh, storage);
        QCOMPARE(known.size(), fresh.size());
        QVERIFY(known != fresh && is_utf8(known));
    }

    void named_pre_tokenizers_cut_like_the_models_own_data() {
        QTest::addColumn<uint>("expected");
        const auto splits =
            nlohmann::json::parse(test::read_fixture(PELLUCID_FIXTURES "/tokenizers/splits.json"));
        QVERIFY(splits.size() >= 16);
        for (const auto& [name, hash] : splits.items()) QTest::newRow(name.c_str()) << hash.get<uint>();
        lines_ = test::read_corpus();
    }
    void named_pre_tokenizers_cut_like_the_models_own() {
        QFETCH(uint, expected);
        const auto named = named_pre_tokenizer(QTest::currentDataTag());
        QVERIFY(named.has_value());
        std::vector<SplitStep> steps;
        for (const auto pattern : named->patterns) {
            auto regex = Regex::compile(pattern);
            QVERIFY2(regex.ok(), regex ? "" : regex.error().message().c_str());
            steps.push_back({*std::move(regex)});
        }
        const PreTokenizer cutter(std::move(steps));
        std::uint32_t all = kHashStart;
        for (const auto& line : lines_) {
            std::uint32_t hash = kHashStart;
            std::size_t total = 0;
            cutter.split(line, [&](std::string_view word) {
                hash = mix(hash, static_cast<std::uint32_t>(word.size()));
                total += word.size();
            });
            QCOMPARE(total, line.size());
            all = mix(all, hash);
        }
        QCOMPARE(all, expected);
    }

    void every_name_makes_a_tokenizer() {
        Metadata metadata = small_metadata();
        QVERIFY(pre_tokenizer_names().size() > 40);
        for (const auto name : pre_tokenizer_names()) {
            metadata.set("tokenizer.ggml.pre", {std::string(name)});
            const auto tokenizer = make_tokenizer(metadata);
            QVERIFY2(tokenizer.ok(), tokenizer ? "" : tokenizer.error().message().c_str());
            QVERIFY((*tokenizer)->description().find(name) != std::string::npos);
            QCOMPARE((*tokenizer)->decode((*tokenizer)->encode("a  ab'S 123 \u00e9\n\n")),
                     std::string("a  ab'S 123 \u00e9\n\n"));
        }
    }

    void what_gguf_says_is_read_or_refused() {
        Metadata metadata = small_metadata();
        auto tokenizer = make_tokenizer(metadata);
        QVERIFY(tokenizer.ok());
        QCOMPARE((*tokenizer)->encode(" a ab<think>"), (Ids{2, 2, *(*tokenizer)->find("b"), 1}));
        QCOMPARE((*tokenizer)->encode("<|endoftext|>", {.parse_special = false}).size(), std::size_t{13});
        QCOMPARE((*tokenizer)->special().end_of_generation, (Ids{0}));

        const auto refused = [&](const char* key, MetaValue value, ErrorCode code, const char* word) {
            Metadata damaged = metadata;
            damaged.set(key, std::move(value));
            const auto made = make_tokenizer(damaged);
            return !made.ok() && made.error().code == code &&
                   made.error().what.find(word) != std::string::npos && !made.error().hint.empty();
        };
        QVERIFY(refused("tokenizer.ggml.pre", {std::string("martian")}, ErrorCode::unsupported, "martian"));
        QVERIFY(refused("tokenizer.ggml.model", {std::string("rwkv")}, ErrorCode::unsupported, "rwkv"));
        QVERIFY(refused("tokenizer.ggml.model", {std::string("plamo2")}, ErrorCode::unsupported, "plamo2"));
        QVERIFY(
            refused("tokenizer.ggml.model", {std::string("none")}, ErrorCode::not_found, "no vocabulary"));
        QVERIFY(refused("tokenizer.ggml.merges", {std::vector<std::string>{"ab"}}, ErrorCode::corrupt,
                        "merge 0"));
        QVERIFY(refused("tokenizer.ggml.merges", {std::vector<std::string>{"q r", "s t", "a b"}},
                        ErrorCode::corrupt, "2 of 3"));
        QVERIFY(refused("tokenizer.ggml.eos_token_id", {std::uint64_t{100'000}}, ErrorCode::corrupt,
                        "eos_token_id"));
        QVERIFY(refused("tokenizer.ggml.token_type", {std::vector<std::int64_t>{1}}, ErrorCode::corrupt,
                        "token types"));
        Metadata empty;
        QVERIFY(!make_tokenizer(empty).ok());
    }

private:
    std::vector<std::string> lines_;
};

QTEST_APPLESS_MAIN(TestBpe)
#include "test_bpe.moc"
