// One named thread that runs closures in order: the storage thread, the engine thread. Answers come back to
// the GUI thread, and are dropped when the object that asked has died.
#pragma once

#include <QString>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "app/threads/gui_context.h"

namespace pellucid::app {

class WorkThread {
public:
    explicit WorkThread(const QString& name);
    /// Runs everything that was posted before, then joins.
    ~WorkThread();
    WorkThread(const WorkThread&) = delete;
    WorkThread& operator=(const WorkThread&) = delete;

    /// Runs `work` on the thread after everything posted before it. Callable from any thread.
    void post(std::function<void()> work);

    /// Runs `work` on the thread, then `then(result)` in the GUI thread, unless `context` is gone by then.
    /// To be called in the GUI thread.
    template <typename Work, typename Then>
    void run(Work work, QObject* context, Then then) {
        post([guard = GuiContext(context), work = std::move(work), then = std::move(then)]() mutable {
            if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
                work();
                guard.post([then = std::move(then)]() mutable { then(); });
            } else {
                auto result = std::make_shared<std::invoke_result_t<Work>>(work());
                guard.post([then = std::move(then), result]() mutable { then(std::move(*result)); });
            }
        });
    }

    /// Waits until everything posted so far has run. For shutdown and tests; never while painting.
    void drain();

private:
    class Loop;
    std::unique_ptr<Loop> loop_;
};

}  // namespace pellucid::app
