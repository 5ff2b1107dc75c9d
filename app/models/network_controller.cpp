#include "app/models/network_controller.h"

#include <QUrl>

#include "app/base/wording.h"

namespace pellucid::app {

QVariantMap NetworkController::defaultValues() {
    return {{QStringLiteral("network.offline"), false},
            {QStringLiteral("network.endpoint"), QString()},
            {QStringLiteral("network.otherEndpoint"), QString()},
            {QStringLiteral("network.proxy"), static_cast<int>(NetworkChoices::System)},
            {QStringLiteral("network.proxyUrl"), QString()},
            {QStringLiteral("network.noProxy"), QString()},
            {QStringLiteral("network.limit"), 0}};
}

NetworkController::NetworkController(NetworkSource& source, TokenKeeper& token, SettingStore& store,
                                     QObject* parent)
    : QObject(parent), source_(source), token_(token), store_(store), ledger_(source) {
    SettingValues values(defaultValues());
    values.load(store_.read({}));
    choices_.offline = values.value(QStringLiteral("network.offline")).toBool();
    choices_.endpoint = values.value(QStringLiteral("network.endpoint")).toString();
    choices_.otherEndpoint = values.value(QStringLiteral("network.otherEndpoint")).toString();
    choices_.proxy = qBound(0, values.value(QStringLiteral("network.proxy")).toInt(), 2);
    choices_.proxyUrl = values.value(QStringLiteral("network.proxyUrl")).toString();
    choices_.noProxy = values.value(QStringLiteral("network.noProxy")).toString();
    choices_.limit = qMax(0, values.value(QStringLiteral("network.limit")).toInt());
}

void NetworkController::start() {
    use();
    token_.read(this, [this](const QString& token, const Problem& problem) {
        choices_.token = token;
        // No keychain is no mistake: it is said where a token is to be kept, and not before.
        Q_UNUSED(problem)
        emit tokenChanged();
        if (!token.isEmpty()) use();
    });
}

void NetworkController::use() {
    source_.use(choices_);
}

void NetworkController::keep(const char* key, const QVariant& value, const QVariant& usual) {
    store_.write({}, QString::fromLatin1(key), value == usual ? QVariant() : value);
    emit changed();
    use();
}

void NetworkController::setOffline(bool offline) {
    if (offline == choices_.offline) return;
    choices_.offline = offline;
    keep("network.offline", offline, false);
}

void NetworkController::setEndpoint(const QString& url) {
    if (url == choices_.endpoint || !isAddress(url)) return;
    choices_.endpoint = url;
    keep("network.endpoint", url, QString());
}

void NetworkController::setOtherEndpoint(const QString& url) {
    if (url == choices_.otherEndpoint || !isAddress(url)) return;
    choices_.otherEndpoint = url;
    keep("network.otherEndpoint", url, QString());
}

void NetworkController::setProxy(int how) {
    if (how == choices_.proxy || how < 0 || how > 2) return;
    choices_.proxy = how;
    keep("network.proxy", how, 0);
}

void NetworkController::setProxyUrl(const QString& url) {
    if (url == choices_.proxyUrl || !isAddress(url)) return;
    choices_.proxyUrl = url;
    keep("network.proxyUrl", url, QString());
}

void NetworkController::setNoProxy(const QString& hosts) {
    if (hosts == choices_.noProxy) return;
    choices_.noProxy = hosts;
    keep("network.noProxy", hosts, QString());
}

void NetworkController::setLimit(int kilobytes) {
    if (kilobytes == choices_.limit || kilobytes < 0) return;
    choices_.limit = kilobytes;
    keep("network.limit", kilobytes, 0);
}

QStringList NetworkController::changedKeys() const {
    QStringList keys;
    if (choices_.offline) keys.append(QStringLiteral("offline"));
    if (!choices_.endpoint.isEmpty()) keys.append(QStringLiteral("endpoint"));
    if (!choices_.otherEndpoint.isEmpty()) keys.append(QStringLiteral("otherEndpoint"));
    if (choices_.proxy != 0) keys.append(QStringLiteral("proxy"));
    if (!choices_.proxyUrl.isEmpty()) keys.append(QStringLiteral("proxyUrl"));
    if (!choices_.noProxy.isEmpty()) keys.append(QStringLiteral("noProxy"));
    if (choices_.limit != 0) keys.append(QStringLiteral("limit"));
    return keys;
}

void NetworkController::reset(const QString& key) {
    if (key == QLatin1String("offline")) setOffline(false);
    if (key == QLatin1String("endpoint")) setEndpoint({});
    if (key == QLatin1String("otherEndpoint")) setOtherEndpoint({});
    if (key == QLatin1String("proxy")) setProxy(0);
    if (key == QLatin1String("proxyUrl")) setProxyUrl({});
    if (key == QLatin1String("noProxy")) setNoProxy({});
    if (key == QLatin1String("limit")) setLimit(0);
}

void NetworkController::keepToken(const QString& token) {
    const QString bare = token.trimmed();
    token_.write(bare, this, [this, bare](const Problem& problem) {
        tokenProblem_ = problem ? sentences(problem.what, problem.hint) : QString();
        // Where the desktop keeps nothing, the token serves until the end of the session.
        choices_.token = bare;
        emit tokenChanged();
        use();
    });
}

bool NetworkController::isAddress(const QString& url) {
    if (url.isEmpty()) return true;
    const QUrl parsed(url, QUrl::StrictMode);
    static const QStringList kSchemes = {QStringLiteral("http"), QStringLiteral("https"),
                                         QStringLiteral("socks5"), QStringLiteral("socks5h")};
    return parsed.isValid() && kSchemes.contains(parsed.scheme()) && !parsed.host().isEmpty();
}

void NetworkController::retranslate() {
    ledger_.retranslate();
    emit tokenChanged();
}

}  // namespace pellucid::app

#include "moc_network_controller.cpp"
