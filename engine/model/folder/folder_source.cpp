#include "engine/model/folder/folder_source.h"

#include <algorithm>
#include <utility>

#include "engine/base/aligned_buffer.h"
#include "engine/model/folder/tensor_names.h"

namespace pellucid {

namespace {

constexpr const char* kOtherModel =
    "config.json and the weights are of different models; download both again";

bool is_norm(std::string_view rest) {
    return rest.ends_with("norm");
}

}  // namespace

/// Goes over the modules of a checkpoint once and fills a source.
class FolderSourceMaker {
public:
    FolderSourceMaker(FolderSource& source, const FolderConfig& config)
        : source_(source), rules_(config.rules), how_(config.quantization) {}

    Result<void> run() {
        std::map<std::string, ModuleParts> modules;
        bool sees = false;
        for (const auto& [whole, tensor] : source_.weights_->tensors()) {
            std::string storage;
            const std::string_view name = language_part(whole, storage);
            sees = sees || name.empty();
            if (name.empty() || name.ends_with(".rotary_emb.inv_freq")) continue;
            const std::size_t dot = name.rfind('.');
            if (dot == std::string_view::npos) {
                PELLUCID_CHECK(add_unknown(std::string(name), *tensor));
                continue;
            }
            modules[std::string(name.substr(0, dot))].emplace(std::string(name.substr(dot + 1)), tensor);
        }
        if (sees)
            source_.notices_.push_back(
                "the parts that see pictures are not used: this version reads text only");
        for (const auto& [module, parts] : modules) PELLUCID_CHECK(add_module(module, parts));
        PELLUCID_CHECK(add_experts());
        return add_factors();
    }

private:
    void add(std::string name, StoredTensor stored) { source_.add(std::move(name), std::move(stored)); }
    Result<void> add_unknown(const std::string& name, const FileTensor& tensor) {
        PELLUCID_TRY(StoredTensor stored, plain_tensor(tensor));
        add(name, std::move(stored));
        return {};
    }

    Result<void> add_module(const std::string& module, const ModuleParts& parts) {
        if (rules_.tied && module == "lm_head") return {};
        if (module.ends_with(".self_attn") && parts.contains("sinks")) return add_sinks(module, parts);
        if (module.ends_with(".mlp.experts")) return add_packed_experts(module, parts);
        const auto name = module_name(module, rules_);
        if (!name) {
            for (const auto& [part, tensor] : parts)
                PELLUCID_CHECK(add_unknown(module + "." + part, *tensor));
            return {};
        }
        for (const auto& [part, tensor] : parts)
            if (part == "e_score_correction_bias" && name->rest == "ffn_gate_inp") {
                PELLUCID_TRY(StoredTensor bias, plain_tensor(*tensor));
                add("blk." + std::to_string(name->layer) + ".exp_probs_b.bias", std::move(bias));
            } else if (!is_part_of_linear(part)) {
                PELLUCID_CHECK(add_unknown(module + "." + part, *tensor));
            }
        if (const auto bias = parts.find("bias"); bias != parts.end()) {
            PELLUCID_TRY(StoredTensor stored, plain_tensor(*bias->second));
            PELLUCID_TRY(stored, in_order(std::move(stored), *name, module + ".bias"));
            // GPTQ tools write biases of zeros for layers that have none.
            if (!(parts.contains("qweight") && all_zero(*bias->second)))
                add(name->stem + ".bias", std::move(stored));
        }
        if (!parts.contains("weight") && !parts.contains("qweight")) return {};
        StoredTensor weight;
        if (is_quantized(parts)) {
            PELLUCID_TRY(weight, quantized_matrix(module, parts, how_));
        } else {
            PELLUCID_TRY(weight, plain_tensor(*parts.at("weight")));
        }
        return add_weight(module, *name, std::move(weight));
    }

    static bool is_part_of_linear(std::string_view part) {
        for (const char* known :
             {"weight", "bias", "qweight", "qzeros", "scales", "g_idx", "weight_scale_inv"})
            if (part == known) return true;
        return false;
    }
    static bool all_zero(const FileTensor& tensor) {
        return std::all_of(tensor.bytes.begin(), tensor.bytes.end(),
                           [](std::byte b) { return b == std::byte{}; });
    }

    /// Rows of queries and keys in the order that the architecture's rope turns.
    Result<StoredTensor> in_order(StoredTensor stored, const ModuleName& name, const std::string& tensor) {
        if (!rules_.pair_rows || (name.rest != "attn_q" && name.rest != "attn_k")) return stored;
        return paired_rows(std::move(stored), name.rest == "attn_q" ? rules_.heads : rules_.kv_heads, tensor);
    }

    Result<void> add_weight(const std::string& module, const ModuleName& name, StoredTensor weight) {
        if (name.expert >= 0) {
            experts_[name.stem][name.expert] = std::move(weight);
            return {};
        }
        if (name.rest == "attn_kv_b") return add_latent(module, name.layer, std::move(weight));
        if (name.rest == "shortconv.conv" && weight.shape.size() == 3 && weight.shape[1] == 1) {
            // Read before the move: compilers may begin with either argument.
            const std::vector<std::int64_t> flat = {weight.shape[0], weight.shape[2]};
            weight = reshaped(std::move(weight), flat);
        }
        if (rules_.unit_norms && is_norm(name.rest)) weight = plus(std::move(weight), 1);
        PELLUCID_TRY(weight, in_order(std::move(weight), name, module + ".weight"));
        add(name.stem + ".weight", std::move(weight));
        return {};
    }

    /// DeepSeek's kv_b_proj [heads * (content + value), rank] as the two matrices of the absorbed form.
    Result<void> add_latent(const std::string& module, std::int64_t layer, StoredTensor weight) {
        weight = dense(std::move(weight));
        const std::int64_t heads = rules_.heads, content = rules_.latent_content, value = rules_.latent_value;
        if (heads < 1 || content < 1 || value < 1 || heads > 1 << 20 || content > 1 << 20 ||
            value > 1 << 20 || weight.shape.size() != 2 || weight.shape[0] != heads * (content + value))
            return fail(ErrorCode::corrupt,
                        "tensor " + module + ".weight has shape " + shape_text(weight.shape) + " for " +
                            std::to_string(heads) + " heads of " + std::to_string(content) + " and " +
                            std::to_string(value),
                        kOtherModel);
        const std::int64_t rank = weight.shape[1], both = content + value;
        const std::string stem = "blk." + std::to_string(layer) + ".";
        add(stem + "attn_k_b.weight",
            transposed(
                reshaped(rows_of(weight, heads * content,
                                 [=](std::int64_t row) { return row / content * both + row % content; }),
                         {heads, content, rank})));
        add(stem + "attn_v_b.weight",
            reshaped(rows_of(weight, heads * value,
                             [=](std::int64_t row) { return row / value * both + content + row % value; }),
                     {heads, value, rank}));
        return {};
    }

    Result<void> add_sinks(const std::string& module, const ModuleParts& parts) {
        const auto name = module_name(module + ".q_proj", rules_);
        for (const auto& [part, tensor] : parts) {
            if (part != "sinks" || !name) {
                PELLUCID_CHECK(add_unknown(module + "." + part, *tensor));
                continue;
            }
            PELLUCID_TRY(StoredTensor sinks, plain_tensor(*tensor));
            add("blk." + std::to_string(name->layer) + ".attn_sinks.weight", std::move(sinks));
        }
        return {};
    }

    /// gpt-oss: all experts in one tensor, gate and up in turn; plain weights lie [experts, in, out].
    Result<void> add_packed_experts(const std::string& module, const ModuleParts& parts) {
        const auto name = module_name(module.substr(0, module.size() - 8) + ".router", rules_);
        const auto wrong = [&](const std::string& part) {
            return fail(ErrorCode::corrupt,
                        "tensor " + module + "." + part + " has another shape than experts have",
                        kOtherModel);
        };
        const std::string stem = name ? "blk." + std::to_string(name->layer) + "." : "";
        for (const auto& [part, tensor] : parts) {
            const bool both = part.starts_with("gate_up_proj"), down = part.starts_with("down_proj");
            if (!name || (!both && !down)) {
                PELLUCID_CHECK(add_unknown(module + "." + part, *tensor));
                continue;
            }
            const std::string kind = part.substr(both ? 12 : 9);
            if (kind == "_scales") continue;  // taken with its blocks
            StoredTensor stored;
            if (kind == "_blocks") {
                const auto scales =
                    parts.find((both ? "gate_up_proj" : "down_proj") + std::string("_scales"));
                if (scales == parts.end()) return wrong(part);
                PELLUCID_TRY(stored, mxfp4_experts(module, *tensor, *scales->second));
            } else {
                PELLUCID_TRY(stored, plain_tensor(*tensor));
                if (kind.empty() && stored.shape.size() != 3) return wrong(part);
                if (kind == "_bias" && stored.shape.size() != 2) return wrong(part);
                if (kind.empty()) stored = transposed(std::move(stored));
                if (!kind.empty() && kind != "_bias") {
                    PELLUCID_CHECK(add_unknown(module + "." + part, *tensor));
                    continue;
                }
            }
            const std::string ending = kind == "_bias" ? ".bias" : ".weight";
            if (down) {
                add(stem + "ffn_down_exps" + ending, std::move(stored));
                continue;
            }
            // Rows (or numbers of a bias) 0, 2, 4 … are the gate's, the others up's.
            const std::vector<std::int64_t> shape = stored.shape;
            if (shape[1] % 2 != 0) return wrong(part);
            std::vector<std::int64_t> half = shape;
            half[1] /= 2;
            if (ending == ".bias") stored = reshaped(std::move(stored), {shape[0], shape[1], 1});
            const std::int64_t rows = half[0] * half[1];
            for (const auto& [which, odd] : {std::pair("ffn_gate_exps", 0), std::pair("ffn_up_exps", 1)})
                add(stem + which + ending,
                    reshaped(rows_of(stored, rows, [odd = odd](std::int64_t row) { return 2 * row + odd; }),
                             half));
        }
        return {};
    }

    Result<void> add_experts() {
        for (auto& [stem, parts] : experts_) {
            std::vector<StoredTensor> list;
            for (auto& [expert, stored] : parts) {
                if (expert != static_cast<std::int64_t>(list.size()))
                    return fail(ErrorCode::corrupt,
                                "expert " + std::to_string(list.size()) + " of " + stem + " is missing",
                                "the weights are incomplete; download the folder again");
                list.push_back(std::move(stored));
            }
            PELLUCID_TRY(StoredTensor all, stacked(std::move(list), stem));
            add(stem + ".weight", std::move(all));
        }
        return {};
    }

    Result<void> add_factors() {
        if (!rules_.rope_factors.empty()) add("rope_freqs.weight", constant_tensor(rules_.rope_factors));
        if (!rules_.short_factors.empty())
            add("rope_factors_short.weight", constant_tensor(rules_.short_factors));
        if (!rules_.long_factors.empty())
            add("rope_factors_long.weight", constant_tensor(rules_.long_factors));
        return {};
    }

    FolderSource& source_;
    const TensorRules& rules_;
    const FolderQuantization& how_;
    std::map<std::string, std::map<std::int64_t, StoredTensor>> experts_;
};

Result<std::shared_ptr<const FolderSource>> FolderSource::make(std::shared_ptr<const FolderWeights> weights,
                                                               const FolderConfig& config,
                                                               const std::string& folder) {
    auto source = std::make_shared<FolderSource>();
    source->weights_ = std::move(weights);
    if (auto made = FolderSourceMaker(*source, config).run(); !made)
        return fail(made.error().code, folder + ": " + made.error().what, made.error().hint);
    if (config.rules.untied && !source->find("output.weight"))
        return fail(ErrorCode::not_found,
                    folder + ": tensor lm_head.weight is missing, and tie_word_embeddings is false",
                    "the weights are incomplete; download the folder again");
    return std::shared_ptr<const FolderSource>(std::move(source));
}

std::shared_ptr<const FolderSource> FolderSource::plain(std::shared_ptr<const FolderWeights> weights) {
    auto source = std::make_shared<FolderSource>();
    source->weights_ = std::move(weights);
    for (const auto& [name, tensor] : source->weights_->tensors()) {
        auto stored = plain_tensor(*tensor);
        if (!stored) {
            StoredTensor refused;
            refused.shape = tensor->shape;
            refused.make = [error = stored.error()](std::span<std::byte>) -> Result<void> {
                return fail(error);
            };
            stored = std::move(refused);
        }
        source->add(std::string(name), *std::move(stored));
    }
    return source;
}

void FolderSource::add(std::string name, StoredTensor stored) {
    auto entry = std::make_unique<Entry>();
    entry->name = std::move(name);
    entry->stored = std::move(stored);
    entry->view = {entry->name, entry->stored.type, entry->stored.shape, entry->stored.bytes,
                   entry->stored.fine};
    if (by_name_.emplace(entry->name, entry.get()).second) entries_.push_back(std::move(entry));
}

const TensorView* FolderSource::find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &found->second->view;
}

std::vector<std::string_view> FolderSource::names() const {
    std::vector<std::string_view> names;
    for (const auto& entry : entries_) names.push_back(entry->name);
    return names;
}

Result<LoadedTensor> FolderSource::load(const TensorView& tensor) const {
    const auto found = by_name_.find(tensor.name);
    if (found == by_name_.end() || !found->second->stored.make) return LoadedTensor{tensor, nullptr};
    const StoredTensor& stored = found->second->stored;
    PELLUCID_TRY(AlignedBuffer memory, AlignedBuffer::allocate(stored.size()));
    auto made = std::make_shared<AlignedBuffer>(std::move(memory));
    const std::span<std::byte> bytes(made->data(), stored.size());
    PELLUCID_CHECK(stored.write(bytes));
    LoadedTensor loaded{tensor, nullptr};
    loaded.view.bytes = bytes;
    loaded.made = std::move(made);
    return loaded;
}

void FolderSource::release(const TensorView& tensor) const {
    weights_->release(tensor.bytes);
}

std::uint64_t FolderSource::resident_bytes() const {
    return weights_->resident_bytes();
}

}  // namespace pellucid
