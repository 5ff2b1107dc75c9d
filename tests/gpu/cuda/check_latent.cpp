#include "tests/gpu/cuda/check_latent.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>
#include <string>

#include "engine/base/half.h"
#include "gpu/cuda/experts.h"
#include "gpu/cuda/latent.h"
#include "tests/gpu/cuda/check_matrix.h"

namespace pellucid {
namespace {

constexpr float kPoison = std::numeric_limits<float>::quiet_NaN();

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}

struct LatentCase {
    int heads, content, turning, rank, value, stored, rows, page_tokens;
    TensorType type;
};

}  // namespace

bool check_latent(bool small) {
    std::mt19937 random(9);
    std::normal_distribution<float> normal;
    ThreadPool pool(4);
    bool good = true;
    using enum TensorType;
    const LatentCase cases[] = {
        {16, 128, 64, 512, 128, 0, 1, 64, q8_0},    {16, 128, 64, 512, 128, 700, 1, 64, q8_0},
        {16, 128, 64, 512, 128, 10000, 1, 64, f16}, {16, 128, 64, 512, 128, 300, 5, 128, q8_0},
        {24, 128, 64, 512, 128, 130, 2, 64, q5_0},  {16, 128, 64, 512, 128, 0, 70, 64, q8_0},
        {16, 128, 64, 512, 128, 190, 33, 64, f16},  {4, 16, 8, 32, 16, 20, 3, 16, f16},
        {4, 16, 8, 32, 16, 20, 12, 16, f16},
    };
    for (const LatentCase& c : cases) {
        if (small && c.stored > 1000) continue;
        const int cached = c.rank + c.turning, dim = c.content + c.turning, length = c.stored + c.rows;
        const int stride = c.heads * dim + cached, pages = (length + c.page_tokens - 1) / c.page_tokens;
        const CheckMatrix key_up =
                              random_matrix(c.type, std::int64_t{c.heads} * c.rank, c.content, random, pool),
                          value_up =
                              random_matrix(c.type, std::int64_t{c.heads} * c.value, c.rank, random, pool);
        double power = 0;
        for (float v : key_up.values) power += static_cast<double>(v) * v;
        const double size_of = std::sqrt(power / static_cast<double>(key_up.values.size()));
        std::vector<float> wide(size(c.rows * stride)), weights(size(c.rank)),
            angles(size(c.rows * c.turning));
        for (int r = 0; r < c.rows; ++r)
            for (int i = 0; i < stride; ++i)
                wide[size(r * stride + i)] =
                    i < c.heads * dim && i % dim < c.content
                        ? static_cast<float>(normal(random) /
                                             (size_of * std::sqrt(static_cast<double>(c.content))))
                        : normal(random);
        for (float& v : weights) v = 1 + 0.1f * normal(random);
        for (std::size_t i = 0; i < angles.size() / 2; ++i) {
            const float angle = normal(random);
            angles[2 * i] = std::cos(angle);
            angles[2 * i + 1] = std::sin(angle);
        }
        std::vector<std::uint16_t> cache(size(pages * c.page_tokens * cached), 0);
        std::vector<int> table(size(pages)), positions(size(c.rows)), sequences(size(c.rows), 0);
        for (int i = 0; i < pages; ++i) table[size(i)] = pages - 1 - i;
        for (int r = 0; r < c.rows; ++r) positions[size(r)] = c.stored + r;
        const auto slot = [&](int position) {
            return size((table[size(position / c.page_tokens)] * c.page_tokens + position % c.page_tokens) *
                        cached);
        };
        for (int p = 0; p < c.stored; ++p)
            for (int i = 0; i < cached; ++i) cache[slot(p) + size(i)] = float_to_half(normal(random));
        const double scale = 1 / std::sqrt(static_cast<double>(dim));
        // In double, from latents as the cache keeps them.
        std::vector<double> keys(size(length * cached));
        for (int p = 0; p < c.stored; ++p)
            for (int i = 0; i < cached; ++i)
                keys[size(p * cached + i)] = half_to_float(cache[slot(p) + size(i)]);
        const auto turn = [&](int row, const float* v, double* to) {
            for (int i = 0; i < c.turning / 2; ++i) {
                const double co = angles[size(row * c.turning + 2 * i)],
                             si = angles[size(row * c.turning + 2 * i + 1)];
                to[2 * i] = v[2 * i] * co - v[2 * i + 1] * si;
                to[2 * i + 1] = v[2 * i] * si + v[2 * i + 1] * co;
            }
        };
        for (int r = 0; r < c.rows; ++r) {
            const float* kv = wide.data() + r * stride + c.heads * dim;
            double squares = 0;
            for (int i = 0; i < c.rank; ++i) squares += static_cast<double>(kv[i]) * kv[i];
            double* to = keys.data() + size((c.stored + r) * cached);
            for (int i = 0; i < c.rank; ++i)
                to[i] = kv[i] / std::sqrt(squares / c.rank + 1e-6) * weights[size(i)];
            turn(r, kv + c.rank, to + c.rank);
            for (int i = 0; i < cached; ++i) to[i] = half_to_float(float_to_half(static_cast<float>(to[i])));
        }
        std::vector<double> want;
        for (int r = 0; r < c.rows; ++r)
            for (int h = 0; h < c.heads; ++h) {
                const float* q = wide.data() + r * stride + h * dim;
                std::vector<double> query(size(cached)), sum(size(c.rank)), score(size(c.stored + r + 1));
                for (int i = 0; i < c.rank; ++i)
                    for (int j = 0; j < c.content; ++j)
                        query[size(i)] +=
                            static_cast<double>(key_up.values[size((h * c.rank + i) * c.content + j)]) * q[j];
                turn(r, q + c.content, query.data() + c.rank);
                double top = -1e30, total = 0;
                for (int p = 0; p <= c.stored + r; ++p) {
                    double dot = 0;
                    for (int i = 0; i < cached; ++i) dot += query[size(i)] * keys[size(p * cached + i)];
                    score[size(p)] = dot * scale;
                    top = std::max(top, score[size(p)]);
                }
                for (double& s : score) total += s = std::exp(s - top);
                for (int p = 0; p <= c.stored + r; ++p)
                    for (int i = 0; i < c.rank; ++i)
                        sum[size(i)] += score[size(p)] / total * keys[size(p * cached + i)];
                for (int i = 0; i < c.value; ++i) {
                    double dot = 0;
                    for (int j = 0; j < c.rank; ++j)
                        dot += sum[size(j)] * value_up.values[size((h * c.value + i) * c.rank + j)];
                    want.push_back(dot);
                }
            }
        const auto wide_at = uploaded(wide), weights_at = uploaded(weights), angles_at = uploaded(angles);
        const auto cache_at = uploaded(cache);
        const auto table_at = uploaded(table), positions_at = uploaded(positions),
                   sequences_at = uploaded(sequences);
        const auto contents =
                       uploaded(std::vector<std::uint16_t>(size(c.rows * c.heads * c.content), 0x7fff)),
                   queries = uploaded(std::vector<std::uint16_t>(size(c.rows * c.heads * cached), 0x7fff)),
                   latents = uploaded(std::vector<std::uint16_t>(size(c.rows * c.heads * c.rank), 0x7fff));
        const auto parts =
            uploaded(std::vector<std::uint16_t>(size(cuda::kMostLatentSplits * c.heads * c.rank), 0x7fff));
        const auto stats = uploaded(std::vector<float>(size(cuda::kMostLatentSplits * c.heads * 2), kPoison));
        cuda::LatentJob job;
        job.heads = c.heads;
        job.content = c.content;
        job.turning = c.turning;
        job.rank = c.rank;
        job.value = c.value;
        job.scale = static_cast<float>(scale);
        job.q = wide_at.as<float>();
        job.kv = wide_at.as<float>() + c.heads * dim;
        job.stride = stride;
        job.latent_norm.weight = weights_at.as<float>();
        job.latent_norm.eps = 1e-6f;
        job.rope.pairs = c.turning / 2;
        job.rope.adjacent = true;
        job.rope.angles = angles_at.as<float>();
        job.key_up = key_up.view;
        job.value_up = value_up.view;
        job.cache = cache_at.as<void>();
        job.contents = contents.as<void>();
        job.queries = queries.as<void>();
        job.latents = latents.as<void>();
        job.parts = parts.as<void>();
        job.stats = stats.as<float>();
        job.splits = cuda::latent_splits(c.heads, c.rows, 132);
        cuda::StepView step;
        step.positions = positions_at.as<int>();
        step.sequences = sequences_at.as<int>();
        step.tables = table_at.as<int>();
        step.table_width = pages;
        step.page_tokens = c.page_tokens;
        const auto judge = [&](const char* way, const cuda::DeviceBuffer& out) {
            const auto status = cudaDeviceSynchronize();
            const auto values = downloaded<float>(out);
            const double error = error_of(want, {values.begin(), values.end()});
            std::printf("latent %2d heads rank %d, %d rows at %d, %-9s NMSE %.1e %s\n", c.heads, c.rank,
                        c.rows, c.stored, way, error,
                        status == cudaSuccess ? "" : cudaGetErrorString(status));
            if (error <= 1e-5) return;
            good = false;
            std::printf("FAILED: latent attention, %s\n", way);
        };
        const bool tiles = cuda::latent_tiles(job, step);
        const auto outs = [&] { return uploaded(std::vector<float>(want.size(), kPoison)); };
        cuda::NormOut to;
        if (c.rows <= cuda::kLatentRows) {
            cuda::absorb_few(nullptr, job, step, c.rows);
            if (tiles) {
                const auto out = outs();
                to.values = out.as<float>();
                cuda::latent_attention_few(nullptr, job, step, c.rows);
                cuda::value_up_few(nullptr, job, step, c.rows, true, to);
                judge("split", out);
            }
            const auto out = outs();
            to.values = out.as<float>();
            cuda::latent_attention_plain(nullptr, job, step, c.rows);
            cuda::value_up_few(nullptr, job, step, c.rows, false, to);
            judge("plain", out);
        }
        cuda::place_latents(nullptr, job, step, c.rows);
        cuda::GroupedJob up;
        up.matrices[0] = job.key_up;
        up.out_rows = c.rank;
        up.input = job.contents;
        up.input_stride = c.heads * c.content;
        up.input_step = c.content;
        up.groups = c.heads;
        up.rows = c.rows;
        up.out = job.queries;
        up.out_stride = c.heads * cached;
        up.out_step = cached;
        up.halves = true;
        cuda::grouped_linear(nullptr, up);
        if (tiles)
            cuda::latent_attention_many(nullptr, job, step, c.rows);
        else
            cuda::latent_attention_plain(nullptr, job, step, c.rows);
        const auto out = outs();
        up.matrices[0] = job.value_up;
        up.out_rows = c.value;
        up.input = job.latents;
        up.input_stride = c.heads * c.rank;
        up.input_step = c.rank;
        up.out = out.as<void>();
        up.out_stride = c.heads * c.value;
        up.out_step = c.value;
        up.halves = false;
        cuda::grouped_linear(nullptr, up);
        judge("many", out);
    }
    return good;
}

}  // namespace pellucid
