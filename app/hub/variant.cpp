#include "app/hub/variant.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <map>
#include <utility>

namespace pellucid::hub {

namespace {

/// Names as they stand in files, with quality_of(): by bits a weight, then by how they are spent.
constexpr std::pair<std::string_view, int> quantizations[] = {
    {"F32", 100},    {"BF16", 99},   {"F16", 98},     {"Q8_0", 95},    {"Q6_K_L", 91},  {"Q6_K", 90},
    {"Q5_K_L", 86},  {"Q5_K_M", 85}, {"Q5_1", 83},    {"Q5_K_S", 82},  {"Q5_0", 80},    {"Q4_K_L", 77},
    {"Q4_K_XL", 77}, {"Q4_K_M", 75}, {"MXFP4", 74},   {"Q4_1", 72},    {"Q4_K_S", 72},  {"IQ4_NL", 71},
    {"IQ4_XS", 70},  {"Q4_0", 68},   {"Q3_K_XL", 62}, {"Q3_K_L", 60},  {"IQ3_M", 58},   {"Q3_K_M", 57},
    {"IQ3_S", 55},   {"IQ3_XS", 52}, {"Q3_K_S", 50},  {"IQ3_XXS", 48}, {"Q2_K_XL", 46}, {"Q2_K_L", 44},
    {"Q2_K", 42},    {"IQ2_M", 40},  {"IQ2_S", 35},   {"Q2_K_S", 34},  {"IQ2_XS", 32},  {"IQ2_XXS", 28},
    {"TQ2_0", 26},   {"TQ1_0", 20},  {"IQ1_M", 15},   {"IQ1_S", 10},
};

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// "-00002-of-00003" at the end of a name without ".gguf".
struct Part {
    int number = 1, count = 1;
    std::size_t name_end = std::string_view::npos;  ///< where the ending begins
};

Part part_of(std::string_view stem) {
    constexpr std::size_t length = 15;  // -NNNNN-of-NNNNN
    if (stem.size() <= length) return {};
    const std::string_view end = stem.substr(stem.size() - length);
    if (end[0] != '-' || end.substr(6, 4) != "-of-") return {};
    const auto number = [](std::string_view digits) {
        int value = 0;
        const auto [stopped, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return problem == std::errc() && stopped == digits.data() + digits.size() ? value : 0;
    };
    const int part = number(end.substr(1, 5)), count = number(end.substr(10, 5));
    if (part < 1 || count < 1 || part > count) return {};
    return {part, count, stem.size() - length};
}

constexpr std::string_view kEnding = ".gguf";

bool is_model(std::string_view path) {
    if (path.size() <= kEnding.size()) return false;
    const std::string name =
        upper(path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1));
    if (!name.ends_with(".GGUF")) return false;
    for (const std::string_view beside : {"MMPROJ", "IMATRIX", "LORA", "ADAPTER", "VOCAB"})
        if (name.find(beside) != std::string::npos) return false;
    return true;
}

}  // namespace

std::optional<std::uint64_t> Variant::bytes() const {
    std::uint64_t sum = 0;
    for (const HubFile& file : files) {
        if (!file.bytes || *file.bytes > (std::uint64_t{1} << 60) - sum) return std::nullopt;
        sum += *file.bytes;
    }
    return files.empty() ? std::nullopt : std::optional(sum);
}

std::string quantization_in(std::string_view path) {
    std::string text = upper(path);
    // "fp16" is written too.
    for (std::size_t at = 0; (at = text.find("FP", at)) != std::string::npos; ++at)
        if (text.compare(at, 4, "FP16") == 0 || text.compare(at, 4, "FP32") == 0) text.erase(at + 1, 1);
    std::string found;
    std::size_t place = 0;
    for (const auto& [name, quality] : quantizations)
        for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos; ++at) {
            const std::size_t end = at + name.size();
            if ((at > 0 && is_word(text[at - 1])) || (end < text.size() && is_word(text[end]))) continue;
            // The last word wins; where several begin at one place (Q4_K, Q4_K_M) the longest.
            if (found.empty() || at > place || (at == place && name.size() > found.size())) {
                found = name;
                place = at;
            }
        }
    return found;
}

int quality_of(std::string_view quantization) {
    for (const auto& [name, quality] : quantizations)
        if (name == quantization) return quality;
    return -1;
}

std::vector<Variant> variants_of(std::vector<HubFile> files, int& others) {
    std::map<std::pair<std::string, int>, std::map<int, HubFile>> groups;  // by name and count of parts
    for (HubFile& file : files) {
        if (!is_model(file.path)) {
            ++others;
            continue;
        }
        const std::string_view stem =
            std::string_view(file.path).substr(0, file.path.size() - kEnding.size());
        const Part part = part_of(stem);
        const std::string name(stem.substr(0, part.name_end));
        if (!groups[{name, part.count}].emplace(part.number, std::move(file)).second) ++others;
    }
    std::vector<Variant> variants;
    for (auto& [key, parts] : groups) {
        Variant variant;
        variant.quantization = quantization_in(key.first);
        variant.name =
            key.first.substr(key.first.rfind('/') == std::string::npos ? 0 : key.first.rfind('/') + 1);
        variant.parts = key.second;
        for (auto& [number, file] : parts) variant.files.push_back(std::move(file));
        variants.push_back(std::move(variant));
    }
    std::stable_sort(variants.begin(), variants.end(), [](const Variant& a, const Variant& b) {
        return a.bytes().value_or(UINT64_MAX) < b.bytes().value_or(UINT64_MAX);
    });
    return variants;
}

bool is_safe_path(std::string_view path) {
    if (path.empty() || path.size() > 1024 || path.front() == '/') return false;
    for (const char c : path)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\') return false;
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string_view name = path.substr(begin, end - begin);
        if (name.empty() || name == "." || name == ".." || name.size() > 255) return false;
        begin = end + 1;
    }
    return true;
}

}  // namespace pellucid::hub
