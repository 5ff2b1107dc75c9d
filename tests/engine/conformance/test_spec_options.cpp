// Options of a ModelSpec that no fixture sets, on every backend: each is run against the same model with the
// option worked into its weights. Factors are powers of two, so that half-precision weights stay exact.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <deque>
#include <map>

#include "engine/base/half.h"
#include "tests/engine/conformance/backends.h"
#include "tests/engine/conformance/driver.h"

using namespace pellucid;
using namespace pellucid::test;

namespace {

/// A fixture's weights, some of them replaced.
class EditedSource final : public WeightSource {
public:
    explicit EditedSource(std::shared_ptr<const WeightSource> base) : base_(std::move(base)) {}

    const TensorView* find(std::string_view name) const override {
        const auto it = edited_.find(name);
        return it == edited_.end() ? base_->find(name) : &it->second;
    }
    std::vector<std::string_view> names() const override { return base_->names(); }

    /// Multiplies an f16 tensor, in the rows [begin, end).
    void scale(const std::string& name, float factor, std::int64_t begin = 0, std::int64_t end = -1) {
        const TensorView view = *find(name);
        std::vector<std::byte> bytes(view.bytes.begin(), view.bytes.end());
        auto* values = reinterpret_cast<Half*>(bytes.data());
        const std::int64_t last = end < 0 ? view.rows() : end;
        for (std::int64_t i = begin * view.columns(); i < last * view.columns(); ++i)
            values[i] = float_to_half(half_to_float(values[i]) * factor);
        put(view, std::move(bytes));
    }
    /// Row r becomes what row from(r) was.
    template <typename From>
    void permute_rows(const std::string& name, From from) {
        const TensorView view = *find(name);
        std::vector<std::byte> bytes(view.bytes.size());
        const std::size_t width = view.row_bytes();
        for (std::int64_t row = 0; row < view.rows(); ++row)
            std::memcpy(bytes.data() + static_cast<std::size_t>(row) * width,
                        view.bytes.data() + static_cast<std::size_t>(from(row)) * width, width);
        put(view, std::move(bytes));
    }
    void add(const std::string& name, const std::vector<float>& values) {
        std::vector<std::byte> bytes(values.size() * sizeof(float));
        std::memcpy(bytes.data(), values.data(), bytes.size());
        put({name, TensorType::f32, {static_cast<std::int64_t>(values.size())}, {}}, std::move(bytes));
    }

private:
    void put(TensorView view, std::vector<std::byte> bytes) {
        names_.push_back(std::string(view.name));
        bytes_.push_back(std::move(bytes));
        view.name = names_.back();
        view.bytes = bytes_.back();
        edited_[names_.back()] = view;
    }
    std::shared_ptr<const WeightSource> base_;
    std::deque<std::string> names_;
    std::deque<std::vector<std::byte>> bytes_;
    std::map<std::string, TensorView, std::less<>> edited_;
};

/// Spec and weights in the tests' hands.
struct Edited {
    std::shared_ptr<ModelSpec> spec;
    std::shared_ptr<EditedSource> weights;
    explicit Edited(const std::string& fixture) {
        const ModelFile model = must(open_model_file(fixture_path(fixture + ".gguf")));
        spec = std::make_shared<ModelSpec>(*model.spec);
        weights = std::make_shared<EditedSource>(model.weights);
    }
};

using Logits = std::vector<std::vector<float>>;

}  // namespace

class TestSpecOptions : public QObject {
    Q_OBJECT

    std::shared_ptr<ThreadPool> pool_ = std::make_shared<ThreadPool>(1);
    std::unique_ptr<Backend> device_;

    Logits run(const Edited& model, int context = 0) {
        const auto weights = must(device_->prepare(model.spec, model.weights, {}));
        RunnerOptions options;
        options.page_tokens = 16;
        options.pages = 4;
        options.kv_format = KvFormat::f32;
        options.context = context;
        Driver driver(*weights, options);
        Held held = driver.new_sequence();
        std::vector<TokenId> tokens;
        for (int i = 0; i < 50; ++i) tokens.push_back(i * 37 % model.spec->vocabulary);
        return driver.feed(held, tokens, 64);
    }
    /// Largest difference, in units of the largest expected logit.
    static double distance(const Logits& got, const Logits& expected, float factor = 1) {
        double worst = 0, largest = 0;
        for (std::size_t r = 0; r < expected.size(); ++r)
            for (std::size_t i = 0; i < expected[r].size(); ++i) {
                const double error = std::abs(static_cast<double>(got[r][i]) * factor - expected[r][i]);
                if (std::isnan(error)) return INFINITY;
                worst = std::max(worst, error);
                largest = std::max(largest, std::abs(static_cast<double>(expected[r][i])));
            }
        return worst / largest;
    }
    void load() {
        QFETCH(int, backend);
        device_ = tested_backends()[static_cast<std::size_t>(backend)].make(pool_);
    }
    void rows() {
        QTest::addColumn<int>("backend");
        for (std::size_t b = 0; b < tested_backends().size(); ++b)
            QTest::addRow("%s", tested_backends()[b].name) << static_cast<int>(b);
    }
    static constexpr double tolerance = 2e-5;

private slots:
    void embedding_scale_data() { rows(); }
    void embedding_scale() {
        load();
        Edited option("granite"), worked("granite");  // an untied head, so the embedding is scaled alone
        option.spec->embedding_scale = 4;
        worked.weights->scale(worked.spec->embedding, 4);
        QVERIFY(distance(run(option), run(worked)) <= tolerance);
        QVERIFY(distance(run(option), run(Edited("granite"))) > 0.01);
    }
    void residual_scale_data() { rows(); }
    void residual_scale() {
        load();
        Edited option("granite"), worked("granite");
        option.spec->residual_scale = 0.5f;
        for (const Layer& layer : worked.spec->layers) {
            worked.weights->scale(layer.attention.output.weight, 0.5f);
            worked.weights->scale(layer.feed_forward.down.weight, 0.5f);
        }
        QVERIFY(distance(run(option), run(worked)) <= tolerance);
        QVERIFY(distance(run(option), run(Edited("granite"))) > 0.01);
    }
    void attention_scale_data() { rows(); }
    void attention_scale() {
        load();
        Edited option("granite"), worked("granite");
        for (Layer& layer : option.spec->layers) layer.attention.scale *= 0.25f;
        for (const Layer& layer : worked.spec->layers) worked.weights->scale(layer.attention.q.weight, 0.25f);
        QVERIFY(distance(run(option), run(worked)) <= tolerance);
        QVERIFY(distance(run(option), run(Edited("granite"))) > 0.01);
    }
    void head_scale_and_soft_cap_data() { rows(); }
    void head_scale_and_soft_cap() {
        load();
        Edited option("granite");
        option.spec->head.scale = 0.125f;
        const Logits plain = run(Edited("granite"));
        QVERIFY(distance(run(option), plain, 8) <= tolerance);
        option.spec->head.scale = 1;
        option.spec->head.soft_cap = 2;
        Logits capped = plain;
        for (auto& row : capped)
            for (float& logit : row) logit = 2 * std::tanh(logit / 2);
        QVERIFY(distance(run(option), capped) <= tolerance);
    }
    void linear_rope_scaling_data() { rows(); }
    void linear_rope_scaling() {
        load();
        Edited option("llama"), worked("llama");
        Rope& rope = option.spec->ropes[0];
        rope.scaling = RopeScaling::linear;
        rope.factor = 8;
        worked.weights->add("factors", std::vector<float>(static_cast<std::size_t>(rope.dims / 2), 8));
        worked.spec->ropes[0].frequency_factors = "factors";
        QVERIFY(distance(run(option), run(worked)) <= tolerance);
        QVERIFY(distance(run(option), run(Edited("llama"))) > 0.01);
    }
    void longrope_takes_its_factors_by_the_context_data() { rows(); }
    void longrope_takes_its_factors_by_the_context() {
        load();
        Edited option("phi3"), near("phi3"), far("phi3");
        Rope& rope = option.spec->ropes[0];
        std::vector<float> few, many;
        for (int i = 0; i < rope.dims / 2; ++i) {
            few.push_back(1 + 0.1f * static_cast<float>(i));
            many.push_back(2 + 3 * static_cast<float>(i));
        }
        for (Edited* model : {&option, &near, &far}) {
            model->weights->add("few", few);
            model->weights->add("many", many);
            model->spec->ropes[0].attention_factor = 1.19;
        }
        rope.scaling = RopeScaling::longrope;
        rope.original_context = 128;
        rope.frequency_factors = "few";
        rope.long_factors = "many";
        near.spec->ropes[0].frequency_factors = "few";
        far.spec->ropes[0].frequency_factors = "many";
        QVERIFY(distance(run(option, 128), run(near)) <= tolerance);
        QVERIFY(distance(run(option, 129), run(far)) <= tolerance);
        QVERIFY(distance(run(option, 0), run(far)) <= tolerance);  // the trained context, 512
        QVERIFY(distance(run(near), run(far)) > 0.01);
    }
    void attention_factor_multiplies_both_sides_data() { rows(); }
    void attention_factor_multiplies_both_sides() {
        load();
        // Rope over the whole head: cos and sin doubled on both sides is a score four times as large.
        Edited option("llama"), worked("llama");
        option.spec->ropes[0].attention_factor = 2;
        for (Layer& layer : worked.spec->layers) layer.attention.scale *= 4;
        QVERIFY(distance(run(option), run(worked)) <= tolerance);
        // Rope over half the head: the other half must not be multiplied, so the two now differ.
        Edited half("glm4"), wrong("glm4");
        half.spec->ropes[0].attention_factor = 2;
        for (Layer& layer : wrong.spec->layers) layer.attention.scale *= 4;
        QVERIFY(distance(run(half), run(wrong)) > 0.01);
    }
    void layout_is_a_permutation_of_query_and_key_rows_data() { rows(); }
    void layout_is_a_permutation_of_query_and_key_rows() {
        load();
        Edited adjacent("llama"), half("llama");
        half.spec->ropes[0].layout = RopeLayout::half;
        QVERIFY(distance(run(adjacent), run(half)) > 0.01);
        // Rows 2i and 2i + 1 of each head moved to i and i + dims / 2: what converters do the other way
        // round.
        const int dims = half.spec->ropes[0].dims;
        for (const Layer& layer : half.spec->layers)
            for (const std::string& name : {layer.attention.q.weight, layer.attention.k.weight})
                half.weights->permute_rows(name, [dims](std::int64_t row) {
                    const std::int64_t head = row / dims * dims, i = row % dims;
                    return head + (i < dims / 2 ? 2 * i : 2 * (i - dims / 2) + 1);
                });
        QVERIFY(distance(run(adjacent), run(half)) <= tolerance);
    }
    void score_soft_cap_data() { rows(); }
    void score_soft_cap() {
        load();
        Edited capped("llama"), narrow("llama"), flat("llama");
        for (Layer& layer : capped.spec->layers) layer.attention.soft_cap = 0.5f;
        for (Layer& layer : narrow.spec->layers) layer.attention.soft_cap = 1e-4f;
        for (Layer& layer : flat.spec->layers) layer.attention.scale = 1e-9f;  // all positions alike
        QVERIFY(distance(run(narrow), run(flat)) <= 1e-3);
        QVERIFY(distance(run(Edited("llama")), run(flat)) > 0.01);
        const Logits got = run(capped);
        QVERIFY(distance(got, run(Edited("llama"))) > 1e-3);
        device_ = make_reference_backend(pool_);
        QVERIFY(distance(got, run(capped)) <= tolerance);
    }
    void plain_feed_forward_and_layer_norm_data() { rows(); }
    void plain_feed_forward_and_layer_norm() {
        load();
        // The reference's own parts are tested in test_reference_ops; other backends must agree or refuse.
        Edited model("llama");
        for (Layer& layer : model.spec->layers) {
            layer.feed_forward.gated = false;
            layer.feed_forward.gate = {};
            layer.feed_forward.activation = Activation::gelu;
            layer.attention_norm.kind = NormKind::layer;
        }
        const auto prepared = device_->prepare(model.spec, model.weights, {});
        if (!prepared) {
            QCOMPARE(prepared.error().code, ErrorCode::unsupported);
            QVERIFY(!prepared.error().what.empty());
            QSKIP("this backend refuses it with a typed error");
        }
        const Logits got = run(model);
        device_ = make_reference_backend(pool_);
        QVERIFY(distance(got, run(model)) <= 1e-4);
        QVERIFY(distance(got, run(Edited("llama"))) > 0.01);
    }
};

QTEST_GUILESS_MAIN(TestSpecOptions)
#include "test_spec_options.moc"
