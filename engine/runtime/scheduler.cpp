#include "engine/runtime/scheduler.h"

#include <algorithm>

namespace pellucid {

namespace {

constexpr int kLeastChunk = 8;

RowOutput output_of(bool logits, bool hidden) {
    if (logits) return hidden ? RowOutput::logits_and_hidden : RowOutput::logits;
    return hidden ? RowOutput::hidden : RowOutput::nothing;
}

}  // namespace

Scheduler::Scheduler(std::unique_ptr<Runner> runner, SchedulerOptions options)
    : runner_(std::move(runner)), options_(std::move(options)), pool_(runner_->options()) {
    chunk_rows_ = std::min(chunk_rows_, runner_->options().max_batch_rows);
    thread_ = std::thread([this] { run(); });
}

Scheduler::~Scheduler() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        step_cancel_.cancel();
    }
    changed_.notify_all();
    thread_.join();
}

void Scheduler::add(std::shared_ptr<Work> work) {
    {
        std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(work));
    }
    changed_.notify_all();
}

void Scheduler::wake() {
    {
        std::lock_guard lock(mutex_);
        const bool unwanted =
            !in_step_.empty() && std::all_of(in_step_.begin(), in_step_.end(), [](const auto& work) {
                return work->wish() == Work::Wish::cancel;
            });
        if (unwanted) step_cancel_.cancel();
    }
    changed_.notify_all();
}

int Scheduler::cached_prefix(std::span<const TokenId> tokens, const std::string& adapter_domain) {
    if (tokens.size() < 2) return 0;
    // A reply that has just told its end is about to leave its pages to the cache: wait for that.
    std::lock_guard settled(settle_mutex_);
    std::lock_guard lock(mutex_);
    const auto match =
        pool_.prefixes().find(options_.domain + adapter_domain, tokens.first(tokens.size() - 1));
    for (const PageId page : match.pages) pool_.allocator().release(page);
    return match.length;
}

int Scheduler::chunk_rows() const {
    std::lock_guard lock(mutex_);
    return chunk_rows_;
}

std::optional<Error> Scheduler::lost() const {
    std::lock_guard lock(mutex_);
    return lost_;
}

void Scheduler::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        drop_cancelled();
        if (lost_) end_all(*lost_);
        admit();
        if (any_runnable())
            step(lock);
        else
            changed_.wait(lock);
    }
    std::deque<std::shared_ptr<Work>> rest = std::move(waiting_);
    for (auto& active : active_) rest.push_back(active.work);
    active_.clear();
    lock.unlock();
    for (const auto& work : rest) work->end({});
}

void Scheduler::drop_cancelled() {
    for (auto& active : active_)
        if (!active.work->ended() && active.work->wish() == Work::Wish::cancel) active.work->end({});
    retire();
    std::erase_if(waiting_, [](const auto& work) {
        if (work->wish() == Work::Wish::cancel) work->end({});
        return work->ended();
    });
}

/// What has ended leaves its pages to later requests.
void Scheduler::retire() {
    for (auto it = active_.begin(); it != active_.end();) {
        if (!it->work->ended()) {
            ++it;
            continue;
        }
        it->state.publish();
        it = active_.erase(it);
    }
}

void Scheduler::admit() {
    const auto running = [&] {  // a paused sequence keeps its pages but nobody waits for it
        return std::count_if(active_.begin(), active_.end(),
                             [](const Active& active) { return active.work->wish() == Work::Wish::run; });
    };
    while (!waiting_.empty() && running() < most_sequences()) {
        const std::string domain = domain_of(*waiting_.front());
        Active active{std::move(waiting_.front()), SequenceState(pool_, domain), 0, ++arrivals_};
        waiting_.pop_front();
        adopt(active);
        active_.push_back(std::move(active));
    }
}

int Scheduler::most_sequences() const {
    return options_.deterministic ? 1 : runner_->options().max_sequences;
}

bool Scheduler::any_runnable() {
    return std::any_of(active_.begin(), active_.end(),
                       [](const Active& active) { return active.work->wish() == Work::Wish::run; });
}

/// Makes `count` positions of a sequence writable, at the cost of younger (first of all paused) sequences if
/// need be.
bool Scheduler::make_room(std::size_t which, int count) {
    for (;;) {
        if (active_[which].state.reserve(count).ok()) return true;
        std::size_t victim = active_.size();
        for (std::size_t i = 0; i < active_.size(); ++i) {
            if (i == which || active_[i].state.length() == 0) continue;
            const bool paused = active_[i].work->wish() == Work::Wish::pause;
            if (!paused && active_[i].order < active_[which].order) continue;
            if (victim == active_.size() || paused || active_[i].order > active_[victim].order) victim = i;
        }
        if (victim == active_.size()) return false;
        active_[victim].state.publish();  // comes back cheaply if nobody needs the pages
        active_[victim].state = SequenceState(pool_, domain_of(*active_[victim].work));
        active_[victim].reused = 0;
        active_[victim].set_back = true;
    }
}

/// Takes over what the cache still has of a sequence that begins, or begins again.
void Scheduler::adopt(Active& active) {
    const auto& tokens = active.work->tokens();
    const int reusable = std::min(active.work->reusable(), static_cast<int>(tokens.size()) - 1);
    if (reusable > 0)
        active.reused =
            active.state.adopt_prefix(std::span(tokens).first(static_cast<std::size_t>(reusable)));
    active.set_back = false;
    active.work->progress(active.reused, active.reused);
}

/// Asks replies under way for their guesses. Without the lock: a draft model takes its time. Only this thread
/// changes active_.
void Scheduler::draft(std::unique_lock<std::mutex>& lock) {
    lock.unlock();
    for (Active& active : active_) {
        active.draft.clear();
        if (active.set_back || active.missing() != 1 || active.work->wish() != Work::Wish::run) continue;
        auto draft = active.work->draft();
        if (draft)
            active.draft = *std::move(draft);
        else
            active.work->end(draft.error());
    }
    lock.lock();
    retire();
}

std::vector<Scheduler::Share> Scheduler::build(Batch& batch) {
    for (Active& active : active_) {
        active.running = active.work->wish() == Work::Wish::run;
        if (active.set_back && active.running) adopt(active);
    }
    std::vector<Share> shares;
    const int most = runner_->options().max_batch_rows;
    int room = std::max(chunk_rows_, 1);
    const auto add = [&](std::size_t which, int count, int guesses) {
        Active& active = active_[which];
        // Nobody loses pages for a guess.
        if (guesses > 0 && !active.state.reserve(count + guesses)) guesses = 0;
        if (!make_room(which, count)) return;
        const int begin = active.state.length();
        const auto& tokens = active.work->tokens();
        shares.push_back({which, begin, count + guesses, batch.rows.size(), count, count});
        for (int i = 0; i < count + guesses; ++i) {
            const int position = begin + i;
            Row row;
            row.sequence = static_cast<SequenceIndex>(shares.size()) - 1;
            row.position = position;
            row.input = i < count ? tokens[static_cast<std::size_t>(position)]
                                  : active.draft[static_cast<std::size_t>(i - count)];
            const bool last = position + 1 >= static_cast<int>(tokens.size());
            row.output = output_of(last || active.work->wants_logits(position), active.work->wants_hidden());
            if (last && guesses == 0 && row.output == RowOutput::logits &&
                !active.work->wants_logits(position))
                if (const auto spec = active.work->sample_spec(); spec && runner_->samples(*spec)) {
                    row.output = RowOutput::sample;
                    row.sample = static_cast<int>(batch.samples.size());
                    batch.samples.push_back(*spec);
                }
            batch.rows.push_back(std::move(row));
        }
    };
    // Replies under way first: nobody who is reading waits for somebody else's prompt.
    for (int phase = 0; phase < 2; ++phase) {
        if (phase == 1) room = std::max(room, std::min(kLeastChunk, chunk_rows_));
        for (std::size_t i = 0; i < active_.size(); ++i) {
            const int left = active_[i].missing();
            if (static_cast<int>(shares.size()) >= most_sequences()) break;
            if (left <= 0 || (left == 1) != (phase == 0) || !active_[i].running || active_[i].set_back)
                continue;
            const int free = most - static_cast<int>(batch.rows.size());
            const int share = std::min({left, phase == 0 ? 1 : room, active_[i].work->most_rows(), free});
            if (share <= 0) continue;
            const int guesses = phase == 0 ? static_cast<int>(active_[i].draft.size()) : 0;
            add(i, share, std::clamp(std::min(room, free) - share, 0, guesses));
            room -= share;
        }
    }
    // A sequence set back by a later one's need may already be in the batch with pages it no longer has:
    // leave it out.
    Batch kept;
    std::vector<Share> still;
    for (const Share& share : shares) {
        Active& active = active_[share.active];
        if (active.state.length() != share.begin) continue;
        Share moved = share;
        moved.first_row = kept.rows.size();
        kept.sequences.push_back(active.state.view());
        const auto adapters = active.work->adapters();
        kept.sequences.back().adapters.assign(adapters.begin(), adapters.end());
        for (int i = 0; i < share.count; ++i) {
            Row row = std::move(batch.rows[share.first_row + static_cast<std::size_t>(i)]);
            row.sequence = static_cast<SequenceIndex>(still.size());
            if (row.output == RowOutput::sample) {
                kept.samples.push_back(batch.samples[static_cast<std::size_t>(row.sample)]);
                row.sample = static_cast<int>(kept.samples.size()) - 1;
            }
            kept.rows.push_back(std::move(row));
        }
        still.push_back(moved);
    }
    kept.copies = pool_.take_copies();
    batch = std::move(kept);
    return still;
}

void Scheduler::step(std::unique_lock<std::mutex>& lock) {
    draft(lock);
    Batch batch;
    auto shares = build(batch);
    if (shares.empty()) {
        // Only pages are missing, and nobody can be set back for them: the oldest that wants to run cannot go
        // on.
        for (auto& active : active_)
            if (active.running) {
                active.work->end(Error{ErrorCode::out_of_memory,
                                       "no memory is left for this conversation's context",
                                       "stop other replies or open the model with a longer context"});
                break;
            }
        retire();
        return;
    }
    in_step_.clear();
    for (const Share& share : shares) in_step_.push_back(active_[share.active].work);
    step_cancel_ = CancelToken();
    const CancelToken cancel = step_cancel_;
    lock.unlock();
    const auto start = std::chrono::steady_clock::now();
    Result<StepResult> result = [&]() -> Result<StepResult> {
        PELLUCID_TRY(const Ticket ticket, runner_->submit(batch, cancel));
        return runner_->wait(ticket);
    }();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    lock.lock();
    in_step_.clear();
    if (result.ok()) {
        learn(static_cast<int>(batch.rows.size()), seconds);
        lock.unlock();
        std::unique_lock settling(settle_mutex_);
        apply(batch, shares, *std::move(result));
        lock.lock();
        for (const Share& share :
             shares) {  // what was guessed wrongly is not appended: later rows write over it
            Active& active = active_[share.active];
            active.state.append(
                std::span(active.work->tokens())
                    .subspan(static_cast<std::size_t>(share.begin), static_cast<std::size_t>(share.kept)));
        }
        retire();
        settling.unlock();
    } else if (result.error().code != ErrorCode::cancelled) {
        for (const Share& share : shares) active_[share.active].work->end(result.error());
        forget();
        if (result.error().code == ErrorCode::device_lost) lost_ = result.error();
    }
    retire();
}

/// A step failed half-way: nobody knows what the pages hold, or which of the owed copies were made. Replies
/// that were not in the step begin again with their own tokens.
void Scheduler::forget() {
    for (Active& active : active_) {
        if (active.state.length() > 0 && !active.work->ended()) active.set_back = true;
        active.state = SequenceState(pool_, domain_of(*active.work));
        active.reused = 0;
    }
    pool_.prefixes().clear();
    (void)pool_.take_copies();
}

void Scheduler::end_all(const Error& error) {
    for (Active& active : active_)
        if (!active.work->ended()) active.work->end(error);
    retire();
    for (const auto& work : waiting_) work->end(error);
    waiting_.clear();
}

/// Hands out logits and progress. Runs without the lock: sampling takes its time and readers are woken from
/// here. Only this thread changes active_, so its elements stay where they are.
void Scheduler::apply(const Batch& batch, std::vector<Share>& shares, StepResult result) {
    for (const Share& share : shares) {
        const Active& active = active_[share.active];
        if (active.work->wish() == Work::Wish::cancel) continue;
        active.work->progress(share.begin + share.known, active.reused);
        if (share.count > share.known) active.work->drafted(share.count - share.known);
    }
    std::vector<std::vector<std::vector<float>>> hidden(shares.size());  // by share and row that stays
    for (RowResult& row : result.rows) {
        const Row& asked = batch.rows[static_cast<std::size_t>(row.row)];
        Share& share = shares[static_cast<std::size_t>(asked.sequence)];
        Work& work = *active_[share.active].work;
        if (work.ended() || work.wish() == Work::Wish::cancel) continue;
        const auto& tokens = work.tokens();
        const int row_of_share = asked.position - share.begin;
        if (row_of_share >= share.known) {  // a guess: true if it has become a token, and all before it have
            const auto at = static_cast<std::size_t>(asked.position);
            if (share.kept != row_of_share || at >= tokens.size() ||
                tokens[at] != std::get<TokenId>(asked.input))
                continue;
            ++share.kept;
        }
        if (work.wants_hidden())
            hidden[static_cast<std::size_t>(asked.sequence)].push_back(
                std::move(asked.output == RowOutput::hidden ? row.values : row.hidden));
        if (asked.output == RowOutput::hidden) continue;
        if (row.sampled) {
            work.take_sampled(*row.sampled);
            continue;
        }
        // Behind a guess more may be decided already: the end of a thought.
        if (row_of_share >= share.known && asked.position + 1 != static_cast<int>(tokens.size())) continue;
        work.take(asked.position, row.values);
    }
    for (std::size_t i = 0; i < shares.size(); ++i) {
        Work& work = *active_[shares[i].active].work;
        const int end = shares[i].begin + static_cast<int>(hidden[i].size());
        if (hidden[i].empty() || work.ended() || end >= static_cast<int>(work.tokens().size())) continue;
        work.observe(shares[i].begin, std::move(hidden[i]));
    }
}

/// Keeps prompt chunks near the target: the rows of one step, halved or doubled.
void Scheduler::learn(int rows, double seconds) {
    if (options_.deterministic || rows < kLeastChunk || rows < chunk_rows_ / 2) return;
    const double per_row = seconds / rows;
    seconds_per_row_ = seconds_per_row_ == 0 ? per_row : 0.5 * seconds_per_row_ + 0.5 * per_row;
    const double target = std::chrono::duration<double>(options_.step_target).count();
    int chunk = kLeastChunk;
    while (chunk * 2 * seconds_per_row_ <= target && chunk * 2 <= runner_->options().max_batch_rows)
        chunk *= 2;
    chunk_rows_ = std::min(chunk, runner_->options().max_batch_rows);
}

}  // namespace pellucid
