// Stop strings across every way of cutting a text.
#include <QtTest>
#include <random>

#include "engine/sampling/stop.h"

using namespace pellucid;

namespace {

/// The whole text judged at once: what may be shown before the first completed stop string.
std::string expected(const std::string& text, const std::vector<std::string>& stops, bool& matched) {
    for (std::size_t end = 1; end <= text.size(); ++end) {
        std::size_t longest = 0;
        for (const auto& stop : stops)
            if (!stop.empty() && stop.size() <= end &&
                text.compare(end - stop.size(), stop.size(), stop) == 0)
                longest = std::max(longest, stop.size());
        if (longest > 0) {
            matched = true;
            return text.substr(0, end - longest);
        }
    }
    matched = false;
    return text;
}

}  // namespace

class TestStop : public QObject {
    Q_OBJECT

private slots:
    void shows_what_is_safe_and_no_more() {
        StopMatcher matcher({"</end>", "\nUser:"});
        QCOMPARE(matcher.feed("Hello <"), std::string("Hello "));
        QCOMPARE(matcher.held(), std::size_t{1});
        QCOMPARE(matcher.feed("b> world\nUs"), std::string("<b> world"));
        QCOMPARE(matcher.feed("er: more"), std::string());
        QVERIFY(matcher.matched());
        QCOMPARE(matcher.feed("after"), std::string());
        QCOMPARE(matcher.finish(), std::string());
    }

    void what_was_held_comes_at_the_end() {
        StopMatcher matcher({"STOP"});
        QCOMPARE(matcher.feed("ab STO"), std::string("ab "));
        QVERIFY(!matcher.matched());
        QCOMPARE(matcher.finish(), std::string("STO"));
    }

    void without_stops_nothing_is_held() {
        StopMatcher matcher({"", ""});
        QCOMPARE(matcher.feed("abc"), std::string("abc"));
        QCOMPARE(matcher.held(), std::size_t{0});
    }

    void cutting_changes_nothing() {
        std::mt19937 random(11);
        for (int round = 0; round < 3000; ++round) {
            const auto word = [&](std::size_t most) {
                std::string text(random() % (most + 1), 'a');
                for (auto& c : text) c = static_cast<char>('a' + random() % 2);
                return text;
            };
            const std::string text = word(30);
            std::vector<std::string> stops(random() % 4);
            for (auto& stop : stops) stop = word(6);
            bool matched = false;
            const std::string want = expected(text, stops, matched);
            StopMatcher matcher(stops);
            std::string shown;
            for (std::size_t at = 0; at < text.size();) {
                const std::size_t length = 1 + random() % 5;
                shown += matcher.feed(std::string_view(text).substr(at, length));
                QVERIFY(want.starts_with(shown));  // never a byte of a stop string, not even for a moment
                at += length;
            }
            shown += matcher.finish();
            QCOMPARE(matcher.matched(), matched);
            QCOMPARE(shown, want);
        }
    }
};

QTEST_APPLESS_MAIN(TestStop)
#include "test_stop.moc"
