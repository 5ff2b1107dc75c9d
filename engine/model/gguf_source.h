// A GGUF file as a WeightSource.
#pragma once

#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/format/gguf_file.h"
#include "engine/model/weights.h"

namespace pellucid {

/// Views the file's tensors; keeps the file open. bytes are empty where the file was read header_only.
class GgufSource final : public WeightSource {
public:
    explicit GgufSource(std::shared_ptr<const GgufFile> file);
    const TensorView* find(std::string_view name) const override;
    std::vector<std::string_view> names() const override;
    /// The system may take back the mapped pages that only this tensor lies in.
    void release(const TensorView& tensor) const override;

private:
    std::shared_ptr<const GgufFile> file_;
    std::map<std::string_view, TensorView> tensors_;
};

}  // namespace pellucid
