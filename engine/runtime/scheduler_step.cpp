// A step of the scheduler: given to the runner, perhaps with the next one behind it, read and handed out.
#include <algorithm>
#include <utility>

#include "engine/runtime/scheduler.h"

namespace pellucid {

/// Builds a step and gives it to the runner. A flight without shares: there was nothing that could run.
Result<Scheduler::Flight> Scheduler::begin(std::unique_lock<std::mutex>& lock) {
    draft(lock);
    Flight flight;
    flight.shares = build(flight.batch);
    if (flight.shares.empty()) {
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
        return flight;
    }
    in_step_.clear();
    for (const Share& share : flight.shares) in_step_.push_back(active_[share.active].work);
    step_cancel_ = flight.cancel;
    lock.unlock();
    const auto ticket = runner_->submit(flight.batch, flight.cancel);
    lock.lock();
    if (!ticket) {
        if (ticket.error().code != ErrorCode::cancelled)
            for (const Share& share : flight.shares) active_[share.active].work->end(ticket.error());
        return ticket.failure();
    }
    flight.ticket = *ticket;
    return flight;
}

/// Every reply under way is in the step with one row that the device samples from, and may go on behind it:
/// nobody waits to join, nothing is to be guessed or read first.
bool Scheduler::can_go_ahead(const Flight& flight) {
    if (!runner_->runs_ahead() || !waiting_.empty() || stopping_ ||
        flight.batch.rows.size() != flight.shares.size())
        return false;
    std::size_t in_flight = 0;
    for (const Share& share : flight.shares) {
        if (share.wasted) continue;
        const Active& active = active_[share.active];
        if (flight.batch.rows[share.first_row].output != RowOutput::sample || !active.work->goes_on() ||
            active.work->wish() != Work::Wish::run)
            return false;
        ++in_flight;
    }
    const auto running = std::ranges::count_if(
        active_, [](const Active& active) { return active.work->wish() == Work::Wish::run; });
    return in_flight > 0 && std::cmp_equal(running, in_flight);
}

/// The step behind `flight`, on ids that only the device knows.
void Scheduler::go_ahead(std::unique_lock<std::mutex>& lock, const Flight& flight) {
    if (!can_go_ahead(flight)) return;
    Flight next;
    next.cancel = flight.cancel;  // the same replies, or some of them
    for (const Share& share : flight.shares) {
        if (share.wasted) continue;
        Active& active = active_[share.active];
        const auto spec = active.work->sample_spec();
        if (!spec || !active.state.reserve(2)) return;  // nobody loses pages for it
        Share behind{share.active, share.begin + 1, 1, next.batch.rows.size(), 1, 1};
        behind.after_row = static_cast<int>(share.first_row);
        behind.work = active.work;
        next.batch.sequences.push_back(active.state.view());
        next.batch.sequences.back().length = behind.begin;
        const auto adapters = active.work->adapters();
        next.batch.sequences.back().adapters.assign(adapters.begin(), adapters.end());
        Row row;
        row.sequence = static_cast<SequenceIndex>(next.shares.size());
        row.position = behind.begin;
        row.input = SampledBy{behind.after_row};
        row.output = RowOutput::sample;
        row.sample = static_cast<int>(next.batch.samples.size());
        next.batch.samples.push_back(*spec);
        next.batch.rows.push_back(std::move(row));
        next.shares.push_back(std::move(behind));
    }
    next.batch.copies = pool_.take_copies();
    lock.unlock();
    const auto ticket = runner_->submit(next.batch, next.cancel);
    lock.lock();
    if (!ticket) {  // the same step is tried in its turn, and fails there if it must
        for (const PageCopy& copy : next.batch.copies) pool_.owe(copy);
        return;
    }
    next.ticket = *ticket;
    ahead_ = std::move(next);
}

/// Where the replies of a step given ahead are now, and which of them took another token than the one it was
/// run with: an end, a closed thought, a page lost.
void Scheduler::find_again(Flight& flight) {
    for (Share& share : flight.shares) {
        const auto found = std::ranges::find(active_, share.work, &Active::work);
        share.active = static_cast<std::size_t>(found - active_.begin());
        share.wasted = found == active_.end() || found->work->ended() || found->set_back ||
                       found->state.length() != share.begin ||
                       static_cast<int>(found->work->tokens().size()) != share.begin + 1 ||
                       found->work->tokens().back() != share.after;
    }
    for (std::size_t i = 0; i < flight.shares.size(); ++i)
        if (!flight.shares[i].wasted)
            flight.batch.rows[flight.shares[i].first_row].input = flight.shares[i].after;
}

/// The step given ahead is of no use: its end is waited for, since it still writes.
void Scheduler::drain_ahead() {
    if (!ahead_) return;
    (void)runner_->wait(ahead_->ticket);
    ahead_.reset();
}

void Scheduler::step(std::unique_lock<std::mutex>& lock) {
    Flight flight;
    if (ahead_) {
        flight = *std::exchange(ahead_, std::nullopt);
        find_again(flight);
    } else {
        auto begun = begin(lock);
        if (!begun) return failed(begun.error());
        flight = *std::move(begun);
        if (flight.shares.empty()) return;
    }
    const auto start = std::chrono::steady_clock::now();
    go_ahead(lock, flight);
    lock.unlock();
    Result<StepResult> result = runner_->wait(flight.ticket);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    lock.lock();
    if (!ahead_) in_step_.clear();
    if (result.ok()) {
        learn(static_cast<int>(flight.batch.rows.size()), seconds);
        if (ahead_)
            for (const RowResult& row : result->rows)
                for (Share& share : ahead_->shares)
                    if (share.after_row == row.row && row.sampled) share.after = row.sampled->id;
        lock.unlock();
        std::unique_lock settling(settle_mutex_);
        apply(flight.batch, flight.shares, *std::move(result));
        lock.lock();
        for (const Share& share : flight.shares) {  // what was guessed wrongly is not appended: later rows
            if (share.wasted) continue;             // write over it
            Active& active = active_[share.active];
            active.state.append(
                std::span(active.work->tokens())
                    .subspan(static_cast<std::size_t>(share.begin), static_cast<std::size_t>(share.kept)));
        }
        retire();
        settling.unlock();
    } else if (result.error().code != ErrorCode::cancelled) {
        for (const Share& share : flight.shares)
            if (!share.wasted) active_[share.active].work->end(result.error());
        failed(result.error());
    }
    retire();
}

/// What a failed step leaves behind, once its replies have been told.
void Scheduler::failed(const Error& error) {
    drain_ahead();
    in_step_.clear();
    if (error.code != ErrorCode::cancelled) forget();
    if (error.code == ErrorCode::device_lost) lost_ = error;
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
        if (share.wasted) continue;
        const Active& active = active_[share.active];
        if (active.work->wish() == Work::Wish::cancel) continue;
        active.work->progress(share.begin + share.known, active.reused);
        if (share.count > share.known) active.work->drafted(share.count - share.known);
    }
    std::vector<std::vector<std::vector<float>>> hidden(shares.size());  // by share and row that stays
    for (RowResult& row : result.rows) {
        const Row& asked = batch.rows[static_cast<std::size_t>(row.row)];
        Share& share = shares[static_cast<std::size_t>(asked.sequence)];
        if (share.wasted) continue;
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
        if (shares[i].wasted) continue;
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
