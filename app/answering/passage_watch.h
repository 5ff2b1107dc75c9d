// Which passage a thought is using, while it is being written.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/answering/passage.h"
#include "engine/text/utf8_stream.h"

namespace pellucid::answering {

enum class MentionKind {
    number,  ///< "passage 2", "[2]", "第2段"
    title,   ///< the document's title or file name; the passage is its first one
    words,   ///< a row of the passage's own words, five or more (nine characters of CJK)
};

struct Mention {
    int number = 0;  ///< of the passage, from 1
    MentionKind kind = MentionKind::words;
    std::size_t at = 0;  ///< byte of the thought behind which it was noticed

    bool operator==(const Mention&) const = default;
};

/// Reads a thought line by line or sentence by sentence as it comes; a passage is told once a sentence for
/// each kind. The mentions are the same however the text is cut. Rows of words that several passages share
/// tell nothing.
class PassageWatch {
public:
    explicit PassageWatch(std::span<const Passage> passages);

    std::vector<Mention> push(std::string_view delta);
    /// The end of the thought.
    std::vector<Mention> finish();

private:
    void look(std::string_view sentence, std::size_t end, std::vector<Mention>& mentions) const;
    std::vector<Mention> advance(bool last);

    int passages_ = 0;
    std::unordered_map<std::uint64_t, int> rows_;      // hash of a row of words -> number; 0: several
    std::vector<std::pair<std::string, int>> titles_;  // folded title -> number of the first passage
    Utf8Stream utf8_;
    std::string held_;
    std::size_t before_ = 0;  // bytes of the thought before held_
};

}  // namespace pellucid::answering
