// A tokenizer from Hugging Face's tokenizer.json: the model, with what the file declares around it.
#include <algorithm>
#include <cmath>

#include "engine/text/special_tokens.h"
#include "engine/text/tokenizer.h"
#include "engine/text/tokenizer_json_parts.h"
#include "engine/text/unigram.h"
#include "engine/text/utf8.h"
#include "engine/text/wordpiece.h"

namespace pellucid {

namespace {

using namespace tokenizer_json;

constexpr std::uint64_t kMostTokens = 1u << 24;

/// An added token as the file declares it.
struct Declared {
    AddedToken token;
    bool normalized = false;
};

Result<std::vector<Declared>> read_added_tokens(const Json& list) {
    std::vector<Declared> declared;
    if (list.is_null()) return declared;
    if (!list.is_array()) return broken("added_tokens is not a list");
    for (const Json& item : list) {
        Declared made;
        const Json& id = member(item, "id");
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= kMostTokens)
            return broken("an added token has no usable id");
        made.token.id = id.get<TokenId>();
        PELLUCID_TRY(made.token.text, string_or(item, "content", ""));
        PELLUCID_TRY(made.token.special, boolean_or(item, "special", false));
        PELLUCID_TRY(made.token.single_word, boolean_or(item, "single_word", false));
        PELLUCID_TRY(made.token.lstrip, boolean_or(item, "lstrip", false));
        PELLUCID_TRY(made.token.rstrip, boolean_or(item, "rstrip", false));
        PELLUCID_TRY(made.normalized, boolean_or(item, "normalized", !made.token.special));
        declared.push_back(std::move(made));
    }
    return declared;
}

void put_declared(const std::vector<Declared>& declared, std::vector<std::string>& pieces,
                  std::vector<TokenType>& types) {
    for (const Declared& added : declared) {
        const auto at = static_cast<std::size_t>(added.token.id);
        pieces[at] = added.token.text;
        types[at] = added.token.special ? TokenType::control : TokenType::user_defined;
    }
}

Result<Vocabulary> read_vocabulary(const Json& vocab, const std::vector<Declared>& declared,
                                   bool byte_fallback) {
    if (!vocab.is_object()) return broken("model.vocab is not an object");
    std::uint64_t size = 0;
    for (const auto& [piece, id] : vocab.items()) {
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= kMostTokens)
            return broken("the token \"" + piece + "\" has no usable id");
        size = std::max(size, id.get<std::uint64_t>() + 1);
    }
    for (const Declared& added : declared)
        size = std::max<std::uint64_t>(size, static_cast<std::uint64_t>(added.token.id) + 1);
    // Gaps in the ids exist (padding); a file of a few tokens that claims millions is broken.
    if (size > 65536 + 8 * (vocab.size() + declared.size()))
        return broken("the token ids are spread too far apart");
    std::vector<std::string> pieces(size);
    std::vector<TokenType> types(size, TokenType::unused);
    for (const auto& [piece, id] : vocab.items()) {
        const auto at = id.get<std::size_t>();
        if (!pieces[at].empty()) return broken("the id " + std::to_string(at) + " belongs to two tokens");
        pieces[at] = piece;
        types[at] = byte_fallback && byte_of_piece(piece) >= 0 ? TokenType::byte : TokenType::normal;
    }
    put_declared(declared, pieces, types);
    return Vocabulary::make(pieces, std::move(types));
}

/// Unigram's vocabulary: a list of [piece, score], the id is the place.
Result<Vocabulary> read_scored_vocabulary(const Json& vocab, const std::vector<Declared>& declared,
                                          std::vector<double>& scores) {
    if (!vocab.is_array()) return broken("model.vocab is not a list");
    std::vector<std::string> pieces;
    for (const Json& entry : vocab) {
        if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() || !entry[1].is_number() ||
            !std::isfinite(entry[1].get<double>()))
            return broken("entry " + std::to_string(pieces.size()) +
                          " of model.vocab is not a piece and its score");
        pieces.push_back(entry[0].get<std::string>());
        scores.push_back(entry[1].get<double>());
    }
    std::size_t size = pieces.size();
    for (const Declared& added : declared)
        size = std::max(size, static_cast<std::size_t>(added.token.id) + 1);
    if (size > pieces.size() + declared.size()) return broken("the token ids are spread too far apart");
    std::vector<TokenType> types(pieces.size(), TokenType::normal);
    pieces.resize(size);
    types.resize(size, TokenType::unused);
    scores.resize(size, 0.0);
    put_declared(declared, pieces, types);
    return Vocabulary::make(pieces, std::move(types));
}

/// A merge is "left right", or a list of the two.
bool split_merge(const Json& merge, std::string_view& left, std::string_view& right) {
    if (merge.is_string()) {
        const std::string_view text = merge.get_ref<const std::string&>();
        const std::size_t space = text.find(' ');
        if (space == std::string_view::npos || text.find(' ', space + 1) != std::string_view::npos)
            return false;
        left = text.substr(0, space), right = text.substr(space + 1);
    } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
        left = merge[0].get_ref<const std::string&>(), right = merge[1].get_ref<const std::string&>();
    }
    return !left.empty() && !right.empty();
}

Result<void> read_merges(const Json& merges, BpeParts& parts) {
    if (!merges.is_array()) return broken("model.merges is not a list");
    parts.merges = MergeTable(merges.size());
    std::string joined;
    std::uint32_t rank = 0;
    for (const Json& merge : merges) {
        std::string_view left, right;
        if (!split_merge(merge, left, right))
            return broken("merge " + std::to_string(rank) + " is not two pieces");
        joined.assign(left).append(right);
        const TokenId left_id = parts.vocabulary.find(left), right_id = parts.vocabulary.find(right),
                      id = parts.vocabulary.find(joined);
        if (left_id < 0 || right_id < 0 || id < 0)
            return broken("merge " + std::to_string(rank) +
                          " names a token that the vocabulary does not have");
        parts.merges.add(left_id, right_id, {rank++, id});
    }
    return {};
}

/// Fills `joints`. PRECONDITION: merges and the unknown token are read. Left empty where a merge takes in a
/// byte token or the unknown token, which are symbols of several characters.
void find_joints(const Json& merges, BpeParts& parts) {
    const Vocabulary& vocabulary = parts.vocabulary;
    MergeTable joints;
    std::uint32_t rank = 0;
    for (const Json& merge : merges) {
        std::string_view left, right;
        if (!split_merge(merge, left, right)) return;
        for (const TokenId id : {vocabulary.find(left), vocabulary.find(right)})
            if (id < 0 || id == parts.unknown || vocabulary.type(id) == TokenType::byte) return;
        std::size_t last = left.size() - 1;
        while (last > 0 && (static_cast<unsigned char>(left[last]) & 0xC0) == 0x80) --last;
        const TokenId before = vocabulary.find(left.substr(last));
        const TokenId after = vocabulary.find(right.substr(0, decode_utf8(right, 0).length));
        // A character without a token of its own is never a symbol, and then this merge never happens.
        if (before >= 0 && after >= 0) joints.add(before, after, {rank++, 0});
    }
    parts.joints = std::move(joints);
}

Result<void> read_wordpiece(const Json& model, const std::vector<Declared>& declared, BpeParts& parts) {
    PELLUCID_TRY(parts.vocabulary, read_vocabulary(member(model, "vocab"), declared, false));
    PELLUCID_TRY(const std::string unknown, string_or(model, "unk_token", "[UNK]"));
    PELLUCID_TRY(std::string continuation, string_or(model, "continuing_subword_prefix", "##"));
    const Json& longest = member(model, "max_input_chars_per_word");
    if (!longest.is_null() && !longest.is_number_unsigned())
        return broken("max_input_chars_per_word is not a number");
    parts.unknown = parts.vocabulary.find(unknown);
    if (parts.unknown < 0) return broken("the unknown token \"" + unknown + "\" is not in the vocabulary");
    parts.special.unk = parts.unknown;
    parts.word_model = std::make_shared<const WordPiece>(
        parts.unknown, std::move(continuation), longest.is_null() ? 100 : longest.get<std::size_t>());
    parts.description = "WordPiece";
    return {};
}

Result<void> read_unigram(const Json& model, const std::vector<Declared>& declared, BpeParts& parts) {
    PELLUCID_TRY(const bool byte_fallback, boolean_or(model, "byte_fallback", false));
    if (byte_fallback) return unsupported("model option", "byte_fallback of Unigram");
    std::vector<double> scores;
    PELLUCID_TRY(parts.vocabulary, read_scored_vocabulary(member(model, "vocab"), declared, scores));
    const Json& unknown = member(model, "unk_id");
    if (!unknown.is_number_unsigned() || unknown.get<std::uint64_t>() >= parts.vocabulary.size())
        return broken("unk_id is not an id of the vocabulary");
    parts.unknown = unknown.get<TokenId>();
    parts.special.unk = parts.unknown;
    parts.word_model = std::make_shared<const Unigram>(parts.vocabulary, std::move(scores), parts.unknown);
    parts.description = "unigram";
    return {};
}

Result<void> read_model(const Json& model, const std::vector<Declared>& declared, BpeParts& parts) {
    // Files older than the key have none: unigram's vocabulary is a list.
    const char* fallback = member(model, "vocab").is_array() ? "Unigram" : "BPE";
    PELLUCID_TRY(const std::string type, string_or(model, "type", fallback));
    if (type == "WordPiece") return read_wordpiece(model, declared, parts);
    if (type == "Unigram") return read_unigram(model, declared, parts);
    if (type != "BPE") return unsupported("model", type);
    if (const Json& dropout = member(model, "dropout"); !dropout.is_null() && dropout != 0.0)
        return unsupported("model option", "dropout");
    for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
        PELLUCID_TRY(const std::string value, string_or(model, key, ""));
        if (!value.empty()) return unsupported("model option", key);
    }
    PELLUCID_TRY(parts.fuse_unknown, boolean_or(model, "fuse_unk", false));
    PELLUCID_TRY(parts.byte_fallback, boolean_or(model, "byte_fallback", false));
    PELLUCID_TRY(parts.ignore_merges, boolean_or(model, "ignore_merges", false));
    PELLUCID_TRY(parts.vocabulary, read_vocabulary(member(model, "vocab"), declared, parts.byte_fallback));
    PELLUCID_CHECK(read_merges(member(model, "merges"), parts));
    PELLUCID_TRY(const std::string unknown, string_or(model, "unk_token", ""));
    if (!unknown.empty()) {
        parts.unknown = parts.vocabulary.find(unknown);
        if (parts.unknown < 0)
            return broken("the unknown token \"" + unknown + "\" is not in the vocabulary");
        parts.special.unk = parts.unknown;
    }
    return {};
}

/// A token of tokenizer_config.json: text, or an object with "content".
std::optional<TokenId> configured(const Json& config, const char* key, const Vocabulary& vocabulary) {
    const Json& value = member(config, key);
    const Json& text = value.is_object() ? member(value, "content") : value;
    if (!text.is_string()) return {};
    const TokenId id = vocabulary.find(text.get_ref<const std::string&>());
    return id >= 0 ? std::optional(id) : std::nullopt;
}

Result<void> read_config(const Json& config, BpeParts& parts) {
    SpecialTokens& special = parts.special;
    special.bos = configured(config, "bos_token", parts.vocabulary);
    special.eos = configured(config, "eos_token", parts.vocabulary);
    special.pad = configured(config, "pad_token", parts.vocabulary);
    if (!special.unk) special.unk = configured(config, "unk_token", parts.vocabulary);
    if (!special.bos && !parts.prefix.empty()) special.bos = parts.prefix.front();
    if (!special.eos && !parts.suffix.empty()) special.eos = parts.suffix.back();
    // transformers rebuilds the post-processor from these two where they are there.
    const Json& add_bos = member(config, "add_bos_token");
    const Json& add_eos = member(config, "add_eos_token");
    if (add_bos.is_boolean() && special.bos) {
        const bool has = !parts.prefix.empty() && parts.prefix.front() == *special.bos;
        if (add_bos.get<bool>() && !has) parts.prefix.insert(parts.prefix.begin(), *special.bos);
        if (!add_bos.get<bool>() && has) parts.prefix.erase(parts.prefix.begin());
    }
    if (add_eos.is_boolean() && special.eos) {
        const bool has = !parts.suffix.empty() && parts.suffix.back() == *special.eos;
        if (add_eos.get<bool>() && !has) parts.suffix.push_back(*special.eos);
        if (!add_eos.get<bool>() && has) parts.suffix.pop_back();
    }
    special.add_bos = special.bos && !parts.prefix.empty() && parts.prefix.front() == *special.bos;
    special.add_eos = special.eos && !parts.suffix.empty() && parts.suffix.back() == *special.eos;
    special.add_space_prefix = parts.strip_leading_spaces > 0;
    return {};
}

}  // namespace

Result<std::shared_ptr<const Tokenizer>> make_tokenizer_from_json(std::string_view tokenizer_json,
                                                                  std::string_view tokenizer_config_json,
                                                                  std::span<const std::int64_t> end_ids) {
    const Json root = Json::parse(tokenizer_json, nullptr, false);
    if (!root.is_object()) return broken("it is not a JSON object");
    Json config;
    if (!tokenizer_config_json.empty()) {
        config = Json::parse(tokenizer_config_json, nullptr, false);
        if (!config.is_object())
            return fail(ErrorCode::corrupt, "tokenizer_config.json is not a JSON object",
                        "download the tokenizer again");
    }
    BpeParts parts;
    PELLUCID_TRY(const std::vector<Declared> declared, read_added_tokens(member(root, "added_tokens")));
    PELLUCID_CHECK(read_model(member(root, "model"), declared, parts));
    std::vector<RewriteStep> normalizer;
    PELLUCID_CHECK(read_normalizer(member(root, "normalizer"), normalizer));
    parts.normalizer = TextRewriter(std::move(normalizer));
    PELLUCID_CHECK(read_pre_tokenizer(member(root, "pre_tokenizer"), parts));
    if (!parts.byte_level && !parts.word_model) find_joints(member(member(root, "model"), "merges"), parts);
    PELLUCID_CHECK(read_decoder(member(root, "decoder"), parts));
    PELLUCID_CHECK(read_post_processor(member(root, "post_processor"), parts));

    std::vector<AddedToken> raw, normalized;
    for (const Declared& added : declared) {
        if (!added.normalized) {
            raw.push_back(added.token);
            continue;
        }
        // Such a token is looked for in normalized text, so its own text is normalized too.
        std::string storage;
        AddedToken token = added.token;
        token.text = std::string(parts.normalizer.rewrite(added.token.text, true, storage));
        normalized.push_back(std::move(token));
    }
    parts.raw_tokens = AddedTokens(std::move(raw));
    parts.normalized_tokens = AddedTokens(std::move(normalized));
    PELLUCID_CHECK(read_config(config, parts));
    complete_special_tokens(parts.vocabulary, parts.special);
    auto& ends = parts.special.end_of_generation;
    for (const std::int64_t id : end_ids)
        if (id >= 0 && static_cast<std::uint64_t>(id) < parts.vocabulary.size() &&
            std::find(ends.begin(), ends.end(), id) == ends.end())
            ends.push_back(static_cast<TokenId>(id));
    std::sort(ends.begin(), ends.end());
    const std::string tokens = ", tokenizer.json, " + std::to_string(parts.vocabulary.size()) + " tokens";
    if (parts.word_model)
        parts.description += tokens;
    else
        parts.description = std::string(parts.byte_level ? "byte-level BPE" : "character BPE") +
                            (parts.byte_fallback ? " with byte fallback" : "") + tokens + ", " +
                            std::to_string(parts.merges.size()) + " merges";
    return std::shared_ptr<const Tokenizer>(std::make_shared<BpeTokenizer>(std::move(parts)));
}

}  // namespace pellucid
