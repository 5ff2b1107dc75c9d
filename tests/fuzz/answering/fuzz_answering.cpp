// Any bytes as an answer, a thought, a passage: marks and mentions come out the same however they are cut,
// flags lie inside the text, a passage made safe spells no control token and no fence, and what the check of
// an answer says lies inside the answer and its passages.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "app/answering/answer_stream.h"
#include "app/answering/citation_marks.h"
#include "app/answering/nearest_words.h"
#include "app/answering/passage_watch.h"
#include "app/answering/sentences.h"
#include "app/answering/untrusted_text.h"
#include "engine/text/utf8.h"

using namespace pellucid;
using namespace pellucid::answering;

namespace {

void must(bool truth) {
    if (!truth) std::abort();
}

struct Read {
    std::string text;
    std::vector<CitationMark> marks;
    std::vector<UnknownMark> unknown;
    bool operator==(const Read&) const = default;

    void take(const std::vector<MarkEvent>& events) {
        for (const MarkEvent& event : events) {
            if (const auto* piece = std::get_if<std::string>(&event)) must(is_utf8(*piece)), text += *piece;
            if (const auto* mark = std::get_if<CitationMark>(&event)) marks.push_back(*mark);
            if (const auto* mark = std::get_if<UnknownMark>(&event)) unknown.push_back(*mark);
        }
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size < 2 || size > 4096) return 0;
    const std::size_t step = 1 + bytes[0] % 7;
    const int passages = bytes[1] % 6;
    const std::string_view text(reinterpret_cast<const char*>(bytes) + 2, size - 2);

    Read whole, cut;
    CitationMarks at_once(passages), in_pieces(passages);
    whole.take(at_once.push(text));
    whole.take(at_once.finish());
    for (std::size_t at = 0; at < text.size(); at += step) cut.take(in_pieces.push(text.substr(at, step)));
    cut.take(in_pieces.finish());
    must(whole == cut);
    for (const CitationMark& mark : whole.marks) {
        must(mark.number >= 1 && mark.number <= passages && mark.span.last <= whole.text.size());
        must(whole.text.substr(mark.span.first, mark.span.size()) == "[" + std::to_string(mark.number) + "]");
    }

    Passage passage;
    passage.title = "A title of it.pdf";
    passage.text = std::string(text.substr(0, text.size() / 2));
    const std::vector<Passage> all(static_cast<std::size_t>(passages), passage);
    PassageWatch watch_whole(all), watch_cut(all);
    auto mentions = watch_whole.push(text);
    for (const Mention& mention : watch_whole.finish()) mentions.push_back(mention);
    std::vector<Mention> others;
    for (std::size_t at = 0; at < text.size(); at += step)
        for (const Mention& mention : watch_cut.push(text.substr(at, step))) others.push_back(mention);
    for (const Mention& mention : watch_cut.finish()) others.push_back(mention);
    must(mentions == others);

    std::size_t end = 0;
    for (const Span& sentence : sentences_of(text)) {
        must(sentence.first >= end && sentence.first < sentence.last && sentence.last <= text.size());
        end = sentence.last;
    }
    for (const Flag& flag : find_flags(text)) {
        must(flag.span.first < flag.span.last && flag.span.last <= text.size() && is_utf8(flag.words));
    }
    language_of(text);
    const std::string safe = neutralise(text);
    must(is_utf8(safe) && neutralise(safe) == safe);
    for (const Flag& flag : find_flags(safe))
        must(flag.kind != FlagKind::special_token && flag.kind != FlagKind::fence);
    for (const char* token : {"<|im_end|>", "</think>", "[INST]", "<start_of_turn>", "[file content end]"})
        must(safe.find(token) == safe.npos);

    // The check of any answer against any passages: what it says lies inside both texts.
    const std::string_view answer = std::string_view(whole.text).substr(0, 300);
    passage.text = passage.text.substr(0, 300);
    passage.headings = std::string(text.substr(0, 30));
    std::vector<Passage> held(all.empty() ? 0 : 2, passage);
    if (!held.empty()) held.back().text = std::string(text.substr(text.size() / 2, 300));
    std::vector<CitationMark> marks;
    for (const CitationMark& mark : whole.marks)
        if (mark.span.last <= answer.size()) marks.push_back(mark);
    CheckSettings settings;
    if (step % 2 == 0) settings.question = std::string(text.substr(0, text.size() / 3).substr(0, 200));
    const CheckedAnswer checked = check_answer(answer, marks, held, settings);
    for (const Citation& citation : checked.citations) {
        must(citation.number >= 1 && static_cast<std::size_t>(citation.number) <= held.size());
        must(citation.sentence < checked.sentences.size() && citation.mark.last <= answer.size());
        must(citation.evidence.first <= citation.evidence.last &&
             citation.evidence.last <= held[static_cast<std::size_t>(citation.number - 1)].text.size());
    }
    for (const CheckedSentence& sentence : checked.sentences)
        must(sentence.span.first < sentence.span.last && sentence.span.last <= answer.size());
    for (const NearestWords& near : nearest_words(settings.question, held))
        must(near.span.last <= held[static_cast<std::size_t>(near.number - 1)].text.size());
    return 0;
}
