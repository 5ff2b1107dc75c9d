// One item being downloaded: which bytes are asked for where, and what is done about every answer. A state
// machine over its Environment; it lives on one thread and never waits.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/download/answer.h"
#include "app/download/attempt.h"
#include "app/download/file_job.h"

namespace pellucid::download {

class Transfer {
public:
    enum class Outcome {
        stopped,  ///< start() was not called, or stop() was
        running,
        paused,  ///< trouble that a person must look at
        complete,
    };

    /// `item` must outlive it. `changed` is called after changes of the outcome.
    Transfer(Environment environment, StoredItem& item, std::function<void()> changed);
    ~Transfer();

    void start(int connections);
    /// Lets go of files and connections; start() goes on from there.
    void stop();
    /// Forgets what servers said. `why` it paused: a file that changed, or is not what was published, is
    /// begun anew (with a digest, one that changed is first looked at).
    void forget_troubles(Reason why);
    void remove_partial();
    /// Time went by: stalls, waits, the bandwidth limit. To be called some times a second, and after work
    /// came home.
    void tick();

    Outcome outcome() const { return outcome_; }
    const Trouble& trouble() const { return trouble_; }
    bool checking() const;
    /// Steady clock: nothing happens before, trouble() says why; 0: something is under way.
    std::int64_t wakes_at_ms() const { return wakes_at_ms_; }
    void describe(ItemStatus& status) const;

private:
    struct Source {
        std::string resolved;  ///< where a redirect led, until that runs out
        int failures = 0;      ///< in a row, without much having come
        int bad_blocks = 0;    ///< that were not the published ones
        int wrong_sizes = 0;   ///< answers for a file of another size
        int anew = 0;          ///< short-lived addresses that ran out in a row
        std::int64_t not_before_ms = 0;
        bool dead = false, ranges = true;
        Trouble trouble;
    };
    struct File {
        std::unique_ptr<FileJob> job;
        std::vector<Source> sources;
        std::size_t owner = SIZE_MAX;      ///< without a digest: the source all bytes are from
        std::map<std::uint64_t, int> bad;  ///< blocks that came and were not the published ones
        std::uint64_t unsized_bytes = 0;
        int resized = 0;  ///< how often another answer told another size
    };

    void fill();
    void hold_or_release();
    bool ask(std::size_t file);
    /// Whether this source is of no use any more.
    static bool gone(const File& file, std::size_t source);
    std::size_t pick_source(std::size_t file, std::int64_t now) const;
    int attempts_on(std::size_t file) const;
    void begin(std::size_t file, std::size_t source, std::uint64_t first, std::uint64_t end);
    void parcel(std::uint64_t attempt);
    /// Where the block ends that the attempt is at.
    std::uint64_t block_end(const Attempt& attempt) const;
    bool take_head(Attempt& attempt, const network::HttpHead& head);
    void give_back_behind(const Attempt& attempt, std::uint64_t end);
    bool take_whole(Attempt& attempt, const Judgement& judgement);
    bool take_body(Attempt& attempt, std::span<const std::byte> bytes);
    bool take_unsized(Attempt& attempt, std::span<const std::byte> bytes);
    bool block_came(Attempt& attempt, std::uint64_t block);
    void take_end(Attempt& attempt, const Result<void>& result);
    void blame(Attempt& attempt, const Judgement& judgement);
    /// Takes the attempt away; what it was to fetch is missing again.
    void drop(std::uint64_t attempt, bool keep_beginning = true);
    /// Takes the word of a first answer back where another answer tells another size. False: it stands.
    bool doubt_size(std::size_t file);
    void settle();
    void pause(Trouble trouble);
    void set(Outcome outcome);
    std::optional<std::uint64_t> bytes_left() const;

    Environment env_;
    StoredItem& item_;
    std::function<void()> changed_;
    std::vector<File> files_;
    std::map<std::uint64_t, std::unique_ptr<Attempt>> attempts_;
    std::uint64_t last_attempt_ = 0;
    int connections_ = 1;
    Outcome outcome_ = Outcome::stopped;
    Trouble trouble_;
    std::int64_t wakes_at_ms_ = 0;
    bool held_ = false, inside_ = false;
    RateMeter meter_;
    std::uint64_t refetched_ = 0;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace pellucid::download
