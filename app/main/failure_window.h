// The one window that is shown when the program cannot start its work: what happened, what to do, Quit.
#pragma once

#include <QString>

namespace pellucid::app {

/// Runs until it is closed; returns the exit status, 1.
int showFailure(const QString& what, const QString& hint);

}  // namespace pellucid::app
