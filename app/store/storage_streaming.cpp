// StorageStore: replies while they arrive, and their end.

#include "app/store/message_rows.h"
#include "app/store/storage_store_parts.h"

namespace pellucid::app {

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
    // On the storage thread itself this is done when it returns: whatever the person did next finds the whole
    // reply.
    const storage::Result<void> status = stream->stream->finish(std::move(end)).get();
    if (!status) {
        if (diskRefused(status.error())) return status;  // kept and tried again
        // The journal was damaged from outside: the reply is saved whole, as it was shown.
        return store_.conversations().update(ids_->row(message.id), toRow(message));
    }
    if (message.fold == ThoughtFold::Automatic || !message.hasThought) return {};
    return storeFold(ids_->row(message.id), message.fold);
}

}  // namespace pellucid::app
