#include "app/answering/instruction_patterns.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "app/answering/folded_text.h"

namespace pellucid::answering {

namespace {

// A pattern is a row of places separated by blanks; each place is a choice of words ("ignore|disregard"),
// "~n" lets up to n words stand between its neighbours (else they touch). In Chinese patterns the places are
// pieces of text and "~n" counts characters.

/// Orders that can only mean a model.
constexpr std::array kStrong = {
    "ignore|disregard|forget|override|bypass|discard ~3 "
    "previous|prior|earlier|above|preceding|foregoing|original|initial|system|your ~3 "
    "instructions|instruction|prompt|prompts|directive|directives|guidelines|programming|training",
    "ignore|disregard|forget ~1 everything|anything|all ~4 above|previously|earlier|told|before ~0 and|,|:|;",
    "ignore|disregard|forget ~1 everything|anything ~3 said|told|instructed|read ~3 "
    "so|before|above|previously|earlier|until",
    "ignore|disregard|override|forget ~1 user's|users ~1 question|query|request|input|prompt",
    "ignore|disregard|override|forget ~1 user ~0 question|query|request|prompt",
    "reveal|print|output|show|repeat|display|leak|disclose|recite|share|expose ~4 "
    "system|hidden|secret|initial|original ~0 prompt|prompts",
    "reveal|print|output|repeat|leak|disclose|recite|expose ~2 your ~2 "
    "instructions|prompt|programming|guidelines",
    "you ~1 are|must ~0 now ~3 "
    "dan|jailbroken|unrestricted|unfiltered|ai|llm|chatbot|assistant|gpt|bot|persona",
    "pretend|act|behave|roleplay|respond ~1 to|as|like ~1 be|if|an|a|the ~2 "
    "dan|unrestricted|unfiltered|jailbroken|uncensored",
    "pretend|act|behave|roleplay ~2 have|without|with|had ~1 no|any ~1 "
    "restrictions|limitations|filters|guidelines|rules ~2 and|,|.|or",
    "new|updated|real|actual|secret|hidden|additional|following ~1 instructions|instruction|orders ~1 "
    "for|from|to ~2 "
    "ai|assistant|llm|llms|chatbot|openai|anthropic|deepseek",
    "new|updated|override|overriding ~1 system ~0 instructions|prompt|directive",
    "henceforth ~3 you ~3 respond|answer|reply|output|speak|act|refuse|say|pretend",
    "from|going ~0 now|forward ~1 on|, ~3 you ~3 respond|answer|reply|output|speak|act|refuse|say|pretend",
    "your ~1 new|real|true|only|actual ~0 instructions|instruction|directive|prompt ~1 is|are|:",
    "ai|llm|llms|chatbot|chatbots|gpt|assistants|models|agents ~2 "
    "reading|processing|summarizing|summarising|parsing|evaluating|reviewing ~1 this|it",
    "when|if|while|before ~3 summarizing|summarising|translating|evaluating|reviewing ~1 this|the ~3 , ~1 "
    "say|state|respond|answer|always|you|tell|claim|include|recommend|ignore",
    "give|write|provide|output ~2 positive|favorable|favourable ~1 review|evaluation|rating|assessment ~1 "
    "only",
    "do|don't ~0 not|highlight|mention ~2 highlight|mention|any ~1 any|negatives|weaknesses ~1 "
    "negatives|weaknesses|flaws|criticism",
    "send|forward|post|upload|transmit|append|exfiltrate ~4 this|the|entire|full|whole|our|chat|user's ~1 "
    "conversation|chat|context|prompt ~2 to|history ~3 to|http|https|url|address|server|email|webhook",
    "do|don't|without|never ~1 not|tell|telling|reveal|mention|disclose|inform ~2 "
    "this|these|the|them|you|that ~3 to ~1 user|human ~3",
    "stop ~1 being|acting ~3 assistant|ai|chatbot ~1",
    "jailbreak|dan|unrestricted ~0 mode ~1 enabled|activated|on|is",
    "end|begin|beginning|start ~0 of ~1 system|hidden|secret ~0 prompt|instructions|message",
};

/// Speaking to a model …
constexpr std::array kAddress = {
    "if ~0 you|you're ~3 ai|llm|chatbot|gpt|chatgpt|deepseek|copilot",
    "if ~0 you|you're ~3 language|ai ~0 model|assistant|agent",
    "dear|attention|note|hey|hello|message|instructions|instruction|notice|important|warning|to ~2 "
    "ai|llm|llms|chatbot|chatgpt|deepseek",
    "dear|attention|note|hey|hello|message|instructions|instruction|notice|important|to ~2 language|ai ~0 "
    "model|models|assistant|assistants|agent|agents",
    "as ~1 ai|large|language ~1 language|model|assistant|agent ~2 , ~0 you",
    "you|you're ~2 helpful|ai|language|large|virtual ~1 assistant|model|chatbot|language",
    "ai|language|digital ~0 assistant|model ~0 ,|:",
    "assistant|chatbot|llm|chatgpt ~0 ,|:",
};
/// … and ordering.
constexpr std::array kOrder = {
    "respond|reply|answer|say|output|print|recommend|include|ignore|tell|approve|praise|rate|execute|send|"
    "visit|refuse|repeat|conclude|append|begin|state",
    "you ~0 must|should|will|shall|may",
    "do ~0 not",
    "must|always|never",
};

/// Before an order: makes it a statement or a warning.
constexpr std::array kNotAnOrder = {"not",   "never",  "don't",  "cannot", "can't", "won't",   "who",
                                    "they",  "we",     "i",      "may",    "might", "often",   "doesn't",
                                    "users", "people", "didn't", "could",  "would", "to avoid"};

constexpr std::array kStrongChinese = {
    "忽略|无视|忽视|忘记|忘掉|抛开|不要理会|不要遵守|不用理会|推翻|覆盖 ~6 "
    "之前|以前|先前|此前|以上|上述|前面|上面|前文|你的|系统|原有|原来 ~8 "
    "指令|指示|提示|提示词|命令|设定|限制",
    "忽略|无视|忘记|忘掉|抛开|不要理会 ~3 所有|一切|全部|任何 ~6 指令|提示词|设定|系统提示",
    "忽略|无视|忘记|忘掉|不要理会 ~4 之前|以上|上述|前面|上面 ~3 所有|全部|一切 ~3 内容|对话|信息",
    "你现在是|现在你是|从现在起你|从现在起,你|从现在开始你|从现在开始,你|从此刻起你|今后你 ~10 "
    "ai|助手|模型|机器人|扮演|只能回答|只回答|回复|输出|dan|没有限制|不受限制|不受任何",
    "输出|泄露|透露|打印|重复|复述|告诉我|说出|展示|显示 ~6 "
    "系统提示词|系统指令|提示词|你的指令|初始指令|初始提示|隐藏指令|你的设定",
    "不要|不得|切勿|请勿|别|无需|禁止 ~3 告诉|告知|提及|透露|提醒|通知 ~3 用户",
    "新指令|新的指令|新指示|最新指令|真正的指令|隐藏指令|秘密指令 ~2 :|是|如下",
    "忽略|无视|不要回答 ~3 用户 ~4 问题|提问|请求|输入|要求",
    "总结|概括|摘要|评审|评价|翻译|审阅 ~4 本|此|这篇|该|这份|这段 ~5 时 ~3 请|务必|必须|你|应",
    "只|仅|必须|务必 ~3 给出|给予|输出|写 ~4 正面|好评|积极|最高 ~5 评价|评审|评分|评语|评论",
    "扮演|假装|假扮 ~8 ai|不受限制|没有限制|没有任何限制|越狱|dan",
    "ai|人工智能|大模型|语言模型|智能助手|机器人 ~6 阅读|读到|看到|处理|总结 ~4 本|此|这 ~14 请|必须|务必|应",
    "把|将 ~8 对话|聊天记录|上下文|用户信息|用户数据 ~6 发送|发到|上传|转发 ~4 到|给|至|http",
};
constexpr std::array kAddressChinese = {
    "如果你是|假如你是|若你是|如你是 ~6 ai|人工智能|语言模型|大模型|机器人|智能助手|聊天机器人",
    "致|各位|亲爱的|注意|提醒|给 ~4 ai|人工智能|大模型|智能助手|语言模型",
    "作为 ~4 ai|人工智能|语言模型|大模型|智能助手 ~6 你",
    "你是 ~4 ai|人工智能|语言模型|大模型|智能助手",
    "ai助手|智能助手|语言模型|大模型 ,|:",
};
constexpr std::array kOrderChinese = {"请|必须|务必|应当|只能|只需|不要|不得|你要|你应"};
constexpr std::array kNotAnOrderChinese = {"不得", "不要", "不能", "切勿", "不可", "禁止", "请勿",
                                           "勿",   "不应", "不会", "没有", "从未", "并未"};

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto next = text.find(at);
        parts.push_back(text.substr(0, next));
        if (next == text.npos) return parts;
        text.remove_prefix(next + 1);
    }
}

struct Place {
    std::vector<std::string_view> choices;
    int gap = 0;  ///< how far behind the place before
};

std::vector<Place> places_of(std::string_view pattern) {
    std::vector<Place> places;
    int gap = 0;
    for (const std::string_view part : split(pattern, ' ')) {
        if (part.empty()) continue;
        if (part[0] == '~') {
            gap = part[1] - '0';
            if (part.size() > 2) gap = gap * 10 + part[2] - '0';
        } else {
            places.push_back({split(part, '|'), places.empty() ? 0 : gap});
            gap = 0;
        }
    }
    return places;
}

bool is_one_of(std::string_view word, std::span<const char* const> words) {
    return std::any_of(words.begin(), words.end(), [&](const char* other) { return word == other; });
}

// ---- words ----

bool goes_on(std::span<const Word> words, std::size_t at, std::span<const Place> places) {
    if (places.empty()) return true;
    for (std::size_t i = at; i < words.size() && i <= at + static_cast<std::size_t>(places[0].gap); ++i) {
        const auto& choices = places[0].choices;
        if (std::find(choices.begin(), choices.end(), words[i].text) != choices.end() &&
            goes_on(words, i + 1, places.subspan(1)))
            return true;
    }
    return false;
}

bool matches(std::span<const Word> words, std::string_view pattern, bool order) {
    const auto places = places_of(pattern);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& choices = places[0].choices;
        if (std::find(choices.begin(), choices.end(), words[i].text) == choices.end()) continue;
        if (order && i > 0 && is_one_of(words[i - 1].text, kNotAnOrder)) continue;
        if (goes_on(words, i + 1, std::span(places).subspan(1))) return true;
    }
    return false;
}

// ---- characters ----

/// Byte behind `characters` more of them.
std::size_t skip(std::string_view text, std::size_t at, int characters) {
    while (characters-- > 0 && at < text.size()) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
    }
    return at;
}

bool goes_on(std::string_view text, std::size_t at, std::span<const Place> places) {
    if (places.empty()) return true;
    const std::size_t limit = skip(text, at, places[0].gap);
    for (const std::string_view choice : places[0].choices)
        for (auto i = text.find(choice, at); i != text.npos && i <= limit; i = text.find(choice, i + 1))
            if (goes_on(text, i + choice.size(), places.subspan(1))) return true;
    return false;
}

bool matches(std::string_view text, std::string_view pattern, bool order) {
    const auto places = places_of(pattern);
    for (const std::string_view choice : places[0].choices)
        for (auto i = text.find(choice); i != text.npos; i = text.find(choice, i + 1)) {
            const auto before = text.substr(0, i);
            if (order && !choice.starts_with("不") &&
                std::any_of(kNotAnOrderChinese.begin(), kNotAnOrderChinese.end(),
                            [&](const char* negation) { return before.ends_with(negation); }))
                continue;
            if (goes_on(text, i + choice.size(), std::span(places).subspan(1))) return true;
        }
    return false;
}

template <typename Text, std::size_t n>
bool any_of(const Text& text, const std::array<const char*, n>& patterns, bool order) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const char* pattern) { return matches(text, pattern, order); });
}

}  // namespace

bool orders_a_model(std::string_view folded) {
    const auto words = words_of(folded);
    bool chinese = false;
    for (const Word& word : words) chinese = chinese || word.kind == Word::Kind::ideograph;
    const std::span<const Word> all(words);
    if (any_of(all, kStrong, true)) return true;
    if (any_of(all, kAddress, false) && any_of(all, kOrder, false)) return true;
    if (!chinese) return false;
    std::string dense;  // without the blanks that line ends leave between characters
    for (const Word& word : words) dense += word.text;
    const std::string_view view(dense);
    return any_of(view, kStrongChinese, true) ||
           (any_of(view, kAddressChinese, false) && any_of(view, kOrderChinese, false));
}

}  // namespace pellucid::answering
