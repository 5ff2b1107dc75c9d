// conversations.json of a ChatGPT data export: an array of conversations, each a "mapping" of nodes with
// parent and children, and "current_node", the leaf that was shown. Format as documented by those who parse
// it, e.g. github.com/mitkury/chatgpt-export-parser, docs/chatgpt-data-export-format.md.
#include <QJsonArray>
#include <QJsonObject>
#include <QSet>

#include "app/exchange/archive_format.h"
#include "app/exchange/export_numbers.h"

namespace pellucid::app {

namespace {

/// What a node says, by kind.
struct Said {
    QString text;
    QString thought;
};

Said saidBy(const QJsonObject& content) {
    const QString type = content[QStringLiteral("content_type")].toString();
    Said said;
    if (type == QLatin1String("thoughts")) {
        for (const QJsonValue& value : content[QStringLiteral("thoughts")].toArray()) {
            const QJsonObject thought = value.toObject();
            const QString text = thought[QStringLiteral("content")].toString();
            if (!said.thought.isEmpty()) said.thought += QStringLiteral("\n\n");
            said.thought += text.isEmpty() ? thought[QStringLiteral("summary")].toString() : text;
        }
        return said;
    }
    if (type == QLatin1String("code")) {
        said.text = QStringLiteral("```%1\n%2\n```")
                        .arg(content[QStringLiteral("language")].toString(),
                             content[QStringLiteral("text")].toString());
        return said;
    }
    if (type != QLatin1String("text") && type != QLatin1String("multimodal_text")) return said;
    QStringList parts;
    for (const QJsonValue& part : content[QStringLiteral("parts")].toArray()) {
        // Pictures and sound are objects: what cannot be kept is named.
        const QString text =
            part.isString()
                ? part.toString()
                : QStringLiteral("[%1]").arg(part.toObject()[QStringLiteral("content_type")].toString());
        if (!text.isEmpty()) parts.append(text);
    }
    said.text = parts.join(QStringLiteral("\n\n"));
    return said;
}

bool hidden(const QJsonObject& message) {
    const QString recipient = message[QStringLiteral("recipient")].toString();
    return message[QStringLiteral("metadata")]
               .toObject()[QStringLiteral("is_visually_hidden_from_conversation")]
               .toBool() ||
           (!recipient.isEmpty() && recipient != QLatin1String("all"));
}

qint64 milliseconds(const QJsonValue& seconds) {
    return timeFromMilliseconds(seconds.toDouble() * 1000);
}

class Tree {
public:
    explicit Tree(const QJsonObject& mapping) : mapping_(mapping) {}

    Result<StoredConversation> read(const QJsonObject& conversation) {
        QStringList roots;
        for (auto it = mapping_.begin(); it != mapping_.end(); ++it) {
            const QString parent = it->toObject()[QStringLiteral("parent")].toString();
            if (parent.isEmpty() || !mapping_.contains(parent)) roots.append(it.key());
        }
        for (const QString& root : roots) visit(root);
        if (visited_.size() != mapping_.size())
            return fail(ErrorCode::corrupt,
                        "\"" + conversation[QStringLiteral("title")].toString().toStdString() +
                            "\": its messages go round in a circle.",
                        "The file is not a whole ChatGPT export. Nothing was imported.");
        StoredConversation read;
        read.summary.title = conversation[QStringLiteral("title")].toString();
        read.summary.titleGiven = !read.summary.title.isEmpty();
        read.summary.updatedMs = milliseconds(conversation[QStringLiteral("update_time")]);
        read.messages = std::move(messages_);
        QString node = conversation[QStringLiteral("current_node")].toString();
        for (int steps = 0; !node.isEmpty() && steps <= mapping_.size(); ++steps) {
            if (kept_.contains(node)) read.shownIds.prepend(node);
            node = mapping_[node].toObject()[QStringLiteral("parent")].toString();
        }
        return read;
    }

private:
    struct Open {
        QString node;
        QString keptParent;  // nearest message above that was taken
        QString thought;     // said since, for the answer to come
    };

    /// Without recursion: exports of long chats are thousands deep.
    void visit(const QString& root) {
        std::vector<Open> open{{root, {}, {}}};
        while (!open.empty()) {
            Open at = std::move(open.back());
            open.pop_back();
            if (visited_.contains(at.node)) continue;
            visited_.insert(at.node);
            const QJsonObject node = mapping_[at.node].toObject();
            take(at, node[QStringLiteral("message")].toObject());
            const QJsonArray children = node[QStringLiteral("children")].toArray();
            for (qsizetype i = children.size(); i-- > 0;)
                if (mapping_.contains(children[i].toString()))
                    open.push_back({children[i].toString(), at.keptParent, at.thought});
        }
    }

    void take(Open& at, const QJsonObject& from) {
        const QString role = from[QStringLiteral("author")].toObject()[QStringLiteral("role")].toString();
        const bool user = role == QLatin1String("user"), assistant = role == QLatin1String("assistant");
        if ((!user && !assistant) || hidden(from)) return;
        const Said said = saidBy(from[QStringLiteral("content")].toObject());
        if (!said.thought.isEmpty()) {
            if (!at.thought.isEmpty()) at.thought += QStringLiteral("\n\n");
            at.thought += said.thought;
        }
        if (said.text.trimmed().isEmpty()) return;
        Message message;
        message.id = at.node;
        message.parentId = at.keptParent;
        message.role = user ? MessageRole::User : MessageRole::Assistant;
        message.text = said.text;
        message.createdMs = milliseconds(from[QStringLiteral("create_time")]);
        message.modelName =
            from[QStringLiteral("metadata")].toObject()[QStringLiteral("model_slug")].toString();
        if (assistant && !at.thought.isEmpty()) {
            message.hasThought = true;
            message.thought = at.thought;
        }
        at.thought.clear();
        at.keptParent = at.node;
        kept_.insert(at.node);
        messages_.push_back(std::move(message));
    }

    QJsonObject mapping_;
    QSet<QString> visited_, kept_;
    std::vector<Message> messages_;
};

}  // namespace

Result<std::vector<StoredConversation>> readChatGpt(const QJsonDocument& document) {
    const QJsonArray list = document.isArray() ? document.array() : QJsonArray{document.object()};
    std::vector<StoredConversation> conversations;
    for (const QJsonValue& value : list) {
        const QJsonObject object = value.toObject();
        PELLUCID_TRY(StoredConversation read,
                     Tree(object[QStringLiteral("mapping")].toObject()).read(object));
        if (!read.messages.empty()) conversations.push_back(std::move(read));
    }
    return conversations;
}

}  // namespace pellucid::app
