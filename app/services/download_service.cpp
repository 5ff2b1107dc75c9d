#include "app/services/download_service.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>
#include <cmath>

#include "app/base/wording.h"
#include "app/threads/gui_context.h"

namespace pellucid::app {

namespace {

QJsonObject noteOf(const download::ItemStatus& item) {
    return QJsonDocument::fromJson(QByteArray::fromStdString(item.note)).object();
}

/// The model that is there in the end: the first file, or what is being repaired.
QString pathOf(const download::ItemStatus& item) {
    const QString repaired = noteOf(item).value(QStringLiteral("repair")).toString();
    if (!repaired.isEmpty() || item.files.empty()) return repaired;
    return QString::fromStdString(item.files.front().path.string());
}

}  // namespace

Problem problem_of(download::Reason reason, const std::string& detail) {
    const QString more = QString::fromStdString(detail);
    using R = download::Reason;
    switch (reason) {
        case R::none:
        case R::by_person:
            return {};
        case R::offline:
            return {QCoreApplication::translate("DownloadService", "The offline switch is on."),
                    QCoreApplication::translate("DownloadService", "It goes on when the switch is off.")};
        case R::schedule:
            return {QCoreApplication::translate("DownloadService", "Outside of the hours set for downloads."),
                    {}};
        case R::dns:
            return {
                QCoreApplication::translate("DownloadService", "No network, or the hub's name is not known."),
                QCoreApplication::translate("DownloadService", "Check the connection, then resume.")};
        case R::unreachable:
            return {QCoreApplication::translate("DownloadService", "Connection lost."),
                    QCoreApplication::translate("DownloadService", "Check the connection, then resume.")};
        case R::stalled:
            return {QCoreApplication::translate("DownloadService", "No bytes come."),
                    QCoreApplication::translate(
                        "DownloadService", "Resume; where it happens again, set a mirror in the settings.")};
        case R::tls:
            return {QCoreApplication::translate("DownloadService", "The server cannot prove who it is."),
                    QCoreApplication::translate(
                        "DownloadService",
                        "A proxy or an antivirus may be reading along: let it leave this connection alone.")};
        case R::server_busy:
            return {QCoreApplication::translate("DownloadService", "The hub is busy."),
                    QCoreApplication::translate("DownloadService", "It goes on by itself.")};
        case R::server_error:
            return {QCoreApplication::translate("DownloadService", "The hub has a fault."),
                    QCoreApplication::translate("DownloadService",
                                                "Try again later, or set a mirror in the settings.")};
        case R::sign_in_needed:
            return {QCoreApplication::translate("DownloadService", "The hub asks for a token."),
                    QCoreApplication::translate("DownloadService",
                                                "Keep yours under Settings, Network, then resume.")};
        case R::access_denied:
            return {
                QCoreApplication::translate("DownloadService", "The publisher has not let this account in."),
                QCoreApplication::translate("DownloadService",
                                            "Accept its licence on the hub's page, then resume.")};
        case R::not_there:
            return {QCoreApplication::translate("DownloadService", "The file is no longer there."),
                    QCoreApplication::translate("DownloadService", "Look for the model again.")};
        case R::page_instead:
            return {QCoreApplication::translate("DownloadService", "A web page came instead of the file."),
                    QCoreApplication::translate(
                        "DownloadService",
                        "This network may want a sign-in first: open a browser, then resume.")};
        case R::changed_on_server:
            return {QCoreApplication::translate("DownloadService", "The publisher has changed the file."),
                    QCoreApplication::translate("DownloadService", "Retry to fetch what is new.")};
        case R::wrong_size:
            return {
                QCoreApplication::translate("DownloadService", "The file has another size than was said."),
                QCoreApplication::translate("DownloadService", "Look for the model again.")};
        case R::wrong_digest:
            return {QCoreApplication::translate("DownloadService", "What came is not what was published."),
                    QCoreApplication::translate("DownloadService", "Retry; only what differs is fetched.")};
        case R::no_space:
            return {QCoreApplication::translate("DownloadService", "The disk is full."),
                    more.isEmpty() ? QCoreApplication::translate(
                                         "DownloadService",
                                         "Free some space, then resume; what is there already is kept.")
                                   : QCoreApplication::translate(
                                         "DownloadService",
                                         "%1: free some space, then resume; what is there already is kept.")
                                         .arg(more)};
        case R::read_only:
            return {QCoreApplication::translate("DownloadService", "The folder cannot be written."),
                    QCoreApplication::translate("DownloadService", "Check its permissions, then resume.")};
        case R::disk_error:
            return {
                QCoreApplication::translate("DownloadService", "The disk reports a fault."),
                QCoreApplication::translate("DownloadService", "Save what matters; then try another disk.")};
        case R::folder_gone:
            return {QCoreApplication::translate("DownloadService", "The disk or folder is gone."),
                    QCoreApplication::translate("DownloadService", "Connect it again, then resume.")};
        case R::name_taken:
            return {QCoreApplication::translate("DownloadService", "Another file of that name is there."),
                    QCoreApplication::translate("DownloadService", "Move it away, then resume.")};
        case R::in_use:
            return {
                QCoreApplication::translate("DownloadService", "Another program downloads the same file."),
                QCoreApplication::translate("DownloadService", "Close it, then resume.")};
    }
    return {};
}

struct DownloadService::Line {
    std::mutex mutex;
    std::vector<DownloadState> newest;
    bool posted = false;
    std::optional<GuiContext> target;
    std::function<void(std::vector<DownloadState>)> changed;
};

DownloadService::DownloadService(download::Downloads& downloads, const KnownOffers& offers,
                                 std::function<QString()> folder, Addresses addresses)
    : downloads_(downloads),
      offers_(offers),
      folder_(std::move(folder)),
      addresses_(std::move(addresses)),
      line_(std::make_shared<Line>()) {}

DownloadService::~DownloadService() {
    downloads_.observe({});
}

DownloadState DownloadService::state_of(const download::ItemStatus& item) {
    DownloadState state;
    state.id = QString::number(item.id);
    state.modelId = noteOf(item).value(QStringLiteral("model")).toString();
    state.name = QString::fromStdString(item.title);
    state.path = pathOf(item);
    state.bytes = item.bytes_done;
    state.total = item.bytes_total.value_or(0);
    state.rate = item.bytes_per_second;
    state.secondsLeft = item.seconds_left.value_or(-1);
    state.problem = problem_of(item.reason, item.detail);
    switch (item.state) {
        case download::State::queued:
            state.phase = DownloadState::Queued;
            break;
        case download::State::fetching:
            state.phase = DownloadState::Running;
            break;
        case download::State::waiting:
            state.phase = DownloadState::Retrying;
            if (item.wakes_at_ms > 0)
                state.retryIn = static_cast<int>(std::clamp<qint64>(
                    (item.wakes_at_ms - QDateTime::currentMSecsSinceEpoch() + 999) / 1000, 0, 1'000'000));
            break;
        case download::State::checking:
            state.phase = DownloadState::Checking;
            break;
        case download::State::paused: {
            // What only a person can mend has failed; what they or the switch have stopped is paused.
            const bool quiet = item.reason == download::Reason::none ||
                               item.reason == download::Reason::by_person ||
                               item.reason == download::Reason::offline;
            state.phase = quiet ? DownloadState::Paused : DownloadState::Failed;
            break;
        }
        case download::State::complete:
            state.phase = DownloadState::Done;
            break;
    }
    return state;
}

void DownloadService::watch(QObject* context, std::function<void(std::vector<DownloadState>)> changed) {
    {
        const std::lock_guard lock(line_->mutex);
        line_->target.emplace(context);
        line_->changed = std::move(changed);
    }
    const auto tell = [this, line = line_] {
        std::vector<DownloadState> states;
        for (const download::ItemStatus& item : downloads_.items()) states.push_back(state_of(item));
        const std::lock_guard lock(line->mutex);
        line->newest = std::move(states);
        if (std::exchange(line->posted, true)) return;
        line->target->post([line] {
            std::vector<DownloadState> newest;
            std::function<void(std::vector<DownloadState>)> changed;
            {
                const std::lock_guard lock(line->mutex);
                line->posted = false;
                newest = std::exchange(line->newest, {});
                changed = line->changed;
            }
            changed(std::move(newest));
        });
    };
    tell();
    downloads_.observe(tell);
}

void DownloadService::start(const OfferedModel& model, const OfferedFile& file, QObject* context,
                            std::function<void(Problem)> then) {
    const auto answer = [&](Problem problem) {
        GuiContext(context).post([then, problem = std::move(problem)] { then(problem); });
    };
    const auto known = offers_.find(model.id.toStdString());
    const hub::Variant* variant = nullptr;
    if (known)
        for (const hub::Variant& one : known->variants)
            if (KnownOffers::file_name(one) == file.name.toStdString()) variant = &one;
    if (!variant || !variant->complete())
        return answer({QCoreApplication::translate("DownloadService", "Where its files lie is not known."),
                       QCoreApplication::translate("DownloadService", "Look for the model again.")});
    download::ItemSpec item;
    item.title = known->title;
    if (!variant->quantization.empty()) item.title += ", " + variant->quantization;
    item.folder = folder_().toStdString();
    for (const hub::HubFile& one : variant->files) {
        download::FileSpec part;
        const auto slash = one.path.rfind('/');
        part.name = slash == std::string::npos ? one.path : one.path.substr(slash + 1);
        // Parts of one model lie together, and apart from others.
        if (variant->files.size() > 1) part.name = variant->name + "/" + part.name;
        part.urls = addresses_(one.url);
        part.bytes = one.bytes;
        part.sha256 = one.sha256;
        item.files.push_back(std::move(part));
    }
    item.note =
        QJsonDocument(QJsonObject{{QStringLiteral("model"), model.id},
                                  {QStringLiteral("hub"), QString::fromStdString(known->hub)},
                                  {QStringLiteral("repository"), QString::fromStdString(known->repository)},
                                  {QStringLiteral("revision"), QString::fromStdString(known->revision)},
                                  {QStringLiteral("licence"), model.licence},
                                  {QStringLiteral("accepted"), model.askLicence}})
            .toJson(QJsonDocument::Compact)
            .toStdString();
    const auto added = downloads_.add(std::move(item));
    answer(added ? Problem() : Problem{whatOf(added.error()), hintOf(added.error())});
}

void DownloadService::pause(const QString& id) {
    downloads_.pause(id.toLongLong());
}

void DownloadService::resume(const QString& id) {
    const auto item = downloads_.item(id.toLongLong());
    if (item && (item->reason == download::Reason::changed_on_server ||
                 item->reason == download::Reason::wrong_digest))
        downloads_.retry(id.toLongLong());
    else
        downloads_.resume(id.toLongLong());
}

void DownloadService::cancel(const QString& id) {
    downloads_.cancel(id.toLongLong());
}

void DownloadService::forget(const QString& id) {
    const download::ItemId item = id.toLongLong();
    {
        const std::lock_guard lock(mutex_);
        shown_.insert(item);
        if (!kept_.contains(item)) return;
    }
    downloads_.forget(item);
}

void DownloadService::kept(download::ItemId item) {
    {
        const std::lock_guard lock(mutex_);
        kept_.insert(item);
        if (!shown_.contains(item)) return;
    }
    downloads_.forget(item);
}

std::string DownloadService::repairNote(const std::string& path) {
    return QJsonDocument(QJsonObject{{QStringLiteral("repair"), QString::fromStdString(path)}})
        .toJson(QJsonDocument::Compact)
        .toStdString();
}

std::optional<DownloadService::Finished> DownloadService::finished(const std::string& path) const {
    for (const download::ItemStatus& item : downloads_.items())
        if (pathOf(item).toStdString() == path) return finished(item);
    return std::nullopt;
}

std::vector<DownloadService::Finished> DownloadService::finished() const {
    std::vector<Finished> all;
    for (const download::ItemStatus& item : downloads_.items())
        if (auto one = finished(item)) all.push_back(*std::move(one));
    return all;
}

std::optional<DownloadService::Finished> DownloadService::finished(const download::ItemStatus& item) const {
    auto files = downloads_.completed(item.id);
    if (!files) return std::nullopt;
    const QJsonObject note = noteOf(item);
    const auto word = [&](const char* key) {
        return note.value(QString::fromLatin1(key)).toString().toStdString();
    };
    return Finished{item.id,
                    note.contains(QStringLiteral("repair")),
                    pathOf(item).toStdString(),
                    item.title,
                    word("repository"),
                    word("revision"),
                    word("licence"),
                    note.value(QStringLiteral("accepted")).toBool(),
                    *std::move(files)};
}

}  // namespace pellucid::app
