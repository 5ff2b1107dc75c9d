#include "engine/text/wordpiece.h"

namespace pellucid {

namespace {

bool starts_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

}  // namespace

void WordPiece::encode(const Vocabulary& vocabulary, std::string_view word, std::vector<TokenId>& ids) const {
    std::size_t characters = 0;
    for (const char byte : word) characters += starts_character(byte);
    if (characters > longest_word_) return ids.push_back(unknown_);

    const std::size_t before = ids.size();
    // What is left of the word, after the first piece with the continuation mark before it.
    std::string rest(word);
    std::size_t mark = 0;
    while (rest.size() > mark) {
        std::size_t end = rest.size();
        TokenId found = -1;
        while (end > mark && (found = vocabulary.find(std::string_view(rest).substr(0, end))) < 0) {
            do --end;
            while (end > mark && !starts_character(rest[end]));
        }
        if (found < 0) {
            ids.resize(before);
            return ids.push_back(unknown_);
        }
        ids.push_back(found);
        rest.erase(mark, end - mark);
        if (mark == 0) {
            rest.insert(0, continuation_);
            mark = continuation_.size();
        }
    }
}

}  // namespace pellucid
