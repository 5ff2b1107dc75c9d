// One file on its way to the disk: reserved, filled block by block, digested behind a frontier, put in its
// place.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/download/block_table.h"
#include "app/download/environment.h"

namespace pellucid::download {

/// While it is incomplete its bytes are in NAME.part, already at full length. Blocks that were received in
/// this run of the program are taken as they are until the file's digest does not fit; those of an earlier
/// run are compared with the digest of what was received then, as the file is digested anyway. A digest that
/// does not fit leads to a look at every block; where the disk is not to blame, one second copy is fetched
/// into NAME.part2 and the two are compared. Lives on one thread (Environment::home).
class FileJob {
public:
    enum class Phase { closed, filling, digesting, complete };

    /// `changed` is called when the phase changed, blocks became missing again, or there is trouble.
    FileJob(Environment& environment, StoredFile& stored, const std::filesystem::path& folder,
            std::function<void()> changed);
    ~FileJob();
    FileJob(const FileJob&) = delete;
    FileJob& operator=(const FileJob&) = delete;

    /// Opens the file and takes up what is there. Trouble: nothing was changed.
    std::optional<Trouble> open();
    /// Lets go of the file; open() goes on from here.
    void close();
    /// Removes what is partial and forgets it.
    std::optional<Trouble> start_over();
    /// Removes partial files.
    void remove_partial();

    Phase phase() const { return phase_; }
    bool size_known() const { return stored_.spec.bytes.has_value(); }
    /// The server told the size. Makes room.
    std::optional<Trouble> set_size(std::uint64_t bytes);
    /// An answer of this run told the size, and it is not known from elsewhere.
    bool size_told() const { return stored_.size_told; }
    /// The size is what one answer told, and not one block stands behind it: another answer may know better.
    bool size_doubtful() const { return stored_.size_told && table_.bytes_here() == 0; }
    /// Forgets the size, what is partial and the tags of sources; closed until open().
    std::optional<Trouble> forget_size();
    BlockTable& table() { return table_; }
    const BlockTable& table() const { return table_; }
    std::optional<Trouble> write(std::uint64_t at, std::span<const std::byte> bytes);
    /// A block was written, its received bytes have this digest. False: it is not the published one, and the
    /// block is missing again.
    bool block_written(std::uint64_t block, const digest::Hash& hash, std::optional<Trouble>& trouble);
    /// All of a file whose size nobody announced was written; the digests of its blocks.
    std::optional<Trouble> stream_ended(std::uint64_t bytes, const std::vector<digest::Hash>& blocks);

    StoredFile& stored() { return stored_; }
    const StoredFile& stored() const { return stored_; }
    /// Stores what is known of the file; a doubtful size is not.
    std::optional<Trouble> save() const;
    bool digest_known() const { return !stored_.spec.sha256.empty() || stored_.spec.blocks.known(); }
    bool second_copy() const { return second_; }
    std::filesystem::path path() const { return path_; }
    std::uint64_t bytes_checked() const { return checked_bytes_; }
    std::uint64_t block_bytes() const { return stored_.block_bytes; }
    /// What the digests said in the end; `none` while they said nothing bad.
    const std::optional<Trouble>& trouble() const { return trouble_; }
    std::uint64_t damaged_bytes() const {
        return damaged_bytes_;
    }  ///< fetched again because the disk held other bytes

private:
    struct Batch;
    std::optional<Trouble> adopt(std::uint64_t bytes);
    std::optional<Trouble> open_part(bool make);
    std::optional<Trouble> load_blocks();
    std::optional<Trouble> make_room();
    void choose_block_bytes(std::uint64_t bytes);
    void stop_working();
    void restart_digest();
    void advance();
    void advanced(std::uint64_t generation, Batch& batch);
    void digested();
    void finish(const digest::Hash& digest);
    void begin_second_copy();
    void compare_copies();
    void give_up(Trouble trouble);
    std::filesystem::path part(bool second) const;

    Environment& env_;
    StoredFile& stored_;
    std::filesystem::path path_;
    std::function<void()> changed_;
    Phase phase_ = Phase::closed;
    std::shared_ptr<DiskFile> file_;
    BlockTable table_;
    bool loaded_ = false;    // the table holds what the store and this run know
    bool adopting_ = false;  // the file in place is being looked at; nothing is fetched
    bool second_ = false;
    bool looked_at_all_ = false;  // every block was compared in this pass
    std::vector<bool> trusted_;   // received in this run and not doubted
    // The frontier.
    digest::Sha256 digest_;
    std::uint64_t frontier_ = 0, checked_bytes_ = 0, damaged_bytes_ = 0;
    bool working_ = false;
    std::uint64_t generation_ = 0;
    std::shared_ptr<std::atomic<bool>> stop_ =
        std::make_shared<std::atomic<bool>>(false);  // of the work under way
    std::optional<Trouble> trouble_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace pellucid::download
