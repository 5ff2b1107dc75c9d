// The parts of speculation that need no model: lookup, how long to guess, what a person writes.
#include <QtTest>

#include "engine/speculation/draft_length.h"
#include "engine/speculation/prompt_lookup.h"
#include "engine/speculation/settings.h"

using namespace pellucid;

namespace {

std::vector<TokenId> guess(std::vector<TokenId> tokens, int most, int least = 2, int enough = 16) {
    PromptLookup lookup(least, enough);
    return *lookup.propose(tokens, most);
}

}  // namespace

class TestDrafters : public QObject {
    Q_OBJECT

private slots:
    void a_lookup_copies_what_followed() {
        QCOMPARE(guess({1, 2, 3, 4, 5, 9, 2, 3}, 2), (std::vector<TokenId>{4, 5}));
        QCOMPARE(guess({1, 2, 3, 4, 5, 9, 2, 3}, 3), (std::vector<TokenId>{4, 5, 9}));
    }
    void the_longest_place_wins_and_then_the_latest() {
        // "2 3" stands before 8 (later), "1 2 3" before 4.
        QCOMPARE(guess({1, 2, 3, 4, 7, 2, 3, 8, 1, 2, 3}, 1), (std::vector<TokenId>{4}));
        QCOMPARE(guess({2, 3, 4, 7, 2, 3, 8, 2, 3}, 1), (std::vector<TokenId>{8}));
    }
    void a_repetition_goes_on_past_the_end() {
        QCOMPARE(guess({5, 1, 2, 1, 2}, 5), (std::vector<TokenId>{1, 2, 1, 2, 1}));
        QCOMPARE(guess({7, 7, 7}, 4), (std::vector<TokenId>{7, 7, 7, 7}));
    }
    void nothing_to_say() {
        QVERIFY(guess({}, 4).empty());
        QVERIFY(guess({1}, 4).empty());
        QVERIFY(guess({1, 2, 3, 4}, 4).empty());
        QVERIFY(guess({1, 2, 9, 2}, 4).empty());     // one token is not enough
        QVERIFY(guess({1, 2, 9, 1, 2}, 0).empty());  // nor is none wanted
        QCOMPARE(guess({1, 2, 9, 2}, 1, 1), (std::vector<TokenId>{9}));
    }
    void a_match_is_not_followed_further_than_enough() {
        // Both places match by four; where two are enough the first one met, the latest, is taken.
        const std::vector<TokenId> text = {1, 2, 3, 4, 50, 0, 3, 4, 60, 1, 2, 3, 4};
        QCOMPARE(guess(text, 1), (std::vector<TokenId>{50}));
        QCOMPARE(guess(text, 1, 2, 2), (std::vector<TokenId>{60}));
    }

    void guesses_grow_while_they_are_right_and_stop_while_they_are_wrong() {
        DraftLength length(7, 0.3);
        const int first = length.next();
        QVERIFY(first >= 1 && first < 7);
        for (int i = 0; i < 12; ++i) length.learn(first, first);
        QCOMPARE(length.next(), 7);
        int guessed = 0;
        for (int step = 0; step < 400; ++step)
            if (const int run = length.next(); run > 0) {
                length.learn(run, 0);
                guessed += run;
            }
        QVERIFY2(guessed < 60, qPrintable(QString::number(guessed)));  // a wrong row in seven steps at most
        bool tried = false;
        for (int step = 0; step < 65 && !tried; ++step) tried = length.next() > 0;
        QVERIFY(tried);  // but it never gives up
        for (int i = 0; i < 8; ++i) length.learn(1, 1);
        int longest = 0;
        for (int step = 0; step < 70; ++step) longest = std::max(longest, length.next());
        QVERIFY(longest >= 2);
    }
    void none_wanted_none_made() {
        DraftLength length(0, 0.3);
        QCOMPARE(length.next(), 0);
        length.learn(0, 0);
        QCOMPARE(length.next(), 0);
    }

    void what_a_person_writes() {
        using Kind = SpeculationSettings::Kind;
        QVERIFY(!parse_speculation("off")->on());
        QVERIFY(parse_speculation("lookup")->kind == Kind::lookup);
        QCOMPARE(parse_speculation("lookup,5")->most_guesses(), 5);
        QCOMPARE(parse_speculation("mtp,2")->most_guesses(), 2);
        const auto draft = parse_speculation("draft:/models/a,b.gguf,6");
        QCOMPARE(draft->draft_model, std::string("/models/a,b.gguf"));
        QCOMPARE(draft->most_guesses(), 6);
        QCOMPARE(parse_speculation("draft:/models/a,b.gguf")->draft_model, std::string("/models/a,b.gguf"));
        for (const char* wrong : {"", "on", "lookup,", "lookup,0", "lookup,65", "lookup,x", "lookup,3x",
                                  "draft", "draft:", "mtp:x"}) {
            const auto parsed = parse_speculation(wrong);
            QVERIFY2(!parsed && parsed.error().code == ErrorCode::invalid_argument, wrong);
        }
        for (const char* text : {"off", "lookup,5", "mtp,2", "draft:/models/a,b.gguf,6"})
            QCOMPARE(to_string(*parse_speculation(text)), std::string(text));
    }
};

QTEST_APPLESS_MAIN(TestDrafters)
#include "test_drafters.moc"
