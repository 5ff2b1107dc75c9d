// Numbers and units as people write them, in English and Chinese.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/answering/folded_text.h"

namespace pellucid::answering {

struct Number {
    std::string value;      ///< digits: "2000000000", "1.8", "27"
    std::size_t words = 0;  ///< taken of those handed in
    bool ordinal = false;
};

/// A number that begins with words[0]: digits with thousands separators and decimals ("1,200.5", versions
/// "1.2.3"), ordinals ("27th"), English number words ("twenty-one", "two billion"), with scales after digits
/// ("3.5 million", "3万"). "one" alone is none. `folded` is what the words are spans of.
std::optional<Number> number_at(std::string_view folded, std::span<const Word> words);

/// A Chinese number that begins with words[0] (三百, 两, 一百万, 二〇二四), where it is one: a single numeral
/// only before a measure word, after 第 or 每 (`before` is the ideograph before it). 一 alone only before a
/// unit of time.
std::optional<Number> chinese_number_at(std::span<const Word> words, std::string_view before);

struct Unit {
    std::string_view name, dimension;
    std::size_t words = 0;
};
/// A unit that begins with words[0]. `after_number`: short ones ("m", "g", 分, 日) count.
std::optional<Unit> unit_at(std::span<const Word> words, bool after_number);

/// 1 to 12 for the English name of a month, else 0.
int month_of(std::string_view word);

}  // namespace pellucid::answering
