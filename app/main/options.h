// What the command line of the window program says.
#pragma once

#include <QString>
#include <optional>

class QCoreApplication;

namespace pellucid::app {

struct StartOptions {
    QString dataFolder;
    QString model;          ///< a GGUF file to load at once
    QString mockScript;     ///< runs the scripted engine; "demo" is the built-in script
    QString language;       ///< "en", "zh_CN"; empty: the setting
    QString theme;          ///< "light", "dark"; empty: the setting
    QString question;       ///< asked as soon as a model is loaded
    bool readOnly = false;  ///< looks at the chats, changes nothing
    QString starter;        ///< a starter model's file
    QString screenshot;     ///< saves the window there and quits
    int screenshotDelayMs = 500;
    bool reportStart = false;  ///< says on stderr when the first frame was shown, and the first key
};

/// Exits for --help, --version and usage errors (2).
StartOptions parseOptions(const QCoreApplication& application);

}  // namespace pellucid::app
