// Bytes in as tokens give them, whole characters out: a reader never sees half a character.
#pragma once

#include <string>
#include <string_view>

namespace pellucid {

/// Joins the bytes of successive tokens. What push() returns is always well-formed UTF-8; the concatenation
/// of all results, flush() included, equals to_well_formed_utf8() of the concatenated input, wherever the
/// input was cut.
class Utf8Stream {
public:
    /// The characters that these bytes complete. At most three bytes are held back.
    std::string push(std::string_view bytes);

    /// The end of the stream: a character still incomplete becomes U+FFFD. The stream may be used again.
    std::string flush();

    /// Bytes held back, waiting for the rest of their character.
    std::string_view pending() const { return held_; }

private:
    std::string held_;
};

}  // namespace pellucid
