// Citation marks become chips, and sentences that nothing bears out are found again in the runs of their
// block.
#include <QtTest>

#include "app/content/citation_runs.h"

using namespace pellucid::app;

namespace {

const QStringList kLabels = {QStringLiteral("1 · p. 7"), QString(), QStringLiteral("3")};

/// "text{1 · p. 7}text", doubted text in ~.
QString shown(const std::vector<InlineRun>& runs) {
    QString all;
    for (const InlineRun& run : runs) {
        if (run.kind == InlineRun::Kind::Citation)
            all += QStringLiteral("{%1|%2}").arg(run.number).arg(run.text);
        else if (run.kind == InlineRun::Kind::Code)
            all += u'`' + run.text + u'`';
        else
            all += run.doubt > 0 ? u'~' + run.text + u'~' : run.text;
    }
    return all;
}

QString cited(const char* source) {
    return shown(withCitations(parseInline(QString::fromUtf8(source)), kLabels));
}

QString doubted(const char* source, const QStringList& sentences, std::vector<int>* found = nullptr) {
    auto runs = withCitations(parseInline(QString::fromUtf8(source)), kLabels);
    const auto indices = markDoubts(runs, sentences);
    if (found) *found = indices;
    return shown(runs);
}

}  // namespace

class TestCitationRuns : public QObject {
    Q_OBJECT

private slots:
    void marks_data() {
        QTest::addColumn<QString>("got");
        QTest::addColumn<QString>("wanted");
        const auto row = [](const char* source, const char* wanted) {
            QTest::newRow(source) << cited(source) << QString::fromUtf8(wanted);
        };
        row("Six months [1]. Then", "Six months{1|1 · p. 7}. Then");
        row("Six months[1][3]", "Six months{1|1 · p. 7}{3|3}");
        row("[1] begins", "{1|1 · p. 7} begins");
        row("no passage [2], none [4], not [0], not [1a], nor [1234]",
            "no passage [2], none [4], not [0], not [1a], nor [1234]");
        row("`a[1]` and $x_{[1]}$ stay", "`a[1]` and x_{[1]} stay");
        row("**bold** [1]", "bold{1|1 · p. 7}");
        row("提前六个月 [1]。", "提前六个月{1|1 · p. 7}。");
        row("[a link [1]](https://example.org)", "a link [1]");
        row("nothing here", "nothing here");
    }
    void marks() {
        QFETCH(QString, got);
        QFETCH(QString, wanted);
        QCOMPARE(got, wanted);
    }
    void withoutLabelsNothingChanges() {
        const auto runs = parseInline(QStringLiteral("Six [1]"));
        QCOMPARE(withCitations(runs, {}), runs);
        QCOMPARE(plainText(withCitations(runs, kLabels)), QStringLiteral("Six[1]"));
    }

    void doubts_data() {
        QTest::addColumn<QString>("got");
        QTest::addColumn<QString>("wanted");
        const auto row = [](const char* source, const QStringList& sentences, const char* wanted) {
            QTest::newRow(source) << doubted(source, sentences) << QString::fromUtf8(wanted);
        };
        row("It is so. It rains.", {"It rains."}, "It is so. ~It rains.~");
        row("It rains. It is so.", {"It rains."}, "~It rains.~ It is so.");
        row("It **really** rains [1], always. Yes.", {"It **really** rains [1], always."},
            "~It ~~really~~ rains~{1|1 · p. 7}~, always.~ Yes.");
        row("It rains.", {"It snows."}, "It rains.");
        row("It rains. It snows.", {"It snows.", "It rains."}, "~It rains.~ ~It snows.~");
        row("两者可能都要另加增值税。还有别的。", {QString::fromUtf8("两者可能都要另加增值税。")},
            "~两者可能都要另加增值税。~还有别的。");
        row("It rains.", {"", "[1]", "..."}, "It rains.");
        row("Costs $5 a day.", {"Costs $5 a day."}, "~Costs $5 a day.~");
    }
    void doubts() {
        QFETCH(QString, got);
        QFETCH(QString, wanted);
        QCOMPARE(got, wanted);
    }
    void theIndicesFoundAreTold() {
        std::vector<int> found;
        doubted("It rains.", {"It snows.", "It rains."}, &found);
        QCOMPARE(found, std::vector<int>{1});
    }
};

QTEST_GUILESS_MAIN(TestCitationRuns)

#include "test_citation_runs.moc"
