// The download manager behind the door that the views know.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "app/download/downloads.h"
#include "app/models/download_source.h"
#include "app/services/known_offers.h"

namespace pellucid::app {

class DownloadService final : public DownloadSource {
public:
    /// `downloads` and `offers` must outlive it; it is `downloads`' observer. `folder`: where models go,
    /// asked at each start.
    DownloadService(download::Downloads& downloads, const KnownOffers& offers,
                    std::function<QString()> folder);
    ~DownloadService() override;

    void watch(QObject* context, std::function<void(std::vector<DownloadState>)> changed) override;
    void start(const OfferedModel& model, const OfferedFile& file, QObject* context,
               std::function<void(Problem)> then) override;
    void pause(const QString& id) override;
    void resume(const QString& id) override;
    void cancel(const QString& id) override;

    /// A complete item, for the library: what it is and where it came from.
    struct Finished {
        std::string title, repository, revision, licence;
        bool licence_accepted = false;
        std::vector<download::CompletedFile> files;
    };
    /// Of the item whose (first) file lies at `path`; nothing for others. Any thread.
    std::optional<Finished> finished(const std::string& path) const;

private:
    struct Line;  // from the observer's thread to the GUI thread, one list at a time
    static DownloadState state_of(const download::ItemStatus& item);

    download::Downloads& downloads_;
    const KnownOffers& offers_;
    const std::function<QString()> folder_;
    std::shared_ptr<Line> line_;
};

/// What a person reads of why a download waits or stopped, and what helps.
Problem problem_of(download::Reason reason, const std::string& detail);

}  // namespace pellucid::app
