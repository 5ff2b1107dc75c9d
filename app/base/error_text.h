// What engine and storage refuse, in the language of the window.
#pragma once

#include <QString>
#include <QStringList>

#include "engine/base/error.h"

namespace pellucid::app {

/// What happened: the error's own sentence, translated with its names and numbers, from capital to full stop.
/// One that is not known here is shown as the detail of a sentence for its code.
QString whatOf(const Error& error);
/// What to do about it.
QString hintOf(const Error& error);

/// Every sentence and hint that is known, as engine and storage write it. For tests.
QStringList errorTexts();

}  // namespace pellucid::app
