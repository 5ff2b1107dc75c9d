// WordPiece and unigram vocabularies from GGUF metadata, as converters write them for encoders.
#include <algorithm>

#include "engine/text/bpe_tokenizer.h"
#include "engine/text/special_tokens.h"
#include "engine/text/tokenizer_gguf_parts.h"
#include "engine/text/unigram.h"
#include "engine/text/wordpiece.h"

namespace pellucid::tokenizer_gguf {

namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581

AddedTokens added_tokens(const Vocabulary& vocabulary) {
    std::vector<AddedToken> added;
    for (std::size_t i = 0; i < vocabulary.size(); ++i) {
        const auto id = static_cast<TokenId>(i);
        const TokenType type = vocabulary.type(id);
        const std::string text(vocabulary.piece(id));
        // Models' own tokenizers let <mask> take the space before it.
        if (type == TokenType::control || type == TokenType::unknown || type == TokenType::user_defined)
            added.push_back({id, text, type != TokenType::user_defined, false, text == "<mask>"});
    }
    return AddedTokens(std::move(added));
}

/// Both ends of a text: the ids the file names, else those of the well-known texts.
Result<void> set_ends(const Metadata& metadata, const char* first, const char* last, BpeParts& parts) {
    SpecialTokens& special = parts.special;
    const auto known = [&](const char* text) -> std::optional<TokenId> {
        const TokenId id = parts.vocabulary.find(text);
        return id >= 0 && parts.vocabulary.type(id) == TokenType::control ? std::optional(id) : std::nullopt;
    };
    if (!special.bos) special.bos = known(first);
    if (!special.eos) special.eos = known(last);
    PELLUCID_TRY(special.add_bos, metadata.boolean_or("tokenizer.ggml.add_bos_token", true));
    PELLUCID_TRY(special.add_eos, metadata.boolean_or("tokenizer.ggml.add_eos_token", true));
    special.add_bos = special.add_bos && special.bos;
    special.add_eos = special.add_eos && special.eos;
    if (special.add_bos) parts.prefix = {*special.bos};
    if (special.add_eos) parts.suffix = {*special.eos};
    complete_special_tokens(parts.vocabulary, special);
    return {};
}

std::shared_ptr<const Tokenizer> finished(BpeParts parts, const char* kind) {
    parts.byte_level = false;
    parts.raw_tokens = added_tokens(parts.vocabulary);
    parts.special.unk = parts.unknown;
    parts.description = std::string(kind) + ", " + std::to_string(parts.vocabulary.size()) + " tokens";
    return std::make_shared<BpeTokenizer>(std::move(parts));
}

/// Converters write "▁word" for a word's beginning and "ing" for what continues one; back to "word", "##ing".
Result<Vocabulary> bert_spelling(const Vocabulary& vocabulary, bool& cased) {
    std::vector<std::string> pieces;
    std::vector<TokenType> types;
    bool marked = false;
    for (std::size_t i = 0; i < vocabulary.size(); ++i)
        marked = marked || vocabulary.piece(static_cast<TokenId>(i)).starts_with(kSpace);
    for (std::size_t i = 0; i < vocabulary.size(); ++i) {
        const auto id = static_cast<TokenId>(i);
        std::string piece(vocabulary.piece(id));
        const TokenType type = vocabulary.type(id);
        // Some converters leave special tokens, [CLS] and such, without a type of their own.
        const bool bracketed = piece.size() > 2 && piece.starts_with('[') && piece.ends_with(']');
        types.push_back(type == TokenType::normal && bracketed ? TokenType::control : type);
        if (types.back() == TokenType::normal) {
            cased =
                cased || std::any_of(piece.begin(), piece.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
            if (piece.starts_with(kSpace))
                piece.erase(0, kSpace.size());
            else if (marked)
                piece.insert(0, "##");
        }
        pieces.push_back(std::move(piece));
    }
    return Vocabulary::make(pieces, std::move(types));
}

}  // namespace

Result<std::shared_ptr<const Tokenizer>> make_wordpiece(const Metadata& metadata) {
    BpeParts parts;
    PELLUCID_TRY(const Vocabulary stored, read_vocabulary(metadata));
    // GGUF does not say whether a model tells capitals apart. A vocabulary without one does not.
    BertNormalizer normalizer;
    bool cased = false;
    PELLUCID_TRY(parts.vocabulary, bert_spelling(stored, cased));
    normalizer.lowercase = normalizer.strip_accents = !cased;
    PELLUCID_TRY(parts.special, read_special(metadata, parts.vocabulary.size()));
    PELLUCID_TRY(const auto first, read_id(metadata, "tokenizer.ggml.cls_token_id", parts.vocabulary.size()));
    PELLUCID_TRY(const auto last,
                 read_id(metadata, "tokenizer.ggml.seperator_token_id", parts.vocabulary.size()));
    if (first) parts.special.bos = first;
    if (last) parts.special.eos = last;
    parts.unknown = parts.special.unk.value_or(parts.vocabulary.find("[UNK]"));
    if (parts.unknown < 0)
        return fail(ErrorCode::corrupt, "the WordPiece vocabulary has no unknown token", kDownloadAgain);
    PELLUCID_CHECK(set_ends(metadata, "[CLS]", "[SEP]", parts));
    parts.normalizer = TextRewriter({BertStep{normalizer}});
    PELLUCID_TRY(auto steps, bert_pre_tokenizer());
    parts.pre_tokenizer = PreTokenizer(std::move(steps));
    parts.word_model = std::make_shared<const WordPiece>(parts.unknown, "##", 100);
    parts.continuation = "##";
    parts.strip_leading_spaces = 1;
    return finished(std::move(parts), cased ? "WordPiece, cased" : "WordPiece, uncased");
}

Result<std::shared_ptr<const Tokenizer>> make_unigram(const Metadata& metadata) {
    BpeParts parts;
    PELLUCID_TRY(parts.vocabulary, read_vocabulary(metadata));
    PELLUCID_TRY(std::vector<double> scores, read_scores(metadata));
    if (scores.size() != parts.vocabulary.size())
        return fail(ErrorCode::corrupt,
                    "the vocabulary has " + std::to_string(parts.vocabulary.size()) + " tokens but " +
                        std::to_string(scores.size()) + " scores",
                    "download the model file again");
    PELLUCID_TRY(parts.special, read_special(metadata, parts.vocabulary.size()));
    parts.unknown = parts.special.unk.value_or(parts.vocabulary.find("<unk>"));
    if (parts.unknown < 0)
        return fail(ErrorCode::corrupt, "the SentencePiece vocabulary has no unknown token",
                    "use another conversion of this model");
    PELLUCID_CHECK(set_ends(metadata, "<s>", "</s>", parts));

    std::vector<RewriteStep> normalizer;
    if (metadata.contains("tokenizer.ggml.precompiled_charsmap")) {
        PELLUCID_TRY(const auto numbers, metadata.integers("tokenizer.ggml.precompiled_charsmap"));
        std::string bytes;
        for (const std::int64_t number : numbers) bytes += static_cast<char>(number);
        if (!bytes.empty()) {
            PELLUCID_TRY(Charsmap map, Charsmap::parse(bytes));
            normalizer.push_back(CharsmapStep{std::make_shared<const Charsmap>(std::move(map))});
        }
    }
    PELLUCID_TRY(const bool remove_extra,
                 metadata.boolean_or("tokenizer.ggml.remove_extra_whitespaces", true));
    if (remove_extra) {
        PELLUCID_TRY(Regex spaces, Regex::compile(" {2,}"));
        normalizer.push_back(StripStep{});
        normalizer.push_back(ReplaceStep{" {2,}", std::move(spaces), " "});
    }
    parts.normalizer = TextRewriter(std::move(normalizer));
    PELLUCID_TRY(const bool prefix, metadata.boolean_or("tokenizer.ggml.add_space_prefix", true));
    std::vector<RewriteStep> rewrites = {ReplaceStep{" ", {}, std::string(kSpace)}};
    if (prefix) rewrites.push_back(PrependStep{std::string(kSpace), true});
    parts.word_rewriter = TextRewriter(std::move(rewrites));
    PELLUCID_TRY(Regex cut, Regex::compile(kSpace));
    parts.pre_tokenizer = PreTokenizer({SplitStep{std::move(cut), SplitBehavior::merged_with_next}});
    parts.word_model = std::make_shared<const Unigram>(parts.vocabulary, std::move(scores), parts.unknown);
    parts.piece_replacements.emplace_back(std::string(kSpace), " ");
    parts.special.add_space_prefix = prefix;
    parts.strip_leading_spaces = prefix ? 1 : 0;
    return finished(std::move(parts), "SentencePiece unigram");
}

}  // namespace pellucid::tokenizer_gguf
