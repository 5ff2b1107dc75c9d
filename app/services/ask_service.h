// Questions of chats to the documents: app/asking behind the door that a chat knows.
#pragma once

#include <memory>

#include "app/chat/document_asker.h"
#include "app/documents/document_library.h"
#include "app/models/document_scope.h"
#include "app/threads/work_thread.h"

namespace pellucid::app {

class AskService final : public DocumentAsker {
public:
    /// `library` must outlive it.
    explicit AskService(documents::DocumentLibrary& library);
    ~AskService() override;

    void useScope(std::function<DocumentScope(const QString&)> scopeOf) override {
        scopeOf_ = std::move(scopeOf);
    }
    bool asks(const QString& conversation) const override;
    void prepare(const Question& question, QObject* context, std::function<void(Prepared)> then) override;
    QString contentAgain(const Question& question, const AnswerSourcesPtr& sources) override;
    void check(const QString& question, const QString& answer, const AnswerSourcesPtr& sources,
               QObject* context, std::function<void(Checked)> then) override;
    Marks marks(const AnswerSourcesPtr& sources) override;

private:
    Prepared find(const Question& question, const DocumentScope& scope) const;
    Checked checked(const std::string& question, const std::string& answer,
                    const AnswerSources& sources) const;
    void placeEvidence(FoundPassage& passage) const;
    bool awaitAttached(const DocumentScope& scope) const;
    std::vector<storage::CollectionId> collectionsOf(const DocumentScope& scope) const;
    int passagesIn(const documents::DocumentFilter& scope) const;

    documents::DocumentLibrary& library_;
    std::function<DocumentScope(const QString&)> scopeOf_;
    CancelToken closing_;
    WorkThread thread_;
};

}  // namespace pellucid::app
