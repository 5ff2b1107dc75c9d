// From metadata to ModelSpec: what each architecture becomes, and one clear error for each way a file can be
// wrong.
#include <QTest>
#include <cmath>
#include <functional>
#include <map>

#include "engine/format/gguf_file.h"
#include "engine/model/gguf_source.h"
#include "engine/model/read_spec.h"

using namespace pellucid;

namespace {

/// Tensors by name and shape, to be taken apart by tests.
class MapSource final : public WeightSource {
public:
    std::map<std::string, TensorView, std::less<>> tensors;
    const TensorView* find(std::string_view name) const override {
        const auto it = tensors.find(name);
        return it == tensors.end() ? nullptr : &it->second;
    }
    std::vector<std::string_view> names() const override {
        std::vector<std::string_view> names;
        for (const auto& [name, view] : tensors) names.push_back(name);
        return names;
    }
};

/// A fixture's header in the tests' hands.
struct Header {
    Metadata metadata;
    MapSource weights;

    explicit Header(const std::string& name) {
        const auto file = GgufFile::open(std::string(PELLUCID_FIXTURES) + "/architectures/" + name + ".gguf",
                                         GgufRead::header_only);
        if (!file) throw std::runtime_error(file.error().message());
        metadata = (*file)->metadata();
        for (const FileTensor& tensor : (*file)->tensors())
            weights.tensors[tensor.name] = TensorView{tensor.name, tensor.type, tensor.shape, {}};
        for (auto& [key, view] : weights.tensors) view.name = key;
    }
    void set(const std::string& key, std::int64_t value) { metadata.set(key, MetaValue{value}); }
    void set(const std::string& key, double value) { metadata.set(key, MetaValue{value}); }
    void set(const std::string& key, const char* value) { metadata.set(key, MetaValue{std::string(value)}); }
    void erase(const std::string& key) {
        Metadata rest;
        for (const auto& [name, value] : metadata.all())
            if (name != key) rest.set(name, value);
        metadata = std::move(rest);
    }
    void add_tensor(const std::string& name, std::vector<std::int64_t> shape) {
        const auto it =
            weights.tensors.emplace(name, TensorView{{}, TensorType::f32, std::move(shape), {}}).first;
        it->second.name = it->first;
    }
    Result<ModelSpec> read() const { return read_model_spec(metadata, weights, "model.gguf"); }
    ModelSpec must() const {
        auto spec = read();
        if (!spec) throw std::runtime_error(spec.error().message());
        return *std::move(spec);
    }
};

struct Damage {
    const char* what;
    std::function<void(Header&)> inflict;
    ErrorCode code;
    const char* names;  ///< must appear in the message
    const char* fixture = "llama";
};

const std::vector<Damage>& damages() {
    static const std::vector<Damage> list = {
        {"no architecture", [](Header& h) { h.erase("general.architecture"); }, ErrorCode::not_found,
         "general.architecture"},
        {"unknown architecture", [](Header& h) { h.set("general.architecture", "mamba9"); },
         ErrorCode::unsupported, "mamba9"},
        {"architecture is a number", [](Header& h) { h.set("general.architecture", std::int64_t{3}); },
         ErrorCode::corrupt, "general.architecture"},
        {"no layers key", [](Header& h) { h.erase("llama.block_count"); }, ErrorCode::not_found,
         "llama.block_count"},
        {"zero layers", [](Header& h) { h.set("llama.block_count", std::int64_t{0}); }, ErrorCode::corrupt,
         "llama.block_count"},
        {"negative layers", [](Header& h) { h.set("llama.block_count", std::int64_t{-3}); },
         ErrorCode::corrupt, "llama.block_count"},
        {"a million layers", [](Header& h) { h.set("llama.block_count", std::int64_t{1000000}); },
         ErrorCode::corrupt, "llama.block_count"},
        {"more layers than tensors", [](Header& h) { h.set("llama.block_count", std::int64_t{4}); },
         ErrorCode::not_found, "blk.3."},
        {"fewer layers than tensors", [](Header& h) { h.set("llama.block_count", std::int64_t{2}); },
         ErrorCode::unsupported, "blk.2."},
        {"layers as text", [](Header& h) { h.set("llama.block_count", "three"); }, ErrorCode::corrupt,
         "llama.block_count"},
        {"4096 heads", [](Header& h) { h.set("llama.attention.head_count", std::int64_t{4096}); },
         ErrorCode::corrupt, "llama.attention.head_count"},
        {"no heads", [](Header& h) { h.set("llama.attention.head_count", std::int64_t{0}); },
         ErrorCode::corrupt, "llama.attention.head_count"},
        {"KV heads do not divide heads",
         [](Header& h) { h.set("llama.attention.head_count_kv", std::int64_t{3}); }, ErrorCode::corrupt,
         "head_count_kv"},
        {"width is no multiple of heads",
         [](Header& h) {
             h.erase("llama.attention.key_length");
             h.erase("llama.attention.value_length");
             h.set("llama.attention.head_count", std::int64_t{6});
         },
         ErrorCode::corrupt, "embedding_length"},
        {"another value width", [](Header& h) { h.set("llama.attention.value_length", std::int64_t{8}); },
         ErrorCode::unsupported, "value_length"},
        {"head list of another length",
         [](Header& h) {
             h.metadata.set("llama.attention.head_count", MetaValue{std::vector<std::int64_t>{4, 4}});
         },
         ErrorCode::corrupt, "llama.attention.head_count"},
        {"odd rope", [](Header& h) { h.set("llama.rope.dimension_count", std::int64_t{15}); },
         ErrorCode::corrupt, "rope.dimension_count"},
        {"rope wider than a head", [](Header& h) { h.set("llama.rope.dimension_count", std::int64_t{18}); },
         ErrorCode::corrupt, "rope.dimension_count"},
        {"rope base of NaN", [](Header& h) { h.set("llama.rope.freq_base", std::nan("")); },
         ErrorCode::corrupt, "rope.freq_base"},
        {"negative rope base", [](Header& h) { h.set("llama.rope.freq_base", -10000.0); }, ErrorCode::corrupt,
         "rope.freq_base"},
        {"unknown scaling", [](Header& h) { h.set("llama.rope.scaling.type", "spiral"); },
         ErrorCode::unsupported, "spiral"},
        {"scaling by zero",
         [](Header& h) {
             h.set("llama.rope.scaling.type", "linear");
             h.set("llama.rope.scaling.factor", 0.0);
         },
         ErrorCode::corrupt, "rope.scaling.factor"},
        {"infinite epsilon", [](Header& h) { h.set("llama.attention.layer_norm_rms_epsilon", HUGE_VAL); },
         ErrorCode::corrupt, "layer_norm_rms_epsilon"},
        {"no epsilon", [](Header& h) { h.erase("llama.attention.layer_norm_rms_epsilon"); },
         ErrorCode::not_found, "layer_norm_rms_epsilon"},
        {"no embedding", [](Header& h) { h.weights.tensors.erase("token_embd.weight"); }, ErrorCode::corrupt,
         "token_embd.weight"},
        {"embedding narrower than its vocabulary",
         [](Header& h) {
             h.weights.tensors["token_embd.weight"].shape = {100, 64};
         },
         ErrorCode::corrupt, "token_embd.weight"},
        {"embedding of another width",
         [](Header& h) {
             h.weights.tensors["token_embd.weight"].shape = {320, 32};
         },
         ErrorCode::corrupt, "[320, 32]"},
        {"embedding is a vector", [](Header& h) { h.weights.tensors["token_embd.weight"].shape = {320}; },
         ErrorCode::corrupt, "token_embd.weight"},
        {"a layer without its query", [](Header& h) { h.weights.tensors.erase("blk.1.attn_q.weight"); },
         ErrorCode::not_found, "blk.1.attn_q.weight"},
        {"a transposed matrix",
         [](Header& h) {
             h.weights.tensors["blk.2.ffn_down.weight"].shape = {160, 64};
         },
         ErrorCode::corrupt, "blk.2.ffn_down.weight"},
        {"a norm of another width", [](Header& h) { h.weights.tensors["output_norm.weight"].shape = {63}; },
         ErrorCode::corrupt, "output_norm.weight"},
        {"a tensor nobody knows", [](Header& h) { h.add_tensor("blk.0.attn_sinks.weight", {4}); },
         ErrorCode::unsupported, "blk.0.attn_sinks.weight"},
        {"experts without their number of uses",
         [](Header& h) { h.set("llama.expert_count", std::int64_t{8}); }, ErrorCode::not_found,
         "expert_used_count"},
        {"experts in a dense family", [](Header& h) { h.set("qwen3.expert_count", std::int64_t{8}); },
         ErrorCode::unsupported, "expert_count", "qwen3"},
        {"more experts used than there are",
         [](Header& h) { h.set("qwen3moe.expert_used_count", std::int64_t{9}); }, ErrorCode::corrupt,
         "9 of 8 experts", "qwen3moe"},
        {"no experts are used", [](Header& h) { h.set("qwen3moe.expert_used_count", std::int64_t{0}); },
         ErrorCode::corrupt, "expert_used_count", "qwen3moe"},
        {"groups do not divide experts",
         [](Header& h) { h.set("deepseek2.expert_group_count", std::int64_t{3}); }, ErrorCode::corrupt,
         "groups", "deepseek3"},
        {"too few experts in the groups used",
         [](Header& h) {
             h.set("deepseek2.expert_group_used_count", std::int64_t{1});
             h.set("deepseek2.expert_used_count", std::int64_t{5});
         },
         ErrorCode::corrupt, "groups", "deepseek3"},
        {"unknown gating", [](Header& h) { h.set("deepseek2.expert_gating_func", std::int64_t{9}); },
         ErrorCode::unsupported, "expert_gating_func", "deepseek3"},
        {"an expert tensor of another count",
         [](Header& h) {
             h.weights.tensors["blk.1.ffn_up_exps.weight"].shape = {7, 48, 64};
         },
         ErrorCode::corrupt, "[7, 48, 64]", "qwen3moe"},
        {"a shared expert that is a vector",
         [](Header& h) { h.weights.tensors["blk.1.ffn_up_shexp.weight"].shape = {64}; }, ErrorCode::corrupt,
         "ffn_up_shexp", "deepseek3"},
        {"a head that only turns", [](Header& h) { h.set("deepseek2.rope.dimension_count", std::int64_t{24}); },
         ErrorCode::corrupt, "key_length_mla", "deepseek3"},
        {"no latent", [](Header& h) { h.erase("deepseek2.attention.kv_lora_rank"); }, ErrorCode::not_found,
         "kv_lora_rank", "deepseek3"},
        {"4096 latent heads", [](Header& h) { h.set("deepseek2.attention.head_count", std::int64_t{4096}); },
         ErrorCode::corrupt, "head_count", "deepseek3"},
        {"a layer without sinks", [](Header& h) { h.weights.tensors.erase("blk.2.attn_sinks.weight"); },
         ErrorCode::not_found, "blk.2.attn_sinks.weight", "gpt_oss"},
        {"a convolution layer without its tensors",
         [](Header& h) {
             h.metadata.set("lfm2.attention.head_count_kv", MetaValue{std::vector<std::int64_t>{2, 0, 2, 2}});
         },
         ErrorCode::not_found, "blk.1.shortconv", "lfm2"},
    };
    return list;
}

}  // namespace

class TestReadSpec : public QObject {
    Q_OBJECT

private slots:
    void damaged_headers_data() {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < damages().size(); ++i)
            QTest::addRow("%s", damages()[i].what) << static_cast<int>(i);
    }
    void damaged_headers() {
        QFETCH(int, index);
        const Damage& damage = damages()[static_cast<std::size_t>(index)];
        Header header(damage.fixture);
        QVERIFY(header.read().ok());
        damage.inflict(header);
        const auto spec = header.read();
        QVERIFY(!spec.ok());
        const Error& error = spec.error();
        QVERIFY2(error.code == damage.code, error.message().c_str());
        QVERIFY2(error.what.find(damage.names) != std::string::npos, error.message().c_str());
        QVERIFY2(error.what.starts_with("model.gguf: "), error.message().c_str());
        QVERIFY2(!error.hint.empty(), error.message().c_str());
    }

    void llama() {
        const ModelSpec spec = Header("llama").must();
        QCOMPARE(spec.n_layers(), 3);
        QCOMPARE(spec.vocabulary, 320);
        QCOMPARE(spec.trained_context, 512);
        const Attention& attention = spec.layers[1].attention;
        QCOMPARE(attention.heads, 4);
        QCOMPARE(attention.kv_heads, 2);
        QCOMPARE(attention.scale, 0.25f);
        QCOMPARE(attention.window, 0);
        QVERIFY(spec.ropes[0].layout == RopeLayout::adjacent);
        QVERIFY(!spec.head.tied);
        QCOMPARE(parameter_count(spec), std::int64_t{170432});
        QCOMPARE(kv_values_per_token(spec), std::int64_t{3 * 2 * 32});
    }
    void routed_families() {
        const Experts qwen2 = Header("qwen2moe").must().layers[1].experts;
        QCOMPARE(qwen2.router.experts, 8);
        QCOMPARE(qwen2.router.used, 2);
        QVERIFY(qwen2.router.gating == Gating::softmax && !qwen2.router.renormalise);
        QVERIFY(qwen2.shared.present() && qwen2.shared_gate.present());
        QCOMPARE(qwen2.shared.width, 64);
        const Experts qwen3 = Header("qwen3moe").must().layers[1].experts;
        QVERIFY(qwen3.router.renormalise && !qwen3.shared.present());
        const ModelSpec oss = Header("gpt_oss").must();
        QVERIFY(oss.layers[1].experts.router.gating == Gating::softmax_of_chosen);
        QVERIFY(oss.layers[1].experts.activation == Activation::clamped_swish);
        QCOMPARE(oss.layers[0].attention.window, 16);
        QCOMPARE(oss.layers[1].attention.window, 0);
        // Mixtral comes under Llama's name.
        Header mixtral("llama");
        mixtral.set("llama.expert_count", std::int64_t{4});
        mixtral.set("llama.expert_used_count", std::int64_t{2});
        for (int layer = 0; layer < 3; ++layer) {
            const std::string at = "blk." + std::to_string(layer) + ".";
            for (const char* part : {"ffn_gate", "ffn_up", "ffn_down"}) {
                auto shape = mixtral.weights.tensors[at + part + ".weight"].shape;
                mixtral.weights.tensors.erase(at + part + ".weight");
                shape.insert(shape.begin(), 4);
                mixtral.add_tensor(at + part + "_exps.weight", shape);
            }
            mixtral.add_tensor(at + "ffn_gate_inp.weight", {4, 64});
        }
        const ModelSpec spec = mixtral.must();
        QVERIFY(spec.layers[2].experts.router.gating == Gating::softmax_of_chosen);
        QVERIFY(active_parameter_count(spec) < parameter_count(spec));
        QCOMPARE(parameter_count(spec) - active_parameter_count(spec), std::int64_t{3 * 2 * 3 * 160 * 64});
    }
    void deepseek() {
        const ModelSpec lite = Header("deepseek2_lite").must();
        QVERIFY(!lite.layers[0].routed() && lite.layers[1].routed());
        QVERIFY(lite.layers[0].latent.q.present() && !lite.layers[0].latent.q_down.present());
        QVERIFY(lite.layers[1].experts.router.gating == Gating::softmax);
        QCOMPARE(lite.ropes[0].attention_factor, 1.0);
        const double mscale = 0.0707 * std::log(4.0) + 1;
        QVERIFY(std::abs(lite.layers[0].latent.scale - mscale * mscale / std::sqrt(24.0)) < 1e-6);
        QCOMPARE(kv_values_per_token(lite), std::int64_t{3 * (32 + 8)});  // the latent cache as such
        const ModelSpec v3 = Header("deepseek3").must();
        const Router& router = v3.layers[2].experts.router;
        QVERIFY(router.gating == Gating::sigmoid && router.renormalise);
        QCOMPARE(router.groups, 4);
        QCOMPARE(router.groups_used, 2);
        QCOMPARE(router.group_best, 2);
        QCOMPARE(router.scale, 2.5f);
        QCOMPARE(router.selection_bias, std::string("blk.2.exp_probs_b.bias"));
        QVERIFY(v3.layers[0].latent.q_down.present() && !v3.layers[0].latent.q.present());
    }
    void lfm2_mixes_convolutions_with_attention() {
        Header header("lfm2");
        header.metadata.set("lfm2.attention.head_count_kv", MetaValue{std::vector<std::int64_t>{2, 0, 2, 2}});
        for (const char* part : {"attn_q", "attn_k", "attn_v", "attn_output", "attn_q_norm", "attn_k_norm"})
            header.weights.tensors.erase("blk.1." + std::string(part) + ".weight");
        header.add_tensor("blk.1.shortconv.in_proj.weight", {192, 64});
        header.add_tensor("blk.1.shortconv.conv.weight", {64, 3});
        header.add_tensor("blk.1.shortconv.out_proj.weight", {64, 64});
        const ModelSpec spec = header.must();
        QVERIFY(spec.layers[1].convolution.present() && !spec.layers[1].attention.present());
        QVERIFY(!spec.layers[0].convolution.present() && spec.layers[0].attention.present());
        QCOMPARE(kv_values_per_token(spec), std::int64_t{3 * 2 * 32 + 64});
    }
    void tied_head_names_the_embedding() {
        const ModelSpec spec = Header("llama_tied").must();
        QVERIFY(spec.head.tied);
        QCOMPARE(spec.head.output.weight, spec.embedding);
        QCOMPARE(parameter_count(spec), std::int64_t{170432 - 320 * 64});
    }
    void llama3_factors() {
        QCOMPARE(Header("llama_rope3").must().ropes[0].frequency_factors, std::string("rope_freqs.weight"));
        QVERIFY(Header("llama").must().ropes[0].frequency_factors.empty());
    }
    void mistral_window_when_the_file_has_one() {
        Header header("mistral");
        QCOMPARE(header.must().layers[0].attention.window, 0);
        header.set("llama.attention.sliding_window", std::int64_t{32});
        QCOMPARE(header.must().layers[0].attention.window, 32);
    }
    void qwen2_needs_its_biases() {
        Header header("qwen2");
        QCOMPARE(header.must().layers[0].attention.k.bias, std::string("blk.0.attn_k.bias"));
        header.weights.tensors.erase("blk.0.attn_k.bias");
        QCOMPARE(header.read().error().code, ErrorCode::not_found);
    }
    void qwen3_yarn() {
        Header header("qwen3_yarn");
        Rope rope = header.must().ropes[0];
        QVERIFY(rope.scaling == RopeScaling::yarn);
        QCOMPARE(rope.original_context, 64);
        QVERIFY(std::abs(rope.attention_factor - (0.1 * std::log(4.0) + 1)) < 1e-12);
        header.set("qwen3.rope.scaling.yarn_attn_factor", 1.25);
        QCOMPARE(header.must().ropes[0].attention_factor, 1.25);
        header.set("qwen3.rope.scaling.yarn_ext_factor", 0.5);
        QCOMPARE(header.read().error().code, ErrorCode::unsupported);
    }
    void phi3_longrope() {
        Header header("phi3");
        QVERIFY(header.must().layers[0].attention.fused());
        QVERIFY(header.must().layers[0].feed_forward.fused());
        header.set("phi3.rope.scaling.original_context_length", std::int64_t{128});
        header.add_tensor("rope_factors_long.weight", {8});
        QCOMPARE(header.read().error().code, ErrorCode::corrupt);  // its pair is missing
        header.add_tensor("rope_factors_short.weight", {8});
        const Rope rope = header.must().ropes[0];
        QVERIFY(rope.scaling == RopeScaling::longrope);
        QCOMPARE(rope.frequency_factors, std::string("rope_factors_short.weight"));
        QVERIFY(std::abs(rope.attention_factor - std::sqrt(1 + std::log(4.0) / std::log(128.0))) < 1e-12);
        header.weights.tensors["rope_factors_long.weight"].shape = {7};
        QCOMPARE(header.read().error().code, ErrorCode::corrupt);
    }
    void gemma2_alternates_windows() {
        const ModelSpec spec = Header("gemma2").must();
        QCOMPARE(spec.embedding_scale, 8.0f);
        QCOMPARE(spec.head.soft_cap, 30.0f);
        for (int i = 0; i < spec.n_layers(); ++i) {
            const Layer& layer = spec.layers[static_cast<std::size_t>(i)];
            QCOMPARE(layer.attention.window, i % 2 == 0 ? 32 : 0);
            QCOMPARE(layer.attention.soft_cap, 50.0f);
            QVERIFY(layer.attention_post_norm.present());
            QVERIFY(layer.feed_forward.activation == Activation::gelu_tanh);
        }
    }
    void gemma3_has_a_global_layer_in_six() {
        const ModelSpec spec = Header("gemma3").must();
        for (int i = 0; i < 6; ++i) {
            const Attention& attention = spec.layers[static_cast<std::size_t>(i)].attention;
            QCOMPARE(attention.window, i == 5 ? 0 : 32);
            QCOMPARE(spec.ropes[static_cast<std::size_t>(attention.rope)].base, i == 5 ? 1e6 : 1e4);
        }
    }
    void granite_multipliers() {
        Header header("granite");
        header.set("granite.embedding_scale", 12.0);
        header.set("granite.residual_scale", 0.22);
        header.set("granite.attention.scale", 0.015625);
        header.set("granite.logit_scale", 8.0);
        const ModelSpec spec = header.must();
        QCOMPARE(spec.embedding_scale, 12.0f);
        QCOMPARE(spec.residual_scale, 0.22f);
        QCOMPARE(spec.layers[0].attention.scale, 0.015625f);
        QCOMPARE(spec.head.scale, 0.125f);
        header.set("granite.logit_scale", 0.0);
        QCOMPARE(header.read().error().code, ErrorCode::corrupt);
    }
    void glm4_turns_half_of_each_head() {
        const ModelSpec spec = Header("glm4").must();
        QCOMPARE(spec.ropes[0].dims, 16);
        QCOMPARE(spec.layers[0].attention.head_dim, 32);
    }
    void smollm3_has_layers_without_positions() {
        const ModelSpec spec = Header("smollm3").must();
        QCOMPARE(spec.layers[2].attention.rope, 0);
        QCOMPARE(spec.layers[3].attention.rope, -1);
    }
    void numbers_per_layer() {
        Header header("llama");
        header.metadata.set("llama.attention.head_count_kv", MetaValue{std::vector<std::int64_t>{2, 4, 2}});
        for (const char* name : {"blk.1.attn_k.weight", "blk.1.attn_v.weight"})
            header.weights.tensors[name].shape = {64, 64};
        const ModelSpec spec = header.must();
        QCOMPARE(spec.layers[0].attention.kv_heads, 2);
        QCOMPARE(spec.layers[1].attention.kv_heads, 4);
    }
    void every_need_is_named_once() {
        for (const char* name : {"llama", "phi3", "gemma3", "glm4"}) {
            const auto needs = tensor_needs(Header(name).must());
            std::map<std::string, int> count;
            for (const TensorNeed& need : needs) QCOMPARE(++count[need.name], 1);
            QCOMPARE(count.size(), Header(name).weights.tensors.size());
        }
    }
};

QTEST_GUILESS_MAIN(TestReadSpec)
#include "test_read_spec.moc"
