// GGUF files as a WeightSource.
#pragma once

#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/format/gguf_file.h"
#include "engine/model/weights.h"

namespace pellucid {

/// Views the tensors of a model's parts, in their order; keeps the files open. bytes are empty where a file
/// was read header_only. PRECONDITION: no name occurs in two parts.
class GgufSource final : public WeightSource {
public:
    explicit GgufSource(std::vector<std::shared_ptr<const GgufFile>> parts);
    const TensorView* find(std::string_view name) const override;
    std::vector<std::string_view> names() const override;
    /// The system may take back the mapped pages that only this tensor lies in.
    void release(const TensorView& tensor) const override;
    std::uint64_t resident_bytes() const override;

private:
    std::vector<std::shared_ptr<const GgufFile>> parts_;
    std::vector<TensorView> tensors_;
    std::map<std::string_view, std::size_t> by_name_;
};

}  // namespace pellucid
