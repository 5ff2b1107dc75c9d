#include "app/answering/document_prompt.h"

#include <algorithm>
#include <map>
#include <optional>

#include "app/answering/folded_text.h"
#include "app/answering/passage_focus.h"
#include "app/answering/prompt_wording.h"
#include "engine/text/utf8.h"

namespace pellucid::answering {

namespace {

/// What a passage costs beside its text: its marks, page and headings.
constexpr int kAround = 32;
constexpr int kShred = 48;                          // tokens; less than that of a passage helps nobody
constexpr std::uint64_t kSmallModel = 500'000'000;  // parameters

/// As much of the beginning of `text` as `tokens` allow.
std::string_view cut_to(std::string_view text, int tokens, const TokenCounter& count) {
    std::size_t low = 0, high = text.size();
    while (low < high) {
        const std::size_t middle = (low + high + 1) / 2;
        if (count(text.substr(0, middle)) <= tokens)
            low = middle;
        else
            high = middle - 1;
    }
    while (low > 0 && low < text.size() && (static_cast<unsigned char>(text[low]) & 0xC0) == 0x80) --low;
    return text.substr(0, low);
}

/// Makes the passage what is nearest to the question of it. A table keeps its header and loses its end.
void shorten(Passage& passage, int tokens, const PassageFocus& focus, const TokenCounter& count) {
    const bool placed = passage.text.size() == passage.last - passage.first;
    Span kept;
    if (passage.header == 0) kept = focus.part_of(passage.text, tokens, count);
    if (kept.empty()) kept = {0, cut_to(passage.text, tokens, count).size()};
    if (placed) {
        passage.last = passage.first + static_cast<std::uint32_t>(kept.last);
        passage.first += static_cast<std::uint32_t>(kept.first);
    } else if (passage.header > 0 && passage.last > passage.first && kept.last > passage.header) {
        passage.last = passage.first + static_cast<std::uint32_t>(kept.last) - passage.header;
    }
    passage.text = passage.text.substr(kept.first, kept.size());
}

}  // namespace

Language language_of(std::string_view text) {
    int han = 0, letters = 0;
    const FoldedText folded = fold(text);  // the words are views of it
    for (const Word& word : words_of(folded.text)) {
        if (word.kind == Word::Kind::ideograph) {
            const char32_t c = decode_utf8(word.text, 0).code_point;
            if (c >= 0x3400 && (c < 0xAC00 || c > 0xD7FF)) ++han;
        }
        if (word.kind == Word::Kind::letters) ++letters;
    }
    return han > letters ? Language::chinese : Language::english;
}

MarkStyle mark_style_of(const ModelInfo& model) {
    const auto folded = fold(model.architecture + " " + model.name).text;
    return folded.find("deepseek") != folded.npos ? MarkStyle::citation : MarkStyle::brackets;
}

PromptForm form_of(const ModelInfo& model) {
    return model.parameters > 0 && model.parameters < kSmallModel ? PromptForm::plain
                                                                  : PromptForm::file_template;
}

TokenCounter counter_of(const Model& model) {
    if (const Tokenizer* tokenizer = model.tokenizer())
        return [tokenizer](std::string_view text) {
            return static_cast<int>(tokenizer->encode(text, {.parse_special = false}).size());
        };
    return estimated_tokens;
}

int estimated_tokens(std::string_view text) {
    double tokens = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        tokens += c.code_point < 0x80 ? 0.34 : is_ideographic(c.code_point) ? 1.2 : 0.8;
        at += c.length;
    }
    return static_cast<int>(tokens + 1);
}

IsSpecial special_of(const Model& model) {
    const Tokenizer* tokenizer = model.tokenizer();
    if (!tokenizer) return {};
    return [tokenizer](std::string_view text) {
        const auto id = tokenizer->find(text);
        return id && tokenizer->type_of(*id) != TokenType::normal &&
               tokenizer->type_of(*id) != TokenType::byte;
    };
}

std::vector<Passage> DocumentPrompt::passages() const {
    std::vector<Passage> all;
    for (const PlacedPassage& one : placed) all.push_back(one.passage);
    return all;
}

Result<DocumentPrompt> make_document_prompt(std::string_view question, std::span<const Passage> passages,
                                            const PromptSettings& settings, const TokenCounter& count) {
    const auto first = question.find_first_not_of(" \t\r\n");
    if (first == question.npos)
        return fail(ErrorCode::invalid_argument, "the question is empty", "write a question");
    question = question.substr(first, question.find_last_not_of(" \t\r\n") + 1 - first);
    DocumentPrompt prompt;
    prompt.language = settings.language.value_or(language_of(question));
    // The instruction for passages is the longer one.
    const int bare = count(prompt_content(question, {}, settings, prompt.language)) +
                     (settings.form == PromptForm::plain ? 40 : 160);
    if (bare > settings.room)
        return fail(ErrorCode::context_overflow,
                    "the question and its instructions need about " + std::to_string(bare) +
                        " tokens, and there are " + std::to_string(settings.room),
                    "shorten the question, or open the model with a longer context");
    int left = settings.room - bare;
    std::optional<PassageFocus> focus;
    for (std::size_t i = 0; i < passages.size(); ++i) {
        PlacedPassage one{passages[i], i, 0, false, {}};
        Passage& passage = one.passage;
        passage.text = to_well_formed_utf8(passage.text);
        // What an earlier, nearer passage of the same document says already.
        if (passage.text.size() == passage.last - passage.first)
            for (const PlacedPassage& other : prompt.placed) {
                const Passage& known = other.passage;
                if (known.document != passage.document || known.title != passage.title ||
                    known.last == known.first || known.text.size() != known.last - known.first)
                    continue;
                if (passage.first >= known.first && passage.first < known.last) {
                    const auto repeated =
                        std::min<std::size_t>(known.last - passage.first, passage.text.size());
                    passage.text.erase(0, repeated);
                    passage.first += static_cast<std::uint32_t>(repeated);
                } else if (passage.last > known.first && passage.last <= known.last) {
                    passage.text.resize(known.first - passage.first);
                    passage.last = known.first;
                }
            }
        if (passage.text.find_first_not_of(" \t\r\n") == std::string::npos) continue;  // nothing of its own
        const int allowed = std::min(settings.passage_tokens, left - kAround);
        one.tokens = count(passage.text);
        if (one.tokens > allowed) {
            if (allowed < kShred) {
                prompt.left_out.push_back(i);
                continue;
            }
            if (!focus) focus.emplace(question, passages);
            shorten(passage, allowed, *focus, count);
            one.cut = true;
            one.tokens = count(passage.text);
            if (one.tokens == 0) {
                prompt.left_out.push_back(i);
                continue;
            }
        }
        left -= one.tokens + kAround;
        one.flags = find_flags(passage.text, settings.is_special);
        prompt.placed.push_back(std::move(one));
    }
    // Documents in the order of their nearest passage, passages in the order of their document.
    const auto key = [](const Passage& passage) { return std::make_pair(passage.document, passage.title); };
    for (;;) {
        std::map<std::pair<std::int64_t, std::string>, std::size_t> rank;
        for (const PlacedPassage& one : prompt.placed) {
            const auto [at, added] = rank.try_emplace(key(one.passage), one.source);
            if (!added) at->second = std::min(at->second, one.source);
        }
        std::stable_sort(
            prompt.placed.begin(), prompt.placed.end(), [&](const PlacedPassage& a, const PlacedPassage& b) {
                const auto left_rank = rank[key(a.passage)], right_rank = rank[key(b.passage)];
                return left_rank != right_rank ? left_rank < right_rank : a.passage.first < b.passage.first;
            });
        prompt.content = prompt_content(question, prompt.placed, settings, prompt.language);
        prompt.tokens = count(prompt.content);
        if (prompt.tokens <= settings.room || prompt.placed.empty()) break;
        const auto farthest = std::max_element(
            prompt.placed.begin(), prompt.placed.end(),
            [](const PlacedPassage& a, const PlacedPassage& b) { return a.source < b.source; });
        prompt.left_out.push_back(farthest->source);
        prompt.placed.erase(farthest);
    }
    if (prompt.tokens > settings.room)
        return fail(ErrorCode::context_overflow,
                    "the question and its instructions need " + std::to_string(prompt.tokens) +
                        " tokens, and there are " + std::to_string(settings.room),
                    "shorten the question, or open the model with a longer context");
    std::sort(prompt.left_out.begin(), prompt.left_out.end());
    prompt.stops = prompt_stops(settings, prompt.placed.size(), prompt.language);
    return prompt;
}

}  // namespace pellucid::answering
