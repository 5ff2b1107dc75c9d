// A pointer at rest is moved to where it is, now and then, and never while it drags.
#include <QMouseEvent>
#include <QQuickWindow>
#include <QtTest>

#include "app/shell/resting_pointer.h"

using namespace pellucid::app;

namespace {

class Moves : public QObject {
public:
    std::vector<QPointF> at;

protected:
    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::MouseMove) at.push_back(static_cast<QMouseEvent*>(event)->position());
        return false;
    }
};

void frames(QQuickWindow& window, int count) {
    for (int i = 0; i < count; ++i) emit window.afterAnimating();
    QCoreApplication::processEvents();
}

}  // namespace

class TestRestingPointer : public QObject {
    Q_OBJECT

private slots:
    void it_moves_to_where_it_is() {
        QQuickWindow window;
        new RestingPointer(&window);
        QTest::mouseMove(&window, {30, 40});
        QCoreApplication::processEvents();
        Moves moves;
        window.installEventFilter(&moves);
        frames(window, RestingPointer::kFrames - 1);
        QVERIFY(moves.at.empty());
        frames(window, 1);
        QCOMPARE(moves.at.size(), std::size_t{1});
        QCOMPARE(moves.at[0], QPointF(30, 40));
        frames(window, RestingPointer::kFrames);
        QCOMPARE(moves.at.size(), std::size_t{2});
    }

    void it_leaves_a_drag_alone() {
        QQuickWindow window;
        new RestingPointer(&window);
        QTest::mousePress(&window, Qt::LeftButton, {}, {5, 5});
        Moves moves;
        window.installEventFilter(&moves);
        frames(window, 3 * RestingPointer::kFrames);
        QVERIFY(moves.at.empty());
        QTest::mouseRelease(&window, Qt::LeftButton, {}, {5, 5});
        frames(window, RestingPointer::kFrames);
        QCOMPARE(moves.at.size(), std::size_t{1});
    }
};

QTEST_MAIN(TestRestingPointer)
#include "test_resting_pointer.moc"
