#include "app/threads/gui_context.h"

#include <QCoreApplication>
#include <QEvent>
#include <QObject>
#include <QPointer>
#include <deque>
#include <mutex>
#include <utility>

namespace pellucid::app {

/// The queue itself, shared by both ends.
class GuiContext::Line {
public:
    void post(std::function<void()> closure) {
        const std::lock_guard lock(mutex_);
        if (!receiver_) return;
        closures_.push_back(std::move(closure));
        QCoreApplication::postEvent(receiver_, new QEvent(QEvent::User));
    }
    std::function<void()> take() {
        const std::lock_guard lock(mutex_);
        if (closures_.empty()) return {};
        auto closure = std::move(closures_.front());
        closures_.pop_front();
        return closure;
    }
    void open(QObject* receiver) {
        const std::lock_guard lock(mutex_);
        receiver_ = receiver;
    }
    /// The receiver is going.
    void close() {
        std::deque<std::function<void()>> dropped;  // freed outside the lock: their ends may post
        const std::lock_guard lock(mutex_);
        receiver_ = nullptr;
        dropped.swap(closures_);
    }
    /// Nobody will post again: the receiver goes after what was posted.
    void retire() {
        const std::lock_guard lock(mutex_);
        if (receiver_) receiver_->deleteLater();
    }

private:
    std::mutex mutex_;
    QObject* receiver_ = nullptr;
    std::deque<std::function<void()>> closures_;
};

/// Lives in the GUI thread as a child of the object, and dies with it.
class GuiContext::Receiver : public QObject {
public:
    Receiver(std::shared_ptr<Line> line, QObject* parent) : QObject(parent), line_(std::move(line)) {}
    ~Receiver() override { line_->close(); }

protected:
    // The lock comes first, before the event is looked at: another thread wrote that too. One closure an
    // event; those that are left when the receiver is told to go run before it does.
    bool event(QEvent* event) override {
        const QPointer<QObject> self(this);
        auto closure = line_->take();
        const bool last = event->type() == QEvent::DeferredDelete;
        while (closure) {
            closure();  // may be the end of this receiver
            if (!self) return true;
            closure = last ? line_->take() : nullptr;
        }
        return QObject::event(event);
    }

private:
    std::shared_ptr<Line> line_;
};

/// What the copies of a context share.
class GuiContext::Holder {
public:
    explicit Holder(std::shared_ptr<Line> line) : line(std::move(line)) {}
    ~Holder() { line->retire(); }
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;

    const std::shared_ptr<Line> line;
};

GuiContext::GuiContext(QObject* object) {
    if (!object) return;
    auto line = std::make_shared<Line>();
    line->open(new Receiver(line, object));
    holder_ = std::make_shared<Holder>(std::move(line));
}

void GuiContext::post(std::function<void()> closure) const {
    if (holder_) holder_->line->post(std::move(closure));
}

}  // namespace pellucid::app
