#include "engine/segment/segmenter.h"

#include <algorithm>

namespace pellucid {

namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::size_t space_length(std::string_view text) {
    return std::min(text.find_first_not_of(kSpace), text.size());
}

/// Length of the longest end of `text` that is a proper beginning of `mark`.
std::size_t begun(std::string_view text, std::string_view mark) {
    for (std::size_t length = std::min(text.size(), mark.size() - 1); length > 0; --length)
        if (text.ends_with(mark.substr(0, length))) return length;
    return 0;
}

bool has_token_marks(const ThoughtFormat& format) {
    if (format.family == ThoughtFamily::tags) return format.open.id && format.close.id;
    if (format.family == ThoughtFamily::harmony)
        return format.harmony[ThoughtFormat::channel].id && format.harmony[ThoughtFormat::message].id;
    return false;
}

}  // namespace

Segmenter::Segmenter(ThoughtFormat format, ReplyStart start)
    : format_(std::move(format)), by_token_(has_token_marks(format_)) {
    if (format_.family == ThoughtFamily::none || start == ReplyStart::answer)
        state_ = State::answer;
    else if (start == ReplyStart::thought)
        state_ = State::thought;
    else
        state_ = format_.family == ThoughtFamily::harmony ? State::header : State::start;
    swallow_ = start == ReplyStart::thought && format_.family == ThoughtFamily::tags;
}

Segment::Channel Segmenter::channel() const {
    switch (state_) {
        case State::thought:
            return Segment::Channel::thought;
        case State::tool_call:
            return Segment::Channel::tool_call;
        case State::header:
            return Segment::Channel::tag;
        case State::start:
        case State::answer:
            return Segment::Channel::answer;
    }
    return Segment::Channel::answer;
}

/// An opening mark in text is looked for only where a reply (or a thought that the prompt opened) begins.
bool Segmenter::awaits_open() const {
    return leading_ && (state_ == State::start || state_ == State::thought);
}

bool Segmenter::is_mark(TokenId id) const {
    const auto all = marks();
    return std::any_of(all.begin(), all.end(), [&](const auto& mark) { return mark.second->id == id; });
}

std::vector<std::pair<int, const Mark*>> Segmenter::marks() const {
    std::vector<std::pair<int, const Mark*>> all;
    if (format_.family == ThoughtFamily::tags) all = {{kOpen, &format_.open}, {kClose, &format_.close}};
    if (format_.family == ThoughtFamily::harmony)
        for (int i = 0; i < ThoughtFormat::harmony_marks; ++i) all.emplace_back(i, &format_.harmony[i]);
    return all;
}

std::vector<Segment> Segmenter::feed(TokenId id, std::string_view raw) {
    out_.clear();
    fed_ += raw.size();
    if (id >= 0) token_ends_.push_back(fed_);
    if (by_token_ && id >= 0) {
        for (const auto& [number, known] : marks()) {
            if (known->id != id) continue;
            // Characters that were incomplete before the mark may arrive with it: they belong before it.
            const auto before = raw.ends_with(known->text) ? raw.size() - known->text.size() : 0;
            text(raw.substr(0, before));
            flush_before(number);
            mark(number, raw.substr(before));
            return std::move(out_);
        }
    }
    text(raw);
    return std::move(out_);
}

std::vector<Segment> Segmenter::finish() {
    out_.clear();
    scan(true);
    if (!token_ends_.empty()) {  // tokens without text at the very end
        if (out_.empty() || out_.back().channel != channel()) out_.push_back({channel(), "", 0});
        out_.back().tokens += static_cast<int>(token_ends_.size());
        token_ends_.clear();
    }
    return std::move(out_);
}

void Segmenter::text(std::string_view raw) {
    held_ += raw;
    scan(false);
}

/// Gives out as much of the held text as is decided.
void Segmenter::scan(bool at_end) {
    for (;;) {
        if (swallow_) {
            const auto spaces = space_length(held_);
            give(Segment::Channel::tag, std::string_view(held_).substr(0, spaces));
            held_.erase(0, spaces);
            if (!held_.empty()) swallow_ = false;
        }
        if (held_.empty()) return;
        if (awaits_open() && format_.family == ThoughtFamily::tags) {
            // White space before the opening mark belongs to the mark, so it waits for what follows.
            const auto spaces = space_length(held_);
            const std::string_view rest = std::string_view(held_).substr(spaces);
            const bool open_in_text = !by_token_ && !format_.open.text.empty();
            if (!at_end && rest.empty() && state_ == State::start) return;
            if (open_in_text && rest.starts_with(format_.open.text)) {
                const auto length = spaces + format_.open.text.size();
                const std::string whole = held_.substr(0, length);
                held_.erase(0, length);
                mark(kOpen, whole);
                continue;
            }
            if (!at_end && open_in_text && format_.open.text.starts_with(rest)) return;
            leading_ = false;
            if (state_ == State::start) state_ = State::answer;
        }
        // Where does the next text mark begin? In an answer between tags nothing is looked for.
        std::size_t safe = held_.size(), found_at = std::string::npos;
        const Mark* found = nullptr;
        int found_number = -1;
        if (!by_token_ && (format_.family == ThoughtFamily::harmony || state_ == State::thought)) {
            for (const auto& [number, known] : marks()) {
                if (number == kOpen || known->text.empty()) continue;
                if (const auto at = held_.find(known->text); at < found_at)
                    found_at = at, found = known, found_number = number;
                if (!at_end) safe = std::min(safe, held_.size() - begun(held_, known->text));
            }
        }
        const std::size_t decided = found ? found_at : safe;
        if (decided > 0) {
            if (state_ == State::header) header_ += held_.substr(0, decided);
            give(channel(), std::string_view(held_).substr(0, decided));
            leading_ = false;
            held_.erase(0, decided);
        }
        if (!found) return;
        const std::string whole = held_.substr(0, found->text.size());
        held_.erase(0, whole.size());
        mark(found_number, whole);
    }
}

/// Before a token mark: what was undecided is text after all, save the white space before an opening mark.
void Segmenter::flush_before(int number) {
    if (held_.empty()) return;
    if (state_ == State::header) header_ += held_;
    give(state_ == State::start && number == kOpen ? Segment::Channel::tag : channel(), held_);
    held_.clear();
}

void Segmenter::mark(int number, std::string_view raw) {
    give(Segment::Channel::tag, raw);
    if (number == kOpen) {
        state_ = State::thought;
        swallow_ = true;
    } else if (number == kClose) {
        closed_once_ = true;
        state_ = State::answer;
        swallow_ = true;
    } else {
        harmony_mark(number);
    }
    leading_ = true;
}

void Segmenter::harmony_mark(int number) {
    if (number == ThoughtFormat::message) {
        const bool addressed = header_.find("to=") != std::string::npos;
        recipient_ = addressed ? header_.substr(header_.find("to=") + 3) : std::string();
        recipient_ = recipient_.substr(0, recipient_.find_first_of(" \n<"));
        if (addressed)
            state_ = State::tool_call;
        else
            state_ = header_.find("analysis") != std::string::npos ? State::thought : State::answer;
        header_.clear();
    } else {
        closed_once_ = closed_once_ || state_ == State::thought;
        if (number == ThoughtFormat::start) header_.clear();
        state_ = State::header;
    }
}

void Segmenter::give(Segment::Channel channel, std::string_view text) {
    given_ += text.size();
    int tokens = 0;
    while (!token_ends_.empty() && token_ends_.front() <= given_) token_ends_.pop_front(), ++tokens;
    if (text.empty() && tokens == 0) return;
    if (out_.empty() || out_.back().channel != channel) out_.push_back({channel, "", 0});
    out_.back().text += text;
    out_.back().tokens += tokens;
}

}  // namespace pellucid
