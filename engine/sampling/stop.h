// Stop strings: find them however the text is cut into pieces, and never show a byte of one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pellucid {

/// Watches a stream of text for the first stop string to be completed. Text that may be the beginning of one
/// is held back until it is decided. What is shown does not depend on how the text was cut into pieces.
class StopMatcher {
public:
    /// Empty strings are ignored.
    explicit StopMatcher(std::vector<std::string> stops);

    /// The text that can be shown now. After a match: what came before it, and "" from then on.
    std::string feed(std::string_view text);
    /// At the end of the stream: what was held back.
    std::string finish();
    bool matched() const { return matched_; }
    /// Bytes held back now.
    std::size_t held() const { return held_.size(); }

private:
    std::vector<std::string> stops_;
    std::string held_;
    bool matched_ = false;
};

}  // namespace pellucid
