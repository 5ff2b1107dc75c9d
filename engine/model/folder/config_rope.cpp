// Positions as config.json states them (transformers' modeling_rope_utils), in GGUF's keys.
#include <cmath>
#include <numbers>

#include "engine/model/folder/config_families.h"

namespace pellucid {
namespace {

constexpr std::int64_t kMostDims = 1 << 16;

/// Llama 3's smoothing (arXiv 2407.21783, as published with Llama 3.1): pairs that turn slowly are slowed by
/// `factor`, fast ones not, those between by a blend.
std::vector<float> smoothed_factors(ConfigReader& in, double base, std::int64_t dims, std::int64_t context) {
    const double factor = in.number("factor"), low = in.number_or("low_freq_factor", 1),
                 high = in.number_or("high_freq_factor", 4);
    const auto original = static_cast<double>(in.integer_or("original_max_position_embeddings", context));
    std::vector<float> factors;
    if (!in.ok()) return factors;
    if (!(factor > 0) || !(low > 0) || !(high > low) || !(original > 0)) {
        in.refuse(ErrorCode::corrupt, "rope_scaling of type llama3 has factors that cannot be",
                  "download the folder again");
        return factors;
    }
    for (std::int64_t i = 0; i < dims / 2; ++i) {
        const double frequency = std::pow(base, -2.0 * static_cast<double>(i) / static_cast<double>(dims));
        const double turns = original * frequency / (2 * std::numbers::pi);  // in the original context
        double divided = 1;
        if (turns < low) {
            divided = factor;
        } else if (turns <= high) {
            const double smooth = (turns - low) / (high - low);
            divided = 1 / ((1 - smooth) / factor + smooth);
        }
        factors.push_back(static_cast<float>(divided));
    }
    return factors;
}

void read_yarn(ConfigReader& in, ConfigReader& scaling, std::int64_t context) {
    in.set("rope.scaling.type", std::string("yarn"));
    in.set("rope.scaling.factor", scaling.number("factor"));
    in.set("rope.scaling.original_context_length",
           scaling.integer_or("original_max_position_embeddings", context));
    in.set("rope.scaling.yarn_beta_fast", scaling.number_or("beta_fast", 32));
    in.set("rope.scaling.yarn_beta_slow", scaling.number_or("beta_slow", 1));
    in.set("rope.scaling.yarn_truncate", scaling.flag_or("truncate", true));
    const double factor = scaling.number_or("factor", 1);
    const auto mscale = [&](double m) { return factor > 1 ? 0.1 * m * std::log(factor) + 1 : 1; };
    const double of_angles = scaling.number_or("mscale", 0),
                 of_scores = scaling.number_or("mscale_all_dim", 0);
    if (scaling.has("attention_factor"))
        in.set("rope.scaling.yarn_attn_factor", scaling.number("attention_factor"));
    else if (of_angles != 0 && of_scores != 0)
        in.set("rope.scaling.yarn_attn_factor", mscale(of_angles) / mscale(of_scores));
    // DeepSeek multiplies its scores by the square of this.
    in.set("rope.scaling.yarn_log_multiplier", 0.1 * of_scores);
}

}  // namespace

void read_rope(ConfigReader& in, TensorRules& rules, std::string_view section) {
    ConfigReader parameters = in.inside("rope_parameters");
    ConfigReader chosen = section.empty() ? parameters : parameters.inside(section);
    const bool new_form = in.has("rope_parameters");
    ConfigReader scaling = new_form ? chosen : in.inside("rope_scaling");
    const double base = new_form ? scaling.number_or("rope_theta", in.number_or("rope_theta", 10000))
                                 : in.number_or("rope_theta", 10000);
    in.set("rope.freq_base", base);
    const std::int64_t heads = in.integer("num_attention_heads"), width = in.integer("hidden_size");
    const std::int64_t head_dim = in.integer_or("head_dim", heads > 0 ? width / heads : 0);
    const double partial = (new_form ? scaling : in)
                               .number_or("partial_rotary_factor", in.number_or("partial_rotary_factor", 1));
    const std::int64_t dims = in.has("qk_rope_head_dim")
                                  ? in.integer("qk_rope_head_dim")
                                  : static_cast<std::int64_t>(static_cast<double>(head_dim) * partial);
    if (dims < 2 || dims > kMostDims) {
        in.refuse(ErrorCode::corrupt,
                  "num_attention_heads, hidden_size and head_dim give " + std::to_string(dims) +
                      " rotary dimensions",
                  "download the folder again");
        return;
    }
    in.set("rope.dimension_count", dims);
    const std::int64_t context = in.integer("max_position_embeddings");
    const std::string type = scaling.text_or("rope_type", scaling.text_or("type", "default"));
    if (type == "default") {
    } else if (type == "linear") {
        in.set("rope.scaling.type", std::string("linear"));
        in.set("rope.scaling.factor", scaling.number("factor"));
    } else if (type == "yarn") {
        read_yarn(in, scaling, context);
    } else if (type == "llama3") {
        rules.rope_factors = smoothed_factors(scaling, base, dims, context);
    } else if (type == "longrope" || type == "su") {
        for (const double value : scaling.numbers_or_none("short_factor"))
            rules.short_factors.push_back(static_cast<float>(value));
        for (const double value : scaling.numbers_or_none("long_factor"))
            rules.long_factors.push_back(static_cast<float>(value));
        if (rules.short_factors.empty() || rules.long_factors.empty())
            in.refuse(ErrorCode::corrupt, "rope_scaling has no short_factor and long_factor",
                      "download the folder again");
        if (scaling.has("attention_factor"))
            in.set("rope.scaling.attn_factor", scaling.number("attention_factor"));
        in.set("rope.scaling.original_context_length",
               scaling.integer_or("original_max_position_embeddings",
                                  in.integer_or("original_max_position_embeddings", context)));
    } else {
        in.refuse(ErrorCode::unsupported, "rope_scaling is of type '" + type.substr(0, 40) + "'",
                  "this version knows linear, yarn, llama3 and longrope; use a newer one or another model");
    }
    in.take_error(parameters);
    in.take_error(scaling);
}

}  // namespace pellucid
