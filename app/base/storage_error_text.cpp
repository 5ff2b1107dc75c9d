#include "app/base/storage_error_text.h"

#include <QtGlobal>

namespace pellucid::app {

namespace {

constexpr const char* kSentences[] = {
    QT_TRANSLATE_NOOP("pellucid::errors", "Pellucid is already open on this data folder (process %1): %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Another program is using %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "The disk is full: could not write %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "No permission to write %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not make the folder %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not read or write %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not write %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not open %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not read %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not lock %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not rename %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "The database %1 is damaged: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "The database %1 was written by a newer Pellucid (schema %2, this one knows %3)"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "The database %1 was written by an older Pellucid (schema %2, this one reads %3)"),
    QT_TRANSLATE_NOOP("pellucid::errors", "The database %1 is open for reading only"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is a database of another program"),
    QT_TRANSLATE_NOOP("pellucid::errors", "There is no backup %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "out of memory while using %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "This conversation is no longer there."),
    QT_TRANSLATE_NOOP("pellucid::errors", "There is no conversation %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "There is no message %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Message %1 was deleted"),
    QT_TRANSLATE_NOOP("pellucid::errors", "\"%1\": its messages go round in a circle."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Message %1 has no selected version."),
    QT_TRANSLATE_NOOP("pellucid::errors", "This file was written by a newer version of Pellucid."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Conversation \"%1\", message %2: its parent does not come before it."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Conversation \"%1\", message %2: its id is missing or taken."),
};

constexpr const char* kHints[] = {
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Use the window that is open, or start this one with another --data-dir."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Free some space on that disk and try again; nothing that was saved is lost."),
    QT_TRANSLATE_NOOP(
        "pellucid::errors",
        "Make the folder and its files writable for you, or choose another data folder with --data-dir."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Check that the folder is there, or choose another with --data-dir."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Check the disk and the path, then try again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Close the other program that has it open and try again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Choose another data folder with --data-dir."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Install the newer version again, or choose another data folder with --data-dir."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Open it once where it can be written: it is then brought up to date, with a backup."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Nothing was deleted. The newest backup is %1."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Nothing was deleted. Open the newest backup from %1."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Nothing was deleted, and there is no backup yet. Move %1 aside to start empty, or try "
                      "to recover it with: sqlite3 FILE .recover"),
    QT_TRANSLATE_NOOP("pellucid::errors", "It may have been deleted."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Undo the deletion first."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Regenerate it instead."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Export what you want to keep."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Please report this."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Split it."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Nothing was imported."),
    QT_TRANSLATE_NOOP("pellucid::errors", "The file is not a whole ChatGPT export. Nothing was imported."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "The file is not a whole LM Studio conversation. Nothing was imported."),
    QT_TRANSLATE_NOOP("pellucid::errors", "The file was changed or is incomplete. Nothing was imported."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Update Pellucid, then import it again."),
};

}  // namespace

std::span<const char* const> storage_sentences() {
    return kSentences;
}

std::span<const char* const> storage_hints() {
    return kHints;
}

}  // namespace pellucid::app
