#include "app/models/model_controller.h"

#include <QDir>
#include <QFileInfo>
#include <algorithm>

#include "app/base/wording.h"
#include "app/models/model_library.h"
#include "app/settings/model_settings_backend.h"
#include "app/settings/settings_backend.h"
#include "app/shell/system_info.h"
#include "app/shell/toast_queue.h"
#include "app/threads/work_thread.h"
#include "engine/model/gguf_parts.h"

namespace pellucid::app {

ModelController::ModelController(Engine& engine, WorkThread& engineThread, ModelLibrary& library,
                                 ModelSettingsBackend& modelSettings, SettingsBackend& settings,
                                 SystemInfo& system, ToastQueue& toasts, const QStringList& starterFiles,
                                 QObject* parent)
    : QObject(parent),
      engine_(engine),
      engineThread_(engineThread),
      library_(library),
      modelSettings_(modelSettings),
      settings_(settings),
      system_(system),
      toasts_(toasts) {
    for (const QString& file : starterFiles)
        if (starterPath_.isEmpty() && QFileInfo(file).isFile())
            starterPath_ = QFileInfo(file).absoluteFilePath();
    clock_.start();
    idleTimer_.setSingleShot(true);
    connect(&idleTimer_, &QTimer::timeout, this, [this] { judgeIdleness(true); });
    connect(&settings_, &SettingsBackend::changed, this, [this] {
        judgeIdleness();
        emit modelsFolderChanged();
    });
    connect(&list_, &ModelListModel::inspectionWanted, this, [this](const QString& id) { lookAt(id, true); });
    connect(&modelSettings_, &ModelSettingsBackend::planChanged, this, &ModelController::planCurrent);
    connect(&modelSettings_, &ModelSettingsBackend::reloadAsked, this, &ModelController::reload);
}

ModelController::~ModelController() {
    cancelLoad_.cancel();
}

void ModelController::start(std::function<void()> then) {
    engineThread_.run([&engine = engine_] { return engine.devices(); }, this,
                      [this](std::vector<Engine::Device> devices) {
                          modelSettings_.setDevices(devices);
                          if (!devices.empty() && !model_)
                              showDevice(devices.front().id + ": " + devices.front().description);
                      });
    library_.list(this, [this, then = std::move(then)](std::vector<LocalModel> known) {
        for (LocalModel& model : known) model.inLibrary = true;
        // What was added while the library was read stays.
        for (const LocalModel& model : list_.models())
            if (std::ranges::find(known, model.id, &LocalModel::id) == known.end()) known.push_back(model);
        list_.setModels(std::move(known));
        for (const LocalModel& model : list_.models())
            if (!model.known()) toLookAt_.append(model.id);
        lookNext();
        offerDrafts();
        scanFolder(then);
    });
}

void ModelController::showDevice(const std::string& device) {
    // "cpu: AVX-512 VNNI, 2 threads": the kind where room is short, the path chosen as its detail.
    const QString text = QString::fromStdString(device);
    const QString kind = text.section(u':', 0, 0).trimmed();
    const QString detail = text.section(u':', 1).trimmed();
    system_.setDevice(kind.size() <= 4 ? kind.toUpper() : kind, detail.isEmpty() ? text : detail);
}

void ModelController::refresh() {
    scanFolder({});
}

void ModelController::scanFolder(std::function<void()> then) {
    const QString folder = modelsFolder();
    engineThread_.run(
        [folder] {
            QStringList paths;
            const QDir dir(folder);
            for (const QFileInfo& file :
                 dir.entryInfoList({QStringLiteral("*.gguf")}, QDir::Files | QDir::Readable, QDir::Name))
                if (is_listed(file.fileName().toStdString())) paths.append(file.absoluteFilePath());
            for (const QFileInfo& inside :
                 dir.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::Readable, QDir::Name))
                if (QFileInfo::exists(inside.absoluteFilePath() + QStringLiteral("/config.json")))
                    paths.append(inside.absoluteFilePath());
            return paths;
        },
        this,
        [this, then = std::move(then)](const QStringList& paths) {
            for (const QString& path : paths) {
                if (list_.findPath(path)) continue;
                LocalModel model;
                model.id = path;
                model.path = path;
                list_.put(model);
                lookAt(path, false);
            }
            if (then) then();
        });
}

void ModelController::lookAt(const QString& modelId, bool first) {
    if (toLookAt_.contains(modelId)) {
        if (!first) return;
        toLookAt_.removeOne(modelId);
    }
    if (first)
        toLookAt_.prepend(modelId);
    else
        toLookAt_.append(modelId);
    lookNext();
}

void ModelController::lookNext() {
    // One at a time: a model that is to be loaded waits for one header, not for two thousand.
    while (!looking_ && !toLookAt_.isEmpty()) {
        const LocalModel* model = list_.find(toLookAt_.takeFirst());
        if (!model || model->inspected) continue;
        looking_ = true;
        inspect(*model, [this](const LocalModel&) {
            looking_ = false;
            lookNext();
        });
    }
}

void ModelController::inspect(LocalModel model, std::function<void(const LocalModel&)> then) {
    const ModelOptions options =
        modelSettings_.modelId() == model.id ? modelSettings_.options() : ModelOptions();
    engineThread_.run(
        [&engine = engine_, catalogue = catalogue_, model = std::move(model), options]() mutable {
            const std::string path = model.path.toStdString();
            model.problem.clear();
            model.problemHint.clear();
            auto info = engine.inspect(path);
            auto plan = info ? engine.plan(path, options) : Result<MemoryPlan>(info.failure());
            if (info) {
                model.info = *info;
                catalogue::complete(*catalogue, model.info);
            }
            if (plan) {
                model.memory = *plan;
            } else {
                model.problem = whatOf(plan.error());
                model.problemHint = hintOf(plan.error());
            }
            model.inspected = true;
            return model;
        },
        this,
        [this, then = std::move(then)](const LocalModel& model) {
            if (list_.find(model.id)) {
                list_.put(model);
                if (model.inLibrary && model.problem.isEmpty()) library_.keepFacts(model);
            }
            offerDrafts();
            if (model.id == currentId_ && !model_) {
                modelSettings_.setModel(model.id, currentName(), model.info, {});
                emit currentChanged();
                emit needChanged();
            }
            if (then) then(model);
        });
}

// ---- what is shown ----

QString ModelController::currentName() const {
    const LocalModel* model = list_.find(currentId_);
    return model ? ModelListModel::displayName(*model) : QString();
}

QString ModelController::loadText() const {
    if (state_ != Loading) return {};
    return tr("Loading %1, %2 %").arg(currentName()).arg(qRound(loadProgress_ * 100));
}

const Capabilities* ModelController::capabilities() const {
    return model_ ? &model_->capabilities() : nullptr;
}
bool ModelController::completionOnly() const {
    return model_ && !model_->capabilities().chat;
}
int ModelController::contextLength() const {
    return model_ ? model_->options().context_length : 0;
}
QString ModelController::modelsFolder() const {
    return settings_.modelsFolder();
}

QString ModelController::needText() const {
    const LocalModel* model = list_.find(currentId_);
    if (!model || model->memory.total() == 0) return {};
    const auto text = [](std::uint64_t bytes) { return gibibytesText(static_cast<double>(bytes), 2); };
    return tr("Needs %1 of %2 free: weights %3, context %4, working space %5")
        .arg(text(model->memory.total()), text(model->memory.available), text(model->memory.weights),
             text(model->memory.kv), text(model->memory.scratch));
}

// ---- choosing and loading ----

void ModelController::setState(State state) {
    state_ = state;
    if (state_ != Failed) {
        errorWhat_.clear();
        errorHint_.clear();
    }
    list_.setCurrent(currentId_, state_ == Ready);
    lastUsedMs_ = clock_.elapsed();
    judgeIdleness();
    emit stateChanged();
    emit loadProgressChanged();
}

void ModelController::setCurrent(const QString& modelId) {
    if (currentId_ == modelId) return;
    currentId_ = modelId;
    const LocalModel* model = list_.find(modelId);
    modelSettings_.setModel(modelId, currentName(), model ? model->info : ModelInfo(), {});
    if (model && !model->inspected) lookAt(modelId, true);
    offerDrafts();
    emit currentChanged();
    emit needChanged();
}

void ModelController::choose(const QString& modelId) {
    if (!list_.find(modelId) || modelId == currentId_) return;
    release();
    setCurrent(modelId);
    setState(Chosen);
}

void ModelController::select(const QString& modelId) {
    if (!list_.find(modelId)) return;
    if (modelId == currentId_ && (state_ == Ready || state_ == Loading)) return;
    release();
    setCurrent(modelId);
    load();
}

void ModelController::reload() {
    if (currentId_.isEmpty()) return;
    release();
    load();
}

void ModelController::release() {
    cancelLoad_.cancel();
    ++loadTicket_;
    if (!model_) return;
    emit aboutToUnload();
    modelSettings_.setLoaded(false, {});
    // Freeing gigabytes takes a moment: not in the GUI thread, and after the sessions that were posted
    // before.
    engineThread_.post([model = std::move(model_)] {});
    model_.reset();
}

void ModelController::cancelLoad() {
    if (state_ != Loading) return;
    cancelLoad_.cancel();
    ++loadTicket_;
    setState(Chosen);
    settle(false);
}

void ModelController::unload() {
    if (currentId_.isEmpty()) return;
    release();
    setState(Chosen);
    settle(false);
}

namespace {

struct Opened {
    MemoryPlan plan;
    std::shared_ptr<Model> model;  // null: `error` says why
    Error error;
};

}  // namespace

void ModelController::load() {
    const LocalModel* model = list_.find(currentId_);
    if (!model) return;
    cancelLoad_ = CancelToken();
    loadProgress_ = 0;
    setState(Loading);
    const int ticket = ++loadTicket_;
    const GuiContext guard(this);
    const auto progress = [this, guard, ticket](double fraction, const std::string&) {
        guard.post([this, ticket, fraction] {
            if (ticket != loadTicket_) return;
            loadProgress_ = fraction;
            emit loadProgressChanged();
        });
    };
    engineThread_.run(
        [&engine = engine_, path = model->path.toStdString(), options = modelSettings_.options(), progress,
         cancel = cancelLoad_] {
            Opened opened;
            auto plan = engine.plan(path, options);
            if (!plan) {
                opened.error = plan.error();
                return opened;
            }
            opened.plan = *plan;
            // Refused by its numbers, before anything is allocated.
            opened.error.code = ErrorCode::out_of_memory;
            if (!plan->fits()) return opened;
            auto model = engine.open(path, options, progress, cancel);
            if (model)
                opened.model = *std::move(model);
            else
                opened.error = model.error();
            return opened;
        },
        this,
        [this, ticket](Opened opened) {
            if (ticket != loadTicket_) {
                if (opened.model) engineThread_.post([late = std::move(opened.model)] {});
                return;
            }
            if (opened.plan.total() > 0) {
                modelSettings_.setMemory(opened.plan);
                if (const LocalModel* known = list_.find(currentId_)) {
                    LocalModel changed = *known;
                    changed.memory = opened.plan;
                    list_.put(changed);
                    emit needChanged();
                }
            }
            if (!opened.model) {
                Error error = opened.error;
                if (error.code == ErrorCode::out_of_memory && error.what.empty()) {
                    const auto text = [](std::uint64_t bytes) {
                        return gibibytesText(static_cast<double>(bytes), 2);
                    };
                    error.what =
                        tr("%1 needs %2 and %3 are free.")
                            .arg(currentName(), text(opened.plan.total()), text(opened.plan.available))
                            .toStdString();
                    error.hint =
                        tr("Close other programs, choose a shorter context, or take a smaller model.")
                            .toStdString();
                }
                failLoad(error);
                return;
            }
            model_ = std::move(opened.model);
            ModelInfo info = model_->info();
            catalogue::complete(*catalogue_, info);
            modelSettings_.setModel(currentId_, currentName(), info, model_->capabilities());
            modelSettings_.setLoaded(true, model_->options());
            showDevice(model_->info().device);
            settings_.setLastModel(currentId_);
            library_.markUsed(currentId_);
            loadProgress_ = 1;
            setState(Ready);
            settle(true);
        });
}

void ModelController::failLoad(const Error& error) {
    errorWhat_ = whatOf(error);
    errorHint_ = hintOf(error);
    state_ = Failed;
    list_.setCurrent(currentId_, false);
    emit stateChanged();
    emit loadProgressChanged();
    if (!watched_) toasts_.sayError(errorWhat_, errorHint_);
    settle(false);
}

void ModelController::whenReady(QObject* context, std::function<void(bool)> then) {
    if (state_ == Ready || currentId_.isEmpty()) {
        // Later, never from within the caller.
        GuiContext(context).post([this, then = std::move(then)] { then(state_ == Ready); });
        return;
    }
    waiters_.push_back({context, std::move(then)});
    if (state_ != Loading) load();
}

void ModelController::settle(bool ready) {
    for (const Waiter& waiter : std::exchange(waiters_, {}))
        if (waiter.context) waiter.then(ready);
}

void ModelController::planCurrent() {
    const LocalModel* model = list_.find(currentId_);
    if (!model) return;
    engineThread_.run([&engine = engine_, path = model->path.toStdString(),
                       options = modelSettings_.options()] { return engine.plan(path, options); },
                      this,
                      [this, ticket = ++planTicket_](const Result<MemoryPlan>& plan) {
                          if (ticket != planTicket_ || !plan) return;
                          modelSettings_.setMemory(*plan);
                          if (const LocalModel* known = list_.find(currentId_); known && !model_) {
                              LocalModel changed = *known;
                              changed.memory = *plan;
                              list_.put(changed);
                          }
                          emit needChanged();
                      });
}

void ModelController::planContext(int tokens, QObject* context, std::function<void(MemoryPlan)> then) {
    const LocalModel* model = list_.find(currentId_);
    if (!model) return;
    ModelOptions options = modelSettings_.options();
    options.context_length = tokens;
    engineThread_.run(
        [&engine = engine_, path = model->path.toStdString(), options] { return engine.plan(path, options); },
        context,
        [then = std::move(then)](const Result<MemoryPlan>& plan) {
            if (plan) then(*plan);
        });
}

void ModelController::offerDrafts() {
    const LocalModel* chosen = list_.find(currentId_);
    std::vector<const LocalModel*> fitting;
    for (const LocalModel& model : list_.models())
        if (chosen && model.known() && model.problem.isEmpty() && model.id != currentId_ &&
            model.info.vocabulary == chosen->info.vocabulary &&
            model.info.file_bytes < chosen->info.file_bytes)
            fitting.push_back(&model);
    // The smallest first: a guess must cost little.
    std::ranges::sort(fitting, {}, [](const LocalModel* model) { return model->info.file_bytes; });
    QVariantList drafts;
    for (const LocalModel* model : fitting) {
        const QString quantization = QString::fromStdString(model->info.quantization);
        QString name = ModelListModel::displayName(*model);
        if (!quantization.isEmpty()) name += QStringLiteral(" · ") + quantization;
        drafts.append(QVariantMap{{QStringLiteral("path"), model->path}, {QStringLiteral("text"), name}});
    }
    modelSettings_.setDraftModels(drafts);
}

void ModelController::reloadWithContext(int tokens) {
    modelSettings_.setContextLength(tokens);
    reload();
}

}  // namespace pellucid::app

#include "moc_model_controller.cpp"
