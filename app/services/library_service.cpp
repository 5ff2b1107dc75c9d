#include "app/services/library_service.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <algorithm>

#include "app/base/wording.h"
#include "app/documents/encoder_source.h"
#include "app/library/storage_error.h"
#include "app/reading/document.h"
#include "app/reading/ocr_process.h"
#include "storage/chunk_vectors.h"

namespace pellucid::app {

namespace {

constexpr int kSoon = 150;  // ms
constexpr auto kChatPrefix = "chat ";
constexpr storage::ConversationId kSomeChat = 1;  // which one it is says the collection's name

QString tr(const char* text) {
    return QCoreApplication::translate("LibraryService", text);
}

Problem problemOf(const Error& error) {
    return error.code == ErrorCode::cancelled ? Problem() : Problem{whatOf(error), hintOf(error)};
}

std::string localPath(const QString& path) {
    return QFile::encodeName(path).toStdString();
}

/// What a person should know of how a document was read.
QString noticeText(const reading::Notice& notice) {
    const QString pages = QString::fromStdString(reading::page_list(notice.pages));
    using Code = reading::NoticeCode;
    switch (notice.code) {
        case Code::recognised:
            return tr("Read by recognition: expect mistakes.");
        case Code::wrong_extension:
            return tr("Its content is of another type than its name says.");
        case Code::encoding_guessed:
            return tr("Its encoding was guessed.");
        case Code::undecodable:
            return tr("Some characters have no meaning and were left out.");
        case Code::text_cut:
        case Code::pages_cut:
            return tr("It is too long: its end was not read.");
        case Code::table_cut:
            return tr("A table is too large and was cut.");
        case Code::part_skipped:
            return tr("A part of it could not be read.");
        case Code::damaged:
            return tr("It is damaged; what could be read was.");
        case Code::hidden_dropped:
            return tr("It hides text from its readers, which was left out.");
        case Code::no_text_layer:  // said as its state
        case Code::sandbox:        // of no interest to a person
        case Code::running_lines_dropped:
        case Code::navigation_dropped:
            break;
    }
    return {};
}

QString typeOf(const QString& name) {
    const QString ending = QFileInfo(name).suffix();
    return ending.isEmpty() ? QString() : ending.toUpper();
}

}  // namespace

LibraryService::LibraryService()
    : gui_(this), thread_(std::make_unique<WorkThread>(QStringLiteral("library"))) {
    again_.setSingleShot(true);
    again_.setInterval(kSoon);
    connect(&again_, &QTimer::timeout, this, [this] {
        if (!library_ || !changed_) return;
        struct Read {
            LibraryState state;
            qint64 milliseconds;
        };
        thread_->run(
            [this] {
                QElapsedTimer time;
                time.start();
                LibraryState state = read();
                return Read{std::move(state), time.elapsed()};
            },
            this,
            [this](Read result) {
                // A large library takes a while to list: a fifth of the thread's time at most.
                again_.setInterval(
                    static_cast<int>(std::clamp<qint64>(result.milliseconds * 4, kSoon, 3000)));
                if (watcher_ && changed_) changed_(std::move(result.state));
            });
    });
}

LibraryService::~LibraryService() {
    stop();
}

void LibraryService::stop() {
    closing_.cancel();
    again_.stop();
    if (library_) library_->stop();
    starting_.reset();
    thread_.reset();
    library_ = nullptr;
}

QString LibraryService::nameOfChat(const QString& conversation) {
    return QString::fromLatin1(kChatPrefix) + conversation;
}

documents::Importer::Listener LibraryService::listener() {
    documents::Importer::Listener listener;
    const auto told = [this] {
        if (!dirty_.exchange(true)) gui_.post([this] { refresh(); });
    };
    listener.report = [told](const documents::FileReport&) { told(); };
    listener.progress = [this, told](const documents::ImportProgress& now) {
        if (!now.path.empty()) share_ = 0;  // another document begins
        told();
    };
    return listener;
}

std::function<void(std::uint32_t, std::uint32_t)> LibraryService::pageListener() {
    return [this](std::uint32_t done, std::uint32_t pages) {
        share_ = pages > 0 ? static_cast<double>(done) / pages : 0;
        if (!dirty_.exchange(true)) gui_.post([this] { refresh(); });
    };
}

void LibraryService::use(documents::DocumentLibrary& library, const QString& models) {
    library_ = &library;
    models_ = models;
}

void LibraryService::start() {
    if (!library_) return;
    starting_ = std::make_unique<WorkThread>(QStringLiteral("documents-start"));
    starting_->run(
        [this] {
            useEmbedding();
            (void)library_->start(true);
        },
        this, [this] { refresh(); });
}

/// The one that was chosen, else one that lies in the models folder.
void LibraryService::useEmbedding() {
    storage::ChunkVectors vectors(library_->database());
    const auto chosen = vectors.chosen_path();
    QStringList files;
    if (chosen && !chosen->empty()) files.append(QFile::decodeName(QByteArray::fromStdString(*chosen)));
    for (const QString& name : QDir(models_).entryList({QStringLiteral("*.gguf")}, QDir::Files))
        for (const char* family : {"e5", "minilm", "bge", "gte", "embed"})
            if (name.contains(QLatin1String(family), Qt::CaseInsensitive))
                files.append(models_ + u'/' + name);
    for (const QString& file : std::as_const(files)) {
        if (closing_.cancelled()) return;
        const auto source = documents::EncoderSource::open(localPath(file));
        if (source && library_->use(*source)) return;
    }
}

// ---- what is in it ----

void LibraryService::watch(QObject* context, std::function<void(LibraryState)> changed) {
    watcher_ = context;
    changed_ = std::move(changed);
    refresh();
}

void LibraryService::refresh() {
    dirty_ = false;
    if (!again_.isActive()) again_.start();
}

LibraryImport LibraryService::importState(const documents::ImportProgress& now) const {
    LibraryImport state;
    using Phase = documents::ImportProgress::Phase;
    state.paused = now.phase == Phase::paused;
    if (now.waiting > 0 && now.phase != Phase::embedding) {
        state.done = static_cast<int>(now.read);
        state.total = static_cast<int>(now.read + now.waiting);
        state.name = QFileInfo(QFile::decodeName(QByteArray::fromStdString(now.path))).fileName();
    } else if (now.unembedded > 0) {
        state.done = static_cast<int>(now.embedded);
        state.total = static_cast<int>(now.embedded + now.unembedded);
        state.name = tr("Learning what the passages mean; their words can be asked already.");
    }
    if (now.seconds_left) state.secondsLeft = *now.seconds_left;
    if (now.problem) state.problem = problemOf(*now.problem);
    if (!library_->embeddings().active())
        state.note =
            tr("No embedding model is installed: documents are found by their words, not by their meaning.");
    return state;
}

LibraryDocument LibraryService::documentOf(const storage::DocumentRow& row) {
    LibraryDocument document;
    document.id = QString::number(row.id);
    document.collection = QString::number(row.collection);
    document.path = QFile::decodeName(QByteArray::fromStdString(row.path));
    document.name = QFileInfo(document.path).fileName();
    document.bytes = row.stamp.bytes;
    document.away = row.away;
    document.type = typeOf(document.name);
    document.phase = row.state == storage::DocumentState::indexed  ? LibraryDocument::Ready
                     : row.state == storage::DocumentState::failed ? LibraryDocument::Failed
                                                                   : LibraryDocument::Waiting;
    if (document.phase == LibraryDocument::Failed)
        document.problem = problemOf(Error{ErrorCode::corrupt, row.error, row.hint});
    if (row.content == 0) return document;
    auto known = facts_.constFind(row.content);
    if (known == facts_.cend()) {
        const auto facts = library_->contents().facts(row.content);
        if (!facts) return document;
        known = facts_.insert(row.content, *facts);
    }
    // A source without pages has one.
    document.pages = known->pages > 1 || known->mime == "application/pdf" ? known->pages : 0;
    document.passages = known->chunks;
    for (const reading::Notice& notice : documents::notices_of_json(known->notices)) {
        if (notice.code == reading::NoticeCode::no_text_layer && !notice.pages.empty())
            document.scannedPages = QString::fromStdString(reading::page_list(notice.pages));
        if (const QString words = noticeText(notice); !words.isEmpty() && !document.notices.contains(words))
            document.notices.append(words);
    }
    return document;
}

LibraryState LibraryService::read() {
    LibraryState state;
    const auto collections = library_->collections().list();
    const auto folders = library_->collections().folders();
    const auto rows = library_->documents().list();
    if (!collections || !rows) {
        const Error error = library::from_storage(collections ? rows.error() : collections.error());
        state.import.problem = problemOf(error);
        return state;
    }
    for (const storage::Collection& row : *collections) {
        LibraryCollection collection;
        collection.id = QString::number(row.id);
        collection.name = QString::fromStdString(row.name);
        if (row.conversation != 0) {
            collection.conversation = collection.name.sliced(std::min<qsizetype>(5, collection.name.size()));
            collection.name = tr("Attached to a chat");
        }
        if (folders)
            for (const storage::CollectionFolder& folder : *folders)
                if (folder.collection == row.id)
                    collection.folders.push_back({QString::number(folder.id),
                                                  QFile::decodeName(QByteArray::fromStdString(folder.path)),
                                                  folder.away});
        state.collections.push_back(std::move(collection));
    }
    std::ranges::stable_sort(state.collections, {},
                             [](const LibraryCollection& one) { return !one.conversation.isEmpty(); });
    for (const storage::DocumentRow& row : *rows) state.documents.push_back(documentOf(row));
    const documents::ImportProgress now = library_->importer().progress();
    state.import = importState(now);
    if (now.phase != documents::ImportProgress::Phase::reading) return state;
    const QString reading = QFile::decodeName(QByteArray::fromStdString(now.path));
    for (LibraryDocument& document : state.documents)
        if (document.phase == LibraryDocument::Waiting && document.path == reading) {
            document.phase = LibraryDocument::Reading;
            document.share = share_;
        }
    return state;
}

// ---- what a person does ----

void LibraryService::change(std::function<void()> work) {
    if (!library_) return;
    thread_->run(std::move(work), this, [this] { refresh(); });
}

void LibraryService::add(const QStringList& paths, const QString& collection, const QString& conversation,
                         QObject* context, std::function<void(Problem)> then) {
    const QString name = conversation.isEmpty() ? tr("Documents") : nameOfChat(conversation);
    thread_->run(
        [this, paths, collection, name, chat = !conversation.isEmpty()]() -> Problem {
            storage::CollectionId into = collection.toLongLong();
            if (into == 0) {
                const auto made = library_->collections().named(name.toStdString(), chat ? kSomeChat : 0);
                if (!made) return problemOf(library::from_storage(made.error()));
                into = *made;
            }
            std::vector<std::filesystem::path> files;
            for (const QString& path : paths) files.emplace_back(localPath(path));
            const auto added = library_->add(into, files, false, closing_);
            if (!added) return problemOf(added.error());
            return added->refused.empty() ? Problem() : problemOf(added->refused.front().second);
        },
        context,
        [this, alive = QPointer<QObject>(this), then = std::move(then)](const Problem& problem) {
            if (alive) refresh();
            then(problem);
        });
}

void LibraryService::makeCollection(const QString& name, QObject* context,
                                    std::function<void(Problem)> then) {
    thread_->run(
        [this, name = name.toStdString()]() -> Problem {
            const auto made = library_->collections().named(name);
            return made ? Problem() : problemOf(library::from_storage(made.error()));
        },
        context,
        [this, alive = QPointer<QObject>(this), then = std::move(then)](const Problem& problem) {
            if (alive) refresh();
            then(problem);
        });
}

void LibraryService::renameCollection(const QString& id, const QString& name) {
    change([this, id = id.toLongLong(), name = name.toStdString()] {
        (void)library_->collections().rename(id, name);
    });
}

void LibraryService::removeCollection(const QString& id) {
    change([this, id = id.toLongLong()] {
        (void)library_->collections().remove(id);
        library_->importer().wake();
    });
}

void LibraryService::removeFolder(const QString& id) {
    change([this, id = id.toLongLong()] {
        (void)library_->collections().remove_folder(id);
        library_->importer().wake();
    });
}

void LibraryService::removeDocument(const QString& id) {
    change([this, id = id.toLongLong()] {
        (void)library_->documents().remove({id});
        library_->importer().wake();
    });
}

void LibraryService::retry(const QString& id) {
    change([this, id = id.toLongLong()] {
        (void)library_->documents().requeue(id);
        library_->importer().wake();
    });
}

void LibraryService::recognise(const QString& id) {
    change([this, id = id.toLongLong()] { (void)library_->importer().recognise(id); });
}

bool LibraryService::canRecognise() const {
    return !reading::tesseract_program().empty();
}

void LibraryService::pause() {
    if (library_) library_->importer().pause();
    refresh();
}

void LibraryService::resume() {
    if (library_) {
        library_->importer().resume();
        library_->importer().wake();
    }
    refresh();
}

}  // namespace pellucid::app
