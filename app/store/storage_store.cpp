#include "app/store/storage_store.h"

#include <QCoreApplication>

#include "app/library/storage_error.h"
#include "app/store/message_rows.h"
#include "app/store/storage_store_parts.h"

namespace pellucid::app {

Error fromStorage(const storage::Error& error) {
    return library::from_storage(error);
}

StorageStore::StorageStore(storage::Store& store)
    : store_(store), ids_(std::make_shared<Ids>()), gate_(new QObject), told_(gate_.get()) {
    retryTimer_.setSingleShot(true);
    retryTimer_.setInterval(3000);
    QObject::connect(&retryTimer_, &QTimer::timeout, gate_.get(), [this] { retry(); });
    store_.replies().on_trouble([this, told = told_](const storage::Result<void>& status) {
        const Error error = status ? Error{} : fromStorage(status.error());
        told.post([this, error] {
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
    told_.post([this, problem = fromStorage(error)] {
        if (!problem.what.empty()) retryTimer_.start();
        if (problem_) problem_(problem);
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
    post([this, messageId, fold](Ids& ids) { return storeFold(ids.row(messageId), fold); });
}

void StorageStore::saveSources(const Message& message) {
    if (!message.sources) return;
    post([this, id = message.id, text = message.text.toStdString(),
          part = sourcesPart(*message.sources)](Ids& ids) -> storage::Result<void> {
        STORAGE_TRY(auto row, store_.conversations().message(ids.row(id)));
        storage::NewMessage changed;
        changed.role = row.role;
        changed.parts = std::move(row.parts);
        std::erase_if(changed.parts,
                      [](const storage::Part& old) { return old.kind == storage::PartKind::citation; });
        std::vector<storage::Part*> answers;
        for (storage::Part& one : changed.parts)
            if (one.kind == storage::PartKind::answer) answers.push_back(&one);
        if (answers.size() == 1) answers.front()->text = text;  // of several, each keeps its words
        changed.parts.push_back(part);
        changed.state = row.state;
        changed.answered_early = row.answered_early;
        changed.error = row.error;
        changed.timings = row.timings;
        changed.receipt = row.receipt;
        STORAGE_TRY(changed.sampler, store_.conversations().sampler(row.id));
        return store_.conversations().update(row.id, changed);
    });
}

storage::Result<void> StorageStore::storeFold(storage::MessageId row, ThoughtFold fold) {
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
}

void StorageStore::removeMessage(const QString& messageId) {
    post([this, messageId](Ids& ids) { return store_.conversations().remove_branch(ids.row(messageId)); });
}

void StorageStore::restoreMessage(const QString& messageId) {
    post([this, messageId](Ids& ids) { return store_.conversations().restore_branch(ids.row(messageId)); });
}

// ---- drafts ----

void StorageStore::saveDraft(const QString& conversationId, const QString& text) {
    post([this, conversationId, text = text.toStdString()](Ids& ids) -> storage::Result<void> {
        const auto row = conversationId.isEmpty() ? 0 : ids.row(conversationId);
        if (row == 0 && !conversationId.isEmpty()) return unknown(conversationId);
        return store_.conversations().set_draft(row, text);
    });
}

void StorageStore::importConversations(std::vector<StoredConversation> conversations, QObject* context,
                                       std::function<void(Result<int>)> then) {
    store_.thread().post([this, conversations = std::move(conversations), context = GuiContext(context),
                          then = std::move(then)] {
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
        context.post([then, result] { then(result); });
    });
}

void StorageStore::flush() {
    (void)store_.flush();
}

}  // namespace pellucid::app
