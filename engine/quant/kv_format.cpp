#include "engine/quant/kv_format.h"

namespace pellucid {

KvLayout kv_layout(KvFormat format) {
    switch (format) {
        case KvFormat::f16:
            return {16, 0, 0, false, KvCode::none};
        case KvFormat::f32:
            return {32, 0, 0, false, KvCode::none};
        case KvFormat::q8:
            return {8, 32, 2, false, KvCode::bytes};
        case KvFormat::fp8:
            return {8, 32, 1, false, KvCode::float8};
        case KvFormat::q4:
            return {4, 32, 2, true, KvCode::levels16};
        case KvFormat::q3:
            return {3, 64, 1, true, KvCode::levels8};
    }
    return {};
}

int KvTiers::blocks(int part) const {
    const int block = kLayouts[static_cast<std::size_t>(part)].block;
    return (counts[static_cast<std::size_t>(part)] + block - 1) / block;
}

int KvTiers::code_bytes() const {
    int bytes = 0;
    for (std::size_t part = 0; part < kParts; ++part) bytes += counts[part] / 8 * kLayouts[part].bits;
    return bytes;
}

std::string_view to_string(KvFormat format) {
    switch (format) {
        case KvFormat::f16:
            return "f16";
        case KvFormat::f32:
            return "f32";
        case KvFormat::q8:
            return "q8";
        case KvFormat::fp8:
            return "fp8";
        case KvFormat::q4:
            return "q4";
        case KvFormat::q3:
            return "q3";
    }
    return "?";
}

std::optional<KvFormat> find_kv_format(std::string_view name) {
    for (const KvFormat format : kKvFormats)
        if (to_string(format) == name) return format;
    return std::nullopt;
}

int kv_code_bytes(KvFormat format, int n) {
    const KvLayout layout = kv_layout(format);
    return layout.block > 0 ? (n + 7) / 8 * layout.bits : n * (layout.bits / 8);
}

int kv_scales(KvFormat format, int n) {
    const KvLayout layout = kv_layout(format);
    return layout.block > 0 ? (n + layout.block - 1) / layout.block : 0;
}

std::uint64_t kv_vector_bytes(KvFormat format, int n) {
    return static_cast<std::uint64_t>(kv_code_bytes(format, n)) +
           static_cast<std::uint64_t>(kv_scales(format, n)) *
               static_cast<std::uint64_t>(kv_layout(format).scale_bytes);
}

}  // namespace pellucid
