// The document library as one thing: the database, the index in memory, the importer, the followed folders,
// and the search. The window and `pellucid-cli docs` hold one.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/documents/folder_scan.h"
#include "app/documents/folder_watch.h"
#include "app/documents/importer.h"
#include "app/documents/retriever.h"

namespace pellucid::documents {

/// Beside the chats' database and not in it: an index is large, can be made again, and its long transactions
/// must not hold up a chat.
std::filesystem::path database_file(const std::filesystem::path& data_folder);

/// What became of add().
struct Added {
    std::int64_t waiting = 0;                            ///< files that wait to be read
    std::int64_t known = 0;                              ///< files that are in the index as they are
    std::vector<std::pair<std::string, Error>> refused;  ///< paths, and why
};

class DocumentLibrary {
public:
    struct Options {
        std::filesystem::path data_folder;
        ImporterOptions importer;
        FolderWatchOptions watch;
        Importer::Listener listener;
        bool read_only = false;  ///< to search beside a program that has it open
        int threads = 2;         ///< of the search
    };
    /// `reader` must outlive it. Nothing is read or followed before start(). Errors: those of Database::open.
    static Result<std::unique_ptr<DocumentLibrary>> open(Options options, reading::Reader& reader);
    ~DocumentLibrary();

    storage::Database& database() { return *database_; }
    storage::Collections collections() { return storage::Collections(*database_); }
    storage::Documents documents() { return storage::Documents(*database_); }
    storage::Contents contents() { return storage::Contents(*database_); }
    EmbeddingIndex& embeddings() { return *embeddings_; }
    const Retriever& retriever() const { return *retriever_; }
    Importer& importer() { return *importer_; }

    /// The importer's thread; `follow`: all folders are looked through, and again when they change.
    Result<void> start(bool follow);
    /// Looks through folders end within moments, in whatever thread they run; nothing is begun any more.
    void stop() { closing_.cancel(); }
    /// The model that embeds from now on; null: none. Passages without a vector of it are embedded.
    Result<void> use(std::shared_ptr<EmbeddingSource> source);

    /// Files and folders into a collection. A folder is entered as a followed one and looked through. With
    /// `again`, files that are known as they are, or failed, are read once more.
    Result<Added> add(storage::CollectionId collection, const std::vector<std::filesystem::path>& paths,
                      bool again = false, CancelToken cancel = {});
    /// A file, or a folder with all that came from it. Returns how many documents went. not_found.
    Result<std::int64_t> remove(storage::CollectionId collection, const std::filesystem::path& path);
    /// Looks through the followed folders at or above `path`; empty: all.
    Result<void> rescan(const std::string& path = {}, CancelToken cancel = {});

private:
    DocumentLibrary() = default;
    void follow();

    std::unique_ptr<storage::Database> database_;
    std::unique_ptr<ThreadPool> pool_;
    std::unique_ptr<EmbeddingIndex> embeddings_;
    std::unique_ptr<Retriever> retriever_;
    std::unique_ptr<Importer> importer_;
    FolderWatchOptions watch_options_;
    std::mutex scanning_;  // one scan at a time
    CancelToken closing_;
    bool following_ = false;
    std::unique_ptr<FolderWatch> watch_;  // goes first: its thread calls the others
};

}  // namespace pellucid::documents
