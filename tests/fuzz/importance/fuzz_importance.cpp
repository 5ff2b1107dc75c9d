// Any bytes as the file of an importance matrix.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "engine/model/importance.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pellucid;
    const auto file = GgufFile::parse(std::as_bytes(std::span(data, size)), "fuzz");
    if (!file) return 0;
    const auto matrix = read_importance(**file, "fuzz");
    if (!matrix) {
        if (matrix.error().what.empty() || matrix.error().hint.empty()) std::abort();
        return 0;
    }
    for (const auto& [name, means] : matrix->means())
        for (const float mean : means)
            if (!std::isfinite(mean) || mean < 0) std::abort();
    return 0;
}
