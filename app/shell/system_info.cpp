#include "app/shell/system_info.h"

#include <QFile>
#include <QLocale>
#include <QThread>
#include <filesystem>
#include <system_error>

namespace pellucid::app {

namespace {

/// A line of /proc/meminfo, in bytes; 0 when it is not there.
double memoryLine(const QByteArray& meminfo, const char* name) {
    const qsizetype at = meminfo.indexOf(name);
    if (at < 0) return 0;
    const QByteArray line = meminfo.mid(at, meminfo.indexOf('\n', at) - at);
    return line.mid(line.indexOf(':') + 1).simplified().split(' ').value(0).toDouble() * 1024;
}

QString gibibytes(double bytes, int decimals) {
    return QLocale().toString(bytes / (1024.0 * 1024 * 1024), 'f', decimals);
}

}  // namespace

SystemInfo::SystemInfo(const QString& dataFolder, QObject* parent)
    : QObject(parent), dataFolder_(dataFolder) {
    timer_.setInterval(2000);
    timer_.setTimerType(Qt::VeryCoarseTimer);
    connect(&timer_, &QTimer::timeout, this, &SystemInfo::refresh);
    deviceText_ = tr("CPU");
    refresh();
}

QString SystemInfo::memoryText() const {
    return tr("%1 / %2 GiB").arg(gibibytes(memoryUsed_, 1), gibibytes(memoryTotal_, 1));
}

QString SystemInfo::description() const {
    return tr("%1, memory %2").arg(deviceText_, memoryText());
}

QString SystemInfo::memoryTotalText() const {
    return tr("%1 GiB").arg(gibibytes(memoryTotal_, 1));
}

int SystemInfo::cores() const {
    return QThread::idealThreadCount();
}

QString SystemInfo::freeDiskText() const {
    if (freeDisk_ < 0) return QStringLiteral("–");
    return tr("%1 GB").arg(QLocale().toString(freeDisk_ / 1e9, 'f', 0));
}

void SystemInfo::setActive(bool active) {
    if (timer_.isActive() == active) return;
    if (active) {
        refresh();
        timer_.start();
    } else {
        timer_.stop();
    }
    emit activeChanged();
}

void SystemInfo::setDevice(const QString& text, const QString& detail) {
    deviceText_ = text;
    deviceDetail_ = detail;
    emit deviceChanged();
    emit memoryChanged();  // the description
}

void SystemInfo::refresh() {
    QFile file(QStringLiteral("/proc/meminfo"));
    if (file.open(QIODevice::ReadOnly)) {
        const QByteArray meminfo = file.readAll();
        memoryTotal_ = memoryLine(meminfo, "MemTotal");
        memoryUsed_ = memoryTotal_ - memoryLine(meminfo, "MemAvailable");
    }
    // Not QStorageInfo: it reads the mount table, which a container or a chroot may not have.
    std::error_code failed;
    const auto space = std::filesystem::space(dataFolder_.toStdString(), failed);
    freeDisk_ = failed ? -1 : static_cast<double>(space.available);
    emit memoryChanged();
}

}  // namespace pellucid::app

#include "moc_system_info.cpp"
