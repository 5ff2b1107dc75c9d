#include "app/models/network_controller.h"

#include <QUrl>
#include <algorithm>

#include "app/base/wording.h"

namespace pellucid::app {

namespace {

constexpr int kDay = 24 * 60;

/// "https://a, https://b" without empty ones.
QStringList addressesOf(const QString& text) {
    QStringList addresses;
    for (const QString& one : text.split(u',', Qt::SkipEmptyParts))
        if (QString bare = one.trimmed(); !bare.isEmpty()) {
            while (bare.endsWith(u'/')) bare.chop(1);
            if (!addresses.contains(bare)) addresses.append(bare);
        }
    return addresses;
}

}  // namespace

QVariantMap NetworkController::defaultValues() {
    return {{QStringLiteral("network.offline"), false},
            {QStringLiteral("network.endpoint"), QString()},
            {QStringLiteral("network.otherEndpoint"), QString()},
            {QStringLiteral("network.proxy"), static_cast<int>(NetworkChoices::System)},
            {QStringLiteral("network.proxyUrl"), QString()},
            {QStringLiteral("network.noProxy"), QString()},
            {QStringLiteral("network.limit"), 0},
            {QStringLiteral("network.fromMinute"), 0},
            {QStringLiteral("network.toMinute"), 0},
            {QStringLiteral("network.mirrors"), QString()}};
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
    choices_.fromMinute = qBound(0, values.value(QStringLiteral("network.fromMinute")).toInt(), kDay - 1);
    choices_.toMinute = qBound(0, values.value(QStringLiteral("network.toMinute")).toInt(), kDay - 1);
    const QString mirrors = values.value(QStringLiteral("network.mirrors")).toString();
    if (areMirrors(mirrors)) choices_.mirrors = addressesOf(mirrors);
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

void NetworkController::setHours(int fromMinute, int toMinute) {
    const auto valid = [](int minute) { return minute >= 0 && minute < kDay; };
    if (!valid(fromMinute) || !valid(toMinute)) return;
    if (fromMinute == toMinute) fromMinute = toMinute = 0;
    if (fromMinute == choices_.fromMinute && toMinute == choices_.toMinute) return;
    choices_.fromMinute = fromMinute;
    choices_.toMinute = toMinute;
    store_.write({}, QStringLiteral("network.fromMinute"),
                 fromMinute == 0 ? QVariant() : QVariant(fromMinute));
    keep("network.toMinute", toMinute, 0);
}

void NetworkController::setMirrors(const QString& addresses) {
    const QStringList wanted = addressesOf(addresses);
    if (wanted == choices_.mirrors || !areMirrors(addresses)) return;
    choices_.mirrors = wanted;
    keep("network.mirrors", mirrors(), QString());
}

bool NetworkController::areMirrors(const QString& addresses) {
    const QStringList each = addressesOf(addresses);
    return std::ranges::all_of(each, [](const QString& one) {
        return isAddress(one) && one.startsWith(QLatin1String("http"), Qt::CaseInsensitive);
    });
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
    if (scheduled()) keys.append(QStringLiteral("hours"));
    if (!choices_.mirrors.isEmpty()) keys.append(QStringLiteral("mirrors"));
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
    if (key == QLatin1String("hours")) setHours(0, 0);
    if (key == QLatin1String("mirrors")) setMirrors({});
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
