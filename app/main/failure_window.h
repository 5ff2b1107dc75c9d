// Says why there is nothing to work on, and what can be done about it.
#pragma once

#include <QString>
#include <QStringList>

namespace pellucid::app {

/// Shows what happened, what to do, a button for each choice, and Quit. Returns the index of the choice, or
/// -1 for Quit.
int showFailure(const QString& what, const QString& hint, const QStringList& choices = {});

}  // namespace pellucid::app
