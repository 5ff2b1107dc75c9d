#include "app/services/library_keeping.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <chrono>

#include "app/base/wording.h"
#include "app/services/found_behaviour.h"
#include "app/settings/preset_list.h"

namespace pellucid::app {

namespace fs = std::filesystem;

namespace {

Problem problemOf(const Error& error) {
    // A person who stops something knows that it was stopped.
    return error.code == ErrorCode::cancelled ? Problem() : Problem{whatOf(error), hintOf(error)};
}

template <typename T>
Problem problemOf(const Result<T>& result) {
    return result ? Problem() : problemOf(result.error());
}

}  // namespace

LibraryKeeping::LibraryKeeping(storage::Store& store, download::Downloads& downloads,
                               DownloadService& service, std::function<QString()> folder,
                               std::function<void(const QString&)> moved)
    : store_(store),
      downloads_(downloads),
      service_(service),
      folder_(std::move(folder)),
      moved_(std::move(moved)),
      thread_(QStringLiteral("library")),
      quick_(QStringLiteral("library-quick")) {}

LibraryKeeping::~LibraryKeeping() {
    running_.cancel();
}

library::Library LibraryKeeping::library() const {
    return {store_.database(), folder_().toStdString()};
}

Result<storage::ModelId> LibraryKeeping::id_of(const std::string& path) {
    const auto found = store_.models().find_by_path(path);
    if (found && *found) return (*found)->id;
    // Listed because it lies in the models folder, and never entered.
    library::NewModel model;
    model.path = path;
    return library().add(model);
}

library::Progress LibraryKeeping::told(QObject* context, Progress progress) const {
    using Clock = std::chrono::steady_clock;
    return [context = GuiContext(context), progress = std::move(progress),
            last = std::make_shared<Clock::time_point>()](std::uint64_t done, std::uint64_t total,
                                                          const std::string&) {
        const auto now = Clock::now();
        if (total == 0 || (done < total && now - *last < std::chrono::milliseconds(100))) return;
        *last = now;
        const double share = static_cast<double>(done) / static_cast<double>(total);
        context.post([progress, share] { progress(share); });
    };
}

void LibraryKeeping::facts(const QString& path, QObject* context, std::function<void(KeptFacts)> then) {
    quick_.run(
        [this, path = path.toStdString()] {
            KeptFacts facts;
            const auto found = store_.models().find_by_path(path);
            if (!found || !*found) return facts;
            const storage::ModelRecord& model = **found;
            facts.digest = QString::fromStdString(model.digest);
            facts.licence = QString::fromStdString(model.licence);
            facts.origin = QString::fromStdString(model.repository);
            facts.lastUsedMs = model.last_used_at;
            facts.tokens = static_cast<qint64>(model.tokens_generated);
            if (const auto files = library().files(model.id); files && !files->empty()) {
                if (facts.digest.isEmpty()) facts.digest = QString::fromStdString(files->front().sha256);
                if (files->front().state == storage::FileState::whole)
                    facts.checkedMs = files->front().checked_at;
            }
            return facts;
        },
        context, std::move(then));
}

void LibraryKeeping::check(const QString& path, QObject* context, Progress progress,
                           std::function<void(CheckOutcome)> then) {
    running_ = CancelToken();
    thread_.run(
        [this, path = path.toStdString(), told = told(context, std::move(progress)), cancel = running_] {
            CheckOutcome outcome;
            const auto id = id_of(path);
            if (!id) {
                outcome.problem = problemOf(id.error());
                return outcome;
            }
            const auto report = library().check(*id, told, cancel);
            if (!report) {
                outcome.whole = report.error().code == ErrorCode::cancelled;
                outcome.problem =
                    report.error().code == ErrorCode::cancelled
                        ? Problem{QCoreApplication::translate("LibraryKeeping", "The check was stopped."), {}}
                        : problemOf(report.error());
                return outcome;
            }
            outcome.whole = report->whole();
            for (const library::CheckedFile& file : report->files) {
                outcome.damaged += static_cast<int>(file.damaged_blocks.size());
                if (!file.file.url.empty() && file.file.state == storage::FileState::damaged)
                    outcome.repairable = true;
            }
            return outcome;
        },
        context, std::move(then));
}

void LibraryKeeping::repair(const QString& path, QObject* context, std::function<void(Problem)> then) {
    thread_.run(
        [this, path = path.toStdString()] {
            // As a download of what is damaged alone: it is seen in the drawer, and can be paused.
            const auto id = id_of(path);
            if (!id) return problemOf(id.error());
            const auto files = library().files(*id);
            if (!files) return problemOf(files.error());
            download::ItemSpec item;
            item.title = fs::path(path).stem().string();
            item.note = DownloadService::repairNote(path);
            item.folder = fs::path(path).parent_path();
            for (const storage::ModelFile& file : *files) {
                if (file.state != storage::FileState::damaged || file.url.empty()) continue;
                download::FileSpec part;
                part.name = fs::path(file.path).filename().string();
                part.urls = {file.url};
                part.bytes = file.bytes;
                part.sha256 = file.sha256;
                if (!file.blocks.empty())
                    if (auto blocks = digest::block_map(file.bytes, file.block_bytes, file.blocks))
                        part.blocks = *blocks;
                part.repair = true;
                item.files.push_back(std::move(part));
            }
            if (item.files.empty())
                return Problem{
                    QCoreApplication::translate("LibraryKeeping", "Where its bytes came from is not known."),
                    QCoreApplication::translate("LibraryKeeping", "Delete it and download it again.")};
            return problemOf(downloads_.add(std::move(item)));
        },
        context, std::move(then));
}

void LibraryKeeping::removal(const QString& path, QObject* context, std::function<void(Removal)> then) {
    quick_.run(
        [this, path = path.toStdString()] {
            Removal removal;
            const auto id = id_of(path);
            if (!id) return removal;
            const auto plan = library().plan_removal(*id);
            if (!plan) return removal;
            removal.frees = plan->freed();
            for (const auto& file : plan->files) {
                removal.files += file.deleted;
                removal.erases = removal.erases || file.deleted;
            }
            return removal;
        },
        context, std::move(then));
}

void LibraryKeeping::remove(const QString& path, QObject* context, std::function<void(Problem)> then) {
    thread_.run(
        [this, path = path.toStdString()] {
            const auto id = id_of(path);
            if (!id) return problemOf(id.error());
            const auto removed = library().remove(*id);
            if (!removed) return problemOf(removed.error());
            // A finished download of what is gone is no news, and would enter it again at the next start.
            for (const download::ItemStatus& item : downloads_.items())
                if (item.state == download::State::complete)
                    for (const library::Removal::File& file : removed->files)
                        if (!item.files.empty() && item.files.front().path == file.path)
                            downloads_.forget(item.id);
            return Problem();
        },
        context, std::move(then));
}

// ---- other programs ----

std::vector<library::FoundModel> LibraryKeeping::others() const {
    auto found = library::find_models(library::Surroundings::of_this_process());
    return found ? std::move(found->models) : std::vector<library::FoundModel>();
}

void LibraryKeeping::findElsewhere(QObject* context, std::function<void(std::vector<FoundModel>)> then) {
    quick_.run(
        [this] {
            std::vector<FoundModel> models;
            for (const library::FoundModel& model : others()) {
                const auto known = store_.models().find_by_path(model.path.string());
                if (known && *known) {
                    // Here already, unless its adapters are not.
                    const auto adapters = store_.model_presets().adapters((*known)->id);
                    const auto here = [&](const library::FoundFile& adapter) {
                        return adapters && std::ranges::find(*adapters, adapter.path.string(),
                                                             &storage::ModelAdapter::path) != adapters->end();
                    };
                    if (std::ranges::all_of(model.adapters, here)) continue;
                }
                models.push_back(
                    {QString::fromStdString(model.path.string()), QString::fromStdString(model.name),
                     QString::fromStdString(std::string(library::app_name(model.origin))), model.bytes(),
                     static_cast<int>(model.adapters.size()), QString::fromStdString(model.id())});
            }
            return models;
        },
        context, std::move(then));
}

void LibraryKeeping::adopt(const FoundModel& model, QObject* context, std::function<void(Problem)> then) {
    quick_.run(
        [this, id = model.key().toStdString(), name = model.name] {
            // As it lies now: the list may be minutes old.
            for (const library::FoundModel& found : others())
                if (found.id() == id) return adopt(found);
            return Problem{QCoreApplication::translate("LibraryKeeping", "%1 is no longer there.").arg(name),
                           QCoreApplication::translate("LibraryKeeping",
                                                       "The program that had it may have deleted it.")};
        },
        context, std::move(then));
}

Problem LibraryKeeping::adopt(const library::FoundModel& found) {
    const auto id = library().add(library::new_model(found));
    if (!id) return problemOf(id.error());
    const auto record = store_.models().get(*id);
    const bool fresh = record && (record->settings_json.empty() || record->settings_json == "{}");
    for (const library::FoundBehaviour& behaviour : found.behaviours) {
        QVariantMap settings = settingsOf(behaviour);
        if (settings.isEmpty()) continue;
        const auto json = [](const QVariantMap& values) {
            return QJsonDocument(QJsonObject::fromVariantMap(values))
                .toJson(QJsonDocument::Compact)
                .toStdString();
        };
        (void)store_.model_presets().save(*id, behaviour.name, json(settings));
        if (!fresh || behaviour.name != found.name) continue;
        settings[PresetList::key()] = QString::fromStdString(behaviour.name);
        (void)store_.models().set_settings(*id, json(settings));
    }
    return {};
}

// ---- space ----

std::vector<fs::path> LibraryKeeping::partials() const {
    std::vector<fs::path> partials;
    for (const download::ItemStatus& item : downloads_.items())
        for (const download::FileStatus& file : item.files) partials.push_back(file.path);
    return partials;
}

void LibraryKeeping::findWaste(QObject* context, std::function<void(Waste)> then) {
    thread_.run(
        [this] {
            Waste waste;
            library::Library library = this->library();
            if (const auto orphans = library.orphans(partials()))
                for (const auto& file : orphans->files_without_models) {
                    ++waste.orphans;
                    waste.orphanBytes += file.bytes;
                }
            const auto groups = library.duplicates(others());
            if (!groups) return waste;
            for (const library::DuplicateGroup& group : *groups) {
                if (group.reclaimable == 0) continue;
                ++waste.duplicates;
                waste.duplicateBytes += group.reclaimable;
                for (const library::DuplicateFile& file : group.files) {
                    const QString program =
                        QString::fromStdString(std::string(library::app_name(file.origin)));
                    if (!file.ours && !program.isEmpty() && !waste.others.contains(program))
                        waste.others.append(program);
                }
            }
            return waste;
        },
        context, std::move(then));
}

void LibraryKeeping::shareDuplicates(QObject* context, std::function<void(quint64, Problem)> then) {
    thread_.run(
        [this] {
            std::pair<quint64, Problem> outcome;
            library::Library library = this->library();
            const auto groups = library.duplicates(others());
            if (!groups) {
                outcome.second = problemOf(groups.error());
                return outcome;
            }
            for (const library::DuplicateGroup& group : *groups) {
                if (group.reclaimable == 0) continue;
                const auto linked = library.link(group);
                if (!linked) {
                    outcome.second = problemOf(linked.error());
                    continue;
                }
                for (const library::LinkedFile& file : *linked) outcome.first += file.freed;
            }
            return outcome;
        },
        context,
        [then = std::move(then)](const std::pair<quint64, Problem>& done) { then(done.first, done.second); });
}

void LibraryKeeping::eraseOrphans(QObject* context, std::function<void(quint64, Problem)> then) {
    thread_.run(
        [this] {
            std::pair<quint64, Problem> outcome;
            const auto orphans = library().orphans(partials());
            if (!orphans) {
                outcome.second = problemOf(orphans.error());
                return outcome;
            }
            for (const auto& file : orphans->files_without_models) {
                std::error_code error;
                if (fs::remove(file.path, error))
                    outcome.first += file.bytes;
                else if (error)
                    outcome.second = {
                        QCoreApplication::translate("LibraryKeeping", "%1 could not be deleted.")
                            .arg(QString::fromStdString(file.path.string())),
                        QString::fromStdString(error.message())};
            }
            return outcome;
        },
        context,
        [then = std::move(then)](const std::pair<quint64, Problem>& done) { then(done.first, done.second); });
}

void LibraryKeeping::moveTo(const QString& folder, QObject* context, Progress progress,
                            std::function<void(Problem)> then) {
    running_ = CancelToken();
    thread_.run(
        [this, from = folder_().toStdString(), to = folder.toStdString(),
         told = told(context, std::move(progress)),
         cancel = running_] { return library::Mover(store_.database(), from).move(to, told, cancel); },
        context,
        [this, folder, then = std::move(then)](const Result<void>& done) {
            if (done) moved_(folder);
            then(problemOf(done));
        });
}

void LibraryKeeping::stop() {
    running_.cancel();
}

// ---- downloads ----

void LibraryKeeping::enter(const QString& path) {
    quick_.post([this, path = path.toStdString()] {
        const auto finished = service_.finished(path);
        if (finished && enter(*finished)) service_.kept(finished->id);
    });
}

void LibraryKeeping::settle() {
    quick_.post([this] {
        for (const DownloadService::Finished& finished : service_.finished())
            if (enter(finished)) downloads_.forget(finished.id);
    });
}

Result<void> LibraryKeeping::enter(const DownloadService::Finished& finished) {
    // Moved away or deleted since: there is nothing to keep.
    std::error_code trouble;
    if (!fs::exists(finished.path, trouble)) return {};
    library::NewModel model;
    model.path = finished.path;
    model.origin = library::Origin::download;
    model.title = finished.title;
    model.repository = finished.repository;
    model.revision = finished.revision;
    model.licence = finished.licence;
    model.licence_accepted = finished.licence_accepted;
    if (const auto known = store_.models().find_by_path(model.path.string());
        finished.repair && known && *known) {
        // Some of its bytes came again; where it came from stays.
        model.origin = library::origin_from((*known)->source).value_or(library::Origin::file);
        model.title = (*known)->title;
        model.repository = (*known)->repository;
        model.revision = (*known)->revision;
        model.licence = (*known)->licence;
    }
    for (const download::CompletedFile& file : finished.files)
        model.files.push_back({file.path, digest::to_hex(file.sha256), file.url, file.etag,
                               file.blocks.block_bytes, digest::to_bytes(file.blocks.blocks), true});
    PELLUCID_TRY(const auto id, library().add(model));
    (void)id;
    return {};
}

}  // namespace pellucid::app
