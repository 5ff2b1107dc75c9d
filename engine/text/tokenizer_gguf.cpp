// A tokenizer from the `tokenizer.ggml.*` keys of a GGUF file (docs/gguf.md of the ggml project).
#include <algorithm>
#include <cmath>

#include "engine/text/bpe_tokenizer.h"
#include "engine/text/pre_tokenizer_names.h"
#include "engine/text/special_tokens.h"
#include "engine/text/spm_tokenizer.h"
#include "engine/text/tokenizer.h"
#include "engine/text/tokenizer_gguf_parts.h"

namespace pellucid {

using namespace tokenizer_gguf;

namespace {

/// GGUF's numbers for token types, from 0 (undefined).
Result<TokenType> token_type(std::int64_t value) {
    switch (value) {
        case 0:
        case 1:
            return TokenType::normal;
        case 2:
            return TokenType::unknown;
        case 3:
            return TokenType::control;
        case 4:
            return TokenType::user_defined;
        case 5:
            return TokenType::unused;
        case 6:
            return TokenType::byte;
        default:
            return fail(ErrorCode::corrupt, "tokenizer.ggml.token_type holds " + std::to_string(value),
                        kDownloadAgain);
    }
}

}  // namespace

Result<Vocabulary> tokenizer_gguf::read_vocabulary(const Metadata& metadata) {
    PELLUCID_TRY(const std::vector<std::string>* pieces, metadata.strings("tokenizer.ggml.tokens"));
    std::vector<TokenType> types;
    if (metadata.contains("tokenizer.ggml.token_type")) {
        PELLUCID_TRY(const std::vector<std::int64_t> values, metadata.integers("tokenizer.ggml.token_type"));
        types.reserve(values.size());
        for (const std::int64_t value : values) {
            PELLUCID_TRY(const TokenType type, token_type(value));
            types.push_back(type);
        }
        if (types.empty()) types.push_back(TokenType::normal);  // an empty list is too short, not absent
    }
    return Vocabulary::make(*pieces, std::move(types));
}

Result<std::optional<TokenId>> tokenizer_gguf::read_id(const Metadata& metadata, const char* key,
                                                       std::size_t size) {
    if (!metadata.contains(key)) return std::optional<TokenId>();
    PELLUCID_TRY(const std::int64_t id, metadata.integer(key));
    // Some files write 2^32-1 or -1 for "none".
    if (id == -1 || id == 0xFFFFFFFFll) return std::optional<TokenId>();
    if (id < 0 || static_cast<std::uint64_t>(id) >= size)
        return fail(ErrorCode::corrupt,
                    std::string(key) + " is " + std::to_string(id) + ", but there are " +
                        std::to_string(size) + " tokens",
                    kDownloadAgain);
    return std::optional<TokenId>(static_cast<TokenId>(id));
}

Result<SpecialTokens> tokenizer_gguf::read_special(const Metadata& metadata, std::size_t size) {
    SpecialTokens special;
    PELLUCID_TRY(special.bos, read_id(metadata, "tokenizer.ggml.bos_token_id", size));
    PELLUCID_TRY(special.eos, read_id(metadata, "tokenizer.ggml.eos_token_id", size));
    PELLUCID_TRY(special.eot, read_id(metadata, "tokenizer.ggml.eot_token_id", size));
    PELLUCID_TRY(special.eom, read_id(metadata, "tokenizer.ggml.eom_token_id", size));
    PELLUCID_TRY(special.unk, read_id(metadata, "tokenizer.ggml.unknown_token_id", size));
    PELLUCID_TRY(special.pad, read_id(metadata, "tokenizer.ggml.padding_token_id", size));
    return special;
}

Result<std::vector<double>> tokenizer_gguf::read_scores(const Metadata& metadata) {
    PELLUCID_TRY(std::vector<double> scores, metadata.numbers("tokenizer.ggml.scores"));
    for (const double score : scores)
        if (!std::isfinite(score))
            return fail(ErrorCode::corrupt, "tokenizer.ggml.scores holds a value that is no number",
                        kDownloadAgain);
    return scores;
}

namespace {

Result<std::shared_ptr<const Tokenizer>> make_bpe(const Metadata& metadata) {
    // Files older than the key have none; what was meant then is what "default" stands for.
    PELLUCID_TRY(const std::string name, metadata.string_or("tokenizer.ggml.pre", "default"));
    const auto named = named_pre_tokenizer(name);
    if (!named)
        return fail(ErrorCode::unsupported,
                    "the pre-tokenizer \"" + name + "\" (tokenizer.ggml.pre) is not known",
                    "this model needs a newer version of Pellucid");
    std::vector<SplitStep> steps;
    for (const auto pattern : named->patterns) {
        PELLUCID_TRY(Regex regex, Regex::compile(pattern));
        steps.push_back({std::move(regex)});
    }
    BpeParts parts;
    parts.pre_tokenizer = PreTokenizer(std::move(steps));
    parts.ignore_merges = named->ignore_merges;
    if (named->nfc) parts.normalizer = TextRewriter({NormalizeStep{NormalizeStep::Form::nfc}});
    PELLUCID_TRY(parts.vocabulary, read_vocabulary(metadata));
    const Vocabulary& vocabulary = parts.vocabulary;

    PELLUCID_TRY(const std::vector<std::string>* merges, metadata.strings("tokenizer.ggml.merges"));
    parts.merges = MergeTable(merges->size());
    std::size_t unusable = 0;
    std::string joined;
    for (std::size_t rank = 0; rank < merges->size(); ++rank) {
        const std::string_view merge = (*merges)[rank];
        const std::size_t space = merge.empty() ? std::string_view::npos : merge.find(' ', 1);
        if (space == std::string_view::npos || space + 1 == merge.size())
            return fail(ErrorCode::corrupt,
                        "merge " + std::to_string(rank) + " in tokenizer.ggml.merges is not two pieces",
                        kDownloadAgain);
        const std::string_view left = merge.substr(0, space), right = merge.substr(space + 1);
        joined.assign(left).append(right);
        const TokenId left_id = vocabulary.find(left), right_id = vocabulary.find(right),
                      id = vocabulary.find(joined);
        // Converters respell added tokens ("ĠĠ" as two spaces), and then a few merges have no token to make.
        if (left_id < 0 || right_id < 0 || id < 0)
            ++unusable;
        else
            parts.merges.add(left_id, right_id, {static_cast<std::uint32_t>(rank), id});
    }
    if (unusable > merges->size() / 2)
        return fail(ErrorCode::corrupt,
                    std::to_string(unusable) + " of " + std::to_string(merges->size()) +
                        " merges name tokens that the vocabulary does not have",
                    kDownloadAgain);

    std::vector<AddedToken> added;
    for (std::size_t i = 0; i < vocabulary.size(); ++i) {
        const auto id = static_cast<TokenId>(i);
        const TokenType type = vocabulary.type(id);
        if (type == TokenType::control || type == TokenType::unknown || type == TokenType::user_defined)
            added.push_back({id, std::string(vocabulary.piece(id)), type != TokenType::user_defined});
    }
    parts.raw_tokens = AddedTokens(std::move(added));

    SpecialTokens& special = parts.special;
    PELLUCID_TRY(special, read_special(metadata, vocabulary.size()));
    PELLUCID_TRY(special.add_bos, metadata.boolean_or("tokenizer.ggml.add_bos_token", named->add_bos));
    PELLUCID_TRY(special.add_eos, metadata.boolean_or("tokenizer.ggml.add_eos_token", false));
    PELLUCID_TRY(special.add_space_prefix, metadata.boolean_or("tokenizer.ggml.add_space_prefix", false));
    special.add_bos = special.add_bos && special.bos;
    special.add_eos = special.add_eos && special.eos;
    if (special.add_bos) parts.prefix = {*special.bos};
    if (special.add_eos) parts.suffix = {*special.eos};
    if (special.add_space_prefix) {
        parts.word_rewriter = TextRewriter({PrependStep{" ", true, true}});
        parts.strip_leading_spaces = 1;
    }
    complete_special_tokens(vocabulary, special);
    // A few vocabularies lack letters for bytes that their training text never had (SmolLM2: 0x1D, 0xF1 …).
    // Such a byte is dropped, as the models' own tokenizers do; unknown_token_id here is often the end of
    // text, and no stand-in.
    parts.unknown = -1;
    parts.description = "byte-level BPE, pre-tokenizer " + name +
                        (metadata.contains("tokenizer.ggml.pre") ? "" : " (the file names none)") + ", " +
                        std::to_string(vocabulary.size()) + " tokens, " + std::to_string(merges->size()) +
                        " merges";
    return std::shared_ptr<const Tokenizer>(std::make_shared<BpeTokenizer>(std::move(parts)));
}

Result<std::shared_ptr<const Tokenizer>> make_spm(const Metadata& metadata) {
    SpmParts parts;
    PELLUCID_TRY(parts.vocabulary, read_vocabulary(metadata));
    PELLUCID_TRY(const std::vector<double> scores, read_scores(metadata));
    for (const double score : scores) parts.scores.push_back(static_cast<float>(score));
    parts.scores.resize(std::min(parts.scores.size(), parts.vocabulary.size()));
    SpecialTokens& special = parts.special;
    PELLUCID_TRY(special, read_special(metadata, parts.vocabulary.size()));
    const auto by_text = [&](const char* text) -> std::optional<TokenId> {
        const TokenId id = parts.vocabulary.find(text);
        if (id >= 0 && parts.vocabulary.type(id) == TokenType::control) return id;
        return {};
    };
    if (!metadata.contains("tokenizer.ggml.bos_token_id")) special.bos = by_text("<s>");
    if (!metadata.contains("tokenizer.ggml.eos_token_id")) special.eos = by_text("</s>");
    PELLUCID_TRY(special.add_bos, metadata.boolean_or("tokenizer.ggml.add_bos_token", true));
    PELLUCID_TRY(special.add_eos, metadata.boolean_or("tokenizer.ggml.add_eos_token", false));
    PELLUCID_TRY(special.add_space_prefix, metadata.boolean_or("tokenizer.ggml.add_space_prefix", true));
    PELLUCID_TRY(parts.remove_extra_whitespaces,
                 metadata.boolean_or("tokenizer.ggml.remove_extra_whitespaces", false));
    special.add_bos = special.add_bos && special.bos;
    special.add_eos = special.add_eos && special.eos;
    // Phi-3's tokenizer.json declares rstrip on its control tokens; GGUF has no field for it.
    PELLUCID_TRY(const std::string architecture, metadata.string_or("general.architecture", ""));
    parts.strip_after_special = architecture == "phi3";
    complete_special_tokens(parts.vocabulary, special);
    return make_spm_tokenizer(std::move(parts));
}

Result<std::shared_ptr<const Tokenizer>> make_from_json(const Metadata& metadata) {
    PELLUCID_TRY(const std::string json, metadata.string("tokenizer.huggingface.json"));
    PELLUCID_TRY(const std::string config, metadata.string_or("tokenizer.huggingface.config", ""));
    std::vector<std::int64_t> ends;
    if (metadata.contains("tokenizer.huggingface.eos_token_ids")) {
        PELLUCID_TRY(ends, metadata.integers("tokenizer.huggingface.eos_token_ids"));
    }
    return make_tokenizer_from_json(json, config, ends);
}

}  // namespace

Result<std::shared_ptr<const Tokenizer>> make_tokenizer(const Metadata& metadata) {
    if (!metadata.contains("tokenizer.ggml.model") && metadata.contains("tokenizer.huggingface.json"))
        return make_from_json(metadata);
    PELLUCID_TRY(const std::string model, metadata.string("tokenizer.ggml.model"));
    if (model == "gpt2") return make_bpe(metadata);
    if (model == "llama") return make_spm(metadata);
    if (model == "bert") return make_wordpiece(metadata);
    if (model == "t5") return make_unigram(metadata);
    if (model == "none" || model == "no_vocab")
        return fail(ErrorCode::not_found,
                    "this model file has no vocabulary (tokenizer.ggml.model is \"" + model + "\")",
                    "give token ids instead of text, or use a file with a tokenizer");
    return fail(ErrorCode::unsupported,
                "the tokenizer model \"" + model + "\" (tokenizer.ggml.model) is not supported",
                "byte-level BPE (gpt2), SentencePiece (llama, t5) and WordPiece (bert) are");
}

}  // namespace pellucid
