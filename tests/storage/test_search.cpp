// The tokenizer, what people type, and what is found.
#include <random>

#include "storage/connection.h"
#include "storage/search_index.h"
#include "storage/search_query.h"
#include "storage/search_tokenizer.h"
#include "storage/snippet.h"
#include "tests/storage/store_fixture.h"

using namespace pellucid::storage;
using namespace pellucid::storage::test;

namespace {

using Words = std::vector<std::string>;

/// Tokens without the marked beginnings; "+" before those at the place of the one before.
Words tokens(std::string_view text, SearchTokenizer::Mode mode = SearchTokenizer::Mode::document) {
    Words words;
    SearchTokenizer tokenizer;
    tokenizer.tokenize(text, mode, [&](const SearchToken& token) {
        if (token.text.front() != kPrefixMark)
            words.push_back((token.colocated ? "+" : "") + std::string(token.text));
        return true;
    });
    return words;
}
Words query_tokens(std::string_view text) {
    return tokens(text, SearchTokenizer::Mode::query);
}

std::string marked(const SearchHit& hit) {
    std::string text = hit.snippet;
    for (auto range = hit.matches.rbegin(); range != hit.matches.rend(); ++range) {
        text.insert(static_cast<std::size_t>(range->begin + range->length), "]");
        text.insert(static_cast<std::size_t>(range->begin), "[");
    }
    return text;
}

/// One conversation with a message that says `text`; finds it with `query`?
class Found {
public:
    explicit Found(Store& store) : store_(store) {}
    bool operator()(const std::string& text, const std::string& query) {
        const auto id = *store_.conversations().create();
        (void)*store_.conversations().append(id, 0, question(text));
        const auto hits = store_.search().find({.text = query});
        const bool found = hits.ok() && hits->size() == 1 && hits->front().conversation_id == id;
        (void)store_.conversations().purge_one(id);
        return found;
    }

private:
    Store& store_;
};

}  // namespace

class TestSearch : public QObject {
    Q_OBJECT

private slots:
    void words_of_many_scripts_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("document");
        QTest::addColumn<QStringList>("query");
        const auto row = [](const char* name, const char* text, const QStringList& document,
                            const QStringList& query) {
            QTest::newRow(name) << QString::fromUtf8(text) << document << query;
        };
        row("plain", "Hello, World_2 foo.bar", {"hello", "world", "2", "foo", "bar"},
            {"hello", "world", "2", "foo", "bar"});
        row("pair", "推理", {"推", "+推理", "理"}, {"推理"});
        row("one", "推", {"推"}, {"推"});
        row("run", "注意力", {"注", "+注意", "意", "+意力", "力"}, {"注意", "意力"});
        row("mixed", "GPU显存A", {"gpu", "显", "+显存", "存", "a"}, {"gpu", "显存", "存", "a"});
        row("punctuated", "推理。好", {"推", "+推理", "理", "好"}, {"推理", "理", "好"});
        row("kana", "データ", {"デ", "+デー", "ー", "+ータ", "タ"}, {"デー", "ータ"});
        row("half width", "ﾃﾞｰﾀ", {"デ", "+デー", "ー", "+ータ", "タ"}, {"デー", "ータ"});
        row("hangul", "한국어", {"한", "+한국", "국", "+국어", "어"}, {"한국", "국어"});
        row("hangul apart", "한국", {"한", "+한국", "국"}, {"한국"});
        row("full width", "ＡＢＣ１", {"abc1"}, {"abc1"});
        row("radical", "能⼒", {"能", "+能力", "力"}, {"能力"});
        row("accents", "Café ÉCOLE naïve", {"cafe", "ecole", "naive"}, {"cafe", "ecole", "naive"});
        row("accents apart", "Cafe\u0301", {"cafe"}, {"cafe"});
        row("sharp s", "Straße", {"strasse"}, {"strasse"});
        row("greek", "Ἀθῆναι", {"αθηναι"}, {"αθηναι"});
        row("cyrillic keeps its letters", "Йод ёж", {"йод", "ёж"}, {"йод", "ёж"});
        row("arabic", "السلام عليكم", {"السلام", "عليكم"}, {"السلام", "عليكم"});
        row("devanagari", "नमस्ते दुनिया", {"नमस्ते", "दुनिया"}, {"नमस्ते", "दुनिया"});
        row("thai", "ภาษาไทย", {"ภาษา", "ไทย"}, {"ภาษา", "ไทย"});
        row("emoji", "ok🌙fine", {"ok", "🌙", "fine"}, {"ok", "🌙", "fine"});
        row("soft hyphen", "data\u00adbase", {"database"}, {"database"});
        row("apostrophes", "don't don’t", {"don", "t", "don", "t"}, {"don", "t", "don", "t"});
        row("nothing", " .,;!? \n", {}, {});
    }
    void words_of_many_scripts() {
        QFETCH(QString, text);
        QFETCH(QStringList, document);
        QFETCH(QStringList, query);
        const auto joined = [](const Words& words) {
            QStringList list;
            for (const auto& word : words) list << QString::fromStdString(word);
            return list;
        };
        QCOMPARE(joined(tokens(text.toStdString())), document);
        QCOMPARE(joined(query_tokens(text.toStdString())), query);
    }

    void any_bytes_give_tokens_inside_the_text() {
        std::mt19937 random(5);
        SearchTokenizer tokenizer;
        const std::string pieces[] = {"a",
                                      "Z9",
                                      "推",
                                      "理",
                                      "ｶﾞ",
                                      "ภ",
                                      "\u0301",
                                      "🌙",
                                      "\xff",
                                      "\xe6\x8e",
                                      " ",
                                      "\n",
                                      "\"",
                                      "½",
                                      "\u200d",
                                      "ﷺ",
                                      "한",
                                      "Å",
                                      std::string(300, 'x'),
                                      std::string(1, '\0'),
                                      "\x01",
                                      "\x02"};
        for (int round = 0; round < 3000; ++round) {
            std::string text;
            for (int i = static_cast<int>(random() % 12); i >= 0; --i)
                text += pieces[random() % std::size(pieces)];
            for (const auto mode : {SearchTokenizer::Mode::document, SearchTokenizer::Mode::query}) {
                // A marked query is one token as it stands.
                if (mode == SearchTokenizer::Mode::query &&
                    (text[0] == kPrefixMark || text[0] == kVerbatimMark))
                    continue;
                int last = 0;
                tokenizer.tokenize(text, mode, [&](const SearchToken& token) {
                    const bool good = token.begin >= last && token.begin < token.end &&
                                      token.end <= static_cast<int>(text.size()) && !token.text.empty() &&
                                      token.text.size() <= 400;
                    last = token.begin;
                    if (!good)
                        qWarning() << QByteArray::fromStdString(text).toHex() << token.begin << token.end;
                    return good ? true : (last = -1, false);
                });
                QVERIFY(last >= 0);
            }
        }
    }

    void every_piece_of_a_text_is_found() {
        // What a person copies out of a message finds that message: any substring cut at characters, quoted.
        DataFolder folder;
        TAKE(auto store, folder.open());
        const std::string text =
            "用GPU显存128GB做 Machine-Learning（机器学习）：Qwen3的注意力机制，naïve café；데이터 データ½。";
        TAKE(const auto id, store->conversations().create());
        TAKE(const auto message, store->conversations().append(id, 0, question(text)));
        (void)message;
        const auto characters = QString::fromStdString(text).toUcs4();
        int searched = 0;
        for (int from = 0; from < characters.size(); ++from)
            for (int to = from + 1; to <= std::min<int>(from + 14, static_cast<int>(characters.size()));
                 ++to) {
                // Words of letters are found whole or by their beginning, not by their middle.
                const auto letter = [&](int at) {
                    return at >= 0 && at < characters.size() && characters[at] < 0x2E80 &&
                           QChar::isLetterOrNumber(characters[at]);
                };
                if (letter(from) && letter(from - 1)) continue;
                const auto piece =
                    QString::fromUcs4(reinterpret_cast<const char32_t*>(characters.constData()) + from,
                                      to - from)
                        .toStdString();
                if (query_tokens(piece).empty()) continue;
                TAKE(const auto hits, store->search().find({.text = "\"" + piece}));
                QVERIFY2(hits.size() == 1, piece.c_str());
                QVERIFY2(!hits[0].matches.empty(), piece.c_str());
                ++searched;
            }
        QVERIFY(searched > 300);
    }

    void as_typed_letter_by_letter() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        Found found(*store);
        for (const std::string query : {"t", "te", "tem", "temp", "Tempe", "TEMPERATURE", "temperature "})
            QVERIFY2(found("The temperature rises", query), query.c_str());
        QVERIFY(!found("The temperature rises", "tempo"));
        // Followed by a blank, a word is whole; so is one before another.
        QVERIFY(!found("The temperature rises", "temper "));
        QVERIFY(!found("The temperature rises", "temper rises"));
        QVERIFY(found("The temperature rises", "rises temper"));
        QVERIFY(found("我们讨论推理模型", "推"));
        QVERIFY(found("我们讨论推理模型", "推理"));
        QVERIFY(found("我们讨论推理模型", "推理模型"));
        QVERIFY(found("我们讨论推理模型", "模型 推理"));
        QVERIFY(!found("我们讨论推理模型", "理论"));
        QVERIFY(!found("我们讨论推理模型", "推模"));
        QVERIFY(found("能⼒", "能力"));
        QVERIFY(found("é", "e"));
        QVERIFY(found("Привет мир", "пр"));
        QVERIFY(found("🌙 moon", "🌙"));
    }

    void quotes_minus_and_several_words() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        Found found(*store);
        QVERIFY(found("sort a python list", "list python "));
        QVERIFY(found("sort a python list", "\"python list\""));
        QVERIFY(!found("sort a python list", "\"list python\""));
        QVERIFY(found("sort a python list", "“python list”"));
        QVERIFY(found("sort a python list", "「python list」"));
        QVERIFY(!found("sort a python list", "\"python lis\""));
        QVERIFY(found("sort a python list", "\"python lis"));  // the quotation is still being typed
        QVERIFY(!found("sort a python list", "python -sort"));
        QVERIFY(found("sort a python list", "python -sorted"));
        QVERIFY(!found("sort a python list", "python -\"python list\""));
        QVERIFY(found("sort a python list", "python -"));
        QVERIFY(found("a well-known fact", "well-known"));
        QVERIFY(!found("sort a python list", "-sort"));
        QVERIFY(!found("sort a python list", "  "));
    }

    void nothing_typed_is_an_error() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        TAKE(const auto id, store->conversations().create({.title = "AND OR NOT NEAR title"}));
        TAKE(const auto m,
             store->conversations().append(id, 0, question("AND OR NOT NEAR col:word a*b ^c (d) {e}")));
        (void)m;
        const std::string bad[] = {"\"",
                                   "\"\"",
                                   "'",
                                   "AND",
                                   "OR",
                                   "NOT",
                                   "NEAR(",
                                   "NEAR(a b, 3)",
                                   "a AND",
                                   "(",
                                   ")",
                                   "*",
                                   "a*",
                                   "*a",
                                   "^a",
                                   "title:x",
                                   "question:and",
                                   "{question}:a",
                                   "-",
                                   "--",
                                   "- -",
                                   "-\"",
                                   "\\",
                                   "\x01",
                                   "\x02",
                                   "\x01t",
                                   "\x02",
                                   std::string("a\0b", 3),
                                   "a + b",
                                   "\xff\xfe",
                                   "%",
                                   "_",
                                   ";DROP TABLE messages;--",
                                   std::string(5000, 'a'),
                                   std::string(5000, '"'),
                                   std::string(3000, '-') + "a",
                                   "a\"b\"c",
                                   "+",
                                   ":",
                                   "{",
                                   "}",
                                   "a:b",
                                   "“",
                                   "”a“",
                                   "🌙*"};
        for (const auto& text : bad)
            for (const unsigned fields : {kAllFields, 1u, 4u, 10u, 0u}) {
                const auto hits = store->search().find({.text = text, .fields = fields});
                QVERIFY2(hits.ok(), hits.ok() ? "" : (text + ": " + hits.error().message()).c_str());
            }
        std::mt19937 random(11);
        const std::string pieces[] = {"\"", "-",    "a",   "word", " ",    "(",    ")",   "*",
                                      "^",  "AND ", "OR ", "NOT ", "NEAR", "推",   "理",  ":",
                                      "{",  "}",    "+",   "“",    "”",    "\x01", "\xe6"};
        for (int round = 0; round < 2000; ++round) {
            std::string text;
            for (int i = static_cast<int>(random() % 10); i >= 0; --i)
                text += pieces[random() % std::size(pieces)];
            const auto hits = store->search().find({.text = text});
            QVERIFY2(hits.ok(), hits.ok() ? "" : (text + ": " + hits.error().message()).c_str());
        }
        TAKE(const auto hits, store->search().find({.text = "and not"}));
        QCOMPARE(hits.size(), std::size_t{1});
    }

    void a_hit_says_where_it_lies() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& c = store->conversations();
        TAKE(const auto id, c.create({.title = "Titled aardvark"}));
        TAKE(const auto q, c.append(id, 0, question("Asked badger")));
        TAKE(const auto a, c.append(id, q, answer("Answered cheetah", "Thought dingo")));
        const auto one = [&](const std::string& text, unsigned fields = kAllFields) {
            auto hits = store->search().find({.text = text, .fields = fields});
            return hits.ok() && hits->size() == 1 ? hits->front() : SearchHit{.conversation_id = -1};
        };
        QVERIFY(one("aardvark").field == SearchField::title);
        QCOMPARE(one("aardvark").message_id, MessageId{0});
        QVERIFY(one("badger").field == SearchField::question);
        QCOMPARE(one("badger").message_id, q);
        QVERIFY(one("cheetah").field == SearchField::answer);
        QVERIFY(one("dingo").field == SearchField::thought);
        QCOMPARE(one("dingo").message_id, a);
        QCOMPARE(one("dingo").title, std::string("Titled aardvark"));
        QCOMPARE(marked(one("dingo")), std::string("Thought [dingo]"));
        QCOMPARE(marked(one("din")), std::string("Thought [dingo]"));
        QCOMPARE(one("dingo", 1 | 2 | 8).conversation_id, ConversationId{-1});
        QVERIFY(one("dingo", 4).field == SearchField::thought);
        QCOMPARE(one("aardvark", 2 | 4 | 8).conversation_id, ConversationId{-1});
        QCOMPARE(one("badger", 1).conversation_id, ConversationId{-1});
    }

    void snippets_show_the_best_place() {
        SearchTokenizer tokenizer;
        const auto line = [&](const std::string& text, const std::string& query, int width = 40) {
            const auto snippet = make_snippet(text, parse_search(query, tokenizer), tokenizer, width);
            return marked({.snippet = snippet.text, .matches = snippet.matches});
        };
        QCOMPARE(line("short text", "text"), std::string("short [text]"));
        QCOMPARE(line("two\n\n  lines\there", "lines "), std::string("two [lines] here"));
        QCOMPARE(line("a b a b", "\"a b\""), std::string("[a b] [a b]"));
        QCOMPARE(line("我们讨论推理模型", "推理"), std::string("我们讨论[推理]模型"));
        QCOMPARE(line("我们讨论推理模型", "推理模"), std::string("我们讨论[推理模]型"));
        QCOMPARE(line("nothing here", "absent"), std::string("nothing here"));
        const std::string filler = "filler words that stand before it and go on and on ";
        QCOMPARE(line(filler + "needle " + filler, "needle "),
                 std::string("…on and on [needle] filler words that stand…"));
        // Both words together rather than the first of one.
        QVERIFY(line("alpha " + filler + "alpha beta " + filler, "alpha beta ").find("[alpha] [beta]") !=
                std::string::npos);
        // The end of a text fills the line.
        QCOMPARE(line(filler + "needle", "needle "),
                 std::string("…stand before it and go on and on [needle]"));
        for (int width = 1; width < 60; ++width) {
            const auto snippet = make_snippet(filler + "推理模型 é🌙 needle " + filler,
                                              parse_search("é needle ", tokenizer), tokenizer, width);
            QVERIFY(QString::fromStdString(snippet.text).toUtf8().toStdString() ==
                    snippet.text);  // whole characters
            for (const auto& range : snippet.matches)
                QVERIFY(range.begin >= 0 && range.length > 0 &&
                        range.begin + range.length <= static_cast<int>(snippet.text.size()));
        }
        // A text far longer than is looked at is still cheap and still finds its match.
        std::string book;
        while (book.size() < 2'000'000) book += filler;
        QVERIFY(line(book + "needle", "needle ").find("[needle]") != std::string::npos);
    }

    void better_and_newer_come_first() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& c = store->conversations();
        const auto add = [&](const std::string& title, const std::string& text, Millis days_ago) {
            const auto id = *c.create({.title = title});
            NewMessage message = question(text);
            message.created_at = folder.time - days_ago * 86'400'000;
            (void)*c.append(id, 0, message);
            return id;
        };
        const auto noise = "some other words that are here to make the message long and the word rare in it ";
        const auto old_id = add("one", "otter river", 400);
        const auto new_id = add("two", "otter river", 1);
        const auto weak_id = add("three", std::string(noise) + noise + noise + "otter", 1);
        const auto titled_id = add("otter", "nothing", 400);
        for (int i = 0; i < 20; ++i) add("noise", noise, 1);
        TAKE(const auto hits, store->search().find({.text = "otter"}));
        QCOMPARE(hits.size(), std::size_t{4});
        QCOMPARE(hits[0].conversation_id, titled_id);
        QCOMPARE(hits[1].conversation_id, new_id);
        const auto position = [&](ConversationId id) {
            return std::find_if(hits.begin(), hits.end(),
                                [&](const auto& h) { return h.conversation_id == id; }) -
                   hits.begin();
        };
        QVERIFY(position(old_id) > position(new_id));
        QVERIFY(position(weak_id) > position(new_id));
    }

    void hits_are_grouped_by_conversation() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& c = store->conversations();
        TAKE(const auto id, c.create());
        MessageId parent = 0;
        for (int i = 0; i < 5; ++i) {
            TAKE(parent, c.append(id, parent, question("panda " + std::to_string(i))));
        }
        TAKE(const auto other, c.create());
        TAKE(const auto m, c.append(other, 0, question("panda")));
        (void)m;
        TAKE(auto hits, store->search().find({.text = "panda"}));
        QCOMPARE(hits.size(), std::size_t{2});
        TAKE(hits,
             store->search().find({.text = "panda", .hits_per_conversation = 3, .conversation_id = id}));
        QCOMPARE(hits.size(), std::size_t{3});
        QCOMPARE(hits[0].hits_in_conversation, 5);
        TAKE(hits, store->search().find({.text = "panda", .limit = 1}));
        QCOMPARE(hits.size(), std::size_t{1});
        TAKE(hits, store->search().find({.text = "panda", .limit = 0}));
        QVERIFY(hits.empty());
    }

    void the_index_after_many_changes_is_the_one_built_anew() {
        // The index is contentless: a row taken out with other words than were put in would stay in part.
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& c = store->conversations();
        std::mt19937 random(3);
        std::vector<MessageId> messages;
        std::vector<ConversationId> conversations;
        const std::string words[] = {"推理模型", "café", "needle", "\0x", "½", "ภาษาไทย", "Hello World", "🌙"};
        const auto text = [&] {
            std::string result;
            for (int i = static_cast<int>(random() % 6); i >= 0; --i)
                result += words[random() % std::size(words)] + " ";
            return result;
        };
        for (int step = 0; step < 400; ++step) {
            const auto kind = random() % 8;
            if (conversations.empty() || kind == 0) {
                TAKE(const auto id, c.create({.title = text()}));
                conversations.push_back(id);
            }
            const auto conversation = conversations[random() % conversations.size()];
            if (kind <= 3) {
                auto added =
                    c.append(conversation, 0, random() % 2 == 0 ? question(text()) : answer(text(), text()));
                if (added) messages.push_back(*added);
            } else if (kind == 4 && !messages.empty()) {
                (void)c.update(messages[random() % messages.size()], answer(text(), text()));
            } else if (kind == 5) {
                (void)c.rename(conversation, text());
            } else if (kind == 6 && !messages.empty()) {
                (void)c.remove_branch(messages[random() % messages.size()]);
            } else if (kind == 7 && random() % 4 == 0) {
                (void)c.purge_one(conversation);
                (void)c.purge(folder.time + 1);
            }
        }
        // [term] occurrences, as FTS5's own view of the index lists them.
        const auto vocabulary = [&] {
            std::map<std::string, std::pair<std::int64_t, std::int64_t>> all;
            auto lease = store->database().write();
            (*lease).exec(
                "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, message_index, row)");
            (*lease).exec(
                "CREATE VIRTUAL TABLE IF NOT EXISTS temp.title_words USING fts5vocab(main, title_index, "
                "row)");
            for (const char* sql : {"SELECT term, doc, cnt FROM temp.words",
                                    "SELECT 'title ' || term, doc, cnt FROM temp.title_words"}) {
                auto query = (*lease).query(sql);
                while (query.step()) all[query.text(0)] = {query.integer(1), query.integer(2)};
            }
            return all;
        };
        const auto kept = vocabulary();
        OK(store->search().rebuild());
        const auto anew = vocabulary();
        QVERIFY(anew.size() > 10);
        QVERIFY(kept == anew);
        OK(store->database().check_integrity());
    }
};

QTEST_APPLESS_MAIN(TestSearch)
#include "test_search.moc"
