#include "app/answering/quantities.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace pellucid::answering {

namespace {

struct Valued {
    std::string_view word;
    double value;
};

constexpr std::array kOnes = {
    Valued{"zero", 0},     Valued{"one", 1},        Valued{"two", 2},       Valued{"three", 3},
    Valued{"four", 4},     Valued{"five", 5},       Valued{"six", 6},       Valued{"seven", 7},
    Valued{"eight", 8},    Valued{"nine", 9},       Valued{"ten", 10},      Valued{"eleven", 11},
    Valued{"twelve", 12},  Valued{"thirteen", 13},  Valued{"fourteen", 14}, Valued{"fifteen", 15},
    Valued{"sixteen", 16}, Valued{"seventeen", 17}, Valued{"eighteen", 18}, Valued{"nineteen", 19},
    Valued{"dozen", 12},   Valued{"twice", 2},      Valued{"thrice", 3},    Valued{"double", 2},
    Valued{"triple", 3}};
constexpr std::array kTens = {Valued{"twenty", 20}, Valued{"thirty", 30}, Valued{"forty", 40},
                              Valued{"fifty", 50},  Valued{"sixty", 60},  Valued{"seventy", 70},
                              Valued{"eighty", 80}, Valued{"ninety", 90}};
constexpr std::array kScales = {Valued{"hundred", 1e2},   Valued{"thousand", 1e3},  Valued{"million", 1e6},
                                Valued{"billion", 1e9},   Valued{"trillion", 1e12}, Valued{"hundreds", 1e2},
                                Valued{"thousands", 1e3}, Valued{"millions", 1e6},  Valued{"billions", 1e9}};
constexpr std::array kOrdinals = {Valued{"second", 2},    Valued{"third", 3},   Valued{"fourth", 4},
                                  Valued{"fifth", 5},     Valued{"sixth", 6},   Valued{"seventh", 7},
                                  Valued{"eighth", 8},    Valued{"ninth", 9},   Valued{"tenth", 10},
                                  Valued{"eleventh", 11}, Valued{"twelfth", 12}};
constexpr std::array kNumerals = {Valued{"零", 0}, Valued{"〇", 0}, Valued{"一", 1}, Valued{"二", 2},
                                  Valued{"两", 2}, Valued{"三", 3}, Valued{"四", 4}, Valued{"五", 5},
                                  Valued{"六", 6}, Valued{"七", 7}, Valued{"八", 8}, Valued{"九", 9}};
constexpr std::array kChineseScales = {Valued{"十", 10}, Valued{"百", 100}, Valued{"千", 1000},
                                       Valued{"万", 1e4}, Valued{"亿", 1e8}};
/// What is counted or measured right behind a numeral.
constexpr std::string_view kMeasures =
    "个种次年月日天周星小分秒部台位名条项章节页倍成米公厘毫件类层份本张只家所座级步段组套款轮批册卷篇道门点元"
    "块万亿千百吨克升度岁人处字行列代版期条遍维阶号端";

template <std::size_t n>
const Valued* find(const std::array<Valued, n>& list, std::string_view word) {
    const auto at =
        std::find_if(list.begin(), list.end(), [&](const Valued& one) { return one.word == word; });
    return at == list.end() ? nullptr : &*at;
}

std::string text_of(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.15g", value);
    return text;
}

bool touch(const Word& a, const Word& b) {
    return a.span.last == b.span.first;
}

/// A scale behind a number of digits.
double scale_after(std::span<const Word> words, std::size_t& taken) {
    if (taken >= words.size()) return 1;
    if (const Valued* scale = find(kScales, words[taken].text)) return ++taken, scale->value;
    double value = 1;
    while (taken < words.size() && words[taken].kind == Word::Kind::ideograph) {
        const Valued* scale = find(kChineseScales, words[taken].text);
        if (!scale || scale->value < 100) break;
        value *= scale->value;
        ++taken;
    }
    return value;
}

std::optional<Number> digits_at(std::span<const Word> words) {
    std::string text(words[0].text);
    std::size_t taken = 1;
    bool fraction = false;
    int points = 0;
    while (taken + 1 < words.size() && touch(words[taken - 1], words[taken]) &&
           touch(words[taken], words[taken + 1]) && words[taken + 1].kind == Word::Kind::digits) {
        if (words[taken].text == "," && words[taken + 1].text.size() == 3 && !fraction) {
            text += words[taken + 1].text;
        } else if (words[taken].text == ".") {
            text += "." + std::string(words[taken + 1].text);
            fraction = true;
            ++points;
        } else {
            break;
        }
        taken += 2;
    }
    Number number{text, taken, false};
    if (taken < words.size() && touch(words[taken - 1], words[taken]))
        for (const std::string_view ending : {"st", "nd", "rd", "th"})
            if (words[taken].text == ending) return Number{text, taken + 1, true};
    if (points > 1) return number;  // a version
    const double scale = scale_after(words, taken);
    if (scale != 1) number = {text_of(std::strtod(text.c_str(), nullptr) * scale), taken, false};
    // Leading zeros say nothing ("07").
    while (number.value.size() > 1 && number.value[0] == '0' && number.value[1] != '.')
        number.value.erase(0, 1);
    return number;
}

struct Named {
    std::string_view word, name, dimension;
    bool brief = false;  ///< only right behind a number
};
constexpr std::array kUnits = {Named{"millisecond", "millisecond", "time"},
                               Named{"milliseconds", "millisecond", "time"},
                               Named{"ms", "millisecond", "time", true},
                               Named{"seconds", "second", "time"},
                               Named{"second", "second", "time", true},
                               Named{"sec", "second", "time", true},
                               Named{"s", "second", "time", true},
                               Named{"minute", "minute", "time"},
                               Named{"minutes", "minute", "time"},
                               Named{"min", "minute", "time", true},
                               Named{"hour", "hour", "time"},
                               Named{"hours", "hour", "time"},
                               Named{"hourly", "hour", "time"},
                               Named{"h", "hour", "time", true},
                               Named{"day", "day", "time"},
                               Named{"days", "day", "time"},
                               Named{"daily", "day", "time"},
                               Named{"week", "week", "time"},
                               Named{"weeks", "week", "time"},
                               Named{"weekly", "week", "time"},
                               Named{"month", "month", "time"},
                               Named{"months", "month", "time"},
                               Named{"monthly", "month", "time"},
                               Named{"year", "year", "time"},
                               Named{"years", "year", "time"},
                               Named{"yearly", "year", "time"},
                               Named{"annually", "year", "time"},
                               Named{"annual", "year", "time"},
                               Named{"decade", "decade", "time"},
                               Named{"decades", "decade", "time"},
                               Named{"century", "century", "time"},
                               Named{"centuries", "century", "time"},
                               Named{"bit", "bit", "data", true},
                               Named{"bits", "bit", "data"},
                               Named{"byte", "byte", "data"},
                               Named{"bytes", "byte", "data"},
                               Named{"b", "byte", "data", true},
                               Named{"kb", "kilobyte", "data"},
                               Named{"kib", "kilobyte", "data"},
                               Named{"kilobyte", "kilobyte", "data"},
                               Named{"kilobytes", "kilobyte", "data"},
                               Named{"k", "kilobyte", "data", true},
                               Named{"mb", "megabyte", "data"},
                               Named{"mib", "megabyte", "data"},
                               Named{"megabyte", "megabyte", "data"},
                               Named{"megabytes", "megabyte", "data"},
                               Named{"gb", "gigabyte", "data"},
                               Named{"gib", "gigabyte", "data"},
                               Named{"gigabyte", "gigabyte", "data"},
                               Named{"gigabytes", "gigabyte", "data"},
                               Named{"g", "gram", "mass", true},
                               Named{"tb", "terabyte", "data"},
                               Named{"tib", "terabyte", "data"},
                               Named{"terabyte", "terabyte", "data"},
                               Named{"terabytes", "terabyte", "data"},
                               Named{"mm", "millimetre", "length", true},
                               Named{"millimetres", "millimetre", "length"},
                               Named{"millimeters", "millimetre", "length"},
                               Named{"cm", "centimetre", "length", true},
                               Named{"centimetres", "centimetre", "length"},
                               Named{"centimeters", "centimetre", "length"},
                               Named{"m", "metre", "length", true},
                               Named{"metre", "metre", "length"},
                               Named{"metres", "metre", "length"},
                               Named{"meter", "metre", "length"},
                               Named{"meters", "metre", "length"},
                               Named{"km", "kilometre", "length", true},
                               Named{"kilometre", "kilometre", "length"},
                               Named{"kilometres", "kilometre", "length"},
                               Named{"kilometer", "kilometre", "length"},
                               Named{"kilometers", "kilometre", "length"},
                               Named{"inch", "inch", "length"},
                               Named{"inches", "inch", "length"},
                               Named{"feet", "foot", "length"},
                               Named{"foot", "foot", "length", true},
                               Named{"ft", "foot", "length", true},
                               Named{"mile", "mile", "length"},
                               Named{"miles", "mile", "length"},
                               Named{"yard", "yard", "length", true},
                               Named{"yards", "yard", "length"},
                               Named{"pixel", "pixel", "length"},
                               Named{"pixels", "pixel", "length"},
                               Named{"px", "pixel", "length", true},
                               Named{"points", "point", "length", true},
                               Named{"pt", "point", "length", true},
                               Named{"gram", "gram", "mass"},
                               Named{"grams", "gram", "mass"},
                               Named{"kg", "kilogram", "mass"},
                               Named{"kilogram", "kilogram", "mass"},
                               Named{"kilograms", "kilogram", "mass"},
                               Named{"tonne", "tonne", "mass"},
                               Named{"tonnes", "tonne", "mass"},
                               Named{"ton", "ton", "mass", true},
                               Named{"tons", "ton", "mass"},
                               Named{"pounds", "pound", "mass"},
                               Named{"pound", "pound", "mass", true},
                               Named{"lb", "pound", "mass", true},
                               Named{"ounces", "ounce", "mass"},
                               Named{"litre", "litre", "volume"},
                               Named{"litres", "litre", "volume"},
                               Named{"liter", "litre", "volume"},
                               Named{"liters", "litre", "volume"},
                               Named{"l", "litre", "volume", true},
                               Named{"ml", "millilitre", "volume", true},
                               Named{"gallon", "gallon", "volume"},
                               Named{"gallons", "gallon", "volume"},
                               Named{"celsius", "celsius", "temperature"},
                               Named{"fahrenheit", "fahrenheit", "temperature"},
                               Named{"kelvin", "kelvin", "temperature"},
                               Named{"dollar", "dollar", "money"},
                               Named{"dollars", "dollar", "money"},
                               Named{"usd", "dollar", "money"},
                               Named{"$", "dollar", "money"},
                               Named{"euro", "euro", "money"},
                               Named{"euros", "euro", "money"},
                               Named{"eur", "euro", "money"},
                               Named{"€", "euro", "money"},
                               Named{"yuan", "yuan", "money"},
                               Named{"rmb", "yuan", "money"},
                               Named{"yen", "yen", "money"},
                               Named{"%", "percent", "share"},
                               Named{"percent", "percent", "share"},
                               Named{"hz", "hertz", "frequency"},
                               Named{"khz", "kilohertz", "frequency"},
                               Named{"mhz", "megahertz", "frequency"},
                               Named{"ghz", "gigahertz", "frequency"},
                               Named{"watt", "watt", "power"},
                               Named{"watts", "watt", "power"},
                               Named{"kw", "kilowatt", "power", true},
                               Named{"w", "watt", "power", true},
                               Named{"volt", "volt", "voltage"},
                               Named{"volts", "volt", "voltage"},
                               Named{"v", "volt", "voltage", true}};
/// Longest first where one begins another.
constexpr std::array kChineseUnits = {
    Named{"毫秒", "millisecond", "time"},    Named{"秒", "second", "time", true},
    Named{"分钟", "minute", "time"},         Named{"个小时", "hour", "time"},
    Named{"小时", "hour", "time"},           Named{"钟头", "hour", "time"},
    Named{"个星期", "week", "time"},         Named{"星期", "week", "time", true},
    Named{"礼拜", "week", "time", true},     Named{"周", "week", "time", true},
    Named{"个月", "month", "time"},          Named{"月", "month", "time", true},
    Named{"天", "day", "time", true},        Named{"日", "day", "time", true},
    Named{"年", "year", "time", true},       Named{"世纪", "century", "time"},
    Named{"字节", "byte", "data"},           Named{"毫米", "millimetre", "length"},
    Named{"厘米", "centimetre", "length"},   Named{"公里", "kilometre", "length"},
    Named{"千米", "kilometre", "length"},    Named{"米", "metre", "length", true},
    Named{"英寸", "inch", "length"},         Named{"英尺", "foot", "length"},
    Named{"英里", "mile", "length"},         Named{"像素", "pixel", "length"},
    Named{"公斤", "kilogram", "mass"},       Named{"千克", "kilogram", "mass"},
    Named{"克", "gram", "mass", true},       Named{"吨", "tonne", "mass", true},
    Named{"毫升", "millilitre", "volume"},   Named{"升", "litre", "volume", true},
    Named{"摄氏", "celsius", "temperature"}, Named{"华氏", "fahrenheit", "temperature"},
    Named{"美元", "dollar", "money"},        Named{"欧元", "euro", "money"},
    Named{"日元", "yen", "money"},           Named{"元", "yuan", "money", true}};

}  // namespace

std::optional<Number> number_at(std::string_view, std::span<const Word> words) {
    if (words.empty()) return std::nullopt;
    if (words[0].kind == Word::Kind::digits) return digits_at(words);
    if (words[0].kind != Word::Kind::letters) return std::nullopt;
    double total = 0, part = 0;
    bool any = false, only_one = true, only_scale = true;
    std::size_t taken = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i].text == "-" && any && i + 1 < words.size() && find(kOnes, words[i + 1].text)) continue;
        if (words[i].text == "and" && any && part >= 100 && i + 1 < words.size() &&
            (find(kOnes, words[i + 1].text) || find(kTens, words[i + 1].text)))
            continue;
        if (const Valued* ones = find(kOnes, words[i].text)) {
            if (any && part > 0 && std::fmod(part, 100) != 0 && std::fmod(part, 10) != 0) break;
            if (any && part > 0 && part < 20) break;
            part += ones->value;
            only_one = only_one && ones->value == 1;
            only_scale = false;
        } else if (const Valued* tens = find(kTens, words[i].text)) {
            if (any && std::fmod(part, 100) != 0) break;
            part += tens->value;
            only_one = only_scale = false;
        } else if (const Valued* scale = find(kScales, words[i].text)) {
            if (!any) part = 1;
            if (scale->value == 100)
                part *= 100;
            else {
                total += part * scale->value;
                part = 0;
            }
            only_one = false;
        } else {
            break;
        }
        any = true;
        taken = i + 1;
    }
    if (any && only_scale && words[0].text.ends_with("s")) return std::nullopt;  // "millions of"
    if (any && !only_one) return Number{text_of(total + part), taken, false};
    if (any && taken < words.size() && unit_at(words.subspan(taken), false)) return Number{"1", taken, false};
    if (!any && words[0].text != "second")
        if (const Valued* ordinal = find(kOrdinals, words[0].text))
            return Number{text_of(ordinal->value), 1, true};
    return std::nullopt;
}

std::optional<Number> chinese_number_at(std::span<const Word> words, std::string_view before) {
    double total = 0, section = 0, digit = -1;
    std::string digits;
    std::size_t taken = 0;
    bool scaled = false;
    for (; taken < words.size() && words[taken].kind == Word::Kind::ideograph; ++taken) {
        if (const Valued* one = find(kNumerals, words[taken].text)) {
            digit = one->value;
            digits += static_cast<char>('0' + static_cast<int>(digit));
        } else if (const Valued* scale = find(kChineseScales, words[taken].text)) {
            if (scale->value >= 1e4) {
                if (taken == 0) break;  // 万一, 亿
                total = (total + section + std::max(0.0, digit)) * scale->value;
                section = 0;
            } else {
                if (taken == 0 && scale->value > 10) break;  // 千万不要, 百科
                section += (digit < 0 ? 1 : digit) * scale->value;
            }
            digit = -1;
            scaled = true;
        } else {
            break;
        }
    }
    if (taken == 0) return std::nullopt;
    const double value =
        scaled ? total + section + std::max(0.0, digit) : std::strtod(digits.c_str(), nullptr);
    const auto following = taken < words.size() && words[taken].kind == Word::Kind::ideograph
                               ? words[taken].text
                               : std::string_view();
    if (taken == 1) {
        const bool placed = before == "第" || before == "每";
        const bool measured = !following.empty() && kMeasures.find(following) != std::string_view::npos;
        if (words[0].text == "一" && !(measured && unit_at(words.subspan(1), true))) return std::nullopt;
        if (!placed && !measured) return std::nullopt;
        if (words[0].text == "十" && following == "分") return std::nullopt;  // 十分: very
    } else if (!scaled && digits.size() == 2 && digits[0] == digits[1]) {
        return std::nullopt;  // 一一, 三三两两
    }
    return Number{text_of(value), taken, before == "第"};
}

std::optional<Unit> unit_at(std::span<const Word> words, bool after_number) {
    if (words.empty()) return std::nullopt;
    if (words[0].kind == Word::Kind::ideograph) {
        std::string run;
        for (std::size_t i = 0;
             i < std::min<std::size_t>(3, words.size()) && words[i].kind == Word::Kind::ideograph; ++i)
            run += words[i].text;
        for (const Named& unit : kChineseUnits)
            if (run.starts_with(unit.word) && (after_number || !unit.brief))
                return Unit{unit.name, unit.dimension, unit.word.size() / 3};
        return std::nullopt;
    }
    for (const Named& unit : kUnits)
        if (words[0].text == unit.word && (after_number || !unit.brief))
            return Unit{unit.name, unit.dimension, 1};
    return std::nullopt;
}

int month_of(std::string_view word) {
    static constexpr std::array<std::string_view, 12> kMonths = {
        "january", "february", "march",     "april",   "may",      "june",
        "july",    "august",   "september", "october", "november", "december"};
    const auto at = std::find(kMonths.begin(), kMonths.end(), word);
    return at == kMonths.end() || word == "may" || word == "march"
               ? 0
               : static_cast<int>(at - kMonths.begin()) + 1;
}

}  // namespace pellucid::answering
