#include "app/base/documents_error_text.h"

#include <QtGlobal>

namespace pellucid::app {

namespace {

constexpr const char* kSentences[] = {
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is no longer there"),
    QT_TRANSLATE_NOOP("pellucid::errors", "no permission to read %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is a link that leads round in a circle"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is no regular file"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is larger than %2 MB, which is the most read"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the import was stopped"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the search was stopped"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the folder %1 cannot be listed"),
    QT_TRANSLATE_NOOP("pellucid::errors", "%1 is not in the document library"),
    QT_TRANSLATE_NOOP("pellucid::errors", "folders cannot be followed: %1"),
    QT_TRANSLATE_NOOP("pellucid::errors", "no embedding model is installed: found by words alone"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "no embedding model is installed: documents are found by words alone"),
    QT_TRANSLATE_NOOP("pellucid::errors", "nothing is embedded yet: found by words alone"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the question was taken back"),
    QT_TRANSLATE_NOOP("pellucid::errors", "the question is empty"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "the question and its instructions need about %1 tokens, and there are %2"),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "the question and its instructions need %1 tokens, and there are %2"),
    QT_TRANSLATE_NOOP("pellucid::errors", "This document is no longer in its collection."),
    QT_TRANSLATE_NOOP("pellucid::errors", "This document is no longer in the index."),
    QT_TRANSLATE_NOOP("pellucid::errors", "This passage does not lie within its document's text."),
    QT_TRANSLATE_NOOP("pellucid::errors", "A stored page of a document is damaged"),
    QT_TRANSLATE_NOOP("pellucid::errors", "A stored vector of a passage is damaged"),
    QT_TRANSLATE_NOOP("pellucid::errors", "A %1 of this document lies outside of its text."),
    QT_TRANSLATE_NOOP("pellucid::errors", "This document's text is longer than 2 GB."),
    QT_TRANSLATE_NOOP("pellucid::errors", "An embedding model without vectors cannot be used."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "The embedding model %1 gives vectors of another length than before."),
    QT_TRANSLATE_NOOP("pellucid::errors", "A vector of a passage has another length than its model's."),
    QT_TRANSLATE_NOOP("pellucid::errors", "A collection of documents needs a name."),
    QT_TRANSLATE_NOOP("pellucid::errors", "This collection of documents is no longer there."),
    QT_TRANSLATE_NOOP("pellucid::errors", "This folder of documents is no longer followed."),
};

constexpr const char* kHints[] = {
    QT_TRANSLATE_NOOP("pellucid::errors", "Add it again from where it is now."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Make the file readable for you and add it again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Add the file itself."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Check the disk and add the file again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Add files and folders."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Split the file."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Make it readable for you, and it is looked through again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Check the name, and that its disk is mounted."),
    QT_TRANSLATE_NOOP("pellucid::errors", "pellucid-cli docs list shows what it has."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Check the disk and try again."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Close programs that watch many folders, or look through the folders by hand."),
    QT_TRANSLATE_NOOP("pellucid::errors", "write a question"),
    QT_TRANSLATE_NOOP("pellucid::errors", "shorten the question, or open the model with a longer context"),
    QT_TRANSLATE_NOOP("pellucid::errors", "It may have been removed meanwhile; look at the list again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Add it again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Add the document again."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Remove the document and add it again; its file is not touched."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Choose another embedding model."),
    QT_TRANSLATE_NOOP("pellucid::errors",
                      "Choose the embedding model again; the documents are then embedded anew."),
    QT_TRANSLATE_NOOP("pellucid::errors", "Embed the documents anew."),
};

}  // namespace

std::span<const char* const> documents_sentences() {
    return kSentences;
}

std::span<const char* const> documents_hints() {
    return kHints;
}

}  // namespace pellucid::app
