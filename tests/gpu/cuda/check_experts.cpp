#include "tests/gpu/cuda/check_experts.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <random>
#include <string>

#include "engine/base/half.h"
#include "engine/ops/activation/reference.h"
#include "engine/ops/router/reference.h"
#include "engine/quant/decode.h"
#include "gpu/cuda/experts.h"
#include "gpu/cuda/repack.h"
#include "tests/gpu/cuda/check_matrix.h"

namespace pellucid {
namespace {

constexpr float kPoison = std::numeric_limits<float>::quiet_NaN();

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}

struct ChosenBuffers {
    cuda::DeviceBuffer ids, weights, shared;
    ChosenBuffers(int rows, int used)
        : ids(uploaded(std::vector<int>(size(rows * used), -7))),
          weights(uploaded(std::vector<float>(size(rows * used), kPoison))),
          shared(uploaded(std::vector<float>(size(rows), kPoison))) {}
    cuda::Chosen view() const { return {ids.as<int>(), weights.as<float>(), shared.as<float>()}; }
};

struct RouterCase {
    const char* name;
    int columns, rows;
    Router router;
    bool bias, shared_gate, scores_bias;
};

bool check_routes(bool small) {
    std::mt19937 random(5);
    std::normal_distribution<float> normal;
    bool good = true;
    const auto router = [](int experts, int used, Gating gating, int groups = 1, int groups_used = 1,
                           int best = 1, float threshold = 0, bool renormalise = false, float scale = 1) {
        Router r;
        r.experts = experts;
        r.used = used;
        r.gating = gating;
        r.groups = groups;
        r.groups_used = groups_used;
        r.group_best = best;
        r.threshold = threshold;
        r.renormalise = renormalise;
        r.scale = scale;
        return r;
    };
    const RouterCase cases[] = {
        {"qwen3 30b", 2048, 1, router(128, 8, Gating::softmax, 1, 1, 1, 0, true), false, false, false},
        {"qwen3 30b, rows", 2048, 37, router(128, 8, Gating::softmax, 1, 1, 1, 0, true), false, false, false},
        {"deepseek lite", 2048, 5, router(64, 6, Gating::softmax), false, false, false},
        {"deepseek r1", 7168, 3, router(256, 8, Gating::sigmoid, 8, 4, 2, 0, true, 2.5f), true, false, false},
        {"deepseek r1, one", 7168, 1, router(256, 8, Gating::sigmoid, 8, 4, 2, 0, true, 2.5f), true, false,
         false},
        {"qwen2 57b", 3584, 1, router(64, 8, Gating::softmax), false, true, false},
        {"gpt-oss 120b", 2880, 2, router(128, 4, Gating::softmax_of_chosen), false, false, true},
        {"top-p", 96, 19, router(40, 12, Gating::softmax, 1, 1, 1, 0.5f, true), false, false, false},
        {"odd", 30, 9, router(7, 7, Gating::sigmoid), false, true, true},
        {"many", 64, 3, router(640, 16, Gating::softmax, 20, 3, 3), true, false, false},
    };
    for (const RouterCase& c : cases) {
        if (small && c.columns > 2048) continue;
        const Router& r = c.router;
        const auto fill = [&](std::size_t n, float scale) {
            std::vector<float> v(n);
            for (float& x : v) x = scale * normal(random);
            return v;
        };
        const std::vector<float> x = fill(size(c.rows * c.columns), 3), weights = fill(size(c.columns), 1),
                                 scores = fill(size(r.experts * c.columns),
                                               1.5f / std::sqrt(static_cast<float>(c.columns))),
                                 bias = fill(size(r.experts), 0.3f),
                                 scores_bias = fill(size(r.experts), 0.5f),
                                 gate = fill(size(c.columns), 0.05f);
        const auto x_at = uploaded(x), weights_at = uploaded(weights), scores_at = uploaded(scores),
                   bias_at = uploaded(bias), scores_bias_at = uploaded(scores_bias), gate_at = uploaded(gate);
        const auto logits = uploaded(std::vector<float>(size(c.rows * (r.experts + 1)), kPoison));
        const auto arrivals = uploaded(std::vector<int>(size(c.rows), 0));
        const auto handed = uploaded(std::vector<float>(size(c.rows * c.columns), kPoison));
        const ChosenBuffers chosen(c.rows, r.used);
        cuda::NormView norm;
        norm.weight = weights_at.as<float>();
        norm.eps = 1e-6f;
        const cuda::RouterView view{r.experts,
                                    r.used,
                                    static_cast<int>(r.gating),
                                    r.groups,
                                    r.groups_used,
                                    r.group_best,
                                    r.threshold,
                                    r.scale,
                                    r.renormalise,
                                    scores_at.as<float>(),
                                    c.scores_bias ? scores_bias_at.as<float>() : nullptr,
                                    c.bias ? bias_at.as<float>() : nullptr,
                                    c.shared_gate ? gate_at.as<float>() : nullptr};
        cuda::NormOut out;
        out.values = handed.as<float>();
        for (int run = 0; run < 2; ++run)  // the second finds what the first left
            cuda::route(nullptr, x_at.as<float>(), c.columns, c.rows, norm, view, logits.as<float>(),
                        arrivals.as<int>(), chosen.view(), out);
        const auto ids = downloaded<int>(chosen.ids);
        const auto shares = downloaded<float>(chosen.weights), shared = downloaded<float>(chosen.shared);
        const auto normed = downloaded<float>(handed);
        int differ = 0, near = 0;
        double worst = 0;
        for (int row = 0; row < c.rows; ++row) {
            double squares = 0;
            const float* v = x.data() + size(row * c.columns);
            for (int i = 0; i < c.columns; ++i) squares += static_cast<double>(v[i]) * v[i];
            const double factor = 1 / std::sqrt(squares / c.columns + 1e-6);
            std::vector<float> values(size(c.columns)), logit(size(r.experts));
            double gated = 0;
            for (int i = 0; i < c.columns; ++i) {
                values[size(i)] = static_cast<float>(v[i] * factor * weights[size(i)]);
                gated += static_cast<double>(gate[size(i)]) * values[size(i)];
                worst = std::max(
                    worst,
                    std::abs(static_cast<double>(normed[size(row * c.columns + i)]) - values[size(i)]) / 10);
            }
            for (int e = 0; e < r.experts; ++e) {
                double sum = c.scores_bias ? scores_bias[size(e)] : 0;
                for (int i = 0; i < c.columns; ++i)
                    sum += static_cast<double>(scores[size(e * c.columns + i)]) * values[size(i)];
                logit[size(e)] = static_cast<float>(sum);
            }
            double margin = 0;
            const auto want = route_reference(
                r, logit, c.bias ? std::span<const float>(bias) : std::span<const float>(), &margin);
            if (margin < 1e-5) {
                ++near;
                continue;
            }
            std::vector<ExpertChoice> got;
            for (int k = 0; k < r.used; ++k)
                if (ids[size(row * r.used + k)] >= 0)
                    got.push_back({ids[size(row * r.used + k)], shares[size(row * r.used + k)]});
            const auto by_id = [](const ExpertChoice& a, const ExpertChoice& b) {
                return a.expert < b.expert;
            };
            auto sorted = want;
            std::ranges::sort(sorted, by_id);
            std::ranges::sort(got, by_id);
            bool same = got.size() == sorted.size();
            for (std::size_t i = 0; same && i < got.size(); ++i) {
                same = got[i].expert == sorted[i].expert;
                worst = std::max(worst, std::abs(static_cast<double>(got[i].weight) - sorted[i].weight));
            }
            differ += !same;
            const double wanted_share = c.shared_gate ? 1 / (1 + std::exp(-gated)) : 1;
            worst = std::max(worst, std::abs(shared[size(row)] - wanted_share));
        }
        std::printf("route %-16s %d rows: %d choose otherwise, %d near ties, worst weight %.1e\n", c.name,
                    c.rows, differ, near, worst);
        if (differ > 0 || !(worst < 1e-4)) {
            good = false;
            std::printf("FAILED: route %s\n", c.name);
        }
    }
    return good;
}

/// Values about as large as real weights, whatever the type's scale bytes are.
CheckMatrix expert_matrix(TensorType type, std::int64_t rows, std::int64_t columns, std::mt19937& random,
                          ThreadPool& pool) {
    if (type != TensorType::mxfp4) return random_matrix(type, rows, columns, random, pool);
    std::vector<std::byte> bytes(size(rows * columns / 32 * 17));
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>(i % 17 == 0 ? 120 + random() % 3 : random() & 0xff);
    CheckMatrix m;
    m.values.resize(size(rows * columns));
    if (!decode(type, bytes, m.values)) return m;
    std::vector<std::byte> planes(cuda::plane_layout(*cuda::form_of(type), rows, columns).bytes);
    cuda::repack_rows({"t", type, {rows, columns}, bytes}, 0, rows, planes.data(), pool);
    m.planes = uploaded(planes);
    m.view = cuda::view_of(type, rows, columns, m.planes.as<std::byte>());
    return m;
}

struct ExpertCase {
    const char* name;
    TensorType inner, down;
    int experts, used, width, columns, rows, shared_width;
    Activation activation;
    bool biases;
    TensorType shared_down = TensorType::q4_k;
};

bool check_networks(bool small) {
    std::mt19937 random(6);
    std::normal_distribution<float> normal;
    ThreadPool pool(4);
    bool good = true;
    using enum TensorType;
    const ExpertCase cases[] = {
        {"qwen3", q4_k, q4_k, 16, 8, 768, 512, 1, 0, Activation::silu, false},
        {"one row", q4_k, q6_k, 16, 8, 768, 512, 1, 0, Activation::silu, false},
        {"one row", q4_k, q5_0, 8, 6, 1408, 2048, 1, 2816, Activation::silu, false},
        {"one row", q4_k, q8_0, 8, 6, 1408, 2048, 1, 2816, Activation::silu, false, q6_k},
        {"one row", q6_k, q5_1, 5, 3, 96, 512, 1, 0, Activation::gelu, true},
        {"one row", q5_k, q3_k, 5, 3, 512, 768, 1, 256, Activation::gelu_tanh, true, q5_k},
        {"one row", q8_0, q2_k, 6, 3, 256, 1280, 1, 0, Activation::silu, false},
        {"one row", q3_k, q4_0, 6, 2, 64, 768, 1, 32, Activation::silu, false, q8_0},
        {"one row", q2_k, q5_k, 7, 5, 1024, 256, 1, 512, Activation::silu, true, q3_k},
        {"qwen3", q4_k, q6_k, 16, 8, 768, 512, 3, 0, Activation::silu, false},
        {"deepseek", q4_k, q5_0, 8, 6, 352, 512, 2, 704 - 192, Activation::silu, false},
        {"deepseek", q4_k, q8_0, 8, 6, 352, 512, 8, 768, Activation::silu, false, q6_k},
        {"gpt-oss", mxfp4, mxfp4, 12, 4, 288, 288, 2, 0, Activation::clamped_swish, true},
        {"gpt-oss", mxfp4, mxfp4, 12, 4, 288, 288, 100, 0, Activation::clamped_swish, true},
        {"many rows", q4_k, q6_k, 16, 8, 768, 512, 75, 0, Activation::silu, false},
        {"many rows", q5_k, q5_0, 5, 2, 160, 256, 301, 0, Activation::gelu_tanh, false},
        {"f16", f16, f16, 8, 2, 48, 64, 3, 0, Activation::silu, false},
        {"f16", f16, f16, 8, 2, 48, 64, 70, 0, Activation::silu, true},
        {"f32", f32, f32, 3, 2, 40, 24, 9, 0, Activation::silu, false},
        {"bf16", bf16, bf16, 4, 3, 40, 72, 2, 0, Activation::gelu, true},
        {"iq4", iq4_xs, iq4_nl, 6, 3, 256, 256, 11, 0, Activation::silu, false},
        {"iq2", iq2_xs, iq3_s, 6, 3, 256, 512, 4, 0, Activation::silu, false},
    };
    for (const ExpertCase& c : cases) {
        if (small && (c.rows > 80 || c.columns > 1024)) continue;
        const int n = c.columns, w = c.width, experts = c.experts, used = c.used, pairs = c.rows * used;
        CheckMatrix gate = expert_matrix(c.inner, std::int64_t{experts} * w, n, random, pool),
                    up = expert_matrix(c.inner, std::int64_t{experts} * w, n, random, pool),
                    down = expert_matrix(c.down, std::int64_t{experts} * n, w, random, pool);
        const int sw = c.shared_width;
        CheckMatrix sgate, sup, sdown;
        if (sw > 0) {
            sgate = expert_matrix(c.inner, sw, n, random, pool);
            sup = expert_matrix(c.inner, sw, n, random, pool);
            sdown = expert_matrix(c.shared_down, n, sw, random, pool);
        }
        double power = 0;
        for (float v : gate.values) power += static_cast<double>(v) * v;
        const float scale = static_cast<float>(1 / std::sqrt(power / static_cast<double>(experts * w)));
        std::vector<float> x(size(c.rows * n)), before(x), gate_bias(size(experts * w)), up_bias(gate_bias),
            down_bias(size(experts * n)), shares(size(pairs)), shared(size(c.rows));
        for (float& v : x) v = half_to_float(float_to_half(scale * normal(random)));
        for (float& v : before) v = normal(random);
        for (auto* biases : {&gate_bias, &up_bias, &down_bias})
            for (float& v : *biases) v = c.biases ? normal(random) : 0;
        for (float& v : shares) v = 0.1f + 0.01f * static_cast<float>(random() % 90);
        for (float& v : shared) v = 0.5f + 0.01f * static_cast<float>(random() % 50);
        std::vector<int> ids(size(pairs));
        std::vector<int> all(size(experts));
        for (int row = 0; row < c.rows; ++row) {
            for (int e = 0; e < experts; ++e) all[size(e)] = e;
            std::ranges::shuffle(all, random);
            for (int k = 0; k < used; ++k) ids[size(row * used + k)] = all[size(k)];
            if (row % 5 == 2 || (c.rows == 1 && used == 3))
                ids[size(row * used + used - 1)] = -1, shares[size(row * used + used - 1)] = 0;
        }
        // In double.
        std::vector<double> want(before.begin(), before.end());
        constexpr float kAlpha = 0.5f;
        const auto network = [&](const CheckMatrix& g, const CheckMatrix& u, const CheckMatrix& d, int width,
                                 std::int64_t first, std::int64_t first_out, const float* row, double share,
                                 double* to, int expert) {
            std::vector<float> gates(size(width)), ups(size(width)), inner(size(width));
            for (int i = 0; i < width; ++i) {
                double a = expert >= 0 ? gate_bias[size(first + i)] : 0,
                       b = expert >= 0 ? up_bias[size(first + i)] : 0;
                for (int j = 0; j < n; ++j) {
                    a += static_cast<double>(g.values[size((first + i) * n + j)]) * row[j];
                    b += static_cast<double>(u.values[size((first + i) * n + j)]) * row[j];
                }
                gates[size(i)] = static_cast<float>(a);
                ups[size(i)] = static_cast<float>(b);
            }
            gated_activation_reference(c.activation, gates, ups, inner);
            for (int o = 0; o < n; ++o) {
                double sum = expert >= 0 ? down_bias[size(first_out + o)] : 0;
                for (int i = 0; i < width; ++i)
                    sum += static_cast<double>(d.values[size((first_out + o) * width + i)]) * inner[size(i)];
                to[o] += kAlpha * share * sum;
            }
        };
        for (int row = 0; row < c.rows; ++row) {
            for (int k = 0; k < used; ++k) {
                const int id = ids[size(row * used + k)];
                if (id >= 0)
                    network(gate, up, down, w, std::int64_t{id} * w, std::int64_t{id} * n, x.data() + row * n,
                            shares[size(row * used + k)], want.data() + row * n, id);
            }
            if (sw > 0)
                network(sgate, sup, sdown, sw, 0, 0, x.data() + row * n, shared[size(row)],
                        want.data() + row * n, -1);
        }
        for (std::size_t i = 0; i < want.size(); ++i) want[i] -= before[i];
        // On the device.
        const auto ids_at = uploaded(ids);
        const auto shares_at = uploaded(shares), shared_at = uploaded(shared), x_at = uploaded(x),
                   gate_bias_at = uploaded(gate_bias), up_bias_at = uploaded(up_bias),
                   down_bias_at = uploaded(down_bias);
        const cuda::Chosen chosen{ids_at.as<int>(), shares_at.as<float>(), shared_at.as<float>()};
        cuda::ExpertsView view;
        view.gate = gate.view;
        view.up = up.view;
        view.down = down.view;
        if (c.biases) {
            view.gate_bias = gate_bias_at.as<float>();
            view.up_bias = up_bias_at.as<float>();
            view.down_bias = down_bias_at.as<float>();
        }
        view.experts = experts;
        view.used = used;
        view.width = w;
        view.columns = n;
        view.activation = static_cast<int>(c.activation);
        view.shared_gate = sgate.view;
        view.shared_up = sup.view;
        view.shared_down = sdown.view;
        view.shared_width = sw;
        const auto judge = [&](const char* way, const cuda::DeviceBuffer& out, double limit) {
            const auto status = cudaDeviceSynchronize();
            std::vector<double> got;
            const auto values = downloaded<float>(out);
            for (std::size_t i = 0; i < values.size(); ++i)
                got.push_back(values[i] - static_cast<double>(before[i]));
            const double error = error_of(want, got);
            std::printf("experts %-10s %-6s %-6s rows %3d %-7s NMSE %.1e %s\n", c.name,
                        std::string(to_string(c.inner)).c_str(), std::string(to_string(c.down)).c_str(),
                        c.rows, way, error, status == cudaSuccess ? "" : cudaGetErrorString(status));
            if (error <= limit) return;
            good = false;
            std::printf("FAILED: experts %s %s\n", c.name, way);
        };
        if (c.rows <= cuda::kGemvRows) {
            if (!cuda::few_experts_serve(view)) {
                good = false;
                std::printf("FAILED: few experts refuse %s\n", c.name);
                continue;
            }
            const auto inner = uploaded(std::vector<float>(size(c.rows * (used * w + sw)), kPoison));
            const auto out_at = uploaded(before);
            cuda::ExpertsOut out;
            out.x = out_at.as<float>();
            out.alpha = kAlpha;
            cuda::few_experts(nullptr, view, chosen, x_at.as<float>(), inner.as<void>(), c.rows, out);
            // Codes of two and three bits, their few gates far below zero: pinned below.
            const bool coarse = c.inner == q2_k || c.inner == q3_k;
            judge("few", out_at, coarse ? 1e-2 : view.gate.quantised() ? 1e-3 : 1e-9);
            if (c.rows == 1 && cuda::one_row_serves(view)) {
                // The kernels for more rows round alike, so they agree far more closely.
                const auto twice = [](auto values) {
                    const auto once = values;
                    values.insert(values.end(), once.begin(), once.end());
                    return uploaded(values);
                };
                const auto ids_two = twice(ids), shares_two = twice(shares), shared_two = twice(shared),
                           x_two = twice(x), out_two = twice(before);
                const auto inner_two = uploaded(std::vector<float>(size(2 * (used * w + sw)), kPoison));
                const auto out_one = uploaded(before);
                out.x = out_one.as<float>();
                cuda::one_row_experts(nullptr, view, chosen, x_at.as<float>(), inner.as<void>(), out);
                out.x = out_two.as<float>();
                cuda::few_experts(nullptr, view,
                                  {ids_two.as<int>(), shares_two.as<float>(), shared_two.as<float>()},
                                  x_two.as<float>(), inner_two.as<void>(), 2, out);
                const auto one = downloaded<float>(out_one), two = downloaded<float>(out_two);
                std::vector<double> a, b;
                for (std::size_t i = 0; i < before.size(); ++i) {
                    a.push_back(two[i] - static_cast<double>(before[i]));
                    b.push_back(one[i] - static_cast<double>(before[i]));
                }
                const double apart = error_of(a, b);
                std::printf("experts %-10s one row as streams, against two rows: NMSE %.1e\n", c.name, apart);
                if (!(apart <= 1e-6)) {
                    good = false;
                    std::printf("FAILED: experts %s against two rows\n", c.name);
                }
            } else if (c.rows == 1) {
                good = false;
                std::printf("FAILED: one row of experts is not streamed: %s\n", c.name);
            }
        }
        if (sw > 0) continue;
        std::vector<std::uint16_t> halves;
        for (float v : x) halves.push_back(float_to_half(v));
        const auto halves_at = uploaded(halves);
        const int tiles = cuda::most_tiles(experts, pairs);
        const auto rows_at = uploaded(std::vector<int>(size(pairs), 1 << 30)),
                   places = uploaded(std::vector<int>(size(pairs), 1 << 30)),
                   tiles_at = uploaded(std::vector<int>(size(4 * tiles), 1 << 30)),
                   tile_count = uploaded(std::vector<int>(1, 1 << 30));
        const cuda::SortedPairs sorted{rows_at.as<int>(), places.as<int>(), tiles_at.as<int4>(),
                                       tile_count.as<int>()};
        const auto wide = uploaded(std::vector<float>(size(pairs * std::max(2 * w, n)), kPoison));
        const auto inners = uploaded(std::vector<std::uint16_t>(size(pairs * w), 0x7fff));
        const auto out_at = uploaded(before);
        cuda::sort_pairs(nullptr, chosen, c.rows, used, experts, sorted);
        cuda::GroupedJob job;
        job.matrices[0] = view.gate;
        job.matrices[1] = view.up;
        job.biases[0] = view.gate_bias;
        job.biases[1] = view.up_bias;
        job.count = 2;
        job.out_rows = w;
        job.input = halves_at.as<void>();
        job.input_stride = n;
        job.input_rows = sorted.rows;
        job.tiles = sorted.tiles;
        job.tile_count = sorted.tile_count;
        job.most_tiles = tiles;
        job.out = wide.as<void>();
        job.out_stride = 2 * w;
        cuda::grouped_linear(nullptr, job);
        cuda::activate_pairs(nullptr, view.activation, wide.as<float>(), w, tiles, sorted, inners.as<void>());
        job.matrices[0] = view.down;
        job.biases[0] = view.down_bias;
        job.count = 1;
        job.out_rows = n;
        job.input = inners.as<void>();
        job.input_stride = w;
        job.input_rows = nullptr;
        job.out_stride = n;
        cuda::grouped_linear(nullptr, job);
        cuda::ExpertsOut out;
        out.x = out_at.as<float>();
        out.alpha = kAlpha;
        cuda::gather_pairs(nullptr, wide.as<float>(), chosen, sorted, used, n, c.rows, out);
        judge("grouped", out_at, 1e-5);
    }
    return good;
}

}  // namespace

bool check_experts(bool small) {
    const bool routes = check_routes(small), networks = check_networks(small);
    return routes && networks;
}

}  // namespace pellucid
