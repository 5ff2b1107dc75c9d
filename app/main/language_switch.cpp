#include "app/main/language_switch.h"

#include <QCoreApplication>
#include <QQmlEngine>

#include "app/shell/app_context.h"

namespace pellucid::app {

LanguageSwitch::~LanguageSwitch() {
    QCoreApplication::removeTranslator(&translator_);
}

QString LanguageSwitch::decide(const QString& setting, const QLocale& system) {
    if (!setting.isEmpty()) return setting == QLatin1String("zh_CN") ? setting : QStringLiteral("en");
    return system.language() == QLocale::Chinese ? QStringLiteral("zh_CN") : QStringLiteral("en");
}

void LanguageSwitch::use(const QString& setting, QQmlEngine* engine) {
    const QLocale system = QLocale::system();
    const QString language = decide(setting, system);
    if (language != installed_) {
        QCoreApplication::removeTranslator(&translator_);
        // English too has a file, for its plural forms ("1 result", "2 results").
        if (translator_.load(QStringLiteral(":/i18n/pellucid_") + language))
            QCoreApplication::installTranslator(&translator_);
        installed_ = language;
    }
    const QLocale chosen(language);
    QLocale::setDefault(system.language() == chosen.language() ? system : chosen);
    if (context_) context_->setLanguage(language);
    if (engine) engine->retranslate();
}

}  // namespace pellucid::app
