#include "app/answering/question_rewriter.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "app/answering/claim_terms.h"
#include "app/answering/folded_text.h"
#include "app/answering/word_forms.h"
#include "engine/text/utf8.h"

namespace pellucid::answering {

namespace {

constexpr std::size_t kLongestQuestion = 500;
constexpr double kRankConstant = 60;

constexpr std::array kPointing = {"it",   "its",    "they",   "them",  "their", "he",    "she",  "his",
                                  "her",  "this",   "that",   "these", "those", "there", "then", "one",
                                  "ones", "former", "latter", "same",  "else",  "such"};
constexpr std::array kPointingChinese = {"它",   "他",   "她", "这个", "那个", "这些", "那些", "这里",
                                         "那里", "其中", "该", "上面", "前者", "后者", "刚才"};

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n\"“”*-"), last = text.find_last_not_of(" \t\r\n\"“”*");
    return first == text.npos ? std::string_view() : text.substr(first, last - first + 1);
}

/// The model is asked for one line: bounded in tokens and time, without a thought.
std::string reply_of(Session& session, Conversation conversation, const RewriteSettings& settings,
                     CancelToken cancel, int& tokens, bool& failed) {
    Request request;
    request.input = std::move(conversation);
    request.max_tokens = settings.max_tokens;
    request.sampling.temperature = 0;
    request.thinking.mode = ThinkingMode::never;
    request.stop = {"\n"};
    failed = true;
    auto started = session.generate(request);
    if (!started) return {};
    const auto until = std::chrono::steady_clock::now() + settings.patience;
    std::string answer;
    for (;;) {
        const auto event = (*started)->next(std::chrono::milliseconds(100));
        if (cancel.cancelled() || std::chrono::steady_clock::now() > until) {
            (void)(*started)->control(Cancel{});
            return {};
        }
        if (!event) continue;
        if (const auto* delta = std::get_if<Delta>(&*event)) {
            if (delta->channel == Delta::Channel::answer) answer += delta->text;
        } else if (const auto* finish = std::get_if<Finish>(&*event)) {
            tokens = finish->timings.answer_tokens + finish->timings.thought_tokens;
            failed = finish->reason == FinishReason::failed || finish->reason == FinishReason::cancelled;
            return answer;
        }
    }
}

std::set<std::string> content_of(std::string_view text) {
    std::set<std::string> content;
    for (const Term& term : terms_of(text).all)
        if (term.weight > 0) content.insert(term.text);
    return content;
}

}  // namespace

bool leans_on_history(std::string_view question) {
    const FoldedText folded = fold(trim(question));
    const auto words = words_of(folded.text);
    int content = 0;
    for (const Term& term : terms_of(question).all) content += term.weight > 0;
    bool points = false;
    for (const Word& word : words)
        points = points || std::find(kPointing.begin(), kPointing.end(), word.text) != kPointing.end();
    for (const std::string_view word : kPointingChinese)
        points = points || folded.text.find(word) != folded.text.npos;
    const std::string_view text = folded.text;
    const bool goes_on = text.starts_with("and ") || text.starts_with("but ") ||
                         text.starts_with("what about") || text.starts_with("how about") ||
                         text.starts_with("why") || text.starts_with("那") || text.starts_with("还有") ||
                         text.starts_with("为什么") || text.ends_with("呢") || text.ends_with("呢?");
    return points || content < 2 || (goes_on && content < 5);
}

std::vector<std::string> parts_of(std::string_view question, int most) {
    std::vector<std::string> parts;
    const auto take = [&](std::string_view part) {
        part = trim(part);
        int content = 0;
        for (const Term& term : terms_of(part).all) content += term.weight > 0;
        if (content >= 2) parts.emplace_back(part);
    };
    // Each question mark ends one; within one, ", and how …" begins another.
    std::size_t first = 0;
    for (std::size_t at = 0; at < question.size();) {
        const Utf8Char c = decode_utf8(question, at);
        const std::size_t next = at + c.length;
        bool ends =
            c.code_point == '?' || c.code_point == 0xFF1F || c.code_point == ';' || c.code_point == 0xFF1B;
        std::size_t begin = next;
        if (c.code_point == ',' || c.code_point == 0xFF0C) {
            const std::string rest = fold(question.substr(next, 40)).text;
            std::string_view view = rest;
            while (view.starts_with(" ")) view.remove_prefix(1);
            for (const std::string_view word :
                 {"and how", "and what", "and why", "and when", "and where", "and who", "and which", "and is",
                  "and does", "and can", "以及", "还有", "另外", "并且"})
                ends = ends || view.starts_with(word);
        }
        if (ends) {
            take(question.substr(first, at - first));
            first = begin;
        }
        at = next;
    }
    take(question.substr(first));
    if (parts.size() < 2) return {};
    if (parts.size() > static_cast<std::size_t>(most)) parts.resize(static_cast<std::size_t>(most));
    return parts;
}

Conversation rewrite_request(std::string_view question, std::span<const Turn> history,
                             const RewriteSettings& settings, const TokenCounter& count) {
    const bool chinese = language_of(question) == Language::chinese;
    std::vector<std::string> lines;
    int left = settings.history_tokens;
    for (std::size_t i = history.size(); i > 0 && left > 0; --i) {
        const Turn& turn = history[i - 1];
        std::string answer = turn.answer.substr(0, 600);
        answer.resize(well_formed_prefix(answer));
        const std::string line = (chinese ? "用户：" : "Person: ") + turn.question + "\n" +
                                 (chinese ? "助手：" : "Assistant: ") + answer + "\n";
        const int tokens = count(line);
        if (tokens > left) break;
        left -= tokens;
        lines.insert(lines.begin(), line);
    }
    std::string content = chinese ? "对话：\n" : "Conversation:\n";
    for (const std::string& line : lines) content += neutralise(line);
    content += chinese ? "\n最后的问题：" : "\nLast question: ";
    content += question;
    content += chinese ? "\n\n请把最后的问题改写成一个不看对话也能明白的完整问题。只写出改写后的问题，写在一"
                         "行里，不要回答它。"
                       : "\n\nWrite the last question again so that it can be understood without the "
                         "conversation. Write only that "
                         "question, in one line. Do not answer it.";
    Conversation conversation;
    ChatMessage message;
    message.role = Role::user;
    message.content = std::move(content);
    conversation.messages.push_back(std::move(message));
    return conversation;
}

std::string read_rewrite(std::string_view reply, std::string_view question, std::span<const Turn> history) {
    std::string_view line = trim(reply);
    line = trim(line.substr(0, line.find('\n')));
    for (const std::string_view label :
         {"Question:", "Rewritten question:", "Last question:", "问题：", "改写后的问题：", "改写："})
        if (line.starts_with(label)) line = trim(line.substr(label.size()));
    if (line.empty() || line.size() > kLongestQuestion) return {};
    // It must keep what the question says, and what it adds must come from the conversation.
    const auto asked = content_of(question), made = content_of(line);
    std::set<std::string> known = asked;
    for (const Turn& turn : history)
        for (const std::string& text : {turn.question, turn.answer}) known.merge(content_of(text));
    const auto shared = [](const std::set<std::string>& of, const std::set<std::string>& in) {
        std::size_t found = 0;
        for (const std::string& word : of)
            found += std::any_of(in.begin(), in.end(),
                                 [&](const std::string& other) { return same_word(word, other); });
        return found;
    };
    if (made.empty() || made.size() < asked.size() / 2) return {};
    if (!asked.empty() && shared(asked, made) * 2 < asked.size()) return {};
    if (shared(made, known) * 3 < made.size() * 2) return {};
    return std::string(line);
}

RewrittenQuestion rewrite_question(std::string_view question, std::span<const Turn> history, Session& session,
                                   const TokenCounter& count, const RewriteSettings& settings,
                                   CancelToken cancel) {
    RewrittenQuestion result;
    result.question = std::string(trim(question));
    const auto done = [&](RewriteReason reason) {
        result.reason = reason;
        result.parts = parts_of(result.question, settings.most_parts);
        return result;
    };
    if (history.empty()) return done(RewriteReason::no_history);
    if (!leans_on_history(question)) return done(RewriteReason::stands_alone);
    bool failed = false;
    const std::string reply = reply_of(session, rewrite_request(question, history, settings, count), settings,
                                       cancel, result.tokens, failed);
    const std::string made = failed ? std::string() : read_rewrite(reply, question, history);
    if (!made.empty()) {
        result.question = made;
        return done(RewriteReason::rewritten);
    }
    // Without the model's help the question before it names what this one is about.
    result.question = std::string(trim(question)) + " " + history.back().question;
    done(failed ? RewriteReason::failed : RewriteReason::refused);
    result.parts.clear();
    return result;
}

Result<Gathered> gather_passages(const RewrittenQuestion& question, const FindPassages& find, int limit) {
    Gathered gathered;
    struct Ranked {
        Passage passage;
        double fused = 0;
        std::size_t order = 0;
    };
    std::map<std::tuple<std::int64_t, std::uint32_t, std::uint32_t>, Ranked> all;
    const auto take = [&](const std::string& query, double weight) -> Result<void> {
        gathered.queries.push_back(query);
        PELLUCID_TRY(const auto found, find(query, limit));
        for (std::size_t i = 0; i < found.size(); ++i) {
            const auto [at, added] = all.try_emplace({found[i].document, found[i].first, found[i].last},
                                                     Ranked{found[i], 0, all.size()});
            at->second.fused += weight / (kRankConstant + static_cast<double>(i + 1));
        }
        return {};
    };
    const auto best = [&] {
        std::vector<Ranked> ranked;
        for (const auto& [key, one] : all) ranked.push_back(one);
        std::sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
            return a.fused != b.fused ? a.fused > b.fused : a.order < b.order;
        });
        return ranked;
    };
    PELLUCID_CHECK(take(question.question, 1));
    for (const std::string& part : question.parts) (void)take(part, 1);
    if (!question.parts.empty()) {
        // Again, with a name that the nearest passages share and that the question does not have.
        const auto asked = content_of(question.question);
        std::map<std::string, int> names;
        const auto ranked = best();
        for (std::size_t i = 0; i < std::min<std::size_t>(4, ranked.size()); ++i) {
            std::set<std::string> here;
            for (const Term& term :
                 terms_of(ranked[i].passage.text.substr(
                              0, well_formed_prefix(ranked[i].passage.text.substr(0, 600))))
                     .all)
                if (term.kind == Term::Kind::name && term.capital && !asked.contains(term.text))
                    here.insert(term.text);
            for (const std::string& name : here) ++names[name];
        }
        const auto most = std::max_element(names.begin(), names.end(),
                                           [](const auto& a, const auto& b) { return a.second < b.second; });
        if (most != names.end() && most->second >= 2)
            (void)take(question.parts.back() + " " + most->first, 0.5);
    }
    for (Ranked& one : best()) {
        if (gathered.passages.size() >= static_cast<std::size_t>(limit)) break;
        one.passage.score = one.fused;
        gathered.passages.push_back(std::move(one.passage));
    }
    return gathered;
}

}  // namespace pellucid::answering
