#include "tests/ui/kit/text_boxes.h"

#include <QFont>
#include <QRegularExpression>

#include "app/chat/chat_row_model.h"
#include "tests/ui/kit/walk.h"

namespace pellucid::ui {

namespace {

bool isA(const QQuickItem *item, const char *type) {
    const QByteArray name = item->metaObject()->className();
    return name == type || name.startsWith(QByteArray(type) + "_QMLTYPE");
}

// An item of QtQuick is known by inheritance, one of ours by its name.
QString layerOf(const QQuickItem *item) {
    static const char *const ours[] = {"Composer", "OverflowPanel", "ReloadBar", "ToastBar", "ChatList", "Sidebar",
                                       "SettingsNav", "DocumentPane", "ThoughtCard", "MessageEditor"};
    for (; item; item = item->parentItem()) {
        if (item->inherits("QQuickPopupItem")) return QStringLiteral("popup");
        for (const char *type : ours)
            if (isA(item, type)) return QString::fromLatin1(type) + QString::number(quintptr(item), 16);
    }
    return QStringLiteral("page");
}

bool transparent(const QQuickItem *item) {
    for (; item; item = item->parentItem())
        if (item->opacity() < 0.05) return true;
    return false;
}

// What is left of a scene rectangle behind everything that clips it.
QRectF clipped(const QQuickItem *item, QRectF box) {
    for (const QQuickItem *up = item; up; up = up->parentItem())
        if (up->clip()) box &= up->mapRectToScene({0, 0, up->width(), up->height()});
    return box;
}

QSet<QString> namesOfPeople(const UiBench &bench) {
    QSet<QString> names;
    auto &list = bench.workspace->conversations();
    for (int i = 0; i < list.count(); ++i) {
        names.insert(list.data(list.index(i), app::ConversationListModel::TitleRole).toString());
        names.insert(list.data(list.index(i), app::ConversationListModel::SnippetHtmlRole).toString());
    }
    // Names of files, headings and words of documents.
    for (const app::LibraryDocument &document : bench.workspace->library().state().documents) names.insert(document.name);
    names.insert(bench.workspace->viewer().name());
    names.insert(bench.workspace->library().importDetail());
    const app::ChatRowModel *rows = bench.workspace->chat().rows();
    for (const QVariant &entry : rows->retrieval(rows->lastWithSources())) {
        const QVariantMap passage = entry.toMap();
        const QString heading = passage.value(QStringLiteral("heading")).toString();
        names.insert(heading);
        names.insert(heading + QStringLiteral(" · ") + passage.value(QStringLiteral("place")).toString());
        names.insert(passage.value(QStringLiteral("quote")).toString());
    }
    names.insert(bench.workspace->chat().title());
    names.insert(bench.workspace->models().currentName());
    names.insert(bench.workspace->modelSettings().modelName());
    names.insert(bench.workspace->modelSettings().modelDetail());
    names.insert(bench.workspace->settings().dataFolder());
    return names;
}

}  // namespace

QList<TextBox> textBoxes(const UiBench &bench) {
    QList<TextBox> boxes;
    for (QQuickItem *item : bench.all()) {
        const bool edit = item->inherits("QQuickTextEdit") || item->inherits("QQuickTextInput");
        if ((!edit && !item->inherits("QQuickText")) || transparent(item)) continue;
        TextBox box{item, item->property("text").toString(), {}, {}, layerOf(item), false};
        if (box.text.isEmpty() || (edit && item->property("length").toInt() == 0)) continue;
        const qreal width = item->property("contentWidth").toReal(), height = item->property("contentHeight").toReal();
        const int side = item->property("effectiveHorizontalAlignment").toInt();
        const qreal room = item->width() - width;
        const qreal x = room <= 0 || edit ? 0 : side == Qt::AlignRight ? room : side == Qt::AlignHCenter ? room / 2 : 0;
        box.painted = item->mapRectToScene({x, 0, width, height});
        box.shown = clipped(item, box.painted) & QRectF(0, 0, bench.window->width(), bench.window->height());
        for (QQuickItem *up = item; up; up = up->parentItem()) box.code |= isA(up, "CodeBlock");
        boxes.append(box);
    }
    return boxes;
}

QStringList layoutFaults(const UiBench &bench) {
    QStringList faults;
    const QRectF window(0, 0, bench.window->width(), bench.window->height());
    const QSet<QString> names = namesOfPeople(bench);
    const QList<TextBox> boxes = textBoxes(bench);
    for (const TextBox &box : boxes) {
        const QString words = QStringLiteral("'%1'").arg(box.text.left(60));
        // A hit's snippet, whose words asked for have a colour of their own.
        static const QRegularExpression colours(QStringLiteral("</?font[^>]*>"));
        const bool mayEnd = names.contains(QString(box.text).remove(colours)) || names.contains(box.item->property("text").toString());
        if (box.item->property("truncated").toBool() && !mayEnd) faults.append("cut: " + words);
        const bool line = box.item->inherits("QQuickText");
        if (line && box.item->width() > 0 && box.item->property("contentWidth").toReal() > box.item->width() + 1)
            faults.append("wider than its place: " + words);
        // Sideways nothing may be hidden, except what scrolls sideways.
        bool scrollsSideways = false;
        QQuickItem *button = nullptr;
        for (QQuickItem *up = box.item; up; up = up->parentItem()) {
            if (up->inherits("QQuickFlickable") && up->property("contentWidth").toReal() > up->width() + 1) scrollsSideways = true;
            if (!button && up->inherits("QQuickAbstractButton")) button = up;
        }
        if (box.shown.isEmpty()) continue;  // scrolled away
        if (!scrollsSideways && line && (box.painted.left() < box.shown.left() - 1 || box.painted.right() > box.shown.right() + 1))
            faults.append("cut at a side: " + words);
        if (button && line) {
            const QRectF face = button->mapRectToScene({0, 0, button->width(), button->height()});
            if (!face.adjusted(-1, -1, 1, 1).contains(box.painted))
                faults.append(QStringLiteral("leaves its button: %1 (%2 x %3 in %4 x %5)")
                                  .arg(words)
                                  .arg(box.painted.width())
                                  .arg(box.painted.height())
                                  .arg(face.width())
                                  .arg(face.height()));
        }
    }
    for (int i = 0; i < boxes.size(); ++i)
        for (int k = i + 1; k < boxes.size(); ++k) {
            const TextBox &a = boxes[i], &b = boxes[k];
            // Code runs below its language's patch, which covers it.
            if (a.layer != b.layer || a.code || b.code) continue;
            const QRectF both = a.shown & b.shown;
            if (both.width() > 2 && both.height() > 4)
                faults.append(QStringLiteral("over each other: '%1' and '%2'").arg(a.text.left(40), b.text.left(40)));
        }
    for (QQuickItem *item : bench.all()) {
        if (!item->inherits("QQuickAbstractButton") || item->width() <= 0 || transparent(item)) continue;
        const QRectF box = item->mapRectToScene({0, 0, item->width(), item->height()});
        if (box.left() < -1 || box.right() > window.right() + 1) faults.append("outside the window: " + nameOf(item));
    }
    return faults;
}

}  // namespace pellucid::ui
