// SentencePiece vocabularies as GGUF stores them. Llama 2's is rebuilt from its tokenizer.json, so that the
// library's merging by score is checked against the ids that the `tokenizers` library gives by ranked merges.
#include <QtTest>
#include <cstring>
#include <nlohmann/json.hpp>

#include "engine/text/bpe_tokenizer.h"
#include "fixture.h"

using namespace pellucid;

namespace {

/// Ten pieces: enough for "ab", a user-defined token and the control tokens. No byte pieces.
Metadata small_metadata(bool space_prefix) {
    Metadata metadata;
    metadata.set("tokenizer.ggml.model", {std::string("llama")});
    metadata.set("tokenizer.ggml.tokens", {std::vector<std::string>{"<unk>", "<s>", "</s>", "a", "b", "▁",
                                                                    "ab", "▁ab", "\n\n", "<|end|>"}});
    metadata.set("tokenizer.ggml.scores", {std::vector<double>{0, 0, 0, -5, -6, -7, -1, -2, -1000, 0}});
    metadata.set("tokenizer.ggml.token_type", {std::vector<std::int64_t>{2, 3, 3, 1, 1, 1, 1, 1, 4, 3}});
    metadata.set("tokenizer.ggml.add_space_prefix", {space_prefix});
    return metadata;
}

using Ids = std::vector<TokenId>;

}  // namespace

class TestSpm : public QObject {
    Q_OBJECT

private slots:
    void llama2_by_scores_is_llama2_by_merges() {
        const auto tokenizer = make_tokenizer(test::llama2_as_gguf());
        QVERIFY2(tokenizer.ok(), tokenizer ? "" : tokenizer.error().message().c_str());
        const std::string expected = test::read_fixture(PELLUCID_FIXTURES "/tokenizers/llama2/corpus.ids");
        const auto lines = test::read_corpus();
        int wrong = 0;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            std::uint32_t hash;
            std::memcpy(&hash, &expected[i * 4], 4);
            if (test::hash_ids((*tokenizer)->encode(lines[i])) != hash && ++wrong <= 5)
                qWarning("line %zu: %s", i + 1, lines[i].c_str());
        }
        QCOMPARE(wrong, 0);
        QCOMPARE((*tokenizer)->special().bos, std::optional<TokenId>(1));
        QCOMPARE((*tokenizer)->special().end_of_generation, (Ids{2}));
        QVERIFY((*tokenizer)->special().add_bos);
        QCOMPARE((*tokenizer)->encode("Hello", {.add_special = true}),
                 (Ids{1, *(*tokenizer)->find("▁Hello")}));
        QCOMPARE((*tokenizer)->decode(Ids{1, *(*tokenizer)->find("▁Hello")}), std::string("Hello"));
        QCOMPARE((*tokenizer)->bytes_of(13), std::string("\n"));  // <0x0A>
        QCOMPARE((*tokenizer)->bytes_of(1), std::string());
        QCOMPARE((*tokenizer)->bytes_of(1, true), std::string("<s>"));
        QCOMPARE((*tokenizer)->bytes_of(-1), std::string());
        QCOMPARE((*tokenizer)->bytes_of(32000), std::string());
    }

    void long_texts_are_cut_where_nothing_merges() {
        // Texts of several thousand bytes, which the library gets in stretches, against character BPE over
        // the whole.
        const auto by_scores = make_tokenizer(test::llama2_as_gguf()),
                   by_merges = test::open_fixture("llama2");
        QVERIFY(by_scores.ok() && by_merges.ok());
        const char* const joints[] = {" ", "", "\u2581 ", "  ", "\n", "\u2581", " \u2581 ", "<s> "};
        const auto lines = test::read_corpus();
        std::string text;
        int texts = 0;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            text += lines[i] + joints[i % std::size(joints)];
            if (text.size() < 6000) continue;
            QVERIFY2((*by_scores)->encode(text) == (*by_merges)->encode(text), text.c_str());
            text.clear();
            ++texts;
        }
        QVERIFY(texts > 100);
    }

    void the_space_prefix_follows_the_file() {
        const auto with = make_tokenizer(small_metadata(true)),
                   without = make_tokenizer(small_metadata(false));
        QVERIFY(with.ok() && without.ok());
        QCOMPARE((*with)->encode("ab"), (Ids{7}));
        QCOMPARE((*without)->encode("ab"), (Ids{6}));
        QCOMPARE((*with)->decode(Ids{7}), std::string("ab"));
        QCOMPARE((*without)->decode(Ids{7}), std::string(" ab"));
        QCOMPARE((*with)->encode(""), Ids{});
        // After a control token text begins anew.
        QCOMPARE((*with)->encode("<s>ab"), (Ids{1, 7}));
        QCOMPARE((*without)->encode("<s>ab ab"), (Ids{1, 6, 7}));
    }

    void extra_white_space_goes_where_the_file_says() {
        Metadata metadata = small_metadata(true);
        QCOMPARE((*make_tokenizer(metadata))->encode("  ab  "), (Ids{5, 5, 7, 5, 5}));
        metadata.set("tokenizer.ggml.remove_extra_whitespaces", {true});
        QCOMPARE((*make_tokenizer(metadata))->encode("  ab  ab "), (Ids{7, 7}));
    }

    void control_tokens_are_literal_on_request() {
        const auto tokenizer = make_tokenizer(small_metadata(false));
        QVERIFY(tokenizer.ok());
        QCOMPARE((*tokenizer)->encode("a</s>b"), (Ids{3, 2, 4}));
        // "</s>" has no letters here but unknown ones, which the library joins; the user-defined token stays.
        QCOMPARE((*tokenizer)->encode("a</s>b\n\n", {.parse_special = false}), (Ids{3, 0, 4, 8}));
        QCOMPARE((*tokenizer)->encode("\n\n\n"), (Ids{8, 0}));
        QCOMPARE((*tokenizer)->special().end_of_generation, (Ids{2, 9}));
        QCOMPARE((*tokenizer)->special().eot, std::optional<TokenId>(9));
    }

    void invalid_utf8_is_replaced() {
        const auto tokenizer = make_tokenizer(test::llama2_as_gguf());
        QVERIFY(tokenizer.ok());
        const Ids replaced = (*tokenizer)->encode("a\xEF\xBF\xBD b");
        QCOMPARE((*tokenizer)->encode("a\xFF b"), replaced);
        QCOMPARE((*tokenizer)->encode("a\xF0\x9F\x98 b"), replaced);
        QCOMPARE((*tokenizer)->decode((*tokenizer)->encode("\xC3")), std::string("\xEF\xBF\xBD"));
        // Half of a character's byte tokens.
        const Ids bytes = {*(*tokenizer)->find("<0xF0>"), *(*tokenizer)->find("<0x9F>")};
        QCOMPARE((*tokenizer)->decode(bytes), std::string("\xEF\xBF\xBD"));
    }

    void phi3_takes_the_white_space_after_its_markers() {
        Metadata metadata = small_metadata(false);
        QCOMPARE((*make_tokenizer(metadata))->encode("<|end|> \nab"), (Ids{9, 5, 0, 6}));
        metadata.set("general.architecture", {std::string("phi3")});
        QCOMPARE((*make_tokenizer(metadata))->encode("<|end|> \nab"), (Ids{9, 6}));
        QCOMPARE((*make_tokenizer(metadata))->encode("<s> ab"), (Ids{1, 7}));
    }

    void odd_vocabularies_load() {
        Metadata metadata = small_metadata(false);
        // An empty and a doubled piece keep their ids and are never produced.
        metadata.set("tokenizer.ggml.tokens",
                     {std::vector<std::string>{"<unk>", "<s>", "</s>", "a", "b", "▁", "ab", "a", "", "a"}});
        const auto tokenizer = make_tokenizer(metadata);
        QVERIFY2(tokenizer.ok(), tokenizer ? "" : tokenizer.error().message().c_str());
        QCOMPARE((*tokenizer)->encode("aab"), (Ids{3, 6}));
        QCOMPARE((*tokenizer)->decode(Ids{7, 8, 9}), std::string("a"));
    }

    void damaged_vocabularies_are_refused_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<int>("kind");
        QTest::newRow("fewer scores than tokens") << "tokenizer.ggml.scores" << 0;
        QTest::newRow("a score that is no number") << "tokenizer.ggml.scores" << 1;
        QTest::newRow("fewer types than tokens") << "tokenizer.ggml.token_type" << 2;
        QTest::newRow("an unheard-of type") << "tokenizer.ggml.token_type" << 3;
        QTest::newRow("no unknown token") << "tokenizer.ggml.token_type" << 4;
        QTest::newRow("an id outside") << "tokenizer.ggml.bos_token_id" << 5;
        QTest::newRow("no tokens") << "tokenizer.ggml.tokens" << 6;
    }
    void damaged_vocabularies_are_refused() {
        QFETCH(QString, key);
        QFETCH(int, kind);
        Metadata metadata = small_metadata(true);
        const std::string name = key.toStdString();
        switch (kind) {
            case 0:
                metadata.set(name, {std::vector<double>{1, 2}});
                break;
            case 1:
                metadata.set(name, {std::vector<double>(10, std::nan(""))});
                break;
            case 2:
                metadata.set(name, {std::vector<std::int64_t>{2}});
                break;
            case 3:
                metadata.set(name, {std::vector<std::int64_t>(10, 77)});
                break;
            case 4:
                metadata.set(name, {std::vector<std::int64_t>(10, 1)});
                break;
            case 5:
                metadata.set(name, {std::uint64_t{10}});
                break;
            default:
                metadata.set(name, {std::vector<std::string>{}});
                break;
        }
        const auto tokenizer = make_tokenizer(metadata);
        QVERIFY(!tokenizer.ok());
        QCOMPARE(tokenizer.error().code, ErrorCode::corrupt);
        QVERIFY(!tokenizer.error().what.empty() && !tokenizer.error().hint.empty());
    }
};

QTEST_APPLESS_MAIN(TestSpm)
#include "test_spm.moc"
