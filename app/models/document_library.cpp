#include "app/models/document_library.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLocale>
#include <QMimeData>
#include <algorithm>
#include <cmath>

#include "app/base/wording.h"
#include "app/shell/toast_queue.h"

namespace pellucid::app {

DocumentLibrary::DocumentLibrary(LibrarySource* source, ToastQueue& toasts, QObject* parent)
    : QObject(parent), source_(source), toasts_(toasts) {
    step_.setSingleShot(true);
    step_.setInterval(100);
    connect(&step_, &QTimer::timeout, this, [this] {
        if (waiting_) apply();
    });
    if (source_) source_->watch(this, [this](LibraryState state) { take(std::move(state)); });
}

void DocumentLibrary::take(LibraryState state) {
    pending_ = std::move(state);
    waiting_ = true;
    if (!step_.isActive()) apply();
}

void DocumentLibrary::apply() {
    waiting_ = false;
    step_.start();
    LibraryState now = std::exchange(pending_, {});
    const bool import = !ready_ || !(now.import == state_.import);
    const bool rows = !ready_ || now.documents != state_.documents || now.collections != state_.collections;
    state_ = std::move(now);
    ready_ = true;
    if (rows) {
        list_.setState(state_);
        emit changed();
    }
    if (import) emit importChanged();
}

int DocumentLibrary::problems() const {
    return static_cast<int>(std::ranges::count_if(state_.documents, DocumentListModel::troubled));
}

void DocumentLibrary::setOnlyProblems(bool only) {
    if (onlyProblems_ == only) return;
    onlyProblems_ = only;
    list_.setShown(only ? DocumentListModel::Problems : DocumentListModel::All, text_);
    emit shownChanged();
}

void DocumentLibrary::filter(const QString& text) {
    text_ = text;
    list_.setShown(onlyProblems_ ? DocumentListModel::Problems : DocumentListModel::All, text_);
}

double DocumentLibrary::share() const {
    const LibraryImport& import = state_.import;
    return import.total > 0 ? std::clamp(static_cast<double>(import.done) / import.total, 0.0, 1.0) : 0;
}

QString DocumentLibrary::importText() const {
    const LibraryImport& import = state_.import;
    if (!importing()) return {};
    const QString counts =
        tr("%1 of %2").arg(QLocale().toString(import.done), QLocale().toString(import.total));
    if (import.problem) return import.problem.what;
    if (import.paused) return tr("Reading is paused") + QStringLiteral(" · ") + counts;
    const QString reading = tr("Reading documents") + QStringLiteral(" · ") + counts;
    return import.secondsLeft < 0 ? reading
                                  : reading + QStringLiteral(" · ") +
                                        tr("≈ %1 left").arg(durationText(std::ceil(import.secondsLeft)));
}

QString DocumentLibrary::importDetail() const {
    return state_.import.problem  ? state_.import.problem.hint
           : state_.import.paused ? QString()
                                  : state_.import.name;
}

QVariantList DocumentLibrary::collections() const {
    QVariantList all;
    for (const LibraryCollection& collection : state_.collections) {
        if (!collection.conversation.isEmpty()) continue;
        const auto documents = std::ranges::count_if(state_.documents, [&](const LibraryDocument& document) {
            return document.collection == collection.id;
        });
        all.append(
            QVariantMap{{QStringLiteral("id"), collection.id},
                        {QStringLiteral("name"), collection.name},
                        {QStringLiteral("facts"), QLocale().toString(static_cast<qlonglong>(documents))}});
    }
    return all;
}

// ---- what a person does ----

QStringList DocumentLibrary::localPaths(const QList<QUrl>& urls) {
    QStringList paths;
    for (const QUrl& url : urls)
        if (url.isLocalFile() && !paths.contains(url.toLocalFile())) paths.append(url.toLocalFile());
    return paths;
}

QStringList DocumentLibrary::clipboardPaths() {
    const QMimeData* held = QGuiApplication::clipboard()->mimeData();
    return held && held->hasUrls() ? localPaths(held->urls()) : QStringList();
}

void DocumentLibrary::told(const Problem& problem) {
    if (problem) toasts_.sayError(problem.what, problem.hint);
}

void DocumentLibrary::add(const QList<QUrl>& urls, const QString& collection) {
    const QStringList paths = localPaths(urls);
    if (!source_ || paths.isEmpty()) return;
    source_->add(paths, collection, {}, this, [this](const Problem& problem) { told(problem); });
}

bool DocumentLibrary::paste(const QString& collection) {
    const QStringList paths = clipboardPaths();
    if (!source_ || paths.isEmpty()) return false;
    source_->add(paths, collection, {}, this, [this](const Problem& problem) { told(problem); });
    return true;
}

void DocumentLibrary::attach(const QStringList& paths, const QString& conversation) {
    if (source_ && !paths.isEmpty())
        source_->add(paths, {}, conversation, this, [this](const Problem& problem) { told(problem); });
}

void DocumentLibrary::makeCollection(const QString& name) {
    if (source_ && !name.trimmed().isEmpty())
        source_->makeCollection(name.trimmed(), this, [this](const Problem& problem) { told(problem); });
}

void DocumentLibrary::renameCollection(const QString& id, const QString& name) {
    if (source_ && !name.trimmed().isEmpty()) source_->renameCollection(id, name.trimmed());
}

void DocumentLibrary::removeCollection(const QString& id) {
    if (source_) source_->removeCollection(id);
}

void DocumentLibrary::removeFolder(const QString& id) {
    if (source_) source_->removeFolder(id);
}

void DocumentLibrary::removeDocument(const QString& id) {
    if (source_) source_->removeDocument(id);
}

void DocumentLibrary::retry(const QString& id) {
    if (source_) source_->retry(id);
}

void DocumentLibrary::recognise(const QString& id) {
    if (source_) source_->recognise(id);
}

void DocumentLibrary::pause() {
    if (source_) source_->pause();
}

void DocumentLibrary::resume() {
    if (source_) source_->resume();
}

void DocumentLibrary::retranslate() {
    list_.retranslate();
    emit importChanged();
    emit changed();
}

}  // namespace pellucid::app

#include "moc_document_library.cpp"
