// What the check of a citation compares: numbers, units, names, negation, opposites; and what a paraphrase
// may change.
#include <QtTest>

#include "app/answering/claim_terms.h"
#include "app/answering/quote_check.h"
#include "app/answering/word_forms.h"

using namespace pellucid::answering;

namespace {

ClaimCheck check(const QString& claim, const QString& passage) {
    Passage made;
    made.title = "handbook.pdf";
    made.text = passage.toStdString();
    return check_claim(claim.toStdString(), made);
}

QString number_in(const QString& text) {
    for (const Term& term : terms_of(text.toStdString()).all)
        if (term.kind == Term::Kind::number) return QString::fromStdString(term.text);
    return "none";
}

}  // namespace

Q_DECLARE_METATYPE(Doubt)

class TestQuoteCheck : public QObject {
    Q_OBJECT

private slots:
    void numbers_are_read_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("value");
        const auto row = [](const char* text, const char* value) { QTest::newRow(text) << text << value; };
        row("about 1,200 files", "1200");
        row("version 1.2.3 only", "1.2.3");
        row("twenty-one files", "21");
        row("two hundred and five files", "205");
        row("two billion users", "2000000000");
        row("2.5 million users", "2500000");
        row("on the 27th", "27");
        row("the third line", "3");
        row("a dozen eggs", "12");
        row("one of them", "none");
        row("one day", "1");
        row("in June", "month:6");
        row("it may march", "none");
        row("三百个文件", "300");
        row("一百二十三万人", "1230000");
        row("二〇二四年", "2024");
        row("两种方法", "2");
        row("百分之二十", "20");
        row("两成用户", "20");
        row("3万人", "30000");
        row("第三章", "3");
        row("十分重要", "none");
        row("万一出错", "none");
        row("千万不要", "none");
        row("一般来说", "none");
        row("一样", "none");
    }
    void numbers_are_read() {
        QFETCH(QString, text);
        QFETCH(QString, value);
        QCOMPARE(number_in(text), value);
    }

    void differences_are_marked_data() {
        QTest::addColumn<QString>("claim");
        QTest::addColumn<QString>("passage");
        QTest::addColumn<int>("doubt");
        const auto row = [](const char* claim, const char* passage, Doubt doubt) {
            QTest::newRow(claim) << claim << passage << static_cast<int>(doubt);
        };
        const char* pump =
            "The pump of the Lanark works holds 40 litres and must not be opened under pressure. It was "
            "built in 1987. "
            "Its filter is cleaned once a month.";
        row("The pump holds 40 litres.", pump, Doubt::none);
        row("The Lanark pump holds forty litres.", pump, Doubt::none);
        row("The pump was built in 1987.", pump, Doubt::none);
        row("You must not open the pump under pressure.", pump, Doubt::none);
        row("The filter of the pump is cleaned every month.", pump, Doubt::none);
        row("The pump holds 60 litres.", pump, Doubt::number);
        row("The pump was built in 1978.", pump, Doubt::number);
        row("The pump holds 40 gallons.", pump, Doubt::unit);
        row("The filter of the pump is cleaned once a week.", pump, Doubt::unit);
        row("The pump of the Dumfries works holds 40 litres.", pump, Doubt::name);
        row("The pump may be opened under pressure.", pump, Doubt::negation);
        row("The pump does not hold 40 litres.", pump, Doubt::negation);
        row("Kittens sleep for most of the afternoon beside warm radiators.", pump, Doubt::not_found);

        const char* cache =
            "Raising the limit increases the use of memory. The cache is enabled automatically before the "
            "first run. "
            "The feature is available on Linux.";
        row("Raising the limit increases memory use.", cache, Doubt::none);
        row("Raising the limit decreases memory use.", cache, Doubt::opposite);
        row("The cache is enabled automatically after the first run.", cache, Doubt::opposite);
        row("The cache is disabled automatically before the first run.", cache, Doubt::opposite);
        row("The feature is unavailable on Linux.", cache, Doubt::opposite);

        const char* park =
            "公园每天早上六点开放，面积约三百公顷。游客不得携带宠物入园。门票价格比去年增加了两成。管理处设在"
            "北京。";
        row("公园面积约300公顷。", park, Doubt::none);
        row("游客不能带宠物入园。", park, Doubt::none);
        row("门票价格比去年增加了20%。", park, Doubt::none);
        row("公园面积约五百公顷。", park, Doubt::number);
        row("公园每周早上六点开放。", park, Doubt::unit);
        row("游客可以携带宠物入园。", park, Doubt::negation);
        row("门票价格比去年减少了两成。", park, Doubt::opposite);
        row("门票价格比去年增加了三成。", park, Doubt::number);
        // Two languages: what is literal is compared.
        row("The park opens at 6 in the morning every day.", park, Doubt::none);
        row("SQLite 的缓存默认为 2000 页。", "The default cache of SQLite has 2000 pages.", Doubt::none);
        row("SQLite 的缓存默认为 4000 页。", "The default cache of SQLite has 2000 pages.", Doubt::number);
        row("MySQL 的缓存默认为 2000 页。", "The default cache of SQLite has 2000 pages.", Doubt::name);
    }
    void differences_are_marked() {
        QFETCH(QString, claim);
        QFETCH(QString, passage);
        QFETCH(int, doubt);
        const ClaimCheck result = check(claim, passage);
        QVERIFY2(static_cast<int>(result.doubt) == doubt, explain(result).c_str());
        QCOMPARE(result.verdict == Verdict::unsupported, doubt != static_cast<int>(Doubt::none));
        QVERIFY(result.evidence.last <= passage.toStdString().size() &&
                result.evidence.first <= result.evidence.last);
        if (result.verdict == Verdict::unsupported) QVERIFY(!explain(result).empty());
    }

    void word_for_word_is_said() {
        const QString passage = "First things first. The pump, when cold, holds 40 litres of water. Next.";
        const ClaimCheck same = check("The pump, when cold,  holds 40 litres of water.", passage);
        QVERIFY(same.verbatim);
        QCOMPARE(passage.toStdString().substr(same.evidence.first, same.evidence.size()),
                 std::string("The pump, when cold, holds 40 litres of water"));
        // A piece of a sentence that denies it is not the sentence.
        QCOMPARE(check("The pump holds 40 litres of water.",
                       "It is not true that the pump holds 40 litres of water.")
                     .verdict,
                 Verdict::unsupported);
    }

    void nothing_to_compare_is_said() {
        QCOMPARE(check("Yes.", "The pump holds 40 litres.").verdict, Verdict::not_checkable);
        QCOMPARE(check("", "The pump holds 40 litres.").verdict, Verdict::not_checkable);
        QCOMPARE(check("The pump holds 40 litres.", "").verdict, Verdict::not_checkable);
    }

    void a_model_of_meaning_helps_where_words_do_not() {
        Passage passage;
        passage.text = "Felines rest through the greater part of the day.";
        CheckSettings settings;
        QCOMPARE(check_claim("Cats are asleep most of the time.", passage, settings).verdict,
                 Verdict::unsupported);
        settings.meaning = [](std::string_view, std::string_view) { return 0.95; };
        const ClaimCheck meant = check_claim("Cats are asleep most of the time.", passage, settings);
        QVERIFY2(meant.verdict == Verdict::supported, explain(meant).c_str());
        QCOMPARE(check_claim("Cats are asleep 20 hours of the day.", passage, settings).doubt, Doubt::number);
    }

    void a_model_of_meaning_is_asked_only_where_words_leave_it_open() {
        Passage passage;
        passage.text = "The pump of the Lanark works holds 40 litres and is cleaned once a month.";
        int asked = 0;
        CheckSettings settings;
        settings.meaning = [&](std::string_view, std::string_view) {
            ++asked;
            return 0.5;
        };
        check_claim("The pump of the works holds 40 litres.", passage, settings);
        check_claim("The pump of the works holds 60 litres.", passage, settings);
        QCOMPARE(asked, 0);
        passage.text = "Felines rest through the greater part of the day.";
        check_claim("Cats are asleep most of the time.", passage, settings);
        QCOMPARE(asked, 1);
        settings.unmarked = true;  // without a mark words alone count
        check_claim("Cats are asleep most of the time.", passage, settings);
        QCOMPARE(asked, 1);
    }

    void several_passages_may_support_a_sentence_together() {
        Passage one, two;
        one.text = "The pump holds 40 litres.";
        two.text = "The filter lasts 3 years.";
        const Passage* both[] = {&one, &two};
        const CitedCheck together =
            check_claim("The pump holds 40 litres and the filter lasts 3 years.", both);
        QCOMPARE(together.check.verdict, Verdict::supported);
        const CitedCheck second = check_claim("The filter lasts 3 years.", both);
        QCOMPARE(second.which, std::size_t(1));
        QCOMPARE(check_claim("The pump holds 50 litres.", both).check.doubt, Doubt::number);
    }

    void forms_of_words() {
        QVERIFY(same_word("excluded", "exclude") && same_word("amortised", "amortization") &&
                same_word("runs", "run"));
        QVERIFY(same_word("colour", "color") && same_word("clean", "cleaned"));
        QVERIFY(!same_word("valid", "invalid") && !same_word("import", "export") &&
                !same_word("may", "main"));
    }

    void any_bytes_are_survived() {
        static const std::vector<std::string> kPieces = {
            "不",    "一",  "百", "万", "个",   "月",       "年",      "成",   "百分之", "2",
            "1,000", ".",   ",",  " ",  "not",  "two",      "million", "GB",   "$",      "%",
            "/usr",  "\\x", "-",  "'s", "\xFF", "\xE4\xB8", "A",       "Ext4", "。",     "第"};
        std::uint32_t state = 5;
        const auto next = [&](std::size_t below) {
            state = state * 1664525u + 1013904223u;
            return (state >> 8) % below;
        };
        for (int round = 0; round < 1500; ++round) {
            std::string claim, text;
            for (std::size_t i = next(14); i > 0; --i) claim += kPieces[next(kPieces.size())];
            for (std::size_t i = next(30); i > 0; --i) text += kPieces[next(kPieces.size())];
            Passage passage;
            passage.text = text;
            const ClaimCheck result = check_claim(claim, passage);
            QVERIFY(result.evidence.first <= result.evidence.last && result.evidence.last <= text.size());
            for (const Term& term : terms_of(claim).all) QVERIFY(term.span.last <= claim.size());
        }
    }
};

QTEST_APPLESS_MAIN(TestQuoteCheck)
#include "test_quote_check.moc"
