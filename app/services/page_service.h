// Pages of documents: what stands where comes from the index, pictures from the sandboxed reader process.
#pragma once

#include <memory>

#include "app/documents/document_library.h"
#include "app/models/document_source.h"
#include "app/reading/sandboxed_reader.h"
#include "app/threads/work_thread.h"

namespace pellucid::app {

class PageService final : public PageSource {
public:
    /// `library` must outlive it. Document ids are storage::DocumentId as text.
    PageService(documents::DocumentLibrary& library, std::filesystem::path reader);
    ~PageService() override;

    void open(const QString& document, QObject* context,
              std::function<void(OpenedDocument, Problem)> then) override;
    void picture(const QString& document, int page, double scale, QObject* context,
                 std::function<void(QImage, Problem)> then) override;
    void runs(const QString& document, DocumentSpan span, QObject* context,
              std::function<void(std::vector<TextRun>)> then) override;
    void find(const QString& document, const QString& text, QObject* context,
              std::function<void(std::vector<DocumentSpan>)> then) override;

private:
    struct Opened {
        OpenedDocument document;
        Problem problem;
    };
    Opened read(storage::DocumentId id);
    std::vector<TextRun> readRuns(storage::DocumentId id, DocumentSpan span);
    std::vector<DocumentSpan> readFind(storage::DocumentId id, const QString& text);

    documents::DocumentLibrary& library_;
    reading::SandboxedReader reader_;
    CancelToken closing_;
    WorkThread texts_;     // answers of the index: soon there
    WorkThread pictures_;  // a reader process each
};

}  // namespace pellucid::app
