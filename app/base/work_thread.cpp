#include "app/base/work_thread.h"

#include <QCoreApplication>
#include <QMetaObject>

namespace pellucid::app {

void deliverToGui(const QPointer<QObject>& context, std::function<void()> closure) {
    QCoreApplication* application = QCoreApplication::instance();
    if (!application) return;  // shutting down: nobody is left to be told
    // The application object carries the event, so that `context` is only touched in its own thread.
    QMetaObject::invokeMethod(
        application,
        [context, closure = std::move(closure)] {
            if (context) closure();
        },
        Qt::QueuedConnection);
}

WorkThread::WorkThread(const QString& name) : worker_(new QObject) {
    thread_.setObjectName(name);
    // KaTeX and deep Markdown recurse; 1 MiB was seen to be too little, 8 costs only address space.
    thread_.setStackSize(8u << 20);
    worker_->moveToThread(&thread_);
    QObject::connect(&thread_, &QThread::finished, worker_, &QObject::deleteLater);
    thread_.start();
}

WorkThread::~WorkThread() {
    drain();
    thread_.quit();
    thread_.wait();
}

void WorkThread::post(std::function<void()> work) {
    QMetaObject::invokeMethod(
        worker_, [work = std::move(work)] { work(); }, Qt::QueuedConnection);
}

void WorkThread::drain() {
    if (QThread::currentThread() == &thread_) return;
    QMetaObject::invokeMethod(
        worker_, [] {}, Qt::BlockingQueuedConnection);
}

}  // namespace pellucid::app
