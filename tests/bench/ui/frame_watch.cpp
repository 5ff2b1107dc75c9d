#include "tests/bench/ui/frame_watch.h"

#include <QAbstractEventDispatcher>
#include <QQuickWindow>
#include <algorithm>
#include <ctime>
#include <utility>

namespace pellucid::bench {

namespace {

double threadMs() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

/// Room for a whole run, touched: what the bench writes down must not count as growth.
std::vector<double> room() {
    std::vector<double> values(1 << 15);
    values.clear();
    return values;
}

}  // namespace

FrameWatch::FrameWatch(QQuickWindow* window) : processor_(room()), awake_(room()), threadThen_(threadMs()) {
    slice_.start();
    auto* dispatcher = QAbstractEventDispatcher::instance();
    connect(dispatcher, &QAbstractEventDispatcher::awake, this, [this] { slice_.restart(); });
    connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this,
            [this] { awakeSum_ += static_cast<double>(slice_.nsecsElapsed()) * 1e-6; });
    for (std::vector<double>& values : phases_) values = room();
    markThen_ = threadThen_;
    connect(window, &QQuickWindow::afterAnimating, this, [this] { mark(0); }, Qt::DirectConnection);
    connect(window, &QQuickWindow::beforeSynchronizing, this, [this] { mark(1); }, Qt::DirectConnection);
    connect(window, &QQuickWindow::afterSynchronizing, this, [this] { mark(2); }, Qt::DirectConnection);
    connect(window, &QQuickWindow::frameSwapped, this, [this] {
        mark(3);
        for (int i = 0; i < kPhases; ++i)
            phases_[static_cast<std::size_t>(i)].push_back(std::exchange(now_[static_cast<std::size_t>(i)], 0));
        const double now = threadMs();
        processor_.push_back(now - threadThen_);
        awake_.push_back(awakeSum_ + static_cast<double>(slice_.nsecsElapsed()) * 1e-6);
        slice_.restart();
        threadThen_ = now;
        awakeSum_ = 0;
    });
}

const char* FrameWatch::name(int phase) {
    constexpr const char* kNames[kPhases] = {"events and bindings", "polish", "sync", "render and swap"};
    return kNames[phase];
}

void FrameWatch::mark(int phase) {
    const double now = threadMs();
    now_[static_cast<std::size_t>(phase)] += now - markThen_;
    markThen_ = now;
}

void FrameWatch::clear() {
    for (std::vector<double>& values : phases_) values.clear();
    processor_.clear();
    awake_.clear();
}

double at(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

}  // namespace pellucid::bench
