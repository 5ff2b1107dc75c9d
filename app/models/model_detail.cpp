#include "app/models/model_detail.h"

#include <QDateTime>
#include <QFileInfo>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <limits>

#include "app/models/discover_model.h"
#include "app/models/download_list_model.h"
#include "app/models/fit_wording.h"
#include "app/models/model_controller.h"

namespace pellucid::app {

namespace {

constexpr int kLeast = 4096;
const char* const kCaches[] = {"f16", "q8", "q4"};

/// "sha256 731ece8d…0ac3": enough to compare by eye.
QString digestText(const QString& digest) {
    return digest.size() < 16 ? digest
                              : QStringLiteral("sha256 ") + digest.first(8) + QChar(0x2026) + digest.last(4);
}

}  // namespace

ModelDetail::ModelDetail(DiscoverSource& discover, KeepingSource& keeping, DownloadSource& downloadSource,
                         DownloadListModel& downloads, DiscoverModel& offers, ModelController& models,
                         QObject* parent)
    : QObject(parent),
      discover_(discover),
      keeping_(keeping),
      downloadSource_(downloadSource),
      downloads_(downloads),
      offers_(offers),
      models_(models) {
    connect(&downloads_, &DownloadListModel::modelChanged, this, [this](const QString& id) {
        if (id == modelId_) emit placeChanged();
    });
    connect(models_.list(), &ModelListModel::countChanged, this, [this] {
        if (local_ && !models_.list()->find(modelId_)) close();
        emit placeChanged();
    });
}

// ---- what is looked at ----

void ModelDetail::show(const QString& modelId) {
    const OfferedModel* model = offers_.find(modelId);
    if (!model) return;
    begin(*model);
    local_ = false;
    path_.clear();
    busy_ = !model_.complete;
    if (const OfferedFile* best = file()) listed_ = best->fit;
    emit modelChanged();
    emit factsChanged();
    emit quantizationChanged();
    emit placeChanged();
    if (model_.complete) {
        ask(true);
        return;
    }
    emit planChanged();
    discover_.complete(model_, this, [this, ticket = ticket_](OfferedModel known, Problem problem) {
        if (ticket != ticket_) return;
        busy_ = false;
        problem_ = std::move(problem);
        if (!problem_) {
            model_ = std::move(known);
            model_.complete = true;
            file_ = model_.best >= 0 ? model_.best : model_.files.empty() ? -1 : 0;
            offers_.put(model_);
            if (model_.files.empty())
                problem_ = {tr("There are no GGUF files in this repository."),
                            tr("Look for one whose name ends in GGUF.")};
        }
        emit modelChanged();
        emit factsChanged();
        emit quantizationChanged();
        emit placeChanged();
        if (file_ >= 0) ask(true);
        if (!std::exchange(wanted_, false)) return;
        if (problem_)
            emit refused(problem_.what, problem_.hint);
        else
            download();
    });
}

void ModelDetail::begin(const OfferedModel& model) {
    ++ticket_;
    ++planTicket_;
    modelId_ = model.id;
    model_ = model;
    file_ = model.best >= 0 ? model.best : model.files.empty() ? -1 : 0;
    problem_ = {};
    kept_ = {};
    listed_ = {};
    plan_ = {};
    planned_ = planRuns_ = planWaits_ = false;
    agreedLarge_ = agreedLicence_ = wanted_ = false;
    context_ = 0;
    cache_ = 0;
    layers_ = -1;
    gpu_.clear();
    system_.clear();
}

void ModelDetail::showLocal(const QString& modelId) {
    const LocalModel* here = models_.list()->find(modelId);
    if (!here) return;
    OfferedModel model;
    model.id = modelId;
    model.name = ModelListModel::displayName(*here);
    model.parameters = static_cast<double>(here->info.parameters);
    model.context = here->info.trained_context;
    model.complete = true;
    OfferedFile file;
    file.name = QFileInfo(here->path).fileName();
    file.quantization = QString::fromStdString(here->info.quantization);
    file.bytes = here->info.file_bytes;
    model.files.push_back(file);
    model.best = 0;
    begin(model);
    local_ = true;
    busy_ = false;
    path_ = here->path;
    problem_ = {here->problem, here->problemHint};
    emit modelChanged();
    emit factsChanged();
    emit quantizationChanged();
    emit placeChanged();
    emit planChanged();
    keeping_.facts(path_, this, [this, ticket = ticket_](KeptFacts facts) {
        if (ticket != ticket_) return;
        kept_ = std::move(facts);
        model_.licence = kept_.licence;
        model_.origin = kept_.origin;
        emit modelChanged();
        emit factsChanged();
    });
    if (!problem_) ask(true);
}

void ModelDetail::close() {
    begin({});
    local_ = busy_ = false;
    path_.clear();
    emit modelChanged();
    emit factsChanged();
    emit quantizationChanged();
    emit placeChanged();
    emit planChanged();
}

QString ModelDetail::subtitle() const {
    if (modelId_.isEmpty()) return {};
    QStringList parts;
    if (local_) {
        if (!model_.licence.isEmpty()) parts.append(licenceText(model_.licence));
        parts.append(model_.origin.isEmpty() ? tr("A file on this computer") : model_.origin);
        if (!model_.files.empty() && model_.files[0].bytes > 0)
            parts.append(fileSizeText(model_.files[0].bytes));
        return parts.join(QStringLiteral(" · "));
    }
    parts.append(licenceText(model_.licence));
    if (!model_.author.isEmpty()) parts.append(model_.author);
    if (model_.date.isValid()) parts.append(QLocale().toString(model_.date, tr("d MMM yyyy", "date")));
    return parts.join(QStringLiteral(" · "));
}

QVariantList ModelDetail::facts() const {
    QVariantList list;
    const auto add = [&](const QString& label, const QString& text) {
        if (!text.isEmpty())
            list.append(QVariantMap{{QStringLiteral("label"), label}, {QStringLiteral("text"), text}});
    };
    const auto date = [](qint64 ms) {
        return ms == 0 ? QString()
                       : QLocale().toString(QDateTime::fromMSecsSinceEpoch(ms), tr("d MMM yyyy", "date"));
    };
    if (modelId_.isEmpty()) return list;
    add(tr("Size"), parameterText(model_.parameters).isEmpty()
                        ? QString()
                        : tr("%1 parameters").arg(parameterText(model_.parameters)));
    add(tr("Trained context"),
        model_.context > 0 ? tr("%1 tokens").arg(QLocale().toString(model_.context)) : QString());
    add(tr("Thinking"), model_.thinking);
    add(tr("Languages"), model_.languages.join(tr(", ", "between languages")));
    const OfferedFile* chosen = file();
    if (local_) {
        add(tr("File"), path_);
        add(tr("Digest"), digestText(kept_.digest));
        add(tr("Checked"), date(kept_.checkedMs));
        add(tr("Last used"), date(kept_.lastUsedMs));
        add(tr("Generated"),
            kept_.tokens > 0 ? tr("%1 tokens").arg(QLocale().toString(kept_.tokens)) : QString());
        return list;
    }
    add(tr("From"), model_.origin);
    if (chosen && chosen->parts > 1) add(tr("Parts"), QLocale().toString(chosen->parts));
    if (chosen) add(tr("Digest"), digestText(chosen->sha256));
    return list;
}

QStringList ModelDetail::quantizations() const {
    QStringList names;
    for (const OfferedFile& file : model_.files)
        names.append(file.quantization.isEmpty() ? file.name : file.quantization);
    return names;
}

const OfferedFile* ModelDetail::file() const {
    return file_ >= 0 && file_ < static_cast<int>(model_.files.size())
               ? &model_.files[static_cast<std::size_t>(file_)]
               : nullptr;
}

void ModelDetail::setQuantization(int index) {
    if (index == file_ || index < 0 || index >= static_cast<int>(model_.files.size())) return;
    file_ = index;
    agreedLarge_ = false;
    emit quantizationChanged();
    emit factsChanged();
    ask(false);
}

// ---- fetching ----

QString ModelDetail::downloadText() const {
    const OfferedFile* chosen = file();
    return chosen && chosen->bytes > 0 ? tr("Download %1").arg(fileSizeText(chosen->bytes)) : tr("Download");
}

ModelDetail::Place ModelDetail::place() const {
    if (modelId_.isEmpty()) return Offered;
    if (local_) return Here;
    if (const DownloadState* state = downloads_.ofModel(modelId_))
        return state->phase == DownloadState::Done ? Here : Coming;
    return offers_.isInstalled(model_) ? Here : Offered;
}

QString ModelDetail::placeText() const {
    const DownloadState* state = local_ ? nullptr : downloads_.ofModel(modelId_);
    if (!state) return place() == Here ? tr("Installed") : QString();
    const int percent = static_cast<int>(downloadShare() * 100);
    switch (state->phase) {
        case DownloadState::Queued:
            return tr("Waiting to download");
        case DownloadState::Checking:
            return tr("Checking SHA-256");
        case DownloadState::Paused:
            return tr("Paused at %1 %").arg(percent);
        case DownloadState::Failed:
            return tr("Download failed");
        case DownloadState::Done:
            return tr("Installed");
        default:
            return tr("Downloading, %1 %").arg(percent);
    }
}

double ModelDetail::downloadShare() const {
    const DownloadState* state = local_ ? nullptr : downloads_.ofModel(modelId_);
    return !state || state->total == 0
               ? 0
               : static_cast<double>(state->bytes) / static_cast<double>(state->total);
}

void ModelDetail::download() {
    const OfferedFile* chosen = file();
    if (local_ || place() == Coming) return;
    if (busy_) {
        wanted_ = true;
        return;
    }
    if (!chosen) return;
    if (fit().kind == Fit::TooLarge && !agreedLarge_) return emit tooLargeAsked();
    if (model_.askLicence && !agreedLicence_) return emit licenceAsked();
    downloadSource_.start(model_, *chosen, this, [this, name = model_.name](Problem problem) {
        if (problem)
            emit refused(problem.what, problem.hint);
        else
            emit started(name);
    });
}

void ModelDetail::downloadAnyway() {
    agreedLarge_ = true;
    download();
}

void ModelDetail::acceptLicence() {
    agreedLicence_ = true;
    download();
}

void ModelDetail::downloadBest() {
    show(offers_.bestId());
    download();
}

// ---- memory plan ----

int ModelDetail::leastContext() const {
    return plan_.contextMax > 0 ? std::min(kLeast, plan_.contextMax) : kLeast;
}

double ModelDetail::position(int context) const {
    const int least = leastContext();
    if (context <= least || plan_.contextMax <= least) return 0;
    return std::min(1.0, std::log(static_cast<double>(context) / least) /
                             std::log(static_cast<double>(plan_.contextMax) / least));
}

void ModelDetail::setContextPosition(double position) {
    if (!planned_ || plan_.contextMax <= 0) return;
    const int least = leastContext();
    const double exact =
        least * std::pow(static_cast<double>(plan_.contextMax) / least, std::clamp(position, 0.0, 1.0));
    // Whole kibi-tokens, and the model's own limit whatever it is.
    const int context = position >= 1 ? plan_.contextMax
                                      : std::clamp(static_cast<int>(std::lround(exact / 1024)) * 1024, least,
                                                   plan_.contextMax);
    if (context == context_) return;
    context_ = context;
    emit planChanged();
    ask(false);
}

double ModelDetail::fitsPosition() const {
    return plan_.contextFits >= plan_.contextMax || plan_.contextFits <= 0
               ? std::numeric_limits<double>::quiet_NaN()
               : position(plan_.contextFits);
}

QString ModelDetail::contextText() const {
    return context_ > 0 ? QLocale().toString(context_) : QString();
}

QString ModelDetail::contextLeastText() const {
    return QLocale().toString(leastContext());
}

QString ModelDetail::contextFitsText() const {
    if (!planned_) return {};
    if (plan_.contextFits <= 0) return tr("None fits");
    return plan_.contextFits >= plan_.contextMax ? tr("All %1 fit").arg(QLocale().toString(plan_.contextMax))
                                                 : tr("%1 fits").arg(QLocale().toString(plan_.contextFits));
}

void ModelDetail::setCache(int cache) {
    if (cache == cache_ || cache < 0 || cache > 2) return;
    cache_ = cache;
    emit planChanged();
    ask(false);
}

void ModelDetail::setLayersChosen(bool chosen) {
    if (chosen == layersChosen()) return;
    layers_ = chosen ? plan_.fit.layersOnGpu : -1;
    emit planChanged();
    ask(false);
}

void ModelDetail::setLayers(int layers) {
    if (layers == layers_ || layers_ < 0) return;
    layers_ = std::clamp(layers, 0, layersMax());
    emit planChanged();
    ask(false);
}

QString ModelDetail::verdict() const {
    return verdictText(fit());
}
QString ModelDetail::severity() const {
    return verdictSeverity(fit());
}
QString ModelDetail::speed() const {
    return fit().tokensPerSecond > 0 && fit().fits() ? speedText(fit()) : QString();
}

void ModelDetail::ask(bool fresh) {
    // A slider asks faster than a plan comes: one at a time, and then the newest wish.
    if (fresh) planRuns_ = false;
    planFresh_ = planFresh_ || fresh;
    if (planRuns_) {
        planWaits_ = true;
        return;
    }
    send(std::exchange(planFresh_, false));
}

void ModelDetail::send(bool fresh) {
    const OfferedFile* chosen = file();
    if (!chosen) return;
    PlanQuery query;
    query.modelId = local_ ? QString() : modelId_;
    query.path = path_;
    query.file = chosen->name;
    query.context = context_;
    query.kvFormat = QString::fromLatin1(kCaches[cache_]);
    query.gpuLayers = layers_;
    planRuns_ = true;
    planWaits_ = false;
    discover_.plan(query, this, [this, fresh, ticket = ++planTicket_](FitPlan plan, Problem problem) {
        if (ticket != planTicket_) return;
        planRuns_ = false;
        if (!problem)
            take(std::move(plan), fresh);
        else if (local_ && !problem_)
            problem_ = std::move(problem), emit modelChanged();
        if (planWaits_) send(std::exchange(planFresh_, false));
    });
}

void ModelDetail::take(FitPlan plan, bool fresh) {
    plan_ = std::move(plan);
    planned_ = true;
    if (!planWaits_) context_ = plan_.context;
    // What the list said by the file's size is known now; as it is first shown, before anything is moved.
    if (fresh && !local_ && file()) {
        Fit& listed = model_.files[static_cast<std::size_t>(file_)].fit;
        if (listed.rough && plan_.fit.kind != Fit::Unknown) {
            const double speed = listed.tokensPerSecond;
            listed = plan_.fit;
            if (listed.tokensPerSecond <= 0) listed.tokensPerSecond = speed;
            offers_.put(model_);
        }
    }
    const QString layers = plan_.fit.layers > 0 && plan_.fit.layersOnGpu > 0
                               ? tr("%1 of %2 layers").arg(plan_.fit.layersOnGpu).arg(plan_.fit.layers)
                               : QString();
    bool gpu = false, main = false;
    for (const DevicePlan& device : plan_.devices) {
        if (device.gpu && !gpu) {
            gpu_.setPlan(device, layers, plan_.context, fresh);
            gpu = true;
        } else if (!device.gpu && !main) {
            system_.setPlan(device, gpu ? QString() : layers, plan_.context, fresh);
            main = true;
        }
    }
    if (!gpu) gpu_.clear();  // and not before: what deltas count from would be forgotten
    emit planChanged();
}

void ModelDetail::retranslate() {
    emit modelChanged();
    emit factsChanged();
    emit quantizationChanged();
    emit placeChanged();
    if (planned_) take(plan_, false);
}

}  // namespace pellucid::app

#include "moc_model_detail.cpp"
