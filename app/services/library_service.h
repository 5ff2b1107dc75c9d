// The library of documents for the window: what is in it, what is being read, and what a person does with it.
#pragma once

#include <QHash>
#include <QPointer>
#include <QTimer>
#include <atomic>
#include <memory>
#include <mutex>

#include "app/documents/document_library.h"
#include "app/models/document_source.h"
#include "app/threads/work_thread.h"

namespace pellucid::app {

class LibraryService final : public QObject, public LibrarySource {
public:
    /// Not usable before use(). Made first, because the library is opened with its listener.
    LibraryService();
    ~LibraryService() override;

    documents::Importer::Listener listener();
    /// How far the reading of one document is.
    std::function<void(std::uint32_t, std::uint32_t)> pageListener();
    /// `library` must outlive it. `models`: the folder in which an embedding model may lie.
    void use(documents::DocumentLibrary& library, const QString& models);
    /// Reading and following begin; an embedding model is looked for.
    void start();
    /// Nothing runs after it. Before the library goes.
    void stop();

    /// The collection of what is attached to a chat; 0: nothing is.
    static QString nameOfChat(const QString& conversation);

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
    bool canRecognise() const override;
    void pause() override;
    void resume() override;

private:
    /// Reads everything again, soon and once, on the thread.
    void refresh();
    LibraryState read();
    LibraryImport importState(const documents::ImportProgress& now) const;
    LibraryDocument documentOf(const storage::DocumentRow& row);
    /// Runs on the thread, then the state is read again.
    void change(std::function<void()> work);
    void useEmbedding();

    documents::DocumentLibrary* library_ = nullptr;
    QString models_;
    QTimer again_;
    std::atomic<bool> dirty_ = false;
    std::atomic<double> share_ = 0;  // of the document that is read
    QPointer<QObject> watcher_;
    std::function<void(LibraryState)> changed_;
    QHash<qint64, storage::ContentFacts> facts_;  // on the thread only; a content never changes
    GuiContext gui_;
    CancelToken closing_;
    std::unique_ptr<WorkThread> thread_;
    std::unique_ptr<WorkThread> starting_;  // the first look through all folders takes its time
};

}  // namespace pellucid::app
