// What the rows say about a message: statistics, and why it ended early.
#pragma once

#include <QString>
#include <QVariantList>

#include "app/chat/message.h"

namespace pellucid::app {

/// "612 tokens · 41.8 tok/s · first 0.28 s"; empty when nothing was measured.
QString statsText(const Message& message);
/// [{label, value}]
QVariantList statsList(const Message& message);

bool canContinue(const Message& message);
QString noticeWhat(const Message& message);
QString noticeHint(const Message& message);
/// "error" | "warn" | "info"
QString noticeSeverity(const Message& message);

}  // namespace pellucid::app
