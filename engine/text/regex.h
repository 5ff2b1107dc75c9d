// A regular expression of a pre-tokenizer: PCRE2 with Unicode properties and JIT, made to mean what the
// `tokenizers` library (Oniguruma, Ruby syntax, Unicode 16.0) means by the same pattern.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace pellucid {

/// A half-open range of bytes.
struct ByteSpan {
    std::size_t begin = 0, end = 0;
};

/// A compiled pattern. Immutable and thread safe; each thread searches through its own Search.
class Regex {
public:
    /// unsupported: a pattern that PCRE2 refuses, or that uses an Oniguruma construct with another meaning in
    /// PCRE2 (nested classes, class intersections, `{n,m}+`). The error names pattern and reason.
    static Result<Regex> compile(std::string_view pattern);

    const std::string& pattern() const { return pattern_; }

    /// Finds matches in one subject after another.
    class Search {
    public:
        explicit Search(const Regex& regex);

        /// The leftmost match at or after `from`. PRECONDITION: subject is well-formed UTF-8, `from` at a
        /// character. A search that exceeds its limits (a hostile pattern: two million steps, 64 MiB) counts
        /// as no match.
        std::optional<ByteSpan> next(std::string_view subject, std::size_t from);

    private:
        struct FreeMatch {
            void operator()(void* match) const;
        };
        const Regex* regex_;
        std::unique_ptr<void, FreeMatch> match_;
    };

private:
    std::string pattern_;
    std::shared_ptr<void> code_;
    std::shared_ptr<void> limits_;  // bounds on a hostile pattern's search
    bool jit_ = false;
};

/// Text in which the character properties that PCRE2 does not know yet (Unicode 15 and 16) are right: such
/// code points are replaced by stand-ins of the same category and the same length, so that offsets stay.
/// Returns `text` itself when there are none (nearly always), else a view of `storage`. PRECONDITION:
/// well-formed UTF-8.
std::string_view with_known_characters(std::string_view text, std::string& storage);

}  // namespace pellucid
