#include "engine/text/special_tokens.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace pellucid {

namespace {

/// Ends of a turn, the most telling first.
constexpr std::array<std::string_view, 12> kEndOfTurn = {
    "<|eot_id|>",             // Llama 3
    "<|im_end|>",             // ChatML: Qwen, SmolLM
    "<end_of_turn>",          // Gemma
    "<|eot|>",                // Llama 4
    "<|end|>",                // Phi-3, gpt-oss
    "<|END_OF_TURN_TOKEN|>",  // Command R
    "[|endofturn|]",          // EXAONE
    "<|endofturn|>",          // HyperCLOVA
    "<end_of_utterance>",     // SmolVLM, Docling
    "[EOT]",                  // Kimi
    "<EOT>",
    "_<EOT>",
};
constexpr std::string_view kEndOfMessage = "<|eom_id|>";  // Llama 3.1: a tool call ends
constexpr std::array<std::string_view, 8> kEndOfText = {
    "<|endoftext|>", "<|end_of_text|>", "<｜end▁of▁sentence｜>", "<|EOT|>", "<|return|>", "<|call|>", "<eos>",
    "</s>",
};

}  // namespace

void complete_special_tokens(const Vocabulary& vocabulary, SpecialTokens& special) {
    for (auto* id : {&special.bos, &special.eos, &special.eot, &special.eom, &special.unk, &special.pad})
        if (*id && !vocabulary.contains(**id)) id->reset();
    const auto control = [&](std::string_view text) -> std::optional<TokenId> {
        const TokenId id = vocabulary.find(text);
        if (id < 0 || vocabulary.type(id) == TokenType::normal || vocabulary.type(id) == TokenType::byte)
            return {};
        // Gemma's vocabulary spells HTML's </s> as an ordinary, user-defined token: only a control token ends
        // a reply.
        if (vocabulary.type(id) == TokenType::user_defined && (text == "</s>" || text == "<eos>")) return {};
        return id;
    };
    for (const auto text : kEndOfTurn)
        if (!special.eot) special.eot = control(text);
    if (!special.eom) special.eom = control(kEndOfMessage);

    auto& ends = special.end_of_generation;
    for (const auto id : {special.eos, special.eot, special.eom})
        if (id) ends.push_back(*id);
    for (const auto text : kEndOfTurn)
        if (const auto id = control(text)) ends.push_back(*id);
    for (const auto text : kEndOfText)
        if (const auto id = control(text)) ends.push_back(*id);
    // gpt-oss: <|end|> closes one channel's message and the reply goes on; <|return|> and <|call|> end it.
    const auto message_end = control("<|end|>");
    if (message_end && control("<|return|>") && control("<|call|>")) {
        std::erase(ends, *message_end);
        if (special.eot == message_end) special.eot.reset();
    }
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
}

}  // namespace pellucid
