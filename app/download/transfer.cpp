#include "app/download/transfer.h"

#include <algorithm>
#include <limits>

namespace pellucid::download {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

}  // namespace

Transfer::Transfer(Environment environment, StoredItem& item, std::function<void()> changed)
    : env_(std::move(environment)), item_(item), changed_(std::move(changed)) {
    for (auto& stored : item_.files) {
        stored.etags.resize(stored.spec.urls.size());
        File file;
        file.sources.resize(stored.spec.urls.size());
        file.job = std::make_unique<FileJob>(env_, stored, item_.folder, [this] {
            if (!inside_) settle();
        });
        files_.push_back(std::move(file));
    }
}

Transfer::~Transfer() {
    alive_.reset();
    while (!attempts_.empty()) drop(attempts_.begin()->first);
}

void Transfer::set(Outcome outcome) {
    if (outcome_ == outcome) return;
    outcome_ = outcome;
    changed_();
}

void Transfer::start(int connections) {
    connections_ = std::max(1, connections);
    if (outcome_ == Outcome::running || outcome_ == Outcome::complete) return;
    inside_ = true;
    outcome_ = Outcome::running;
    trouble_ = {};
    wakes_at_ms_ = 0;
    std::optional<Trouble> trouble;
    // Room for all of it is taken before the first byte of any is asked for.
    for (auto& file : files_) {
        if (trouble) break;
        if (file.job->phase() == FileJob::Phase::closed) trouble = file.job->open();
    }
    inside_ = false;
    if (trouble) return pause(*std::move(trouble));
    settle();
}

void Transfer::stop() {
    if (outcome_ == Outcome::complete) return;
    while (!attempts_.empty()) drop(attempts_.begin()->first);
    for (auto& file : files_) file.job->close();
    meter_.stop();
    outcome_ = Outcome::stopped;
}

void Transfer::pause(Trouble trouble) {
    stop();
    trouble_ = std::move(trouble);
    outcome_ = Outcome::paused;
    changed_();
}

void Transfer::forget_troubles(Reason why) {
    for (auto& file : files_) {
        for (auto& source : file.sources) source = {};
        file.bad.clear();
        if (file.job->phase() == FileJob::Phase::complete) continue;
        const bool other = why == Reason::changed_on_server || why == Reason::wrong_size;
        if (!other && why != Reason::wrong_digest) continue;
        auto& stored = file.job->stored();
        stored.etags.assign(stored.etags.size(), "");
        file.owner = SIZE_MAX;
        file.resized = 0;
        // With a digest what is there may still be good: it is looked at. Without one nobody could tell. Nor
        // does a size stand that one answer told, or one that no byte came for.
        const bool size_stands = file.job->digest_known() && !file.job->size_told() &&
                                 !(why == Reason::wrong_size && file.job->table().bytes_here() == 0);
        if (!size_stands)
            (void)file.job->forget_size();
        else if (why == Reason::wrong_digest)
            (void)file.job->start_over();
        (void)file.job->save();
    }
}

void Transfer::remove_partial() {
    stop();
    for (auto& file : files_)
        if (file.job->phase() != FileJob::Phase::complete) file.job->remove_partial();
}

bool Transfer::checking() const {
    bool any = false;
    for (const auto& file : files_) {
        if (file.job->phase() == FileJob::Phase::filling) return false;
        any |= file.job->phase() == FileJob::Phase::digesting;
    }
    return any;
}

int Transfer::attempts_on(std::size_t file) const {
    return static_cast<int>(std::count_if(attempts_.begin(), attempts_.end(),
                                          [&](const auto& entry) { return entry.second->file == file; }));
}

bool Transfer::gone(const File& file, std::size_t source) {
    if (file.sources[source].dead) return true;
    if (file.job->digest_known() || file.owner == SIZE_MAX || file.owner == source) return false;
    // Whether its bytes are the same nobody could tell.
    return file.sources[file.owner].dead && file.job->stored().etags[file.owner].empty();
}

std::size_t Transfer::pick_source(std::size_t index, std::int64_t now) const {
    const File& file = files_[index];
    const bool mixed = file.job->digest_known();
    std::size_t best = SIZE_MAX;
    int best_load = 0;
    for (std::size_t i = 0; i < file.sources.size(); ++i) {
        const Source& source = file.sources[i];
        if (gone(file, i) || source.not_before_ms > now) continue;
        // Without a digest others only help out, and only where their tag can be compared.
        if (!mixed && file.owner != SIZE_MAX && i != file.owner && !file.sources[file.owner].dead) continue;
        int load = source.ranges ? 0 : 1000;
        load += 3 * source.failures + 10 * source.bad_blocks;
        for (const auto& [id, attempt] : attempts_)
            if (attempt->file == index && attempt->source == i) load += 2;
        // The second copy comes from elsewhere where there is an elsewhere.
        if (file.job->second_copy() && i == 0) load += 1;
        if (best == SIZE_MAX || load < best_load) {
            best = i;
            best_load = load;
        }
    }
    return best;
}

void Transfer::fill() {
    for (std::size_t file = 0; file < files_.size(); ++file) {
        if (files_[file].job->phase() != FileJob::Phase::filling) continue;
        while (static_cast<int>(attempts_.size()) < connections_ && ask(file)) {
        }
    }
}

/// One more request for this file; false: none is to be made now.
bool Transfer::ask(std::size_t index) {
    File& file = files_[index];
    FileJob& job = *file.job;
    const int running = attempts_on(index);
    if (!job.size_known()) {
        // The first answer tells the size.
        if (running > 0) return false;
        const std::size_t source = pick_source(index, env_.clock.steady_ms());
        if (source == SIZE_MAX) return false;
        begin(index, source, 0, env_.tuning.request_bytes);
        return true;
    }
    if (job.table().missing() == 0) return false;
    for (const auto& [id, attempt] : attempts_)
        if (attempt->file == index && attempt->whole) return false;
    const std::size_t source = pick_source(index, env_.clock.steady_ms());
    if (source == SIZE_MAX) return false;
    if (!file.sources[source].ranges && running > 0) return false;
    // Large pieces while there is much to do, small ones towards the end so that all connections end
    // together.
    const std::uint64_t left = job.table().missing() * job.table().block_bytes();
    const auto share = left / (2 * static_cast<std::uint64_t>(connections_));
    const auto run = job.table().take_run(std::clamp(
        share, job.table().block_bytes(), std::max(job.table().block_bytes(), env_.tuning.request_bytes)));
    if (!run) return false;
    begin(index, source, run->first, run->end);
    return true;
}

void Transfer::begin(std::size_t index, std::size_t source_index, std::uint64_t first, std::uint64_t end) {
    File& file = files_[index];
    Source& source = file.sources[source_index];
    const StoredFile& stored = file.job->stored();
    auto attempt = std::make_unique<Attempt>();
    const std::uint64_t id = ++last_attempt_;
    attempt->id = id;
    attempt->file = index;
    attempt->source = source_index;
    attempt->first = attempt->at = first;
    attempt->end = end;
    attempt->last_byte_ms = env_.clock.steady_ms();
    attempt->short_lived = !source.resolved.empty();
    if (file.job->size_known())
        attempt->hash = file.job->table().take_beginning(first / file.job->block_bytes()).hash;

    network::HttpRequest request;
    request.url = attempt->short_lived ? source.resolved : stored.spec.urls[source_index];
    if (env_.headers_for) request.headers = env_.headers_for(request.url);
    if (const auto& etag = stored.etags[source_index]; !etag.empty())
        request.headers.emplace_back("If-Range", etag);
    request.range = network::ByteRange{first, end - 1};
    request.purpose = network::Purpose::download;
    request.subject = item_.title;
    // Under a limit little may pile up unlooked at, or all of it would come in gusts.
    const std::uint64_t rate = env_.bucket.rate();
    // Nor may a stop of the program lose much more than the block that each connection is at.
    const std::uint64_t block = std::max(file.job->block_bytes(), env_.tuning.block_bytes);
    std::uint64_t most_waiting = std::clamp<std::uint64_t>(block / 8, 32 << 10, 1 << 20);
    if (rate != 0) most_waiting = std::clamp<std::uint64_t>(rate / 16, 16 << 10, most_waiting);
    attempt->courier = std::make_shared<Courier>(
        [this, id, alive = std::weak_ptr(alive_), home = env_.home] {
            home([this, id, alive] {
                if (alive.lock()) parcel(id);
            });
        },
        most_waiting, block_end(*attempt) - attempt->at);
    attempt->exchange = env_.network.start(request, attempt->courier);
    attempt->courier->set_exchange(attempt->exchange.get());
    if (held_) attempt->courier->hold(true);
    attempts_.emplace(id, std::move(attempt));
}

std::uint64_t Transfer::block_end(const Attempt& attempt) const {
    const std::uint64_t known = files_[attempt.file].job->block_bytes();
    const std::uint64_t block = known == 0 ? env_.tuning.block_bytes : known;
    return (attempt.at / block + 1) * block;
}

void Transfer::parcel(std::uint64_t id) {
    const auto at = attempts_.find(id);
    if (at == attempts_.end() || outcome_ != Outcome::running) return;
    inside_ = true;
    Attempt& attempt = *at->second;
    auto parcel = attempt.courier->fetch();
    bool there = true;
    if (parcel.head) there = take_head(attempt, *parcel.head);
    if (there && !parcel.body.empty()) there = take_body(attempt, parcel.body);
    if (there && (parcel.head || !parcel.body.empty()))
        attempt.courier->allow(attempt.satisfied ? UINT64_MAX : block_end(attempt) - attempt.first);
    if (there && parcel.end) take_end(attempt, *parcel.end);
    inside_ = false;
    if (outcome_ == Outcome::running) settle();
}

void Transfer::drop(std::uint64_t id, bool keep_beginning) {
    const auto at = attempts_.find(id);
    if (at == attempts_.end()) return;
    const std::unique_ptr<Attempt> attempt = std::move(at->second);
    attempts_.erase(at);
    attempt->courier->set_exchange(nullptr);
    attempt->exchange.reset();
    FileJob& job = *files_[attempt->file].job;
    if (!job.size_known() || attempt->unsized || job.table().count() == 0) return;
    BlockTable& table = job.table();
    if (attempt->whole)
        return table.give_back(0, table.file_bytes(), {});  // it cannot go on in the middle anyway
    const std::uint64_t within = attempt->at % job.block_bytes();
    if (within == 0 || attempt->at == table.file_bytes())
        return table.give_back(attempt->at, attempt->end, {});
    const std::uint64_t block_end = std::min(attempt->at - within + job.block_bytes(), table.file_bytes());
    std::optional<BlockBeginning> beginning;
    if (keep_beginning) beginning = BlockBeginning{within, std::move(attempt->hash)};
    table.give_back(attempt->at, std::max(attempt->end, block_end), std::move(beginning));
}

void Transfer::hold_or_release() {
    const bool hold = env_.bucket.wait_ms(env_.clock.steady_ms()) > 0;
    if (hold == held_) return;
    held_ = hold;
    for (const auto& [id, attempt] : attempts_) attempt->courier->hold(hold);
}

void Transfer::tick() {
    if (outcome_ != Outcome::running) return;
    const std::int64_t now = env_.clock.steady_ms();
    meter_.tick(now, bytes_left());
    hold_or_release();
    std::vector<std::uint64_t> stalled;
    for (const auto& [id, attempt] : attempts_) {
        if (held_) attempt->last_byte_ms = now;  // it is we who make it wait
        if (now - attempt->last_byte_ms >= env_.tuning.stall_ms) stalled.push_back(id);
    }
    inside_ = true;
    for (const auto id : stalled) {
        Attempt& attempt = *attempts_.at(id);
        if (attempt.satisfied) {
            drop(id);
            continue;
        }
        Judgement judgement;
        judgement.verdict = Verdict::again;
        judgement.reason = Reason::stalled;
        judgement.detail = "nothing came for " + std::to_string(env_.tuning.stall_ms / 1000) + " s";
        blame(attempt, judgement);
    }
    inside_ = false;
    if (outcome_ == Outcome::running) settle();
}

void Transfer::settle() {
    if (outcome_ != Outcome::running) return;
    inside_ = true;
    std::optional<Trouble> trouble;
    bool complete = true, digesting = false;
    for (std::size_t i = 0; i < files_.size() && !trouble; ++i) {
        FileJob& job = *files_[i].job;
        trouble = job.trouble();
        complete &= job.phase() == FileJob::Phase::complete;
        digesting |= job.phase() == FileJob::Phase::digesting;
        if (trouble || job.phase() != FileJob::Phase::filling) continue;
        const File& file = files_[i];
        bool all_gone = true;
        for (std::size_t k = 0; k < file.sources.size(); ++k) all_gone &= gone(file, k);
        if (attempts_on(i) == 0 && all_gone) {
            trouble = Trouble{Reason::not_there, {}};
            for (const auto& source : file.sources)
                if (source.dead) {
                    trouble = source.trouble;
                    break;
                }
        }
    }
    if (trouble) {
        inside_ = false;
        return pause(*std::move(trouble));
    }
    if (complete) {
        inside_ = false;
        meter_.stop();
        return set(Outcome::complete);
    }
    fill();
    inside_ = false;
    // Nothing under way: what is waited for?
    wakes_at_ms_ = 0;
    if (!attempts_.empty() || digesting) {
        trouble_ = {};
        return;
    }
    std::int64_t wake = kNever;
    for (const auto& file : files_) {
        if (file.job->phase() != FileJob::Phase::filling ||
            (file.job->size_known() && file.job->table().missing() == 0))
            continue;
        for (const auto& source : file.sources) {
            if (source.dead || source.not_before_ms >= wake) continue;
            wake = source.not_before_ms;
            trouble_ = source.trouble;
        }
    }
    if (wake != kNever) wakes_at_ms_ = wake;
}

std::optional<std::uint64_t> Transfer::bytes_left() const {
    std::uint64_t left = 0;
    for (const auto& file : files_) {
        if (file.job->phase() == FileJob::Phase::complete) continue;
        if (!file.job->size_known()) return {};
        left += *file.job->stored().spec.bytes -
                std::min(*file.job->stored().spec.bytes, file.job->table().bytes_here());
    }
    return left;
}

void Transfer::describe(ItemStatus& status) const {
    status.files.clear();
    status.bytes_done = status.bytes_checked = 0;
    status.bytes_total = 0;
    status.bytes_refetched = refetched_;
    for (std::size_t i = 0; i < files_.size(); ++i) {
        const FileJob& job = *files_[i].job;
        FileStatus file;
        file.name = job.stored().spec.name;
        file.path = job.path();
        file.bytes_total = job.stored().spec.bytes;
        file.complete = job.phase() == FileJob::Phase::complete;
        file.bytes_checked = job.bytes_checked();
        status.bytes_refetched += job.damaged_bytes();
        if (file.complete) {
            file.bytes_done = file.bytes_total.value_or(0);
        } else {
            file.bytes_done = files_[i].unsized_bytes;
            if (job.size_known()) {
                file.bytes_done = job.table().bytes_here() + job.table().bytes_begun();
                for (const auto& [id, attempt] : attempts_)
                    if (attempt->file == i && !attempt->whole)
                        file.bytes_done += attempt->at % job.block_bytes();
                file.bytes_done = std::min(file.bytes_done, *file.bytes_total);
            }
        }
        status.bytes_done += file.bytes_done;
        status.bytes_checked += file.bytes_checked;
        if (file.bytes_total && status.bytes_total)
            *status.bytes_total += *file.bytes_total;
        else
            status.bytes_total.reset();
        status.files.push_back(std::move(file));
    }
    status.connections = static_cast<int>(attempts_.size());
    status.bytes_per_second = meter_.bytes_per_second();
    status.seconds_left = meter_.seconds_left();
}

}  // namespace pellucid::download
