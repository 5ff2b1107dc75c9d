// The model library: which files there are, what is in them, and the settings kept for each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/message.h"

namespace pellucid::storage {

struct ModelRecord {
    ModelId id = 0;
    std::string path;    ///< absolute; unique
    std::string digest;  ///< SHA-256 of the file in hex; empty: not computed yet
    std::string name, architecture, quantization;
    std::uint64_t file_bytes = 0, parameters = 0;
    int trained_context = 0;
    bool favourite = false;
    std::string
        settings_json;  ///< sampling, system prompt, context length, threads, device as the app writes them
    Millis added_at = 0, last_used_at = 0;  ///< last_used_at 0: never

    // Where it came from. Written by set_provenance().
    std::string title;   ///< a name for people; empty: the file's or the header's
    std::string source;  ///< a word of the app's: "file", "download", "ollama" …; empty: not known
    std::string repository, revision;
    std::string licence;
    Millis licence_accepted_at = 0;  ///< 0: not accepted by the person

    // How it is kept.
    std::uint64_t tokens_generated = 0;
    int keep_alive_seconds = -2;  ///< idle time until it is unloaded; -1: never, -2: as the app's setting

    // What its header says, as the app writes it, so that a list opens without reading files. Written by
    // set_facts(); `facts_stamp` tells whether the file is still the one that was read.
    std::string facts_json, facts_stamp;
};

/// What is kept of a model's origin.
struct ModelProvenance {
    std::string title, source, repository, revision, licence;
    bool licence_accepted = false;  ///< true: now. false: an earlier acceptance of the same licence stays
};

/// Thread safe, as Conversations is.
class Models {
public:
    explicit Models(Database& database);

    /// Adds a model, or refreshes what its header says about the one at the same path (all else stays). Read
    /// of the argument: path, digest, name, architecture, quantization, file_bytes, parameters,
    /// trained_context; for a new one also favourite and settings_json.
    Result<ModelId> add(const ModelRecord& model);
    /// Favourites first, then last used first, then by name.
    Result<std::vector<ModelRecord>> list() const;
    Result<ModelRecord> get(ModelId id) const;
    Result<std::optional<ModelRecord>> find_by_path(const std::string& path) const;
    Result<std::optional<ModelRecord>> find_by_digest(const std::string& digest) const;
    Result<void> set_path(ModelId id, const std::string& path);
    Result<void> set_digest(ModelId id, const std::string& digest);
    Result<void> set_favourite(ModelId id, bool favourite);
    Result<void> set_settings(ModelId id, const std::string& settings_json);
    Result<void> mark_used(ModelId id);
    Result<void> set_provenance(ModelId id, const ModelProvenance& provenance);
    /// -2, -1, or seconds; invalid_argument otherwise.
    Result<void> set_keep_alive(ModelId id, int seconds);
    Result<void> add_tokens(ModelId id, std::uint64_t generated);
    Result<void> set_facts(ModelId id, const std::string& json, const std::string& stamp);
    /// Forgets the row and its settings; the file stays. Conversations keep their receipts.
    Result<void> remove(ModelId id);

private:
    Database& database_;
};

}  // namespace pellucid::storage
