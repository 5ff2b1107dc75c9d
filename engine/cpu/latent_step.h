// Latent attention of a step in the absorbed form (arXiv 2405.04434, section 2.1.2): all heads of a row score
// the same cached latents, so a page of them is a matrix that many queries read.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/thread_pool.h"
#include "engine/cpu/kernels.h"
#include "engine/cpu/kv_cache.h"
#include "engine/cpu/step_scratch.h"

namespace pellucid::cpu {

class LatentStep {
public:
    LatentStep(const ModelSpec& spec, const RunnerOptions& options, int workers);
    static std::uint64_t bytes_needed(const ModelSpec& spec, const RunnerOptions& options, int workers);

    /// Rows [first, first + count) of the batch. queries: f32 [count, heads, cached()], already scaled; out:
    /// f32 [heads, count, rank]. The step's latents are in the cache.
    void run(ThreadPool& pool, const Kernels& kernels, const KvCache& cache, const Batch& batch, int layer,
             const LatentAttention& latent, int first, int count, const float* queries, float* out);

private:
    /// Some heads of one row over a run of pages. Its partial: [heads, rank + 2], sums, then top and total.
    struct Piece {
        int row, first_head, heads, begin_page, end_page;
        std::int64_t partial;
    };
    void plan(const Batch& batch, const LatentAttention& latent, int first, int count, int workers);
    void run_piece(const Kernels& kernels, const KvCache& cache, const Batch& batch, int layer,
                   const LatentAttention& latent, const Piece& piece, const float* queries, float* scratch);
    void merge(const LatentAttention& latent, int count, float* out) const;

    int page_tokens_;
    std::vector<Piece> pieces_;
    std::vector<float> partials_, scratch_;
    std::int64_t scratch_of_worker_;
};

}  // namespace pellucid::cpu
