#include "engine/ops/rope/reference.h"

#include <cmath>
#include <cstddef>

namespace pellucid {

void rope_reference(std::span<float> heads, int head_dim, const Rope& rope,
                    std::span<const double> frequencies, int position) {
    const auto width = static_cast<std::size_t>(head_dim), pairs = static_cast<std::size_t>(rope.dims / 2);
    for (std::size_t head = 0; head < heads.size() / width; ++head)
        for (std::size_t i = 0; i < pairs; ++i) {
            const bool adjacent = rope.layout == RopeLayout::adjacent;
            float& first = heads[head * width + (adjacent ? 2 * i : i)];
            float& second = heads[head * width + (adjacent ? 2 * i + 1 : i + pairs)];
            const double angle = position * frequencies[i];
            const double cosine = std::cos(angle) * rope.attention_factor;
            const double sine = std::sin(angle) * rope.attention_factor;
            const double x = first, y = second;
            first = static_cast<float>(x * cosine - y * sine);
            second = static_cast<float>(x * sine + y * cosine);
        }
}

}  // namespace pellucid
