// The app's own settings: one object behind the settings form. Saved at once.
#pragma once

#include <QObject>
#include <QQmlEngine>

#include "app/settings/setting_values.h"

namespace pellucid::app {

class SettingsBackend : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(SettingsBackend)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(Theme theme READ theme WRITE setTheme NOTIFY changed)
    /// "" follows the system, "en", "zh_CN".
    Q_PROPERTY(QString language READ language WRITE setLanguage NOTIFY changed)
    Q_PROPERTY(ThoughtDisplay thoughtDisplay READ thoughtDisplay WRITE setThoughtDisplay NOTIFY changed)
    Q_PROPERTY(bool autoScroll READ autoScroll WRITE setAutoScroll NOTIFY changed)
    Q_PROPERTY(bool reducedMotion READ reducedMotion WRITE setReducedMotion NOTIFY changed)
    Q_PROPERTY(bool highContrast READ highContrast WRITE setHighContrast NOTIFY changed)
    Q_PROPERTY(bool showStatistics READ showStatistics WRITE setShowStatistics NOTIFY changed)
    Q_PROPERTY(int zoom READ zoom WRITE setZoom NOTIFY changed)  ///< per cent, 80 to 200
    Q_PROPERTY(int sidebarWidth READ sidebarWidth WRITE setSidebarWidth NOTIFY changed)  ///< 220 to 360
    Q_PROPERTY(bool sidebarOpen READ sidebarOpen WRITE setSidebarOpen NOTIFY changed)
    Q_PROPERTY(bool loadModelAtStart READ loadModelAtStart WRITE setLoadModelAtStart NOTIFY changed)
    Q_PROPERTY(QString dataFolder READ dataFolder CONSTANT)            ///< shown; chosen by --data-dir
    Q_PROPERTY(QString modelsFolder READ modelsFolder NOTIFY changed)  ///< GGUF files put here are listed
    /// Seconds after which a model that nobody uses is unloaded; -1: never, 0: at once.
    Q_PROPERTY(int keepAliveSeconds READ keepAliveSeconds WRITE setKeepAliveSeconds NOTIFY changed)
    /// Names of properties that differ from their default: `settings.changedKeys.includes("zoom")`.
    Q_PROPERTY(QStringList changedKeys READ changedKeys NOTIFY changed)
    Q_PROPERTY(QVariantMap defaults READ defaults CONSTANT)

public:
    enum Theme { MatchSystem, Light, Dark };
    Q_ENUM(Theme)
    enum ThoughtDisplay {
        AlwaysOpen,
        WhileThinking,  ///< open while live, folds when the answer starts
        AlwaysClosed,
    };
    Q_ENUM(ThoughtDisplay)

    SettingsBackend(SettingStore& store, const QString& dataFolder, QObject* parent = nullptr);

    Theme theme() const { return static_cast<Theme>(values_.value(QStringLiteral("theme")).toInt()); }
    void setTheme(Theme theme) { set(QStringLiteral("theme"), static_cast<int>(theme)); }
    QString language() const { return values_.value(QStringLiteral("language")).toString(); }
    void setLanguage(const QString& language) { set(QStringLiteral("language"), language); }
    ThoughtDisplay thoughtDisplay() const {
        return static_cast<ThoughtDisplay>(values_.value(QStringLiteral("thoughtDisplay")).toInt());
    }
    void setThoughtDisplay(ThoughtDisplay display) {
        set(QStringLiteral("thoughtDisplay"), static_cast<int>(display));
    }
    bool autoScroll() const { return flag("autoScroll"); }
    void setAutoScroll(bool on) { set(QStringLiteral("autoScroll"), on); }
    bool reducedMotion() const { return wish("motion", desktopReducedMotion_); }
    void setReducedMotion(bool on) { setWish("motion", on, desktopReducedMotion_); }
    bool highContrast() const { return wish("contrast", desktopHighContrast_); }
    void setHighContrast(bool on) { setWish("contrast", on, desktopHighContrast_); }
    bool showStatistics() const { return flag("showStatistics"); }
    void setShowStatistics(bool on) { set(QStringLiteral("showStatistics"), on); }
    int zoom() const { return values_.value(QStringLiteral("zoom")).toInt(); }
    void setZoom(int percent) { set(QStringLiteral("zoom"), qBound(80, percent, 200)); }
    int sidebarWidth() const { return values_.value(QStringLiteral("sidebarWidth")).toInt(); }
    void setSidebarWidth(int width) { set(QStringLiteral("sidebarWidth"), qBound(220, width, 360)); }
    bool sidebarOpen() const { return flag("sidebarOpen"); }
    void setSidebarOpen(bool open) { set(QStringLiteral("sidebarOpen"), open); }
    bool loadModelAtStart() const { return flag("loadModelAtStart"); }
    void setLoadModelAtStart(bool on) { set(QStringLiteral("loadModelAtStart"), on); }
    QString dataFolder() const { return dataFolder_; }
    QString modelsFolder() const;
    /// Where the library was moved to.
    void setModelsFolder(const QString& folder);
    int keepAliveSeconds() const { return values_.value(QStringLiteral("keepAliveSeconds")).toInt(); }
    void setKeepAliveSeconds(int seconds) { set(QStringLiteral("keepAliveSeconds"), qMax(-1, seconds)); }
    QStringList changedKeys() const;
    QVariantMap defaults() const;

    Q_INVOKABLE void reset(const QString& key);
    Q_INVOKABLE void resetAll();

    /// Not on the form: the model used last, by path; the conversation shown last.
    QString lastModel() const { return values_.value(QStringLiteral("lastModel")).toString(); }
    void setLastModel(const QString& path) { set(QStringLiteral("lastModel"), path); }

    /// What the desktop asks for; in force until the person chooses.
    void setDesktop(bool reducedMotion, bool highContrast);

    static QVariantMap defaultValues();

signals:
    void changed();
    void themeChanged();
    void languageChanged();
    void thoughtDisplayChanged();

private:
    /// A switch that follows the desktop until it is turned by hand.
    enum Wish { AsDesktop, On, Off };
    bool wish(const char* key, bool desktop) const {
        const int chosen = values_.value(QString::fromLatin1(key)).toInt();
        return chosen == AsDesktop ? desktop : chosen == On;
    }
    void setWish(const char* key, bool on, bool desktop) {
        set(QString::fromLatin1(key), on == desktop ? AsDesktop : on ? On : Off);
    }
    bool flag(const char* key) const { return values_.value(QString::fromLatin1(key)).toBool(); }
    void set(const QString& key, const QVariant& value);
    void announce(const QString& key);

    SettingStore& store_;
    QString dataFolder_;
    bool desktopReducedMotion_ = false, desktopHighContrast_ = false;
    SettingValues values_{defaultValues()};
};

}  // namespace pellucid::app
