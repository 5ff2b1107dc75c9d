#include "app/shell/workspace.h"

#include <QFileInfo>
#include <memory>

#include "app/base/wording.h"
#include "app/chat/chat_row_model.h"

namespace pellucid::app {

Workspace::Workspace(Engine& engine, ChatStore& store, SettingStore& settingStore, ModelLibrary& library,
                     const ModelSources& sources, const Options& options)
    : options_(options),
      store_(store),
      engineThread_(QStringLiteral("engine")),
      system_(options.dataFolder),
      settings_(settingStore, options.dataFolder),
      modelSettings_(settingStore),
      models_(engine, engineThread_, library, modelSettings_, settings_, system_, toasts_,
              options.starterFiles),
      downloads_(sources.downloads),
      discover_(sources.discover, downloads_),
      detail_(sources.discover, sources.keeping, sources.downloads, downloads_, discover_, models_),
      keeping_(sources.keeping, models_, toasts_),
      network_(sources.network, sources.token, settingStore),
      documents_({store, models_, modelSettings_, settings_, engineThread_, options.makeParser}),
      conversations_(store, toasts_),
      chat_(documents_, store, models_, modelSettings_, settings_, toasts_),
      exchange_(store, conversations_, toasts_),
      library_(options.documents.library, toasts_),
      scope_(library_, settingStore),
      viewer_(options.documents.pages, settingStore),
      context_({&conversations_, &chat_, &models_, &settings_, &modelSettings_, &system_, &toasts_,
                &shortcuts_, &exchange_, &discover_, &detail_, &downloads_, &keeping_, &network_, &library_,
                &scope_, &viewer_}) {
    wire();
    wireModels();
    wireDocuments();
}

Workspace::~Workspace() {
    // Replies that still run are stopped and saved as such; nothing is left to be called back.
    documents_.saveDrafts();
    documents_.stopAll();
    documents_.dropSessions();
    store_.onProblem({});
}

void Workspace::wire() {
    // What is open may not have reached the disk (a full one): it is exported from memory.
    exchange_.setOpenConversation([this](const QString& id) -> std::optional<StoredConversation> {
        const ChatDocument* document = documents_.find(id);
        if (!document || !document->isLoaded()) return std::nullopt;
        return document->snapshot();
    });
    connect(&conversations_, &ConversationListModel::opened, &chat_, &ChatController::show);
    connect(&conversations_, &ConversationListModel::newChatAsked, &chat_, &ChatController::showNew);
    connect(&conversations_, &ConversationListModel::removed, &chat_, &ChatController::forget);
    connect(&conversations_, &ConversationListModel::renamed, this, [this](const QString& id) {
        ChatDocument* document = documents_.find(id);
        const ConversationSummary* summary = conversations_.find(id);
        if (!document || !summary) return;
        document->setSummary(*summary);
        emit document->summaryChanged();
    });
    connect(&chat_, &ChatController::conversationChanged, &conversations_,
            [this] { conversations_.setCurrent(chat_.conversationId()); });
    connect(&chat_, &ChatController::conversationMade, &conversations_, &ConversationListModel::upsert);
    connect(&documents_, &ChatDocuments::summaryChanged, &conversations_, &ConversationListModel::upsert);
    connect(&documents_, &ChatDocuments::busyChanged, &conversations_, &ConversationListModel::setGenerating);
    connect(&documents_, &ChatDocuments::busyChanged, &models_,
            [this, busy = QSet<QString>()](const QString& id, bool now) mutable {
                if (now)
                    busy.insert(id);
                else
                    busy.remove(id);
                models_.setBusy(static_cast<int>(busy.size()));
            });
    connect(&documents_, &ChatDocuments::trouble, &toasts_, &ToastQueue::sayError);
    connect(&context_, &AppContext::languageChanged, &conversations_, &ConversationListModel::retranslate);
    connect(&context_, &AppContext::languageChanged, &shortcuts_, &ShortcutList::retranslate);
    connect(&models_, &ModelController::stateChanged, &context_, [this] {
        if (models_.state() == ModelController::Ready) context_.setFirstRun(false);
    });
    store_.onProblem([this](const Error& error) {
        // An empty error: writing works again.
        const QString kept = tr("What you see stays in memory until then; export it to be safe.");
        context_.setNotice(whatOf(error), error.what.empty() ? QString() : hintOf(error) + u' ' + kept);
    });
    conversations_.setCurrent(chat_.conversationId());
}

void Workspace::wireModels() {
    connect(&system_, &SystemInfo::memoryChanged, this,
            [this] { downloads_.setFreeDisk(system_.freeDisk()); });
    downloads_.setFreeDisk(system_.freeDisk());
    const auto still = [this] { downloads_.setStill(settings_.reducedMotion()); };
    connect(&settings_, &SettingsBackend::changed, this, still);
    still();
    const auto installed = [this] {
        QSet<QString> names;
        for (const LocalModel& model : models_.list()->models())
            names.insert(QFileInfo(model.path).fileName());
        discover_.setInstalled(names);
    };
    connect(models_.list(), &ModelListModel::countChanged, this, installed);
    connect(&downloads_, &DownloadListModel::finished, this,
            [this](const QString& name, const QString& path) {
                // Beginners wait for this one: without a model, the first that comes is taken.
                const bool first = models_.state() == ModelController::NoModel && !path.isEmpty();
                if (first)
                    models_.addFile(QUrl::fromLocalFile(path));
                else if (!path.isEmpty())
                    models_.keepFile(path);
                else
                    models_.refresh();
                emit downloadEnded(tr("%1 is downloaded").arg(name),
                                   tr("Every byte was checked. It is ready to use."));
            });
    connect(&downloads_, &DownloadListModel::failed, this,
            [this](const QString& name, const QString& what, const QString& hint) {
                emit downloadEnded(tr("The download of %1 stopped").arg(name), sentences(what, hint));
            });
    connect(&detail_, &ModelDetail::refused, &toasts_, &ToastQueue::sayError);
    connect(&context_, &AppContext::languageChanged, this, [this] {
        discover_.retranslate();
        detail_.retranslate();
        downloads_.retranslate();
        keeping_.retranslate();
        network_.retranslate();
    });
}

void Workspace::wireDocuments() {
    if (DocumentAsker* asker = options_.documents.asker) {
        asker->useScope([this](const QString& conversation) { return scope_.scopeOf(conversation); });
        documents_.setAsker(asker);
    }
    viewer_.setSourcesOf([this](const QString& message) { return chat_.rows()->sources(message); });
    viewer_.setLastAnswer([this] { return chat_.rows()->lastWithSources(); });
    const auto shown = [this] {
        // Citations of another chat mean nothing here.
        if (!viewer_.messageId().isEmpty()) viewer_.close();
        scope_.setConversation(chat_.conversationId());
    };
    connect(&chat_, &ChatController::conversationChanged, this, shown);
    shown();
    // What was attached to a chat goes with it: once, as soon as chats and documents are known.
    const auto tidy = [this, done = std::make_shared<bool>(false)] {
        if (*done || !library_.ready() || !conversations_.ready()) return;
        *done = true;
        if (conversations_.count() == 0) return;
        const std::vector<LibraryCollection> collections = library_.state().collections;
        for (const LibraryCollection& collection : collections)
            if (const QString& chat = collection.conversation;
                !chat.isEmpty() && chat != chat_.conversationId() && !conversations_.find(chat))
                library_.removeCollection(collection.id);
    };
    connect(&library_, &DocumentLibrary::changed, this, tidy);
    connect(&conversations_, &ConversationListModel::readyChanged, this, tidy);
    connect(&context_, &AppContext::languageChanged, this, [this] {
        library_.retranslate();
        scope_.retranslate();
        viewer_.retranslate();
        chat_.rows()->retranslate();
    });
}

void Workspace::start() {
    network_.start();
    conversations_.reload();
    models_.start([this] { modelsListed(); });
}

void Workspace::modelsListed() {
    chooseModel();
    if (!options_.question.isEmpty() && models_.state() != ModelController::NoModel) {
        if (!chat_.sendText(options_.question)) chat_.setDraft(options_.question);
    } else if (!options_.question.isEmpty()) {
        // A file given by --model is looked at first.
        connect(
            &models_, &ModelController::stateChanged, this, [this] { chat_.sendText(options_.question); },
            Qt::SingleShotConnection);
    }
}

void Workspace::chooseModel() {
    if (!options_.model.isEmpty() && models_.selectNamed(options_.model)) return;
    const QString last = settings_.lastModel();
    if (models_.list()->find(last)) {
        if (settings_.loadModelAtStart())
            models_.select(last);
        else
            models_.choose(last);
        return;
    }
    if (models_.list()->count() == 0) {
        // Who asks at once is not asked back: the starter answers, where there is one.
        if (!options_.question.isEmpty() && models_.starterAvailable())
            models_.installStarter();
        else
            context_.setFirstRun(true);
    } else
        // The only one, and nothing says it should not be loaded: as if it had been used last.
        if (models_.list()->count() == 1 && settings_.loadModelAtStart())
            models_.select(models_.list()->models().front().id);
        else
            models_.choose(models_.list()->models().front().id);
}

}  // namespace pellucid::app

#include "moc_workspace.cpp"
