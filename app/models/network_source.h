// The network as a person may see and bound it: who was spoken to, and how.
#pragma once

#include <QObject>
#include <QStringList>
#include <functional>

#include "app/models/offered_model.h"

namespace pellucid::app {

struct LedgerRow {
    qint64 id = 0;
    qint64 atMs = 0;
    QString host;
    QString purpose;  ///< search | header | download | checksum
    QString subject;  ///< what it was for: "DeepSeek-R1 Distill Qwen 7B"
    quint64 received = 0, sent = 0;
    bool refused = false;  ///< the offline switch was on
    bool operator==(const LedgerRow&) const = default;
};

struct NetworkChoices {
    bool offline = false;
    QString endpoint;       ///< of the Hugging Face API; empty: the hub's own
    QString otherEndpoint;  ///< of ModelScope
    enum Proxy { System, None, Manual };
    int proxy = System;
    QString proxyUrl, noProxy;
    int limit = 0;  ///< kB a second; 0: none
    /// Hours in which downloads run, in minutes since midnight, local time; equal: always. May go over
    /// midnight.
    int fromMinute = 0, toMinute = 0;
    /// Addresses that serve what the Hugging Face endpoint serves, best first: files are fetched from all at
    /// once. The token is not sent there.
    QStringList mirrors;
    QString token;  ///< of Hugging Face; from the keychain, never stored here
    bool operator==(const NetworkChoices&) const = default;
};

/// Calls return at once; callbacks run in the GUI thread, unless `context` is gone by then.
class NetworkSource {
public:
    virtual ~NetworkSource() = default;
    /// In force from now on; with `offline`, what runs is cut off.
    virtual void use(const NetworkChoices& choices) = 0;
    /// The newest `count` rows, newest first.
    virtual void rows(int count, QObject* context, std::function<void(std::vector<LedgerRow>)> then) = 0;
    /// `changed`: there is more to read.
    virtual void watch(QObject* context, std::function<void()> changed) = 0;
    virtual void forget(QObject* context, std::function<void()> then) = 0;
};

/// Where the token lies: the desktop's keychain.
class TokenKeeper {
public:
    virtual ~TokenKeeper() = default;
    virtual void read(QObject* context, std::function<void(QString token, Problem)> then) = 0;
    /// Empty: forgets it.
    virtual void write(const QString& token, QObject* context, std::function<void(Problem)> then) = 0;
};

}  // namespace pellucid::app
