// The download manager behind the door that the views know.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <set>

#include "app/download/downloads.h"
#include "app/models/download_source.h"
#include "app/services/known_offers.h"

namespace pellucid::app {

class DownloadService final : public DownloadSource {
public:
    /// All addresses of the file at one, best first.
    using Addresses = std::function<std::vector<std::string>(const std::string& url)>;
    /// `downloads` and `offers` must outlive it; it is `downloads`' observer. `folder`: where models go,
    /// asked at each start, as `addresses` is.
    DownloadService(download::Downloads& downloads, const KnownOffers& offers,
                    std::function<QString()> folder, Addresses addresses);
    ~DownloadService() override;

    void watch(QObject* context, std::function<void(std::vector<DownloadState>)> changed) override;
    void start(const OfferedModel& model, const OfferedFile& file, QObject* context,
               std::function<void(Problem)> then) override;
    void pause(const QString& id) override;
    void resume(const QString& id) override;
    void cancel(const QString& id) override;
    void forget(const QString& id) override;
    /// What is known of the item's files is kept with the model now. Any thread.
    void kept(download::ItemId id);

    /// A complete item, for the library: what it is and where it came from.
    struct Finished {
        download::ItemId id = 0;
        bool repair = false;  ///< of a model that is known already
        std::string path;     ///< of the model
        std::string title, repository, revision, licence;
        bool licence_accepted = false;
        std::vector<download::CompletedFile> files;
    };
    /// Of the item whose (first) file lies at `path`; nothing for others. Any thread.
    std::optional<Finished> finished(const std::string& path) const;
    /// Every complete item.
    std::vector<Finished> finished() const;
    /// The note of an item that repairs the model at `path`.
    static std::string repairNote(const std::string& path);

private:
    struct Line;  // from the observer's thread to the GUI thread, one list at a time
    std::optional<Finished> finished(const download::ItemStatus& item) const;
    static DownloadState state_of(const download::ItemStatus& item);

    download::Downloads& downloads_;
    const KnownOffers& offers_;
    const std::function<QString()> folder_;
    const Addresses addresses_;
    std::shared_ptr<Line> line_;
    std::mutex mutex_;
    std::set<download::ItemId> kept_, shown_;  // a complete item goes when it is in both
};

/// What a person reads of why a download waits or stopped, and what helps.
Problem problem_of(download::Reason reason, const std::string& detail);

}  // namespace pellucid::app
