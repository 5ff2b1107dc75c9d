#include "app/services/model_services.h"

#include "app/desktop/desktop_proxy.h"
#include "app/download/clock.h"
#include "app/download/disk.h"
#include "app/hub/huggingface.h"
#include "app/network/curl_client.h"
#include "app/services/download_service.h"
#include "app/services/hub_discover.h"
#include "app/services/keychain_token.h"
#include "app/services/library_keeping.h"
#include "app/services/network_service.h"
#include "app/shell/workspace.h"
#include "app/transfers/stored_downloads.h"
#include "app/transfers/stored_ledger.h"

namespace pellucid::app {

namespace {

network::ProxySettings proxyOf(const NetworkChoices& choices) {
    network::ProxySettings proxy;
    proxy.mode = choices.proxy == NetworkChoices::None     ? network::ProxySettings::Mode::none
                 : choices.proxy == NetworkChoices::Manual ? network::ProxySettings::Mode::manual
                                                           : network::ProxySettings::Mode::system;
    proxy.url = choices.proxyUrl.toStdString();
    proxy.no_proxy = choices.noProxy.toStdString();
    return proxy;
}

}  // namespace

// In this order: each uses those above it.
struct ModelServices::Parts {
    Parts(storage::Store& store, SettingStore& settings, const QString& dataFolder,
          std::vector<DeviceFactory> devices)
        : folder([&settings, fallback = dataFolder + QStringLiteral("/models")] {
              const QString moved = settings.read({}).value(QStringLiteral("modelsFolder")).toString();
              return moved.isEmpty() ? fallback : moved;
          }),
          stored_ledger(store.ledger()),
          ledger(stored_ledger),
          client(offline, ledger),
          speeds((dataFolder + QStringLiteral("/speeds.json")).toStdString()),
          discover(client, speeds, std::move(devices), offers),
          stored_downloads(store.downloads()),
          downloads({client, offline, disk, clock, stored_downloads,
                     [this](const std::string& url) { return discover.headers(url); }}),
          download(downloads, offers, folder,
                   [this](const std::string& url) { return discover.addresses(url); }),
          keeping(store, downloads, download, folder,
                  [this](const QString& to) {
                      if (moved) moved(to);
                  }),
          network(offline, ledger, store, [this](const NetworkChoices& choices) {
              proxy = proxyOf(choices);
              client.set_proxy(proxy);
              // Where the desktop keeps it, it has to be asked: the answer comes a moment later, and the
              // environment, where it names one, is above it. What is asked for is the hub in use.
              if (proxy.mode == network::ProxySettings::Mode::system && !choices.offline)
                  desktop.askSession(QUrl(choices.endpoint.isEmpty()
                                              ? QString::fromLatin1(hub::huggingface::home)
                                              : choices.endpoint));
              discover.use(choices);
              download::DownloadSettings settings = downloads.settings();
              settings.bytes_per_second = static_cast<std::uint64_t>(choices.limit) * 1000;
              settings.schedule = {choices.fromMinute, choices.toMinute};
              downloads.set_settings(settings);
          }) {
        QObject::connect(&desktop, &DesktopProxy::answered, &desktop,
                         [this](const QUrl&, const QString& way) {
                             if (proxy.mode != network::ProxySettings::Mode::system) return;
                             const std::string url = way.toStdString();
                             proxy.desktop_url = network::check_proxy(url).ok() ? url : std::string();
                             client.set_proxy(proxy);
                         });
    }

    std::function<QString()> folder;
    std::function<void(const QString&)> moved;
    // Off until the stored choice is known: a download of the last session goes on then, and not before.
    network::OfflineSwitch offline{true};
    transfers::StoredLedger stored_ledger;
    ToldLedger ledger;
    network::CurlClient client;
    hub::KeptSpeeds speeds;
    KnownOffers offers;
    HubDiscover discover;
    download::PosixDisk disk;
    download::SystemClock clock;
    transfers::StoredDownloads stored_downloads;
    download::Downloads downloads;
    DownloadService download;
    LibraryKeeping keeping;
    DesktopProxy desktop;
    network::ProxySettings proxy;  // of the GUI thread
    NetworkService network;
    KeychainToken token;
};

ModelServices::ModelServices(storage::Store& store, SettingStore& settings, const QString& dataFolder,
                             std::vector<DeviceFactory> devices)
    : parts_(std::make_unique<Parts>(store, settings, dataFolder, std::move(devices))) {}

ModelServices::~ModelServices() = default;

ModelSources ModelServices::sources() {
    return {parts_->discover, parts_->download, parts_->keeping, parts_->network, parts_->token};
}

void ModelServices::attach(Workspace& workspace) {
    parts_->moved = [&workspace](const QString& folder) { workspace.settings().setModelsFolder(folder); };
    QObject::connect(&workspace.downloads(), &DownloadListModel::finished, &workspace,
                     [this](const QString&, const QString& path) { parts_->keeping.enter(path); });
    parts_->keeping.settle();
    QObject::connect(&workspace.models(), &ModelController::spoke, &workspace,
                     [this](const QString& path, const ModelOptions& options, int length, double speed) {
                         parts_->discover.learn(path, options, length, speed);
                     });
}

}  // namespace pellucid::app
