// The catalogue and the hubs behind the door that the views know. Hubs are asked on a thread of its own.
#pragma once

#include <mutex>

#include "app/catalogue/catalogue.h"
#include "app/hub/fit.h"
#include "app/hub/memory_speed.h"
#include "app/models/discover_source.h"
#include "app/models/network_source.h"
#include "app/services/known_offers.h"
#include "app/threads/work_thread.h"
#include "engine/runtime/devices.h"

namespace pellucid::app {

class HubDiscover final : public DiscoverSource {
public:
    /// What is given must outlive it. `devices`: those a person would choose from.
    HubDiscover(network::HttpClient& client, hub::KeptSpeeds& speeds, std::vector<DeviceFactory> devices,
                KnownOffers& offers);
    ~HubDiscover() override;

    void search(const QString& text, int from, QObject* context, std::function<void(Answer)> then) override;
    void complete(const OfferedModel& model, QObject* context,
                  std::function<void(OfferedModel, Problem)> then) override;
    void plan(const PlanQuery& query, QObject* context, std::function<void(FitPlan, Problem)> then) override;

    /// A model here wrote so fast, with so many tokens of context: what is predicted follows it.
    void learn(const QString& path, const ModelOptions& options, int length, double tokensPerSecond);

    /// Endpoints, mirrors and token, for questions from now on.
    void use(const NetworkChoices& choices);
    /// Headers that a download from this address carries. Thread safe.
    std::vector<std::pair<std::string, std::string>> headers(const std::string& url) const;
    /// The address, and the same file's at each mirror of its hub. Thread safe.
    std::vector<std::string> addresses(const std::string& url) const;

private:
    using Hubs = std::vector<std::shared_ptr<hub::Hub>>;
    struct Pages {
        std::string text;
        std::vector<std::string> next;  // of each hub; empty: no more
        std::vector<std::string> seen;  // repositories, lower case
    };
    Hubs hubs() const;
    OfferedModel offered(const catalogue::Entry& entry) const;
    OfferedModel offered(const hub::Hub& from, const hub::Listing& listing) const;
    Answer ask(const std::string& text, bool first, const CancelToken& cancel);
    Result<OfferedModel> look(OfferedModel model, const CancelToken& cancel);
    /// By file size alone, before a header is there.
    hub::DeviceFit rough(std::uint64_t bytes, double parameters, double active, int context) const;
    Fit fit(const hub::DeviceFit& device, int layers) const;
    Result<FitPlan> planned(const PlanQuery& query);
    /// The header of a file here; of the plan thread.
    Result<std::shared_ptr<const ModelFile>> local(const std::string& path);
    bool is_gpu(const std::string& device) const;

    network::HttpClient& client_;
    hub::KeptSpeeds& speeds_;
    const std::vector<DeviceFactory> devices_;
    hub::Fit fit_;
    KnownOffers& offers_;
    const std::vector<catalogue::Entry> catalogue_ = catalogue::built_in();
    mutable std::mutex mutex_;
    Hubs hubs_;
    std::vector<std::string> mirrors_;
    Pages pages_;  // of the hub thread
    std::map<std::string, std::shared_ptr<const ModelFile>>
        local_;                          // of the plan thread: headers of files here
    bool measured_ = false;              // of the GUI thread
    CancelToken searching_, looking_;    // of the GUI thread
    WorkThread hubThread_, planThread_;  // end before what they use
};

}  // namespace pellucid::app
