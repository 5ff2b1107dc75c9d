#include "engine/backend/encoder.h"

#include <string>

namespace pellucid {

Result<void> check_batch(const EncoderSpec& spec, const EncoderBatch& batch, std::span<const float> hidden) {
    const auto refuse = [](std::string what) {
        return fail(ErrorCode::invalid_argument, std::move(what), "this is a fault of the caller");
    };
    if (batch.begins.size() < 2 || batch.begins.front() != 0 || batch.begins.back() != batch.tokens())
        return refuse("an encoder's batch does not say where its texts begin");
    for (std::size_t s = 0; s + 1 < batch.begins.size(); ++s) {
        const std::int64_t length = std::int64_t{batch.begins[s + 1]} - batch.begins[s];
        if (length < 1 || length > spec.positions)
            return refuse("a text of " + std::to_string(length) + " tokens in an encoder of " +
                          std::to_string(spec.positions) + " positions");
    }
    for (const TokenId id : batch.ids)
        if (id < 0 || id >= spec.vocabulary)
            return refuse("token id " + std::to_string(id) + " in a vocabulary of " +
                          std::to_string(spec.vocabulary));
    if (hidden.size() != batch.ids.size() * static_cast<std::size_t>(spec.n_embd))
        return refuse("an encoder's output has another size than its input");
    return {};
}

}  // namespace pellucid
