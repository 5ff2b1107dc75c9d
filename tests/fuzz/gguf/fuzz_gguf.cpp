// Any bytes as a GGUF file: parsing, every getter, and decoding the first values of every tensor must stay in
// bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "engine/format/gguf_file.h"
#include "engine/quant/decode.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pellucid;
    const std::span bytes(reinterpret_cast<const std::byte*>(data), size);
    for (const GgufRead read : {GgufRead::whole, GgufRead::header_only}) {
        const auto file = GgufFile::parse(bytes, "fuzz", read);
        if (!file.ok()) {
            if (file.error().what.empty() || file.error().hint.empty()) std::abort();
            continue;
        }
        for (const auto& [key, value] : (*file)->metadata().all()) {
            const Metadata& m = (*file)->metadata();
            (void)(m.integer(key).ok() + m.number(key).ok() + m.boolean(key).ok() + m.string(key).ok() +
                   m.integers(key).ok() + m.numbers(key).ok() + m.booleans(key).ok() + m.strings(key).ok());
        }
        for (const auto& tensor : (*file)->tensors()) {
            if ((*file)->find(tensor.name) != &tensor) std::abort();
            if (tensor.bytes.empty() || !can_decode(tensor.type)) continue;
            const auto info = *tensor_type_info(tensor.type);
            std::vector<float> values(static_cast<std::size_t>(info.block_values));
            if (!decode(tensor.type, tensor.bytes.first(static_cast<std::size_t>(info.block_bytes)), values)
                     .ok())
                std::abort();
        }
    }
    // Any beginning of it, as a remote header is read: it says the same as the whole, or asks for more.
    const auto whole = GgufFile::parse(bytes, "fuzz");
    for (const std::size_t part : {size / 3, size / 2, size - size / 8, size}) {
        const auto beginning = GgufFile::parse_beginning(bytes.first(part), size, "fuzz");
        if (whole.ok() && part > 3 && !beginning.ok()) std::abort();
        if (part == size && beginning.ok() != whole.ok()) std::abort();
        if (beginning.ok() && *beginning)
            for (const auto& tensor : (*beginning)->tensors())
                if (!tensor.bytes.empty() || tensor.offset + tensor.size > size) std::abort();
    }
    return 0;
}
