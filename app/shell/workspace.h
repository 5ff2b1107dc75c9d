// Everything behind the window, built by constructor and wired: what main() and the tests share.
#pragma once

#include <QStringList>

#include "app/chat/chat_controller.h"
#include "app/chat/chat_documents.h"
#include "app/conversation/conversation_list_model.h"
#include "app/exchange/exchange_controller.h"
#include "app/models/discover_model.h"
#include "app/models/document_library.h"
#include "app/models/document_scope.h"
#include "app/models/document_viewer.h"
#include "app/models/download_list_model.h"
#include "app/models/model_controller.h"
#include "app/models/model_detail.h"
#include "app/models/model_keeping.h"
#include "app/models/model_library.h"
#include "app/models/model_sources.h"
#include "app/models/network_controller.h"
#include "app/settings/model_settings_backend.h"
#include "app/settings/settings_backend.h"
#include "app/shell/app_context.h"
#include "app/shell/shortcut_list.h"
#include "app/shell/system_info.h"
#include "app/shell/toast_queue.h"
#include "app/threads/work_thread.h"

namespace pellucid::app {

class Workspace : public QObject {
    Q_OBJECT

public:
    struct Options {
        QString dataFolder;
        QStringList starterFiles;  ///< where a starter model may lie, best first
        BlockParserFactory makeParser = makeParagraphParser;
        DocumentSources documents;  ///< null where there is no library: nothing of it is shown
        QString question;           ///< --ask: sent as soon as a model is there
        QString model;              ///< --model: a file to load at once
    };

    /// What is given must outlive the workspace.
    Workspace(Engine& engine, ChatStore& store, SettingStore& settingStore, ModelLibrary& library,
              const ModelSources& sources, const Options& options);
    ~Workspace() override;

    /// Reads conversations and models, and loads the model used last. After the first frame.
    void start();

    AppContext& context() { return context_; }
    ToastQueue& toasts() { return toasts_; }
    SettingsBackend& settings() { return settings_; }
    ModelSettingsBackend& modelSettings() { return modelSettings_; }
    ModelController& models() { return models_; }
    DiscoverModel& discover() { return discover_; }
    ModelDetail& detail() { return detail_; }
    DownloadListModel& downloads() { return downloads_; }
    ModelKeeping& keeping() { return keeping_; }
    NetworkController& network() { return network_; }
    DocumentLibrary& library() { return library_; }
    ChatScope& scope() { return scope_; }
    DocumentViewer& viewer() { return viewer_; }
    ChatDocuments& documents() { return documents_; }
    ConversationListModel& conversations() { return conversations_; }
    ChatController& chat() { return chat_; }
    ExchangeController& exchange() { return exchange_; }
    WorkThread& engineThread() { return engineThread_; }

signals:
    /// For the desktop: a download is there, or needs a person.
    void downloadEnded(const QString& title, const QString& text);

private:
    void wire();
    void wireModels();
    void wireDocuments();
    void modelsListed();
    void chooseModel();

    Options options_;
    ChatStore& store_;
    WorkThread engineThread_;  // outlives everything below: what they posted still runs
    ToastQueue toasts_;
    SystemInfo system_;
    SettingsBackend settings_;
    ModelSettingsBackend modelSettings_;
    ModelController models_;
    DownloadListModel downloads_;
    DiscoverModel discover_;
    ModelDetail detail_;
    ModelKeeping keeping_;
    NetworkController network_;
    ChatDocuments documents_;
    ConversationListModel conversations_;
    ChatController chat_;
    ExchangeController exchange_;
    DocumentLibrary library_;
    ChatScope scope_;
    DocumentViewer viewer_;
    ShortcutList shortcuts_;
    AppContext context_;
};

}  // namespace pellucid::app
