// The hub's token in the desktop's keychain.
#pragma once

#include "app/models/network_source.h"

namespace pellucid::app {

/// Secret Service or KWallet, through QtKeychain. Where the desktop has neither, reading gives nothing, and
/// writing says so: the token then serves until the program ends.
class KeychainToken final : public TokenKeeper {
public:
    void read(QObject* context, std::function<void(QString, Problem)> then) override;
    void write(const QString& token, QObject* context, std::function<void(Problem)> then) override;
};

}  // namespace pellucid::app
