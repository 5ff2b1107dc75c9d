#include "engine/backend/backend.h"

namespace pellucid {

std::string_view to_string(KvFormat format) {
    switch (format) {
        case KvFormat::f16:
            return "f16";
        case KvFormat::f32:
            return "f32";
        case KvFormat::q8:
            return "q8";
    }
    return "?";
}

std::uint64_t kv_head_bytes(KvFormat format, int head_dim) {
    const std::uint64_t values = static_cast<std::uint64_t>(head_dim);
    switch (format) {
        case KvFormat::f16:
            return values * 2;
        case KvFormat::f32:
            return values * 4;
        case KvFormat::q8:
            return (values + 31) / 32 * 34;
    }
    return 0;
}

}  // namespace pellucid
