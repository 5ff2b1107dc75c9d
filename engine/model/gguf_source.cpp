#include "engine/model/gguf_source.h"

namespace pellucid {

GgufSource::GgufSource(std::shared_ptr<const GgufFile> file) : file_(std::move(file)) {
    for (const FileTensor& tensor : file_->tensors())
        tensors_.emplace(tensor.name, TensorView{tensor.name, tensor.type, tensor.shape, tensor.bytes});
}

const TensorView* GgufSource::find(std::string_view name) const {
    const auto it = tensors_.find(name);
    return it == tensors_.end() ? nullptr : &it->second;
}

std::vector<std::string_view> GgufSource::names() const {
    std::vector<std::string_view> names;
    for (const auto& [name, tensor] : tensors_) names.push_back(name);
    return names;
}

void GgufSource::release(const TensorView& tensor) const {
    if (!file_->mapping() || tensor.bytes.empty()) return;
    const auto offset =
        static_cast<std::size_t>(tensor.bytes.data() - file_->mapping()->bytes().data());
    file_->mapping()->dont_need(offset, tensor.bytes.size());
}

}  // namespace pellucid
