// What is being fetched, as the views see it.
#pragma once

#include <QObject>
#include <functional>

#include "app/models/offered_model.h"

namespace pellucid::app {

struct DownloadState {
    enum Phase { Queued, Running, Checking, Retrying, Paused, Failed, Done };
    QString id;
    QString modelId;  ///< OfferedModel::id, where it was one
    QString name;
    QString path;  ///< of the finished (first) file
    Phase phase = Queued;
    quint64 bytes = 0, total = 0;
    double rate = 0;          ///< bytes a second, smoothed
    double secondsLeft = -1;  ///< -1: not known
    int retryIn = 0;          ///< seconds
    Problem problem;          ///< of Retrying, Paused (by the app) and Failed
    quint64 left() const { return total > bytes ? total - bytes : 0; }
    bool operator==(const DownloadState&) const;
};

/// Calls return at once; callbacks run in the GUI thread, unless `context` is gone by then.
class DownloadSource {
public:
    virtual ~DownloadSource() = default;
    /// `changed` is told the whole list, in its order: now, and after every change. It may come often: the
    /// view model passes it on at most ten times a second.
    virtual void watch(QObject* context, std::function<void(std::vector<DownloadState>)> changed) = 0;
    /// `then`: why it could not even be queued.
    virtual void start(const OfferedModel& model, const OfferedFile& file, QObject* context,
                       std::function<void(Problem)> then) = 0;
    virtual void pause(const QString& id) = 0;
    /// Also from Failed, and at once from Retrying.
    virtual void resume(const QString& id) = 0;
    /// Takes it off the list, with what was fetched of it.
    virtual void cancel(const QString& id) = 0;
    /// A finished one that the window has shown long enough: it leaves the list, as soon as what is known of
    /// its files is kept with the model.
    virtual void forget(const QString& id) = 0;
};

}  // namespace pellucid::app
