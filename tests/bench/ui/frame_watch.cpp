#include "tests/bench/ui/frame_watch.h"

#include <QAbstractEventDispatcher>
#include <QQuickWindow>
#include <algorithm>
#include <ctime>

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
    connect(window, &QQuickWindow::frameSwapped, this, [this] {
        const double now = threadMs();
        processor_.push_back(now - threadThen_);
        awake_.push_back(awakeSum_ + static_cast<double>(slice_.nsecsElapsed()) * 1e-6);
        slice_.restart();
        threadThen_ = now;
        awakeSum_ = 0;
    });
}

void FrameWatch::clear() {
    processor_.clear();
    awake_.clear();
}

double at(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

}  // namespace pellucid::bench
