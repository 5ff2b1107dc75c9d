// The library of kept models behind the door that the views know. What reads or moves gigabytes runs on a
// thread of its own.
#pragma once

#include "app/library/library.h"
#include "app/library/mover.h"
#include "app/models/keeping_source.h"
#include "app/services/download_service.h"
#include "app/threads/work_thread.h"
#include "storage/store.h"

namespace pellucid::app {

class LibraryKeeping final : public KeepingSource {
public:
    /// `store` and `downloads` must outlive it. `folder`: the models folder now; `moved` is told of another,
    /// in the GUI thread.
    LibraryKeeping(storage::Store& store, download::Downloads& downloads, DownloadService& service,
                   std::function<QString()> folder, std::function<void(const QString&)> moved);
    ~LibraryKeeping() override;

    void facts(const QString& path, QObject* context, std::function<void(KeptFacts)> then) override;
    void check(const QString& path, QObject* context, Progress progress,
               std::function<void(CheckOutcome)> then) override;
    void repair(const QString& path, QObject* context, std::function<void(Problem)> then) override;
    void removal(const QString& path, QObject* context, std::function<void(Removal)> then) override;
    void remove(const QString& path, QObject* context, std::function<void(Problem)> then) override;
    void findElsewhere(QObject* context, std::function<void(std::vector<FoundModel>)> then) override;
    void adopt(const FoundModel& model, QObject* context, std::function<void(Problem)> then) override;
    void findWaste(QObject* context, std::function<void(Waste)> then) override;
    void shareDuplicates(QObject* context, std::function<void(quint64 freed, Problem)> then) override;
    void eraseOrphans(QObject* context, std::function<void(quint64 freed, Problem)> then) override;
    void moveTo(const QString& folder, QObject* context, Progress progress,
                std::function<void(Problem)> then) override;
    void stop() override;

    /// A download is there: what it was checked against is kept with the model, and from then on the list of
    /// downloads may forget it.
    void enter(const QString& path);
    /// The same of downloads that an earlier run finished and did not enter; the list forgets them at once.
    void settle();

private:
    library::Library library() const;
    Result<storage::ModelId> id_of(const std::string& path);
    Result<void> enter(const DownloadService::Finished& finished);
    Problem adopt(const library::FoundModel& found);
    /// Models of other programs, as they lie now; of the thread that asks.
    std::vector<library::FoundModel> others() const;
    std::vector<std::filesystem::path> partials() const;
    library::Progress told(QObject* context, Progress progress) const;

    storage::Store& store_;
    download::Downloads& downloads_;
    DownloadService& service_;
    const std::function<QString()> folder_;
    const std::function<void(const QString&)> moved_;
    CancelToken running_;  // of the GUI thread
    WorkThread thread_, quick_;
};

}  // namespace pellucid::app
