#include "engine/runtime/scheduler.h"

#include <algorithm>

namespace pellucid {

namespace {

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
        if (ahead_ || any_runnable())
            step(lock);
        else
            changed_.wait(lock);
    }
    drain_ahead();
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

}  // namespace pellucid
