// Chooses, loads and unloads the model that chats use; adds local files; installs the starter.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QQmlEngine>
#include <QTimer>
#include <QUrl>
#include <functional>
#include <memory>

#include "app/catalogue/catalogue.h"
#include "app/models/model_list_model.h"
#include "engine/runtime/session.h"

namespace pellucid::app {

class ModelLibrary;
class ModelSettingsBackend;
class SettingsBackend;
class SystemInfo;
class ToastQueue;
class WorkThread;

class ModelController : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(ModelController)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(pellucid::app::ModelListModel* list READ list CONSTANT)
    Q_PROPERTY(State state READ state NOTIFY stateChanged)
    Q_PROPERTY(QString currentId READ currentId NOTIFY currentChanged)
    Q_PROPERTY(QString currentName READ currentName NOTIFY currentChanged)
    Q_PROPERTY(double loadProgress READ loadProgress NOTIFY loadProgressChanged)  ///< 0 to 1
    Q_PROPERTY(QString loadText READ loadText NOTIFY loadProgressChanged)         ///< "Loading weights, 62 %"
    Q_PROPERTY(QString errorWhat READ errorWhat NOTIFY stateChanged)
    Q_PROPERTY(QString errorHint READ errorHint NOTIFY stateChanged)
    /// No chat template: plain completion only.
    Q_PROPERTY(bool completionOnly READ completionOnly NOTIFY stateChanged)
    Q_PROPERTY(int contextLength READ contextLength NOTIFY stateChanged)  ///< of the loaded model
    /// "1.2 GiB: weights 0.9, context 0.2, working space 0.1"; of the chosen model, known before loading.
    Q_PROPERTY(QString needText READ needText NOTIFY needChanged)
    Q_PROPERTY(bool starterAvailable READ starterAvailable NOTIFY starterChanged)
    Q_PROPERTY(QString starterName READ starterName NOTIFY starterChanged)
    Q_PROPERTY(QString starterText READ starterText NOTIFY starterChanged)
    Q_PROPERTY(bool installingStarter READ installingStarter NOTIFY starterChanged)
    Q_PROPERTY(QString modelsFolder READ modelsFolder NOTIFY modelsFolderChanged)
    /// Set by a view that shows errorWhat itself: then no toast repeats it.
    Q_PROPERTY(bool watched MEMBER watched_)

public:
    enum State {
        NoModel,  ///< none chosen
        Chosen,   ///< chosen, not loaded; the first message loads it
        Loading,
        Ready,
        Failed,  ///< errorWhat, errorHint
    };
    Q_ENUM(State)

    /// `starterFiles`: where a starter model may lie, first match wins.
    ModelController(Engine& engine, WorkThread& engineThread, ModelLibrary& library,
                    ModelSettingsBackend& modelSettings, SettingsBackend& settings, SystemInfo& system,
                    ToastQueue& toasts, const QStringList& starterFiles, QObject* parent = nullptr);
    ~ModelController() override;

    ModelListModel* list() { return &list_; }
    State state() const { return state_; }
    QString currentId() const { return currentId_; }
    QString currentName() const;
    double loadProgress() const { return loadProgress_; }
    QString loadText() const;
    QString errorWhat() const { return errorWhat_; }
    QString errorHint() const { return errorHint_; }
    bool completionOnly() const;
    int contextLength() const;
    QString needText() const;
    bool starterAvailable() const { return !starterPath_.isEmpty(); }
    QString starterName() const;
    QString starterText() const;
    bool installingStarter() const { return installing_; }
    QString modelsFolder() const;

    /// Chooses and loads. Refused in words, with the numbers, when it does not fit.
    Q_INVOKABLE void select(const QString& modelId);
    /// Loads the chosen model again, with the settings as they are now.
    Q_INVOKABLE void reload();
    Q_INVOKABLE void cancelLoad();
    Q_INVOKABLE void unload();
    /// The file stays where it is. A file:// URL or a path.
    Q_INVOKABLE void addFile(const QUrl& file);
    /// Adds an adapter (LoRA) to the chosen model: a GGUF file, a PEFT folder or a file in one. A toast says
    /// why where it is none, or was made for another model.
    Q_INVOKABLE void addAdapter(const QUrl& file);
    /// Forgets the model; the file stays.
    Q_INVOKABLE void remove(const QString& modelId);
    /// Adds a file to the list, in place, and loads nothing. `title`: a name for people, where it has one.
    void keepFile(const QString& path, const QString& title = {});
    /// Takes a model off the list at once: its file and what is kept of it are about to go.
    void forget(const QString& modelId);
    /// Copies the starter into the models folder and loads it.
    Q_INVOKABLE void installStarter();
    /// Looks at the models folder again.
    Q_INVOKABLE void refresh();

    /// A file, or one model of the list (or the starter) by its name or its file's, as the command line takes
    /// it. False: several or none have that name, which a toast says.
    bool selectNamed(const QString& wanted);

    // -- for the chat --
    std::shared_ptr<Model> model() const { return model_; }
    const Capabilities* capabilities() const;
    /// Calls back once the chosen model is loaded (true) or has failed (false); loads it if needed.
    void whenReady(QObject* context, std::function<void(bool)> then);
    /// Chooses without loading: the first message loads it.
    void choose(const QString& modelId);
    /// What the chosen model would need with this context; `then` is not called where that cannot be said.
    void planContext(int tokens, QObject* context, std::function<void(MemoryPlan)> then);
    /// Loads it again with this context, which becomes its setting.
    void reloadWithContext(int tokens);
    /// Reads library and folder; `then` runs once both are listed. Files are looked at when they are shown or
    /// chosen, those never looked at before one after the other.
    void start(std::function<void()> then = {});
    /// So many replies run or wait (in all conversations): the model is in use. When none does, its idle time
    /// begins.
    void setBusy(int replies);
    /// A reply came from the loaded model. `steady`: nobody paused it or put words into it.
    void countReply(const Timings& timings, bool steady);

signals:
    void stateChanged();
    void currentChanged();
    void loadProgressChanged();
    void needChanged();
    void starterChanged();
    void modelsFolderChanged();
    /// The loaded model goes away now: sessions must be dropped.
    void aboutToUnload();
    /// So fast did the loaded model write, alone and by itself: `length` tokens of context on average.
    void spoke(const QString& path, const pellucid::ModelOptions& options, int length,
               double tokensPerSecond);

private:
    void showDevice(const std::string& device);
    void setState(State state);
    void setCurrent(const QString& modelId);
    void load();
    void planCurrent();
    /// Tells the settings which models of the list may guess for the chosen one.
    void offerDrafts();
    void release();
    /// Looks into a file that is not in the list, enters it in list and library, then calls `then`; a toast
    /// says why where it is no model.
    void keep(const QString& path, const QString& title, std::function<void(const LocalModel&)> then);
    void inspect(LocalModel model, std::function<void(const LocalModel&)> then = {});
    void scanFolder(std::function<void()> then);
    void lookAt(const QString& modelId, bool first);
    void lookNext();
    /// Sets the clock for the next look at an idle model; `act`: unloads it where its time is up.
    void judgeIdleness(bool act = false);
    void settle(bool ready);
    void failLoad(const Error& error);

    Engine& engine_;
    WorkThread& engineThread_;
    ModelLibrary& library_;
    ModelSettingsBackend& modelSettings_;
    SettingsBackend& settings_;
    SystemInfo& system_;
    ToastQueue& toasts_;
    /// Shared with what runs on the engine's thread, which may outlive this.
    const std::shared_ptr<const std::vector<catalogue::Entry>> catalogue_ =
        std::make_shared<const std::vector<catalogue::Entry>>(catalogue::built_in());
    ModelListModel list_;
    State state_ = NoModel;
    QString currentId_;
    std::shared_ptr<Model> model_;
    CancelToken cancelLoad_;
    int loadTicket_ = 0;
    int planTicket_ = 0;
    double loadProgress_ = 0;
    QString loadWhat_;
    QString errorWhat_, errorHint_;
    QString starterPath_;
    bool installing_ = false;
    bool watched_ = false;
    QStringList toLookAt_;
    bool looking_ = false;
    QTimer idleTimer_;
    QElapsedTimer clock_;
    qint64 lastUsedMs_ = 0;
    bool busy_ = false;
    bool shared_ = false;  // since it was idle last, several replies ran at once
    struct Waiter {
        QPointer<QObject> context;
        std::function<void(bool)> then;
    };
    std::vector<Waiter> waiters_;
};

}  // namespace pellucid::app
