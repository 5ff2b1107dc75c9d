#include "engine/quant/encode.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace pellucid {

Result<void> encode_q8_0(std::span<const float> values, std::span<BlockQ8_0> blocks) {
    if (values.size() != blocks.size() * kBlockValues)
        return fail(ErrorCode::invalid_argument, std::to_string(values.size()) + " values do not fill " +
                                                     std::to_string(blocks.size()) + " blocks of 32");
    for (std::size_t b = 0; b < blocks.size(); ++b) {
        const auto part = values.subspan(b * kBlockValues, kBlockValues);
        float largest = 0;
        for (const float x : part) largest = std::max(largest, std::fabs(x));
        const float d = largest / 127.0f, inverse = d == 0 ? 0.0f : 1.0f / d;
        blocks[b].d = float_to_half(d);
        for (std::size_t i = 0; i < kBlockValues; ++i)
            // The clamp only matters where 1 / d overflows (values around 1e-38).
            blocks[b].qs[i] =
                static_cast<std::int8_t>(std::clamp(std::round(part[i] * inverse), -127.0f, 127.0f));
    }
    return {};
}

}  // namespace pellucid
