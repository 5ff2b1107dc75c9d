// A library of documents in memory, by a script: for UI tests, screenshots and the offline demo, as
// ScriptedSources is for models. Its pages are set and painted here, so that boxes stand where the text
// stands.
#pragma once

#include <QHash>
#include <QPointer>

#include "app/chat/document_asker.h"
#include "app/models/document_scope.h"
#include "app/models/document_source.h"

namespace pellucid::app {

class ScriptedLibrary final : public LibrarySource {
public:
    void watch(QObject* context, std::function<void(LibraryState)> changed) override;
    void add(const QStringList& paths, const QString& collection, const QString& conversation,
             QObject* context, std::function<void(Problem)> then) override;
    void makeCollection(const QString& name, QObject* context, std::function<void(Problem)> then) override;
    void renameCollection(const QString& id, const QString& name) override;
    void removeCollection(const QString& id) override;
    void removeFolder(const QString& id) override;
    void removeDocument(const QString& id) override;
    void retry(const QString& id) override;
    void recognise(const QString& id) override;
    bool canRecognise() const override { return true; }
    void pause() override;
    void resume() override;

    void tell();  ///< after `state` was changed from outside
    LibraryState state;
    Problem refusal;    ///< of what is added next
    QStringList calls;  ///< "retry ID", in order

private:
    LibraryDocument* find(const QString& id);
    QPointer<QObject> watcher_;
    std::function<void(LibraryState)> changed_;
};

class ScriptedPages final : public PageSource {
public:
    /// A paragraph of a scripted page; a heading where `level` is not 0.
    struct Piece {
        QString text;
        int level = 0;
    };
    /// A document of A4 pages, set in two fonts of the machine. Labels are the numbers from `firstPage`.
    void addPaged(const QString& id, const QString& name, const std::vector<std::vector<Piece>>& pages,
                  int firstPage = 1);
    /// A source without pages.
    void addText(const QString& id, const QString& name, std::vector<DocumentParagraph> paragraphs);
    /// Where words stand in a document's text; empty where they do not. For citations.
    DocumentSpan spanOf(const QString& id, const QString& words) const;

    void open(const QString& document, QObject* context,
              std::function<void(OpenedDocument, Problem)> then) override;
    void picture(const QString& document, int page, double scale, QObject* context,
                 std::function<void(QImage, Problem)> then) override;
    void runs(const QString& document, DocumentSpan span, QObject* context,
              std::function<void(std::vector<TextRun>)> then) override;
    void find(const QString& document, const QString& text, QObject* context,
              std::function<void(std::vector<DocumentSpan>)> then) override;

    Problem problem;         ///< of the next document that is opened
    Problem pictureProblem;  ///< of every picture
    bool silent = false;     ///< pictures do not come
    int pictures = 0;        ///< that were asked for

private:
    struct Words {
        QString text;
        QRectF box;
        double baseline = 0, size = 0;
        bool bold = false;
    };
    struct Scripted {
        OpenedDocument opened;
        QByteArray text;
        std::vector<TextRun> runs;
        std::vector<std::vector<Words>> words;  // by page
    };
    QHash<QString, Scripted> documents_;
};

/// Answers every question with the same passages.
class ScriptedAsker final : public DocumentAsker {
public:
    void useScope(std::function<DocumentScope(const QString&)> scopeOf) override {
        scopeOf_ = std::move(scopeOf);
    }
    bool asks(const QString& conversation) const override;
    void prepare(const Question& question, QObject* context, std::function<void(Prepared)> then) override;
    QString contentAgain(const Question& question, const AnswerSourcesPtr&) override { return question.text; }
    void check(const QString& question, const QString& answer, const AnswerSourcesPtr& sources,
               QObject* context, std::function<void(Checked)> then) override;
    Marks marks(const AnswerSourcesPtr& sources) override;

    AnswerSources sources;            ///< those of the check; before it no sentence is judged
    Error refusal;                    ///< of the next question
    std::vector<Question> questions;  ///< that were asked

private:
    std::function<DocumentScope(const QString&)> scopeOf_;
};

struct ScriptedDocuments {
    ScriptedLibrary library;
    ScriptedPages pages;
    ScriptedAsker asker;
    DocumentSources all() { return {&library, &pages, &asker}; }
};

}  // namespace pellucid::app
