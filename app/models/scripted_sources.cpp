#include "app/models/scripted_sources.h"

#include <algorithm>

#include "app/threads/gui_context.h"

namespace pellucid::app {

namespace {

template <typename Then, typename... Values>
void answer(QObject* context, Then then, Values... values) {
    GuiContext(context).post([then = std::move(then), ... values = std::move(values)] { then(values...); });
}

}  // namespace

// ---- catalogue and hub ----

void ScriptedDiscover::search(const QString& text, int from, QObject* context,
                              std::function<void(Answer)> then) {
    if (silent) return;
    Answer found;
    int at = 0;
    for (const OfferedModel& model : models) {
        if (!model.name.contains(text, Qt::CaseInsensitive) &&
            !model.author.contains(text, Qt::CaseInsensitive))
            continue;
        if (at++ < from) continue;
        if (static_cast<int>(found.models.size()) == page) {
            found.more = true;
            break;
        }
        found.models.push_back(model);
    }
    if (!text.isEmpty()) found.problem = problem;
    answer(context, std::move(then), std::move(found));
}

void ScriptedDiscover::complete(const OfferedModel& model, QObject* context,
                                std::function<void(OfferedModel, Problem)> then) {
    if (silent) return;
    OfferedModel known = model;
    known.complete = true;
    answer(context, std::move(then), known, problem);
}

void ScriptedDiscover::plan(const PlanQuery& query, QObject* context,
                            std::function<void(FitPlan, Problem)> then) {
    ++planned;
    quint64 weights = 4'680'000'000;
    int layers = 28, trained = 131072;
    double speed = 0;
    Fit::Kind known = Fit::Unknown;
    for (const OfferedModel& model : models)
        for (const OfferedFile& file : model.files)
            if (model.id == query.modelId && file.name == query.file) {
                weights = file.bytes;
                if (file.fit.layers > 0) layers = file.fit.layers;
                speed = file.fit.tokensPerSecond;
                known = file.fit.kind;
                trained = model.context > 0 ? model.context : trained;
            }
    const double bits = query.kvFormat == QLatin1String("f16")  ? 16
                        : query.kvFormat == QLatin1String("q8") ? 8.5
                                                                : 4.5;
    // 28 layers of 4 key-value heads of 128, as the 7 B distill has them.
    const double perToken = layers * 2 * 4 * 128 * bits / 8;
    FitPlan plan;
    plan.contextMax = trained;
    plan.context = query.context > 0 ? query.context : std::min(32768, trained);
    const bool gpu = gpuTotal > 0 && known != Fit::InMemory;
    const quint64 total = gpu ? gpuTotal : mainTotal, others = gpu ? gpuOthers : mainOthers;
    const quint64 working = 660'000'000;
    const auto cache = static_cast<quint64>(perToken * plan.context);
    const quint64 room = total > others ? total - others : 0;
    const int onGpu = !gpu ? 0
                      : query.gpuLayers >= 0
                          ? std::min(query.gpuLayers, layers)
                          : static_cast<int>(std::min<double>(
                                layers, layers * (static_cast<double>(room) - static_cast<double>(working)) /
                                            std::max(1.0, static_cast<double>(weights + cache))));
    const double share = gpu ? static_cast<double>(std::max(0, onGpu)) / layers : 1.0;
    const auto part = [&](quint64 bytes) { return static_cast<quint64>(share * static_cast<double>(bytes)); };
    DevicePlan first{gpu ? gpuName : QString(), gpu, part(weights), part(cache), working, others, total};
    if (gpu) {
        plan.devices.push_back(first);
        plan.devices.push_back({QString(), false, weights - first.weights, cache - first.context, 320'000'000,
                                mainOthers, mainTotal});
    } else {
        plan.devices.push_back(first);
    }
    const DevicePlan& main = plan.devices.back();
    plan.splits = true;
    plan.fit.layers = layers;
    plan.fit.layersOnGpu = std::max(0, onGpu);
    plan.fit.tokensPerSecond = speed;
    if (main.used() > main.total) {
        plan.fit.kind = Fit::TooLarge;
        plan.fit.missing = main.used() - main.total;
    } else if (!gpu) {
        plan.fit.kind = Fit::InMemory;
    } else if (known == Fit::Experts) {
        plan.fit.kind = Fit::Experts;
    } else {
        plan.fit.kind = onGpu >= layers ? Fit::OnGpu : Fit::Layers;
    }
    const double left =
        static_cast<double>(room) - static_cast<double>(weights) - static_cast<double>(working);
    plan.contextFits =
        left <= 0 ? 0 : static_cast<int>(std::min<double>(trained, left / perToken)) / 1000 * 1000;
    if (plan.contextFits >= trained / 1000 * 1000) plan.contextFits = trained;
    answer(context, std::move(then), std::move(plan), Problem());
}

// ---- downloads ----

void ScriptedDownloads::watch(QObject* context, std::function<void(std::vector<DownloadState>)> changed) {
    watcher_ = context;
    changed_ = std::move(changed);
    tell();
}

void ScriptedDownloads::tell() {
    if (watcher_ && changed_) changed_(states);
}

DownloadState* ScriptedDownloads::find(const QString& id) {
    const auto at = std::ranges::find(states, id, &DownloadState::id);
    return at == states.end() ? nullptr : &*at;
}

void ScriptedDownloads::put(const DownloadState& state) {
    if (DownloadState* known = find(state.id))
        *known = state;
    else
        states.push_back(state);
    tell();
}

void ScriptedDownloads::start(const OfferedModel& model, const OfferedFile& file, QObject* context,
                              std::function<void(Problem)> then) {
    calls.append(QStringLiteral("start ") + file.name);
    const Problem problem = std::exchange(refusal, {});
    if (!problem) {
        DownloadState state;
        state.id = file.name;
        state.modelId = model.id;
        state.name = model.name;
        state.total = file.bytes;
        put(state);
    }
    answer(context, std::move(then), problem);
}

void ScriptedDownloads::pause(const QString& id) {
    calls.append(QStringLiteral("pause ") + id);
    if (DownloadState* state = find(id)) {
        state->phase = DownloadState::Paused;
        state->problem = {};
        tell();
    }
}

void ScriptedDownloads::resume(const QString& id) {
    calls.append(QStringLiteral("resume ") + id);
    if (DownloadState* state = find(id)) {
        state->phase = DownloadState::Running;
        state->problem = {};
        tell();
    }
}

void ScriptedDownloads::cancel(const QString& id) {
    calls.append(QStringLiteral("cancel ") + id);
    std::erase_if(states, [&](const DownloadState& state) { return state.id == id; });
    tell();
}

void ScriptedDownloads::forget(const QString& id) {
    calls.append(QStringLiteral("forget ") + id);
    std::erase_if(states, [&](const DownloadState& state) { return state.id == id; });
}

// ---- keeping ----

void ScriptedKeeping::facts(const QString&, QObject* context, std::function<void(KeptFacts)> then) {
    answer(context, std::move(then), known);
}

void ScriptedKeeping::check(const QString& path, QObject* context, Progress progress,
                            std::function<void(CheckOutcome)> then) {
    calls.append(QStringLiteral("check ") + path);
    GuiContext(context).post([progress = std::move(progress)] { progress(0.5); });
    answer(context, std::move(then), outcome);
}

void ScriptedKeeping::repair(const QString& path, QObject* context, std::function<void(Problem)> then) {
    calls.append(QStringLiteral("repair ") + path);
    answer(context, std::move(then), std::exchange(problem, {}));
}

void ScriptedKeeping::removal(const QString&, QObject* context, std::function<void(Removal)> then) {
    answer(context, std::move(then), removing);
}

void ScriptedKeeping::remove(const QString& path, QObject* context, std::function<void(Problem)> then) {
    calls.append(QStringLiteral("remove ") + path);
    answer(context, std::move(then), std::exchange(problem, {}));
}

void ScriptedKeeping::findElsewhere(QObject* context, std::function<void(std::vector<FoundModel>)> then) {
    answer(context, std::move(then), elsewhere);
}

void ScriptedKeeping::adopt(const FoundModel& model, QObject* context, std::function<void(Problem)> then) {
    calls.append(QStringLiteral("adopt ") + model.key());
    answer(context, std::move(then), std::exchange(problem, {}));
}

void ScriptedKeeping::findWaste(QObject* context, std::function<void(Waste)> then) {
    answer(context, std::move(then), waste);
}

void ScriptedKeeping::shareDuplicates(QObject* context, std::function<void(quint64, Problem)> then) {
    calls.append(QStringLiteral("share"));
    const quint64 freed = std::exchange(waste.duplicateBytes, 0);
    waste.duplicates = 0;
    answer(context, std::move(then), freed, std::exchange(problem, {}));
}

void ScriptedKeeping::eraseOrphans(QObject* context, std::function<void(quint64, Problem)> then) {
    calls.append(QStringLiteral("erase"));
    const quint64 freed = std::exchange(waste.orphanBytes, 0);
    waste.orphans = 0;
    answer(context, std::move(then), freed, std::exchange(problem, {}));
}

void ScriptedKeeping::moveTo(const QString& folder, QObject* context, Progress progress,
                             std::function<void(Problem)> then) {
    calls.append(QStringLiteral("move ") + folder);
    GuiContext(context).post([progress = std::move(progress)] { progress(1); });
    answer(context, std::move(then), std::exchange(problem, {}));
}

void ScriptedKeeping::stop() {
    calls.append(QStringLiteral("stop"));
}

// ---- network ----

void ScriptedNetwork::use(const NetworkChoices& wanted) {
    choices = wanted;
}

void ScriptedNetwork::rows(int count, QObject* context, std::function<void(std::vector<LedgerRow>)> then) {
    std::vector<LedgerRow> newest = ledger;
    if (newest.size() > static_cast<std::size_t>(count)) newest.resize(static_cast<std::size_t>(count));
    answer(context, std::move(then), std::move(newest));
}

void ScriptedNetwork::watch(QObject* context, std::function<void()> changed) {
    watcher_ = context;
    changed_ = std::move(changed);
}

void ScriptedNetwork::forget(QObject* context, std::function<void()> then) {
    ledger.clear();
    GuiContext(context).post(std::move(then));
}

void ScriptedNetwork::add(LedgerRow row) {
    ledger.insert(ledger.begin(), std::move(row));
    if (watcher_ && changed_) changed_();
}

void MemoryTokenKeeper::read(QObject* context, std::function<void(QString, Problem)> then) {
    answer(context, std::move(then), token, problem);
}

void MemoryTokenKeeper::write(const QString& wanted, QObject* context, std::function<void(Problem)> then) {
    if (!problem) token = wanted;
    answer(context, std::move(then), problem);
}

}  // namespace pellucid::app
