// LM Studio's *.conversation.json: "messages", each with "versions" and "currentlySelected"; an answer's
// version has "steps", of which "contentBlock" holds text, marked as a thought by style.type "thinking".
#include <QJsonArray>
#include <QJsonObject>

#include "app/exchange/archive_format.h"
#include "app/exchange/export_numbers.h"

namespace pellucid::app {

namespace {

QString textOf(const QJsonArray& content) {
    QStringList texts;
    for (const QJsonValue& value : content) {
        const QJsonObject part = value.toObject();
        if (part[QStringLiteral("type")].toString() == QLatin1String("text"))
            texts.append(part[QStringLiteral("text")].toString());
    }
    return texts.join(QString());
}

void takeStatistics(const QJsonObject& genInfo, Message& message) {
    if (genInfo.isEmpty()) return;
    if (message.modelName.isEmpty()) message.modelName = genInfo[QStringLiteral("identifier")].toString();
    const QJsonObject stats = genInfo[QStringLiteral("stats")].toObject();
    message.stats.promptTokens = tokenCount(stats[QStringLiteral("promptTokensCount")]);
    message.stats.answerTokens = std::min(
        message.stats.answerTokens + tokenCount(stats[QStringLiteral("predictedTokensCount")]), kMostTokens);
    message.stats.promptSeconds = stats[QStringLiteral("timeToFirstTokenSec")].toDouble();
    const double speed = stats[QStringLiteral("tokensPerSecond")].toDouble();
    if (speed > 0) message.stats.generateSeconds += (message.stats.answerTokens - 1) / speed;
    const QString reason = stats[QStringLiteral("stopReason")].toString();
    if (reason == QLatin1String("userStopped")) message.state = MessageState::Stopped;
    if (reason == QLatin1String("maxPredictedTokensReached") ||
        reason == QLatin1String("contextLengthReached"))
        message.state = MessageState::CutOff;
}

Message readVersion(const QJsonObject& version) {
    Message message;
    const QString role = version[QStringLiteral("role")].toString();
    message.role = role == QLatin1String("user")     ? MessageRole::User
                   : role == QLatin1String("system") ? MessageRole::System
                                                     : MessageRole::Assistant;
    if (version[QStringLiteral("type")].toString() == QLatin1String("singleStep")) {
        message.text = textOf(version[QStringLiteral("content")].toArray());
        return message;
    }
    message.modelName =
        version[QStringLiteral("senderInfo")].toObject()[QStringLiteral("senderName")].toString();
    for (const QJsonValue& value : version[QStringLiteral("steps")].toArray()) {
        const QJsonObject step = value.toObject();
        if (step[QStringLiteral("type")].toString() != QLatin1String("contentBlock")) continue;
        const QString text = textOf(step[QStringLiteral("content")].toArray());
        if (step[QStringLiteral("style")].toObject()[QStringLiteral("type")].toString() ==
            QLatin1String("thinking")) {
            message.hasThought = true;
            message.thought += text;
        } else {
            message.text += text;
        }
        takeStatistics(step[QStringLiteral("genInfo")].toObject(), message);
    }
    message.text = message.text.toString().trimmed();
    message.thoughtClosed = !message.hasThought || !message.text.isEmpty();
    return message;
}

}  // namespace

Result<std::vector<StoredConversation>> readLmStudio(const QJsonDocument& document) {
    const QJsonObject root = document.object();
    StoredConversation conversation;
    conversation.summary.title = root[QStringLiteral("name")].toString();
    conversation.summary.titleGiven = !conversation.summary.title.isEmpty();
    conversation.summary.pinned = root[QStringLiteral("pinned")].toBool();
    const qint64 created = timeFromMilliseconds(root[QStringLiteral("createdAt")].toDouble());
    conversation.summary.updatedMs = created;
    QString parent;
    int number = 0;
    for (const QJsonValue& value : root[QStringLiteral("messages")].toArray()) {
        const QJsonObject object = value.toObject();
        const QJsonArray versions = object[QStringLiteral("versions")].toArray();
        const int selected = object[QStringLiteral("currentlySelected")].toInt();
        if (versions.isEmpty() || selected < 0 || selected >= versions.size())
            return fail(
                ErrorCode::corrupt,
                "Message " + std::to_string(conversation.messages.size() + 1) + " has no selected version.",
                "The file is not a whole LM Studio conversation. Nothing was imported.");
        QString shown;
        for (qsizetype i = 0; i < versions.size(); ++i) {
            Message message = readVersion(versions[i].toObject());
            message.id = QString::number(++number);
            message.parentId = parent;
            // The file has one time for all: one millisecond apart, they keep their order.
            message.createdMs = created + number;
            if (i == selected) shown = message.id;
            conversation.messages.push_back(std::move(message));
        }
        conversation.shownIds.append(shown);
        parent = shown;
    }
    if (conversation.messages.empty()) return std::vector<StoredConversation>();
    return std::vector<StoredConversation>{std::move(conversation)};
}

}  // namespace pellucid::app
