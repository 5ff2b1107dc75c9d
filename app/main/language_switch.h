// Translators and number formats follow the language setting.
#pragma once

#include <QLocale>
#include <QTranslator>

class QQmlEngine;

namespace pellucid::app {

class AppContext;

class LanguageSwitch {
public:
    /// `context` is told the language; null before there is one.
    explicit LanguageSwitch(AppContext* context) : context_(context) {}
    ~LanguageSwitch();

    /// "" follows the system. Takes effect at once; `engine`, if there, re-reads its texts.
    void use(const QString& setting, QQmlEngine* engine);

    /// "en" or "zh_CN".
    static QString decide(const QString& setting, const QLocale& system);

private:
    AppContext* context_;
    QTranslator translator_;
    QString installed_;
};

}  // namespace pellucid::app
