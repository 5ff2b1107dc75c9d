// One download as its row says it. An object and not roles of a list: a string that a QML type stores is
// rubbish for its collector at the next change, and collecting costs a frame; properties of an object are
// read by compiled bindings and leave nothing behind.
#pragma once

#include <QObject>
#include <QQmlEngine>

#include "app/models/download_source.h"

namespace pellucid::app {

class DownloadItem : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(DownloadItem)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(QString downloadId READ downloadId CONSTANT FINAL)
    Q_PROPERTY(QString name READ name NOTIFY phaseChanged FINAL)
    /// "queued" "running" "checking" "retrying" "paused" "failed" "done"
    Q_PROPERTY(QString phase READ phase NOTIFY phaseChanged FINAL)
    Q_PROPERTY(
        QString hint READ hint NOTIFY phaseChanged FINAL)  ///< what a person can do about status; or empty
    Q_PROPERTY(QString figures READ figures NOTIFY figuresChanged FINAL)  ///< "3.05 of 4.92 GB"
    /// "28.1 MB/s · 1 min 6 s left", "Connection lost. Retrying in 8 s"
    Q_PROPERTY(QString status READ status NOTIFY statusChanged FINAL)
    Q_PROPERTY(
        QString description READ description NOTIFY descriptionChanged FINAL)  ///< name, figures, status
    Q_PROPERTY(double share READ share NOTIFY shareChanged FINAL)              ///< 0 to 1
    Q_PROPERTY(QString percent READ percent NOTIFY shareChanged FINAL)         ///< "62 %"

public:
    explicit DownloadItem(DownloadState state, QObject* parent = nullptr);

    const DownloadState& state() const { return state_; }
    /// Takes a later state; its bar moves when the step can be seen. False: it is at something else than
    /// before (another phase, name, size or problem) and has said so; true: only its count goes on, and
    /// say() is due.
    bool countsOn(const DownloadState& later);
    /// Says figures and status as the state is now; nothing is announced that reads the same.
    void say();

    QString downloadId() const { return state_.id; }
    QString name() const { return state_.name; }
    QString phase() const;
    QString hint() const { return state_.problem.hint; }
    QString figures() const { return figures_; }
    QString status() const { return status_; }
    QString description() const;
    double share() const;
    QString percent() const;

signals:
    void phaseChanged();
    void figuresChanged();
    void statusChanged();
    void descriptionChanged();
    void shareChanged();

private:
    DownloadState state_;
    QString figures_, status_;
};

}  // namespace pellucid::app
