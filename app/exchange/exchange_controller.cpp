#include "app/exchange/exchange_controller.h"

#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include "app/base/wording.h"
#include "app/conversation/conversation_list_model.h"
#include "app/exchange/archive_format.h"
#include "app/shell/toast_queue.h"

namespace pellucid::app {

namespace {

/// Empty on success, else why not.
QString writeFile(const QString& path, const QByteArray& bytes) {
    QSaveFile file(path);  // the old file stays until the new one is whole
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return file.errorString();
    return {};
}

}  // namespace

ExchangeController::ExchangeController(ChatStore& store, ConversationListModel& conversations,
                                       ToastQueue& toasts, QObject* parent)
    : QObject(parent), store_(store), conversations_(conversations), toasts_(toasts) {}

void ExchangeController::setBusy(bool busy) {
    if (busy_ == busy) return;
    busy_ = busy;
    emit busyChanged();
}

QString ExchangeController::suggestedName(const QString& conversationId, Format format) const {
    QString name = conversations_.titleOf(conversationId).simplified();
    for (const QChar forbidden : QStringLiteral("/\\:*?\"<>|")) name.replace(forbidden, u'-');
    while (name.startsWith(u'.')) name.remove(0, 1);
    if (name.isEmpty()) name = tr("Chat");
    return name.left(80) + (format == Markdown ? QStringLiteral(".md") : QStringLiteral(".json"));
}

void ExchangeController::read(const QString& conversationId,
                              std::function<void(Result<StoredConversation>)> then) {
    if (open_)
        if (auto open = open_(conversationId)) {
            then(*std::move(open));
            return;
        }
    store_.load(conversationId, this, std::move(then));
}

void ExchangeController::exportConversation(const QString& conversationId, const QUrl& file, Format format,
                                            bool withThoughts) {
    setBusy(true);
    read(conversationId, [this, file, format, withThoughts](Result<StoredConversation> loaded) {
        if (!loaded) {
            setBusy(false);
            toasts_.sayError(whatOf(loaded.error()), hintOf(loaded.error()));
            return;
        }
        save(file, format == Markdown ? toMarkdown(*loaded, withThoughts) : toJson({*loaded}));
    });
}

void ExchangeController::exportAll(const QUrl& file) {
    setBusy(true);
    store_.list(this, [this, file](Result<QVector<ConversationSummary>> listed) {
        if (!listed) {
            setBusy(false);
            toasts_.sayError(whatOf(listed.error()), hintOf(listed.error()));
            return;
        }
        auto collected = std::make_shared<std::vector<StoredConversation>>();
        auto left = std::make_shared<qsizetype>(listed->size());
        if (*left == 0) save(file, toJson({}));
        for (const ConversationSummary& summary : std::as_const(*listed))
            read(summary.id, [this, file, collected, left](Result<StoredConversation> loaded) {
                if (loaded) collected->push_back(*std::move(loaded));
                if (--*left == 0) save(file, toJson(*collected));
            });
    });
}

void ExchangeController::save(const QUrl& file, const QByteArray& bytes) {
    const QString path = file.isLocalFile() ? file.toLocalFile() : file.toString();
    files_.post([path, bytes, guard = GuiContext(this), this] {
        const QString problem = writeFile(path, bytes);
        guard.post([this, path, problem] {
            setBusy(false);
            if (problem.isEmpty())
                toasts_.say(tr("Saved %1").arg(QFileInfo(path).fileName()));
            else
                toasts_.sayError(tr("%1 could not be written: %2.").arg(path, problem),
                                 tr("Choose another folder, or free some space."));
        });
    });
}

void ExchangeController::importFile(const QUrl& file) {
    setBusy(true);
    const QString path = file.isLocalFile() ? file.toLocalFile() : file.toString();
    files_.post([path, guard = GuiContext(this), this] {
        QFile source(path);
        auto result = std::make_shared<std::vector<StoredConversation>>();
        auto problem = std::make_shared<Error>();
        if (!source.open(QIODevice::ReadOnly)) {
            problem->what = tr("%1 could not be read: %2.").arg(path, source.errorString()).toStdString();
        } else if (auto read = fromExport(source.readAll())) {
            *result = *std::move(read);
        } else {
            *problem = read.error();
        }
        guard.post([this, result, problem] { take(std::move(*result), *problem); });
    });
}

void ExchangeController::take(std::vector<StoredConversation> conversations, const Error& problem) {
    if (!problem.what.empty() || conversations.empty()) {
        setBusy(false);
        if (problem.what.empty())
            toasts_.say(tr("There are no conversations in this file."));
        else
            toasts_.sayError(whatOf(problem), hintOf(problem));
        return;
    }
    store_.importConversations(std::move(conversations), this, [this](Result<int> taken) {
        setBusy(false);
        if (!taken) {
            toasts_.sayError(whatOf(taken.error()), hintOf(taken.error()));
            return;
        }
        conversations_.reload();
        toasts_.say(tr("Imported %n conversation(s)", nullptr, *taken));
        emit imported(*taken);
    });
}

}  // namespace pellucid::app

#include "moc_exchange_controller.cpp"
