// Any bytes as a safetensors file: every tensor must lie inside them.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "engine/format/safetensors_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pellucid;
    const auto file = SafetensorsFile::parse({reinterpret_cast<const std::byte*>(data), size}, "fuzz");
    if (!file.ok()) return 0;
    std::uint64_t sum = 0;
    for (const auto& tensor : (*file)->tensors()) {
        if ((*file)->find(tensor.name) != &tensor) std::abort();
        for (const std::byte b : tensor.bytes) sum += static_cast<std::uint64_t>(b);
    }
    return sum == ~std::uint64_t{0} ? 1 : 0;
}
