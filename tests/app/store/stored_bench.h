// The whole app on a scripted engine and a real database.
#pragma once

#include "app/models/storage_model_library.h"
#include "app/settings/storage_setting_store.h"
#include "app/store/storage_store.h"
#include "tests/app/bench.h"

namespace pellucid::app {

/// The app on a database; destroyed and made again on the same folder it is the next start.
struct StoredBench {
    StoredBench(const QString& folder, MockScript what, std::shared_ptr<MockClock> clock = {},
                std::int64_t maxPages = 0)
        : engine(std::move(what), std::move(clock)) {
        storage::DatabaseOptions options;
        options.max_pages = maxPages;
        options.path = (folder + "/pellucid.db").toStdString();
        auto opened = storage::Store::open(options, StorageSettingStore::specs());
        if (!opened) qFatal("%s", opened.error().message().c_str());
        store = *std::move(opened);
        chats = std::make_unique<StorageStore>(*store);
        settings = std::make_unique<StorageSettingStore>(*store);
        library = std::make_unique<StorageModelLibrary>(*store);
        Workspace::Options work;
        work.dataFolder = folder;
        work.makeParser = makeMarkdownParser;
        workspace = std::make_unique<Workspace>(engine, *chats, *settings, *library, sources.all(), work);
        workspace->start();
    }
    ~StoredBench() {
        workspace.reset();
        chats.reset();
    }

    bool load() {
        QFile file(workspace->settings().dataFolder() + "/model.gguf");
        if (!file.open(QIODevice::WriteOnly)) return false;
        workspace->models().addFile(QUrl::fromLocalFile(file.fileName()));
        return QTest::qWaitFor([&] { return workspace->models().state() == ModelController::Ready; }, 20000);
    }
    bool listed(int rows) {
        return QTest::qWaitFor(
            [&] { return workspace->conversations().ready() && list().rowCount() == rows; });
    }
    bool open(int row) {
        list().open(idOf(row));
        return QTest::qWaitFor([&] { return rows().rowCount() > 0; });
    }
    bool idle() {
        return QTest::qWaitFor([&] { return !chat().busy(); }, 20000);
    }
    bool ask(const QString& text) { return chat().sendText(text) && idle(); }
    ConversationListModel& list() { return workspace->conversations(); }
    QString idOf(int row) {
        return list().data(list().index(row), ConversationListModel::ConversationIdRole).toString();
    }
    ChatController& chat() { return workspace->chat(); }
    ChatRowModel& rows() { return *chat().rows(); }
    QVariant at(int row, int role) { return rows().data(rows().index(row), role); }
    QString shownText() {
        QStringList texts;
        for (int i = 0; i < rows().rowCount(); ++i)
            if (at(i, ChatRowModel::RowKindRole).toInt() == ChatRowModel::Block)
                texts.append(at(i, TextRole).toString());
        return texts.join('\n');
    }
    QString messageAt(int row) { return at(row, ChatRowModel::MessageIdRole).toString(); }

    MockEngine engine;
    std::unique_ptr<storage::Store> store;
    std::unique_ptr<StorageStore> chats;
    std::unique_ptr<StorageSettingStore> settings;
    std::unique_ptr<StorageModelLibrary> library;
    ScriptedSources sources;
    std::unique_ptr<Workspace> workspace;
};

}  // namespace pellucid::app
