#include "app/answering/answer_stream.h"

#include <algorithm>

#include "app/answering/claim_terms.h"
#include "app/answering/sentences.h"
#include "app/answering/word_forms.h"

namespace pellucid::answering {

namespace {

constexpr std::size_t kFewSentences = 2;

/// The answer without its marks, and where each of its bytes stands in the answer.
struct Bare {
    std::string text;
    std::vector<std::size_t> from;  ///< text.size() + 1
};

Bare without_marks(std::string_view text, std::span<const CitationMark> marks) {
    Bare bare;
    std::size_t mark = 0;
    for (std::size_t at = 0; at < text.size();) {
        if (mark < marks.size() && marks[mark].span.first == at) {
            at = marks[mark++].span.last;
            continue;
        }
        bare.text += text[at];
        bare.from.push_back(at++);
    }
    bare.from.push_back(text.size());
    return bare;
}

/// "3." before an item of a list.
bool is_list_number(std::string_view sentence) {
    return sentence.size() >= 2 && sentence.size() <= 4 &&
           (sentence.back() == '.' || sentence.back() == ')') &&
           sentence.find_first_not_of("0123456789") == sentence.size() - 1;
}

/// What an unmarked sentence states that documents could support; empty: nothing. Where they are the whole
/// answer, a few words ("Ian Murdock.") say it together with the question.
std::string stated(std::string_view sentence, const std::string& question, bool whole_answer) {
    int content = 0, numbers = 0, literal = 0, fresh = 0;
    const Terms asked = terms_of(question);
    for (const Term& term : terms_of(sentence).all) {
        content += term.weight > 0;
        numbers += term.kind == Term::Kind::number;
        literal += term.kind == Term::Kind::name || term.kind == Term::Kind::number;
        fresh += term.weight > 0 && !std::any_of(asked.all.begin(), asked.all.end(), [&](const Term& other) {
                     return same_word(other.text, term.text);
                 });
    }
    if (numbers == content && !whole_answer) return {};  // numbers of sections, of items
    if (content >= 4 || (fresh > 0 && literal > 0 && content >= 2) || (!question.empty() && content >= 3))
        return std::string(sentence);
    if (question.empty() || !whole_answer || fresh == 0) return {};
    std::string whole = question;
    while (whole.ends_with('?') || whole.ends_with(' ')) whole.pop_back();
    if (whole.ends_with("？")) whole.resize(whole.size() - std::string_view("？").size());
    return whole + " " + std::string(sentence);
}

}  // namespace

CheckedAnswer check_answer(std::string_view text, std::span<const CitationMark> marks,
                           std::span<const Passage> passages, const CheckSettings& settings) {
    CheckedAnswer answer;
    answer.text = text;
    const Bare bare = without_marks(text, marks);
    const auto sentences = sentences_of(bare.text);
    std::vector<std::vector<std::size_t>> cited(sentences.size());  // marks of each sentence
    for (std::size_t i = 0; i < marks.size(); ++i) {
        // The sentence in which it stands or behind which it comes; one before all of them belongs to the
        // first.
        std::size_t sentence = 0;
        while (sentence + 1 < sentences.size() &&
               bare.from[sentences[sentence + 1].first] < marks[i].span.first)
            ++sentence;
        if (!sentences.empty()) cited[sentence].push_back(i);
    }
    const bool refuses = says_not_found(bare.text);
    CheckSettings finding = settings;
    finding.unmarked = true;
    std::vector<Verdict> verdicts;
    for (std::size_t i = 0; i < sentences.size(); ++i) {
        CheckedSentence sentence;
        sentence.span = {bare.from[sentences[i].first], bare.from[sentences[i].last - 1] + 1};
        for (const std::size_t mark : cited[i])
            sentence.span.last = std::max(sentence.span.last, marks[mark].span.last);
        const std::string_view words =
            std::string_view(bare.text).substr(sentences[i].first, sentences[i].size());
        std::vector<const Passage*> against;
        std::vector<int> numbers;
        for (const std::size_t mark : cited[i]) {
            const int number = marks[mark].number;
            if (number < 1 || static_cast<std::size_t>(number) > passages.size() ||
                std::find(numbers.begin(), numbers.end(), number) != numbers.end())
                continue;
            numbers.push_back(number);
            against.push_back(&passages[static_cast<std::size_t>(number - 1)]);
        }
        if (!against.empty()) {
            sentence.cited = true;
            sentence.check = check_claim(words, against, settings).check;
            for (const std::size_t mark : cited[i]) {
                const int number = marks[mark].number;
                if (number < 1 || static_cast<std::size_t>(number) > passages.size()) continue;
                const ClaimCheck own =
                    check_claim(words, passages[static_cast<std::size_t>(number - 1)], settings);
                answer.citations.push_back({marks[mark].span, number, false, i, own.evidence});
            }
        } else if (const std::string claim =
                       refuses || (sentences.size() > 1 && is_list_number(words))
                           ? std::string()
                           : stated(words, settings.question, sentences.size() <= kFewSentences);
                   !claim.empty()) {
            std::vector<const Passage*> all;
            for (const Passage& passage : passages) all.push_back(&passage);
            const CitedCheck found = check_claim(claim, all, finding);
            sentence.check = found.check;
            if (found.check.verdict == Verdict::supported) {
                sentence.cited = true;
                answer.citations.push_back({{sentence.span.last, sentence.span.last},
                                            static_cast<int>(found.which) + 1,
                                            true,
                                            i,
                                            found.check.evidence});
            }
        }
        verdicts.push_back(sentence.check.verdict);
        answer.sentences.push_back(std::move(sentence));
    }
    answer.outcome = outcome_of(bare.text, passages.size(), verdicts);
    return answer;
}

AnswerStream::AnswerStream(std::vector<Passage> passages, CheckSettings settings)
    : passages_(std::move(passages)),
      settings_(std::move(settings)),
      marks_(static_cast<int>(passages_.size())),
      watch_(passages_) {}

std::vector<AnswerEvent> AnswerStream::answered(const std::vector<MarkEvent>& events) {
    std::vector<AnswerEvent> out;
    for (const MarkEvent& event : events) {
        if (const auto* text = std::get_if<std::string>(&event)) out.emplace_back(AnswerText{*text});
        if (const auto* mark = std::get_if<CitationMark>(&event))
            found_.push_back(*mark), out.emplace_back(*mark);
        if (const auto* mark = std::get_if<UnknownMark>(&event))
            unknown_.push_back(*mark), out.emplace_back(*mark);
    }
    return out;
}

std::vector<AnswerEvent> AnswerStream::take(const Delta& delta) {
    std::vector<AnswerEvent> events;
    if (delta.channel == Delta::Channel::thought) {
        thought_ends_ = false;
        events.emplace_back(ThoughtText{delta.text});
        for (const Mention& mention : watch_.push(delta.text)) events.emplace_back(mention);
    } else if (delta.channel == Delta::Channel::answer) {
        if (!thought_ends_) {
            thought_ends_ = true;
            for (const Mention& mention : watch_.finish()) events.emplace_back(mention);
        }
        for (AnswerEvent& event : answered(marks_.push(delta.text))) events.push_back(std::move(event));
    }
    return events;
}

std::vector<AnswerEvent> AnswerStream::finish() {
    std::vector<AnswerEvent> events;
    if (!thought_ends_) {
        thought_ends_ = true;
        for (const Mention& mention : watch_.finish()) events.emplace_back(mention);
    }
    for (AnswerEvent& event : answered(marks_.finish())) events.push_back(std::move(event));
    return events;
}

CheckedAnswer AnswerStream::check() const {
    CheckedAnswer answer = check_answer(marks_.text(), found_, passages_, settings_);
    answer.unknown = unknown_;
    return answer;
}

}  // namespace pellucid::answering
