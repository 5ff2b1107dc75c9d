// What this machine is and what the app uses of it, for the sidebar's foot and the first run.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <QTimer>

namespace pellucid::app {

class SystemInfo : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(SystemInfo)
    QML_UNCREATABLE("Made by the app")
    /// The device a model runs on: "CPU, AVX-512 VNNI", "RTX 4070".
    Q_PROPERTY(QString deviceText READ deviceText NOTIFY deviceChanged FINAL)
    Q_PROPERTY(QString deviceDetail READ deviceDetail NOTIFY deviceChanged FINAL)
    Q_PROPERTY(double memoryUsed READ memoryUsed NOTIFY memoryChanged FINAL)    ///< bytes, the whole machine
    Q_PROPERTY(double memoryTotal READ memoryTotal NOTIFY memoryChanged FINAL)  ///< bytes
    Q_PROPERTY(QString memoryText READ memoryText NOTIFY memoryChanged FINAL)   ///< "6.9 / 12 GiB"
    Q_PROPERTY(QString description READ description NOTIFY memoryChanged
                   FINAL)  ///< device and memory, as one sentence
    Q_PROPERTY(QString memoryTotalText READ memoryTotalText NOTIFY memoryChanged FINAL)  ///< "31.2 GiB"
    Q_PROPERTY(int cores READ cores CONSTANT FINAL)
    Q_PROPERTY(QString freeDiskText READ freeDiskText NOTIFY memoryChanged FINAL)  ///< "219 GB"
    /// Refreshed every two seconds while true; the window sets it while it is visible.
    Q_PROPERTY(bool active READ active WRITE setActive NOTIFY activeChanged FINAL)

public:
    explicit SystemInfo(const QString& dataFolder, QObject* parent = nullptr);

    QString deviceText() const { return deviceText_; }
    QString deviceDetail() const { return deviceDetail_; }
    double memoryUsed() const { return memoryUsed_; }
    double memoryTotal() const { return memoryTotal_; }
    QString memoryText() const;
    QString description() const;
    QString memoryTotalText() const;
    int cores() const;
    QString freeDiskText() const;
    double freeDisk() const { return freeDisk_; }  ///< bytes where the data lies; -1: not known
    bool active() const { return timer_.isActive(); }
    void setActive(bool active);

    void setDevice(const QString& text, const QString& detail);
    void refresh();

signals:
    void deviceChanged();
    void memoryChanged();
    void activeChanged();

private:
    QString dataFolder_;
    QString deviceText_, deviceDetail_;
    double memoryUsed_ = 0, memoryTotal_ = 0, freeDisk_ = 0;
    QTimer timer_;
};

}  // namespace pellucid::app
