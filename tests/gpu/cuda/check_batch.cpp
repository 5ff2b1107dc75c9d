#include "tests/gpu/cuda/check_batch.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "engine/base/half.h"
#include "gpu/cuda/batch.h"
#include "tests/gpu/cuda/check_matrix.h"

namespace pellucid {
namespace {

constexpr float kPoison = std::numeric_limits<float>::quiet_NaN();

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}

/// Activation rows on the device, and what they are in double.
struct Input {
    std::vector<std::vector<double>> rows;
    cuda::DeviceBuffer halves;
};
Input random_input(std::int64_t rows, std::int64_t columns, float scale, std::mt19937& random) {
    std::normal_distribution<float> normal;
    Input input;
    std::vector<std::uint16_t> halves;
    for (std::int64_t r = 0; r < rows; ++r) {
        input.rows.emplace_back();
        for (std::int64_t i = 0; i < columns; ++i) {
            halves.push_back(float_to_half(normal(random) * scale));
            input.rows.back().push_back(half_to_float(halves.back()));
        }
        for (auto at = halves.end() - columns; at < halves.end(); at += 4) std::swap(at[1], at[2]);
    }
    input.halves = uploaded(halves);
    return input;
}

std::int64_t turned(std::int64_t i) {
    return i % 4 == 1 ? i + 1 : i % 4 == 2 ? i - 1 : i;
}

struct Case {
    TensorType type;
    std::int64_t rows, columns;
    int count;  ///< of activation rows
};

class Checker {
public:
    /// Two matrices with bias and cap, one added to what is there, and both as gate and up.
    void run(const Case& c, cuda::BatchTuning tuning) {
        what_ = std::string(tensor_type_info(c.type)->name) + " " + std::to_string(c.rows) + " x " +
                std::to_string(c.columns) + ", " + std::to_string(c.count) + " rows";
        const CheckMatrix a = random_matrix(c.type, c.rows, c.columns, random_, pool_);
        const CheckMatrix b =
            random_matrix(c.columns % 256 ? c.type : TensorType::q6_k, c.rows, c.columns, random_, pool_);
        double power = 0;
        for (float v : a.values) power += static_cast<double>(v) * v;
        const auto scale = static_cast<float>(1 / std::sqrt(power / static_cast<double>(c.rows)));
        const Input input = random_input(c.count, c.columns, scale, random_);
        std::vector<std::vector<double>> of_a, of_b;
        for (const auto& x : input.rows) {
            of_a.push_back(product(a, x));
            of_b.push_back(product(b, x));
        }
        const std::int64_t stride = 2 * c.rows + 5;
        std::normal_distribution<float> normal;
        std::vector<float> bias(size(c.rows)), before(size(c.count * c.rows));
        for (float& v : bias) v = normal(random_);
        for (float& v : before) v = normal(random_);
        const auto bias_at = uploaded(bias), sums_at = uploaded(before);
        const auto out_at = uploaded(std::vector<float>(size(c.count * stride), kPoison));
        const auto wide_at = uploaded(std::vector<float>(size(c.count * 2 * c.rows), kPoison));
        const auto inner_at = uploaded(std::vector<std::uint16_t>(size(c.count * c.rows), 0x7fff));
        const auto parts_at = uploaded(std::vector<float>(cuda::batch_parts(c.count), kPoison));
        float* const parts = parts_at.as<float>();
        const cuda::LinearJob jobs[2] = {
            {a.view, {out_at.as<float>(), stride}},
            {b.view, {out_at.as<float>() + c.rows, stride, bias_at.as<float>(), false, 1, 30.0f}}};
        cuda::batch_linear(nullptr, jobs, 2, input.halves.as<void>(), c.count, parts, tuning);
        const cuda::LinearJob add{a.view, {sums_at.as<float>(), c.rows, bias_at.as<float>(), true, 0.5f}};
        cuda::batch_linear(nullptr, &add, 1, input.halves.as<void>(), c.count, parts, tuning);
        cuda::batch_gated(nullptr, a.view, a.view, 0, input.halves.as<void>(), c.count, wide_at.as<float>(),
                          parts, inner_at.as<void>(), tuning);
        const auto out = downloaded<float>(out_at), sums = downloaded<float>(sums_at);
        const auto inner = downloaded<std::uint16_t>(inner_at);
        if (const cudaError_t status = cudaDeviceSynchronize(); status != cudaSuccess) {
            good = false;
            std::printf("FAILED: batch %s: %s\n", what_.c_str(), cudaGetErrorString(status));
            return;
        }
        std::vector<double> want, got, added, got_added, gated, got_gated;
        for (int n = 0; n < c.count; ++n)
            for (std::int64_t r = 0; r < c.rows; ++r) {
                const double first = of_a[size(n)][size(r)], second = of_b[size(n)][size(r)] + bias[size(r)];
                want.push_back(first);
                want.push_back(30 * std::tanh(second / 30));
                got.push_back(out[size(n * stride + r)]);
                got.push_back(out[size(n * stride + c.rows + r)]);
                added.push_back(before[size(n * c.rows + r)] + 0.5 * (first + bias[size(r)]));
                got_added.push_back(sums[size(n * c.rows + r)]);
                gated.push_back(std::clamp(first / (1 + std::exp(-first)) * first, -65504.0, 65504.0));
                got_gated.push_back(half_to_float(inner[size(n * c.rows + turned(r))]));
            }
        judge(error_of(want, got), "");
        judge(error_of(added, got_added), " added");
        judge(error_of(gated, got_gated), " gated", 5e-5);  // a gate multiplies its errors
    }
    bool good = true;
    double worst = 0;

private:
    void judge(double error, const char* part, double most = 2e-6) {
        worst = std::max(worst, error);
        if (error <= most) return;
        good = false;
        std::printf("FAILED: batch %s%s: NMSE %.1e\n", what_.c_str(), part, error);
    }
    std::mt19937 random_{31};
    ThreadPool pool_{4};
    std::string what_;
};

}  // namespace

bool check_batch(bool small) {
    Checker checker;
    for (const TensorType type :
         {TensorType::q4_0, TensorType::q4_1, TensorType::q5_0, TensorType::q5_1, TensorType::q8_0,
          TensorType::q2_k, TensorType::q3_k, TensorType::q4_k, TensorType::q5_k, TensorType::q6_k}) {
        const bool by_super = tensor_type_info(type)->block_values == 256;
        checker.run({type, 300, by_super ? 768 : 608, 13}, {});
        if (small) continue;
        checker.run({type, 20, by_super ? 256 : 32, 2}, {});
        checker.run({type, 2600, 512, 8}, {2, 2});
        checker.run({type, 515, 2048, 64}, {});
        checker.run({type, 1028, 1536, 27}, {1, 2});
        checker.run({type, 68, 8960, 5}, {1, 4});
    }
    std::printf("batched products: worst NMSE %.1e\n", checker.worst);
    return checker.good;
}

}  // namespace pellucid
