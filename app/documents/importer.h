// Reads what waits, cuts it into passages, stores it, embeds it: one thread of low priority, stopped and
// killed at any moment without harm.
//
// What is to be done lies in the database (documents that wait, passages without a vector), so there is
// nothing else to save. First every document is read and is found by its words, then passages get their
// vectors, a few at a time. A document's text comes in one transaction.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "app/documents/chunker.h"
#include "app/documents/embedding_index.h"
#include "app/reading/reader.h"
#include "storage/documents.h"

namespace pellucid::documents {

/// What became of a file.
struct FileReport {
    enum class Outcome {
        indexed,
        same,     ///< the same bytes are in the index already
        failed,   ///< `error` and `hint` say why
        changed,  ///< while it was read; it waits again
        away,     ///< it cannot be seen now; what was known of it stays
    };
    storage::DocumentId document = 0;
    std::string path;
    Outcome outcome = Outcome::indexed;
    int pages = 0, passages = 0;
    std::vector<reading::Notice> notices;
    std::string error, hint;
    double seconds = 0;
};

struct ImportProgress {
    enum class Phase { idle, reading, embedding, paused };
    Phase phase = Phase::idle;
    std::string path;                           ///< being read
    std::int64_t waiting = 0, read = 0;         ///< documents: to be read, read since the queue was empty
    std::int64_t unembedded = 0, embedded = 0;  ///< passages
    std::optional<double> seconds_left;         ///< once something was measured
    std::optional<Error> problem;  ///< why it stands still: a full disk, a model that does not embed
    std::string note;              ///< "no embedding model is installed: documents are found by words alone"
};

struct ImporterOptions {
    reading::ReadOptions reading;
    ChunkOptions chunks;
    int embed_at_once = 16;  ///< passages of one transaction
    int most_attempts = 3;   ///< readings that did not end, or met a changing file
    bool low_priority = true;
};

/// JSON of a content's notices, and back; what cannot be read is none.
std::string notices_to_json(const std::vector<reading::Notice>& notices);
std::vector<reading::Notice> notices_of_json(const std::string& json);

class Importer {
public:
    struct Listener {
        /// On the importer's thread.
        std::function<void(const FileReport&)> report;
        /// On the importer's thread, after each piece of work.
        std::function<void(const ImportProgress&)> progress;
    };
    /// All must outlive it. The thread starts with start().
    Importer(storage::Database& database, reading::Reader& reader, EmbeddingIndex& embeddings,
             ImporterOptions options = {}, Listener listener = {});
    /// Stops what runs, within moments; it is begun again by the next.
    ~Importer();

    void start();
    /// Something new waits, or another model is in use.
    void wake();
    /// The document is read again, pictures of text by OCR; which has half a
    /// minute a page. Not kept: a program that ends before forgets it, and what it said before stays.
    /// Errors: not_found and those of the database.
    Result<void> recognise(storage::DocumentId id);
    void pause();
    void resume();
    ImportProgress progress() const;
    /// Until nothing waits (or all that waits cannot be done), or the time is over. False: the time is over.
    bool wait_until_idle(std::chrono::milliseconds time);

private:
    void work();
    /// One document or some passages. False: there is nothing to do.
    bool step();
    void read_one(const storage::DocumentRow& document);
    FileReport read_document(const storage::DocumentRow& document, int attempt);
    bool to_recognise(storage::DocumentId id) const;
    bool embed_some();
    /// The database refuses: what waits goes on waiting.
    void block(const Error& error);
    void show(ImportProgress::Phase phase, const std::string& path = {});

    storage::Database& database_;
    reading::Reader& reader_;
    EmbeddingIndex& embeddings_;
    const ImporterOptions options_;
    const Listener listener_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false, paused_ = false, woken_ = true, idle_ = false;
    CancelToken cancel_;
    ImportProgress progress_;
    std::set<storage::DocumentId> recognise_;  // asked for and not done
    std::thread thread_;

    // Of the thread alone.
    storage::EmbeddingModelId embedding_model_ = 0;
    storage::ChunkId embedded_to_ = 0;
    std::int64_t unembedded_ = -1;  // -1: to be counted
    double read_seconds_ = 0, embed_seconds_ = 0;
    std::uint64_t read_bytes_ = 0;
    std::int64_t embedded_ = 0;
    bool blocked_ = false;  // the database takes nothing: a full disk. Until somebody wakes us
};

}  // namespace pellucid::documents
