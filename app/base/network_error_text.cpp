#include "app/base/network_error_text.h"

#include <QtGlobal>

namespace pellucid::app {

namespace {

constexpr const char* kSentences[] = {
    QT_TRANSLATE_NOOP("pellucid::errors", "the offline switch is on: %1 was not asked"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the offline switch was turned on"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the name %1 could not be looked up"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the proxy's name in %1 could not be looked up"),
    QT_TRANSLATE_NOOP("pellucid::errors", "no connection to %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 sent nothing for too long"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the connection to %1 broke off: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the connection to %1 broke off"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 shows a certificate by '%2', which is not trusted: %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 could not prove that it is %2: %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the list of trusted authorities cannot be read: %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 answered with status %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 answered with something that is not HTTP: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 sent this on from https to plain http: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "'%1' is not a web address"),
    QT_TRANSLATE_NOOP("pellucid::errors", "'%1' is not the address of a proxy"),
};

constexpr const char* kHints[] = {
    QT_TRANSLATE_NOOP("pellucid::errors", "turn it off to use the network"),
    QT_TRANSLATE_NOOP("pellucid::errors", "check the network and the address"),
    QT_TRANSLATE_NOOP("pellucid::errors", "check the proxy in the network settings"),
    QT_TRANSLATE_NOOP("pellucid::errors", "check the network and the proxy settings"),
    QT_TRANSLATE_NOOP(
        "pellucid::errors",
        "an antivirus program or a company's proxy that reads along does this: add its authority in the "
        "network settings, or use another network. The check is never left out"),
    QT_TRANSLATE_NOOP("pellucid::errors", "write it with https:// at its beginning"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "write it like http://proxy.example.com:3128 or socks5h://127.0.0.1:1080"),
    QT_TRANSLATE_NOOP("pellucid::errors", "nothing was asked there; use another source"),
};

}  // namespace

std::span<const char* const> network_sentences() {
    return kSentences;
}

std::span<const char* const> network_hints() {
    return kHints;
}

}  // namespace pellucid::app
