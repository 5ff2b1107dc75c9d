// Where sentences end: marks, abbreviations, quotes, lines; English and Chinese; any bytes.
#include <QtTest>

#include "app/prose/sentences.h"

using namespace pellucid::prose;

namespace {

std::vector<std::string> split(std::string_view text, LineEnds line_ends) {
    std::vector<std::string> found;
    for (const Span& span : Sentences().of(text, line_ends))
        found.emplace_back(text.substr(span.first, span.size()));
    return found;
}
std::vector<std::string> structured(std::string_view text) {
    return split(text, LineEnds::structure);
}
std::vector<std::string> paragraph(std::string_view text) {
    return split(text, LineEnds::blanks);
}

}  // namespace

class TestSentences : public QObject {
    Q_OBJECT

private slots:
    void lines_and_marks_end_sentences() {
        QCOMPARE(structured("One. Two! Three? Four"),
                 (std::vector<std::string>{"One.", "Two!", "Three?", "Four"}));
        QCOMPARE(structured("Dr. Wu saw Fig. 3, e.g. the pump. It held 1.5 l."),
                 (std::vector<std::string>{"Dr. Wu saw Fig. 3, e.g. the pump.", "It held 1.5 l."}));
        QCOMPARE(structured("第一句。第二句！“第三句？”第四"),
                 (std::vector<std::string>{"第一句。", "第二句！", "“第三句？”", "第四"}));
        QCOMPARE(structured("Items:\n- first thing\n- second thing\n\n# Head\nText goes on here."),
                 (std::vector<std::string>{"Items:", "- first thing", "- second thing", "# Head",
                                           "Text goes on here."}));
        QCOMPARE(structured("This line is long enough to have been wrapped\nin the middle. Next."),
                 (std::vector<std::string>{"This line is long enough to have been wrapped\nin the middle.",
                                           "Next."}));
        QCOMPARE(structured("J. R. Miller came. He left at 5 p.m. and slept."),
                 (std::vector<std::string>{"J. R. Miller came.", "He left at 5 p.m. and slept."}));
        QVERIFY(structured(" \n \n").empty());
        QVERIFY(structured("").empty());
    }

    void a_line_end_in_a_paragraph_is_a_blank() {
        QCOMPARE(paragraph("One line\n- and\nanother. Next\none."),
                 (std::vector<std::string>{"One line\n- and\nanother.", "Next\none."}));
        QCOMPARE(paragraph("第一\n句。第二句。"), (std::vector<std::string>{"第一\n句。", "第二句。"}));
        QVERIFY(paragraph(" \n\n ").empty());
    }

    void abbreviations_end_nothing_in_either() {
        const std::string text = "See Fig. 3 of Dr. Wu, i.e. J. R. Wu et al. 2004. It holds.";
        const std::vector<std::string> expected = {"See Fig. 3 of Dr. Wu, i.e. J. R. Wu et al. 2004.",
                                                   "It holds."};
        QCOMPARE(structured(text), expected);
        QCOMPARE(paragraph(text), expected);
    }

    // A Latin-1 letter's number is also the last byte of other characters.
    void the_last_character_is_read_whole() {
        QCOMPARE(structured("Sum is 3 \u222A\nNext").size(), std::size_t(2));
    }

    void a_long_text_takes_no_long_time() {
        std::string text;
        for (int i = 0; i < 60000; ++i) text += "A b. ";
        text += std::string(300000, '\xE4');
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!paragraph(text).empty());
        QVERIFY(!structured(text).empty());
        QVERIFY2(timer.elapsed() < 20000, "quadratic");
    }

    void any_bytes() {
        for (const LineEnds ends : {LineEnds::blanks, LineEnds::structure}) {
            std::uint32_t seed = 7;
            for (int round = 0; round < 300; ++round) {
                std::string text;
                for (int i = 0; i < 60; ++i)
                    text += "\n.?! \"aZ9\xE3\x80\x82\xFF("[(seed = seed * 1664525 + 1013904223) >> 28];
                std::size_t last = 0;
                for (const Span& span : Sentences().of(text, ends)) {
                    QVERIFY(span.first >= last && span.first < span.last && span.last <= text.size());
                    last = span.last;
                }
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestSentences)
#include "test_sentences.moc"
