// Every control of every scene: it has a name, a role and an action in the accessibility tree; Tab and the arrows reach
// it; its key operates it. What counts as a control is read from the accessibility tree, not from a list kept here.
#include <QDesktopServices>
#include <QSignalSpy>
#include <QtTest>

#include "tests/ui/kit/scenes.h"
#include "tests/ui/kit/walk.h"

using namespace pellucid;
using namespace pellucid::ui;

namespace {

struct Operable {
    QQuickItem *item = nullptr;
    QAccessible::Role role = QAccessible::NoRole;
    QString name, type;
    QStringList actions;
    bool reads = false;  ///< it takes no text
    /// The same control in the same place of another run.
    QString key() const { return type + '|' + name; }
};

bool isControl(QAccessible::Role role) {
    switch (role) {
        case QAccessible::Button:
        case QAccessible::ButtonMenu:
        case QAccessible::CheckBox:
        case QAccessible::RadioButton:
        case QAccessible::MenuItem:
        case QAccessible::PageTab:
        case QAccessible::Slider:
        case QAccessible::SpinBox:
        case QAccessible::ComboBox:
        case QAccessible::EditableText:
        case QAccessible::Link:
        case QAccessible::Splitter: return true;
        default: return false;
    }
}

bool within(const QQuickItem *item, const QQuickItem *root) {
    for (; item; item = item->parentItem())
        if (item == root) return true;
    return false;
}

// An open menu or dialog keeps the keys to itself.
QQuickItem *popup(UiBench &bench) {
    for (QQuickItem *item : bench.all())
        if (item->inherits("QQuickPopupItem") && !item->inherits("QQuickToolTip") && item->hasActiveFocus()) return item;
    return nullptr;
}

QList<Operable> controls(UiBench &bench) {
    QList<Operable> found;
    const QQuickItem *over = popup(bench);
    // A row of a list is a control too where the list offers it to the keys.
    for (const Node &node : accessibleNodes(bench.window)) {
        auto *item = qobject_cast<QQuickItem *>(node.object);
        const bool row = item && node.role == QAccessible::ListItem && item->inherits("QQuickAbstractButton");
        if (!item || !(isControl(node.role) || row) || node.state.disabled || !item->isEnabled() || !item->isVisible()) continue;
        if (over && !within(item, over)) continue;
        QString type = QString::fromLatin1(item->metaObject()->className()).section("_QML", 0, 0);
        found.append({item, node.role, node.name, type, node.actions, item->property("readOnly").toBool()});
    }
    return found;
}

// Goes over all that the keys reach, by Tab, and by the arrows inside a list or a choice; stops where `visit` says so.
bool walk(UiBench &bench, const std::function<bool(QQuickItem *)> &visit) {
    QSet<QQuickItem *> seen;
    bool stop = false;
    const auto here = [&] {
        QQuickItem *item = bench.focused();
        if (!item || seen.contains(item)) return false;
        seen.insert(item);
        stop = visit(item);
        return true;
    };
    const auto run = [&](Qt::Key key) {
        for (int i = 0; i < 80 && !stop; ++i) {
            QQuickItem *before = bench.focused();
            bench.press(key);
            if (bench.focused() == before) return;
            here();
        }
    };
    int old = 0;
    for (int step = 0; step < 260 && !stop && old < 4; ++step) {
        if (here()) {
            old = 0;
            const QAccessibleInterface *node = QAccessible::queryAccessibleInterface(bench.focused());
            const bool inMenu = popup(bench) != nullptr;
            const bool chats = bench.focused()->property("conversationId").isValid() || bench.focused()->property("conversations").isValid();
            if (!stop && node && chats) {
                run(Qt::Key_Up);
                run(Qt::Key_Down);
            } else if (!stop && node && node->role() == QAccessible::RadioButton && !inMenu) {
                // What is chosen decides what else is shown: back to it before going on.
                const QQuickItem *chosen = bench.focused();
                run(Qt::Key_Left);
                run(Qt::Key_Right);
                for (int i = 0; i < 80 && !stop && bench.focused() != chosen; ++i) bench.press(Qt::Key_Left);
            }
        } else {
            ++old;
        }
        if (stop) break;
        bench.press(Qt::Key_Tab);
        QCoreApplication::processEvents();
    }
    return stop;
}

QString roleName(QAccessible::Role role) { return QString::number(int(role), 16); }

QStringList unnamed(const QList<Operable> &all) {
    QStringList wrong;
    for (const Operable &control : all) {
        if (control.name.trimmed().isEmpty()) wrong.append("no name: " + control.type);
        const bool pressed = control.role != QAccessible::EditableText;
        QStringList actions = control.actions;
        actions.removeAll(QAccessibleActionInterface::setFocusAction());
        if (pressed && actions.isEmpty()) wrong.append("no action: " + control.key() + " role " + roleName(control.role));
    }
    return wrong;
}

// What a key must bring about. Made before the key is pressed, asked after it.
std::function<bool()> effectOf(UiBench &bench, const Operable &control) {
    QQuickItem *item = control.item;
    if (control.role == QAccessible::Slider) {
        const double before = item->property("value").toDouble();
        return [item, before] { return item->property("value").toDouble() != before; };
    }
    if (control.role == QAccessible::EditableText) {
        const QString before = item->property("text").toString();
        return [item, before] { return item->property("text").toString() != before; };
    }
    if (control.role == QAccessible::Splitter) {
        const auto width = [&bench, item] {
            return item->objectName() == QLatin1String("documentSeam") ? bench.workspace->viewer().paneWidth()
                                                                       : bench.workspace->settings().sidebarWidth();
        };
        const int before = width();
        return [width, before] { return width() != before; };
    }
    auto spies = std::make_shared<std::vector<std::unique_ptr<QSignalSpy>>>();
    spies->push_back(std::make_unique<QSignalSpy>(item, SIGNAL(clicked())));
    if (item->property("conversationId").isValid())
        spies->push_back(std::make_unique<QSignalSpy>(&bench.workspace->conversations(), SIGNAL(opened(QString, QString))));
    for (QQuickItem *up = item->parentItem(); up; up = up->parentItem())
        if (up->metaObject()->indexOfSignal("chosen(int)") >= 0 && up->property("options").isValid()) {
            spies->push_back(std::make_unique<QSignalSpy>(up, SIGNAL(chosen(int))));
            break;
        }
    return [spies] {
        for (const auto &spy : *spies)
            if (spy->count() > 0) return true;
        return false;
    };
}

enum Way { Key, Enter, ScreenReader };

void operate(UiBench &bench, const Operable &control, Way way) {
    if (way == ScreenReader) {
        QAccessibleInterface *node = QAccessible::queryAccessibleInterface(control.item);
        node->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
    } else if (control.role == QAccessible::Slider || control.role == QAccessible::Splitter) {
        const bool atEnd = control.item->property("value").toDouble() >= control.item->property("to").toDouble();
        bench.press(control.role == QAccessible::Slider && atEnd ? Qt::Key_Left : Qt::Key_Right);
    } else if (control.role == QAccessible::EditableText) {
        bench.press(Qt::Key_A, Qt::ControlModifier);
        bench.type("7");
    } else if (control.role == QAccessible::RadioButton && !popup(bench)) {
        bench.press(Qt::Key_Left);
        bench.press(Qt::Key_Right);
        bench.press(Qt::Key_Right);
    } else if (control.item->property("conversationId").isValid() || way == Enter) {
        bench.press(Qt::Key_Return);
    } else {
        bench.press(Qt::Key_Space);
    }
}

}  // namespace

class TestUiReach : public QObject {
    Q_OBJECT

    QSet<QString> operated_, typesDone_;
    int reached_ = 0;

public slots:
    void openNothing(const QUrl &) {}

private slots:
    void initTestCase() {
        QAccessible::setActive(true);
        QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "openNothing");
    }

    void everyControl_data() {
        QTest::addColumn<QString>("scene");
        QTest::addColumn<QSize>("size");
        for (const Scene &scene : scenes()) {
            QTest::addRow("%s wide", qPrintable(scene.name)) << scene.name << QSize(1440, 900);
            if (scene.picture) QTest::addRow("%s narrow", qPrintable(scene.name)) << scene.name << QSize(420, 860);
        }
    }
    void everyControl() {
        QFETCH(QString, scene);
        QFETCH(QSize, size);
        const auto found = std::find_if(scenes().begin(), scenes().end(), [&](const Scene &one) { return one.name == scene; });
        QStringList wrong;
        QList<Operable> fresh;
        {
            const auto bench = stage(*found, size, false);
            QVERIFY2(bench, "the scene did not come about");
            const QList<Operable> all = controls(*bench);
            QVERIFY(all.size() >= 2);
            wrong += unnamed(all);
            QSet<QQuickItem *> reached;
            QSet<QString> keys;  // a choice that is walked over makes rows again: other items of the same names
            walk(*bench, [&](QQuickItem *item) {
                reached.insert(item);
                keys.insert(QString::fromLatin1(item->metaObject()->className()).section("_QML", 0, 0) + u'|' + nameOf(item));
                return false;
            });
            for (const Operable &control : all) {
                // While a row is renamed its field has the list's keys; the rows are walked in every other scene.
                if (scene == QLatin1String("rename") && control.role == QAccessible::ListItem) continue;
                if (reached.contains(control.item) || keys.contains(control.key())) ++reached_;
                else wrong.append("not reached: " + control.key() + " role " + roleName(control.role));
                if (!control.reads && !operated_.contains(control.key())) fresh.append(control);
            }
        }
        // Each new control is operated in a window of its own, since most of them change what is shown.
        for (const Operable &old : fresh) {
            if (operated_.contains(old.key())) continue;
            operated_.insert(old.key());
            for (Way way : {Key, Enter, ScreenReader}) {
                // The key of each control; Enter and the screen reader's action once for each type.
                const bool typed = old.role == QAccessible::Slider || old.role == QAccessible::EditableText || old.role == QAccessible::Splitter;
                const QString once = old.type + QString::number(way);
                if (way != Key && (typed || typesDone_.contains(once))) continue;
                typesDone_.insert(once);
                const auto bench = stage(*found, size, false);
                QVERIFY2(bench, "the scene did not come about again");
                Operable control = old;
                const bool there = walk(*bench, [&](QQuickItem *item) {
                    control.item = item;
                    return QString::fromLatin1(item->metaObject()->className()).section("_QML", 0, 0) == old.type && nameOf(item) == old.name;
                });
                if (!there) {
                    wrong.append("not found again: " + old.key());
                    break;
                }
                const auto happened = effectOf(*bench, control);
                operate(*bench, control, way);
                if (!QTest::qWaitFor(happened, 2000)) wrong.append(QStringLiteral("%1 does nothing: ").arg(way == Key ? "its key" : way == Enter ? "Enter" : "Press") + old.key());
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }

    void enoughWereMet() {
        qInfo("%d controls reached in %lld scenes, %lld different ones operated", reached_,
              static_cast<long long>(scenes().size()), static_cast<long long>(operated_.size()));
        if (QTest::currentTestFailed()) return;
        QVERIFY(operated_.size() > 100 || reached_ == 0);
    }

    void noWarnings() { QCOMPARE(UiBench::warnings(), QStringList()); }
};

int main(int argc, char **argv) {
    beforeApplication();
    QGuiApplication app(argc, argv);
    afterApplication();
    TestUiReach test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_ui_reach.moc"
