// Keeps a pointer at rest from costing memory.
#pragma once

#include <QObject>
#include <QPointF>

class QQuickWindow;

namespace pellucid::app {

/// Before every frame Qt Quick tells the items below the pointer that it hovers, and Qt 6.4 writes every
/// handler that hears it into a list that only the pointer's own next event empties: under a pointer at rest
/// a streaming answer makes that list grow by some ten entries a frame, without end. So now and then the
/// pointer moves to where it is.
class RestingPointer : public QObject {
public:
    static constexpr int kFrames = 100;  ///< between two such events

    /// A child of `window`.
    explicit RestingPointer(QQuickWindow* window);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void countFrame();
    void moveToWhereItIs();

    QQuickWindow* window_;
    QPointF at_;  // in the window; (0, 0) while it is outside, as Qt has it
    bool pressed_ = false;
    int frames_ = 0;
};

}  // namespace pellucid::app
