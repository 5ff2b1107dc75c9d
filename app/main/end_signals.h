// A request to end that comes from outside: the end of a desktop session, a service manager, Ctrl+C.
#pragma once

#include <QObject>
#include <QSocketNotifier>

namespace pellucid::app {

/// Says asked() in its thread when the process gets SIGTERM, SIGINT or SIGHUP, so that the program ends as if
/// its window was closed: replies are kept, the database is closed whole. A second signal of the same kind
/// ends it at once, in case the first does not get through. One object a process.
class EndSignals : public QObject {
    Q_OBJECT

public:
    EndSignals();
    ~EndSignals() override;

signals:
    void asked();

private:
    int ends_[2] = {-1, -1};  // the handler writes to [1]
    QSocketNotifier* notifier_ = nullptr;
};

}  // namespace pellucid::app
