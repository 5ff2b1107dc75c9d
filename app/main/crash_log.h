// When the program dies by a signal, what it was doing is written into the data folder. It stays on the
// machine.
#pragma once

#include <QString>

namespace pellucid::app {

/// Where reports lie: DATA/crashes/. Installs handlers for SEGV, BUS, FPE, ILL and ABRT; the default action
/// follows, so that exit status and core dump stay what they were. Call once.
void installCrashLog(const QString& dataFolder);

/// A report written since the last time this was called; empty: none. Moves it to its final name.
QString takeNewCrashReport(const QString& dataFolder);

}  // namespace pellucid::app
