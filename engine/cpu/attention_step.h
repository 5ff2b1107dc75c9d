// Attention of a whole step: cut into tiles of queries (and, for few long queries, runs of pages) and shared
// out.
#pragma once

#include <span>
#include <vector>

#include "engine/base/thread_pool.h"
#include "engine/cpu/kernels.h"
#include "engine/cpu/kv_cache.h"

namespace pellucid::cpu {

class AttentionStep {
public:
    AttentionStep(const ModelSpec& spec, const RunnerOptions& options, int workers);
    static std::uint64_t bytes_needed(const ModelSpec& spec, const RunnerOptions& options, int workers);

    /// q: f32 [rows, q_stride], the heads of a row first, already scaled; out: f32 [rows, heads * head_dim].
    /// The step's keys and values are in the cache. sinks: [heads] or null.
    void run(ThreadPool& pool, const Kernels& kernels, const KvCache& cache, const Batch& batch, int layer,
             const Attention& attention, const float* sinks, const float* q, std::int64_t q_stride,
             float* out);

private:
    /// One piece of work: queries of one KV head over a run of pages.
    struct Piece {
        int sequence, row, rows, kv_head, first_head, heads;
        int begin_page, end_page;
        int partial;  ///< index of its place in partials_, -1: the only piece of its queries
    };
    void plan(const Batch& batch, const Attention& attention, int workers);
    void merge(const Attention& attention, const float* sinks, float* out);

    int page_tokens_;
    std::vector<Piece> pieces_;
    std::vector<float> scratch_;  // of each worker: scores [kQueries, page_stride], scales of a page
    std::int64_t scratch_of_worker_;
    std::vector<float> partials_;  // [piece, kQueries, head_dim + 2]: values, max, sum
};

}  // namespace pellucid::cpu
