#include "engine/model/encoder_folder.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/base/mapped_file.h"
#include "engine/format/safetensors_file.h"

namespace pellucid {

namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t kMostJson = 256u << 20;  // tokenizer.json of 250,000 pieces takes 17 MB
constexpr int kDeepest = 24;

class SafetensorsSource final : public WeightSource {
public:
    explicit SafetensorsSource(std::shared_ptr<const SafetensorsFile> file) : file_(std::move(file)) {
        for (const FileTensor& tensor : file_->tensors())
            views_.emplace(tensor.name, TensorView{tensor.name, tensor.type, tensor.shape, tensor.bytes});
    }
    const TensorView* find(std::string_view name) const override {
        const auto found = views_.find(name);
        return found == views_.end() ? nullptr : &found->second;
    }
    std::vector<std::string_view> names() const override {
        std::vector<std::string_view> names;
        for (const FileTensor& tensor : file_->tensors()) names.push_back(tensor.name);
        return names;
    }
    void release(const TensorView& tensor) const override {
        if (file_->mapping()) file_->mapping()->release(tensor.bytes);
    }
    std::uint64_t resident_bytes() const override {
        return file_->mapping() ? file_->mapping()->resident_bytes() : 0;
    }

private:
    std::shared_ptr<const SafetensorsFile> file_;
    std::map<std::string_view, TensorView> views_;
};

Failure corrupt(const std::string& file, const std::string& what) {
    return fail(ErrorCode::corrupt, file + ": " + what, "download the folder again");
}

Result<std::string> read_text(const std::string& path) {
    PELLUCID_TRY(const auto file, MappedFile::open(path));
    if (file->bytes().size() > kMostJson) return corrupt(path, "it is too large for what it is");
    return std::string(reinterpret_cast<const char*>(file->bytes().data()), file->bytes().size());
}

/// A JSON file that may not be there (then null). corrupt: no JSON, or nested beyond reason.
Result<Json> read_json(const fs::path& path, bool required) {
    std::error_code trouble;
    if (!required && !fs::exists(path, trouble)) return Json();
    PELLUCID_TRY(const std::string text, read_text(path.string()));
    bool deep = false;
    Json tree = Json::parse(
        text,
        [&](int depth, Json::parse_event_t, Json&) {
            deep = deep || depth > kDeepest;
            return !deep;
        },
        false);
    if (deep || tree.is_discarded()) return corrupt(path.string(), "it is not JSON");
    return tree;
}

/// Reads config.json and remembers the first thing wrong.
class Config {
public:
    Config(const Json& tree, std::string file) : tree_(tree), file_(std::move(file)) {}

    int count(const char* key, int least, int most) {
        const auto found = tree_.find(key);
        if (found == tree_.end() || found->is_null()) {
            refuse(ErrorCode::not_found, std::string(key) + " is missing");
            return least;
        }
        const bool fits = found->is_number_integer() && *found >= least && *found <= most;
        if (!fits)
            refuse(ErrorCode::corrupt, std::string(key) + " is not a whole number from " +
                                           std::to_string(least) + " to " + std::to_string(most));
        return fits ? found->get<int>() : least;
    }
    float number(const char* key, float fallback) {
        const auto found = tree_.find(key);
        if (found == tree_.end() || found->is_null()) return fallback;
        if (!found->is_number() || !(found->get<double>() >= 0) || found->get<double>() > 1) {
            refuse(ErrorCode::corrupt, std::string(key) + " is not a number from 0 to 1");
            return fallback;
        }
        return found->get<float>();
    }
    std::string text(const char* key, std::string fallback) {
        const auto found = tree_.find(key);
        if (found == tree_.end() || found->is_null()) return fallback;
        if (!found->is_string()) {
            refuse(ErrorCode::corrupt, std::string(key) + " is not text");
            return fallback;
        }
        return found->get<std::string>();
    }
    void refuse(ErrorCode code, const std::string& what) {
        if (!error_)
            error_ = Error{code, file_ + ": " + what,
                           code == ErrorCode::unsupported ? "choose another embedding model"
                                                          : "download the folder again"};
    }
    const std::optional<Error>& error() const { return error_; }

private:
    const Json& tree_;
    std::string file_;
    std::optional<Error> error_;
};

Activation activation_of(Config& config) {
    const std::string name = config.text("hidden_act", "gelu");
    if (name == "gelu") return Activation::gelu;
    if (name == "gelu_new" || name == "gelu_pytorch_tanh" || name == "gelu_fast")
        return Activation::gelu_tanh;
    if (name == "silu" || name == "swish") return Activation::silu;
    config.refuse(ErrorCode::unsupported, "hidden_act is '" + name.substr(0, 40) + "'");
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
    if (!tree.is_object()) return corrupt(file, "it is not a JSON object");
    Config config(tree, file);
    EncoderSpec spec;
    spec.architecture = config.text("model_type", "");
    if (!is_encoder_architecture(spec.architecture))
        config.refuse(ErrorCode::unsupported, "model_type is '" + spec.architecture.substr(0, 40) +
                                                  "', which is no encoder known here");
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
    const float eps = config.number("layer_norm_eps", 1e-12f);
    if (const std::string kind = config.text("position_embedding_type", "absolute"); kind != "absolute")
        config.refuse(ErrorCode::unsupported, "position_embedding_type is '" + kind.substr(0, 40) + "'");
    if (spec.n_embd % spec.heads != 0 || spec.positions < 1)
        config.refuse(ErrorCode::corrupt,
                      "hidden_size, num_attention_heads and max_position_embeddings do "
                      "not fit each other");
    if (config.error()) return fail(*config.error());

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
    PELLUCID_TRY(const Json limits, read_json(folder / "sentence_bert_config.json", false));
    if (limits.is_object() && limits.contains("max_seq_length") &&
        limits["max_seq_length"].is_number_integer() && limits["max_seq_length"] >= 3)
        spec.max_tokens = static_cast<int>(
            std::min<std::int64_t>(spec.positions, limits["max_seq_length"].get<std::int64_t>()));

    const std::string file = (folder / "modules.json").string();
    PELLUCID_TRY(const Json modules, read_json(folder / "modules.json", false));
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
            PELLUCID_TRY(const Json pooling, read_json(at, true));
            const auto is = [&](const char* key) {
                return pooling.is_object() && pooling.contains(key) && pooling[key] == true;
            };
            const bool mean = is("pooling_mode_mean_tokens"), cls = is("pooling_mode_cls_token");
            if (mean == cls || is("pooling_mode_max_tokens") || is("pooling_mode_mean_sqrt_len_tokens") ||
                is("pooling_mode_weightedmean_tokens") || is("pooling_mode_lasttoken"))
                return fail(ErrorCode::unsupported, at.string() + ": pooling is neither mean nor cls",
                            "choose another embedding model");
            spec.pooling = cls ? Pooling::cls : Pooling::mean;
            pooled = true;
        } else if (!type.ends_with(".Transformer")) {
            return fail(ErrorCode::unsupported,
                        file + ": the module '" + type.substr(0, 80) + "' is not known",
                        "choose another embedding model");
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
    PELLUCID_TRY(const Json config, read_json(at / "config.json", true));
    std::error_code trouble;
    const fs::path weights_path = at / "model.safetensors";
    if (!fs::exists(weights_path, trouble))
        return fail(ErrorCode::not_found, weights_path.string() + " is missing",
                    fs::exists(at / "pytorch_model.bin", trouble)
                        ? "the folder holds only a pickle, which can run code when it is read; take the "
                          "safetensors file from the same place"
                        : "download model.safetensors into the folder");
    PELLUCID_TRY(auto file, SafetensorsFile::open(weights_path.string()));
    const auto weights = std::make_shared<const SafetensorsSource>(std::move(file));
    PELLUCID_TRY(EncoderSpec spec, read_spec(config, (at / "config.json").string(), *weights));
    spec.name = at.filename().empty() ? at.parent_path().filename().string() : at.filename().string();
    PELLUCID_CHECK(read_modules(at, spec, made.notices));
    PELLUCID_CHECK(check_tensors(spec, *weights, weights_path.string()));

    PELLUCID_TRY(const std::string tokenizer, read_text((at / "tokenizer.json").string()));
    std::string tokenizer_config;
    if (fs::exists(at / "tokenizer_config.json", trouble)) {
        PELLUCID_TRY(tokenizer_config, read_text((at / "tokenizer_config.json").string()));
    }
    PELLUCID_TRY(made.tokenizer, make_tokenizer_from_json(tokenizer, tokenizer_config));
    made.weights = weights;
    made.spec = std::make_shared<const EncoderSpec>(std::move(spec));
    PELLUCID_CHECK(check_vocabulary(made));
    return made;
}

}  // namespace pellucid
