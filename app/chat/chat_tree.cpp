#include "app/chat/chat_tree.h"

namespace pellucid::app {

Message& ChatTree::append(Message message) {
    if (!messages_.contains(message.parentId)) message.parentId.clear();
    const QString id = message.id;
    const QString parentId = message.parentId;
    children_[parentId].append(id);
    selected_[parentId] = id;
    order_.append(id);
    return *messages_.insert(id, std::move(message));
}

const Message* ChatTree::find(const QString& id) const {
    const auto it = messages_.constFind(id);
    return it == messages_.constEnd() ? nullptr : &*it;
}

Message* ChatTree::find(const QString& id) {
    const auto it = messages_.find(id);
    return it == messages_.end() ? nullptr : &*it;
}

QStringList ChatTree::path() const {
    QStringList ids;
    for (QString id = selected_.value(QString()); !id.isEmpty(); id = selected_.value(id)) ids.append(id);
    return ids;
}

QString ChatTree::leaf() const {
    const QStringList ids = path();
    return ids.isEmpty() ? QString() : ids.last();
}

QStringList ChatTree::siblings(const QString& id) const {
    const Message* message = find(id);
    return message ? children_.value(message->parentId) : QStringList();
}

int ChatTree::siblingIndex(const QString& id) const {
    return static_cast<int>(siblings(id).indexOf(id));
}

void ChatTree::select(const QString& id) {
    for (const Message* message = find(id); message; message = find(message->parentId))
        selected_[message->parentId] = message->id;
}

QStringList ChatTree::remove(const QString& id) {
    const Message* message = find(id);
    if (!message) return {};
    const QString parentId = message->parentId;
    QStringList removed{id};
    for (qsizetype i = 0; i < removed.size(); ++i) removed += children_.value(removed[i]);
    QStringList& siblings = children_[parentId];
    const qsizetype index = siblings.indexOf(id);
    siblings.removeAt(index);
    if (selected_.value(parentId) == id) {
        if (siblings.isEmpty())
            selected_.remove(parentId);
        else
            selected_[parentId] = siblings[std::min(index, siblings.size() - 1)];
    }
    for (const QString& gone : removed) {
        messages_.remove(gone);
        children_.remove(gone);
        selected_.remove(gone);
        order_.removeOne(gone);
    }
    return removed;
}

std::vector<const Message*> ChatTree::all() const {
    std::vector<const Message*> messages;
    messages.reserve(static_cast<std::size_t>(order_.size()));
    for (const QString& id : order_)
        if (const Message* message = find(id)) messages.push_back(message);
    return messages;
}

}  // namespace pellucid::app
