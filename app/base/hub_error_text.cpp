#include "app/base/hub_error_text.h"

#include <QtGlobal>

namespace pellucid::app {

namespace {

constexpr const char* kSentences[] = {
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is only for people who accepted its terms"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not there, or not for everybody"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 does not accept the token"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 gets too many requests from here (status 429)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 answered with status %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 answered with something that is no JSON"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Hugging Face answered a search with something that is no list"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Hugging Face described a model without a name"),
    QT_TRANSLATE_NOOP("pellucid::errors", "ModelScope answered a search with something that is no list"),
    QT_TRANSLATE_NOOP("pellucid::errors", "ModelScope described a model without a name"),
    QT_TRANSLATE_NOOP("pellucid::errors", "ModelScope answered with something that is no list of files"),
    QT_TRANSLATE_NOOP("pellucid::errors", "\"%1\" is not the name of a repository"),
    QT_TRANSLATE_NOOP("pellucid::errors", "\"%1\" is not the address of a hub"),
    QT_TRANSLATE_NOOP("pellucid::errors", "\"%1\" is not the address of a GGUF file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "there is no hub \"%1\""),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 does not answer requests for a part of a file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: the header is longer than %2 bytes"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not for everybody (status %2)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 answered with another part than was asked for"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1: only %2 of %3 parts are published"),
};

constexpr const char* kHints[] = {
    QT_TRANSLATE_NOOP("pellucid::errors", "accept them on %1 with the account of your token"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "accept them on %1, then give this program a token of that account"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "check the name; for a private model give this program a token of your account"),
    QT_TRANSLATE_NOOP("pellucid::errors", "make a new one on its page and give it to this program"),
    QT_TRANSLATE_NOOP("pellucid::errors", "check the name; it may have been renamed or removed"),
    QT_TRANSLATE_NOOP("pellucid::errors", "wait some minutes, then try again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "try again after %1 s"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it has trouble of its own; try again later, or use a mirror"),
    QT_TRANSLATE_NOOP("pellucid::errors", "check the address of the hub in the settings"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "something between this machine and it may have answered instead (a sign-in page of "
                      "the network); open its page in a browser, then try again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "give it as owner/name"),
    QT_TRANSLATE_NOOP("pellucid::errors", "give it as https://host, with a path where the mirror has one"),
    QT_TRANSLATE_NOOP("pellucid::errors", "give an https:// address that ends in .gguf"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose huggingface or modelscope"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the whole file can be downloaded and is checked then"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose another publisher of the model"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "accept the terms on the model's page, then give this program a token of that account"),
    QT_TRANSLATE_NOOP("pellucid::errors", "search for the model again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "try again later"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the file may have changed on the server; try again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose another quantisation or publisher"),
    QT_TRANSLATE_NOOP("pellucid::errors", "check the address"),
};

}  // namespace

std::span<const char* const> hub_sentences() {
    return kSentences;
}
std::span<const char* const> hub_hints() {
    return kHints;
}

}  // namespace pellucid::app
