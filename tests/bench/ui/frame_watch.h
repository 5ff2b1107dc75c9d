// What the GUI thread does between two frames.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <array>
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
    /// `processor` in its parts, in the order of names(); with a render thread the last two are not the GUI thread's.
    static constexpr int kPhases = 4;
    static const char* name(int phase);
    const std::vector<double>& phase(int phase) const { return phases_[static_cast<std::size_t>(phase)]; }

private:
    void mark(int phase);

    std::vector<double> processor_, awake_;
    std::array<std::vector<double>, kPhases> phases_;
    std::array<double, kPhases> now_ = {};
    double markThen_ = 0;
    double threadThen_, awakeSum_ = 0;
    QElapsedTimer slice_;
};

/// The value below which that share of the values lies; 0 of none.
double at(std::vector<double> values, double share);

}  // namespace pellucid::bench
