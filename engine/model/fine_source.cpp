#include "engine/model/fine_source.h"

#include <map>
#include <utility>

namespace pellucid {
namespace {

class FineSource final : public WeightSource {
public:
    explicit FineSource(std::shared_ptr<const WeightSource> source) : source_(std::move(source)) {
        for (const std::string_view name : source_->names()) {
            TensorView view = *source_->find(name);
            view.fine = true;
            views_.emplace(name, std::move(view));
        }
    }
    const TensorView* find(std::string_view name) const override {
        const auto found = views_.find(name);
        return found == views_.end() ? nullptr : &found->second;
    }
    std::vector<std::string_view> names() const override { return source_->names(); }
    Result<LoadedTensor> load(const TensorView& tensor) const override {
        PELLUCID_TRY(LoadedTensor loaded, source_->load(*source_->find(tensor.name)));
        loaded.view.fine = true;
        return loaded;
    }
    void release(const TensorView& tensor) const override { source_->release(tensor); }
    std::uint64_t resident_bytes() const override { return source_->resident_bytes(); }

private:
    const std::shared_ptr<const WeightSource> source_;
    std::map<std::string_view, TensorView> views_;
};

}  // namespace

std::shared_ptr<const WeightSource> make_fine(std::shared_ptr<const WeightSource> source) {
    return std::make_shared<FineSource>(std::move(source));
}

}  // namespace pellucid
