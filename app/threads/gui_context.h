// How other threads reach an object of the GUI thread.
#pragma once

#include <functional>
#include <memory>

class QObject;

namespace pellucid::app {

/// Stands for an object of the GUI thread in other threads. Made in the GUI thread; copied, used and dropped
/// in any. The crossing is a queue behind a mutex, and Qt is only asked to wake the object's thread: so a
/// happens-before is there for all to see, ThreadSanitizer included, which cannot look into Qt's own queue.
class GuiContext {
public:
    /// `object` may be null: then nothing ever runs.
    explicit GuiContext(QObject* object);

    /// Runs `closure` in the GUI thread, after everything posted before, unless the object is gone by then.
    void post(std::function<void()> closure) const;

private:
    class Line;
    class Receiver;
    class Holder;
    std::shared_ptr<Holder> holder_;
};

}  // namespace pellucid::app
