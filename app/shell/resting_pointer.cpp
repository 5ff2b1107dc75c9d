#include "app/shell/resting_pointer.h"

#include <QCoreApplication>
#include <QMouseEvent>
#include <QQuickWindow>

namespace pellucid::app {

RestingPointer::RestingPointer(QQuickWindow* window) : QObject(window), window_(window) {
    window->installEventFilter(this);
    connect(window, &QQuickWindow::afterAnimating, this, &RestingPointer::countFrame);
}

bool RestingPointer::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
        case QEvent::MouseMove:
        case QEvent::MouseButtonPress:
        case QEvent::MouseButtonRelease:
            at_ = static_cast<QMouseEvent*>(event)->position();
            pressed_ = static_cast<QMouseEvent*>(event)->buttons() != Qt::NoButton;
            frames_ = 0;
            break;
        case QEvent::Leave:
            at_ = {};
            break;
        default:
            break;
    }
    return QObject::eventFilter(watched, event);
}

void RestingPointer::countFrame() {
    if (++frames_ < kFrames) return;
    frames_ = 0;
    // Not from within the frame.
    if (!pressed_) QMetaObject::invokeMethod(this, &RestingPointer::moveToWhereItIs, Qt::QueuedConnection);
}

void RestingPointer::moveToWhereItIs() {
    if (pressed_) return;
    QMouseEvent move(QEvent::MouseMove, at_, window_->mapToGlobal(at_), Qt::NoButton, Qt::NoButton,
                     Qt::NoModifier);
    QCoreApplication::sendEvent(window_, &move);
}

}  // namespace pellucid::app
