// What a conversation is made of: messages in a tree, each made of typed parts in order, with timings and a
// receipt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"

namespace pellucid::storage {

/// Row ids, never used again after a purge. 0 means none.
using ConversationId = std::int64_t;
using MessageId = std::int64_t;
using FolderId = std::int64_t;
using ModelId = std::int64_t;

enum class Role { system = 0, user = 1, assistant = 2, tool = 3 };

/// Numbers are stored: never renumber.
enum class PartKind {
    text = 0,       ///< what a person, the system or a tool says
    thought = 1,    ///< the model's thinking
    answer = 2,     ///< what the model says
    tool_call = 3,  ///< name: function; data: arguments as JSON; reference: call id; text: result, once there
    attachment = 4,  ///< name: file name; data: path or digest; reference: media type; text: extracted text
    citation = 5,    ///< name: title; data: source; reference: place in it; text: the words cited
};

struct Part {
    PartKind kind = PartKind::text;
    std::string text;                   ///< UTF-8
    std::string name, data, reference;  ///< by kind, see PartKind
    double seconds = 0;                 ///< how long it took to generate
    int token_count = 0;
    std::int64_t byte_count = 0;  ///< attachment: size of the file

    bool operator==(const Part&) const = default;
};

/// How a message ended. Numbers are stored: never renumber.
enum class MessageState {
    complete = 0,
    streaming = 1,    ///< being written now; never seen after open(), which makes it interrupted
    interrupted = 2,  ///< the program died in the middle; can be continued
    stopped = 3,      ///< stopped by the person; can be continued
    cut_off = 4,      ///< out of tokens or context; can be continued
    failed = 5,       ///< `error` says why
};

/// Counts and seconds of one reply.
struct Timings {
    int prompt_tokens = 0, cached_tokens = 0, thought_tokens = 0, answer_tokens = 0;
    double prompt_seconds = 0;       ///< processing the prompt
    double generate_seconds = 0;     ///< first sampled token to last
    double first_token_seconds = 0;  ///< send to first visible token
    double thought_seconds = 0;
    int drafted_tokens = 0, accepted_tokens = 0;  ///< speculation: guessed ahead, and right

    bool operator==(const Timings&) const = default;
};

/// What made a reply, kept so that it can be made again.
struct Receipt {
    std::string model_name, model_digest, quantization, template_digest;
    std::uint64_t seed = 0;
    std::string sampling_json;
    std::string build, device;

    bool operator==(const Receipt&) const = default;
};

/// Where the sampler stood, so that a reply can go on with the same tokens.
struct SamplerPoint {
    std::vector<std::int32_t> token_ids;  ///< [tokens] every id of the reply so far, thought and answer
    std::int64_t position = 0;            ///< of the next random number

    bool operator==(const SamplerPoint&) const = default;
};

/// A message as given to a repository; the row's identity comes back.
struct NewMessage {
    Role role = Role::user;
    std::vector<Part> parts;
    MessageState state = MessageState::complete;
    bool answered_early = false;  ///< the thought was ended by the person or by its budget
    std::string error;            ///< with MessageState::failed
    std::optional<Timings> timings;
    std::optional<Receipt> receipt;
    std::optional<SamplerPoint> sampler;
    Millis created_at = 0;  ///< 0: now
};

/// A message as stored.
struct Message {
    MessageId id = 0;
    ConversationId conversation_id = 0;
    MessageId parent_id = 0;  ///< 0: a first message of the conversation
    Role role = Role::user;
    MessageState state = MessageState::complete;
    bool answered_early = false;
    std::string error;
    Millis created_at = 0, updated_at = 0;
    std::vector<Part> parts;
    std::optional<Timings> timings;
    std::optional<Receipt> receipt;
    /// This message and those that could stand in its place (edits, regenerations), oldest first.
    std::vector<MessageId> siblings;

    /// Index of this message in `siblings`.
    int sibling_index() const;
    /// The parts of one kind, joined.
    std::string text_of(PartKind kind) const;
    bool can_continue() const {
        return role == Role::assistant && (state == MessageState::interrupted ||
                                           state == MessageState::stopped || state == MessageState::cut_off);
    }
};

/// A row of the conversation list.
struct Conversation {
    ConversationId id = 0;
    std::string title;
    bool title_is_given = false;  ///< named by the person; never overwritten by a derived title
    FolderId folder_id = 0;       ///< 0: in no folder
    bool pinned = false;
    std::string system_prompt;
    ModelId model_id = 0;  ///< last used here; 0: none yet
    Millis created_at = 0, updated_at = 0;
    Millis deleted_at = 0;  ///< 0: not deleted
};

/// A conversation as given to Conversations::create().
struct NewConversation {
    std::string title;
    bool title_is_given = false;
    FolderId folder_id = 0;
    std::string system_prompt;
    ModelId model_id = 0;
    Millis created_at = 0;  ///< 0: now
};

struct Folder {
    FolderId id = 0;
    std::string name;
    int position = 0;
};

}  // namespace pellucid::storage
