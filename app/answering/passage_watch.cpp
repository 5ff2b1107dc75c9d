#include "app/answering/passage_watch.h"

#include <algorithm>
#include <array>

#include "app/answering/folded_text.h"
#include "engine/text/utf8.h"

namespace pellucid::answering {

namespace {

constexpr std::size_t kRowWords = 5, kRowCharacters = 9;
constexpr std::size_t kLongestSentence = 2000;

/// FNV-1a over the words of a row.
std::uint64_t hash_of(std::span<const Word> words) {
    std::uint64_t hash = 14695981039346656037ull;
    const auto mix = [&](unsigned char byte) { hash = (hash ^ byte) * 1099511628211ull; };
    for (const Word& word : words) {
        for (const char c : word.text) mix(static_cast<unsigned char>(c));
        mix(0xFF);
    }
    return hash;
}

/// Calls `row` with the hash of each row of words long enough to be nobody else's. Signs do not count.
template <typename Row>
void rows_of(std::string_view folded, const Row& row) {
    std::vector<Word> words = words_of(folded);
    std::erase_if(words, [](const Word& word) { return word.kind == Word::Kind::sign; });
    const std::span<const Word> all(words);
    for (std::size_t i = 0; i < words.size(); ++i) {
        // An ideograph weighs less than a word: 45 parts make a row, 9 a word, 5 a character.
        std::size_t weight = 0, end = i;
        while (end < words.size() && weight < kRowWords * kRowCharacters)
            weight += words[end++].kind == Word::Kind::ideograph ? kRowWords : kRowCharacters;
        if (weight < kRowWords * kRowCharacters) return;
        row(hash_of(all.subspan(i, end - i)));
    }
}

constexpr std::array<std::string_view, 12> kNumbered = {"passage", "passages",  "citation", "source",
                                                        "excerpt", "paragraph", "段落",     "来源",
                                                        "引用",    "资料",      "片段",     "材料"};

}  // namespace

PassageWatch::PassageWatch(std::span<const Passage> passages) : passages_(static_cast<int>(passages.size())) {
    for (int number = 1; number <= passages_; ++number) {
        const Passage& passage = passages[static_cast<std::size_t>(number - 1)];
        rows_of(fold(passage.text).text, [&](std::uint64_t hash) {
            const auto [at, added] = rows_.try_emplace(hash, number);
            if (!added && at->second != number) at->second = 0;
        });
        for (std::string title : {passage.title, passage.file}) {
            title = fold(title).text;
            if (const auto dot = title.rfind('.'); dot != title.npos && dot + 6 > title.size() && dot > 0)
                title.resize(dot);
            // A title of one short word ("notes") stands in every second sentence.
            const std::size_t words = words_of(title).size();
            if (words < 2 || title.size() < 6) continue;
            if (std::none_of(titles_.begin(), titles_.end(),
                             [&](const auto& known) { return known.first == title; }))
                titles_.emplace_back(std::move(title), number);
        }
    }
}

void PassageWatch::look(std::string_view sentence, std::size_t end, std::vector<Mention>& mentions) const {
    const FoldedText folded = fold(sentence);
    const auto tell = [&](int number, MentionKind kind) {
        const Mention mention{number, kind, end};
        if (number >= 1 && number <= passages_ &&
            std::find(mentions.begin(), mentions.end(), mention) == mentions.end())
            mentions.push_back(mention);
    };
    const auto words = words_of(folded.text);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i].kind != Word::Kind::digits || words[i].text.size() > 4) continue;
        const int number = std::stoi(std::string(words[i].text));
        const std::string_view before = std::string_view(folded.text).substr(0, words[i].span.first);
        const std::string_view after = std::string_view(folded.text).substr(words[i].span.last);
        std::string_view bare = before;
        while (!bare.empty() && (bare.back() == ' ' || bare.back() == ':' || bare.back() == '#'))
            bare.remove_suffix(1);
        const bool named = std::any_of(kNumbered.begin(), kNumbered.end(), [&](std::string_view word) {
            return bare.ends_with(word) || (before.ends_with("第") && after.starts_with("段")) ||
                   (before.ends_with("第") && after.starts_with("个段"));
        });
        const bool bracketed = (before.ends_with("[") && after.starts_with("]")) ||
                               (before.ends_with("【") && after.starts_with("】"));
        if (named || bracketed) tell(number, MentionKind::number);
    }
    for (const auto& [title, number] : titles_)
        if (folded.text.find(title) != std::string::npos) tell(number, MentionKind::title);
    rows_of(folded.text, [&](std::uint64_t hash) {
        if (const auto row = rows_.find(hash); row != rows_.end()) tell(row->second, MentionKind::words);
    });
}

std::vector<Mention> PassageWatch::advance(bool last) {
    std::vector<Mention> mentions;
    std::size_t first = 0;
    for (std::size_t at = 0; at < held_.size();) {
        const Utf8Char c = decode_utf8(held_, at);
        const std::size_t next = at + c.length;
        const bool stop = c.code_point == '.' || c.code_point == '!' || c.code_point == '?';
        if (stop && next == held_.size() && !last) break;  // "1." and "a.b" are known by what follows
        const bool ends = c.code_point == '\n' || c.code_point == 0x3002 || c.code_point == 0xFF01 ||
                          c.code_point == 0xFF1F || (stop && next < held_.size() && held_[next] == ' ') ||
                          next - first >= kLongestSentence;
        at = next;
        if (!ends) continue;
        std::vector<Mention> here;
        look(std::string_view(held_).substr(first, at - first), before_ + at, here);
        mentions.insert(mentions.end(), here.begin(), here.end());
        first = at;
    }
    if (last && first < held_.size()) {
        std::vector<Mention> here;
        look(std::string_view(held_).substr(first), before_ + held_.size(), here);
        mentions.insert(mentions.end(), here.begin(), here.end());
        first = held_.size();
    }
    held_.erase(0, first);
    before_ += first;
    return mentions;
}

std::vector<Mention> PassageWatch::push(std::string_view delta) {
    held_ += utf8_.push(delta);
    return advance(false);
}

std::vector<Mention> PassageWatch::finish() {
    held_ += utf8_.flush();
    return advance(true);
}

}  // namespace pellucid::answering
