#include "engine/text/tokenizer_json_parts.h"

#include "engine/text/pre_tokenizer_names.h"

namespace pellucid::tokenizer_json {

namespace {

constexpr int kDeepest = 32;  // sequences in sequences

/// {"String": …} or {"Regex": …}: the text and whether it is an expression.
struct Pattern {
    std::string text;
    bool is_regex = false;
};

Result<Pattern> read_pattern(const Json& component, const char* section) {
    const Json& pattern = member(component, "pattern");
    for (const char* kind : {"String", "Regex"})
        if (const Json& text = member(pattern, kind); text.is_string())
            return Pattern{text.get<std::string>(), std::string_view(kind) == "Regex"};
    return broken(std::string(section) + " has a pattern that is neither String nor Regex");
}

std::string pattern_of(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view("\\^$.|?*+()[]{}-#&").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

Result<void> add_normalizer(const Json& component, std::vector<RewriteStep>& steps, int depth) {
    if (component.is_null()) return {};
    PELLUCID_TRY(const std::string type, type_of(component, "normalizer"));
    if (type == "Sequence") {
        const Json& list = member(component, "normalizers");
        if (!list.is_array() || depth >= kDeepest)
            return broken("normalizer has no list of normalizers, or too deep a one");
        for (const Json& item : list) PELLUCID_CHECK(add_normalizer(item, steps, depth + 1));
        return {};
    }
    using Form = NormalizeStep::Form;
    if (type == "NFC") return steps.push_back(NormalizeStep{Form::nfc}), Result<void>();
    if (type == "NFD") return steps.push_back(NormalizeStep{Form::nfd}), Result<void>();
    if (type == "NFKC") return steps.push_back(NormalizeStep{Form::nfkc}), Result<void>();
    if (type == "NFKD") return steps.push_back(NormalizeStep{Form::nfkd}), Result<void>();
    if (type == "Lowercase") return steps.push_back(LowercaseStep{}), Result<void>();
    if (type == "Prepend") {
        PELLUCID_TRY(std::string text, string_or(component, "prepend", ""));
        steps.push_back(PrependStep{std::move(text)});
        return {};
    }
    if (type == "Strip") {
        PELLUCID_TRY(const bool left, boolean_or(component, "strip_left", true));
        PELLUCID_TRY(const bool right, boolean_or(component, "strip_right", true));
        steps.push_back(StripStep{left, right});
        return {};
    }
    if (type == "Replace") {
        PELLUCID_TRY(Pattern pattern, read_pattern(component, "Replace"));
        PELLUCID_TRY(std::string with, string_or(component, "content", ""));
        ReplaceStep step{std::move(pattern.text), {}, std::move(with)};
        if (pattern.is_regex) {
            PELLUCID_TRY(step.regex, Regex::compile(step.text));
        }
        steps.push_back(std::move(step));
        return {};
    }
    if (type == "StripAccents") return steps.push_back(StripMarksStep{}), Result<void>();
    if (type == "BertNormalizer") {
        BertNormalizer bert;
        PELLUCID_TRY(bert.clean_text, boolean_or(component, "clean_text", true));
        PELLUCID_TRY(bert.space_chinese, boolean_or(component, "handle_chinese_chars", true));
        PELLUCID_TRY(bert.lowercase, boolean_or(component, "lowercase", true));
        PELLUCID_TRY(bert.strip_accents, boolean_or(component, "strip_accents", bert.lowercase));
        steps.push_back(BertStep{bert});
        return {};
    }
    if (type == "Precompiled") {
        PELLUCID_TRY(const std::string text, string_or(component, "precompiled_charsmap", ""));
        if (text.empty()) return {};
        const auto bytes = decode_base64(text);
        if (!bytes) return broken("precompiled_charsmap is not base64");
        PELLUCID_TRY(Charsmap map, Charsmap::parse(*bytes));
        steps.push_back(CharsmapStep{std::make_shared<const Charsmap>(std::move(map))});
        return {};
    }
    return unsupported("normalizer", type);
}

Result<SplitBehavior> read_behavior(const Json& component, const char* fallback) {
    PELLUCID_TRY(const std::string name, string_or(component, "behavior", fallback));
    if (name == "Isolated") return SplitBehavior::isolated;
    if (name == "Removed") return SplitBehavior::removed;
    if (name == "MergedWithPrevious") return SplitBehavior::merged_with_previous;
    if (name == "MergedWithNext") return SplitBehavior::merged_with_next;
    if (name == "Contiguous") return SplitBehavior::contiguous;
    return unsupported("split behavior", name);
}

Result<void> add_split(std::string_view pattern, SplitBehavior behavior, bool invert,
                       std::vector<SplitStep>& steps) {
    PELLUCID_TRY(Regex regex, Regex::compile(pattern));
    steps.push_back({std::move(regex), behavior, invert});
    return {};
}

/// Unicode's punctuation and all of ASCII's.
constexpr std::string_view kPunctuation = "[\\p{P}$+<=>^`|~]";

struct PreTokenizerReader {
    BpeParts& parts;
    std::vector<SplitStep> steps;
    std::vector<RewriteStep> rewrites;
    bool late = false;  ///< the first of two stages is done

    /// A rewrite works on a whole stretch of text: the first ones on what lies between added tokens, and one
    /// more stage on the words that were cut from it.
    Result<void> rewrite(RewriteStep step, const std::string& type) {
        if (!steps.empty()) {
            if (late) return unsupported("pre_tokenizer", type + " after a second split");
            finish();
            late = true;
        }
        rewrites.push_back(std::move(step));
        return {};
    }
    void finish() {
        (late ? parts.late_pre_tokenizer : parts.pre_tokenizer) = PreTokenizer(std::move(steps));
        (late ? parts.late_rewriter : parts.word_rewriter) = TextRewriter(std::move(rewrites));
        steps.clear();
        rewrites.clear();
    }

    Result<void> metaspace(const Json& component) {
        PELLUCID_TRY(const std::string space, string_or(component, "replacement", "▁"));
        PELLUCID_TRY(const bool old_prefix, boolean_or(component, "add_prefix_space", true));
        PELLUCID_TRY(const std::string scheme,
                     string_or(component, "prepend_scheme", old_prefix ? "always" : "never"));
        PELLUCID_TRY(const bool split, boolean_or(component, "split", true));
        PELLUCID_CHECK(rewrite(ReplaceStep{" ", {}, space}, "Metaspace"));
        if (scheme == "always" || scheme == "first")
            rewrites.push_back(PrependStep{space, true, scheme == "first"});
        else if (scheme != "never")
            return unsupported("prepend_scheme", scheme);
        if (split)
            PELLUCID_CHECK(add_split(pattern_of(space), SplitBehavior::merged_with_next, false, steps));
        return {};
    }

    Result<void> byte_level(const Json& component) {
        PELLUCID_TRY(const bool prefix, boolean_or(component, "add_prefix_space", true));
        PELLUCID_TRY(const bool use_regex, boolean_or(component, "use_regex", true));
        if (prefix) PELLUCID_CHECK(rewrite(PrependStep{" ", true}, "ByteLevel with add_prefix_space"));
        if (use_regex)
            PELLUCID_CHECK(
                add_split(named_pre_tokenizer("gpt-2")->patterns[0], SplitBehavior::isolated, false, steps));
        parts.byte_level = true;
        return {};
    }

    Result<void> add(const Json& component, int depth) {
        if (component.is_null()) return {};
        PELLUCID_TRY(const std::string type, type_of(component, "pre_tokenizer"));
        if (parts.byte_level) return unsupported("pre_tokenizer", type + " after ByteLevel");
        if (type == "Sequence") {
            const Json& list = member(component, "pretokenizers");
            if (!list.is_array() || depth >= kDeepest)
                return broken("pre_tokenizer has no list of pretokenizers, or too deep a one");
            for (const Json& item : list) PELLUCID_CHECK(add(item, depth + 1));
            return {};
        }
        if (type == "ByteLevel") return byte_level(component);
        if (type == "Metaspace") return metaspace(component);
        if (type == "Split") {
            PELLUCID_TRY(const Pattern pattern, read_pattern(component, "Split"));
            PELLUCID_TRY(const SplitBehavior behavior, read_behavior(component, "Isolated"));
            PELLUCID_TRY(const bool invert, boolean_or(component, "invert", false));
            return add_split(pattern.is_regex ? pattern.text : pattern_of(pattern.text), behavior, invert,
                             steps);
        }
        if (type == "Digits") {
            PELLUCID_TRY(const bool individual, boolean_or(component, "individual_digits", false));
            return add_split(individual ? "\\p{N}" : "\\p{N}+", SplitBehavior::isolated, false, steps);
        }
        if (type == "Punctuation") {
            PELLUCID_TRY(const SplitBehavior behavior, read_behavior(component, "Isolated"));
            return add_split(kPunctuation, behavior, false, steps);
        }
        if (type == "BertPreTokenizer") {
            PELLUCID_TRY(std::vector<SplitStep> bert, bert_pre_tokenizer());
            for (SplitStep& step : bert) steps.push_back(std::move(step));
            return {};
        }
        if (type == "WhitespaceSplit") return add_split("\\s", SplitBehavior::removed, false, steps);
        if (type == "Whitespace") return add_split("\\w+|[^\\w\\s]+", SplitBehavior::removed, true, steps);
        return unsupported("pre_tokenizer", type);
    }
};

Result<void> add_decoder(const Json& component, BpeParts& parts, int depth) {
    if (component.is_null()) return {};
    PELLUCID_TRY(const std::string type, type_of(component, "decoder"));
    if (type == "Sequence") {
        const Json& list = member(component, "decoders");
        if (!list.is_array() || depth >= kDeepest)
            return broken("decoder has no list of decoders, or too deep a one");
        for (const Json& item : list) PELLUCID_CHECK(add_decoder(item, parts, depth + 1));
        return {};
    }
    if (type == "ByteLevel" || type == "ByteFallback" || type == "Fuse") return {};
    if (type == "Replace") {
        PELLUCID_TRY(Pattern pattern, read_pattern(component, "Replace"));
        PELLUCID_TRY(std::string with, string_or(component, "content", ""));
        if (pattern.is_regex || pattern.text.empty())
            return unsupported("decoder", "Replace with an expression");
        parts.piece_replacements.emplace_back(std::move(pattern.text), std::move(with));
        return {};
    }
    if (type == "Metaspace") {
        PELLUCID_TRY(std::string space, string_or(component, "replacement", "▁"));
        PELLUCID_TRY(const bool old_prefix, boolean_or(component, "add_prefix_space", true));
        PELLUCID_TRY(const std::string scheme,
                     string_or(component, "prepend_scheme", old_prefix ? "always" : "never"));
        if (space.empty()) return broken("decoder Metaspace replaces nothing");
        parts.piece_replacements.emplace_back(std::move(space), " ");
        if (scheme != "never") parts.strip_leading_spaces = 1;
        return {};
    }
    if (type == "Strip") {
        PELLUCID_TRY(const std::string content, string_or(component, "content", " "));
        const Json& start = member(component, "start");
        const Json& stop = member(component, "stop");
        if (content != " " || !start.is_number_unsigned() || start.get<std::uint64_t>() > 8 ||
            (stop.is_number() && stop != 0))
            return unsupported("decoder", "Strip of anything but leading spaces");
        parts.strip_leading_spaces = start.get<unsigned>();
        return {};
    }
    if (type == "WordPiece") {
        PELLUCID_TRY(parts.continuation, string_or(component, "prefix", "##"));
        if (parts.continuation.empty()) return broken("decoder WordPiece has no prefix");
        parts.strip_leading_spaces = 1;
        return {};
    }
    return unsupported("decoder", type);
}

/// The ids of a template's special token: {"id", "ids", "tokens"} under its name.
Result<std::vector<TokenId>> template_ids(const Json& special_tokens, const std::string& name,
                                          const BpeParts& parts) {
    const Json& ids = member(member(special_tokens, name.c_str()), "ids");
    if (!ids.is_array()) return broken("post_processor names a token \"" + name + "\" without ids");
    std::vector<TokenId> out;
    for (const Json& id : ids) {
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= parts.vocabulary.size())
            return broken("post_processor has an id outside the vocabulary");
        out.push_back(id.get<TokenId>());
    }
    return out;
}

/// BertProcessing's "cls" and "sep": [text, id].
Result<TokenId> processing_id(const Json& component, const char* key, const BpeParts& parts) {
    const Json& pair = member(component, key);
    if (!pair.is_array() || pair.size() != 2 || !pair[1].is_number_unsigned() ||
        pair[1].get<std::uint64_t>() >= parts.vocabulary.size())
        return broken(std::string("post_processor has no usable \"") + key + "\"");
    return pair[1].get<TokenId>();
}

Result<void> add_post_processor(const Json& component, BpeParts& parts, int depth) {
    if (component.is_null()) return {};
    PELLUCID_TRY(const std::string type, type_of(component, "post_processor"));
    if (type == "ByteLevel") return {};  // trims offsets only
    if (type == "Sequence") {
        const Json& list = member(component, "processors");
        if (!list.is_array() || depth >= kDeepest)
            return broken("post_processor has no list of processors, or too deep a one");
        for (const Json& item : list) PELLUCID_CHECK(add_post_processor(item, parts, depth + 1));
        return {};
    }
    if (type == "BertProcessing" || type == "RobertaProcessing") {
        PELLUCID_TRY(const TokenId before, processing_id(component, "cls", parts));
        PELLUCID_TRY(const TokenId after, processing_id(component, "sep", parts));
        parts.prefix.insert(parts.prefix.begin(), before);
        parts.suffix.push_back(after);
        return {};
    }
    if (type != "TemplateProcessing") return unsupported("post_processor", type);
    const Json& single = member(component, "single");
    if (!single.is_array()) return broken("post_processor has no template for a single text");
    std::vector<TokenId> before, after;
    bool text_seen = false;
    for (const Json& item : single) {
        if (const Json& token = member(item, "SpecialToken"); token.is_object()) {
            PELLUCID_TRY(const std::string name, string_or(token, "id", ""));
            PELLUCID_TRY(const std::vector<TokenId> ids,
                         template_ids(member(component, "special_tokens"), name, parts));
            auto& side = text_seen ? after : before;
            side.insert(side.end(), ids.begin(), ids.end());
        } else if (member(item, "Sequence").is_object() && !text_seen) {
            text_seen = true;
        } else {
            return broken("post_processor's template is not special tokens around one text");
        }
    }
    parts.prefix.insert(parts.prefix.begin(), before.begin(), before.end());
    parts.suffix.insert(parts.suffix.end(), after.begin(), after.end());
    return {};
}

}  // namespace

Failure broken(const std::string& what) {
    return fail(ErrorCode::corrupt, "tokenizer.json: " + what, "download the tokenizer again");
}

Failure unsupported(const std::string& section, const std::string& name) {
    return fail(ErrorCode::unsupported,
                "tokenizer.json: the " + section + " \"" + name + "\" is not supported",
                "use a GGUF conversion of this model, or report the tokenizer");
}

const Json& member(const Json& object, const char* key) {
    static const Json kNull;
    if (!object.is_object()) return kNull;
    const auto found = object.find(key);
    return found == object.end() ? kNull : *found;
}

Result<std::string> string_or(const Json& object, const char* key, std::string fallback) {
    const Json& value = member(object, key);
    if (value.is_null()) return fallback;
    if (!value.is_string()) return broken(std::string("\"") + key + "\" is not text");
    return value.get<std::string>();
}

Result<bool> boolean_or(const Json& object, const char* key, bool fallback) {
    const Json& value = member(object, key);
    if (value.is_null()) return fallback;
    if (!value.is_boolean()) return broken(std::string("\"") + key + "\" is not true or false");
    return value.get<bool>();
}

Result<std::string> type_of(const Json& component, const char* section) {
    const Json& type = member(component, "type");
    if (!type.is_string()) return broken(std::string(section) + " has no type");
    return type.get<std::string>();
}

Result<void> read_normalizer(const Json& component, std::vector<RewriteStep>& steps) {
    return add_normalizer(component, steps, 0);
}

Result<void> read_pre_tokenizer(const Json& component, BpeParts& parts) {
    PreTokenizerReader reader{parts, {}, {}};
    parts.byte_level = false;
    PELLUCID_CHECK(reader.add(component, 0));
    reader.finish();
    return {};
}

Result<void> read_decoder(const Json& component, BpeParts& parts) {
    return add_decoder(component, parts, 0);
}

Result<void> read_post_processor(const Json& component, BpeParts& parts) {
    return add_post_processor(component, parts, 0);
}

}  // namespace pellucid::tokenizer_json
