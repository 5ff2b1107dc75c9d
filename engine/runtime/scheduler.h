// The thread that owns a Runner: it lets several replies share each step and keeps every step short.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/base/cancel.h"
#include "engine/memory/kv_pool.h"
#include "engine/memory/sequence_state.h"

namespace pellucid {

/// A sequence that wants to be run. Called by the scheduler's thread only, save want().
class Work {
public:
    enum class Wish { run, pause, cancel };
    virtual ~Work() = default;
    /// Asked before each step. Thread safe.
    virtual Wish wish() = 0;
    /// Every token known so far; grows by what take() decides.
    virtual const std::vector<TokenId>& tokens() const = 0;
    /// How many leading tokens of a stored prefix may be taken over without running them.
    virtual int reusable() const = 0;
    /// True where the logits of this position are wanted although more tokens follow.
    virtual bool wants_logits(int position) const = 0;
    /// Adapters that all its rows run with, and what they add to the domain of the prefix cache.
    virtual std::span<const AdapterUse> adapters() const { return {}; }
    virtual std::string adapter_domain() const { return {}; }
    /// Most rows of this work in one step.
    virtual int most_rows() const = 0;
    /// Tokens that may come after tokens(). They are run in one step with the last token, as far as there is
    /// room, and stay as long as take() makes them true. Called between steps, without the scheduler's lock,
    /// when all but the last of tokens() are stored.
    virtual Result<std::vector<TokenId>> draft() { return std::vector<TokenId>(); }
    /// So many of the draft's tokens have just been run; their take()s follow.
    virtual void drafted(int /*run*/) {}
    /// Whether observe() is wanted.
    virtual bool wants_hidden() const { return false; }
    /// What the model left at positions [first, first + n) of tokens() (RowOutput::hidden), each f32
    /// [n_embd]; the token after them is known. Positions that were taken over are not told.
    virtual void observe(int /*first*/, std::vector<std::vector<float>> /*hidden*/) {}
    /// Positions [0, stored) have been run; `reused` of them were taken over.
    virtual void progress(int stored, int reused) = 0;
    /// How a device may choose the token after the last; then take_sampled() comes instead of take().
    virtual std::optional<SampleSpec> sample_spec() const { return {}; }
    virtual void take_sampled(const SampledToken& /*token*/) {}
    /// False: the next token is the last that can come. Asked before the device is given a step more than was
    /// read.
    virtual bool goes_on() const { return true; }
    /// Logits f32 [vocab] of a wanted position, or of the last token: then tokens() grows, or the work ends.
    virtual void take(int position, std::span<const float> logits) = 0;
    virtual bool ended() const = 0;
    /// Ends it from outside: cancelled (no error), or failed.
    virtual void end(std::optional<Error> error) = 0;
};

struct SchedulerOptions {
    std::string domain;          ///< of the prefix cache: prefix_domain()
    bool deterministic = false;  ///< one sequence at a time, in chunks of one size: no timing in the results
    std::chrono::milliseconds step_target{80};  ///< prompt chunks are sized to stay below it
};

/// Continuous batching: running replies give one row to each step and one for each guess about what comes
/// next, prompts fill it up in chunks, oldest first. Where the device samples all of a step's tokens and
/// runs_ahead(), the next step is given to it before this one is read, so that it never waits for the host.
/// When the pages run out the youngest sequence is set back and run again later. Thread safe.
class Scheduler {
public:
    Scheduler(std::unique_ptr<Runner> runner, SchedulerOptions options);
    /// Ends all work as cancelled.
    ~Scheduler();

    void add(std::shared_ptr<Work> work);
    /// Some wish() has changed. A step all of whose sequences are cancelled is stopped between layers.
    void wake();
    /// Tokens of the beginning of `tokens` that the cache holds (the last one never counts: it must run).
    int cached_prefix(std::span<const TokenId> tokens, const std::string& adapter_domain = {});
    /// Rows that a prompt chunk holds now.
    int chunk_rows() const;
    /// Why nothing runs any more: a step found the device lost. Work that is added ends with it.
    std::optional<Error> lost() const;

private:
    static constexpr int kLeastChunk = 8;  ///< rows of a prompt in one step

    struct Active {
        std::shared_ptr<Work> work;
        SequenceState state;
        int reused = 0;
        std::uint64_t order = 0;  ///< of arrival
        bool set_back = false;    ///< lost its pages to another; begins again at the next step
        bool running = false;     ///< wished to run when the step was begun: a wish may change at any moment
        std::vector<TokenId> draft;  ///< for the next step
        int missing() const { return static_cast<int>(work->tokens().size()) - state.length(); }
    };
    struct Share {
        std::size_t active;  ///< into active_
        int begin, count;    ///< positions run in this step
        std::size_t first_row;
        int known;  ///< of `count`, those whose tokens were no guesses
        int kept;   ///< of `count`, those that turned out true
        /// Of a step given ahead: the row of the step before that it goes on from, the token that this row
        /// sampled once that is known, and whose it is (active_ may have changed meanwhile).
        int after_row = -1;
        TokenId after = -1;
        std::shared_ptr<Work> work;
        bool wasted = false;  ///< the reply went another way: nothing of it counts
    };
    /// A step that the runner has and that is not read.
    struct Flight {
        Ticket ticket = 0;
        Batch batch;
        std::vector<Share> shares;
        CancelToken cancel;
    };

    void run();
    void admit();
    void adopt(Active& active);
    int most_sequences() const;
    std::string domain_of(const Work& work) const { return options_.domain + work.adapter_domain(); }
    void drop_cancelled();
    bool any_runnable();
    void draft(std::unique_lock<std::mutex>& lock);
    std::vector<Share> build(Batch& batch);
    Result<Flight> begin(std::unique_lock<std::mutex>& lock);
    bool can_go_ahead(const Flight& flight);
    void go_ahead(std::unique_lock<std::mutex>& lock, const Flight& flight);
    void find_again(Flight& flight);
    void drain_ahead();
    bool make_room(std::size_t active, int count);
    void step(std::unique_lock<std::mutex>& lock);
    void apply(const Batch& batch, std::vector<Share>& shares, StepResult result);
    void failed(const Error& error);
    void forget();
    void end_all(const Error& error);
    void learn(int rows, double seconds);
    void retire();

    const std::unique_ptr<Runner> runner_;
    const SchedulerOptions options_;

    std::recursive_mutex
        settle_mutex_;          ///< held while ends are told and pages given back; taken before mutex_
    mutable std::mutex mutex_;  ///< guards everything below, but not the running step and the works
    std::condition_variable changed_;
    KvPool pool_;
    std::deque<Active> active_;
    std::deque<std::shared_ptr<Work>> waiting_;
    std::vector<std::shared_ptr<Work>> in_step_;
    std::optional<Flight> ahead_;
    CancelToken step_cancel_;
    std::uint64_t arrivals_ = 0;
    int chunk_rows_ = 32;
    double seconds_per_row_ = 0;
    std::optional<Error> lost_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace pellucid
