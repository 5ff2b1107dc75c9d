// How text becomes words of the search index, for every script at once.
//
// Han, kana, Hangul and Bopomofo have no spaces to go by: each character is a token, and each pair of
// neighbours is one more at the first one's place. A query of two or more characters looks for the pairs in a
// row, so that any piece of a sentence is found, and a query of one character finds that character. Other
// scripts: runs of letters, marks and digits; Thai, Lao, Khmer and Myanmar by ICU's word breaks. Each word
// also leaves its first character and its first two as marked tokens at its own place ("\1t", "\1th"), so
// that the first letters typed are one look-up instead of a merge over half the vocabulary. All tokens are
// NFKC case-folded; marks over Latin and Greek letters are dropped (café = cafe). An emoji is a token.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace pellucid::storage {

/// Raised whenever the tokens of some text change: an index of another version is built anew.
constexpr int kSearchTokenizerVersion = 1;
/// Words of at most this many characters are looked up as marked beginnings.
constexpr int kMarkedPrefixes = 2;
constexpr char kPrefixMark = '\x01';
/// A query text that begins with this is one token as it stands, without the mark.
constexpr char kVerbatimMark = '\x02';

/// One token; the views live until the callback returns.
struct SearchToken {
    std::string_view text;
    int begin = 0, end = 0;  ///< bytes of the input it stands for
    bool colocated = false;  ///< at the same place as the token before
    bool whole = false;      ///< of a script without spaces, or an emoji: never the beginning of a longer one
};

/// Not thread safe (ICU's break iterators are not): one per connection.
class SearchTokenizer {
public:
    SearchTokenizer();
    ~SearchTokenizer();
    SearchTokenizer(SearchTokenizer&&) noexcept;

    enum class Mode {
        document,  ///< all tokens
        passage,   ///< all but the marked beginnings: nobody types into it letter by letter
        query,     ///< one token a place: pairs rather than characters; a marked text is one token
    };
    /// Return false to stop.
    using Sink = std::function<bool(const SearchToken&)>;
    /// Any bytes: what is not UTF-8 is a gap.
    void tokenize(std::string_view text, Mode mode, const Sink& sink);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Makes `tokenize = 'pellucid'` known to a connection. Throws Refusal where SQLite has no FTS5.
void register_search_tokenizer(sqlite3* connection);

}  // namespace pellucid::storage
