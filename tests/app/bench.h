// A whole app on a scripted engine, for tests: no window, no network, a folder of its own.
#pragma once

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>
#include <memory>

#include "app/chat/chat_row_model.h"
#include "app/chat/markdown_parser.h"
#include "app/models/scripted_sources.h"
#include "app/shell/workspace.h"
#include "app/store/memory_store.h"
#include "engine/runtime/mock_engine.h"

namespace pellucid::app {

inline MockReplyScript say(const char* thought, const char* answer, const char* when = "") {
    MockReplyScript reply;
    reply.when = when;
    reply.thought = thought;
    reply.answer = answer;
    reply.tokens_per_second = 0;
    reply.prompt_seconds = 0;
    return reply;
}

inline MockScript script(std::vector<MockReplyScript> replies) {
    MockScript script;
    MockModelScript model = mock_model();
    model.info.path.clear();  // answers any path
    model.info.name = "Mock 1B";
    model.load_seconds = 0;
    model.replies = std::move(replies);
    script.models.push_back(std::move(model));
    script.devices.push_back({"cpu", "Mock CPU", 8ull << 30, 8ull << 30});
    return script;
}

/// The app with everything in memory.
struct Bench {
    explicit Bench(MockScript what, std::shared_ptr<MockClock> clock = {}, MemoryStore* keptStore = nullptr)
        : engine(std::move(what), std::move(clock)), store(keptStore ? *keptStore : ownStore) {
        Workspace::Options options;
        options.dataFolder = folder.path();
        options.makeParser = makeMarkdownParser;
        workspace = std::make_unique<Workspace>(engine, store, settingStore, library, sources.all(), options);
    }

    /// Adds a model file and waits until it is loaded.
    bool load() {
        workspace->start();
        QFile file(folder.filePath("model.gguf"));
        if (!file.open(QIODevice::WriteOnly)) return false;
        file.close();
        workspace->models().addFile(QUrl::fromLocalFile(file.fileName()));
        const auto state = [&] { return workspace->models().state(); };
        return QTest::qWaitFor(
                   [&] { return state() == ModelController::Ready || state() == ModelController::Failed; },
                   20000) &&
               state() == ModelController::Ready;
    }

    ChatController& chat() { return workspace->chat(); }
    ChatRowModel& rows() { return *chat().rows(); }
    bool idle() {
        return QTest::qWaitFor([&] { return !chat().busy(); }, 20000);
    }
    bool ask(const QString& text) { return chat().sendText(text) && idle(); }
    QVariant at(int row, int role) { return rows().data(rows().index(row), role); }
    QVector<int> kinds() {
        QVector<int> kinds;
        for (int i = 0; i < rows().rowCount(); ++i) kinds.append(at(i, ChatRowModel::RowKindRole).toInt());
        return kinds;
    }
    /// Source text of all blocks of the shown path, joined.
    QString shownText() {
        QStringList texts;
        for (int i = 0; i < rows().rowCount(); ++i)
            if (at(i, ChatRowModel::RowKindRole).toInt() == ChatRowModel::Block)
                texts.append(at(i, TextRole).toString());
        return texts.join('\n');
    }
    QString messageAt(int row) { return at(row, ChatRowModel::MessageIdRole).toString(); }

    QTemporaryDir folder;
    MockEngine engine;
    MemoryStore ownStore;
    MemoryStore& store;
    MemorySettingStore settingStore;
    MemoryModelLibrary library;
    ScriptedSources sources;
    std::unique_ptr<Workspace> workspace;
};

}  // namespace pellucid::app
