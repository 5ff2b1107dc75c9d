#include "app/exchange/archive_format.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonObject>

#include "app/chat/chat_tree.h"

namespace pellucid::app {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("pellucid::app", text);
}

}  // namespace

QByteArray toMarkdown(const StoredConversation& conversation, bool withThoughts) {
    ChatTree tree;
    for (const Message& message : conversation.messages) tree.append(message);
    for (const QString& id : conversation.shownIds) tree.select(id);
    QString text = QStringLiteral("# ") + conversation.summary.title + QStringLiteral("\n");
    for (const QString& id : tree.path()) {
        const Message& message = *tree.find(id);
        if (message.role == MessageRole::System) continue;
        const bool asked = message.role == MessageRole::User;
        const QString who = asked                         ? tr("You")
                            : message.modelName.isEmpty() ? tr("Answer")
                                                          : message.modelName;
        text += QStringLiteral("\n## %1\n\n").arg(who);
        if (withThoughts && message.hasThought) {
            text += QStringLiteral("**%1**\n\n").arg(tr("Thought"));
            for (const QString& line : message.thought.toString().trimmed().split(u'\n'))
                text += line.isEmpty() ? QStringLiteral(">\n") : QStringLiteral("> %1\n").arg(line);
            text += u'\n';
        }
        text += message.text.toString().trimmed() + u'\n';
        if (message.state != MessageState::Complete)
            text += QStringLiteral("\n*%1*\n").arg(tr("(not finished)"));
    }
    return text.toUtf8();
}

Result<std::vector<StoredConversation>> fromExport(const QByteArray& bytes) {
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(bytes, &problem);
    if (document.isNull())
        return fail(
            ErrorCode::corrupt,
            tr("This is no JSON file: %1 at byte %2.")
                .arg(problem.errorString())
                .arg(problem.offset)
                .toStdString(),
            tr("Choose a JSON export of Pellucid, ChatGPT (conversations.json) or LM Studio.").toStdString());
    const QJsonObject root = document.object();
    const QJsonObject first = document.isArray() ? document.array().at(0).toObject() : root;
    if (root[QStringLiteral("format")].toString() == QLatin1String("pellucid-conversations"))
        return readPellucid(document);
    if (first.contains(QStringLiteral("mapping"))) return readChatGpt(document);
    const QJsonObject message = root[QStringLiteral("messages")].toArray().at(0).toObject();
    if (message.contains(QStringLiteral("versions"))) return readLmStudio(document);
    return fail(
        ErrorCode::unsupported, tr("Pellucid does not know this kind of JSON file.").toStdString(),
        tr("Choose a JSON export of Pellucid, ChatGPT (conversations.json) or LM Studio.").toStdString());
}

}  // namespace pellucid::app
