#include "gpu/cuda/repack.h"

#include <cstring>

#include "engine/quant/unpack.h"

namespace pellucid::cuda {
namespace {

/// Bytes a group of 32 takes in each plane; supers: bytes a 256.
struct GroupBytes {
    int codes, high, scales, supers;
};
GroupBytes group_bytes(Form form) {
    switch (form) {
        case Form::four_pair:
            return {16, 0, 4, 0};
        case Form::five_pair:
            return {16, 4, 4, 0};
        case Form::eight_pair:
            return {32, 0, 4, 0};
        case Form::four_super:
            return {16, 0, 0, 0};
        case Form::five_super:
            return {16, 4, 0, 0};
        case Form::six_signed:
            return {16, 8, 2, 2};
        case Form::four_signed:
            return {16, 0, 2, 2};
        case Form::four_two:
            return {16, 0, 4, 4};
        case Form::four_iq4:
        case Form::four_mxfp4:
            return {16, 0, 4, 0};
        case Form::eight_halves:
            return {32, 0, 8, 0};
        default:
            return {};
    }
}

int offset_of(TensorType type) {
    switch (type) {
        case TensorType::q4_0:
            return 8;
        case TensorType::q5_0:
            return 16;
        case TensorType::q6_k:
            return 32;
        case TensorType::q3_k:
            return 4;
        default:
            return 0;  // Q8_0's codes are stored signed
    }
}

struct Planes {
    std::byte *codes, *high, *scales, *supers;
};

void put_group(Form form, const UnpackedBlock& block, int first, std::int64_t at, const Planes& to) {
    const std::uint8_t* q = block.codes + first;
    if (form == Form::eight_pair) {
        for (int i = 0; i < kGroup; ++i) to.codes[at * 32 + i] = static_cast<std::byte>(q[i] - block.offset);
    } else if (form == Form::eight_halves) {
        for (int i = 0; i < kGroup; ++i)
            to.codes[at * 32 + i] =
                static_cast<std::byte>(block.levels ? block.levels[q[i]] : q[i] - block.offset);
    } else {
        for (int i = 0; i < 16; ++i)
            to.codes[at * 16 + i] = static_cast<std::byte>((q[i] & 15) | ((q[16 + i] & 15) << 4));
    }
    if (form == Form::five_pair || form == Form::five_super) {
        std::uint8_t high[4] = {};
        for (int i = 0; i < kGroup; ++i)
            high[i % 4] = static_cast<std::uint8_t>(high[i % 4] | ((q[i] >> 4) & 1) << (i / 4));
        std::memcpy(to.high + at * 4, high, 4);
    } else if (form == Form::six_signed) {
        std::uint8_t high[8] = {};
        for (int i = 0; i < kGroup; ++i) {
            std::uint8_t& byte = high[i / 16 * 4 + i % 4];
            byte = static_cast<std::uint8_t>(byte | ((q[i] >> 4) & 3) << (i % 16 / 4 * 2));
        }
        std::memcpy(to.high + at * 8, high, 8);
    }
    const int g = first / block.group;  // of the block's groups
    if (form == Form::four_pair || form == Form::five_pair || form == Form::eight_pair) {
        const Half pair[2] = {block.d, block.sub_minimums[0] ? block.dmin : Half{0}};
        std::memcpy(to.scales + at * 4, pair, 4);
    } else if (form == Form::six_signed || form == Form::four_signed) {
        std::memcpy(to.scales + at * 2, block.sub_scales + g, 2);
    } else if (form == Form::four_two) {
        const std::uint8_t four[4] = {static_cast<std::uint8_t>(block.sub_scales[g]),
                                      static_cast<std::uint8_t>(block.sub_scales[g + 1]),
                                      block.sub_minimums[g], block.sub_minimums[g + 1]};
        std::memcpy(to.scales + at * 4, four, 4);
    } else if (form == Form::four_iq4 || form == Form::four_mxfp4) {
        std::memcpy(to.scales + at * 4, block.scales + g, 4);
    } else if (form == Form::eight_halves) {
        const float both[2] = {block.scales[g], block.scales[(first + 16) / block.group]};
        std::memcpy(to.scales + at * 8, both, 8);
    }
}

void put_super(Form form, const UnpackedBlock& block, std::int64_t at, const Planes& to) {
    const Half both[2] = {block.d, block.dmin};
    if (form == Form::four_super || form == Form::five_super) {
        std::uint32_t words[4] = {};
        std::memcpy(words, both, 4);
        for (int g = 0; g < 8; ++g) {
            const auto bits =
                static_cast<std::uint64_t>((block.sub_scales[g] & 63) | block.sub_minimums[g] << 6);
            const int bit = 12 * g;
            const std::uint64_t shifted = bits << (bit % 32);
            words[1 + bit / 32] |= static_cast<std::uint32_t>(shifted);
            if (bit % 32 > 20) words[2 + bit / 32] |= static_cast<std::uint32_t>(shifted >> 32);
        }
        std::memcpy(to.scales + at * 16, words, 16);
    } else if (form == Form::four_two) {
        std::memcpy(to.supers + at * 4, both, 4);
    } else if (form == Form::six_signed || form == Form::four_signed) {
        std::memcpy(to.supers + at * 2, both, 2);
    }
}

int plain_bytes(Form form) {
    return form == Form::f32 ? 4 : 2;
}

}  // namespace

std::optional<Form> form_of(TensorType type) {
    switch (type) {
        case TensorType::f32:
            return Form::f32;
        case TensorType::f16:
            return Form::f16;
        case TensorType::bf16:
            return Form::bf16;
        case TensorType::q4_0:
        case TensorType::q4_1:
            return Form::four_pair;
        case TensorType::q5_0:
        case TensorType::q5_1:
            return Form::five_pair;
        case TensorType::q8_0:
            return Form::eight_pair;
        case TensorType::q2_k:
            return Form::four_two;
        case TensorType::q3_k:
            return Form::four_signed;
        case TensorType::q4_k:
            return Form::four_super;
        case TensorType::q5_k:
            return Form::five_super;
        case TensorType::q6_k:
            return Form::six_signed;
        case TensorType::iq4_nl:
        case TensorType::iq4_xs:
            return Form::four_iq4;
        case TensorType::mxfp4:
            return Form::four_mxfp4;
        case TensorType::q8_k:
        case TensorType::iq1_s:
        case TensorType::iq1_m:
        case TensorType::iq2_xxs:
        case TensorType::iq2_xs:
        case TensorType::iq2_s:
        case TensorType::iq3_xxs:
        case TensorType::iq3_s:
        case TensorType::tq1_0:
        case TensorType::tq2_0:
            return Form::eight_halves;
        default:
            return std::nullopt;
    }
}

PlaneBytes plane_bytes(Form form, std::int64_t rows, std::int64_t columns) {
    const auto bytes = [](std::int64_t n) { return static_cast<std::uint64_t>(n); };
    if (form <= Form::bf16) return {bytes(rows * columns * plain_bytes(form)), 0, 0, 0};
    const GroupBytes each = group_bytes(form);
    const std::int64_t groups = rows * (columns / kGroup), supers = rows * (columns / kSuper);
    const bool by_super = form == Form::four_super || form == Form::five_super;
    return {bytes(groups * each.codes), bytes(groups * each.high),
            bytes(by_super ? supers * 16 : groups * each.scales), bytes(supers * each.supers)};
}

PlaneLayout plane_layout(Form form, std::int64_t rows, std::int64_t columns) {
    const PlaneBytes bytes = plane_bytes(form, rows, columns);
    PlaneLayout layout;
    const auto take = [&](std::uint64_t length) {
        const std::uint64_t at = layout.bytes;
        layout.bytes += (length + 255) / 256 * 256;
        return at;
    };
    layout.codes = take(bytes.codes);
    layout.high = take(bytes.high);
    layout.scales = take(bytes.scales);
    layout.supers = take(bytes.supers);
    return layout;
}

void repack_rows(const TensorView& tensor, std::int64_t first, std::int64_t count, std::byte* to,
                 ThreadPool& pool) {
    const Form form = *form_of(tensor.type);
    const std::int64_t columns = tensor.columns();
    const PlaneLayout layout = plane_layout(form, count, columns);
    const Planes planes{to + layout.codes, to + layout.high, to + layout.scales, to + layout.supers};
    const std::size_t row_bytes = tensor.row_bytes();
    pool.parallel_for(count, 16, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t r = begin; r < end; ++r) {
            const std::byte* from = tensor.bytes.data() + static_cast<std::size_t>(first + r) * row_bytes;
            if (form <= Form::bf16) {
                std::memcpy(planes.codes + static_cast<std::size_t>(r) * row_bytes, from, row_bytes);
                continue;
            }
            const auto info = tensor_type_info(tensor.type);
            const std::int64_t blocks = columns / info->block_values, each = info->block_values / kGroup;
            UnpackedBlock block;
            for (std::int64_t b = 0; b < blocks; ++b, from += info->block_bytes) {
                unpack_block(tensor.type, from, block);
                for (int g = 0; g < each; ++g)
                    put_group(form, block, g * kGroup, (r * blocks + b) * each + g, planes);
                if (each > 1) put_super(form, block, r * blocks + b, planes);
            }
        }
    });
}

MatrixView view_of(TensorType type, std::int64_t rows, std::int64_t columns, const std::byte* base) {
    MatrixView view;
    view.form = *form_of(type);
    const PlaneLayout layout = plane_layout(view.form, rows, columns);
    view.rows = static_cast<int>(rows);
    view.columns = static_cast<int>(columns);
    view.offset = offset_of(type);
    view.codes = base + layout.codes;
    view.high = base + layout.high;
    view.scales = base + layout.scales;
    view.supers = base + layout.supers;
    return view;
}

}  // namespace pellucid::cuda
