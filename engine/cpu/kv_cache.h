// What a runner keeps of the past, in physical pages. Attention: keys transposed, so that its kernels score a
// vector of positions at a time, and values. Latent attention and convolutions: one row a position.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/base/aligned_buffer.h"
#include "engine/cpu/kernels.h"

namespace pellucid::cpu {

class KvCache {
public:
    /// PRECONDITION: options.kv_format is f16 or f32. out_of_memory.
    static Result<KvCache> make(const ModelSpec& spec, const RunnerOptions& options);
    static std::uint64_t bytes_needed(const ModelSpec& spec, const RunnerOptions& options);

    /// Stores one position of one layer. k, v: f32 [kv_heads, head_dim].
    void store(const Kernels& kernels, int layer, PageId page, int slot, const float* k, const float* v);
    /// The same for a layer that keeps rows: f32 [key_width].
    void store_row(const Kernels& kernels, int layer, PageId page, int slot, const float* row);
    /// A page's rows [page_tokens, key_width], as f16 or f32.
    const std::byte* rows(int layer, PageId page) const;
    bool half() const { return half_; }
    void copy(const PageCopy& copy);
    /// Fills in where a layer's and head's pages lie.
    void locate(int layer, int kv_head, AttentionTile& tile) const;

private:
    KvCache() = default;
    struct LayerPlace {
        std::uint64_t offset = 0;                      // of physical page 0
        std::uint64_t page_bytes = 0;                  // all heads, keys and values
        std::uint64_t key_bytes = 0, value_bytes = 0;  // of one head in one page
        CacheShape shape;
    };
    static std::vector<LayerPlace> places(const ModelSpec& spec, const RunnerOptions& options,
                                          std::uint64_t& total);

    AlignedBuffer data_;
    std::vector<LayerPlace> layers_;
    int page_tokens_ = 0, page_stride_ = 0;
    bool half_ = true;
};

}  // namespace pellucid::cpu
