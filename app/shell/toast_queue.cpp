#include "app/shell/toast_queue.h"

#include "app/base/wording.h"

namespace pellucid::app {

ToastQueue::ToastQueue(QObject* parent) : QObject(parent) {
    timer_.setSingleShot(true);
    timer_.setInterval(6000);
    connect(&timer_, &QTimer::timeout, this, &ToastQueue::dismiss);
}

ToastQueue::~ToastQueue() = default;

void ToastQueue::setHeld(bool held) {
    if (held_ == held) return;
    held_ = held;
    if (held_)
        timer_.stop();
    else if (visible() && !error())
        timer_.start();
    emit heldChanged();
}

void ToastQueue::show(Toast toast) {
    for (const Toast& waiting : std::as_const(toasts_))
        if (waiting.error && toast.error && waiting.text == toast.text)
            return;  // said already, and still there
    // A new sentence replaces one that only waits to leave; an error keeps its place until dismissed.
    if (visible() && !error()) {
        const Toast left = toasts_.takeFirst();
        toasts_.prepend(std::move(toast));
        if (left.gone) left.gone();
    } else {
        toasts_.append(std::move(toast));
    }
    next();
}

void ToastQueue::sayError(const QString& what, const QString& hint) {
    show({.text = sentences(what, hint), .error = true});
}

void ToastQueue::dismiss() {
    if (!visible()) return;
    const Toast left = toasts_.takeFirst();
    if (left.gone) left.gone();
    next();
}

void ToastQueue::act() {
    if (!visible()) return;
    const Toast left = toasts_.takeFirst();
    if (left.action) left.action();
    next();
}

void ToastQueue::next() {
    timer_.stop();
    if (visible() && !error() && !held_) timer_.start();
    emit changed();
}

}  // namespace pellucid::app

#include "moc_toast_queue.cpp"
