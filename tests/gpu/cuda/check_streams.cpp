#include "tests/gpu/cuda/check_streams.h"

#include <cmath>
#include <cstdio>
#include <limits>
#include <random>

#include "engine/base/half.h"
#include "gpu/cuda/stream.h"
#include "tests/gpu/cuda/check_matrix.h"

namespace pellucid {
namespace {

constexpr float kPoison = std::numeric_limits<float>::quiet_NaN();

}  // namespace

bool check_streams(bool small) {
    std::mt19937 random(21);
    std::normal_distribution<float> normal;
    ThreadPool pool(4);
    double worst[2] = {};  // of 8 bits, of 16
    bool good = true;
    const auto judge = [&](double error, const std::string& what, bool fine) {
        worst[fine] = std::max(worst[fine], error);
        // Gated outputs leave in f16: 1e-7. Rounded to 8 bits, few gates far below zero may hold most of the
        // error: what the kernel does is pinned by the 16 bits.
        const bool gated = what.ends_with("gated");
        if (error <= (fine ? 1e-6 : gated ? 5e-3 : 1e-3)) return;
        good = false;
        std::printf("FAILED: stream %s: NMSE %.1e\n", what.c_str(), error);
    };
    struct Shape {
        std::int64_t rows, columns;
    };
    for (const TensorType type :
         {TensorType::q4_0, TensorType::q4_1, TensorType::q5_0, TensorType::q5_1, TensorType::q8_0,
          TensorType::q2_k, TensorType::q3_k, TensorType::q4_k, TensorType::q5_k, TensorType::q6_k})
        for (const auto& [rows, columns] :
             {Shape{20, 256}, Shape{72, 768}, Shape{1028, 1536}, Shape{300, 8960}, Shape{68, 18944}}) {
            if (small && rows != 72) continue;
            const std::string shape = std::string(tensor_type_info(type)->name) + " " + std::to_string(rows) +
                                      " x " + std::to_string(columns);
            CheckMatrix a = random_matrix(type, rows, columns, random, pool);
            CheckMatrix b = random_matrix(rows % 8 ? TensorType::q6_k : type, rows, columns, random, pool);
            CheckMatrix up = random_matrix(type, rows, columns, random, pool);
            double power = 0;
            for (float v : a.values) power += static_cast<double>(v) * v;
            // Outputs about 1: a gate's range is small.
            const float size = static_cast<float>(1 / std::sqrt(power / static_cast<double>(rows)));
            for (const bool fine : {false, true}) {
                const std::string what = shape + (fine ? " fine" : "");
                a.view.fine = b.view.fine = up.view.fine = fine;
                if (!cuda::streams(a.view) || !cuda::streams(b.view)) {
                    judge(1, what + " is not served", fine);
                    continue;
                }
                const std::size_t n = static_cast<std::size_t>(columns);
                std::vector<float> x(n), weights(n), bias(static_cast<std::size_t>(rows)), before(bias);
                std::vector<std::uint16_t> halves(n);
                std::vector<double> normed(n), rounded(n);
                double squares = 0;
                for (std::size_t i = 0; i < n; ++i) {
                    x[i] = normal(random);
                    weights[i] = (1 + 0.2f * normal(random)) * size;
                    halves[i] = float_to_half(x[i] * size);
                    rounded[i] = half_to_float(halves[i]);
                    squares += static_cast<double>(x[i]) * x[i];
                }
                for (std::size_t i = 0; i < n; ++i)
                    normed[i] = x[i] * weights[i] / std::sqrt(squares / static_cast<double>(n) + 1e-5);
                for (std::size_t r = 0; r < bias.size(); ++r)
                    bias[r] = normal(random), before[r] = normal(random);
                const auto x_at = uploaded(x), weights_at = uploaded(weights), halves_at = uploaded(halves),
                           bias_at = uploaded(bias), sums_at = uploaded(before);
                const auto out_at = uploaded(std::vector<float>(static_cast<std::size_t>(2 * rows), kPoison));
                const auto inner_at =
                    uploaded(std::vector<std::uint16_t>(static_cast<std::size_t>(rows), 0x7fff));
                cuda::NormView norm;
                norm.weight = weights_at.as<float>();
                norm.eps = 1e-5f;
                const cuda::StreamInput with_norm{x_at.as<float>(), norm, nullptr};
                cuda::StreamInput without;
                without.halves = halves_at.as<void>();
                // Two matrices, the second with a bias, over a normed vector.
                const cuda::LinearJob jobs[2] = {
                    {a.view, {out_at.as<float>()}},
                    {b.view, {out_at.as<float>() + rows, 0, bias_at.as<float>(), false, 1, 30.0f}}};
                cuda::stream_linear(nullptr, jobs, 2, with_norm);
                // One added to what is there.
                const cuda::LinearJob add{a.view, {sums_at.as<float>(), 0, bias_at.as<float>(), true, 0.5f}};
                cuda::stream_linear(nullptr, &add, 1, without);
                cuda::stream_gated(nullptr, a.view, up.view, 0, static_cast<int>(rows), 0, with_norm,
                                   inner_at.as<void>());
                std::vector<float> out(static_cast<std::size_t>(2 * rows)),
                    sums(static_cast<std::size_t>(rows));
                std::vector<std::uint16_t> inner(static_cast<std::size_t>(rows));
                cudaMemcpy(out.data(), out_at.as<void>(), out.size() * 4, cudaMemcpyDeviceToHost);
                cudaMemcpy(sums.data(), sums_at.as<void>(), sums.size() * 4, cudaMemcpyDeviceToHost);
                cudaMemcpy(inner.data(), inner_at.as<void>(), inner.size() * 2, cudaMemcpyDeviceToHost);
                if (const cudaError_t status = cudaDeviceSynchronize(); status != cudaSuccess) {
                    std::printf("FAILED: stream %s: %s\n", what.c_str(), cudaGetErrorString(status));
                    return false;
                }
                std::vector<double> want = product(a, normed), second = product(b, normed);
                for (std::size_t r = 0; r < second.size(); ++r)
                    want.push_back(30.0 * std::tanh((second[r] + bias[r]) / 30.0));
                judge(error_of(want, {out.begin(), out.end()}), what, fine);
                std::vector<double> added = product(a, rounded);
                for (std::size_t r = 0; r < added.size(); ++r)
                    added[r] = before[r] + 0.5 * (added[r] + bias[r]);
                judge(error_of(added, {sums.begin(), sums.end()}), what + " added", fine);
                const std::vector<double> gates = product(a, normed), ups = product(up, normed);
                std::vector<double> gated(gates.size()), got;
                for (std::size_t r = 0; r < gates.size(); ++r) {
                    gated[r] =
                        std::min(65504.0, std::max(-65504.0, gates[r] / (1 + std::exp(-gates[r])) * ups[r]));
                    got.push_back(half_to_float(inner[r]));
                }
                judge(error_of(gated, got), what + " gated", fine);
            }
        }
    std::printf("streams: worst NMSE %.1e, with activations of 16 bits %.1e\n", worst[0], worst[1]);
    return good;
}

}  // namespace pellucid
