#include "engine/model/encoder_folder.h"

#include <algorithm>
#include <filesystem>

#include "engine/format/json_file.h"
#include "engine/model/check_tensors.h"
#include "engine/model/folder/config_reader.h"
#include "engine/model/folder/folder_source.h"
#include "engine/model/folder/folder_weights.h"

namespace pellucid {

namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t kMostTokenizer = 256u << 20;  // tokenizer.json of 250,000 pieces takes 17 MB
constexpr const char* kDamaged = "config.json is damaged or not of this model; download the folder again";
constexpr const char* kAnother = "choose another embedding model";

Failure corrupt(const std::string& file, const std::string& what) {
    return fail(ErrorCode::corrupt, file + ": " + what, "download the folder again");
}

bool is_there(const fs::path& path) {
    std::error_code trouble;
    return fs::exists(path, trouble);
}

/// A JSON file that may not be there (then null).
Result<Json> read_json_if_there(const fs::path& path) {
    if (!is_there(path)) return Json();
    PELLUCID_TRY(const std::string text, read_small_file(path.string()));
    return parse_json(text, path.string());
}

Activation activation_of(ConfigReader& config) {
    const std::string name = config.text_or("hidden_act", "gelu");
    if (name == "gelu") return Activation::gelu;
    if (name == "gelu_new" || name == "gelu_pytorch_tanh" || name == "gelu_fast")
        return Activation::gelu_tanh;
    if (name == "silu" || name == "swish") return Activation::silu;
    config.refuse(ErrorCode::unsupported, "hidden_act is '" + name.substr(0, 40) + "'", kAnother);
    return Activation::gelu;
}

/// transformers' names of a layer's tensors.
EncoderLayer layer_of(const EncoderSpec& spec, const std::string& prefix, int index, float eps) {
    const int n = spec.n_embd;
    const std::string block = prefix + "encoder.layer." + std::to_string(index) + ".";
    const auto linear = [&](const char* name, int out, int in) {
        return Linear{out, in, block + name + ".weight", block + name + ".bias"};
    };
    const auto norm = [&](const char* name) {
        return Norm{NormKind::layer, n, eps, block + name + ".weight", block + name + ".bias"};
    };
    EncoderLayer layer;
    layer.q = linear("attention.self.query", n, n);
    layer.k = linear("attention.self.key", n, n);
    layer.v = linear("attention.self.value", n, n);
    layer.output = linear("attention.output.dense", n, n);
    layer.attention_norm = norm("attention.output.LayerNorm");
    layer.up = linear("intermediate.dense", spec.feed_forward, n);
    layer.down = linear("output.dense", n, spec.feed_forward);
    layer.output_norm = norm("output.LayerNorm");
    return layer;
}

Result<EncoderSpec> read_spec(const Json& tree, const std::string& file, const WeightSource& weights) {
    ConfigReader config(tree, file);
    EncoderSpec spec;
    spec.architecture = config.text_or("model_type", "");
    if (!is_encoder_architecture(spec.architecture))
        config.refuse(
            ErrorCode::unsupported,
            "model_type is '" + spec.architecture.substr(0, 40) + "', which is no encoder known here",
            kAnother);
    spec.vocabulary = config.count("vocab_size", 1, 1 << 24);
    spec.n_embd = config.count("hidden_size", 1, 1 << 16);
    spec.feed_forward = config.count("intermediate_size", 1, 1 << 16);
    spec.heads = config.count("num_attention_heads", 1, 1 << 16);
    const int layers = config.count("num_hidden_layers", 1, 512);
    const int table = config.count("max_position_embeddings", 1, 1 << 20);
    spec.types = config.count("type_vocab_size", 0, 1 << 10);
    // RoBERTa's positions begin after the padding token's id.
    if (spec.architecture != "bert") spec.first_position = config.count("pad_token_id", 0, 1 << 10) + 1;
    spec.positions = table - spec.first_position;
    spec.activation = activation_of(config);
    const auto eps = static_cast<float>(config.number_or("layer_norm_eps", 1e-12));
    if (!(eps >= 0 && eps <= 1))
        config.refuse(ErrorCode::corrupt, "layer_norm_eps is not a number from 0 to 1", kDamaged);
    if (const std::string kind = config.text_or("position_embedding_type", "absolute"); kind != "absolute")
        config.refuse(ErrorCode::unsupported, "position_embedding_type is '" + kind.substr(0, 40) + "'",
                      kAnother);
    if (spec.n_embd % spec.heads != 0 || spec.positions < 1)
        config.refuse(ErrorCode::corrupt,
                      "hidden_size, num_attention_heads and max_position_embeddings do not fit each other",
                      kDamaged);
    if (!config.ok()) return fail(*config.error());

    std::string prefix;
    for (const char* candidate : {"bert.", "roberta."})
        if (weights.find(std::string(candidate) + "embeddings.word_embeddings.weight")) prefix = candidate;
    const std::string embeddings = prefix + "embeddings.";
    spec.embedding = embeddings + "word_embeddings.weight";
    spec.position_embedding = embeddings + "position_embeddings.weight";
    if (spec.types > 0) spec.type_embedding = embeddings + "token_type_embeddings.weight";
    spec.embedding_norm = {NormKind::layer, spec.n_embd, eps, embeddings + "LayerNorm.weight",
                           embeddings + "LayerNorm.bias"};
    for (int i = 0; i < layers; ++i) spec.layers.push_back(layer_of(spec, prefix, i, eps));
    spec.max_tokens = spec.positions;
    return spec;
}

/// What sentence-transformers says of pooling, length and normalisation.
Result<void> read_modules(const fs::path& folder, EncoderSpec& spec, std::vector<std::string>& notices) {
    PELLUCID_TRY(const Json limits, read_json_if_there(folder / "sentence_bert_config.json"));
    if (limits.is_object() && limits.contains("max_seq_length") &&
        limits["max_seq_length"].is_number_integer() && limits["max_seq_length"] >= 3)
        spec.max_tokens = static_cast<int>(
            std::min<std::int64_t>(spec.positions, limits["max_seq_length"].get<std::int64_t>()));

    const std::string file = (folder / "modules.json").string();
    PELLUCID_TRY(const Json modules, read_json_if_there(folder / "modules.json"));
    if (modules.is_null()) {
        notices.push_back(
            "modules.json is missing: the mean of all tokens is taken, and its length made one");
        return {};
    }
    if (!modules.is_array()) return corrupt(file, "it is not a list");
    spec.normalise = false;
    bool pooled = false;
    for (const Json& module : modules) {
        if (!module.is_object()) return corrupt(file, "a module is not an object");
        const std::string type =
            module.value("type", Json()).is_string() ? module["type"].get<std::string>() : "";
        const std::string path =
            module.value("path", Json()).is_string() ? module["path"].get<std::string>() : "";
        if (type.ends_with(".Normalize")) {
            spec.normalise = true;
        } else if (type.ends_with(".Pooling")) {
            const fs::path inside(path);
            if (inside.is_absolute() || std::find(inside.begin(), inside.end(), "..") != inside.end())
                return corrupt(file, "a module lies outside the folder");
            const fs::path at = folder / inside / "config.json";
            PELLUCID_TRY(const Json pooling, read_json_file(at.string()));
            const auto is = [&](const char* key) { return pooling.contains(key) && pooling[key] == true; };
            const bool mean = is("pooling_mode_mean_tokens"), cls = is("pooling_mode_cls_token");
            if (mean == cls || is("pooling_mode_max_tokens") || is("pooling_mode_mean_sqrt_len_tokens") ||
                is("pooling_mode_weightedmean_tokens") || is("pooling_mode_lasttoken"))
                return fail(ErrorCode::unsupported, at.string() + ": pooling is neither mean nor cls",
                            kAnother);
            spec.pooling = cls ? Pooling::cls : Pooling::mean;
            pooled = true;
        } else if (!type.ends_with(".Transformer")) {
            return fail(ErrorCode::unsupported,
                        file + ": the module '" + type.substr(0, 80) + "' is not known", kAnother);
        }
    }
    if (!pooled) notices.push_back("modules.json names no pooling: the mean of all tokens is taken");
    return {};
}

}  // namespace

Result<EncoderFile> open_encoder_folder(const std::string& folder) {
    const fs::path at(folder);
    EncoderFile made;
    made.path = folder;
    PELLUCID_TRY(const Json config, read_json_file((at / "config.json").string()));
    PELLUCID_TRY(auto files, FolderWeights::open(folder));
    const auto weights = FolderSource::plain(std::move(files));
    PELLUCID_TRY(EncoderSpec spec, read_spec(config, (at / "config.json").string(), *weights));
    spec.name = at.filename().empty() ? at.parent_path().filename().string() : at.filename().string();
    PELLUCID_CHECK(read_modules(at, spec, made.notices));
    PELLUCID_CHECK(check_tensors(tensor_needs(spec), *weights, spec.architecture, folder));

    PELLUCID_TRY(const std::string tokenizer,
                 read_small_file((at / "tokenizer.json").string(), kMostTokenizer));
    std::string tokenizer_config;
    if (is_there(at / "tokenizer_config.json")) {
        PELLUCID_TRY(tokenizer_config, read_small_file((at / "tokenizer_config.json").string()));
    }
    auto read = make_tokenizer_from_json(tokenizer, tokenizer_config);
    if (!read) return tokenizer_failed(folder, read.error());
    made.tokenizer = *std::move(read);
    made.weights = weights;
    made.spec = std::make_shared<const EncoderSpec>(std::move(spec));
    PELLUCID_CHECK(check_vocabulary(made));
    return made;
}

}  // namespace pellucid
