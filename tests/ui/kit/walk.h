// Walks over what the window shows: visible items, their accessible names, the accessibility tree.
#pragma once

#include <QAccessible>
#include <QQuickItem>

namespace pellucid::ui {

/// Visible items in paint order, the root included. Items of popups hang below the window's overlay.
QList<QQuickItem *> visibleItems(QQuickItem *root);

/// What a screen reader would say; empty for none.
QString nameOf(QQuickItem *item);

/// One node of the accessibility tree.
struct Node {
    QAccessibleInterface *interface = nullptr;
    QObject *object = nullptr;
    QAccessible::Role role = QAccessible::NoRole;
    QString name;
    QStringList actions;
    QAccessible::State state;
};

/// Every node below the window that is not invisible.
QList<Node> accessibleNodes(QWindow *window);

}  // namespace pellucid::ui
