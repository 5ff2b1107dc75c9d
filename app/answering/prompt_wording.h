// The words around passages and a question.
//
// Two forms. The file template that DeepSeek published for R1 ("[file name]: …", "[file content begin]",
// "[file content end]", then the question; https://github.com/deepseek-ai/DeepSeek-R1, "Official Prompts"),
// within which every passage is numbered and stands between marks of its own. And a plain one for the
// smallest models, which repeat marks and long instructions instead of following them: numbered texts, one
// short sentence of instruction, nothing about marks of citation. Their sentences are matched to passages by
// what they say.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/answering/document_prompt.h"

namespace pellucid::answering {

/// The user's message. No passages: the question with the instruction to say that nothing was found.
std::string prompt_content(std::string_view question, std::span<const PlacedPassage> placed,
                           const PromptSettings& settings, Language language);

/// Where a reply has ended, whatever its model writes on: the smallest ones go on with texts and questions of
/// their own. `passages`: how many there are.
std::vector<std::string> prompt_stops(const PromptSettings& settings, std::size_t passages,
                                      Language language);

}  // namespace pellucid::answering
