#include "engine/model/gguf_source.h"

namespace pellucid {

GgufSource::GgufSource(std::vector<std::shared_ptr<const GgufFile>> parts) : parts_(std::move(parts)) {
    for (const auto& part : parts_)
        for (const FileTensor& tensor : part->tensors()) {
            by_name_.emplace(tensor.name, tensors_.size());
            tensors_.push_back({tensor.name, tensor.type, tensor.shape, tensor.bytes});
        }
}

const TensorView* GgufSource::find(std::string_view name) const {
    const auto it = by_name_.find(name);
    return it == by_name_.end() ? nullptr : &tensors_[it->second];
}

std::vector<std::string_view> GgufSource::names() const {
    std::vector<std::string_view> names;
    for (const TensorView& tensor : tensors_) names.push_back(tensor.name);
    return names;
}

void GgufSource::release(const TensorView& tensor) const {
    if (tensor.bytes.empty()) return;
    for (const auto& part : parts_)
        if (part->mapping()) part->mapping()->release(tensor.bytes);
}

std::uint64_t GgufSource::resident_bytes() const {
    std::uint64_t bytes = 0;
    for (const auto& part : parts_)
        if (part->mapping()) bytes += part->mapping()->resident_bytes();
    return bytes;
}

}  // namespace pellucid
