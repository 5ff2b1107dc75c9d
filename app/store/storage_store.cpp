#include "app/store/storage_store.h"

#include <QCoreApplication>

#include "app/store/message_rows.h"

namespace pellucid::app {

namespace {

/// Ids of rows that were there before: "c12" and "m34". New ones are UUIDs until the program ends.
QString conversationText(storage::ConversationId id) {
    return u'c' + QString::number(id);
}
QString messageText(storage::MessageId id) {
    return u'm' + QString::number(id);
}

ErrorCode codeOf(storage::ErrorCode code) {
    switch (code) {
        case storage::ErrorCode::invalid_argument:
            return ErrorCode::invalid_argument;
        case storage::ErrorCode::not_found:
            return ErrorCode::not_found;
        case storage::ErrorCode::io:
            return ErrorCode::io;
        case storage::ErrorCode::no_space:
            return ErrorCode::no_space;
        case storage::ErrorCode::read_only:
            return ErrorCode::read_only;
        case storage::ErrorCode::corrupt:
            return ErrorCode::corrupt;
        case storage::ErrorCode::unsupported:
            return ErrorCode::unsupported;
        case storage::ErrorCode::busy:
            return ErrorCode::busy;
        case storage::ErrorCode::internal:
            break;
    }
    return ErrorCode::internal;
}

/// Worth another try when there is room again.
bool diskRefused(const storage::Error& error) {
    return error.code == storage::ErrorCode::no_space || error.code == storage::ErrorCode::io ||
           error.code == storage::ErrorCode::read_only;
}

storage::Failure unknown(const QString& id) {
    return storage::fail(storage::ErrorCode::not_found, "There is no row for " + id.toStdString());
}

}  // namespace

Error fromStorage(const storage::Error& error) {
    return {codeOf(error.code), error.what, error.hint};
}

struct StorageStore::Ids {
    std::mutex mutex;
    QHash<QString, std::int64_t> rows;
    QHash<QString, QString> names;  // "c12" -> the app's id, for rows made in this run

    void put(const QString& id, const QString& rowName, std::int64_t row) {
        std::lock_guard lock(mutex);
        rows[id] = row;
        names[rowName] = id;
    }
    /// 0: unknown.
    std::int64_t row(const QString& id) {
        {
            std::lock_guard lock(mutex);
            if (const auto it = rows.constFind(id); it != rows.constEnd()) return *it;
        }
        bool number = false;
        const qint64 row = id.mid(1).toLongLong(&number);
        return number ? row : 0;
    }
    QString name(const QString& rowName) {
        std::lock_guard lock(mutex);
        return names.value(rowName, rowName);
    }
};

struct StorageStore::Stream {
    struct Piece {
        storage::PartKind kind;
        std::string text;
        std::vector<int> tokens;
    };
    std::mutex mutex;
    std::unique_ptr<storage::ReplyStream> stream;
    std::vector<Piece> waiting;  // came before the stream was open
    storage::Timings before;
    bool refused = false;  // could not be opened: saved whole at its end

    void open(std::unique_ptr<storage::ReplyStream> opened) {
        std::lock_guard lock(mutex);
        stream = std::move(opened);
        for (const Piece& piece : waiting) stream->append(piece.kind, piece.text, piece.tokens);
        waiting.clear();
    }
};

StorageStore::StorageStore(storage::Store& store)
    : store_(store), ids_(std::make_shared<Ids>()), gate_(new QObject) {
    retryTimer_.setSingleShot(true);
    retryTimer_.setInterval(3000);
    QObject::connect(&retryTimer_, &QTimer::timeout, gate_.get(), [this] { retry(); });
    store_.replies().on_trouble(
        [this, gate = QPointer<QObject>(gate_.get())](const storage::Result<void>& status) {
            const Error error = status ? Error{} : fromStorage(status.error());
            deliverToGui(gate, [this, error] {
                if (problem_) problem_(error);  // an empty error: it works again
            });
        });
}

StorageStore::~StorageStore() {
    store_.replies().on_trouble({});
    streams_.clear();
    retry();
    flush();
}

void StorageStore::tell(const storage::Error& error) {
    deliverToGui(gate_.get(), [this, told = fromStorage(error)] {
        if (!told.what.empty()) retryTimer_.start();
        if (problem_) problem_(told);
    });
}

void StorageStore::post(Work work) {
    store_.thread().post([this, work = std::move(work)] {
        if (!refused_.empty()) {
            refused_.push_back(work);
            return;
        }
        const storage::Result<void> status = work(*ids_);
        if (status) return;
        if (diskRefused(status.error())) refused_.push_back(work);
        tell(status.error());
    });
}

void StorageStore::retry() {
    store_.thread().post([this] {
        if (refused_.empty()) return;
        while (!refused_.empty()) {
            const storage::Result<void> status = refused_.front()(*ids_);
            if (!status && diskRefused(status.error())) {
                tell(status.error());
                return;
            }
            refused_.pop_front();
        }
        tell({storage::ErrorCode::internal, "", ""});  // it works again
    });
}

// ---- reading ----

namespace {

ConversationSummary summaryOf(const storage::Conversation& row, const QString& id,
                              const QHash<std::int64_t, QString>& folders) {
    return {id,
            QString::fromStdString(row.title),
            folders.value(row.folder_id),
            row.pinned,
            row.title_is_given,
            row.updated_at};
}

storage::Result<QHash<std::int64_t, QString>> folderNames(const storage::Conversations& conversations) {
    QHash<std::int64_t, QString> names;
    STORAGE_TRY(const auto folders, conversations.folders());
    for (const storage::Folder& folder : folders) names[folder.id] = QString::fromStdString(folder.name);
    return names;
}

template <typename T>
Result<T> convert(storage::Result<T> result) {
    if (!result) return fail(fromStorage(result.error()));
    return *std::move(result);
}

}  // namespace

void StorageStore::list(QObject* context, std::function<void(Result<QVector<ConversationSummary>>)> then) {
    store_.thread().post([this, ids = ids_, context = QPointer<QObject>(context), then = std::move(then)] {
        const auto read = [&]() -> storage::Result<QVector<ConversationSummary>> {
            STORAGE_TRY(const auto folders, folderNames(store_.conversations()));
            STORAGE_TRY(const auto rows, store_.conversations().list());
            QVector<ConversationSummary> summaries;
            summaries.reserve(static_cast<qsizetype>(rows.size()));
            for (const storage::Conversation& row : rows)
                summaries.append(summaryOf(row, ids->name(conversationText(row.id)), folders));
            return summaries;
        };
        deliverToGui(context, [then, result = convert(read())] { then(result); });
    });
}

void StorageStore::search(const QString& text, QObject* context,
                          std::function<void(Result<QVector<SearchHit>>)> then) {
    if (!reader_) reader_ = std::make_unique<WorkThread>(QStringLiteral("search"));
    const int ticket = ++*searchTicket_;
    reader_->post([this, ticket, latest = searchTicket_, ids = ids_, text = text.toStdString(),
                   context = QPointer<QObject>(context), then = std::move(then)] {
        if (ticket != latest->load()) return;  // a later letter was typed while this one waited
        storage::SearchQuery query;
        query.text = text;
        auto found = store_.search().find(query);
        if (!found) {
            deliverToGui(context, [then, error = fromStorage(found.error())] { then(fail(error)); });
            return;
        }
        QVector<SearchHit> hits;
        for (const storage::SearchHit& row : *found) {
            SearchHit hit;
            hit.conversationId = ids->name(conversationText(row.conversation_id));
            if (row.message_id != 0) hit.messageId = ids->name(messageText(row.message_id));
            hit.snippet = QString::fromStdString(row.snippet);
            switch (row.field) {
                case storage::SearchField::title:
                    hit.where = SearchHit::Title;
                    break;
                case storage::SearchField::question:
                    hit.where = SearchHit::Question;
                    break;
                case storage::SearchField::thought:
                    hit.where = SearchHit::Thought;
                    break;
                case storage::SearchField::answer:
                    hit.where = SearchHit::Answer;
                    break;
            }
            const auto units = [&](int begin, int length) {
                return static_cast<int>(QString::fromUtf8(row.snippet.data() + begin, length).size());
            };
            for (const auto& match : row.matches) {
                hit.ranges.append(units(0, match.begin));
                hit.ranges.append(units(match.begin, match.length));
            }
            hits.append(std::move(hit));
        }
        deliverToGui(context, [then, hits = std::move(hits)] { then(hits); });
    });
}

void StorageStore::load(const QString& conversationId, QObject* context,
                        std::function<void(Result<StoredConversation>)> then) {
    store_.thread().post(
        [this, ids = ids_, conversationId, context = QPointer<QObject>(context), then = std::move(then)] {
            const auto read = [&]() -> storage::Result<StoredConversation> {
                const std::int64_t row = ids->row(conversationId);
                STORAGE_TRY(const auto folders, folderNames(store_.conversations()));
                STORAGE_TRY(const auto conversation, store_.conversations().get(row));
                STORAGE_TRY(const auto tree, store_.conversations().tree(row));
                STORAGE_TRY(const auto path, store_.conversations().active_path(row));
                StoredConversation stored;
                stored.summary = summaryOf(conversation, conversationId, folders);
                for (const storage::Message& from : tree) {
                    Message message = fromRow(from);
                    message.id = ids->name(messageText(from.id));
                    if (from.parent_id != 0) message.parentId = ids->name(messageText(from.parent_id));
                    stored.messages.push_back(std::move(message));
                }
                for (const storage::Message& shown : path)
                    stored.shownIds.append(ids->name(messageText(shown.id)));
                return stored;
            };
            deliverToGui(context, [then, result = convert(read())] { then(result); });
        });
}

// ---- conversations ----

namespace {

storage::Result<storage::FolderId> folderId(storage::Conversations& conversations, const QString& name) {
    if (name.isEmpty()) return storage::FolderId{0};
    STORAGE_TRY(const auto folders, conversations.folders());
    for (const storage::Folder& folder : folders)
        if (folder.name == name.toStdString()) return folder.id;
    return conversations.create_folder(name.toStdString());
}

}  // namespace

void StorageStore::createConversation(const ConversationSummary& summary) {
    post([this, summary](Ids& ids) -> storage::Result<void> {
        storage::NewConversation conversation;
        conversation.title = summary.title.toStdString();
        conversation.title_is_given = summary.titleGiven;
        STORAGE_TRY(conversation.folder_id, folderId(store_.conversations(), summary.folder));
        STORAGE_TRY(const auto row, store_.conversations().create(conversation));
        ids.put(summary.id, conversationText(row), row);
        if (summary.pinned) return store_.conversations().set_pinned(row, true);
        return {};
    });
}

void StorageStore::renameConversation(const QString& conversationId, const QString& title, bool byPerson) {
    post([this, conversationId, title = title.toStdString(), byPerson](Ids& ids) {
        const auto row = ids.row(conversationId);
        return byPerson ? store_.conversations().rename(row, title)
                        : store_.conversations().set_derived_title(row, title);
    });
}

void StorageStore::pinConversation(const QString& conversationId, bool pinned) {
    post([this, conversationId, pinned](Ids& ids) {
        return store_.conversations().set_pinned(ids.row(conversationId), pinned);
    });
}

void StorageStore::moveConversation(const QString& conversationId, const QString& folder) {
    post([this, conversationId, folder](Ids& ids) -> storage::Result<void> {
        STORAGE_TRY(const auto row, folderId(store_.conversations(), folder));
        return store_.conversations().set_folder(ids.row(conversationId), row);
    });
}

void StorageStore::removeConversation(const QString& conversationId) {
    post([this, conversationId](Ids& ids) { return store_.conversations().remove(ids.row(conversationId)); });
}

void StorageStore::restoreConversation(const QString& conversationId) {
    post(
        [this, conversationId](Ids& ids) { return store_.conversations().restore(ids.row(conversationId)); });
}

void StorageStore::forkConversation(const QString& messageId, const ConversationSummary& copy) {
    post([this, messageId, copy](Ids& ids) -> storage::Result<void> {
        STORAGE_TRY(const auto row,
                    store_.conversations().fork(ids.row(messageId), copy.title.toStdString()));
        ids.put(copy.id, conversationText(row), row);
        return {};
    });
}

// ---- messages ----

void StorageStore::appendMessage(const QString& conversationId, const Message& message) {
    post([this, conversationId, message](Ids& ids) -> storage::Result<void> {
        const auto conversation = ids.row(conversationId);
        const auto parent = message.parentId.isEmpty() ? 0 : ids.row(message.parentId);
        if (conversation == 0) return unknown(conversationId);
        STORAGE_TRY(const auto row, store_.conversations().append(conversation, parent, toRow(message)));
        ids.put(message.id, messageText(row), row);
        return {};
    });
}

void StorageStore::activateMessage(const QString& messageId) {
    post([this, messageId](Ids& ids) { return store_.conversations().activate(ids.row(messageId)); });
}

void StorageStore::saveFold(const QString& messageId, ThoughtFold fold) {
    if (streams_.contains(messageId)) return;  // saved with the reply, at its end
    post([this, messageId, fold](Ids& ids) -> storage::Result<void> {
        const auto row = ids.row(messageId);
        STORAGE_TRY(auto message, store_.conversations().message(row));
        storage::NewMessage changed;
        changed.role = message.role;
        changed.parts = std::move(message.parts);
        changed.state = message.state;
        changed.answered_early = message.answered_early;
        changed.error = message.error;
        changed.timings = message.timings;
        changed.receipt = message.receipt;
        STORAGE_TRY(changed.sampler, store_.conversations().sampler(row));
        changed.created_at = message.created_at;
        for (storage::Part& part : changed.parts)
            if (part.kind == storage::PartKind::thought) part.name = foldName(fold);
        return store_.conversations().update(row, changed);
    });
}

void StorageStore::removeMessage(const QString& messageId) {
    post([this, messageId](Ids& ids) { return store_.conversations().remove_branch(ids.row(messageId)); });
}

void StorageStore::restoreMessage(const QString& messageId) {
    post([this, messageId](Ids& ids) { return store_.conversations().restore_branch(ids.row(messageId)); });
}

// ---- streaming ----

void StorageStore::beginReply(const QString& conversationId, const Message& message) {
    auto stream = std::make_shared<Stream>();
    streams_[message.id] = stream;
    post([this, conversationId, message, stream](Ids& ids) -> storage::Result<void> {
        auto opened =
            store_.replies().begin(ids.row(conversationId), ids.row(message.parentId), receiptOf(message));
        if (!opened) {
            std::lock_guard lock(stream->mutex);
            stream->refused = !diskRefused(opened.error());
            return opened.failure();
        }
        const auto row = (*opened)->message_id();
        ids.put(message.id, messageText(row), row);
        stream->open(*std::move(opened));
        return {};
    });
}

void StorageStore::continueReply(const QString& messageId) {
    auto stream = std::make_shared<Stream>();
    streams_[messageId] = stream;
    post([this, messageId, stream](Ids& ids) -> storage::Result<void> {
        const auto row = ids.row(messageId);
        STORAGE_TRY(auto message, store_.conversations().message(row));
        if (message.timings) stream->before = *message.timings;
        if (!message.can_continue()) {
            // A failed reply goes on as one that was stopped.
            storage::NewMessage changed;
            changed.role = message.role;
            changed.parts = std::move(message.parts);
            changed.state = storage::MessageState::stopped;
            changed.answered_early = message.answered_early;
            changed.timings = message.timings;
            changed.receipt = message.receipt;
            STORAGE_TRY(changed.sampler, store_.conversations().sampler(row));
            STORAGE_CHECK(store_.conversations().update(row, changed));
        }
        auto opened = store_.replies().resume(row);
        if (!opened) {
            std::lock_guard lock(stream->mutex);
            stream->refused = true;
            return opened.failure();
        }
        stream->open(*std::move(opened));
        return {};
    });
}

void StorageStore::append(const QString& messageId, storage::PartKind kind, const QString& text,
                          std::vector<int> tokens) {
    const auto stream = streams_.value(messageId);
    if (!stream) return;
    std::lock_guard lock(stream->mutex);
    if (stream->stream)
        stream->stream->append(kind, text.toStdString(), tokens);  // never blocks
    else if (!stream->refused)
        stream->waiting.push_back({kind, text.toStdString(), std::move(tokens)});
}

void StorageStore::streamThought(const QString& messageId, const QString& text, std::vector<int> tokens) {
    append(messageId, storage::PartKind::thought, text, std::move(tokens));
}

void StorageStore::streamAnswer(const QString& messageId, const QString& text, std::vector<int> tokens) {
    append(messageId, storage::PartKind::answer, text, std::move(tokens));
}

void StorageStore::finishReply(const Message& message) {
    const auto stream = streams_.take(message.id);
    if (!stream) {
        post([this, message](Ids& ids) {
            return store_.conversations().update(ids.row(message.id), toRow(message));
        });
        return;
    }
    post([this, stream, message](Ids&) { return finishStream(stream, message); });
}

storage::Result<void> StorageStore::finishStream(const std::shared_ptr<Stream>& stream,
                                                 const Message& message) {
    std::lock_guard lock(stream->mutex);
    if (!stream->stream)  // it could not be opened: saved whole, if it has a row at all
        return ids_->row(message.id) == 0
                   ? unknown(message.id)
                   : store_.conversations().update(ids_->row(message.id), toRow(message));
    storage::ReplyEnd end;
    end.state = toRow(message.state);
    end.answered_early = message.answeredEarly;
    end.error = errorText(message);
    end.timings = difference(timingsOf(message.stats), stream->before);
    // finish() posts its work to this thread; what is posted after it here finds it done.
    auto saved = std::make_shared<std::future<storage::Result<void>>>(stream->stream->finish(std::move(end)));
    store_.thread().post([this, stream, message, saved, gate = QPointer<QObject>(gate_.get())] {
        const storage::Result<void> status = saved->get();
        if (!status) {
            if (diskRefused(status.error()))
                refused_.push_back([this, stream, message](Ids&) { return finishStream(stream, message); });
            tell(status.error());
        } else if (message.fold != ThoughtFold::Automatic && message.hasThought) {
            deliverToGui(gate, [this, message] { saveFold(message.id, message.fold); });
        }
    });
    return {};
}

// ---- the rest ----

void StorageStore::importConversations(std::vector<StoredConversation> conversations, QObject* context,
                                       std::function<void(Result<int>)> then) {
    store_.thread().post([this, conversations = std::move(conversations),
                          context = QPointer<QObject>(context), then = std::move(then)] {
        std::vector<storage::ArchivedConversation> archive;
        for (const StoredConversation& from : conversations) {
            storage::ArchivedConversation to;
            to.title = from.summary.title.toStdString();
            to.title_is_given = from.summary.titleGiven;
            to.folder = from.summary.folder.toStdString();
            to.pinned = from.summary.pinned;
            to.updated_at = from.summary.updatedMs;
            QHash<QString, int> index;
            for (const Message& message : from.messages) {
                storage::ArchivedConversation::Node node;
                node.parent = message.parentId.isEmpty() ? -1 : index.value(message.parentId, -1);
                node.active = from.shownIds.contains(message.id);
                node.message = toRow(message);
                index[message.id] = static_cast<int>(to.nodes.size());
                to.nodes.push_back(std::move(node));
                if (to.created_at == 0) to.created_at = message.createdMs;
            }
            archive.push_back(std::move(to));
        }
        auto report = storage::import_conversations(store_.database(), archive);
        Result<int> result = report ? Result<int>(static_cast<int>(report->conversations.size()))
                                    : Result<int>(fail(fromStorage(report.error())));
        deliverToGui(context, [then, result] { then(result); });
    });
}

void StorageStore::flush() {
    // Twice: what is posted from within the thread comes after the first.
    for (int i = 0; i < 3; ++i) (void)store_.flush();
}

}  // namespace pellucid::app
