// Collections of documents and the folders that they follow.
#pragma once

#include <string>
#include <vector>

#include "storage/message.h"

namespace pellucid::storage {

using CollectionId = std::int64_t;
using CollectionFolderId = std::int64_t;

struct Collection {
    CollectionId id = 0;
    std::string name;
    ConversationId conversation = 0;  ///< attached to this chat alone; 0: kept
    Millis created_at = 0;
    std::int64_t documents = 0, waiting = 0, failed = 0;

    bool operator==(const Collection&) const = default;
};

struct CollectionFolder {
    CollectionFolderId id = 0;
    CollectionId collection = 0;
    std::string path;        ///< absolute; the system's bytes, in whatever encoding
    std::string filesystem;  ///< which one lay there when it was last looked through; empty: never
    bool away = false;       ///< not there at the last look (unplugged, not mounted)
    Millis scanned_at = 0;
};

/// Thread safe, as Conversations is. Errors: not_found, invalid_argument and those of Database.
class Collections {
public:
    explicit Collections(Database& database);

    /// The collection of that name, made where there is none. invalid_argument: no name.
    Result<CollectionId> named(const std::string& name, ConversationId conversation = 0);
    /// By name, with the numbers of their documents.
    Result<std::vector<Collection>> list() const;
    Result<void> rename(CollectionId id, const std::string& name);
    /// With its folders and documents. What they said goes with Contents::sweep().
    Result<void> remove(CollectionId id);

    /// The folder at that path, entered where it was not.
    Result<CollectionFolder> add_folder(CollectionId id, const std::string& path);
    /// Of all collections, by path.
    Result<std::vector<CollectionFolder>> folders() const;
    /// After a look through it.
    Result<void> set_scanned(CollectionFolderId id, const std::string& filesystem);
    Result<void> set_away(CollectionFolderId id, bool away);
    /// With its documents.
    Result<void> remove_folder(CollectionFolderId id);

private:
    Database& database_;
};

}  // namespace pellucid::storage
