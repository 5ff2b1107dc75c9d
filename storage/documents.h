// Documents: files at paths, in collections. Their rows are also the importer's journal: what waits to be
// read waits here, so that a program that was killed goes on where it was.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/collections.h"
#include "storage/contents.h"

namespace pellucid::storage {

using DocumentId = std::int64_t;

/// Numbers are stored: never renumber.
enum class DocumentState { waiting = 0, indexed = 1, failed = 2 };

/// What the system says about a file: whether it is still the one that was read.
struct FileStamp {
    std::uint64_t bytes = 0;
    std::int64_t modified_ns = 0;
    std::uint64_t inode = 0;

    bool operator==(const FileStamp&) const = default;
};

struct DocumentRow {
    DocumentId id = 0;
    CollectionId collection = 0;
    CollectionFolderId folder = 0;  ///< that it was found in; 0: added by itself
    std::string path;               ///< absolute; the system's bytes
    ContentId content = 0;          ///< 0: never read; while it waits again: what it said before
    DocumentState state = DocumentState::waiting;
    FileStamp stamp;
    bool mounted = false;     ///< lay on another file system than its folder
    bool away = false;        ///< could not be seen at the last look, and is not known to be gone
    int attempts = 0;         ///< readings begun and not ended
    std::string error, hint;  ///< why it failed
    Millis added_at = 0, indexed_at = 0;
};

/// A file that is to be in a collection.
struct SeenFile {
    std::string path;
    FileStamp stamp;
    bool mounted = false;
};

struct DocumentCounts {
    std::int64_t waiting = 0, indexed = 0, failed = 0;
    std::uint64_t waiting_bytes = 0;
};

/// Thread safe. Errors: not_found and those of Database.
class Documents {
public:
    explicit Documents(Database& database);

    /// Enters files. New ones, those whose stamp is another than when they were read, and with `again` all of
    /// them, wait to be read; a known one that is there again is no longer away. Returns how many wait now
    /// that did not.
    Result<std::int64_t> see(CollectionId collection, CollectionFolderId folder,
                             const std::vector<SeenFile>& files, bool again = false);
    /// The next to be read: those that were never begun first, then in the order of entry. Documents whose
    /// folder is away are passed over.
    Result<std::optional<DocumentRow>> next_waiting() const;
    /// A reading begins: attempts + 1. Returns the attempts.
    Result<int> begin(DocumentId id);
    /// It says what this content says, which is there already.
    Result<void> attach(DocumentId id, const FileStamp& stamp, ContentId content);
    /// Stores the content and attaches it, in one transaction: all of it is visible or nothing. Returns its
    /// id. A content of the same bytes and kind that is there already, of another version, is replaced.
    Result<ContentId> publish(DocumentId id, const FileStamp& stamp, const NewContent& content);
    /// It could not be read. What it said before is no longer found.
    Result<void> fail(DocumentId id, const FileStamp& stamp, const std::string& error,
                      const std::string& hint);
    /// It waits again, as if it had never been begun.
    Result<void> requeue(DocumentId id);
    Result<void> set_away(const std::vector<DocumentId>& ids, bool away);
    /// The same file has another name. What is known at that path already stays, and the row goes.
    Result<void> rename(DocumentId id, const std::string& path);
    /// Out of their collections; what they said goes with Contents::sweep().
    Result<void> remove(const std::vector<DocumentId>& ids);

    Result<DocumentRow> get(DocumentId id) const;
    /// By path. 0: of all collections.
    Result<std::vector<DocumentRow>> list(CollectionId collection = 0) const;
    Result<std::vector<DocumentRow>> in_folder(CollectionFolderId folder) const;
    Result<std::vector<DocumentRow>> at_path(const std::string& path) const;
    /// All that say this, those that are there first.
    Result<std::vector<DocumentRow>> with_content(ContentId content) const;
    Result<DocumentCounts> counts() const;

private:
    Database& database_;
};

}  // namespace pellucid::storage
