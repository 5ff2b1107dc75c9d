// What the GUI thread does between two frames.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <vector>

class QQuickWindow;

namespace pellucid::bench {

/// Milliseconds: `processor` of the GUI thread between two frames, `awake` the wall time it was not waiting.
class FrameWatch : public QObject {
public:
    explicit FrameWatch(QQuickWindow* window);
    void clear();
    const std::vector<double>& processor() const { return processor_; }
    const std::vector<double>& awake() const { return awake_; }

private:
    std::vector<double> processor_, awake_;
    double threadThen_, awakeSum_ = 0;
    QElapsedTimer slice_;
};

/// The value below which that share of the values lies; 0 of none.
double at(std::vector<double> values, double share);

}  // namespace pellucid::bench
