// One window for one data folder: a second start asks the first to come to the front.
#pragma once

#include <QLocalServer>
#include <QObject>
#include <QString>

namespace pellucid::app {

/// Held by the program that has the data folder open for writing; the folder's lock says who that is.
class FirstWindow : public QObject {
    Q_OBJECT

public:
    explicit FirstWindow(const QString& dataFolder, QObject* parent = nullptr);

    /// Asks the program that has this folder open to show its window. False: nobody answered in this time, an
    /// earlier version, say, or one that hangs.
    static bool raise(const QString& dataFolder, int milliseconds = 2000);

signals:
    /// Another start asks for the window. It may have brought the desktop's leave to take the focus with it
    /// (XDG_ACTIVATION_TOKEN), which is then in the environment.
    void asked();

private:
    void take();

    QLocalServer server_;
};

}  // namespace pellucid::app
