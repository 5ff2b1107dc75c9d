#include "engine/model/adapter.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>
#include <optional>

#include "engine/format/json_file.h"
#include "engine/model/adapter_file.h"
#include "engine/model/folder/config_reader.h"
#include "engine/model/folder/folder_weights.h"
#include "engine/model/folder/stored_tensor.h"
#include "engine/model/folder/tensor_names.h"
#include "engine/model/header_digest.h"
#include "engine/quant/decode.h"

namespace pellucid {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOtherModel = "use an adapter that was made for this model";
constexpr const char* kDamaged = "download the adapter again";

/// Collects the halves of each part, then checks and keeps them.
class AdapterMaker {
public:
    AdapterMaker(std::string file, const ModelSpec& spec)
        : file_(std::move(file)), linears_(adaptable_linears(spec)) {}

    /// Half 'a' or 'b' of the layer whose weight is `weight`; `tensor` names it in messages.
    Result<void> add(const std::string& weight, char half, const std::string& tensor,
                     std::vector<std::int64_t> shape, std::vector<float> values) {
        if (!linears_.contains(weight))
            return fail(ErrorCode::unsupported,
                        file_ + ": tensor " + tensor +
                            " changes a layer that this model has not, or that cannot be adapted",
                        kOtherModel);
        if (shape.size() != 2)
            return fail(ErrorCode::corrupt, file_ + ": tensor " + tensor + " is not a matrix", kDamaged);
        for (const float value : values)
            if (!std::isfinite(value))
                return fail(ErrorCode::corrupt,
                            file_ + ": tensor " + tensor + " holds a value that is not finite", kDamaged);
        halves_[weight][half] = {tensor, std::move(shape), std::move(values)};
        return {};
    }
    /// `scale_of(weight, rank)`.
    template <typename Scale>
    Result<std::shared_ptr<const Adapter>> finish(Scale scale_of) {
        auto adapter = std::make_shared<Adapter>();
        HeaderDigest digest;
        for (auto& [weight, halves] : halves_) {
            const Linear& linear = *linears_.at(weight);
            const auto a = halves.find('a'), b = halves.find('b');
            if (a == halves.end() || b == halves.end())
                return fail(ErrorCode::corrupt,
                            file_ + ": tensor " + halves.begin()->second.name + " has no other half",
                            kDamaged);
            const std::int64_t rank = a->second.shape[0];
            for (const auto& [half, wanted] :
                 {std::pair(&a->second, std::vector<std::int64_t>{rank, linear.in}),
                  std::pair(&b->second, std::vector<std::int64_t>{linear.out, rank})})
                if (half->shape != wanted || rank < 1)
                    return fail(ErrorCode::corrupt,
                                file_ + ": tensor " + half->name + " has shape " + shape_text(half->shape) +
                                    ", the model needs " + shape_text(wanted),
                                kOtherModel);
            PELLUCID_TRY(const double scale, scale_of(weight, rank));
            AdapterPart part;
            part.rank = static_cast<int>(rank);
            part.in = linear.in;
            part.out = linear.out;
            part.a = std::move(a->second.values);
            part.b = std::move(b->second.values);
            part.scale = static_cast<float>(scale);
            digest.add(std::string_view(weight));
            digest.add(std::bit_cast<std::uint64_t>(scale));
            for (const auto* values : {&part.a, &part.b})
                for (const float value : *values)
                    digest.add(std::uint64_t{std::bit_cast<std::uint32_t>(value)});
            adapter->parts.emplace(weight, std::move(part));
        }
        if (adapter->parts.empty())
            return fail(ErrorCode::corrupt, file_ + " changes no layer of this model", kOtherModel);
        adapter->digest = digest.hex();
        adapter->name = fs::path(file_).filename().string();
        return std::shared_ptr<const Adapter>(std::move(adapter));
    }

private:
    struct Half {
        std::string name;
        std::vector<std::int64_t> shape;
        std::vector<float> values;
    };
    std::string file_;
    std::map<std::string, const Linear*, std::less<>> linears_;
    std::map<std::string, std::map<char, Half>> halves_;
};

Result<std::vector<float>> values_of(TensorType type, std::span<const std::byte> bytes, std::int64_t count) {
    std::vector<float> values(static_cast<std::size_t>(count));
    PELLUCID_CHECK(decode(type, bytes, values));
    return values;
}

Result<double> alpha_over(double alpha, double rank) {
    return std::isfinite(alpha) ? alpha / rank : 0;
}

/// The rules of the checkpoint that a PEFT adapter was trained on, from the model's spec.
TensorRules rules_of(const ModelSpec& spec) {
    TensorRules rules;
    const std::string& name = spec.architecture;
    rules.pair_rows = name == "llama" || name == "granite" || name == "smollm3";
    for (const Layer& layer : spec.layers)
        if (layer.attention.present()) {
            rules.heads = layer.attention.heads;
            rules.kv_heads = layer.attention.kv_heads;
            break;
        }
    return rules;
}

struct PeftScales {
    double alpha = 8;
    bool by_root = false;
    std::int64_t rank = 0;
    std::map<std::string, double> alphas, ranks;  ///< by the end of a module's name

    static std::optional<double> find(const std::map<std::string, double>& patterns,
                                      const std::string& module) {
        for (const auto& [end, value] : patterns)
            if (module == end || module.ends_with("." + end)) return value;
        return std::nullopt;
    }
};

Result<PeftScales> read_peft_config(std::string_view text, const std::string& path) {
    PELLUCID_TRY(const auto tree, parse_json_object(text, path));
    ConfigReader in(tree, path);
    PeftScales scales;
    const std::string type = in.text_or("peft_type", "LORA");
    if (type != "LORA")
        in.refuse(ErrorCode::unsupported, "peft_type is '" + type.substr(0, 40) + "'",
                  "choose a LoRA adapter");
    scales.rank = in.integer("r");
    scales.alpha = in.number_or("lora_alpha", 8);
    scales.by_root = in.flag_or("use_rslora", false);
    for (const char* flag : {"use_dora", "fan_in_fan_out", "lora_bias"})
        if (in.flag_or(flag, false))
            in.refuse(ErrorCode::unsupported, std::string(flag) + " is true", "choose a plain LoRA adapter");
    if (const std::string bias = in.text_or("bias", "none"); bias != "none")
        in.refuse(ErrorCode::unsupported, "bias is '" + bias.substr(0, 40) + "'",
                  "choose a plain LoRA adapter");
    if (const auto* modules = in.find("modules_to_save"); modules && !modules->empty())
        in.refuse(ErrorCode::unsupported, "modules_to_save replaces whole layers",
                  "choose a plain LoRA adapter");
    for (const auto& [key, map] :
         {std::pair("alpha_pattern", &scales.alphas), std::pair("rank_pattern", &scales.ranks)}) {
        ConfigReader patterns = in.inside(key);
        if (const auto* object = in.find(key); object && object->is_object())
            for (const auto& [module, value] : object->items()) map->emplace(module, patterns.number(module));
        in.take_error(patterns);
    }
    if (scales.rank < 1) in.refuse(ErrorCode::corrupt, "r is " + std::to_string(scales.rank), kDamaged);
    if (!in.ok()) return fail(*in.error());
    return scales;
}

/// An open PEFT folder.
struct PeftFiles {
    std::string config;
    std::shared_ptr<const SafetensorsFile> weights;
};

Result<PeftFiles> open_peft_files(const fs::path& folder) {
    std::error_code trouble;
    const std::string config = (folder / "adapter_config.json").string(),
                      weights = (folder / "adapter_model.safetensors").string();
    if (!fs::exists(config, trouble))
        return fail(ErrorCode::not_found, folder.string() + " holds no adapter_config.json",
                    "choose a LoRA adapter in GGUF form or a PEFT folder");
    if (!fs::exists(weights, trouble) && fs::exists(folder / "adapter_model.bin", trouble))
        return pickle_refused((folder / "adapter_model.bin").string());
    PeftFiles files;
    PELLUCID_TRY(files.config, read_small_file(config));
    PELLUCID_TRY(files.weights, SafetensorsFile::open(weights));
    return files;
}

/// The PEFT folder that `path` means; empty: a GGUF file. Pickles are refused.
Result<std::string> peft_folder_of(const std::string& path) {
    std::error_code trouble;
    if (fs::is_directory(path, trouble)) return path;
    const std::string name = fs::path(path).filename().string();
    if (name == "adapter_config.json" || name.ends_with(".safetensors")) {
        const std::string folder = fs::path(path).parent_path().string();
        return folder.empty() ? std::string(".") : folder;
    }
    if (is_pickle_name(name)) return pickle_refused(path);
    return std::string();
}

}  // namespace

Result<std::shared_ptr<const Adapter>> read_gguf_adapter(const GgufFile& file, const ModelSpec& spec) {
    const std::string& path = file.path();
    const Metadata& metadata = file.metadata();
    PELLUCID_TRY(const std::string kind, metadata.string_or("general.type", "model"));
    PELLUCID_TRY(const std::string type, metadata.string_or("adapter.type", "lora"));
    PELLUCID_TRY(const std::string architecture,
                 metadata.string_or("general.architecture", spec.architecture));
    if (kind != "adapter")
        return fail(ErrorCode::invalid_argument, path + " is not an adapter (general.type is '" + kind + "')",
                    "choose a LoRA adapter in GGUF form or a PEFT folder");
    if (type != "lora")
        return fail(ErrorCode::unsupported, path + ": adapter.type is '" + type + "'",
                    "choose a LoRA adapter");
    if (architecture != spec.architecture)
        return fail(ErrorCode::unsupported,
                    path + " is for models of architecture '" + architecture + "', this one is '" +
                        spec.architecture + "'",
                    kOtherModel);
    PELLUCID_TRY(const double alpha, metadata.number_or("adapter.lora.alpha", 0));
    AdapterMaker maker(path, spec);
    for (const FileTensor& tensor : file.tensors()) {
        const bool a = tensor.name.ends_with(".lora_a"), b = tensor.name.ends_with(".lora_b");
        if (!a && !b)
            return fail(ErrorCode::unsupported,
                        path + ": tensor " + tensor.name + " is not part of a LoRA adapter",
                        "choose a LoRA adapter");
        const std::int64_t count = static_cast<std::int64_t>(tensor.size) /
                                   static_cast<std::int64_t>(tensor_type_info(tensor.type)->block_bytes) *
                                   tensor_type_info(tensor.type)->block_values;
        PELLUCID_TRY(auto values, values_of(tensor.type, tensor.bytes, count));
        PELLUCID_CHECK(maker.add(tensor.name.substr(0, tensor.name.size() - 7), a ? 'a' : 'b', tensor.name,
                                 tensor.shape, std::move(values)));
    }
    // The format's writers leave alpha 0 where the matrices carry the scale already.
    return maker.finish([&](const std::string&, std::int64_t rank) {
        return alpha == 0 ? Result<double>(1.0) : alpha_over(alpha, static_cast<double>(rank));
    });
}

Result<std::shared_ptr<const Adapter>> read_peft_adapter(std::string_view adapter_config,
                                                         const SafetensorsFile& weights,
                                                         const std::string& name, const ModelSpec& spec) {
    PELLUCID_TRY(const PeftScales scales, read_peft_config(adapter_config, name + "/adapter_config.json"));
    const TensorRules rules = rules_of(spec);
    AdapterMaker maker(name, spec);
    std::map<std::string, std::string> modules;  // by weight
    for (const FileTensor& tensor : weights.tensors()) {
        std::string_view full = tensor.name;
        const bool a = full.ends_with(".lora_A.weight"), b = full.ends_with(".lora_B.weight");
        constexpr std::string_view before = "base_model.model.";
        if (!full.starts_with(before) || (!a && !b))
            return fail(ErrorCode::unsupported,
                        name + ": tensor " + tensor.name.substr(0, 200) + " is not part of a LoRA adapter",
                        "choose a plain LoRA adapter");
        full.remove_prefix(before.size());
        full.remove_suffix(14);
        std::string storage;
        const std::string module(language_part(full, storage));
        const auto own = module_name(module, rules);
        PELLUCID_TRY(StoredTensor stored, plain_tensor(tensor));
        // The rows of B are the layer's outputs, and lie as its weight's rows do.
        if (b && own && rules.pair_rows && (own->rest == "attn_q" || own->rest == "attn_k")) {
            PELLUCID_TRY(stored,
                         paired_rows(std::move(stored), own->rest == "attn_q" ? rules.heads : rules.kv_heads,
                                     tensor.name));
        }
        std::vector<std::byte> bytes(stored.size());
        PELLUCID_CHECK(stored.write(bytes));
        PELLUCID_TRY(auto values, values_of(stored.type, bytes, stored.rows() * stored.columns()));
        const std::string weight = own && own->expert < 0 ? own->stem + ".weight" : module;
        modules[weight] = module;
        PELLUCID_CHECK(maker.add(weight, a ? 'a' : 'b', tensor.name, tensor.shape, std::move(values)));
    }
    return maker.finish([&](const std::string& weight, std::int64_t rank) -> Result<double> {
        const std::string& module = modules.at(weight);
        const double alpha = PeftScales::find(scales.alphas, module).value_or(scales.alpha);
        const double stated =
            PeftScales::find(scales.ranks, module).value_or(static_cast<double>(scales.rank));
        if (stated != static_cast<double>(rank))
            return fail(ErrorCode::corrupt,
                        name + ": " + module + " has rank " + std::to_string(rank) +
                            ", adapter_config.json says " + std::to_string(static_cast<std::int64_t>(stated)),
                        kDamaged);
        return alpha_over(alpha, scales.by_root ? std::sqrt(stated) : stated);
    });
}

std::uint64_t Adapter::bytes() const {
    std::uint64_t bytes = 0;
    for (const auto& [weight, part] : parts) bytes += (part.a.size() + part.b.size()) * sizeof(float);
    return bytes;
}

std::map<std::string, const Linear*, std::less<>> adaptable_linears(const ModelSpec& spec) {
    std::map<std::string, const Linear*, std::less<>> linears;
    const auto add = [&](std::initializer_list<const Linear*> parts) {
        for (const Linear* part : parts)
            if (part->present()) linears.emplace(part->weight, part);
    };
    const auto feed_forward = [&](const FeedForward& part) {
        add({&part.gate, &part.up, &part.gate_up, &part.down});
    };
    for (const Layer& layer : spec.layers) {
        const Attention& attention = layer.attention;
        add({&attention.q, &attention.k, &attention.v, &attention.qkv, &attention.output});
        add({&layer.latent.q, &layer.latent.q_down, &layer.latent.q_up, &layer.latent.kv_down,
             &layer.latent.output});
        add({&layer.convolution.in, &layer.convolution.out});
        feed_forward(layer.feed_forward);
        feed_forward(layer.experts.shared);
        add({&layer.experts.router.scores, &layer.experts.shared_gate});
    }
    return linears;
}

Result<std::shared_ptr<const Adapter>> open_adapter(const std::string& path, const ModelSpec& spec) {
    PELLUCID_TRY(const std::string folder, peft_folder_of(path));
    if (!folder.empty()) {
        PELLUCID_TRY(const PeftFiles files, open_peft_files(folder));
        return read_peft_adapter(files.config, *files.weights, folder, spec);
    }
    PELLUCID_TRY(const auto file, GgufFile::open(path));
    return read_gguf_adapter(*file, spec);
}

Result<AdapterSize> measure_adapter(const std::string& path) {
    AdapterSize size;
    const auto add = [&](const FileTensor& tensor, bool a) {
        if (tensor.shape.size() != 2) return;  // refused when it is opened
        size.bytes += static_cast<std::uint64_t>(tensor.shape[0]) *
                      static_cast<std::uint64_t>(tensor.shape[1]) * sizeof(float);
        (a ? size.highest : size.widest) = std::max(a ? size.highest : size.widest, tensor.shape[0]);
    };
    PELLUCID_TRY(const std::string folder, peft_folder_of(path));
    if (!folder.empty()) {
        PELLUCID_TRY(const PeftFiles files, open_peft_files(folder));
        for (const FileTensor& tensor : files.weights->tensors())
            add(tensor, tensor.name.ends_with(".lora_A.weight"));
        return size;
    }
    PELLUCID_TRY(const auto file, GgufFile::open(path));
    for (const FileTensor& tensor : file->tensors()) add(tensor, tensor.name.ends_with(".lora_a"));
    return size;
}

}  // namespace pellucid
