#include "app/services/library_keeping.h"

#include <QCoreApplication>
#include <chrono>

#include "app/base/wording.h"

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
            return id ? problemOf(library().remove(*id)) : problemOf(id.error());
        },
        context, std::move(then));
}

void LibraryKeeping::findElsewhere(QObject* context, std::function<void(std::vector<FoundModel>)> then) {
    quick_.run(
        [this] {
            std::vector<FoundModel> models;
            const auto found = library::find_models(library::Surroundings::of_this_process());
            if (!found) return models;
            for (const library::FoundModel& model : found->models) {
                const auto known = store_.models().find_by_path(model.path.string());
                if (known && *known) continue;
                models.push_back(
                    {QString::fromStdString(model.path.string()), QString::fromStdString(model.name),
                     QString::fromStdString(std::string(library::app_name(model.origin))), model.bytes()});
            }
            return models;
        },
        context, std::move(then));
}

void LibraryKeeping::findWaste(QObject* context, std::function<void(Waste)> then) {
    thread_.run(
        [this] {
            Waste waste;
            const library::Library library = this->library();
            std::vector<fs::path> partials;
            for (const download::ItemStatus& item : downloads_.items())
                for (const download::FileStatus& file : item.files) partials.push_back(file.path);
            if (const auto orphans = library.orphans(partials))
                for (const auto& file : orphans->files_without_models) {
                    ++waste.orphans;
                    waste.orphanBytes += file.bytes;
                }
            if (const auto groups = this->library().duplicates())
                for (const library::DuplicateGroup& group : *groups)
                    if (group.reclaimable > 0) {
                        ++waste.duplicates;
                        waste.duplicateBytes += group.reclaimable;
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
            const auto groups = library.duplicates();
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
            std::vector<fs::path> partials;
            for (const download::ItemStatus& item : downloads_.items())
                for (const download::FileStatus& file : item.files) partials.push_back(file.path);
            const auto orphans = library().orphans(partials);
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

void LibraryKeeping::enter(const QString& path) {
    quick_.post([this, path = path.toStdString()] {
        const auto finished = service_.finished(path);
        if (!finished) return;
        library::NewModel model;
        model.path = path;
        model.origin = library::Origin::download;
        model.title = finished->title;
        model.repository = finished->repository;
        model.revision = finished->revision;
        model.licence = finished->licence;
        model.licence_accepted = finished->licence_accepted;
        for (const download::CompletedFile& file : finished->files)
            model.files.push_back({file.path, digest::to_hex(file.sha256), file.url, file.etag,
                                   file.blocks.block_bytes, digest::to_bytes(file.blocks.blocks), true});
        (void)library().add(model);
    });
}

}  // namespace pellucid::app
