// Which passage a thought uses: by number, by title, by its own words.
#include <QtTest>

#include "app/answering/passage_watch.h"

using namespace pellucid::answering;

namespace {

std::vector<Passage> passages() {
    Passage pump, filter, park;
    pump.title = "Pump Handbook.pdf";
    pump.document = 1;
    pump.text =
        "The pump must be drained before winter begins. All parts are made of steel that does not rust in "
        "water.";
    filter.title = "Pump Handbook.pdf";
    filter.document = 1;
    filter.text =
        "Clean the filter twice a year with warm water. All parts are made of steel that does not rust in "
        "water.";
    park.title = "公园管理办法";
    park.document = 2;
    park.text = "公园每天早上六点开放，晚上九点关闭。游客不得携带宠物入园。";
    return {pump, filter, park};
}

std::vector<Mention> watch(const std::vector<std::string_view>& pieces) {
    const auto all = passages();
    PassageWatch watch(all);
    std::vector<Mention> mentions;
    const auto take = [&](const std::vector<Mention>& more) {
        mentions.insert(mentions.end(), more.begin(), more.end());
    };
    for (const auto piece : pieces) take(watch.push(piece));
    take(watch.finish());
    return mentions;
}

QStringList told(const std::vector<Mention>& mentions) {
    QStringList list;
    for (const Mention& mention : mentions)
        list.append(QString::number(mention.number) + (mention.kind == MentionKind::number  ? "n"
                                                       : mention.kind == MentionKind::title ? "t"
                                                                                            : "w"));
    return list;
}

}  // namespace

class TestPassageWatch : public QObject {
    Q_OBJECT

private slots:
    void mentions_data() {
        QTest::addColumn<QString>("thought");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("number") << "Okay, passage 2 is about cleaning." << QStringList{"2n"};
        QTest::newRow("mark") << "So [1] says it." << QStringList{"1n"};
        QTest::newRow("citation") << "As in citation:3, yes." << QStringList{"3n"};
        QTest::newRow("chinese") << "我看看第3段的内容。段落1没有提到。" << QStringList{"3n", "1n"};
        QTest::newRow("title") << "The pump handbook covers that." << QStringList{"1t"};
        QTest::newRow("chinese title") << "《公园管理办法》里有规定。" << QStringList{"3t"};
        QTest::newRow("words") << "It says the filter twice a year with warm water, so that is it."
                               << QStringList{"2w"};
        QTest::newRow("chinese words") << "原文说公园每天早上六点开放，晚上就关了。" << QStringList{"3w"};
        QTest::newRow("several")
            << "Drained before winter begins says nothing. Must be drained before winter begins, so [1]."
            << QStringList{"1n", "1w"};
        QTest::newRow("shared words")
            << "All parts are made of steel that does not rust in water." << QStringList{};
        QTest::newRow("no passage") << "There are 3 ways, and passage 9 is none. It has 2 parts."
                                    << QStringList{};
        QTest::newRow("again") << "Passage 1 first. Then passage 1 again." << QStringList{"1n", "1n"};
    }
    void mentions() {
        QFETCH(QString, thought);
        QFETCH(QStringList, expected);
        QCOMPARE(told(watch({thought.toStdString()})), expected);
    }

    void any_cut_gives_the_same() {
        const std::string thought =
            "Let me see. Passage 2 says: Clean the filter twice a year with warm water! "
            "第3段说游客不得携带宠物入园。\n"
            "The Pump Handbook is 1.5 pages. And [1] ends";
        const auto whole = watch({thought});
        QVERIFY(whole.size() >= 5);
        const std::string_view all = thought;
        for (std::size_t cut = 0; cut <= all.size(); ++cut) {
            const auto mentions = watch({all.substr(0, cut), all.substr(cut)});
            QCOMPARE(mentions == whole, true);
        }
    }

    void it_is_told_while_the_thought_goes_on() {
        const auto all = passages();
        PassageWatch watch(all);
        QVERIFY(watch.push("Passage 2 ").empty());
        QCOMPARE(watch.push("is it. ").size(), std::size_t(1));
    }

    void a_long_line_is_read_in_parts() {
        std::string thought(9000, 'x');
        thought += " passage 2";
        QCOMPARE(told(watch({thought})), QStringList{"2n"});
    }
};

QTEST_APPLESS_MAIN(TestPassageWatch)
#include "test_passage_watch.moc"
