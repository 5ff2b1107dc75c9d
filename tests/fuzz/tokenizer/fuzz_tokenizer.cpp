// Any bytes as text for small vocabularies, as a tokenizer.json, as a GGUF vocabulary, as a pattern. The
// first byte chooses.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/text/byte_alphabet.h"
#include "engine/text/pre_tokenizer.h"
#include "engine/text/pre_tokenizer_names.h"
#include "engine/text/tokenizer.h"
#include "engine/text/utf8.h"
#include "engine/text/utf8_stream.h"

using namespace pellucid;

namespace {

using Strings = std::vector<std::string>;
using Integers = std::vector<std::int64_t>;
using TokenizerPtr = std::shared_ptr<const Tokenizer>;

void must(bool truth) {
    if (!truth) std::abort();
}

/// All bytes, a few merges, a control token and a user-defined one.
Metadata byte_vocabulary(std::string_view pre) {
    Metadata metadata;
    Strings tokens = {"<|end|>", "<think>"};
    Integers types = {3, 4};
    for (int byte = 0; byte < 256; ++byte) tokens.emplace_back(byte_letter(static_cast<unsigned char>(byte)));
    for (const char* piece : {"aa", "aaaa", "ab", "Ġa", "ĠĠ", "Ã©", "12"}) tokens.emplace_back(piece);
    types.resize(tokens.size(), 1);
    metadata.set("tokenizer.ggml.model", {std::string("gpt2")});
    metadata.set("tokenizer.ggml.pre", {std::string(pre)});
    metadata.set("tokenizer.ggml.tokens", {tokens});
    metadata.set("tokenizer.ggml.token_type", {types});
    metadata.set("tokenizer.ggml.merges", {Strings{"Ã ©", "a a", "aa aa", "a b", "Ġ a", "Ġ Ġ", "1 2"}});
    return metadata;
}

/// SentencePiece with every byte, so that any text goes round.
Metadata piece_vocabulary() {
    Metadata metadata;
    Strings tokens = {"<unk>", "<s>", "</s>", "\n\n"};
    Integers types = {2, 3, 3, 4};
    std::vector<double> scores = {0, 0, 0, -1000};
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    for (unsigned byte = 0; byte < 256; ++byte) {
        tokens.push_back({'<', '0', 'x', kDigits[byte >> 4], kDigits[byte & 15], '>'});
        types.push_back(6), scores.push_back(0);
    }
    for (const char* piece : {"▁", "a", "b", "ab", "▁a", "aa", "aaaa", "▁▁", "é"}) {
        tokens.emplace_back(piece);
        types.push_back(1), scores.push_back(-static_cast<double>(tokens.size()));
    }
    metadata.set("tokenizer.ggml.model", {std::string("llama")});
    metadata.set("tokenizer.ggml.tokens", {tokens});
    metadata.set("tokenizer.ggml.token_type", {types});
    metadata.set("tokenizer.ggml.scores", {scores});
    metadata.set("tokenizer.ggml.add_space_prefix", {false});
    return metadata;
}

/// Encodes and decodes; `exact`: nothing is lost.
void go_round(const Tokenizer& tokenizer, std::string_view text, bool exact) {
    for (const bool parse_special : {true, false}) {
        const auto ids = tokenizer.encode(text, {parse_special, !exact});
        Utf8Stream stream;
        std::string streamed;
        for (const auto id : ids) {
            must(id >= 0 && static_cast<std::size_t>(id) < tokenizer.vocabulary_size());
            streamed += stream.push(tokenizer.bytes_of(id, true));
        }
        streamed += stream.flush();
        const std::string back = tokenizer.decode(ids, true);
        must(is_utf8(back));
        if (exact) must(back == streamed && back == to_well_formed_utf8(text));
    }
}

/// A GGUF vocabulary from bytes: pieces of up to seven bytes, each with a type and a score.
Metadata any_vocabulary(std::string_view data, const char* model) {
    Metadata metadata;
    Strings tokens, merges;
    Integers types;
    std::vector<double> scores;
    while (data.size() > 2 && tokens.size() < 400) {
        const auto head = static_cast<unsigned char>(data[0]);
        const std::string_view piece = data.substr(2, head & 7);
        scores.push_back(static_cast<signed char>(data[1]));
        types.push_back(head >> 5);
        tokens.emplace_back(piece);
        if (head & 8 && tokens.size() > 1) merges.push_back(tokens[tokens.size() - 2] + " " + tokens.back());
        data.remove_prefix(2 + piece.size());
    }
    metadata.set("tokenizer.ggml.model", {std::string(model)});
    metadata.set("tokenizer.ggml.pre", {std::string("llama-bpe")});
    metadata.set("tokenizer.ggml.tokens", {tokens});
    metadata.set("tokenizer.ggml.token_type", {types});
    metadata.set("tokenizer.ggml.scores", {scores});
    metadata.set("tokenizer.ggml.merges", {merges});
    metadata.set("tokenizer.ggml.unknown_token_id", {std::uint64_t{0}});
    return metadata;
}

void any_pattern(std::string_view data) {
    const std::size_t end = data.find('\0');
    auto regex = Regex::compile(data.substr(0, std::min<std::size_t>(end, 64)));
    if (!regex || end == std::string_view::npos) return;
    const std::string text = to_well_formed_utf8(data.substr(end + 1, 256));
    for (const auto behavior : {SplitBehavior::isolated, SplitBehavior::contiguous,
                                SplitBehavior::merged_with_next, SplitBehavior::merged_with_previous}) {
        const PreTokenizer cutter({SplitStep{*regex, behavior, false}});
        std::string joined;
        cutter.split(text, [&](std::string_view word) { joined += word; });
        must(joined == text);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    // Built once: a fuzzer's only state, and constant.
    static const std::vector<TokenizerPtr> kByteLevel = [] {
        std::vector<TokenizerPtr> made;
        for (const char* pre :
             {"llama-bpe", "gpt-4o", "deepseek-v3", "deepseek-llm", "smollm", "tekken", "kimi-k2"})
            made.push_back(*make_tokenizer(byte_vocabulary(pre)));
        return made;
    }();
    static const TokenizerPtr kPieces = *make_tokenizer(piece_vocabulary());
    if (size == 0) return 0;
    const std::string_view data(reinterpret_cast<const char*>(bytes) + 1, size - 1);
    switch (bytes[0] % 8) {
        case 0:
            for (const auto& tokenizer : kByteLevel) go_round(*tokenizer, data, true);
            break;
        case 1:
            go_round(*kPieces, data, data.find("\xE2\x96\x81") == std::string_view::npos);
            break;
        case 2:
            if (const auto made = make_tokenizer_from_json(data, ""))
                go_round(**made, "a <b>\n\xC3\xA9 12 aab \xFF", false);
            break;
        case 3:
            any_pattern(data);
            break;
        case 4:
            if (const auto made = make_tokenizer(any_vocabulary(data, "gpt2")))
                go_round(**made, data.substr(data.size() / 2), false);
            break;
        case 5:
            if (const auto made = make_tokenizer(any_vocabulary(data, "bert")))
                go_round(**made, data.substr(data.size() / 2), false);
            break;
        case 6: {
            Metadata metadata = any_vocabulary(data, "t5");
            metadata.set("tokenizer.ggml.precompiled_charsmap", {Integers(data.begin(), data.end())});
            if (const auto made = make_tokenizer(metadata))
                go_round(**made, data.substr(data.size() / 2), false);
            metadata.set("tokenizer.ggml.precompiled_charsmap", {Integers()});
            if (const auto made = make_tokenizer(metadata))
                go_round(**made, data.substr(data.size() / 2), false);
            break;
        }
        default:
            if (const auto made = make_tokenizer(any_vocabulary(data, "llama")))
                go_round(**made, data.substr(data.size() / 2), false);
            break;
    }
    return 0;
}
