// A Hugging Face folder's weights under GGUF's names, shapes and orders.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/model/folder/config.h"
#include "engine/model/folder/folder_weights.h"
#include "engine/model/folder/stored_tensor.h"
#include "engine/model/weights.h"

namespace pellucid {

/// Tensors that lie in the files as a model wants them are viewed there; load() makes the others (permuted,
/// stacked, dequantised), and whoever holds the result keeps it.
class FolderSource final : public WeightSource {
public:
    /// Every tensor of `weights` finds its place, or is reported under its own name (and refused where the
    /// spec is checked). Errors name `folder` and the tensor: corrupt, unsupported.
    static Result<std::shared_ptr<const FolderSource>> make(std::shared_ptr<const FolderWeights> weights,
                                                            const FolderConfig& config,
                                                            const std::string& folder);

    /// Every tensor under its own name. Those in number formats that no weight has are refused by load().
    static std::shared_ptr<const FolderSource> plain(std::shared_ptr<const FolderWeights> weights);

    const TensorView* find(std::string_view name) const override;
    std::vector<std::string_view> names() const override;
    Result<LoadedTensor> load(const TensorView& tensor) const override;
    void release(const TensorView& tensor) const override;
    std::uint64_t resident_bytes() const override;
    /// What came with the model and is not used.
    const std::vector<std::string>& notices() const { return notices_; }

private:
    struct Entry {
        std::string name;
        StoredTensor stored;
        TensorView view;
    };
    friend class FolderSourceMaker;
    void add(std::string name, StoredTensor stored);

    std::shared_ptr<const FolderWeights> weights_;
    std::vector<std::unique_ptr<Entry>> entries_;  // views name their strings
    std::map<std::string_view, const Entry*> by_name_;
    std::vector<std::string> notices_;
};

}  // namespace pellucid
