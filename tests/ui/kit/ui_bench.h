// The real window and the real view models on a scripted engine and stores in memory. No file outside a temporary
// folder, no network, no clock but the machine's.
#pragma once

#include <QGuiApplication>
#include <QQmlApplicationEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTranslator>
#include <functional>
#include <memory>
#include <optional>

#include "app/models/model_library.h"
#include "app/models/scripted_documents.h"
#include "app/models/scripted_sources.h"
#include "app/shell/workspace.h"
#include "app/store/memory_store.h"
#include "engine/runtime/mock_engine.h"

namespace pellucid::ui {

/// What QGuiApplication needs before it is made, and fonts after; call both in main().
void beforeApplication();
void afterApplication();

/// A scripted model that answers at once: `thought` may be empty.
MockReplyScript say(const char *thought, const char *answer, const char *when = "");
MockScript script(std::vector<MockReplyScript> replies);
/// One more model of a script, whose file lies in the models folder.
MockModelScript libraryModel(const char *name, const char *family, double billions, const char *quantization, double gigabytes,
                             double contextGigabytes);

/// What a bench is given of its own; must outlive it.
struct BenchParts {
    Engine *engine = nullptr;
    std::optional<app::DocumentSources> documents;
};

class UiBench : public QObject {
public:
    /// `chats`: another store than the one in memory; must outlive this object.
    /// `clock` empty: real time. With a clock of the test's own a reply stands still until drive() moves it, so that
    /// what is looked at while it runs does not depend on how busy the machine is.
    /// `starter`: a starter model lies ready to be put in place.
    /// `parts`: instead of the scripted ones.
    explicit UiBench(MockScript what, QSize size = {1440, 900}, std::shared_ptr<ManualMockClock> clock = {},
                     app::ChatStore *chats = nullptr, bool starter = false, const BenchParts &parts = {});
    ~UiBench() override;

    /// Adds a model file, loads it, and waits until it is ready. `file` empty: one that says nothing.
    bool load(const QString &file = {});
    /// Adds a model file; its loading begins.
    bool beginLoad(const QString &file = {});
    /// Loads Main.qml and waits for its first frame.
    bool show();
    void setLanguage(const QString &language);
    void resize(int width, int height);
    /// A frame has been drawn after everything that was due. It promises no more: a test waits for what it wants to
    /// see (QTRY_VERIFY, until()), and never takes one look at something that may still move.
    bool settle(int milliseconds = 50);
    /// Handles events until `condition` holds; false after 20 seconds.
    static bool until(const std::function<bool()> &condition);
    /// The same, and moves the clock on by `step` at every look.
    bool drive(const std::function<bool()> &condition, std::chrono::milliseconds step = std::chrono::milliseconds(20));
    /// Sends a question and waits for the end of its answer.
    bool ask(const QString &text);
    QImage grab();

    /// First visible item below `root` (the whole window) with this objectName, type name or accessible name.
    QQuickItem *named(const QString &objectName, QQuickItem *root = nullptr) const;
    /// A control before the label that bears its name.
    QQuickItem *called(const QString &accessibleName, QQuickItem *root = nullptr) const;
    QList<QQuickItem *> all(QQuickItem *root = nullptr) const;
    /// A menu or dialog lies over the window.
    bool popupOpen() const;
    void click(QQuickItem *item);
    /// Presses Tab until what has the focus is called `name`; rounds are repeated while the window still changes.
    bool tabTo(const QString &name);
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    void type(const QString &text);
    QQuickItem *focused() const { return window->activeFocusItem(); }
    /// Warnings that QML printed since the start; a test asserts that there are none.
    static QStringList warnings();

    QTemporaryDir folder;
    std::shared_ptr<ManualMockClock> clock;
    MockEngine engine;
    app::MemoryStore store;
    app::MemorySettingStore settingStore;
    app::MemoryModelLibrary library;
    app::ScriptedSources sources;
    app::ScriptedDocuments documents;
    std::unique_ptr<app::Workspace> workspace;
    QTranslator translator;
    std::unique_ptr<QQmlApplicationEngine> qml;
    QQuickWindow *window = nullptr;
};

}  // namespace pellucid::ui
