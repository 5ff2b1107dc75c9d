#include "engine/cpu/packed_matrix.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string>

#include "engine/base/half.h"
#include "engine/quant/unpack.h"

namespace pellucid::cpu {

namespace {

/// Byte offset and shift of the `bits`-wide field of (vector k, row r, column i) in a plane of such fields.
struct Place {
    int byte, shift;
};
constexpr Place place(int bits, int k, int lane) {
    const int vectors = bits == 8 ? 8 : bits;  // of the plane: 8, 4, 2 or 1
    return {k % vectors * 64 + lane, bits * (k / vectors)};
}

/// The planes of a code: width and first bit.
struct Planes {
    int wide, narrow;  // bits; narrow 0: none
};
constexpr Planes planes(int bits) {
    switch (bits) {
        case 3:
            return {2, 1};
        case 5:
            return {4, 1};
        case 6:
            return {4, 2};
        default:
            return {bits, 0};
    }
}

/// The eight vectors of a block of 16 rows, one code a byte, into its planes. Plain loops over 64 lanes,
/// which the compiler turns into vector code: packing is most of the time that loading a model takes.
template <int kBits>
void put_codes(const std::uint8_t v[8][64], std::uint8_t* block) {
    constexpr Planes kPlanes = planes(kBits);
    const auto put_plane = [&]<int kWidth, int kShift>(std::uint8_t* plane) {
        constexpr int kVectors = kWidth == 8 ? 8 : kWidth;
        for (int j = 0; j < kVectors; ++j)
            for (int lane = 0; lane < 64; ++lane) {
                unsigned packed = 0;
                for (int k = j; k < 8; k += kVectors)
                    packed |= ((static_cast<unsigned>(v[k][lane]) >> kShift) & ((1u << kWidth) - 1))
                              << place(kWidth, k, 0).shift;
                plane[64 * j + lane] = static_cast<std::uint8_t>(packed);
            }
    };
    put_plane.template operator()<kPlanes.wide, 0>(block);
    if constexpr (kPlanes.narrow != 0)
        put_plane.template operator()<kPlanes.narrow, kPlanes.wide>(block + kPlanes.wide * 64);
}

void put_codes(int bits, const std::uint8_t v[8][64], std::uint8_t* block) {
    switch (bits) {
        case 2:
            return put_codes<2>(v, block);
        case 3:
            return put_codes<3>(v, block);
        case 4:
            return put_codes<4>(v, block);
        case 5:
            return put_codes<5>(v, block);
        case 6:
            return put_codes<6>(v, block);
        case 8:
            return put_codes<8>(v, block);
        default:
            assert(false);
    }
}

int get_code(int bits, const std::uint8_t* block, int row, int column) {
    const Planes split = planes(bits);
    const int lane = 4 * row + column % 4;
    const Place wide = place(split.wide, column / 4, lane);
    int code = (block[wide.byte] >> wide.shift) & ((1 << split.wide) - 1);
    if (split.narrow != 0) {
        const Place narrow = place(split.narrow, column / 4, lane);
        code |= ((block[split.wide * 64 + narrow.byte] >> narrow.shift) & ((1 << split.narrow) - 1))
                << split.wide;
    }
    return code;
}

void put_half(std::uint8_t* at, int row, Half value) {
    std::memcpy(at + 2 * row, &value, 2);
}
float get_half(const std::uint8_t* at, int row) {
    Half value = 0;
    std::memcpy(&value, at + 2 * row, 2);
    return half_to_float(value);
}

float get_scale(const PackedTraits& traits, const std::uint8_t* at, int row) {
    if (!traits.brain_scale) return traits.unit * get_half(at, row);
    Bfloat16 value = 0;
    std::memcpy(&value, at + 2 * row, 2);
    return bfloat16_to_float(value);
}

/// The scales of one row of a file block.
void put_scales(PackedTraits traits, const UnpackedBlock& block, int row, std::uint8_t* at) {
    put_half(at, row, block.d);
    at += 32;
    if (traits.has_minimum) {
        put_half(at, row, block.dmin);
        at += 32;
    }
    if (!traits.super) return;
    for (int part = 0; part < 8; ++part) {
        for (int g = 0; g < traits.groups; ++g, at += 16)
            at[row] = static_cast<std::uint8_t>(block.sub_scales[part * traits.groups + g]);
        if (!traits.has_minimum) continue;
        for (int g = 0; g < traits.groups; ++g, at += 16)
            at[row] = block.sub_minimums[part * traits.groups + g];
    }
}

}  // namespace

std::uint64_t PackedMatrix::bytes_needed(const TensorView& view) {
    const auto tiles = static_cast<std::uint64_t>((view.rows() + kTileRows - 1) / kTileRows);
    return tiles *
           static_cast<std::uint64_t>(kPackedTraits[packed_index(view.type)].tile_bytes(view.columns()));
}

Result<PackedMatrix> PackedMatrix::pack(const TensorView& view, ThreadPool& pool,
                                        const PackOptions& options) {
    const int index = packed_index(view.type);
    assert(index >= 0);
    const auto info = *tensor_type_info(view.type);
    PackedMatrix matrix;
    matrix.type_ = view.type;
    matrix.rows_ = view.rows();
    matrix.columns_ = view.columns();
    if (matrix.columns_ <= 0 || matrix.columns_ % info.block_values != 0 ||
        view.bytes.size() !=
            static_cast<std::size_t>(matrix.rows_ * (matrix.columns_ / info.block_values) * info.block_bytes))
        return fail(ErrorCode::corrupt,
                    "tensor '" + std::string(view.name) + "' has bytes that do not fit its shape",
                    "download the model again");
    matrix.tile_bytes_ = kPackedTraits[index].tile_bytes(matrix.columns_);
    if (options.memory) {
        matrix.data_ = reinterpret_cast<std::uint8_t*>(options.memory);
    } else {
        PELLUCID_TRY(matrix.own_, AlignedBuffer::allocate(static_cast<std::size_t>(bytes_needed(view))));
        matrix.data_ = matrix.own_.as<std::uint8_t>();
    }
    // Pieces of about a megabyte of file, so that what was read can be given back meanwhile; of a small
    // matrix (an expert of many is one megabyte) a share for everybody, and it is given back as a whole.
    const auto row_bytes = static_cast<std::int64_t>(view.row_bytes());
    const std::int64_t megabyte = std::max<std::int64_t>(1, (1 << 20) / (row_bytes * kTileRows));
    const std::int64_t share = (matrix.tiles() + pool.size() - 1) / pool.size();
    const std::int64_t grain = std::min(megabyte, std::max<std::int64_t>(1, share));
    pool.parallel_for(matrix.tiles(), grain, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t t = begin; t < end; ++t) matrix.pack_tile(view, t);
        if (!options.done || grain < megabyte) return;
        const std::int64_t first = begin * kTileRows, last = std::min(end * kTileRows, matrix.rows_);
        options.done(view.bytes.subspan(static_cast<std::size_t>(first * row_bytes),
                                        static_cast<std::size_t>((last - first) * row_bytes)));
    });
    return matrix;
}

void PackedMatrix::pack_tile(const TensorView& view, std::int64_t tile) {
    const PackedTraits traits = kPackedTraits[packed_index(type_)];
    const auto info = *tensor_type_info(type_);
    const std::int64_t file_blocks = columns_ / info.block_values, row_bytes = file_blocks * info.block_bytes;
    const int parts = info.block_values / kBlockColumns;
    const int rows = static_cast<int>(std::min<std::int64_t>(kTileRows, rows_ - tile * kTileRows));
    std::uint8_t* codes = data_ + tile * tile_bytes_;
    std::uint8_t* scales = codes + columns_ / kBlockColumns * traits.code_bytes();
    UnpackedBlock rows_of_block[kTileRows] = {};
    std::uint8_t v[8][64] = {};
    for (std::int64_t b = 0; b < file_blocks; ++b) {
        for (int r = 0; r < rows; ++r) {
            unpack_block(type_, view.bytes.data() + (tile * kTileRows + r) * row_bytes + b * info.block_bytes,
                         rows_of_block[r]);
            put_scales(traits, rows_of_block[r], r, scales + b * traits.scale_bytes());
        }
        for (int part = 0; part < parts; ++part, codes += traits.code_bytes()) {
            for (int r = 0; r < rows; ++r)
                for (int k = 0; k < 8; ++k)
                    std::memcpy(v[k] + 4 * r, rows_of_block[r].codes + part * kBlockColumns + 4 * k, 4);
            put_codes(traits.bits, v, codes);
        }
    }
}

void PackedMatrix::decode_row(std::int64_t row, float* out) const {
    const PackedTraits traits = kPackedTraits[packed_index(type_)];
    const std::uint8_t* codes = tile(row / kTileRows);
    const std::uint8_t* scales = codes + columns_ / kBlockColumns * traits.code_bytes();
    const int r = static_cast<int>(row % kTileRows);
    for (std::int64_t b = 0; b < columns_ / kBlockColumns; ++b) {
        const std::uint8_t* at = scales + (traits.super ? b / 8 : b) * traits.scale_bytes();
        const float d = get_scale(traits, at, r), dmin = traits.has_minimum ? get_half(at + 32, r) : 0;
        const std::uint8_t* sub = at + (traits.has_minimum ? 64 : 32) +
                                  (b % 8) * traits.groups * (traits.has_minimum ? 32 : 16) + r;
        for (int c = 0; c < kBlockColumns; ++c) {
            const int g = c * traits.groups / kBlockColumns;
            const float scale =
                traits.super ? d * static_cast<float>(static_cast<std::int8_t>(sub[16 * g])) : d;
            float minimum = dmin;
            if (traits.super && traits.has_minimum)
                minimum = dmin * static_cast<float>(sub[16 * (traits.groups + g)]);
            const int code = get_code(traits.bits, codes + b * traits.code_bytes(), r, c);
            const int step = traits.levels.any ? traits.levels.at[code] : code - traits.offset;
            out[b * kBlockColumns + c] = scale * static_cast<float>(step) - minimum;
        }
    }
}

}  // namespace pellucid::cpu
