#include "engine/text/pre_tokenizer_names.h"

#include <array>

namespace pellucid {

namespace {

// The pieces from which the patterns are put together.
#define CONTRACTION "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#define UPPER "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]"
#define LOWER "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]"
#define SPACE_TAIL "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
#define CASED(ending) \
    "[^\\r\\n\\p{L}\\p{N}]?" UPPER "*" LOWER "+" ending "|[^\\r\\n\\p{L}\\p{N}]?" UPPER "+" LOWER "*" ending

constexpr std::string_view kGpt2 =
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
constexpr std::string_view kDigit = "\\p{N}";
constexpr std::string_view kLlama3 =
    CONTRACTION "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" SPACE_TAIL;
constexpr std::string_view kQwen2 =
    CONTRACTION "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" SPACE_TAIL;
constexpr std::string_view kQwen35 = CONTRACTION
    "|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|" SPACE_TAIL;
constexpr std::string_view kSeedCoder =
    CONTRACTION "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|" SPACE_TAIL;
constexpr std::string_view kBailing =
    "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}| "
    "?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|"
    "\\s+(?!\\S)|\\s+";
constexpr std::string_view kGpt4o =
    CASED(CONTRACTION "?") "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|" SPACE_TAIL;
constexpr std::string_view kTekken = CASED("") "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|" SPACE_TAIL;
// Kimi's pattern with its class intersections ("…&&[^\p{Han}]") written as lookaheads.
#define NOT_HAN(letters) "(?:(?!\\p{Han})" letters ")"
constexpr std::string_view kKimi =
    "\\p{Han}+"
    "|[^\\r\\n\\p{L}\\p{N}]?" NOT_HAN(UPPER) "*" NOT_HAN(
        LOWER) "+" CONTRACTION
               "?"
               "|[^\\r\\n\\p{L}\\p{N}]?" NOT_HAN(UPPER) "+" NOT_HAN(
                   LOWER) "*" CONTRACTION
                          "?"
                          "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|" SPACE_TAIL;

constexpr std::string_view kDeepSeekCjk = "[一-龥぀-ゟ゠-ヿ]+";
constexpr std::string_view kDeepSeek3 =
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+|"
    " ?[\\p{P}\\p{S}]+[\\r\\n]*|" SPACE_TAIL;
constexpr std::string_view kLineBreak = "[\\r\\n]";
constexpr std::string_view kDeepSeekLetters =
    "\\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-"
    "Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-"
    "ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-"
    "𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃]+";
constexpr std::string_view kDeepSeekMarks = "\\s?[!-/:-~！-／：-～‘-‟　-。]+";
constexpr std::string_view kDeepSeekEast = "[一-龥ࠀ-一가-퟿]+";
constexpr std::string_view kBloom = " ?[^(\\s|.,!?…。，、।۔،)]+";
constexpr std::string_view kFalconMarks = "[\\p{P}\\$\\+<=>\\^~\\|`]+";
constexpr std::string_view kThreeDigits = "[0-9][0-9][0-9]";

struct Row {
    std::vector<std::string_view> names;
    NamedPreTokenizer what;
};

// Names: those that the public GGUF converters write. A name is here only where its patterns are known for
// sure; embedding models (which add a separator token) are not.
const std::vector<Row>& rows() {
    static const std::vector<Row> kRows = {
        {{"default"}, {{"[\\p{P}\\$\\+<=>\\^~\\|]+", kGpt2, "\\p{N}+", kThreeDigits}}},
        {{"llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"},
         {{kLlama3}, false, true, true}},
        {{"smaug-bpe", "dbrx", "glm4", "chatglm-bpe"}, {{kLlama3}}},
        {{"qwen2", "deepseek-r1-qwen", "kormo", "megrez"}, {{kQwen2}, true}},
        {{"qwen35"}, {{kQwen35}, true}},
        {{"stablelm2", "hunyuan", "grok-2", "solar-open"}, {{kQwen2}}},
        {{"deepseek-llm"},
         {{kLineBreak, kDeepSeekLetters, kDeepSeekMarks, "\\s+$", kDeepSeekEast, "\\p{N}+"}}},
        {{"deepseek-coder"}, {{kLineBreak, "\\s?\\p{L}+", "\\s?\\p{P}+", kDeepSeekEast, kDigit}}},
        {{"deepseek-v3", "hunyuan-dense"}, {{"\\p{N}{1,3}", kDeepSeekCjk, kDeepSeek3}}},
        {{"gpt-2", "phi-2", "mpt", "olmo", "jais", "trillion", "granite-docling", "exaone4", "gigachat",
          "a.x-4.0", "mellum"},
         {{kGpt2}}},
        {{"starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b"},
         {{kDigit, kGpt2}}},
        {{"falcon"}, {{kFalconMarks, kGpt2, kThreeDigits}}},
        {{"bloom", "gpt3-finnish", "poro-chat"}, {{kBloom}}},
        {{"viking"}, {{kBloom, kDigit}}},
        {{"tekken"}, {{kTekken}, false, true, true}},
        {{"gpt-4o", "llama4", "kanana2", "minimax-m2"}, {{kGpt4o}}},
        {{"bailingmoe", "bailingmoe2", "llada-moe"}, {{kBailing}}},
        {{"seed-coder"}, {{kSeedCoder}}},
        {{"kimi-k2"}, {{kKimi}}},
        {{"superbpe"}, {{"\\p{N}+", "(?=(\\d{3})+(?!\\d))"}}},
    };
    return kRows;
}

#undef CONTRACTION
#undef UPPER
#undef LOWER
#undef SPACE_TAIL
#undef CASED
#undef NOT_HAN

}  // namespace

std::optional<NamedPreTokenizer> named_pre_tokenizer(std::string_view name) {
    for (const Row& row : rows())
        for (const auto known : row.names)
            if (known == name) return row.what;
    return {};
}

std::vector<std::string_view> pre_tokenizer_names() {
    std::vector<std::string_view> names;
    for (const Row& row : rows()) names.insert(names.end(), row.names.begin(), row.names.end());
    return names;
}

}  // namespace pellucid
