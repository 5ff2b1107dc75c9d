#include "app/base/reading_error_text.h"

#include <QtGlobal>

namespace pellucid::app {

namespace {

constexpr const char* kSentences[] = {
    QT_TRANSLATE_NOOP("pellucid::errors", "reading %1 took longer than %2 s"),
    QT_TRANSLATE_NOOP("pellucid::errors", "reading %1 needs more memory than a reader may have (%2 MiB)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "reading %1 tried something that its sandbox forbids"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the reader crashed on %1 (signal %2)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the reader ended without an answer on %1 (status %2)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "reading %1 was stopped"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 may not be read"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is larger than files that are read (%2 MiB)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not a file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the reader process could not be started: %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it is protected by a password"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it is protected against copying"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the PDF is damaged"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the PDF has no pages that can be read"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the archive is damaged"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the archive has more parts than are read (%1)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it unpacks to far more than it should (an archive bomb?)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it is of a type without a reader"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it is not what its name says, or damaged from its first byte"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it is a file of an old Office version"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it is a ZIP archive"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it is an OpenDocument file other than a text"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the document's text is missing from it"),
    QT_TRANSLATE_NOOP("pellucid::errors", "its text is damaged"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the list of its slides is missing"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the list of its sheets is missing"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the list of its chapters is missing"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it has no slides"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it has no sheets"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it has no chapters"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the web page is too long"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it could not be read: the disk reports an error"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the page has no size"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the page is too long and thin to be shown"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the page cannot be drawn"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it has no such page"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the picture has too many pixels"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the picture is damaged or of a kind that is not read"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the program that reads documents is not installed"),
    QT_TRANSLATE_NOOP("pellucid::errors", "an attached document is still being read"),
};

constexpr const char* kHints[] = {
    QT_TRANSLATE_NOOP("pellucid::errors", "it may have been moved or deleted, or its disk is not mounted"),
    QT_TRANSLATE_NOOP("pellucid::errors", "give yourself permission to read it"),
    QT_TRANSLATE_NOOP("pellucid::errors", "check the disk that it lies on"),
    QT_TRANSLATE_NOOP("pellucid::errors", "choose a file, or add its folder"),
    QT_TRANSLATE_NOOP("pellucid::errors", "split it, or raise the limit in the settings"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "it may be damaged or made to keep a reader busy; the limit is in the settings"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "it may be damaged or made to fill memory; the limit is in the settings"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the file may be hostile; nothing was changed"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the file is damaged or hostile; nothing else was affected"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it is read again when it rests"),
    QT_TRANSLATE_NOOP("pellucid::errors", "save it without a password, then add it again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "get the file again from where it came"),
    QT_TRANSLATE_NOOP("pellucid::errors", "open it in the program that made it and save it again"),
    QT_TRANSLATE_NOOP("pellucid::errors", "unpack it and add the files that you want to ask about"),
    QT_TRANSLATE_NOOP("pellucid::errors", "save it as .docx, .xlsx, .pptx or PDF"),
    QT_TRANSLATE_NOOP("pellucid::errors", "save it as PDF, or as .xlsx or .pptx"),
    QT_TRANSLATE_NOOP("pellucid::errors", "convert it to PDF or text"),
    QT_TRANSLATE_NOOP("pellucid::errors", "use a copy without protection"),
    QT_TRANSLATE_NOOP("pellucid::errors", "make it smaller"),
    QT_TRANSLATE_NOOP("pellucid::errors", "save it as PNG"),
    QT_TRANSLATE_NOOP("pellucid::errors", "wait until it is ready, then ask again"),
};

}  // namespace

std::span<const char* const> reading_sentences() {
    return kSentences;
}

std::span<const char* const> reading_hints() {
    return kHints;
}

}  // namespace pellucid::app
