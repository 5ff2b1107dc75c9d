// Settings of one model: one object behind the model's settings page. Saved at once; what the loaded model
// cannot take over while it runs waits for a reload, and says so.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <QVariantList>

#include "app/settings/adapter_list.h"
#include "app/settings/preset_list.h"
#include "app/settings/setting_values.h"
#include "engine/runtime/session.h"

namespace pellucid::app {

class ModelSettingsBackend : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(ModelSettingsBackend)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(QString modelId READ modelId NOTIFY modelChanged)  ///< empty: no model chosen
    Q_PROPERTY(QString modelName READ modelName NOTIFY modelChanged)
    Q_PROPERTY(QString modelDetail READ modelDetail NOTIFY modelChanged)  ///< "Q4_K_M · loaded"
    Q_PROPERTY(bool loaded READ loaded NOTIFY modelChanged)

    // Thinking
    Q_PROPERTY(int thinkingMode READ thinkingMode WRITE setThinkingMode NOTIFY
                   changed)  ///< ChatController.ThinkingMode
    Q_PROPERTY(
        int thinkingBudget READ thinkingBudget WRITE setThinkingBudget NOTIFY changed)  ///< tokens; 0: none
    Q_PROPERTY(bool keepThoughts READ keepThoughts WRITE setKeepThoughts NOTIFY changed)
    // Sampling
    Q_PROPERTY(double temperature READ temperature WRITE setTemperature NOTIFY changed)  ///< 0 to 2
    Q_PROPERTY(int topK READ topK WRITE setTopK NOTIFY changed)                          ///< 0: off
    Q_PROPERTY(double topP READ topP WRITE setTopP NOTIFY changed)                       ///< 1: off
    Q_PROPERTY(double minP READ minP WRITE setMinP NOTIFY changed)                       ///< 0: off
    Q_PROPERTY(double typicalP READ typicalP WRITE setTypicalP NOTIFY changed)           ///< 1: off
    Q_PROPERTY(double repetitionPenalty READ repetitionPenalty WRITE setRepetitionPenalty NOTIFY
                   changed)  ///< 1: off
    Q_PROPERTY(double presencePenalty READ presencePenalty WRITE setPresencePenalty NOTIFY changed)
    Q_PROPERTY(double frequencyPenalty READ frequencyPenalty WRITE setFrequencyPenalty NOTIFY changed)
    Q_PROPERTY(
        int penaltyWindow READ penaltyWindow WRITE setPenaltyWindow NOTIFY changed)  ///< -1: whole context
    Q_PROPERTY(double dryMultiplier READ dryMultiplier WRITE setDryMultiplier NOTIFY changed)  ///< 0: off
    Q_PROPERTY(double dryBase READ dryBase WRITE setDryBase NOTIFY changed)
    Q_PROPERTY(int dryAllowedLength READ dryAllowedLength WRITE setDryAllowedLength NOTIFY changed)
    /// Empty: a new one each time. Digits: the same tokens every time.
    Q_PROPERTY(QString seed READ seed WRITE setSeed NOTIFY changed)
    Q_PROPERTY(int maxTokens READ maxTokens WRITE setMaxTokens NOTIFY changed)  ///< 0: until the model ends
    // Prompt
    Q_PROPERTY(QString systemPrompt READ systemPrompt WRITE setSystemPrompt NOTIFY changed)
    // Memory and device: these need a reload
    Q_PROPERTY(
        int contextLength READ contextLength WRITE setContextLength NOTIFY changed)  ///< tokens; 0: automatic
    Q_PROPERTY(int threads READ threads WRITE setThreads NOTIFY changed)             ///< 0: automatic
    Q_PROPERTY(QString device READ device WRITE setDevice NOTIFY changed)            ///< "cpu", "cuda:0" …
    Q_PROPERTY(QString kvFormat READ kvFormat WRITE setKvFormat NOTIFY changed)      ///< as --kv has it
    Q_PROPERTY(QStringList kvFormats READ kvFormats CONSTANT)  ///< what kvFormat may be, dearest first
    Q_PROPERTY(Guessing guessing READ guessing WRITE setGuessing NOTIFY changed)
    Q_PROPERTY(
        QString draftModel READ draftModel WRITE setDraftModel NOTIFY changed)  ///< path; of BySmallerModel
    Q_PROPERTY(QVariantList draftModels READ draftModels NOTIFY draftModelsChanged)  ///< [{path, text}]

    Q_PROPERTY(int trainedContext READ trainedContext NOTIFY modelChanged)
    Q_PROPERTY(int maxThreads READ maxThreads CONSTANT)
    Q_PROPERTY(QVariantList devices READ devices NOTIFY devicesChanged)  ///< [{id, text}]
    Q_PROPERTY(bool canThink READ canThink NOTIFY modelChanged)
    Q_PROPERTY(bool canSwitchThinking READ canSwitchThinking NOTIFY modelChanged)
    Q_PROPERTY(pellucid::app::PresetList* presets READ presets CONSTANT)
    /// One is added by ModelController::addAdapter().
    Q_PROPERTY(pellucid::app::AdapterList* adapters READ adapters CONSTANT)

    /// Names of properties that differ from the model's defaults.
    Q_PROPERTY(QStringList changedKeys READ changedKeys NOTIFY changed)
    Q_PROPERTY(QVariantMap defaults READ defaults NOTIFY modelChanged)
    Q_PROPERTY(bool reloadNeeded READ reloadNeeded NOTIFY reloadChanged)
    Q_PROPERTY(QString reloadText READ reloadText NOTIFY reloadChanged)  ///< "Context length needs a reload."

    // What these settings would take, from the file's header. GiB as text; share of what is there as 0 to 1.
    Q_PROPERTY(
        QVariantList memoryParts READ memoryParts NOTIFY memoryChanged)  ///< [{id, label, text, share}]
    Q_PROPERTY(QString memoryText READ memoryText NOTIFY memoryChanged)  ///< "7.9 of 12.0 GiB"
    Q_PROPERTY(
        QString memoryVerdict READ memoryVerdict NOTIFY memoryChanged)  ///< "Fits", "Needs 1.2 GiB more"
    Q_PROPERTY(bool memoryFits READ memoryFits NOTIFY memoryChanged)

public:
    /// Speculation: where guesses about the next tokens come from.
    enum Guessing { NoGuessing, FromText, BySmallerModel };
    Q_ENUM(Guessing)

    ModelSettingsBackend(SettingStore& store, QObject* parent = nullptr);

    QString modelId() const { return modelId_; }
    QString modelName() const { return modelName_; }
    QString modelDetail() const { return modelDetail_; }
    bool loaded() const { return loaded_; }

    int thinkingMode() const { return integer("thinkingMode"); }
    void setThinkingMode(int mode) { set("thinkingMode", qBound(0, mode, 2)); }
    int thinkingBudget() const { return integer("thinkingBudget"); }
    void setThinkingBudget(int tokens) { set("thinkingBudget", qMax(0, tokens)); }
    bool keepThoughts() const { return values_.value(QStringLiteral("keepThoughts")).toBool(); }
    void setKeepThoughts(bool keep) { set("keepThoughts", keep); }
    double temperature() const { return number("temperature"); }
    void setTemperature(double value) { set("temperature", qBound(0.0, value, 2.0)); }
    int topK() const { return integer("topK"); }
    void setTopK(int value) { set("topK", qBound(0, value, 1000)); }
    double topP() const { return number("topP"); }
    void setTopP(double value) { set("topP", qBound(0.0, value, 1.0)); }
    double minP() const { return number("minP"); }
    void setMinP(double value) { set("minP", qBound(0.0, value, 1.0)); }
    double typicalP() const { return number("typicalP"); }
    void setTypicalP(double value) { set("typicalP", qBound(0.0, value, 1.0)); }
    double repetitionPenalty() const { return number("repetitionPenalty"); }
    void setRepetitionPenalty(double value) { set("repetitionPenalty", qBound(0.5, value, 2.0)); }
    double presencePenalty() const { return number("presencePenalty"); }
    void setPresencePenalty(double value) { set("presencePenalty", qBound(-2.0, value, 2.0)); }
    double frequencyPenalty() const { return number("frequencyPenalty"); }
    void setFrequencyPenalty(double value) { set("frequencyPenalty", qBound(-2.0, value, 2.0)); }
    int penaltyWindow() const { return integer("penaltyWindow"); }
    void setPenaltyWindow(int tokens) { set("penaltyWindow", qMax(-1, tokens)); }
    double dryMultiplier() const { return number("dryMultiplier"); }
    void setDryMultiplier(double value) { set("dryMultiplier", qBound(0.0, value, 5.0)); }
    double dryBase() const { return number("dryBase"); }
    void setDryBase(double value) { set("dryBase", qBound(1.0, value, 4.0)); }
    int dryAllowedLength() const { return integer("dryAllowedLength"); }
    void setDryAllowedLength(int tokens) { set("dryAllowedLength", qBound(1, tokens, 64)); }
    QString seed() const { return text("seed"); }
    void setSeed(const QString& digits);
    int maxTokens() const { return integer("maxTokens"); }
    void setMaxTokens(int tokens) { set("maxTokens", qMax(0, tokens)); }
    QString systemPrompt() const { return text("systemPrompt"); }
    void setSystemPrompt(const QString& prompt) { set("systemPrompt", prompt); }
    int contextLength() const { return integer("contextLength"); }
    void setContextLength(int tokens);
    int threads() const { return integer("threads"); }
    void setThreads(int count) { set("threads", qBound(0, count, maxThreads())); }
    QString device() const { return text("device"); }
    void setDevice(const QString& id) { set("device", id); }
    QString kvFormat() const { return text("kvFormat"); }
    void setKvFormat(const QString& format);
    static QStringList kvFormats();
    Guessing guessing() const;
    void setGuessing(Guessing how);
    QString draftModel() const { return text("draftModel"); }
    void setDraftModel(const QString& path) { set("draftModel", path); }
    QVariantList draftModels() const { return draftModels_; }

    int trainedContext() const { return info_.trained_context; }
    int maxThreads() const;
    QVariantList devices() const { return devices_; }
    bool canThink() const { return capabilities_.thinking; }
    bool canSwitchThinking() const { return capabilities_.thinking_switch; }
    PresetList* presets() { return &presets_; }
    AdapterList* adapters() { return &adapters_; }
    const AdapterList& adapters() const { return adapters_; }
    QStringList changedKeys() const { return values_.changedKeys(); }
    QVariantMap defaults() const { return values_.defaults(); }
    bool reloadNeeded() const { return !reloadKeys().isEmpty(); }
    QString reloadText() const;
    QVariantList memoryParts() const;
    QString memoryText() const;
    QString memoryVerdict() const;
    bool memoryFits() const { return memory_.fits(); }

    Q_INVOKABLE void reset(const QString& key);
    Q_INVOKABLE void resetAll();
    /// Asks for the reload that reloadText speaks of; ModelController does it.
    Q_INVOKABLE void reload() { emit reloadAsked(); }
    /// Back to what the loaded model runs with.
    Q_INVOKABLE void undoReload();

    // -- driven by the model controller --
    void setModel(const QString& id, const QString& name, const ModelInfo& info,
                  const Capabilities& capabilities);
    /// Presets and adapters may have become others on the disk.
    void reread();
    void setLoaded(bool loaded, const ModelOptions& running);
    void setDevices(const std::vector<Engine::Device>& devices);
    void setMemory(const MemoryPlan& plan);
    /// Models that may guess for the one in use: [{path, text}], the likeliest first.
    void setDraftModels(const QVariantList& models);
    /// What the engine is asked with.
    ModelOptions options() const;
    SamplingSpec sampling() const;  ///< seed drawn when none is set
    ThinkingPolicy thinking() const;

    /// What a preset keeps of the settings as they are: those that differ from their default, without
    /// memory and device.
    QVariantMap presetValues() const { return presetPart(values_); }
    static QVariantMap presetPart(const SettingValues& values);
    /// A preset's values become the settings; others that a preset keeps go back to their defaults.
    void takePreset(const QVariantMap& values);

    static QVariantMap defaultValues(const SamplingSpec& sampling);

signals:
    void modelChanged();
    void changed();
    void devicesChanged();
    void draftModelsChanged();
    void reloadChanged();
    void memoryChanged();
    void reloadAsked();
    /// Something that changes the memory plan.
    void planChanged();

private:
    int integer(const char* key) const { return values_.value(QString::fromLatin1(key)).toInt(); }
    double number(const char* key) const { return values_.value(QString::fromLatin1(key)).toDouble(); }
    QString text(const char* key) const { return values_.value(QString::fromLatin1(key)).toString(); }
    void set(const char* key, const QVariant& value);
    void announce(const QString& key);
    QStringList reloadKeys() const;

    SettingStore& store_;
    SettingValues values_;
    QString modelId_, modelName_, modelDetail_;
    bool loaded_ = false;
    ModelInfo info_;
    Capabilities capabilities_;
    QVariantMap running_;  // values the loaded model was opened with
    QVariantList devices_, draftModels_;
    MemoryPlan memory_;
    PresetList presets_;
    AdapterList adapters_;
};

}  // namespace pellucid::app
