// The root object the window is given as `app`: everything QML may touch hangs here.
#pragma once

#include <QObject>
#include <QQmlEngine>
#include <optional>

#include "app/settings/settings_backend.h"

Q_MOC_INCLUDE("app/chat/chat_controller.h")
Q_MOC_INCLUDE("app/conversation/conversation_list_model.h")
Q_MOC_INCLUDE("app/exchange/exchange_controller.h")
Q_MOC_INCLUDE("app/models/discover_model.h")
Q_MOC_INCLUDE("app/models/download_list_model.h")
Q_MOC_INCLUDE("app/models/document_library.h")
Q_MOC_INCLUDE("app/models/document_scope.h")
Q_MOC_INCLUDE("app/models/document_viewer.h")
Q_MOC_INCLUDE("app/models/model_controller.h")
Q_MOC_INCLUDE("app/models/model_detail.h")
Q_MOC_INCLUDE("app/models/model_keeping.h")
Q_MOC_INCLUDE("app/models/network_controller.h")
Q_MOC_INCLUDE("app/settings/model_settings_backend.h")
Q_MOC_INCLUDE("app/shell/shortcut_list.h")
Q_MOC_INCLUDE("app/shell/system_info.h")
Q_MOC_INCLUDE("app/shell/toast_queue.h")

namespace pellucid::app {

class ChatController;
class ChatScope;
class ConversationListModel;
class DocumentLibrary;
class DocumentViewer;
class ExchangeController;
class DiscoverModel;
class DownloadListModel;
class ModelController;
class ModelDetail;
class ModelKeeping;
class NetworkController;
class ModelSettingsBackend;
class ShortcutList;
class SystemInfo;
class ToastQueue;

class AppContext : public QObject {
    Q_OBJECT
    QML_NAMED_ELEMENT(AppContext)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(pellucid::app::ConversationListModel* conversations READ conversations CONSTANT)
    Q_PROPERTY(pellucid::app::ChatController* chat READ chat CONSTANT)
    Q_PROPERTY(pellucid::app::ModelController* models READ models CONSTANT)
    Q_PROPERTY(pellucid::app::DiscoverModel* discover READ discover CONSTANT)
    Q_PROPERTY(pellucid::app::ModelDetail* detail READ detail CONSTANT)
    Q_PROPERTY(pellucid::app::DownloadListModel* downloads READ downloads CONSTANT)
    Q_PROPERTY(pellucid::app::ModelKeeping* keeping READ keeping CONSTANT)
    Q_PROPERTY(pellucid::app::NetworkController* network READ network CONSTANT)
    Q_PROPERTY(pellucid::app::DocumentLibrary* library READ library CONSTANT)
    Q_PROPERTY(pellucid::app::ChatScope* scope READ scope CONSTANT)
    Q_PROPERTY(pellucid::app::DocumentViewer* viewer READ viewer CONSTANT)
    Q_PROPERTY(pellucid::app::SettingsBackend* settings READ settings CONSTANT)
    Q_PROPERTY(pellucid::app::ModelSettingsBackend* modelSettings READ modelSettings CONSTANT)
    Q_PROPERTY(pellucid::app::SystemInfo* system READ system CONSTANT)
    Q_PROPERTY(pellucid::app::ToastQueue* toasts READ toasts CONSTANT)
    Q_PROPERTY(pellucid::app::ShortcutList* shortcuts READ shortcuts CONSTANT)
    Q_PROPERTY(pellucid::app::ExchangeController* exchange READ exchange CONSTANT)
    /// The language in force: "en" or "zh_CN", after "follow the system" has been decided.
    Q_PROPERTY(QString language READ language NOTIFY languageChanged)
    Q_PROPERTY(QStringList languages READ languages CONSTANT)
    /// Dark or not, after "match the system" has been decided.
    Q_PROPERTY(bool dark READ dark NOTIFY darkChanged)
    /// No model is known yet and none was added in this session: the window shows the first run.
    Q_PROPERTY(bool firstRun READ firstRun NOTIFY firstRunChanged)
    Q_PROPERTY(QString version READ version CONSTANT)
    /// Something the person must know for as long as it lasts ("The data folder cannot be written …"); empty:
    /// fine.
    Q_PROPERTY(QString noticeWhat READ noticeWhat NOTIFY noticeChanged)
    Q_PROPERTY(QString noticeHint READ noticeHint NOTIFY noticeChanged)

public:
    struct Parts {
        ConversationListModel* conversations = nullptr;
        ChatController* chat = nullptr;
        ModelController* models = nullptr;
        SettingsBackend* settings = nullptr;
        ModelSettingsBackend* modelSettings = nullptr;
        SystemInfo* system = nullptr;
        ToastQueue* toasts = nullptr;
        ShortcutList* shortcuts = nullptr;
        ExchangeController* exchange = nullptr;
        DiscoverModel* discover = nullptr;
        ModelDetail* detail = nullptr;
        DownloadListModel* downloads = nullptr;
        ModelKeeping* keeping = nullptr;
        NetworkController* network = nullptr;
        DocumentLibrary* library = nullptr;
        ChatScope* scope = nullptr;
        DocumentViewer* viewer = nullptr;
    };
    /// Owns none of the parts; they must outlive it.
    explicit AppContext(const Parts& parts, QObject* parent = nullptr);

    ConversationListModel* conversations() const { return parts_.conversations; }
    ChatController* chat() const { return parts_.chat; }
    ModelController* models() const { return parts_.models; }
    DiscoverModel* discover() const { return parts_.discover; }
    ModelDetail* detail() const { return parts_.detail; }
    DownloadListModel* downloads() const { return parts_.downloads; }
    ModelKeeping* keeping() const { return parts_.keeping; }
    NetworkController* network() const { return parts_.network; }
    DocumentLibrary* library() const { return parts_.library; }
    ChatScope* scope() const { return parts_.scope; }
    DocumentViewer* viewer() const { return parts_.viewer; }
    SettingsBackend* settings() const { return parts_.settings; }
    ModelSettingsBackend* modelSettings() const { return parts_.modelSettings; }
    SystemInfo* system() const { return parts_.system; }
    ToastQueue* toasts() const { return parts_.toasts; }
    ShortcutList* shortcuts() const { return parts_.shortcuts; }
    ExchangeController* exchange() const { return parts_.exchange; }

    QString language() const { return language_; }
    QStringList languages() const { return {QStringLiteral("en"), QStringLiteral("zh_CN")}; }
    bool dark() const;
    bool firstRun() const { return firstRun_; }
    QString version() const;
    QString noticeWhat() const { return noticeWhat_; }
    QString noticeHint() const { return noticeHint_; }

    Q_INVOKABLE void dismissNotice();
    Q_INVOKABLE void leaveFirstRun();
    Q_INVOKABLE void copyText(const QString& text);
    /// Opens a folder in the file manager.
    Q_INVOKABLE void openFolder(const QString& path);

    // -- driven by the composition root --
    void setLanguage(const QString& language);
    void setFirstRun(bool firstRun);
    void setNotice(const QString& what, const QString& hint);
    /// For this run, until the person chooses a theme: --theme is not stored.
    void forceDark(bool dark);
    /// What the desktop says; used while the theme setting is "match the system".
    void setSystemDark(bool dark);

signals:
    void languageChanged();
    void darkChanged();
    void firstRunChanged();
    void noticeChanged();

private:
    Parts parts_;
    QString language_ = QStringLiteral("en");
    std::optional<bool> forcedDark_;
    bool systemDark_ = false;
    bool firstRun_ = false;
    QString noticeWhat_, noticeHint_;
};

}  // namespace pellucid::app
