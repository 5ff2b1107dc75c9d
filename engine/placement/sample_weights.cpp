#include "engine/placement/sample_weights.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace pellucid {
namespace {

class SampleWeights final : public WeightSource {
public:
    explicit SampleWeights(std::shared_ptr<const WeightSource> shapes) : shapes_(std::move(shapes)) {
        constexpr std::size_t kWords = 1 << 17;
        std::uint64_t state = 0x9e3779b97f4a7c15;
        for (std::size_t i = 0; i < kWords; ++i) {
            state ^= state << 13, state ^= state >> 7, state ^= state << 17;
            random_.push_back(state);
        }
    }
    const TensorView* find(std::string_view name) const override { return shapes_->find(name); }
    std::vector<std::string_view> names() const override { return shapes_->names(); }
    Result<LoadedTensor> load(const TensorView& tensor) const override {
        const std::uint64_t count = stored_bytes(tensor);
        auto bytes = std::make_shared<std::vector<std::uint64_t>>((count + 7) / 8);
        for (std::size_t at = 0, turn = 0; at < bytes->size(); at += random_.size(), ++turn) {
            const std::size_t words = std::min(random_.size(), bytes->size() - at);
            std::transform(random_.begin(), random_.begin() + static_cast<std::ptrdiff_t>(words),
                           bytes->begin() + static_cast<std::ptrdiff_t>(at),
                           [&](std::uint64_t word) { return shaped(tensor, word + turn); });
        }
        LoadedTensor made{tensor, bytes};
        made.view.bytes = std::as_bytes(std::span(*bytes)).first(count);
        return made;
    }

private:
    /// Floats keep their sign and mantissa and get a small exponent; norms are about one. In a block no byte
    /// can be the upper one of an infinite half.
    static std::uint64_t shaped(const TensorView& tensor, std::uint64_t word) {
        const bool vector = tensor.shape.size() < 2;
        switch (tensor.type) {
            case TensorType::f32:
                return vector ? 0x3f8000003f800000 : (word & 0x807fffff807fffff) | 0x3c0000003c000000;
            case TensorType::f16:
                return vector ? 0x3c003c003c003c00 : (word & 0x83ff83ff83ff83ff) | 0x2000200020002000;
            case TensorType::bf16:
                return vector ? 0x3f803f803f803f80 : (word & 0x807f807f807f807f) | 0x3c003c003c003c00;
            default:
                return word & 0x3b3b3b3b3b3b3b3b;
        }
    }

    const std::shared_ptr<const WeightSource> shapes_;
    std::vector<std::uint64_t> random_;
};

}  // namespace

std::shared_ptr<const WeightSource> make_sample_weights(std::shared_ptr<const WeightSource> shapes) {
    return std::make_shared<SampleWeights>(std::move(shapes));
}

}  // namespace pellucid
