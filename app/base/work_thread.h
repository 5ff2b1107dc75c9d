// One named thread that runs closures in order: the storage thread, the engine thread. Answers come back to
// the GUI thread, and are dropped when the object that asked has died.
#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <QThread>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace pellucid::app {

/// Runs `closure` in the GUI thread as long as `context` (which lives there) is alive. Callable from any
/// thread.
void deliverToGui(const QPointer<QObject>& context, std::function<void()> closure);

class WorkThread {
public:
    explicit WorkThread(const QString& name);
    /// Runs everything that was posted before, then joins.
    ~WorkThread();
    WorkThread(const WorkThread&) = delete;
    WorkThread& operator=(const WorkThread&) = delete;

    /// Runs `work` on the thread after everything posted before it.
    void post(std::function<void()> work);

    /// Runs `work` on the thread, then `then(result)` in the GUI thread, unless `context` is gone by then.
    template <typename Work, typename Then>
    void run(Work work, QObject* context, Then then) {
        post([guard = QPointer<QObject>(context), work = std::move(work), then = std::move(then)]() mutable {
            if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
                work();
                deliverToGui(guard, [then = std::move(then)]() mutable { then(); });
            } else {
                auto result = std::make_shared<std::invoke_result_t<Work>>(work());
                deliverToGui(guard, [then = std::move(then), result]() mutable { then(std::move(*result)); });
            }
        });
    }

    /// Waits until everything posted so far has run. For shutdown and tests; never while painting.
    void drain();

private:
    QThread thread_;
    QObject* worker_;  // lives in thread_
};

}  // namespace pellucid::app
