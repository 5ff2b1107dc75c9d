#include "app/shell/app_context.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QUrl>

#include "app/settings/settings_backend.h"

namespace pellucid::app {

AppContext::AppContext(const Parts& parts, QObject* parent) : QObject(parent), parts_(parts) {
    connect(parts_.settings, &SettingsBackend::themeChanged, this, [this] {
        forcedDark_.reset();
        emit darkChanged();
    });
}

bool AppContext::dark() const {
    if (forcedDark_) return *forcedDark_;
    switch (parts_.settings->theme()) {
        case SettingsBackend::Light:
            return false;
        case SettingsBackend::Dark:
            return true;
        case SettingsBackend::MatchSystem:
            break;
    }
    return systemDark_;
}

QString AppContext::version() const {
    return QStringLiteral(PELLUCID_VERSION);
}

void AppContext::dismissNotice() {
    setNotice({}, {});
}

void AppContext::leaveFirstRun() {
    setFirstRun(false);
}

void AppContext::copyText(const QString& text) {
    if (QClipboard* clipboard = QGuiApplication::clipboard()) clipboard->setText(text);
}

void AppContext::openFolder(const QString& path) {
    QDesktopServices::openUrl(QUrl::fromLocalFile(path));
}

void AppContext::setLanguage(const QString& language) {
    if (language_ == language) return;
    language_ = language;
    emit languageChanged();
}

void AppContext::setFirstRun(bool firstRun) {
    if (firstRun_ == firstRun) return;
    firstRun_ = firstRun;
    emit firstRunChanged();
}

void AppContext::setNotice(const QString& what, const QString& hint) {
    if (noticeWhat_ == what && noticeHint_ == hint) return;
    noticeWhat_ = what;
    noticeHint_ = hint;
    emit noticeChanged();
}

void AppContext::forceDark(bool dark) {
    forcedDark_ = dark;
    emit darkChanged();
}

void AppContext::setSystemDark(bool dark) {
    if (systemDark_ == dark) return;
    systemDark_ = dark;
    emit darkChanged();
}

}  // namespace pellucid::app

#include "moc_app_context.cpp"
