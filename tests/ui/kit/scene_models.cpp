#include "tests/ui/kit/scene_models.h"

#include <QDateTime>

namespace pellucid::ui {

using namespace app;

namespace {

struct Row {
    const char *id, *name, *author, *licence;
    OfferedModel::Kind kind;
    bool experts, asks;
    double billions;
    int context;
    double gigabytes;
    int layers;
    Fit::Kind fit;
    int onGpu;
    double speed, missing;
};

// The seven of look/models.png and some more, at sizes of Q4_K_M.
const Row kRows[] = {
    {"r1-qwen-7b", "DeepSeek-R1 Distill Qwen 7B", "deepseek-ai", "MIT", OfferedModel::Reasoning, false, false, 7.6, 131072, 4.68, 28,
     Fit::OnGpu, 28, 42, 0},
    {"r1-llama-8b", "DeepSeek-R1 Distill Llama 8B", "deepseek-ai", "MIT", OfferedModel::Reasoning, false, false, 8.0, 131072, 4.92, 32,
     Fit::OnGpu, 32, 39, 0},
    {"qwen3-30b-a3b", "Qwen3 30B-A3B", "Qwen", "Apache-2.0", OfferedModel::Reasoning, true, false, 30.5, 40960, 18.6, 48, Fit::Experts, 48,
     19, 0},
    {"r1-qwen-14b", "DeepSeek-R1 Distill Qwen 14B", "deepseek-ai", "MIT", OfferedModel::Reasoning, false, false, 14.8, 131072, 8.99, 48,
     Fit::Layers, 44, 17, 0},
    {"gemma-3-4b", "Gemma 3 4B", "google", "Gemma", OfferedModel::Chat, false, true, 3.9, 131072, 2.49, 34, Fit::OnGpu, 34, 71, 0},
    {"r1-qwen-32b", "DeepSeek-R1 Distill Qwen 32B", "deepseek-ai", "MIT", OfferedModel::Reasoning, false, false, 32.8, 131072, 19.9, 64,
     Fit::Layers, 24, 3, 0},
    {"r1-671b", "DeepSeek-R1 671B", "deepseek-ai", "MIT", OfferedModel::Reasoning, true, false, 671, 0, 404, 61, Fit::TooLarge, 0, 0, 372},
    {"qwen3-235b", "Qwen3 235B-A22B", "Qwen", "Apache-2.0", OfferedModel::Reasoning, true, false, 235, 0, 142, 94, Fit::TooLarge, 0, 0,
     110},
};

}  // namespace

void fillCatalogue(ScriptedSources &sources, bool chinese, bool gpu) {
    ScriptedDiscover &discover = sources.discover;
    if (gpu) {
        discover.gpuTotal = 12ull << 30;
        discover.gpuOthers = 1'256'000'000;
    }
    discover.mainTotal = 33'500'000'000;
    discover.mainOthers = 9'000'000'000;
    discover.models.clear();
    for (const Row &row : kRows) {
        OfferedModel model;
        model.id = QString::fromLatin1(row.id);
        model.name = QString::fromLatin1(row.name);
        model.author = QString::fromLatin1(row.author);
        model.licence = QString::fromLatin1(row.licence);
        model.licenceUrl = QStringLiteral("https://ai.google.dev/gemma/terms");
        model.askLicence = row.asks;
        model.origin = chinese ? QStringLiteral("目录") : QStringLiteral("Catalogue");
        model.date = QDate(2025, 1, 20);
        model.kind = row.kind;
        model.experts = row.experts;
        model.parameters = row.billions * 1e9;
        model.context = row.context;
        model.about = chinese ? QStringLiteral("先逐步思考，再作回答。擅长数学与代码；由 DeepSeek-R1 蒸馏到 Qwen2.5-Math 7B。")
                              : QStringLiteral("Thinks step by step before it answers. Strong at mathematics and code; "
                                               "distilled from DeepSeek-R1 into Qwen2.5-Math 7B.");
        model.thinking = chinese ? QStringLiteral("总是思考，可以提前结束") : QStringLiteral("Always, can be cut short");
        model.languages = chinese ? QStringList{QStringLiteral("英语"), QStringLiteral("中文")}
                                  : QStringList{QStringLiteral("English"), QStringLiteral("Chinese")};
        const struct {
            const char *name;
            double factor;
        } kinds[] = {{"Q3_K_M", 0.81}, {"Q4_K_M", 1}, {"Q6_K", 1.34}, {"Q8_0", 1.73}};
        for (const auto &kind : kinds) {
            OfferedFile file;
            file.quantization = QString::fromLatin1(kind.name);
            file.name = model.id + u'-' + file.quantization + QStringLiteral(".gguf");
            file.bytes = static_cast<quint64>(row.gigabytes * kind.factor * 1e9);
            file.parts = file.bytes > 45'000'000'000 ? static_cast<int>(file.bytes / 45'000'000'000) + 1 : 1;
            file.sha256 = QStringLiteral("731ece8d06dc7eda6f6572997feb9ee1258db0784827e642909d9b565641f0ac");
            file.fit.kind = !gpu && row.fit != Fit::TooLarge ? Fit::InMemory : row.fit;
            file.fit.layers = row.layers;
            file.fit.layersOnGpu = row.onGpu;
            file.fit.tokensPerSecond = gpu ? row.speed : row.speed / 6;
            file.fit.missing = static_cast<quint64>(row.missing * 1e9);
            model.files.push_back(file);
        }
        model.best = 1;
        model.complete = true;
        discover.models.push_back(model);
    }
}

void fillDownloads(ScriptedSources &sources, bool chinese) {
    DownloadState running;
    running.id = QStringLiteral("r1-llama-8b-Q4_K_M.gguf");
    running.modelId = QStringLiteral("r1-llama-8b");
    running.name = QStringLiteral("DeepSeek-R1 Distill Llama 8B");
    running.phase = DownloadState::Running;
    running.bytes = 3'050'000'000;
    running.total = 4'920'000'000;
    running.rate = 28.1e6;
    running.secondsLeft = 66;
    sources.downloads.put(running);
    DownloadState checking;
    checking.id = QStringLiteral("e5");
    checking.name = QStringLiteral("multilingual-e5-small");
    checking.phase = DownloadState::Checking;
    checking.bytes = checking.total = 112'000'000;
    sources.downloads.put(checking);
    DownloadState retrying;
    retrying.id = QStringLiteral("qwen3-0.6b");
    retrying.name = QStringLiteral("Qwen3 0.6B");
    retrying.phase = DownloadState::Retrying;
    retrying.bytes = 181'000'000;
    retrying.total = 484'000'000;
    retrying.retryIn = 8;
    retrying.problem = {chinese ? QStringLiteral("连接中断。") : QStringLiteral("Connection lost."), {}};
    sources.downloads.put(retrying);
}

void fillTroubles(ScriptedSources &sources, bool chinese) {
    DownloadState queued;
    queued.id = QStringLiteral("queued");
    queued.name = QStringLiteral("Gemma 3 4B");
    queued.total = 2'490'000'000;
    sources.downloads.put(queued);
    DownloadState paused = queued;
    paused.id = QStringLiteral("paused");
    paused.modelId = QStringLiteral("r1-qwen-14b");
    paused.name = QStringLiteral("DeepSeek-R1 Distill Qwen 14B");
    paused.phase = DownloadState::Paused;
    paused.bytes = 5'600'000'000;
    paused.total = 8'990'000'000;
    sources.downloads.put(paused);
    DownloadState failed = paused;
    failed.id = QStringLiteral("failed");
    failed.modelId = QStringLiteral("qwen3-30b-a3b");
    failed.name = QStringLiteral("Qwen3 30B-A3B");
    failed.phase = DownloadState::Failed;
    failed.bytes = 1'200'000'000;
    failed.total = 18'600'000'000;
    failed.problem = chinese ? Problem{QStringLiteral("磁盘已满。"), QStringLiteral("请腾出 17.4 GB，然后重试；已下载的部分会保留。")}
                             : Problem{QStringLiteral("The disk is full."),
                                       QStringLiteral("Free 17.4 GB, then retry; what is there already is kept.")};
    sources.downloads.put(failed);
}

void fillElsewhere(ScriptedSources &sources) {
    sources.keeping.elsewhere = {
        {QStringLiteral("/home/ada/.ollama/models/blobs/sha256-6340dc32"), QStringLiteral("qwen3:0.6b"), QStringLiteral("Ollama"), 522'000'000},
        {QStringLiteral("/home/ada/.ollama/models/blobs/sha256-2bada8a7"), QStringLiteral("qwen2.5:7b"), QStringLiteral("Ollama"),
         4'680'000'000},
        {QStringLiteral("/home/ada/.lmstudio/models/gemma-3-4b-it-Q4_K_M.gguf"), QStringLiteral("lmstudio-community/gemma-3-4b-it-GGUF"),
         QStringLiteral("LM Studio"), 2'490'000'000},
    };
}

void fillLedger(ScriptedSources &sources, bool chinese) {
    const qint64 now = QDateTime(QDate::currentDate(), QTime(14, 2)).toMSecsSinceEpoch();
    const QString search = chinese ? QStringLiteral("“distill”") : QStringLiteral("\"distill\"");
    const struct {
        int minutes;
        const char *host, *purpose;
        QString subject;
        quint64 bytes;
        bool refused;
    } rows[] = {
        {58, "huggingface.co", "search", search, 48'200, false},
        {57, "modelscope.cn", "search", search, 31'700, false},
        {55, "cdn-lfs.huggingface.co", "header", QStringLiteral("DeepSeek-R1 Distill Llama 8B"), 5'940'000, false},
        {54, "cdn-lfs.huggingface.co", "download", QStringLiteral("DeepSeek-R1 Distill Llama 8B"), 3'050'000'000, false},
        {20, "huggingface.co", "checksum", QStringLiteral("Qwen3 0.6B"), 1'200, false},
        {2, "huggingface.co", "search", chinese ? QStringLiteral("“qwen”") : QStringLiteral("\"qwen\""), 0, true},
    };
    qint64 id = 1;
    for (const auto &row : rows)
        sources.network.add({id++, now - row.minutes * 60000, QString::fromLatin1(row.host), QString::fromLatin1(row.purpose), row.subject,
                             row.bytes, 900, row.refused});
}

}  // namespace pellucid::ui
