// Conversations: folders, titles, pins, soft delete, and the tree of messages with one active path through
// it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "storage/message.h"

namespace pellucid::storage {

/// Thread safe. Reading never waits for writing. A write returns when it is committed (well under a
/// millisecond unless a bulk import holds the writer: then call it through StorageThread). not_found for an
/// id that is not there.
///
/// The tree: a message's children are its siblings-to-be; each node remembers which child is active, the
/// conversation which first message is. The active path is what is shown and sent. Edit and regenerate add a
/// sibling and make it active; nothing is overwritten.
class Conversations {
public:
    explicit Conversations(Database& database);

    // ---- the list ----

    Result<ConversationId> create(const NewConversation& conversation = {});
    /// Not deleted; pinned first, then last changed first.
    Result<std::vector<Conversation>> list() const;
    Result<std::vector<Conversation>> list_deleted() const;
    Result<Conversation> get(ConversationId id) const;
    /// By the person: a derived title never replaces it.
    Result<void> rename(ConversationId id, const std::string& title);
    /// Derived from the question: does nothing where the person named it.
    Result<void> set_derived_title(ConversationId id, const std::string& title);
    Result<void> set_pinned(ConversationId id, bool pinned);
    Result<void> set_folder(ConversationId id, FolderId folder);
    Result<void> set_system_prompt(ConversationId id, const std::string& prompt);
    Result<void> set_model(ConversationId id, ModelId model);
    /// Out of the list and out of search, undone by restore().
    Result<void> remove(ConversationId id);
    Result<void> restore(ConversationId id);
    /// For good: conversations and branches deleted before `deleted_before`. Returns how many conversations.
    Result<int> purge(Millis deleted_before);
    Result<void> purge_one(ConversationId id);

    // ---- drafts ----

    /// What was typed and not sent; `id` 0: in a new chat. Empty text forgets it. Drafts are not searched.
    Result<void> set_draft(ConversationId id, const std::string& text);
    /// Empty: none.
    Result<std::string> draft(ConversationId id) const;

    // ---- folders ----

    Result<FolderId> create_folder(const std::string& name);
    Result<std::vector<Folder>> folders() const;
    Result<void> rename_folder(FolderId id, const std::string& name);
    Result<void> order_folders(std::span<const FolderId> ids);
    /// Its conversations stay, in no folder.
    Result<void> remove_folder(FolderId id);

    // ---- messages ----

    /// Adds a child of `parent` (0: a first message) and makes it active. Also how a regenerated reply is
    /// added.
    Result<MessageId> append(ConversationId conversation, MessageId parent, const NewMessage& message);
    /// Adds a sibling of `original` (an edited question) with the same parent and makes it active.
    Result<MessageId> edit(MessageId original, const NewMessage& message);
    /// Brings a message onto the active path (another sibling, or one found by search, with all above it);
    /// below it the path that was active there before.
    Result<void> activate(MessageId id);
    /// A new conversation with copies of the path from the first message down to and including `last`.
    Result<ConversationId> fork(MessageId last, const std::string& title);
    /// The active path, first message first, with parts, timings, receipts and siblings.
    Result<std::vector<Message>> active_path(ConversationId id) const;
    /// Every message of the tree that is not deleted, parents before children.
    Result<std::vector<Message>> tree(ConversationId id) const;
    Result<Message> message(MessageId id) const;
    /// Token ids and sampler position kept with a reply; nullopt where none were kept.
    Result<std::optional<SamplerPoint>> sampler(MessageId id) const;
    /// Writes parts, state, timings and receipt of a message anew (a reply that ended, a tool's result).
    Result<void> update(MessageId id, const NewMessage& message);
    /// The message and all below it, out of the tree; a sibling becomes active. Undone by restore_branch().
    Result<void> remove_branch(MessageId id);
    Result<void> restore_branch(MessageId id);

    /// Called after every committed change, from the thread that made it, with the conversation changed (0:
    /// the folders or several). Set once, before other threads use this object.
    void on_change(std::function<void(ConversationId)> listener);
    /// For the reply streams, which write messages too.
    void notify(ConversationId id) const { changed(id); }

private:
    void changed(ConversationId id) const;

    Database& database_;
    std::function<void(ConversationId)> listener_;
};

}  // namespace pellucid::storage
