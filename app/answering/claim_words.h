// Words that claims are taken apart by: those that only bind, those that deny. English folded, Chinese as it
// stands.
#pragma once

#include <string_view>

namespace pellucid::answering {

/// It binds other words and carries no meaning of its own ("the", "which").
bool is_function_word(std::string_view word);
/// "not", "without", "prevents". Contractions ("isn't") are not in the table.
bool is_negator(std::string_view word);
/// The words with which `text` begins that look like a negation and are none (不得不, 不仅); empty: none.
std::string_view chinese_idiom_at(std::string_view text);
/// The negator with which `text` begins, the longest one; empty: none.
std::string_view chinese_negator_at(std::string_view text);
/// An ideograph that binds words: pairs with it carry little.
bool binds(std::string_view ideograph);

}  // namespace pellucid::answering
