// The network page: the offline switch, whose hubs, which way out, how fast; the token, which lies in the
// keychain; and the ledger.
#pragma once

#include <QObject>
#include <QQmlEngine>

#include "app/models/network_ledger_model.h"
#include "app/models/network_source.h"
#include "app/settings/setting_values.h"

namespace pellucid::app {

class NetworkController : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(NetworkController)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(pellucid::app::NetworkLedgerModel* ledger READ ledger CONSTANT)
    Q_PROPERTY(bool offline READ offline WRITE setOffline NOTIFY changed)
    Q_PROPERTY(QString endpoint READ endpoint WRITE setEndpoint NOTIFY changed)  ///< empty: huggingface.co
    Q_PROPERTY(QString otherEndpoint READ otherEndpoint WRITE setOtherEndpoint NOTIFY changed)
    Q_PROPERTY(
        int proxy READ proxy WRITE setProxy NOTIFY changed)  ///< 0: as the system, 1: none, 2: proxyUrl
    Q_PROPERTY(QString proxyUrl READ proxyUrl WRITE setProxyUrl NOTIFY changed)
    Q_PROPERTY(QString noProxy READ noProxy WRITE setNoProxy NOTIFY changed)  ///< hosts, comma separated
    Q_PROPERTY(int limit READ limit WRITE setLimit NOTIFY changed)            ///< kB a second; 0: none
    /// Hours for downloads: minutes since midnight, 0 to 1439. Equal: downloads run at any time.
    Q_PROPERTY(int fromMinute READ fromMinute NOTIFY changed)
    Q_PROPERTY(int toMinute READ toMinute NOTIFY changed)
    Q_PROPERTY(bool scheduled READ scheduled NOTIFY changed)
    /// Addresses of mirrors, comma separated; with one that isAddress() refuses, nothing is taken.
    Q_PROPERTY(QString mirrors READ mirrors WRITE setMirrors NOTIFY changed)
    Q_PROPERTY(bool tokenKept READ tokenKept NOTIFY tokenChanged)
    Q_PROPERTY(QString tokenProblem READ tokenProblem NOTIFY tokenChanged)
    Q_PROPERTY(QStringList changedKeys READ changedKeys NOTIFY changed)

public:
    NetworkController(NetworkSource& source, TokenKeeper& token, SettingStore& store,
                      QObject* parent = nullptr);

    NetworkLedgerModel* ledger() { return &ledger_; }
    bool offline() const { return choices_.offline; }
    void setOffline(bool offline);
    QString endpoint() const { return choices_.endpoint; }
    void setEndpoint(const QString& url);
    QString otherEndpoint() const { return choices_.otherEndpoint; }
    void setOtherEndpoint(const QString& url);
    int proxy() const { return choices_.proxy; }
    void setProxy(int how);
    QString proxyUrl() const { return choices_.proxyUrl; }
    void setProxyUrl(const QString& url);
    QString noProxy() const { return choices_.noProxy; }
    void setNoProxy(const QString& hosts);
    int limit() const { return choices_.limit; }
    void setLimit(int kilobytes);
    int fromMinute() const { return choices_.fromMinute; }
    int toMinute() const { return choices_.toMinute; }
    bool scheduled() const { return choices_.fromMinute != choices_.toMinute; }
    /// Equal minutes: no hours. Refused where either is no minute of a day.
    Q_INVOKABLE void setHours(int fromMinute, int toMinute);
    QString mirrors() const { return choices_.mirrors.join(QStringLiteral(", ")); }
    void setMirrors(const QString& addresses);
    bool tokenKept() const { return !choices_.token.isEmpty(); }
    QString tokenProblem() const { return tokenProblem_; }
    QStringList changedKeys() const;

    Q_INVOKABLE void reset(const QString& key);
    /// Empty: the keychain forgets it.
    Q_INVOKABLE void keepToken(const QString& token);
    /// A proxy or a hub's address as it may be typed; empty is the default.
    Q_INVOKABLE static bool isAddress(const QString& url);
    /// Puts the stored choices in force, and asks the keychain.
    void start();
    void retranslate();

    /// The same of mirrors: each of them, and http or https alone.
    Q_INVOKABLE static bool areMirrors(const QString& addresses);

    static QVariantMap defaultValues();

signals:
    void changed();
    void tokenChanged();

private:
    void keep(const char* key, const QVariant& value, const QVariant& usual);
    void use();

    NetworkSource& source_;
    TokenKeeper& token_;
    SettingStore& store_;
    NetworkLedgerModel ledger_;
    NetworkChoices choices_;
    QString tokenProblem_;
};

}  // namespace pellucid::app
