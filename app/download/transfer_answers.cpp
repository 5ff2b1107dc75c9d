// What a transfer does with heads, bytes and ends of answers.
#include <algorithm>

#include "app/download/transfer.h"

namespace pellucid::download {

bool Transfer::take_head(Attempt& attempt, const network::HttpHead& head) {
    File& file = files_[attempt.file];
    FileJob& job = *file.job;
    Source& source = file.sources[attempt.source];
    StoredFile& stored = job.stored();
    attempt.last_byte_ms = env_.clock.steady_ms();
    attempt.answered = true;
    Asked asked;
    asked.name = stored.spec.name;
    asked.first = attempt.first;
    asked.last = attempt.end - 1;
    asked.bytes = stored.spec.bytes;
    asked.etag = stored.etags[attempt.source];
    asked.short_lived = attempt.short_lived;
    Judgement judgement = judge(head, asked, env_.clock.wall_ms());
    const bool good = judgement.verdict == Verdict::range || judgement.verdict == Verdict::whole ||
                      judgement.verdict == Verdict::empty_file;
    if (!good) {
        if (judgement.reason == Reason::wrong_size && doubt_size(attempt.file)) return false;
        blame(attempt, judgement);
        return false;
    }
    source.anew = 0;
    if (!job.digest_known()) {
        if (file.owner == SIZE_MAX) file.owner = attempt.source;
        if (file.owner != attempt.source &&
            (judgement.etag.empty() || judgement.etag != stored.etags[file.owner])) {
            judgement.verdict = Verdict::give_up;
            judgement.reason = Reason::changed_on_server;
            judgement.detail = "this mirror has another version";
            blame(attempt, judgement);
            return false;
        }
    }
    if (head.url != stored.spec.urls[attempt.source]) source.resolved = head.url;
    if (stored.etags[attempt.source] != judgement.etag && !judgement.etag.empty()) {
        stored.etags[attempt.source] = judgement.etag;
        (void)job.save();
    }
    std::optional<Trouble> trouble;
    if (judgement.verdict == Verdict::empty_file) {
        const auto id = attempt.id;
        trouble = job.set_size(0);
        drop(id);
        if (trouble) pause(*std::move(trouble));
        return false;
    }
    if (judgement.verdict == Verdict::whole) return take_whole(attempt, judgement);
    if (!job.size_known()) {
        if (!judgement.bytes) {
            judgement.verdict = Verdict::give_up;
            judgement.reason = Reason::server_error;
            judgement.detail = "the server does not tell the file's size";
            blame(attempt, judgement);
            return false;
        }
        if ((trouble = job.set_size(*judgement.bytes))) {
            pause(*std::move(trouble));
            return false;
        }
        // The beginning that was asked for belongs to this request now.
        const auto run = job.table().take_run(judgement.last + 1);
        if (!run || run->first != 0) {
            drop(attempt.id);
            return false;
        }
        attempt.end = std::min(run->end, judgement.last + 1);
        give_back_behind(attempt, run->end);
        return true;
    }
    if (judgement.last + 1 < attempt.end) {
        // Fewer bytes than asked for.
        const std::uint64_t end = judgement.last + 1, asked_end = attempt.end;
        attempt.end = end;
        give_back_behind(attempt, asked_end);
    }
    return true;
}

bool Transfer::doubt_size(std::size_t index) {
    File& file = files_[index];
    if (!file.job->size_doubtful() || ++file.resized > env_.tuning.attempts) return false;
    for (auto at = attempts_.begin(); at != attempts_.end();) {
        const auto id = at->first;
        const bool mine = at->second->file == index;
        ++at;
        if (mine) drop(id, false);
    }
    file.owner = SIZE_MAX;
    auto trouble = file.job->forget_size();
    if (!trouble) trouble = file.job->open();
    if (trouble) pause(*std::move(trouble));
    return true;
}

/// The blocks of which this attempt will bring no byte are free again.
void Transfer::give_back_behind(const Attempt& attempt, std::uint64_t end) {
    BlockTable& table = files_[attempt.file].job->table();
    const std::uint64_t size = table.block_bytes();
    table.give_back((attempt.end + size - 1) / size * size, end, {});
}

bool Transfer::take_whole(Attempt& attempt, const Judgement& judgement) {
    File& file = files_[attempt.file];
    FileJob& job = *file.job;
    Source& source = file.sources[attempt.source];
    source.ranges = false;
    // Others that give ranges are better, as long as there is one.
    const auto id = attempt.id;
    for (const auto& other : file.sources) {
        if (&other == &source || other.dead || !other.ranges || !job.digest_known()) continue;
        drop(id);
        return false;
    }
    if (!job.size_known() && judgement.bytes)
        if (auto trouble = job.set_size(*judgement.bytes)) {
            pause(*std::move(trouble));
            return false;
        }
    attempt.whole = true;
    attempt.first = attempt.at = 0;
    attempt.hash = {};
    if (!job.size_known()) {
        attempt.unsized = true;
        attempt.end = std::uint64_t(-1);
        file.unsized_bytes = 0;
        return true;
    }
    for (auto at = attempts_.begin(); at != attempts_.end();) {
        const auto other = at->first;
        const bool mine = at->second->file == attempt.file && other != id;
        ++at;
        if (mine) drop(other, false);
    }
    job.table().give_back(0, job.table().file_bytes(), {});
    attempt.end = job.table().file_bytes();
    // All that is missing comes by this one; beginnings of blocks come again.
    while (const auto run = job.table().take_run(attempt.end))
        (void)job.table().take_beginning(run->first / job.block_bytes());
    return true;
}

bool Transfer::take_body(Attempt& attempt, std::span<const std::byte> bytes) {
    File& file = files_[attempt.file];
    FileJob& job = *file.job;
    const std::int64_t now = env_.clock.steady_ms();
    attempt.last_byte_ms = now;
    env_.bucket.take(bytes.size(), now);
    hold_or_release();
    meter_.add(bytes.size());
    if (!attempt.answered || attempt.satisfied) return true;
    if (attempt.unsized) return take_unsized(attempt, bytes);
    const auto id = attempt.id;
    while (!bytes.empty() && attempt.at < attempt.end) {
        const std::uint64_t block = attempt.at / job.block_bytes();
        const std::uint64_t block_end = job.table().first(block) + job.table().size(block);
        const auto now_bytes =
            std::min<std::uint64_t>(bytes.size(), std::min(block_end, attempt.end) - attempt.at);
        const auto piece = bytes.first(now_bytes);
        bytes = bytes.subspan(now_bytes);
        if (attempt.whole && job.table().state(block) != BlockTable::Block::coming) {
            refetched_ += now_bytes;
            attempt.at += now_bytes;
            continue;
        }
        if (auto trouble = job.write(attempt.at, piece)) {
            pause(*std::move(trouble));
            return false;
        }
        attempt.hash.add(piece);
        attempt.at += now_bytes;
        attempt.fresh += now_bytes;
        if (attempt.fresh >= std::min<std::uint64_t>(job.block_bytes(), 65536)) {
            // It works; what went wrong before does not count any more.
            file.sources[attempt.source].failures = 0;
            file.sources[attempt.source].not_before_ms = 0;
        }
        if (attempt.at == block_end && !block_came(attempt, block)) return false;
        if (attempts_.find(id) == attempts_.end()) return false;
    }
    if (attempt.at == attempt.end) attempt.satisfied = true;
    return true;
}

/// False: the attempt is gone.
bool Transfer::block_came(Attempt& attempt, std::uint64_t block) {
    File& file = files_[attempt.file];
    FileJob& job = *file.job;
    std::optional<Trouble> trouble;
    const bool fits = job.block_written(block, attempt.hash.finish(), trouble);
    if (trouble) {
        pause(*std::move(trouble));
        return false;
    }
    if (fits) return true;
    refetched_ += job.table().size(block);
    const int times = ++file.bad[block];
    if (times > 2 + static_cast<int>(file.sources.size())) {
        pause({Reason::wrong_digest, "block " + std::to_string(block) + " came " + std::to_string(times) +
                                         " times and was never what was published"});
        return false;
    }
    // Another source may have it right; one that is wrong again and again is not asked any more, while there
    // are others.
    Source& source = file.sources[attempt.source];
    bool others = false;
    for (std::size_t i = 0; i < file.sources.size(); ++i)
        others |= i != attempt.source && !file.sources[i].dead;
    if (++source.bad_blocks < 3 || !others) return true;
    source.dead = true;
    source.trouble = {Reason::wrong_digest, "what it sends is not what was published"};
    drop(attempt.id);
    return false;
}

bool Transfer::take_unsized(Attempt& attempt, std::span<const std::byte> bytes) {
    File& file = files_[attempt.file];
    const std::uint64_t block_bytes =
        file.job->block_bytes() == 0 ? env_.tuning.block_bytes : file.job->block_bytes();
    while (!bytes.empty()) {
        const auto now_bytes = std::min<std::uint64_t>(bytes.size(), block_bytes - attempt.at % block_bytes);
        if (auto trouble = file.job->write(attempt.at, bytes.first(now_bytes))) {
            pause(*std::move(trouble));
            return false;
        }
        attempt.hash.add(bytes.first(now_bytes));
        attempt.at += now_bytes;
        bytes = bytes.subspan(now_bytes);
        if (attempt.at % block_bytes == 0) attempt.stream_blocks.push_back(attempt.hash.finish());
    }
    file.unsized_bytes = attempt.at;
    return true;
}

void Transfer::take_end(Attempt& attempt, const Result<void>& result) {
    File& file = files_[attempt.file];
    FileJob& job = *file.job;
    const auto id = attempt.id;
    if (attempt.satisfied) return drop(id);
    if (!result) return blame(attempt, judge(result.error()));
    if (attempt.unsized) {
        const std::uint64_t block_bytes =
            job.block_bytes() == 0 ? env_.tuning.block_bytes : job.block_bytes();
        if (attempt.at % block_bytes != 0) attempt.stream_blocks.push_back(attempt.hash.finish());
        const auto bytes = attempt.at;
        const auto blocks = std::move(attempt.stream_blocks);
        drop(id);
        if (auto trouble = job.stream_ended(bytes, blocks)) return pause(*std::move(trouble));
        return;
    }
    Judgement early;
    early.verdict = Verdict::again;
    early.reason = attempt.answered ? Reason::unreachable : Reason::server_error;
    early.detail = "the answer ended too early";
    blame(attempt, early);
}

void Transfer::blame(Attempt& attempt, const Judgement& judgement) {
    File& file = files_[attempt.file];
    Source& source = file.sources[attempt.source];
    const std::int64_t now = env_.clock.steady_ms();
    Judgement judged = judgement;
    const std::size_t attempt_file = attempt.file;
    drop(attempt.id);
    if (judged.verdict == Verdict::ask_anew) {
        source.resolved.clear();
        if (++source.anew <= 3) return;
        judged.verdict = Verdict::again;
        judged.reason = Reason::access_denied;
    }
    // An address that was good once may not be any more.
    if (judged.reason != Reason::server_busy) source.resolved.clear();
    source.trouble = {judged.reason, judged.detail};
    const auto let_go = [&] {
        source.dead = true;
        // Of a file of which nothing is here yet, another may become the owner.
        if (file.job->table().bytes_here() == 0 && file.job->table().bytes_begun() == 0 &&
            attempts_on(attempt_file) == 0)
            file.owner = SIZE_MAX;
    };
    if (judged.reason == Reason::wrong_size && ++source.wrong_sizes >= 3) return let_go();
    if (judged.verdict == Verdict::give_up) return let_go();
    if (judged.reason == Reason::offline) {
        source.not_before_ms = now + env_.tuning.back_off_ms;
        return;
    }
    ++source.failures;
    const bool too_long = judged.retry_after_ms.value_or(0) > env_.tuning.retry_after_most_ms;
    if (source.failures >= env_.tuning.attempts || too_long) {
        return let_go();
    }
    const auto wait =
        back_off(source.failures, env_.tuning.back_off_ms, env_.tuning.back_off_most_ms, env_.clock.chance());
    source.not_before_ms = now + std::max(wait, judged.retry_after_ms.value_or(0));
}

}  // namespace pellucid::download
