#include "tests/ui/kit/walk.h"

#include <QWindow>

namespace pellucid::ui {

namespace {

void collect(QQuickItem *item, QList<QQuickItem *> &found) {
    if (!item->isVisible()) return;
    found.append(item);
    for (QQuickItem *child : item->childItems()) collect(child, found);
}

void collect(QAccessibleInterface *node, QList<Node> &found, int depth) {
    if (!node || !node->isValid() || depth > 60 || node->state().invisible) return;
    Node entry{node, node->object(), node->role(), node->text(QAccessible::Name), {}, node->state()};
    if (QAccessibleActionInterface *actions = node->actionInterface()) entry.actions = actions->actionNames();
    found.append(entry);
    for (int i = 0; i < node->childCount(); ++i) collect(node->child(i), found, depth + 1);
}

}  // namespace

QList<QQuickItem *> visibleItems(QQuickItem *root) {
    QList<QQuickItem *> found;
    collect(root, found);
    return found;
}

QString nameOf(QQuickItem *item) {
    QAccessibleInterface *node = QAccessible::queryAccessibleInterface(item);
    return node ? node->text(QAccessible::Name) : QString();
}

QList<Node> accessibleNodes(QWindow *window) {
    QList<Node> found;
    collect(QAccessible::queryAccessibleInterface(window), found, 0);
    return found;
}

}  // namespace pellucid::ui
