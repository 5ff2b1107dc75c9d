#include "app/chat/message_wording.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>
#include <QVariantMap>

#include "app/base/wording.h"

namespace pellucid::app {

namespace {

QString tr(const char* text, int count = -1) {
    return QCoreApplication::translate("pellucid::app", text, nullptr, count);
}

QString speed(const MessageStats& stats) {
    return QLocale().toString(stats.tokensPerSecond(), 'f', 1);
}

}  // namespace

QString statsText(const Message& message) {
    const MessageStats& stats = message.stats;
    if (stats.tokens() == 0) return {};
    QStringList parts{tr("%1 tokens", stats.tokens()).arg(countText(stats.tokens()))};
    if (stats.tokensPerSecond() > 0) parts.append(tr("%1 tok/s").arg(speed(stats)));
    if (stats.promptSeconds > 0) parts.append(tr("first %1").arg(secondsText(stats.promptSeconds)));
    return parts.join(QStringLiteral(" · "));
}

QVariantList statsList(const Message& message) {
    QVariantList list;
    const auto add = [&list](const QString& label, const QString& value) {
        if (!value.isEmpty())
            list.append(QVariantMap{{QStringLiteral("label"), label}, {QStringLiteral("value"), value}});
    };
    const MessageStats& stats = message.stats;
    add(tr("Model"), message.modelName);
    if (stats.tokens() == 0) return list;
    if (stats.tokensPerSecond() > 0) add(tr("Speed"), tr("%1 tok/s").arg(speed(stats)));
    if (stats.promptSeconds > 0) add(tr("First token"), secondsText(stats.promptSeconds));
    add(tr("Answer"), tr("%1 tokens", stats.answerTokens).arg(countText(stats.answerTokens)));
    if (stats.thoughtTokens > 0)
        add(tr("Thinking"), tr("%1 tokens", stats.thoughtTokens).arg(countText(stats.thoughtTokens)));
    if (stats.promptTokens > 0) {
        add(tr("Prompt"), tr("%1 tokens", stats.promptTokens).arg(countText(stats.promptTokens)));
        add(tr("From cache"), tr("%1 %").arg(qRound(100.0 * stats.cachedTokens / stats.promptTokens)));
    }
    if (stats.guessedTokens > 0)
        add(tr("Guessed ahead"),
            tr("%1 of %2 right").arg(countText(stats.rightTokens), countText(stats.guessedTokens)));
    return list;
}

bool canContinue(const Message& message) {
    return message.role == MessageRole::Assistant && message.state != MessageState::Complete &&
           message.state != MessageState::Streaming;
}

QString noticeWhat(const Message& message) {
    switch (message.state) {
        case MessageState::Stopped:
            return tr("Stopped");
        case MessageState::CutOff:
            return message.errorWhat.isEmpty() ? tr("Cut off") : message.errorWhat;
        case MessageState::Interrupted:
            return tr("Interrupted when the program ended");
        case MessageState::Failed:
            return message.errorWhat.isEmpty() ? tr("The reply failed") : message.errorWhat;
        default:
            return {};
    }
}

QString noticeHint(const Message& message) {
    if (!message.errorHint.isEmpty()) return message.errorHint;
    switch (message.state) {
        case MessageState::CutOff:
            return tr("The reply reached its limit of tokens.");
        case MessageState::Interrupted:
            return tr("What had been written is kept. It can go on from here.");
        default:
            return {};
    }
}

QString noticeSeverity(const Message& message) {
    if (message.state == MessageState::Failed) return QStringLiteral("error");
    return message.state == MessageState::Stopped ? QStringLiteral("info") : QStringLiteral("warn");
}

}  // namespace pellucid::app
