// Cuts a reply into thought, answer and tool call as its tokens arrive. A pure function of tokens and text.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "engine/segment/thought_format.h"

namespace pellucid {

/// A stretch of the raw reply. Concatenating every segment's text, tags included, gives the raw text again.
struct Segment {
    enum class Channel {
        thought,
        answer,
        tool_call,
        tag,  ///< marks and the white space that belongs to them: never shown
    } channel = Channel::answer;
    std::string text;
    int tokens = 0;  ///< how many of the tokens fed so far end in this segment, in order
};

/// Text that may be the beginning of a mark is held back until it is decided, so nothing is shown and then
/// taken back. A token mark that the model writes where none belongs (a second <think> inside a thought, a
/// stray </think> in an answer) is a tag and changes nothing. A text mark opens a thought only at the reply's
/// beginning and closes one only inside a thought; elsewhere it is text, because an answer may well talk
/// about <think>.
class Segmenter {
public:
    Segmenter(ThoughtFormat format, ReplyStart start);

    /// One token and the whole characters it completed ("" while a character is incomplete). Marks with an id
    /// must come as that token with the mark's text. id -1: text that belongs to no token.
    std::vector<Segment> feed(TokenId id, std::string_view text);
    /// The end of the reply: everything held back.
    std::vector<Segment> finish();

    bool in_thought() const { return state_ == State::thought; }
    /// True once an answer has begun or a thought was closed.
    bool thought_closed() const {
        return state_ == State::answer || state_ == State::tool_call || closed_once_;
    }
    /// True if this token's text must be fed although it is a control token.
    bool is_mark(TokenId id) const;
    /// Of harmony's running message: what its header names after "to=", e.g. "functions.weather".
    const std::string& recipient() const { return recipient_; }

private:
    enum class State { start, thought, answer, tool_call, header };
    static constexpr int kOpen = 100, kClose = 101;  ///< mark numbers beside HarmonyMark's

    Segment::Channel channel() const;
    bool awaits_open() const;
    void text(std::string_view text);
    void flush_before(int number);
    void mark(int number, std::string_view text);
    void harmony_mark(int number);
    void scan(bool at_end);
    void give(Segment::Channel channel, std::string_view text);
    std::vector<std::pair<int, const Mark*>> marks() const;

    const ThoughtFormat format_;
    const bool by_token_;  ///< marks are tokens, not text
    State state_;
    bool leading_ = true;   ///< nothing but white space so far in this channel
    bool swallow_ = false;  ///< white space right after a mark belongs to it
    bool closed_once_ = false;
    std::string held_;  ///< text that is not decided yet
    std::string header_, recipient_;
    std::deque<std::size_t> token_ends_;  ///< raw offsets at which tokens not yet given out end
    std::size_t fed_ = 0, given_ = 0;     ///< raw bytes
    std::vector<Segment> out_;
};

}  // namespace pellucid
