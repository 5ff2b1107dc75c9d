// What a runner keeps of the past, in physical pages. Attention: keys transposed, so that its kernels score a
// vector of positions at a time, and values. Latent attention and convolutions: one row a position. The
// formats with scales keep the bytes of kv_encode() so: those of a key transposed, those of a value or row as
// they are, scales behind the codes in the same order. Keys in a basis (kv_basis.h) keep those of
// kv_encode_tiers() transposed, in the same room.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/backend/backend.h"
#include "engine/base/aligned_buffer.h"
#include "engine/cpu/kernels.h"

namespace pellucid::cpu {

/// y [count, width] = matrix [width, width] times each of x [count, width].
void multiply(const Kernels& kernels, const float* matrix, int width, const float* x, int count, float* y);

class KvCache {
public:
    /// out_of_memory.
    static Result<KvCache> make(const ModelSpec& spec, const RunnerOptions& options);
    static std::uint64_t bytes_needed(const ModelSpec& spec, const RunnerOptions& options);

    /// A layer's keys, values and latent rows lie rotated (kv_rotate() of each vector): queries must be
    /// rotated before, and what was mixed of the values turned back.
    bool rotated(int layer) const;
    /// Keys of this head lie in a basis of their own: queries must be put into it instead. Null: they do not.
    const KvBasis* basis(int layer, int kv_head) const;
    /// Stores one position of one layer. k, v: f32 [kv_heads, head_dim], rotated in place where the layer is.
    void store(const Kernels& kernels, int layer, PageId page, int slot, float* k, float* v);
    /// The same for a layer that keeps rows: f32 [key_width].
    void store_row(const Kernels& kernels, int layer, PageId page, int slot, float* row);
    /// Rows [first, first + n) of a page to out [n, key_width] f32, still rotated.
    void read_rows(const Kernels& kernels, int layer, PageId page, int first, int n, float* out) const;
    void copy(const PageCopy& copy);
    /// Fills in where a layer's and head's pages lie.
    void locate(int layer, int kv_head, AttentionTile& tile) const;

private:
    KvCache() = default;
    /// Vectors of one kind (keys, or values and rows) of one head in one page.
    struct Part {
        int width = 0, split = 0;
        int codes = 0, scales = 0;       // bytes of a vector's codes, number of its scales
        std::uint64_t scale_offset = 0;  // of the scales behind the codes
        std::uint64_t bytes = 0;         // all
    };
    struct LayerPlace {
        std::uint64_t offset = 0;      // of physical page 0
        std::uint64_t page_bytes = 0;  // all heads, keys and values
        KvFormat format = KvFormat::f16;
        CacheShape shape;
        Part keys, values;  // a layer of rows has them as values
    };
    static Part part_of(KvFormat format, int width, int split, int positions);
    static std::vector<LayerPlace> places(const ModelSpec& spec, const RunnerOptions& options,
                                          std::uint64_t& total);
    static std::uint64_t page_offset(const LayerPlace& place, PageId page);
    void store_key(const Kernels& kernels, const LayerPlace& place, std::byte* to, int slot, float* k) const;
    void store_in_tiers(const Kernels& kernels, const KvBasis& basis, std::byte* to, int slot,
                        const float* k) const;
    static void store_value(const Kernels& kernels, const LayerPlace& place, std::byte* to, int slot,
                            float* v);

    AlignedBuffer data_;
    std::vector<LayerPlace> layers_;
    std::shared_ptr<const KvBases> bases_;
    int page_tokens_ = 0, page_stride_ = 0;
};

}  // namespace pellucid::cpu
