// Copies of a growing text share its bytes and never see what they should not.
#include <QtTest>

#include "app/base/growing_text.h"

using pellucid::app::GrowingText;

class TestGrowingText : public QObject {
    Q_OBJECT

private slots:
    void a_copy_is_the_text_as_it_was() {
        GrowingText text("one");
        const GrowingText then = text;
        text += " two";
        QVERIFY(then == "one");
        QVERIFY(text == "one two");
        QVERIFY(then.sharesWith(text));
    }

    void appending_to_a_shorter_copy_makes_a_branch() {
        GrowingText text("one");
        GrowingText other = text;
        text += " two";
        other += " three";
        QVERIFY(text == "one two");
        QVERIFY(other == "one three");
        QVERIFY(!other.sharesWith(text));
    }

    void it_grows_in_place_with_little_room_to_spare() {
        GrowingText text;
        GrowingText copy;
        for (int i = 0; i < 100000; ++i) {
            text += "x";
            copy = text;
        }
        QCOMPARE(copy.size(), std::size_t{100000});
        QVERIFY(copy.sharesWith(text));
        QVERIFY2(text.capacity() < 115000, QByteArray::number(qulonglong(text.capacity())));
    }

    void detached_it_is_alone() {
        GrowingText text("one");
        GrowingText other = text;
        other.detach();
        QVERIFY(!other.sharesWith(text));
        QVERIFY(other == text);
    }

    void characters_survive() {
        const QString what = QString::fromUtf8("量子 é 🙂");
        GrowingText text(what);
        QCOMPARE(text.toString(), what);
        QCOMPARE(text.size(), std::size_t(what.toUtf8().size()));
        QVERIFY(GrowingText().isEmpty() && GrowingText().view().empty() && GrowingText("").isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestGrowingText)
#include "test_growing_text.moc"
