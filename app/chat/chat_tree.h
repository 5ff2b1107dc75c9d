// A conversation is a tree: editing a question or regenerating an answer makes a sibling. One path through
// the tree is shown. Plain data, no signals.
#pragma once

#include <QHash>
#include <QString>
#include <QVector>
#include <vector>

#include "app/chat/message.h"

namespace pellucid::app {

class ChatTree {
public:
    /// Adds a message below its parentId and makes the shown path go through it. A message whose parent is
    /// unknown hangs at the root. Messages must have distinct ids.
    Message& append(Message message);

    const Message* find(const QString& id) const;
    Message* find(const QString& id);

    /// Ids from the first message to the shown leaf.
    QStringList path() const;
    QString leaf() const;

    /// All children of the same parent, oldest first, the message itself included.
    QStringList siblings(const QString& id) const;
    int siblingIndex(const QString& id) const;

    /// Makes the shown path go through `id`; below it the last shown children are kept.
    void select(const QString& id);
    /// Which child of `parentId` ("" is the root) is shown.
    QString selectedChild(const QString& parentId) const { return selected_.value(parentId); }

    /// Removes the message and everything below it. Returns the ids removed.
    QStringList remove(const QString& id);

    /// Every message, oldest first.
    std::vector<const Message*> all() const;
    bool isEmpty() const { return messages_.isEmpty(); }

private:
    QHash<QString, Message> messages_;
    QHash<QString, QStringList> children_;  // parent id ("" is the root) -> children, oldest first
    QHash<QString, QString> selected_;      // parent id -> shown child
    QStringList order_;
};

}  // namespace pellucid::app
