// Catalogue, downloads, keeping, network and keychain in memory, by a script: for UI tests, screenshots and
// the offline demo, as the MockEngine is for models. Nothing here knows a clock, a disk or a socket.
#pragma once

#include <QPointer>

#include "app/models/model_sources.h"

namespace pellucid::app {

class ScriptedDiscover final : public DiscoverSource {
public:
    void search(const QString& text, int from, QObject* context, std::function<void(Answer)> then) override;
    void complete(const OfferedModel& model, QObject* context,
                  std::function<void(OfferedModel, Problem)> then) override;
    void plan(const PlanQuery& query, QObject* context, std::function<void(FitPlan, Problem)> then) override;

    std::vector<OfferedModel> models;  ///< a search gives those whose name or author has the text
    int page = 50;                     ///< models of one answer
    Problem problem;                   ///< comes with every answer to a search that has a text
    bool silent = false;               ///< nothing is answered
    quint64 gpuTotal = 0, gpuOthers = 0, mainTotal = 32ull << 30, mainOthers = 8ull << 30;
    QString gpuName = QStringLiteral("GPU");
    int planned = 0;  ///< plans that were made
};

class ScriptedDownloads final : public DownloadSource {
public:
    void watch(QObject* context, std::function<void(std::vector<DownloadState>)> changed) override;
    void start(const OfferedModel& model, const OfferedFile& file, QObject* context,
               std::function<void(Problem)> then) override;
    void pause(const QString& id) override;
    void resume(const QString& id) override;
    void cancel(const QString& id) override;
    void forget(const QString& id) override;

    /// Adds or replaces one and tells whoever watches.
    void put(const DownloadState& state);
    std::vector<DownloadState> states;
    Problem refusal;    ///< of the next start
    QStringList calls;  ///< "pause ID", in order

private:
    void tell();
    DownloadState* find(const QString& id);
    QPointer<QObject> watcher_;
    std::function<void(std::vector<DownloadState>)> changed_;
};

class ScriptedKeeping final : public KeepingSource {
public:
    void facts(const QString& path, QObject* context, std::function<void(KeptFacts)> then) override;
    void check(const QString& path, QObject* context, Progress progress,
               std::function<void(CheckOutcome)> then) override;
    void repair(const QString& path, QObject* context, std::function<void(Problem)> then) override;
    void removal(const QString& path, QObject* context, std::function<void(Removal)> then) override;
    void remove(const QString& path, QObject* context, std::function<void(Problem)> then) override;
    void findElsewhere(QObject* context, std::function<void(std::vector<FoundModel>)> then) override;
    void adopt(const FoundModel& model, QObject* context, std::function<void(Problem)> then) override;
    void findWaste(QObject* context, std::function<void(Waste)> then) override;
    void shareDuplicates(QObject* context, std::function<void(quint64, Problem)> then) override;
    void eraseOrphans(QObject* context, std::function<void(quint64, Problem)> then) override;
    void moveTo(const QString& folder, QObject* context, Progress progress,
                std::function<void(Problem)> then) override;
    void stop() override;

    KeptFacts known;
    CheckOutcome outcome{.whole = true};
    Removal removing;
    std::vector<FoundModel> elsewhere;
    Waste waste;
    Problem problem;    ///< of whatever is done next
    QStringList calls;  ///< "remove /path", in order
};

class ScriptedNetwork final : public NetworkSource {
public:
    void use(const NetworkChoices& choices) override;
    void rows(int count, QObject* context, std::function<void(std::vector<LedgerRow>)> then) override;
    void watch(QObject* context, std::function<void()> changed) override;
    void forget(QObject* context, std::function<void()> then) override;
    void add(LedgerRow row);

    NetworkChoices choices;
    std::vector<LedgerRow> ledger;  ///< newest first

private:
    QPointer<QObject> watcher_;
    std::function<void()> changed_;
};

class MemoryTokenKeeper final : public TokenKeeper {
public:
    void read(QObject* context, std::function<void(QString, Problem)> then) override;
    void write(const QString& token, QObject* context, std::function<void(Problem)> then) override;
    QString token;
    Problem problem;
};

struct ScriptedSources {
    ScriptedDiscover discover;
    ScriptedDownloads downloads;
    ScriptedKeeping keeping;
    ScriptedNetwork network;
    MemoryTokenKeeper token;
    ModelSources all() { return {discover, downloads, keeping, network, token}; }
};

}  // namespace pellucid::app
