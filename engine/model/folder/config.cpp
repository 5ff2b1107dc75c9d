#include "engine/model/folder/config.h"

#include <algorithm>
#include <iterator>

#include "engine/model/folder/config_families.h"
#include "engine/model/folder/config_reader.h"

namespace pellucid {
namespace {

struct Family {
    std::string_view model_type, architecture;
    bool tied;  ///< tie_word_embeddings where the file is silent
    void (*read)(ConfigReader&, TensorRules&);
};

constexpr Family families[] = {
    {"deepseek_v2", "deepseek2", false, deepseek_config},
    {"deepseek_v3", "deepseek2", false, deepseek_config},
    {"gemma2", "gemma2", true, gemma2_config},
    {"gemma3", "gemma3", true, gemma3_config},
    {"gemma3_text", "gemma3", true, gemma3_config},
    {"glm4", "glm4", false, glm4_config},
    {"gpt_oss", "gpt-oss", false, gpt_oss_config},
    {"granite", "granite", false, granite_config},
    {"lfm2", "lfm2", true, lfm2_config},
    {"llama", "llama", false, llama_config},
    {"mistral", "llama", false, llama_config},
    {"mixtral", "llama", false, llama_config},
    {"phi3", "phi3", false, phi3_config},
    {"qwen2", "qwen2", false, qwen_config},
    {"qwen2_moe", "qwen2moe", false, qwen_config},
    {"qwen3", "qwen3", false, qwen_config},
    {"qwen3_moe", "qwen3moe", false, qwen_config},
    {"smollm3", "smollm3", true, smollm3_config},
};

constexpr const char* kOtherForm = "choose the model in BF16, F16, FP8, GPTQ or AWQ, or as a GGUF file";

void read_common(ConfigReader& in, TensorRules& rules) {
    rules.layers = in.integer("num_hidden_layers");
    rules.heads = in.integer("num_attention_heads");
    rules.kv_heads = in.integer_or("num_key_value_heads", rules.heads);
    in.set("block_count", rules.layers);
    in.set("embedding_length", in.integer("hidden_size"));
    in.set("context_length", in.integer("max_position_embeddings"));
    in.set("attention.head_count", rules.heads);
    in.set("attention.head_count_kv", rules.kv_heads);
    if (in.has("intermediate_size")) in.set("feed_forward_length", in.integer("intermediate_size"));
    if (in.has("rms_norm_eps")) in.set("attention.layer_norm_rms_epsilon", in.number("rms_norm_eps"));
    if (in.has("head_dim")) {
        in.set("attention.key_length", in.integer("head_dim"));
        in.set("attention.value_length", in.integer("head_dim"));
    }
    if (in.has("vocab_size")) in.set("vocab_size", in.integer("vocab_size"));
}

std::int64_t bounded(ConfigReader& in, ConfigReader& section, std::string_view key, std::int64_t fallback,
                     std::int64_t least, std::int64_t most) {
    const std::int64_t value = section.integer_or(key, fallback);
    if (value >= least && value <= most) return value;
    in.refuse(ErrorCode::corrupt, "quantization_config." + std::string(key) + " is " + std::to_string(value),
              "download the folder again");
    return fallback;
}

FolderQuantization read_quantization(ConfigReader& in) {
    FolderQuantization how;
    if (!in.has("quantization_config")) return how;
    using Kind = FolderQuantization::Kind;
    ConfigReader section = in.inside("quantization_config");
    const std::string method = section.text_or("quant_method", "");
    if (method == "fp8") {
        how.kind = Kind::fp8;
        how.label = "FP8";
        const std::vector<double> block = section.numbers_or_none("weight_block_size");
        if (!block.empty()) {
            if (block.size() != 2 || !(block[0] >= 1 && block[0] <= 1 << 20) ||
                !(block[1] >= 1 && block[1] <= 1 << 20))
                in.refuse(ErrorCode::corrupt, "quantization_config.weight_block_size is not two sizes",
                          "download the folder again");
            else
                how.block_rows = static_cast<int>(block[0]), how.block_columns = static_cast<int>(block[1]);
        }
    } else if (method == "gptq") {
        how.kind = Kind::gptq;
        how.bits = static_cast<int>(bounded(in, section, "bits", 4, 1, 16));
        how.group_size = static_cast<int>(bounded(in, section, "group_size", 128, -1, 1 << 20));
        how.zero_plus_one = section.text_or("checkpoint_format", "gptq") != "gptq_v2";
        how.label = "GPTQ " + std::to_string(how.bits) + "-bit";
        if (how.bits != 2 && how.bits != 4 && how.bits != 8)
            in.refuse(ErrorCode::unsupported,
                      "quantization_config.bits is " + std::to_string(how.bits) + " (2, 4 and 8 are known)",
                      kOtherForm);
    } else if (method == "awq") {
        how.kind = Kind::awq;
        how.bits = static_cast<int>(bounded(in, section, "bits", 4, 1, 16));
        how.group_size = static_cast<int>(bounded(in, section, "group_size", 128, -1, 1 << 20));
        how.label = "AWQ 4-bit";
        const std::string version = section.text_or("version", "gemm");
        if (how.bits != 4 || (version != "gemm" && version != "GEMM"))
            in.refuse(ErrorCode::unsupported,
                      "quantization_config is AWQ of " + std::to_string(how.bits) + " bits in packing '" +
                          version.substr(0, 40) + "'",
                      kOtherForm);
    } else if (method == "mxfp4") {
        how.kind = Kind::mxfp4;
        how.label = "MXFP4";
    } else {
        in.refuse(ErrorCode::unsupported,
                  "quantization_config.quant_method is '" + method.substr(0, 40) + "'", kOtherForm);
    }
    if (how.group_size == 0) how.group_size = -1;
    in.take_error(section);
    return how;
}

}  // namespace

std::vector<std::string_view> known_model_types() {
    std::vector<std::string_view> names;
    for (const Family& family : families) names.push_back(family.model_type);
    return names;
}

Result<FolderConfig> read_config(const nlohmann::json& config, const std::string& file) {
    ConfigReader outer(config, file);
    const std::string type = outer.text_or("model_type", "");
    const auto* family = std::find_if(std::begin(families), std::end(families),
                                      [&](const Family& f) { return f.model_type == type; });
    if (!outer.ok()) return fail(*outer.error());
    if (family == std::end(families)) {
        std::string list;
        for (const Family& known : families)
            list += (list.empty() ? "" : ", ") + std::string(known.model_type);
        return fail(ErrorCode::unsupported, file + ": model_type is '" + type.substr(0, 80) + "'",
                    "this version runs " + list + "; choose such a model or a newer version");
    }
    // A model of language inside one that also sees keeps its settings in an object of their own.
    ConfigReader in = outer.has("text_config") ? outer.inside("text_config") : outer;
    in.architecture = family->architecture;
    in.metadata.set("general.architecture", MetaValue{std::string(family->architecture)});
    FolderConfig result;
    read_common(in, result.rules);
    family->read(in, result.rules);
    const bool tied = in.flag_or("tie_word_embeddings", outer.flag_or("tie_word_embeddings", family->tied));
    result.rules.tied = tied;
    result.rules.untied = !tied && (in.has("tie_word_embeddings") || outer.has("tie_word_embeddings"));
    result.quantization = read_quantization(outer);
    in.take_error(outer);
    if (!in.ok()) return fail(*in.error());
    result.metadata = std::move(in.metadata);
    return result;
}

}  // namespace pellucid
