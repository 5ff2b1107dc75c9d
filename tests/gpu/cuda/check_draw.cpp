#include "tests/gpu/cuda/check_draw.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/sampling/sampler.h"
#include "gpu/cuda/kernels.h"
#include "tests/gpu/cuda/check_matrix.h"

namespace pellucid {
namespace {

enum class Kind { normal, peaked, flat, ties, holes };

std::vector<float> random_logits(Kind kind, int vocabulary, std::mt19937& random) {
    std::normal_distribution<float> normal;
    std::vector<float> logits(static_cast<std::size_t>(vocabulary));
    for (float& v : logits) {
        v = normal(random) * (kind == Kind::peaked ? 6.0f : kind == Kind::flat ? 0.01f : 2.0f);
        if (kind == Kind::ties) v = std::round(v);
        if (kind == Kind::holes && random() % 3 == 0) v = -INFINITY;
    }
    return logits;
}

}  // namespace

bool check_draw(bool small) {
    std::mt19937 random(5);
    int compared = 0, differing = 0, worst_error = 0;
    bool good = true;
    struct Filters {
        int top_k;
        float top_p, min_p;
    };
    const Filters all_filters[] = {{0, 1, 0},         {1, 1, 0},          {40, 1, 0},   {0, 0.9f, 0},
                                   {0, 1, 0.05f},     {40, 0.95f, 0.05f}, {7, 0.5f, 0}, {1000, 0.8f, 0.1f},
                                   {0, 0.99f, 0.01f}, {3, 1, 0.9f}};
    for (const int vocabulary : {50, 4096, 49152, 152064, 262144}) {
        if (small && vocabulary != 4096) continue;
        for (const Kind kind : {Kind::normal, Kind::peaked, Kind::flat, Kind::ties, Kind::holes})
            for (const Filters& filters : all_filters) {
                if (small && (kind != Kind::ties || (filters.top_k != 40 && filters.top_k != 7))) continue;
                constexpr int kRows = 5;
                std::vector<float> logits;
                std::vector<cuda::DrawSpec> specs;
                std::vector<int> at, positions;
                for (int r = 0; r < kRows; ++r) {
                    const auto row = random_logits(kind, vocabulary, random);
                    logits.insert(logits.end(), row.begin(), row.end());
                    const float temperature = r == 0 ? 0.0f : 0.4f * static_cast<float>(r);
                    specs.push_back({temperature, filters.top_k, filters.top_p, filters.min_p,
                                     static_cast<unsigned>(random()), static_cast<unsigned>(random())});
                    at.push_back(kRows - 1 - r);  // rows of the step and of the logits differ
                    positions.push_back(static_cast<int>(random() % 100000));
                }
                const auto logits_at = uploaded(logits), specs_at = uploaded(specs), rows_at = uploaded(at),
                           positions_at = uploaded(positions), ids_at = uploaded(std::vector<int>(kRows, -1));
                const auto choices_at = uploaded(std::vector<cuda::Choice>(kRows, {-1, 0, 0}));
                cuda::choose_drawn(nullptr, logits_at.as<float>(), vocabulary, kRows, rows_at.as<int>(),
                                   positions_at.as<int>(), specs_at.as<cuda::DrawSpec>(),
                                   choices_at.as<cuda::Choice>(), ids_at.as<int>());
                const auto choices = downloaded<cuda::Choice>(choices_at);
                const auto ids = downloaded<int>(ids_at);
                if (const cudaError_t status = cudaDeviceSynchronize(); status != cudaSuccess) {
                    std::printf("FAILED: draw from %d: %s\n", vocabulary, cudaGetErrorString(status));
                    return false;
                }
                for (int r = 0; r < kRows; ++r) {
                    const auto row = static_cast<std::size_t>(r), place = static_cast<std::size_t>(at[row]);
                    SamplingSpec spec;
                    spec.temperature = specs[row].temperature;
                    spec.top_k = filters.top_k;
                    spec.top_p = filters.top_p;
                    spec.min_p = filters.min_p;
                    spec.seed = specs[row].seed_low | std::uint64_t{specs[row].seed_high} << 32;
                    const auto sampler = Sampler::make(spec, nullptr);
                    const auto wanted = (*sampler)->sample(
                        std::span(logits).subspan(row * static_cast<std::size_t>(vocabulary),
                                                  static_cast<std::size_t>(vocabulary)),
                        {}, static_cast<std::uint64_t>(positions[place]) + 1);
                    ++compared;
                    if (wanted->id != choices[place].id || wanted->id != ids[place]) {
                        ++differing;
                        std::printf(
                            "draw: vocabulary %d kind %d top-k %d top-p %g min-p %g temperature %g: "
                            "%d, the host %d\n",
                            vocabulary, static_cast<int>(kind), filters.top_k,
                            static_cast<double>(filters.top_p), static_cast<double>(filters.min_p),
                            static_cast<double>(spec.temperature), choices[place].id, wanted->id);
                    } else if (!(std::abs(wanted->logprob - choices[place].logprob) < 1e-3f &&
                                 std::abs(wanted->entropy - choices[place].entropy) < 1e-3f)) {
                        ++worst_error;
                    }
                }
            }
    }
    std::printf("draws: %d compared with the host's sampler, %d differ; %d with other log-probabilities\n",
                compared, differing, worst_error);
    good = differing == 0 && worst_error == 0;
    return good;
}

}  // namespace pellucid
