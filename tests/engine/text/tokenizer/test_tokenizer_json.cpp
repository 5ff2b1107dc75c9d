// tokenizer.json feature by feature (cases.json, by the `tokenizers` library), and what is refused.
#include <QtTest>
#include <nlohmann/json.hpp>

#include "fixture.h"

using namespace pellucid;
using nlohmann::json;

namespace {

using Ids = std::vector<TokenId>;

const char* kSmall =
    "{'added_tokens': [{'id': 4, 'content': '<x>', 'special': true}, {'id': 5, 'content': '<think>'}],"
    " 'model': {'type': 'BPE', 'vocab': {'a': 0, 'b': 1, 'ab': 2, '\u0120': 3}, 'merges': ['a b']},"
    " 'pre_tokenizer': {'type': 'ByteLevel', 'add_prefix_space': false, 'use_regex': true},"
    " 'decoder': {'type': 'ByteLevel'}}";

json small() {
    return json::parse(QByteArray(kSmall).replace('\'', '"').toStdString());
}

}  // namespace

class TestTokenizerJson : public QObject {
    Q_OBJECT

private slots:
    void cases_of_the_library_data() {
        QTest::addColumn<int>("index");
        cases_ = json::parse(test::read_fixture(PELLUCID_FIXTURES "/tokenizers/cases.json"));
        QVERIFY(cases_.size() >= 60);
        for (std::size_t i = 0; i < cases_.size(); ++i)
            QTest::newRow(cases_[i]["name"].get<std::string>().c_str()) << static_cast<int>(i);
    }
    void cases_of_the_library() {
        QFETCH(int, index);
        const json& one = cases_[static_cast<std::size_t>(index)];
        const auto tokenizer = make_tokenizer_from_json(one["tokenizer"].dump(), "");
        QVERIFY2(tokenizer.ok(), tokenizer ? "" : tokenizer.error().message().c_str());
        QVERIFY(one["texts"].size() > 4);
        for (const json& text : one["texts"]) {
            const auto line = text["text"].get<std::string>();
            const std::string shown = text["text"].dump();
            const auto expected = text["ids"].get<Ids>(), with_special = text["with_special"].get<Ids>();
            const Ids ids = (*tokenizer)->encode(line);
            QVERIFY2(ids == expected,
                     (shown + ": " + json(ids).dump() + " instead of " + json(expected).dump()).c_str());
            QVERIFY2((*tokenizer)->encode(line, {.add_special = true}) == with_special, shown.c_str());
        }
    }

    void literal_reading_leaves_control_tokens_alone() {
        const auto tokenizer = make_tokenizer_from_json(small().dump(), "");
        QVERIFY2(tokenizer.ok(), tokenizer ? "" : tokenizer.error().message().c_str());
        QCOMPARE((*tokenizer)->encode("a<x>ab<think>"), (Ids{0, 4, 2, 5}));
        // "<", "x" and ">" have no token here; what is left is "a" and "ab". The user-defined token is no
        // control token.
        QCOMPARE((*tokenizer)->encode("a<x>ab<think>", {.parse_special = false}), (Ids{0, 2, 5}));
        QCOMPARE((*tokenizer)->type_of(4), TokenType::control);
        QCOMPARE((*tokenizer)->type_of(5), TokenType::user_defined);
        QCOMPARE((*tokenizer)->type_of(6), TokenType::unused);
        QCOMPARE((*tokenizer)->bytes_of(4), std::string());
        QCOMPARE((*tokenizer)->bytes_of(4, true), std::string("<x>"));
        QCOMPARE((*tokenizer)->bytes_of(5), std::string("<think>"));
        QCOMPARE((*tokenizer)->bytes_of(3), std::string(" "));
        QCOMPARE((*tokenizer)->piece_of(3), std::string_view("Ġ"));
        QCOMPARE((*tokenizer)->find("<think>"), std::optional<TokenId>(5));
        QVERIFY(!(*tokenizer)->find("nothing"));
    }

    void the_config_names_special_tokens() {
        const auto read = [](const char* config) {
            const auto made =
                make_tokenizer_from_json(small().dump(), QByteArray(config).replace('\'', '"').toStdString());
            return made.ok() ? (*made)->special() : SpecialTokens{};
        };
        SpecialTokens special =
            read("{'bos_token': '<x>', 'eos_token': {'content': '<think>'}, 'add_bos_token': true}");
        QCOMPARE(special.bos, std::optional<TokenId>(4));
        QCOMPARE(special.eos, std::optional<TokenId>(5));
        QVERIFY(special.add_bos && !special.add_eos);
        QCOMPARE(special.end_of_generation, (Ids{5}));
        special = read("{'bos_token': 'no such token', 'add_bos_token': true, 'eos_token': null}");
        QVERIFY(!special.bos && !special.eos && !special.add_bos);
    }

    void real_end_markers_are_known_data() {
        QTest::addColumn<QStringList>("ends");
        QTest::newRow("deepseek_v3") << QStringList{"<｜end▁of▁sentence｜>", "<|EOT|>"};
        QTest::newRow("qwen3") << QStringList{"<|endoftext|>", "<|im_end|>"};
        QTest::newRow("llama3_1") << QStringList{"<|end_of_text|>", "<|eot_id|>"};
        QTest::newRow("llama2") << QStringList{"</s>"};
        QTest::newRow("smollm2") << QStringList{"<|endoftext|>", "<|im_end|>"};
        QTest::newRow("r1_distill_qwen") << QStringList{"<｜end▁of▁sentence｜>", "<|EOT|>"};
    }
    void real_end_markers_are_known() {
        QFETCH(QStringList, ends);
        const auto tokenizer = test::open_fixture(QTest::currentDataTag());
        QVERIFY2(tokenizer.ok(), tokenizer ? "" : tokenizer.error().message().c_str());
        QStringList found;
        for (const auto id : (*tokenizer)->special().end_of_generation)
            found << QString::fromUtf8((*tokenizer)->piece_of(id).data(), (*tokenizer)->piece_of(id).size());
        QCOMPARE(found, ends);
        QVERIFY(std::is_sorted((*tokenizer)->special().end_of_generation.begin(),
                               (*tokenizer)->special().end_of_generation.end()));
    }

    void what_is_not_supported_is_named_data() {
        QTest::addColumn<QString>("patch");
        QTest::addColumn<QString>("word");
        const auto row = [](const char* name, const char* patch, const char* word) {
            QTest::newRow(name) << QString(patch).replace('\'', '"') << QString(word);
        };
        row("model", "{'model': {'type': 'WordLevel'}}", "WordLevel");
        row("unigram with bytes", "{'model': {'type': 'Unigram', 'byte_fallback': true}}", "byte_fallback");
        row("word ends", "{'model': {'end_of_word_suffix': '</w>'}}", "end_of_word_suffix");
        row("dropout", "{'model': {'dropout': 0.1}}", "dropout");
        row("normalizer", "{'normalizer': {'type': 'Nmt'}}", "Nmt");
        row("pre-tokenizer", "{'pre_tokenizer': {'type': 'UnicodeScripts'}}", "UnicodeScripts");
        row("decoder", "{'decoder': {'type': 'CTC'}}", "CTC");
        row("post-processor", "{'post_processor': {'type': 'Other'}}", "Other");
        row("class in a class", "{'pre_tokenizer': {'type': 'Split', 'pattern': {'Regex': '[a[b]]'}}}",
            "[a[b]]");
        row("class intersection", "{'pre_tokenizer': {'type': 'Split', 'pattern': {'Regex': '[a&&b]'}}}",
            "[a&&b]");
        row("no expression", "{'pre_tokenizer': {'type': 'Split', 'pattern': {'Regex': '(a'}}}", "(a");
        row("counted repeat repeated",
            "{'pre_tokenizer': {'type': 'Split', 'pattern': {'Regex': 'a{1,3}+'}}}", "a{1,3}+");
    }
    void what_is_not_supported_is_named() {
        QFETCH(QString, patch);
        QFETCH(QString, word);
        json root = small();
        root.merge_patch(json::parse(patch.toStdString()));
        const auto tokenizer = make_tokenizer_from_json(root.dump(), "");
        QVERIFY(!tokenizer.ok());
        QCOMPARE(tokenizer.error().code, ErrorCode::unsupported);
        QVERIFY2(tokenizer.error().what.find(word.toStdString()) != std::string::npos,
                 tokenizer.error().what.c_str());
        QVERIFY(!tokenizer.error().hint.empty());
    }

    void damage_is_refused_data() {
        QTest::addColumn<QString>("patch");
        const auto row = [](const char* name, const char* patch) {
            QTest::newRow(name) << QString(patch).replace('\'', '"');
        };
        row("no vocabulary", "{'model': {'vocab': null}}");
        row("an id below zero", "{'model': {'vocab': {'z': -1}}}");
        row("an id far out", "{'model': {'vocab': {'z': 9999999}}}");
        row("an id beyond all", "{'model': {'vocab': {'z': 99999999999999}}}");
        row("an id twice", "{'model': {'vocab': {'z': 1}}}");
        row("an id of text", "{'model': {'vocab': {'z': 'q'}}}");
        row("merges of nothing", "{'model': {'merges': ['q r']}}");
        row("a merge of one", "{'model': {'merges': ['a']}}");
        row("a merge of three", "{'model': {'merges': ['a b a']}}");
        row("a merge of numbers", "{'model': {'merges': [[1, 2]]}}");
        row("merges no list", "{'model': {'merges': {}}}");
        row("an unknown token that is not there", "{'model': {'unk_token': 'q'}}");
        row("added tokens no list", "{'added_tokens': {}}");
        row("an added token without id", "{'added_tokens': [{'content': 'q'}]}");
        row("a flag of text", "{'added_tokens': [{'id': 4, 'content': 'q', 'lstrip': 'yes'}]}");
        row("a component without type", "{'normalizer': {}}");
        row("a component of text", "{'pre_tokenizer': 'ByteLevel'}");
        row("a split without pattern", "{'pre_tokenizer': {'type': 'Split'}}");
        row("a template of an unknown token",
            "{'post_processor': {'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': 'q'}}]}}");
        row("cls outside",
            "{'post_processor': {'type': 'BertProcessing', 'cls': ['q', 77], 'sep': ['q', 1]}}");
        row("sep of text", "{'post_processor': {'type': 'RobertaProcessing', 'cls': ['q', 1], 'sep': 'q'}}");
        row("WordPiece without its unknown token", "{'model': {'type': 'WordPiece', 'unk_token': 'q'}}");
        row("WordPiece of endless words",
            "{'model': {'type': 'WordPiece', 'unk_token': 'a', 'max_input_chars_per_word': 'q'}}");
        row("unigram of an object", "{'model': {'type': 'Unigram', 'unk_id': 0}}");
        row("unigram without scores", "{'model': {'type': 'Unigram', 'unk_id': 0, 'vocab': [['a']]}}");
        row("unigram with a score of text",
            "{'model': {'type': 'Unigram', 'unk_id': 0, 'vocab': [['a', 'b']]}}");
        row("unigram with its unknown token outside",
            "{'model': {'type': 'Unigram', 'unk_id': 9, 'vocab': [['a', -1]]}}");
        row("unigram with an added token far out",
            "{'model': {'type': 'Unigram', 'unk_id': 0, 'vocab': [['a', -1]]}, 'added_tokens': [{'id': 900, "
            "'content': 'q'}]}");
        row("a character map that is no base64",
            "{'normalizer': {'type': 'Precompiled', 'precompiled_charsmap': '!!!!'}}");
        row("a character map of three bytes",
            "{'normalizer': {'type': 'Precompiled', 'precompiled_charsmap': 'AAAA'}}");
        row("a character map longer than it is",
            "{'normalizer': {'type': 'Precompiled', 'precompiled_charsmap': '/P///wAAAAA='}}");
        row("a template of an id outside",
            "{'post_processor': {'type': 'TemplateProcessing', 'single': [{'SpecialToken': {'id': 'q'}}], "
            "'special_tokens': {'q': {'ids': [77]}}}}");
    }
    void damage_is_refused() {
        QFETCH(QString, patch);
        json root = small();
        root.merge_patch(json::parse(patch.toStdString()));
        const auto tokenizer = make_tokenizer_from_json(root.dump(), "");
        QVERIFY(!tokenizer.ok());
        QCOMPARE(tokenizer.error().code, ErrorCode::corrupt);
        QVERIFY(!tokenizer.error().what.empty() && !tokenizer.error().hint.empty());
    }

    void no_json_is_refused() {
        for (const char* text : {"", "[]", "{", "nul", "\xFF", "{}"}) {
            const auto tokenizer = make_tokenizer_from_json(text, "");
            QVERIFY2(!tokenizer.ok(), text);
            QCOMPARE(tokenizer.error().code, ErrorCode::corrupt);
        }
        QVERIFY(!make_tokenizer_from_json(small().dump(), "{").ok());
        // Sequences in sequences without end.
        std::string deep = small().dump();
        deep.pop_back();
        deep += ",\"normalizer\":";
        for (int i = 0; i < 10'000; ++i) deep += "{\"type\":\"Sequence\",\"normalizers\":[";
        for (int i = 0; i < 10'000; ++i) deep += "]}";
        QVERIFY(!make_tokenizer_from_json(deep + "}", "").ok());
    }

    void invalid_utf8_is_replaced() {
        const auto tokenizer = test::open_fixture("qwen3");
        QVERIFY(tokenizer.ok());
        const std::string r = "\xEF\xBF\xBD";
        const std::pair<std::string, std::string> pairs[] = {
            {"a\xFFz", "a" + r + "z"},
            {"\xE4\xBD", r},
            {"\xC0\xAF", r + r},
            {"\xED\xA0\x80!", r + r + r + "!"},
            {"\xF0\x9F\x98\x80\xF0\x9F", "\xF0\x9F\x98\x80" + r},
            {std::string("\0\xFE", 2), std::string("\0", 1) + r},
            {"<|im_start|>\x80<|im_end|>", "<|im_start|>" + r + "<|im_end|>"},
        };
        for (const auto& [bad, good] : pairs) {
            const Ids ids = (*tokenizer)->encode(bad);
            QVERIFY(ids == (*tokenizer)->encode(good));
            QCOMPARE((*tokenizer)->decode(ids, true), good);
        }
        // Every byte, and every pair of bytes at the edges of UTF-8's ranges.
        const int edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0,
                             0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF};
        for (const int first : edges)
            for (const int second : edges)
                for (const int third : edges) {
                    const std::string text{static_cast<char>(first), static_cast<char>(second),
                                           static_cast<char>(third)};
                    const Ids ids = (*tokenizer)->encode(text);
                    QVERIFY(!ids.empty());
                }
    }

private:
    json cases_;
};

QTEST_APPLESS_MAIN(TestTokenizerJson)
#include "test_tokenizer_json.moc"
