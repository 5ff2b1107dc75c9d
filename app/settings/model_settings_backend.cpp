#include "app/settings/model_settings_backend.h"

#include <QLocale>
#include <QRandomGenerator>
#include <QThread>

#include "engine/quant/kv_format.h"

namespace pellucid::app {

namespace {

const QStringList& reloadable() {
    static const QStringList keys = {QStringLiteral("contextLength"), QStringLiteral("threads"),
                                     QStringLiteral("device"),        QStringLiteral("kvFormat"),
                                     QStringLiteral("guessing"),      QStringLiteral("draftModel")};
    return keys;
}

QString gibibytes(double bytes) {
    return QLocale().toString(bytes / (1024.0 * 1024 * 1024), 'f', 2);
}

/// A float setting without the noise of its binary form: 0.8f reads 0.8.
double clean(float value) {
    return qRound64(static_cast<double>(value) * 1e5) / 1e5;
}

}  // namespace

QVariantMap ModelSettingsBackend::defaultValues(const SamplingSpec& sampling) {
    return {{QStringLiteral("thinkingMode"), 0},
            {QStringLiteral("thinkingBudget"), 0},
            {QStringLiteral("keepThoughts"), false},
            {QStringLiteral("temperature"), clean(sampling.temperature)},
            {QStringLiteral("topK"), sampling.top_k},
            {QStringLiteral("topP"), clean(sampling.top_p)},
            {QStringLiteral("minP"), clean(sampling.min_p)},
            {QStringLiteral("typicalP"), clean(sampling.typical_p)},
            {QStringLiteral("repetitionPenalty"), clean(sampling.repetition_penalty)},
            {QStringLiteral("presencePenalty"), clean(sampling.presence_penalty)},
            {QStringLiteral("frequencyPenalty"), clean(sampling.frequency_penalty)},
            {QStringLiteral("penaltyWindow"), sampling.penalty_window},
            {QStringLiteral("dryMultiplier"), clean(sampling.dry_multiplier)},
            {QStringLiteral("dryBase"), clean(sampling.dry_base)},
            {QStringLiteral("dryAllowedLength"), sampling.dry_allowed_length},
            {QStringLiteral("seed"), QString()},
            {QStringLiteral("maxTokens"), 0},
            {QStringLiteral("systemPrompt"), QString()},
            {QStringLiteral("contextLength"), 0},
            {QStringLiteral("threads"), 0},
            {QStringLiteral("device"), QStringLiteral("cpu")},
            {QStringLiteral("kvFormat"), QStringLiteral("f16")},
            {QStringLiteral("guessing"), static_cast<int>(NoGuessing)},
            {QStringLiteral("draftModel"), QString()}};
}

ModelSettingsBackend::ModelSettingsBackend(SettingStore& store, QObject* parent)
    : QObject(parent), store_(store), values_(defaultValues({})), presets_(*this, store), adapters_(store) {
    connect(this, &ModelSettingsBackend::changed, &presets_, &PresetList::changed);
    connect(&adapters_, &AdapterList::changed, this, &ModelSettingsBackend::planChanged);
}

int ModelSettingsBackend::maxThreads() const {
    return qMax(1, QThread::idealThreadCount());
}

void ModelSettingsBackend::setSeed(const QString& digits) {
    bool number = false;
    digits.toULongLong(&number);
    if (digits.isEmpty() || number) set("seed", digits);
}

void ModelSettingsBackend::setContextLength(int tokens) {
    const int most = info_.trained_context > 0 ? info_.trained_context : 1 << 20;
    set("contextLength", tokens <= 0 ? 0 : qBound(256, tokens, most));
}

void ModelSettingsBackend::setKvFormat(const QString& format) {
    if (find_kv_format(format.toStdString())) set("kvFormat", format);
}

QStringList ModelSettingsBackend::kvFormats() {
    QStringList names;
    for (const KvFormat format : kKvFormats)
        if (format != KvFormat::f32)  // for comparisons only: twice the memory for nothing that can be seen
            names.append(QString::fromUtf8(to_string(format).data(), qsizetype(to_string(format).size())));
    return names;
}

ModelSettingsBackend::Guessing ModelSettingsBackend::guessing() const {
    const int how = integer("guessing");  // as it was stored, by whatever version
    return how == FromText || how == BySmallerModel ? static_cast<Guessing>(how) : NoGuessing;
}

void ModelSettingsBackend::setGuessing(Guessing how) {
    set("guessing", static_cast<int>(how));
    if (how == BySmallerModel && draftModel().isEmpty() && !draftModels_.isEmpty())
        setDraftModel(draftModels_.first().toMap()[QStringLiteral("path")].toString());
}

void ModelSettingsBackend::setDraftModels(const QVariantList& models) {
    if (models == draftModels_) return;
    draftModels_ = models;
    emit draftModelsChanged();
}

void ModelSettingsBackend::set(const char* key, const QVariant& value) {
    const QString name = QString::fromLatin1(key);
    if (!values_.set(name, value)) return;
    if (!modelId_.isEmpty())
        store_.write(modelId_, name, values_.isChanged(name) ? values_.value(name) : QVariant());
    announce(name);
}

void ModelSettingsBackend::reset(const QString& key) {
    if (!values_.reset(key)) return;
    if (!modelId_.isEmpty()) store_.write(modelId_, key, {});
    announce(key);
}

void ModelSettingsBackend::resetAll() {
    for (const QString& key : values_.changedKeys()) reset(key);
}

QVariantMap ModelSettingsBackend::presetPart(const SettingValues& values) {
    QVariantMap part;
    for (const QString& key : values.changedKeys())
        if (!reloadable().contains(key)) part[key] = values.value(key);
    return part;
}

void ModelSettingsBackend::takePreset(const QVariantMap& values) {
    for (const QString& key : values_.changedKeys())
        if (!reloadable().contains(key) && !values.contains(key)) reset(key);
    for (auto it = values.cbegin(); it != values.cend(); ++it)
        if (!reloadable().contains(it.key())) set(it.key().toLatin1().constData(), it.value());
}

void ModelSettingsBackend::undoReload() {
    for (const QString& key : reloadKeys()) set(key.toLatin1().constData(), running_.value(key));
}

void ModelSettingsBackend::announce(const QString& key) {
    emit changed();
    if (reloadable().contains(key)) {
        emit reloadChanged();
        emit planChanged();
    }
}

QStringList ModelSettingsBackend::reloadKeys() const {
    QStringList keys;
    if (loaded_)
        for (const QString& key : reloadable())
            if (running_.value(key) != values_.value(key)) keys.append(key);
    return keys;
}

QString ModelSettingsBackend::reloadText() const {
    const QStringList keys = reloadKeys();
    if (keys.isEmpty()) return {};
    if (keys.size() > 1) return tr("%n settings need a reload.", nullptr, static_cast<int>(keys.size()));
    if (keys.first() == QLatin1String("contextLength")) return tr("Context length needs a reload.");
    if (keys.first() == QLatin1String("threads")) return tr("The number of threads needs a reload.");
    if (keys.first() == QLatin1String("device")) return tr("The device needs a reload.");
    if (keys.first() == QLatin1String("kvFormat")) return tr("The cache format needs a reload.");
    return tr("Guessing ahead needs a reload.");
}

QVariantList ModelSettingsBackend::memoryParts() const {
    const double available = static_cast<double>(qMax<std::uint64_t>(memory_.available, 1));
    const auto part = [&](const char* id, const QString& label, std::uint64_t bytes) {
        return QVariantMap{{QStringLiteral("id"), QString::fromLatin1(id)},
                           {QStringLiteral("label"), label},
                           {QStringLiteral("text"), tr("%1 GiB").arg(gibibytes(static_cast<double>(bytes)))},
                           {QStringLiteral("share"), qMin(1.0, static_cast<double>(bytes) / available)}};
    };
    if (memory_.total() == 0) return {};
    const std::uint64_t free = memory_.fits() ? memory_.available - memory_.total() : 0;
    return {part("weights", tr("Weights"), memory_.weights), part("context", tr("Context"), memory_.kv),
            part("working", tr("Working space"), memory_.scratch), part("free", tr("Free"), free)};
}

QString ModelSettingsBackend::memoryText() const {
    if (memory_.total() == 0) return {};
    return tr("%1 of %2 GiB")
        .arg(gibibytes(static_cast<double>(memory_.total())),
             gibibytes(static_cast<double>(memory_.available)));
}

QString ModelSettingsBackend::memoryVerdict() const {
    if (memory_.total() == 0) return {};
    if (memory_.fits()) return tr("Fits in memory");
    return tr("Needs %1 GiB more").arg(gibibytes(static_cast<double>(memory_.total() - memory_.available)));
}

void ModelSettingsBackend::setModel(const QString& id, const QString& name, const ModelInfo& info,
                                    const Capabilities& capabilities) {
    // What a file recommends is known once it has been looked into, later than its name.
    const bool other = id != modelId_;
    const bool advised = !other && defaultValues(info.recommended_sampling) != values_.defaults();
    modelId_ = id;
    modelName_ = name;
    info_ = info;
    capabilities_ = capabilities;
    if (other) {
        loaded_ = false;
        memory_ = {};
    }
    if (other || advised) {
        values_ = SettingValues(defaultValues(info.recommended_sampling));
        if (!id.isEmpty()) values_.load(store_.read(id));
    }
    modelDetail_ = QString::fromStdString(info.quantization);
    if (loaded_) modelDetail_ = modelDetail_.isEmpty() ? tr("loaded") : tr("%1 · loaded").arg(modelDetail_);
    emit modelChanged();
    if (advised) emit changed();
    if (other) {
        reread();
        emit changed();
        emit reloadChanged();
        emit memoryChanged();
        emit planChanged();
    }
}

void ModelSettingsBackend::reread() {
    presets_.load();
    adapters_.load(modelId_);
}

void ModelSettingsBackend::setLoaded(bool loaded, const ModelOptions&) {
    loaded_ = loaded;
    running_.clear();
    if (loaded)
        for (const QString& key : reloadable()) running_[key] = values_.value(key);
    modelDetail_ = QString::fromStdString(info_.quantization);
    if (loaded_) modelDetail_ = modelDetail_.isEmpty() ? tr("loaded") : tr("%1 · loaded").arg(modelDetail_);
    emit modelChanged();
    emit reloadChanged();
}

void ModelSettingsBackend::setDevices(const std::vector<Engine::Device>& devices) {
    devices_.clear();
    for (const Engine::Device& device : devices)
        devices_.append(QVariantMap{{QStringLiteral("id"), QString::fromStdString(device.id)},
                                    {QStringLiteral("text"), QString::fromStdString(device.description)}});
    emit devicesChanged();
}

void ModelSettingsBackend::setMemory(const MemoryPlan& plan) {
    memory_ = plan;
    emit memoryChanged();
}

ModelOptions ModelSettingsBackend::options() const {
    ModelOptions options;
    options.device = device().toStdString();
    options.threads = threads();
    options.context_length = contextLength();
    options.kv_format = kvFormat().toStdString();
    if (guessing() == FromText) {
        options.speculation.kind = SpeculationSettings::Kind::lookup;
    } else if (guessing() == BySmallerModel && !draftModel().isEmpty()) {
        options.speculation.kind = SpeculationSettings::Kind::draft;
        options.speculation.draft_model = draftModel().toStdString();
    }
    options.adapters = adapters_.used();
    return options;
}

SamplingSpec ModelSettingsBackend::sampling() const {
    SamplingSpec spec = info_.recommended_sampling;
    spec.temperature = static_cast<float>(temperature());
    spec.top_k = topK();
    spec.top_p = static_cast<float>(topP());
    spec.min_p = static_cast<float>(minP());
    spec.typical_p = static_cast<float>(typicalP());
    spec.repetition_penalty = static_cast<float>(repetitionPenalty());
    spec.presence_penalty = static_cast<float>(presencePenalty());
    spec.frequency_penalty = static_cast<float>(frequencyPenalty());
    spec.penalty_window = penaltyWindow();
    spec.dry_multiplier = static_cast<float>(dryMultiplier());
    spec.dry_base = static_cast<float>(dryBase());
    spec.dry_allowed_length = dryAllowedLength();
    spec.seed = seed().isEmpty() ? QRandomGenerator::global()->generate64() : seed().toULongLong();
    return spec;
}

ThinkingPolicy ModelSettingsBackend::thinking() const {
    ThinkingPolicy policy;
    policy.mode = static_cast<ThinkingMode>(thinkingMode());
    if (thinkingBudget() > 0) policy.budget_tokens = thinkingBudget();
    return policy;
}

}  // namespace pellucid::app

#include "moc_model_settings_backend.cpp"
