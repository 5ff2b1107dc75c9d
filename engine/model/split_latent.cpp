#include "engine/model/split_latent.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <vector>

#include "engine/base/half.h"
#include "engine/quant/decode.h"

namespace pellucid {
namespace {

constexpr std::string_view kJoined = ".attn_kv_b.weight";

struct HeadWidths {
    std::int64_t heads = 0, content = 0, value = 0;
};

Result<HeadWidths> read_widths(const Metadata& metadata) {
    PELLUCID_TRY(const std::string architecture, metadata.string("general.architecture"));
    const auto number = [&](const char* key, const char* old_key) {
        const std::string wanted = architecture + "." + key;
        return metadata.integer(metadata.contains(wanted) ? wanted : architecture + "." + old_key);
    };
    HeadWidths widths;
    PELLUCID_TRY(widths.heads, number("attention.head_count", "attention.head_count"));
    PELLUCID_TRY(widths.value, number("attention.value_length_mla", "attention.value_length"));
    PELLUCID_TRY(const std::int64_t key, number("attention.key_length_mla", "attention.key_length"));
    PELLUCID_TRY(const std::int64_t rope, number("rope.dimension_count", "rope.dimension_count"));
    constexpr std::int64_t most = 1 << 20;  // so that no product below overflows
    if (widths.heads < 1 || widths.heads > most || widths.value < 1 || widths.value > most || rope < 1 ||
        key <= rope || key > most)
        return fail(ErrorCode::corrupt, "the widths of this model's attention heads cannot be",
                    "the file is damaged; download it again");
    widths.content = key - rope;
    return widths;
}

class SplitSource final : public WeightSource {
public:
    SplitSource(std::shared_ptr<const WeightSource> inner, HeadWidths widths)
        : inner_(std::move(inner)), widths_(widths) {}

    Result<void> split(const TensorView& joined, const std::string& file) {
        const std::int64_t rows = widths_.heads * (widths_.content + widths_.value);
        if (joined.shape.size() != 2 || joined.shape[0] != rows)
            return fail(ErrorCode::corrupt,
                        file + ": tensor " + std::string(joined.name) + " has " +
                            std::to_string(joined.rows()) + " rows, expected " + std::to_string(rows),
                        "the file is damaged or is not the model it says; download it again");
        const std::string prefix(joined.name.substr(0, joined.name.size() - kJoined.size()));
        const std::int64_t rank = joined.shape[1];
        const bool wide = joined.type == TensorType::f32 || joined.type == TensorType::bf16;
        add(prefix + ".attn_k_b.weight", joined, wide ? TensorType::f32 : TensorType::f16,
            {widths_.heads, rank, widths_.content}, true);
        add(prefix + ".attn_v_b.weight", joined, joined.type, {widths_.heads, widths_.value, rank}, false);
        return {};
    }

    const TensorView* find(std::string_view name) const override {
        if (const auto part = parts_.find(name); part != parts_.end()) return &part->second.view;
        return name.ends_with(kJoined) ? nullptr : inner_->find(name);
    }
    std::vector<std::string_view> names() const override {
        std::vector<std::string_view> names = inner_->names();
        std::erase_if(names, [](std::string_view name) { return name.ends_with(kJoined); });
        for (const auto& [name, part] : parts_) names.push_back(name);
        return names;
    }
    Result<LoadedTensor> load(const TensorView& tensor) const override {
        const auto part = parts_.find(tensor.name);
        if (part == parts_.end()) return inner_->load(tensor);
        PELLUCID_TRY(const LoadedTensor joined, inner_->load(*part->second.joined));
        if (joined.view.bytes.size() != stored_bytes(joined.view))
            return fail(ErrorCode::corrupt,
                        "tensor " + std::string(joined.view.name) + " has bytes that do not fit its shape",
                        "download the model again");
        auto bytes = std::make_shared<std::vector<std::byte>>();
        if (part->second.keys)
            PELLUCID_CHECK(turn_keys(joined.view, part->second.view, *bytes));
        else
            take_values(joined.view, *bytes);
        LoadedTensor loaded{part->second.view, bytes};
        loaded.view.bytes = *bytes;
        return loaded;
    }
    void release(const TensorView& tensor) const override {
        const auto part = parts_.find(tensor.name);
        inner_->release(part == parts_.end() ? tensor : *part->second.joined);
    }
    std::uint64_t resident_bytes() const override { return inner_->resident_bytes(); }

private:
    struct Part {
        TensorView view;  ///< without bytes
        const TensorView* joined = nullptr;
        bool keys = false;  ///< else the values
    };

    void add(std::string name, const TensorView& joined, TensorType type, std::vector<std::int64_t> shape,
             bool keys) {
        const std::string& kept = names_.emplace_back(std::move(name));
        parts_.emplace(kept, Part{{kept, type, std::move(shape), {}}, &joined, keys});
    }

    /// The content rows of each head, [content, rank] to [rank, content].
    Result<void> turn_keys(const TensorView& joined, const TensorView& keys,
                           std::vector<std::byte>& out) const {
        const auto rank = static_cast<std::size_t>(joined.columns()),
                   content = static_cast<std::size_t>(widths_.content);
        const std::size_t size = keys.type == TensorType::f32 ? 4 : 2, row_bytes = joined.row_bytes();
        out.resize(static_cast<std::size_t>(widths_.heads) * content * rank * size);
        std::vector<float> row(rank);
        for (std::size_t head = 0; head < static_cast<std::size_t>(widths_.heads); ++head)
            for (std::size_t c = 0; c < content; ++c) {
                const std::size_t at = head * static_cast<std::size_t>(widths_.content + widths_.value) + c;
                PELLUCID_CHECK(decode(joined.type, joined.bytes.subspan(at * row_bytes, row_bytes), row));
                for (std::size_t r = 0; r < rank; ++r) {
                    std::byte* to = out.data() + ((head * rank + r) * content + c) * size;
                    const Half half = float_to_half(row[r]);
                    if (size == 4)
                        std::memcpy(to, &row[r], 4);
                    else
                        std::memcpy(to, &half, 2);
                }
            }
        return {};
    }

    /// The value rows of each head as they stand.
    void take_values(const TensorView& joined, std::vector<std::byte>& out) const {
        const std::size_t row_bytes = joined.row_bytes();
        const auto content = static_cast<std::size_t>(widths_.content),
                   value = static_cast<std::size_t>(widths_.value);
        for (std::size_t head = 0; head < static_cast<std::size_t>(widths_.heads); ++head) {
            const auto rows =
                joined.bytes.subspan((head * (content + value) + content) * row_bytes, value * row_bytes);
            out.insert(out.end(), rows.begin(), rows.end());
        }
    }

    const std::shared_ptr<const WeightSource> inner_;
    const HeadWidths widths_;
    std::deque<std::string> names_;
    std::map<std::string_view, Part> parts_;
};

}  // namespace

Result<std::shared_ptr<const WeightSource>> split_latent_weights(const Metadata& metadata,
                                                                 std::shared_ptr<const WeightSource> source,
                                                                 const std::string& file) {
    const auto names = source->names();
    std::vector<const TensorView*> joined;
    for (const std::string_view name : names)
        if (name.ends_with(kJoined)) joined.push_back(source->find(name));
    if (joined.empty()) return source;
    const auto widths = read_widths(metadata);
    if (!widths) return fail(widths.error().code, file + ": " + widths.error().what, widths.error().hint);
    auto split = std::make_shared<SplitSource>(source, *widths);
    for (const TensorView* tensor : joined) PELLUCID_CHECK(split->split(*tensor, file));
    return std::shared_ptr<const WeightSource>(std::move(split));
}

}  // namespace pellucid
