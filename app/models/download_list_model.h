// The downloads drawer: a row for each, and one line of totals. The source may report a thousand times a
// second; rows change at most ten times a second, and only those that differ. What happens (another phase, a
// row more) is shown at once. Figures that only count on take turns, one text at a time: a frame's work does
// not grow with the number of downloads, and no figure flickers faster than it is read.
#pragma once

#include <QAbstractListModel>
#include <QHash>
#include <QQmlEngine>
#include <QTimer>

#include "app/models/download_item.h"

namespace pellucid::app {

class DownloadListModel : public QAbstractListModel {
    Q_OBJECT
    QML_NAMED_ELEMENT(DownloadListModel)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(int count READ count NOTIFY countChanged FINAL)
    /// "1 running, 1 checking, 1 waiting · 28.1 MB/s · 209 GB free after"
    Q_PROPERTY(QString summary READ summary NOTIFY summaryChanged FINAL)
    Q_PROPERTY(bool canPauseAll READ canPauseAll NOTIFY phasesChanged FINAL)
    Q_PROPERTY(bool canResumeAll READ canResumeAll NOTIFY phasesChanged FINAL)

public:
    enum Role {
        DownloadRole = Qt::UserRole + 1,  ///< download: the row's DownloadItem
    };

    explicit DownloadListModel(DownloadSource& source, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    int count() const { return static_cast<int>(rows_.size()); }
    QString summary() const;
    bool canPauseAll() const;
    bool canResumeAll() const;

    Q_INVOKABLE void pause(const QString& id) { source_.pause(id); }
    Q_INVOKABLE void resume(const QString& id) { source_.resume(id); }
    Q_INVOKABLE void cancel(const QString& id) { source_.cancel(id); }
    Q_INVOKABLE void pauseAll();
    Q_INVOKABLE void resumeAll();

    DownloadItem* item(int row) const { return rows_[static_cast<std::size_t>(row)].item; }
    const DownloadState* ofModel(const QString& modelId) const;
    /// Free bytes of the disk that models go to; -1: not known.
    void setFreeDisk(double bytes);
    /// How long a finished row stays, and how far apart two changes are at least. Tests shorten them.
    void setTimes(int lingerMs, int stepMs);
    /// With motion reduced a second lies between two changes.
    void setStill(bool still) { setTimes(lingerMs_, still ? 1000 : 100); }
    void retranslate();

    /// Rows that were looked at and changed since the start: what a test of the frame's work counts.
    int updates() const { return updates_; }

signals:
    void countChanged();
    void summaryChanged();
    void phasesChanged();
    /// Something of a model's download is another phase or another percent.
    void modelChanged(const QString& modelId);
    void finished(const QString& name, const QString& path);
    void failed(const QString& name, const QString& what, const QString& hint);

private:
    struct Row {
        DownloadItem* item;  // ours; QML lets go of it when its row is gone
        qint64 saidAt = 0;   // on the monotonic clock
        bool stale = false;  // its state has gone on since

        const DownloadState& state() const { return item->state(); }
    };

    void take(std::vector<DownloadState> all);
    void tick();
    bool apply(std::vector<DownloadState> now);
    void say(Row& row);
    void remove(int row);
    void takeTurns(bool happened);
    void leave();
    int rowOf(const QString& id) const;

    DownloadSource& source_;
    std::vector<Row> rows_;
    std::vector<DownloadState> pending_;
    bool waiting_ = false, told_ = false;
    qint64 summaryAt_ = 0;
    bool summaryStale_ = false;
    QTimer step_, linger_;
    int lingerMs_ = 4000;
    QHash<QString, qint64> doneAt_;  // id -> when, on the monotonic clock
    QStringList left_;               // done, and gone from the drawer
    double freeDisk_ = -1;
    int updates_ = 0;
};

}  // namespace pellucid::app
