#include "engine/model/check_tensors.h"

namespace pellucid {

Result<void> check_tensors(std::span<const TensorNeed> needs, const WeightSource& weights,
                           std::string_view architecture, const std::string& file) {
    for (const TensorNeed& need : needs) {
        const TensorView* tensor = weights.find(need.name);
        if (!tensor)
            return fail(
                ErrorCode::not_found,
                file + ": tensor " + need.name + " is missing from this " + std::string(architecture) +
                    " model",
                "the file is incomplete; download it again, and if it came in parts choose the whole");
        if (tensor->shape != need.shape)
            return fail(ErrorCode::corrupt,
                        file + ": tensor " + need.name + " has shape " + shape_text(tensor->shape) +
                            ", expected " + shape_text(need.shape),
                        "the file is damaged or is not the model it says; download it again");
    }
    return {};
}

}  // namespace pellucid
