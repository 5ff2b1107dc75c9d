// The scalar references against formulas written a second time, plainly, and against properties that must
// hold.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <map>
#include <numeric>
#include <random>

#include "engine/ops/activation/reference.h"
#include "engine/ops/attention/cases.h"
#include "engine/ops/attention/reference.h"
#include "engine/ops/convolution/reference.h"
#include "engine/ops/linear/cases.h"
#include "engine/ops/linear/reference.h"
#include "engine/ops/loss/reference.h"
#include "engine/ops/norm/cases.h"
#include "engine/ops/norm/reference.h"
#include "engine/ops/reference_kv.h"
#include "engine/ops/rope/cases.h"
#include "engine/ops/rope/reference.h"
#include "engine/ops/router/reference.h"
#include "engine/ops/sample/reference.h"
#include "engine/ops/weight_matrix.h"
#include "engine/quant/decode.h"

using namespace pellucid;

namespace {

std::mt19937 generator(1);

std::vector<float> random_values(std::size_t n) {
    std::normal_distribution<float> normal;
    std::vector<float> values(n);
    for (float& value : values) value = normal(generator);
    return values;
}

/// Poisoned, so that what an operation leaves out shows.
std::vector<float> poisoned(std::size_t n) {
    return std::vector<float>(n, std::numeric_limits<float>::quiet_NaN());
}

bool close(double got, double expected, double tolerance = 1e-5) {
    return std::abs(got - expected) <= tolerance * (1 + std::abs(expected));
}

std::size_t size(int n) {
    return static_cast<std::size_t>(n);
}

}  // namespace

class TestReferenceOps : public QObject {
    Q_OBJECT

private slots:
    void linear() {
        for (const LinearCase& c : linear_cases) {
            const auto weight = random_values(size(c.out * c.in)), x = random_values(size(c.tokens * c.in));
            const auto bias = c.bias ? random_values(size(c.out)) : std::vector<float>{};
            auto y = poisoned(size(c.tokens * c.out));
            linear_reference(weight, bias, x, y, c.tokens, c.out, c.in);
            for (int t = 0; t < c.tokens; ++t)
                for (int o = 0; o < c.out; o += 13) {
                    long double sum = c.bias ? bias[size(o)] : 0;
                    for (int i = 0; i < c.in; ++i)
                        sum += static_cast<long double>(weight[size(o * c.in + i)]) * x[size(t * c.in + i)];
                    QVERIFY(close(y[size(t * c.out + o)], static_cast<double>(sum)));
                }
        }
    }
    void weight_rows_are_the_decoded_ones() {
        for (const LinearCase& c : linear_cases) {
            const auto info = tensor_type_info(c.type);
            std::vector<std::byte> bytes(size(c.out * c.in / info->block_values * info->block_bytes));
            for (std::byte& byte : bytes)
                byte = static_cast<std::byte>(generator() & 0x3f);  // small, finite scales
            const TensorView view{"w", c.type, {c.out, c.in}, bytes};
            const auto kept = WeightMatrix::make(view, true), lazy = WeightMatrix::make(view, false);
            QVERIFY(kept.ok() && lazy.ok());
            QCOMPARE(lazy->bytes(), std::uint64_t{0});
            std::vector<float> expected(size(c.in)), scratch_a, scratch_b;
            for (int r = 0; r < c.out; ++r) {
                QVERIFY(decode(c.type, std::span(bytes).subspan(size(r) * view.row_bytes(), view.row_bytes()),
                               expected)
                            .ok());
                QVERIFY(std::ranges::equal(kept->row(r, scratch_a), expected));
                QVERIFY(std::ranges::equal(lazy->row(r, scratch_b), expected));
            }
        }
    }
    void weights_that_cannot_be() {
        const std::vector<std::byte> bytes(64);
        QCOMPARE(WeightMatrix::make({"w", TensorType::i32, {1, 256}, bytes}, false).error().code,
                 ErrorCode::unsupported);
        QCOMPARE(WeightMatrix::make({"w", TensorType::f32, {4, 5}, bytes}, false).error().code,
                 ErrorCode::corrupt);
        QCOMPARE(WeightMatrix::make({"w", TensorType::q8_0, {2, 16}, bytes}, false).error().code,
                 ErrorCode::corrupt);
    }
    void norms() {
        for (const NormCase& c : norm_cases) {
            const auto weight = random_values(size(c.width)), bias = random_values(size(c.width));
            const auto x = random_values(size(c.width));
            auto y = poisoned(size(c.width)), z = poisoned(size(c.width));
            rms_norm_reference(x, weight, c.eps, y);
            layer_norm_reference(x, weight, bias, c.eps, z);
            const double n = c.width;
            const double mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
            const double square = std::inner_product(x.begin(), x.end(), x.begin(), 0.0) / n;
            const double variance = square - mean * mean;
            for (std::size_t i = 0; i < x.size(); ++i) {
                QVERIFY(close(y[i], x[i] / std::sqrt(square + static_cast<double>(c.eps)) * weight[i]));
                const double layer =
                    (x[i] - mean) / std::sqrt(variance + static_cast<double>(c.eps)) * weight[i] + bias[i];
                QVERIFY(c.width == 1 ? std::isfinite(z[i]) : close(z[i], layer, 1e-4));
            }
        }
    }
    void rope() {
        for (const RopeCase& c : rope_cases) {
            Rope rope;
            rope.dims = c.dims;
            rope.layout = c.layout;
            rope.base = c.base;
            rope.attention_factor = c.attention_factor;
            const auto frequencies = rope_frequencies(rope, {});
            const auto before = random_values(size(c.heads * c.head_dim));
            auto after = before;
            rope_reference(after, c.head_dim, rope, frequencies, c.position);
            for (int h = 0; h < c.heads; ++h) {
                const std::size_t head = size(h * c.head_dim);
                for (int i = 0; i < c.dims / 2; ++i) {
                    const auto pair = c.layout == RopeLayout::adjacent ? std::pair{2 * i, 2 * i + 1}
                                                                       : std::pair{i, i + c.dims / 2};
                    const std::complex<double> turn =
                        std::polar(c.attention_factor, c.position * std::pow(c.base, -2.0 * i / c.dims));
                    const std::complex<double> expected =
                        turn * std::complex<double>(before[head + size(pair.first)],
                                                    before[head + size(pair.second)]);
                    QVERIFY(close(after[head + size(pair.first)], expected.real()));
                    QVERIFY(close(after[head + size(pair.second)], expected.imag()));
                }
                for (int i = c.dims; i < c.head_dim; ++i)
                    QCOMPARE(after[head + size(i)], before[head + size(i)]);
            }
        }
    }
    void rope_scores_depend_on_distance_only() {
        Rope rope;
        rope.dims = 32;
        const auto frequencies = rope_frequencies(rope, {});
        const auto q = random_values(32), k = random_values(32);
        const auto score = [&](int at_q, int at_k) {
            auto a = q, b = k;
            rope_reference(a, 32, rope, frequencies, at_q);
            rope_reference(b, 32, rope, frequencies, at_k);
            return dot_reference(a, b);
        };
        QVERIFY(close(score(7, 3), score(1007, 1003), 1e-4));
        QVERIFY(!close(score(7, 3), score(7, 4), 1e-4));
    }
    void attention() {
        for (const AttentionCase& c : attention_cases) {
            const int last = c.stored + c.rows - 1, first = first_visible(last, c.window);
            QCOMPARE(first, c.window == 0 ? 0 : std::max(0, last - c.window + 1));
            const auto query = random_values(size(c.head_dim));
            const auto keys = random_values(size((last + 1) * c.head_dim)),
                       values = random_values(keys.size());
            auto output = poisoned(size(c.head_dim));
            const float scale = 1 / std::sqrt(static_cast<float>(c.head_dim));
            const auto at = [&](const std::vector<float>& all) {
                return [&all, &c](int p) {
                    return std::span(all).subspan(size(p * c.head_dim), size(c.head_dim));
                };
            };
            attention_reference(query, at(keys), at(values), first, last, scale, c.soft_cap, output);
            std::vector<double> expected(output.size(), 0.0);
            double total = 0;  // without the shift by the maximum: another order of the same sums
            for (int p = first; p <= last; ++p) {
                double score = 0;
                for (int i = 0; i < c.head_dim; ++i)
                    score += static_cast<double>(query[size(i)]) * keys[size(p * c.head_dim + i)];
                score *= static_cast<double>(scale);
                if (c.soft_cap > 0) score = c.soft_cap * std::tanh(score / c.soft_cap);
                total += std::exp(score);
                for (int i = 0; i < c.head_dim; ++i)
                    expected[size(i)] += std::exp(score) * values[size(p * c.head_dim + i)];
            }
            for (std::size_t i = 0; i < output.size(); ++i) QVERIFY(close(output[i], expected[i] / total));
        }
    }
    void activations() {
        // From the definitions, at points with known values.
        QVERIFY(close(activate_reference(Activation::silu, 1), 0.7310585786300049, 1e-12));
        QVERIFY(close(activate_reference(Activation::gelu, 1), 0.8413447460685429, 1e-12));
        QVERIFY(close(activate_reference(Activation::gelu_tanh, 1), 0.8411919906082768, 1e-12));
        for (Activation activation : {Activation::silu, Activation::gelu, Activation::gelu_tanh}) {
            QCOMPARE(activate_reference(activation, 0), 0.0);
            QVERIFY(close(activate_reference(activation, 100), 100, 1e-9));
            QVERIFY(std::abs(activate_reference(activation, -1000)) < 1e-9);
        }
        const std::vector<float> gate = {1, -2}, up = {3, 4};
        auto y = poisoned(2);
        gated_activation_reference(Activation::silu, gate, up, y);
        QVERIFY(close(y[0], 0.7310585786300049 * 3) && close(y[1], -0.23840584404423515 * 4));
        gated_activation_reference(Activation::silu, gate, {}, y);
        QVERIFY(close(y[0], 0.7310585786300049));
        QCOMPARE(soft_cap_reference(5, 0), 5.0);
        QVERIFY(close(soft_cap_reference(5, 30), 30 * std::tanh(5.0 / 30), 1e-12));
    }
    void clamped_activation() {
        // gpt-oss: gates above 7 count as 7, ups lie in [-7, 7] and have one added.
        const auto swish = [](double g) { return g / (1 + std::exp(-1.702 * g)); };
        const std::vector<float> gate = {0.5f, 9, -9}, up = {0.25f, 8, -8};
        auto y = poisoned(3);
        gated_activation_reference(Activation::clamped_swish, gate, up, y);
        QVERIFY(close(y[0], swish(0.5) * 1.25) && close(y[1], swish(7) * 8) && close(y[2], swish(-9) * -6));
    }
    void a_sink_takes_its_share() {
        const std::vector<float> query = {1}, keys = {0.5f, -1}, values = {3, 5};
        const auto at = [](const std::vector<float>& all) {
            return [&all](int p) { return std::span(all).subspan(size(p), 1); };
        };
        auto y = poisoned(1);
        attention_reference(query, at(keys), at(values), 0, 1, 1, 0, y, 2.0f);
        const double a = std::exp(0.5), b = std::exp(-1.0);
        QVERIFY(close(y[0], (a * 3 + b * 5) / (a + b + std::exp(2.0))));
        attention_reference(query, at(keys), at(values), 0, 1, 1, 0, y, 1000.0f);  // all of it
        QCOMPARE(y[0], 0.0f);
    }
    void convolution() {
        const std::vector<float> kernel = {1, 10, 100, 2, 20, 200};  // [2, 3]
        const std::vector<float> inputs = {1, 5, 2, 6, 3, 7, 4, 8};  // [4, 2]
        auto y = poisoned(2);
        const auto run = [&](int position) {
            convolution_reference([&](int c) { return std::span(kernel).subspan(size(3 * c), 3); },
                                  [&](int p) { return std::span(inputs).subspan(size(2 * p), 2); }, position,
                                  3, y);
        };
        run(3);
        QCOMPARE(y, (std::vector<float>{2 * 1 + 3 * 10 + 4 * 100, 6 * 2 + 7 * 20 + 8 * 200}));
        run(1);  // one position lies before the first
        QCOMPARE(y, (std::vector<float>{1 * 10 + 2 * 100, 5 * 20 + 6 * 200}));
    }

    void routing_by_softmax() {
        Router router{.experts = 4, .used = 2};
        const std::vector<float> logits = {0, 2, -1, 1};
        const double total = 1 + std::exp(2.0) + std::exp(-1.0) + std::exp(1.0);
        auto chosen = route_reference(router, logits, {});
        QCOMPARE(chosen.size(), std::size_t{2});
        QCOMPARE(chosen[0].expert, 1);
        QCOMPARE(chosen[1].expert, 3);
        QVERIFY(close(chosen[0].weight, std::exp(2.0) / total));
        router.renormalise = true;
        router.scale = 2;
        chosen = route_reference(router, logits, {});
        QVERIFY(close(chosen[0].weight, 2 * std::exp(2.0) / (std::exp(2.0) + std::exp(1.0))));
        QVERIFY(close(chosen[0].weight + chosen[1].weight, 2));
        // The softmax of the chosen is the renormalised softmax.
        router.renormalise = false;
        router.gating = Gating::softmax_of_chosen;
        const auto again = route_reference(router, logits, {});
        for (std::size_t i = 0; i < 2; ++i) {
            QCOMPARE(again[i].expert, chosen[i].expert);
            QVERIFY(close(again[i].weight, chosen[i].weight));
        }
    }
    void routing_by_sigmoid_with_bias() {
        const Router router{.experts = 3, .used = 1, .gating = Gating::sigmoid};
        const std::vector<float> logits = {1, 0, -1}, bias = {0, 0, 1};
        double margin = 0;
        const auto chosen = route_reference(router, logits, bias, &margin);
        QCOMPARE(chosen[0].expert, 2);                              // the bias chooses
        QVERIFY(close(chosen[0].weight, 1 / (1 + std::exp(1.0))));  // and does not weigh
        QVERIFY(close(margin, 1 + 1 / (1 + std::exp(1.0)) - 1 / (1 + std::exp(-1.0))));
    }
    void routing_within_groups() {
        // Groups {0, 1}, {2, 3}, {4, 5}. By their best expert the first wins, by the sum of two the second.
        Router router{.experts = 6, .used = 2, .gating = Gating::sigmoid, .groups = 3, .groups_used = 1};
        const std::vector<float> logits = {3, -9, 2, 2, -5, -5};
        auto chosen = route_reference(router, logits, {});
        QCOMPARE(chosen[0].expert, 0);
        QCOMPARE(chosen[1].expert, 1);
        router.group_best = 2;
        chosen = route_reference(router, logits, {});
        QCOMPARE(chosen[0].expert, 2);
        QCOMPARE(chosen[1].expert, 3);  // equal scores: the lower index first
    }
    void routing_to_a_threshold() {
        Router router{.experts = 4, .used = 3, .threshold = 0.6f};
        const std::vector<float> sure = {5, 0, 0, 0}, unsure = {0, 0.1f, 0.2f, 0.3f};
        QCOMPARE(route_reference(router, sure, {}).size(), std::size_t{1});
        QCOMPARE(route_reference(router, unsure, {}).size(), std::size_t{3});
        router.used = 2;  // at most
        QCOMPARE(route_reference(router, unsure, {}).size(), std::size_t{2});
        double margin = 0;
        route_reference({.experts = 2, .used = 2}, std::vector<float>{1, 2}, {}, &margin);
        QVERIFY(margin > 1e29);  // nobody is left out
    }
    void kv_rounding() {
        auto values = random_values(80);
        values[40] = 0;
        auto half = values, eight = values, whole = values;
        round_to_kv_format(KvFormat::f16, half);
        round_to_kv_format(KvFormat::q8, eight);
        round_to_kv_format(KvFormat::f32, whole);
        QVERIFY(whole == values);
        for (std::size_t i = 0; i < values.size(); ++i) {
            QVERIFY(std::abs(half[i] - values[i]) <= std::abs(values[i]) / 2048 + 1e-7f);
            QVERIFY(std::abs(eight[i] - values[i]) <= 5.0f / 127);  // half a step of the largest value seen
        }
        auto again = eight;
        round_to_kv_format(KvFormat::q8, again);
        for (std::size_t i = 0; i < values.size(); ++i) QVERIFY(close(again[i], eight[i], 1e-3));
        std::vector<float> zeros(32, 0.0f);
        round_to_kv_format(KvFormat::q8, zeros);
        QVERIFY(zeros == std::vector<float>(32, 0.0f));
    }
    void sampling_greedily() {
        const std::vector<float> logits = {1, 5, 5, -2};
        SampleSpec spec;
        spec.top_alternatives = 10;
        const SampledToken token = sample_reference(logits, spec, 0);
        QCOMPARE(token.id, 1);  // the lower id among equals
        QCOMPARE(token.alternatives.size(), std::size_t{4});
        double total = 0, entropy = 0;
        for (const auto& [id, logprob] : token.alternatives) {
            QVERIFY(close(logprob, -token_loss(logits, id)));
            total += std::exp(logprob);
            entropy -= std::exp(logprob) * logprob;
        }
        QVERIFY(close(total, 1));
        QVERIFY(close(token.entropy, entropy));
        QCOMPARE(token.alternatives[0].first, 1);
        QCOMPARE(token.alternatives[3].first, 3);
    }
    void sampling_follows_the_distribution() {
        const std::vector<float> logits = {std::log(0.5f), std::log(0.3f), std::log(0.15f), std::log(0.05f)};
        const auto shares = [&](SampleSpec spec) {
            std::map<TokenId, double> count;
            spec.temperature = 1;
            spec.seed = 42;
            for (int position = 0; position < 20000; ++position)
                count[sample_reference(logits, spec, position).id] += 1.0 / 20000;
            return count;
        };
        // 4 standard deviations of a share of 0.5 over 20,000 draws are 0.014.
        auto all = shares({});
        QVERIFY(std::abs(all[0] - 0.5) < 0.015 && std::abs(all[1] - 0.3) < 0.015);
        QVERIFY(std::abs(all[2] - 0.15) < 0.015 && std::abs(all[3] - 0.05) < 0.015);
        SampleSpec top_k, top_p, min_p;
        top_k.top_k = 2;
        top_p.top_p = 0.79f;
        min_p.min_p = 0.2f;
        auto two = shares(top_k), nucleus = shares(top_p), floor = shares(min_p);
        QCOMPARE(two.size(), std::size_t{2});
        QVERIFY(std::abs(two[0] - 0.625) < 0.015);
        QCOMPARE(nucleus.size(), std::size_t{2});
        QCOMPARE(floor.size(), std::size_t{3});
    }
    void same_seed_same_token() {
        const auto logits = random_values(100);
        SampleSpec spec;
        spec.temperature = 1;
        spec.seed = 7;
        int differs_by_seed = 0, differs_by_position = 0;
        for (int position = 0; position < 100; ++position) {
            const TokenId id = sample_reference(logits, spec, position).id;
            QCOMPARE(sample_reference(logits, spec, position).id, id);
            SampleSpec other = spec;
            other.seed = 8;
            differs_by_seed += sample_reference(logits, other, position).id != id;
            differs_by_position += sample_reference(logits, spec, position + 1).id != id;
        }
        QVERIFY(differs_by_seed > 50 && differs_by_position > 50);
    }
    void perplexity() {
        const std::vector<float> even(4, 2.5f);
        QVERIFY(close(token_loss(even, 3), std::log(4.0), 1e-12));
        Perplexity sum;
        QCOMPARE(sum.value(), 1.0);
        const std::vector<double> losses = {1, 2, 4, 1.5};
        for (double loss : losses) sum.add(loss);
        const double mean = 8.5 / 4;
        double squares = 0;
        for (double loss : losses) squares += (loss - mean) * (loss - mean);
        QCOMPARE(sum.tokens(), std::int64_t{4});
        QVERIFY(close(sum.value(), std::exp(mean), 1e-12));
        QVERIFY(close(sum.standard_error(), std::exp(mean) * std::sqrt(squares / 3 / 4), 1e-12));
    }
};

QTEST_GUILESS_MAIN(TestReferenceOps)
#include "test_reference_ops.moc"
