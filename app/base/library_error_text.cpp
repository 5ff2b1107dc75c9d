#include "app/base/library_error_text.h"

#include <QtGlobal>

namespace pellucid::app {

namespace {

constexpr const char* kSentences[] = {
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 changed while it was read"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 changed while it was copied"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the list of block digests does not belong to this file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 holds no model"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not there"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is there already"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 does not hold what was written to it"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 and %2 lie on different file systems"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 and %2 do not hold the same"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 and the models folder %2 lie in one another"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not the whole path of a folder"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not delete %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not link %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "could not make %1: %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "The library is already on its way to another folder."),
    QT_TRANSLATE_NOOP("pellucid::errors", "The library has moved already."),
    QT_TRANSLATE_NOOP("pellucid::errors", "This move of the library is no longer under way."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Models are being downloaded to %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Moving the library needs %1 bytes, and %2 are free at %3"),
    QT_TRANSLATE_NOOP("pellucid::errors", "it is not known where %1 came from"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the files of this model lie in several folders"),
    QT_TRANSLATE_NOOP("pellucid::errors", "no file of this model is damaged"),
    QT_TRANSLATE_NOOP("pellucid::errors", "There is no model %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "There is no file %1 in the library"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Another model of the library is at %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "A preset needs a name"),
    QT_TRANSLATE_NOOP("pellucid::errors", "Another preset of this model is called %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "This preset is no longer there."),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is in the list twice"),
    QT_TRANSLATE_NOOP("pellucid::errors", "A model cannot be kept for %1 s"),
};

constexpr const char* kHints[] = {
    QT_TRANSLATE_NOOP("pellucid::errors", "Choose a model's file."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Choose a model's file or folder."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Wait until it is complete, then try again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Check that the file and its disk are there and may be read."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Check the file again: a new list is made."),
    QT_TRANSLATE_NOOP("pellucid::errors", "It may have been moved, or its disk removed."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Check that the folder may be read."),
    QT_TRANSLATE_NOOP("pellucid::errors", "The disk may be failing; choose another one."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Free some space, then try again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Free some space there, or choose another disk."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Check who may write there."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Check the disk, then try again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Move one of them to the other's disk first."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Choose a folder elsewhere."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Choose a folder, from / on."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Choose an empty folder."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Let that move finish, or take it back."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Let the downloads finish, or cancel them, then move the library."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Connect the disk that it lies on, then try again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Let the move finish."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Look at it again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Check both models; one of them is damaged."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Download the model again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "It may have been removed."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Its model may have been removed."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Remove one of them first."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Choose another name."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Give it one."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Name each adapter once."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Use seconds, -1 for ever, or -2 for the app's setting."),
};

}  // namespace

std::span<const char* const> library_sentences() {
    return kSentences;
}

std::span<const char* const> library_hints() {
    return kHints;
}

}  // namespace pellucid::app
