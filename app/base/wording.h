// Numbers and times as people read them, in the language of the app.
#pragma once

#include <QString>

#include "app/base/error_text.h"

namespace pellucid::app {

/// "1,912"
QString countText(qint64 count);
/// "0:42", "1:02:05"
QString clockText(qint64 milliseconds);
/// "48 s", "3 min 20 s"
QString durationText(double seconds);
/// "0.28 s"
QString secondsText(double seconds);
/// "1.2 GiB"
QString gibibytesText(double bytes, int decimals = 1);
/// The first sentence of a question as a title: one line, at most about 60 characters, no Markdown signs.
QString titleFromQuestion(const QString& question);
/// Two sentences in a row. After a Chinese full stop no space follows; an empty one leaves the other alone.
QString sentences(const QString& first, const QString& second);

}  // namespace pellucid::app
