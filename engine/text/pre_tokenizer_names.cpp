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
// Escaped, because normalizing editors change some of these letters.
constexpr std::string_view kDeepSeekLetters =
    "\\s?["
    "A-Za-z\\x{B5}\\x{C0}-\\x{D6}\\x{D8}-\\x{F6}\\x{F8}-\\x{1BA}\\x{1BC}-\\x{1BF}\\x{1C4}-\\x{293}"
    "\\x{295}-\\x{2AF}\\x{370}-\\x{373}\\x{376}\\x{377}\\x{37B}-\\x{37D}\\x{37F}\\x{386}\\x{388}-\\x{38A}"
    "\\x{38C}\\x{38E}-\\x{3A1}\\x{3A3}-\\x{3F5}\\x{3F7}-\\x{481}\\x{48A}-\\x{52F}\\x{531}-\\x{556}"
    "\\x{10A0}-\\x{10C5}\\x{13A0}-\\x{13F5}\\x{13F8}-\\x{13FD}\\x{1C90}-\\x{1CBA}\\x{1CBD}-\\x{1CBF}"
    "\\x{1D00}-\\x{1D2B}\\x{1D6B}-\\x{1D77}\\x{1D79}-\\x{1D9A}\\x{1E00}-\\x{1F15}\\x{1F18}-\\x{1F1D}"
    "\\x{1F20}-\\x{1F45}\\x{1F48}-\\x{1F4D}\\x{1F50}-\\x{1F57}\\x{1F59}\\x{1F5B}\\x{1F5D}"
    "\\x{1F5F}-\\x{1F7D}\\x{1F80}-\\x{1FB4}\\x{1FB6}-\\x{1FBC}\\x{1FBE}\\x{1FC2}-\\x{1FC4}"
    "\\x{1FC6}-\\x{1FCC}\\x{1FD0}-\\x{1FD3}\\x{1FD6}-\\x{1FDB}\\x{1FE0}-\\x{1FEC}\\x{1FF2}-\\x{1FF4}"
    "\\x{1FF6}-\\x{1FFC}\\x{2102}\\x{2107}\\x{210A}-\\x{2113}\\x{2115}\\x{2119}-\\x{211D}\\x{2124}"
    "\\x{2126}\\x{2128}\\x{212A}-\\x{212D}\\x{212F}-\\x{2134}\\x{2139}\\x{213C}-\\x{213F}"
    "\\x{2145}-\\x{2149}\\x{214E}\\x{2183}\\x{2184}\\x{2C00}-\\x{2C7B}\\x{2C7E}-\\x{2CE4}"
    "\\x{2CEB}-\\x{2CEE}\\x{2CF2}\\x{2CF3}\\x{A640}-\\x{A66D}\\x{A680}-\\x{A69B}\\x{A722}-\\x{A76F}"
    "\\x{A771}-\\x{A787}\\x{A78B}-\\x{A78E}\\x{AB70}-\\x{ABBF}\\x{FB00}-\\x{FB06}\\x{FB13}-\\x{FB17}"
    "\\x{FF21}-\\x{FF3A}\\x{FF41}-\\x{FF5A}\\x{10400}-\\x{1044F}\\x{104B0}-\\x{104D3}"
    "\\x{104D8}-\\x{104FB}\\x{10C80}-\\x{10CB2}\\x{10CC0}-\\x{10CF2}\\x{118A0}-\\x{118DF}"
    "\\x{1E900}-\\x{1E943}"
    "]+";
// "\s+$" of the model's own, but searched only from where a run of white space begins: the same matches in
// linear time.
constexpr std::string_view kTrailingSpace = "(?<!\\s)\\s+$";
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
         {{kLineBreak, kDeepSeekLetters, kDeepSeekMarks, kTrailingSpace, kDeepSeekEast, "\\p{N}+"}}},
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
