// Carries a running reply's events into the GUI thread, at most once per frame.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/runtime/session.h"

namespace pellucid::app {

/// Everything that came since the last batch, neighbours of one channel joined.
struct ReplyBatch {
    struct Piece {
        Delta::Channel channel = Delta::Channel::answer;
        QString text;
        std::vector<int> tokens;
    };
    std::optional<PromptProgress> progress;
    std::vector<Piece> pieces;
    std::optional<Finish> finish;
};

class ReplyPump : public QObject {
    Q_OBJECT

public:
    /// Shortest time between two batches: one frame at 60 Hz.
    static constexpr int kFrameMs = 16;

    ReplyPump(std::shared_ptr<Reply> reply, std::function<void(ReplyBatch)> deliver,
              QObject* parent = nullptr);
    /// The engine no longer calls back when it returns; the reply is cancelled.
    ~ReplyPump() override;

    Reply& reply() { return *reply_; }
    std::shared_ptr<Reply> share() const { return reply_; }
    /// Waits for the end of a reply that was cancelled, at most so long, and delivers it: before its model
    /// goes away.
    void settle(int milliseconds);
    /// Nothing is delivered any more.
    void disarm();

private:
    void wake();
    void drain();

    std::shared_ptr<Reply> reply_;
    std::function<void(ReplyBatch)> deliver_;
    QTimer timer_;
    QElapsedTimer sinceDrain_;
};

}  // namespace pellucid::app
