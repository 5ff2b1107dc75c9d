// Where documents come from: the library of them, and the pages of one. Behind these doors stand the index
// and the reader process; tests and pictures have scripted ones (scripted_documents.h).
#pragma once

#include <QImage>
#include <QObject>
#include <QRectF>
#include <QSizeF>
#include <QStringList>
#include <functional>
#include <vector>

#include "app/models/offered_model.h"

namespace pellucid::app {

/// A file in the library, as the views see it.
struct LibraryDocument {
    enum Phase { Waiting, Reading, Ready, Failed };
    QString id;
    QString collection;  ///< LibraryCollection::id
    QString name;        ///< file name
    QString path;
    Phase phase = Waiting;
    double share = 0;  ///< of Reading, 0 to 1
    QString type;      ///< "PDF", "Markdown"
    int pages = 0;     ///< 0: a source without pages
    int passages = 0;
    quint64 bytes = 0;
    bool away = false;     ///< its disk is not there; what is known of it stays
    QString scannedPages;  ///< "3-9": without a text layer and not recognised; empty: none
    QStringList notices;   ///< what a person should know of how it was read
    Problem problem;       ///< of Failed

    bool operator==(const LibraryDocument&) const;
};

/// A folder that a collection follows.
struct LibraryFolder {
    QString id;
    QString path;
    bool away = false;  ///< not there now (unplugged, not mounted): nothing of it is forgotten
    bool operator==(const LibraryFolder&) const = default;
};

struct LibraryCollection {
    QString id;
    QString name;
    QString conversation;  ///< attached to this chat alone; empty: kept for all
    std::vector<LibraryFolder> folders;
    bool operator==(const LibraryCollection&) const = default;
};

struct LibraryImport {
    int done = 0, total = 0;  ///< files of the work at hand; total 0: nothing to do
    double secondsLeft = -1;  ///< -1: not known
    bool paused = false;
    QString name;     ///< what is read now
    Problem problem;  ///< the import stands still (disk full, no embedding model)
    QString note;     ///< what a person should know: no embedding model, so that only words are found
    bool operator==(const LibraryImport& other) const {
        return note == other.note && done == other.done && total == other.total &&
               secondsLeft == other.secondsLeft && paused == other.paused && name == other.name &&
               problem.what == other.problem.what && problem.hint == other.problem.hint;
    }
};

struct LibraryState {
    std::vector<LibraryCollection> collections;
    std::vector<LibraryDocument> documents;  ///< in the order of their collections, by name
    LibraryImport import;
};

/// Calls return at once; callbacks run in the GUI thread, once unless said otherwise, and not when `context`
/// is gone by then.
class LibrarySource {
public:
    virtual ~LibrarySource() = default;
    /// `changed` is told everything: now, and after every change. It may come often.
    virtual void watch(QObject* context, std::function<void(LibraryState)> changed) = 0;
    /// Files and folders (which are followed from then on) into a collection; `collection` empty: the one for
    /// what belongs nowhere else. `conversation`: for this chat alone. `then`: why nothing could be added.
    virtual void add(const QStringList& paths, const QString& collection, const QString& conversation,
                     QObject* context, std::function<void(Problem)> then) = 0;
    virtual void makeCollection(const QString& name, QObject* context, std::function<void(Problem)> then) = 0;
    virtual void renameCollection(const QString& id, const QString& name) = 0;
    /// With what was read of its documents; the files stay where they are.
    virtual void removeCollection(const QString& id) = 0;
    virtual void removeFolder(const QString& id) = 0;
    virtual void removeDocument(const QString& id) = 0;
    virtual void retry(const QString& id) = 0;
    /// Reads its pages without a text layer by OCR.
    virtual void recognise(const QString& id) = 0;
    virtual bool canRecognise() const = 0;
    virtual void pause() = 0;
    virtual void resume() = 0;
};

/// Bytes [first, last) of a document's text.
struct DocumentSpan {
    quint32 first = 0, last = 0;
    bool operator==(const DocumentSpan&) const = default;
};

struct DocumentPage {
    QSizeF size;    ///< points
    QString label;  ///< what the document calls it; empty: its number
};

/// A piece of a source without pages.
struct DocumentParagraph {
    enum Kind { Text, Heading, Item, Code, Table, Quote };
    Kind kind = Text;
    int level = 0;  ///< of a heading 1 to 6, of an item its depth
    QString text;
    DocumentSpan span;
};

struct OpenedDocument {
    QString name, path;
    std::vector<DocumentPage> pages;            ///< empty: the source has none
    std::vector<DocumentParagraph> paragraphs;  ///< then these; in order
};

/// A run of text on a page; boxes of a span are made of them (document_boxes.h).
struct TextRun {
    DocumentSpan span;
    int page = 0;
    QRectF box;  ///< points from the page's top left
};

/// What stands where in a document. Pictures are made by the reader process: the window never opens the file.
class PageSource {
public:
    virtual ~PageSource() = default;
    virtual void open(const QString& document, QObject* context,
                      std::function<void(OpenedDocument, Problem)> then) = 0;
    /// The page at so many pixels a point.
    virtual void picture(const QString& document, int page, double scale, QObject* context,
                         std::function<void(QImage, Problem)> then) = 0;
    /// The runs of the pages that the span touches, those before and after it on the same pages included.
    virtual void runs(const QString& document, DocumentSpan span, QObject* context,
                      std::function<void(std::vector<TextRun>)> then) = 0;
    /// Places where `text` stands, case folded; at most 500.
    virtual void find(const QString& document, const QString& text, QObject* context,
                      std::function<void(std::vector<DocumentSpan>)> then) = 0;
};

class DocumentAsker;

/// Null: not there, and nothing of it is shown.
struct DocumentSources {
    LibrarySource* library = nullptr;
    PageSource* pages = nullptr;
    DocumentAsker* asker = nullptr;
};

}  // namespace pellucid::app
