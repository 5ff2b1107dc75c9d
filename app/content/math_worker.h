// The thread in which KaTeX runs.
#pragma once

#include <QQueue>
#include <QThread>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

#include "app/content/math_layout.h"

class QJSEngine;

namespace pellucid::app {

/// Takes jobs in order. `done` is called in the worker's thread. A second thread watches the time: a formula
/// that takes too long is interrupted.
class MathWorker : public QThread {
public:
    using Done = std::function<void(const QString& tex, bool display, const MathLayoutPtr& layout)>;
    MathWorker(Done done, int timeLimitMs);
    ~MathWorker() override;

    void enqueue(const QString& tex, bool display);

protected:
    void run() override;

private:
    struct Job {
        QString tex;
        bool display = false;
    };
    class Watchdog;
    class Katex;

    Done done_;
    int timeLimitMs_;
    std::mutex mutex_;
    std::condition_variable wake_;
    QQueue<Job> jobs_;
    bool stop_ = false;
    std::unique_ptr<Watchdog> watchdog_;
};

}  // namespace pellucid::app
