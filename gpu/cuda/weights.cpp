#include "gpu/cuda/weights.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "engine/base/thread_pool.h"
#include "engine/quant/decode.h"
#include "gpu/cuda/repack.h"

namespace pellucid::cuda {
namespace {

/// Uploads parts and remembers the first failure.
class Uploader {
public:
    Uploader(const WeightSource& source, DeviceModel& model, const PrepareOptions& options)
        : source_(source), model_(model), options_(options) {}

    /// One allocation holds all weights: hundreds of small ones would each be rounded up to 2 MiB.
    Result<void> start(std::uint64_t bytes) {
        PELLUCID_TRY(staging_, DeviceBuffer::make_pinned(kStaging, "uploading weights"));
        PELLUCID_TRY(DeviceBuffer all, DeviceBuffer::make(bytes, "weights"));
        room_ = Carver(all.as<std::byte>());
        room_bytes_ = bytes;
        keep(std::move(all));
        return {};
    }

    MatrixView matrix(const std::string& name) {
        if (name.empty() || error_) return {};
        if (const auto known = matrices_.find(name); known != matrices_.end()) return known->second;
        const auto tensor = find(name);
        if (!tensor) return {};
        auto made = upload(tensor->view);
        if (!made) {
            error_ = made.error();
            return {};
        }
        source_.release(tensor->view);
        matrices_.emplace(name, *made);
        return *made;
    }
    std::vector<float> host_vector(const std::string& name) {
        if (name.empty() || error_) return {};
        const auto tensor = find(name);
        if (!tensor) return {};
        const TensorView& view = tensor->view;
        std::vector<float> values(static_cast<std::size_t>(view.rows() * view.columns()));
        if (auto decoded = decode(view.type, view.bytes, values); !decoded) error_ = decoded.error();
        return values;
    }
    const float* vector(const std::string& name) {
        const std::vector<float> values = host_vector(name);
        if (values.empty() || error_) return nullptr;
        const auto put = [&]() -> Result<const float*> {
            PELLUCID_TRY(std::byte* const room, take(values.size() * sizeof(float), name));
            PELLUCID_CHECK(checked(
                cudaMemcpy(room, values.data(), values.size() * sizeof(float), cudaMemcpyHostToDevice),
                "uploading " + name));
            return reinterpret_cast<const float*>(room);
        }();
        if (!put) {
            error_ = put.error();
            return nullptr;
        }
        return *put;
    }
    DeviceLinear linear(const Linear& part) { return {matrix(part.weight), vector(part.bias)}; }
    NormView norm(const Norm& part) {
        return {vector(part.weight), vector(part.bias), part.eps, part.kind == NormKind::layer};
    }

    const std::optional<Error>& error() const { return error_; }
    void fail_with(Error error) { error_ = std::move(error); }

private:
    static constexpr std::uint64_t kStaging = 64u << 20;

    std::optional<LoadedTensor> find(const std::string& name) {
        const TensorView* tensor = source_.find(name);
        if (!tensor) {
            error_ =
                Error{ErrorCode::not_found, "tensor " + name + " is missing", "the model file is incomplete"};
            return std::nullopt;
        }
        auto loaded = source_.load(*tensor);
        if (!loaded) {
            error_ = loaded.error();
            return std::nullopt;
        }
        return *std::move(loaded);
    }
    Result<std::byte*> take(std::uint64_t bytes, const std::string& name) {
        if (room_.used() + (bytes + 255) / 256 * 256 <= room_bytes_) return room_.take<std::byte>(bytes);
        PELLUCID_TRY(DeviceBuffer buffer, DeviceBuffer::make(bytes, name));
        std::byte* const at = buffer.as<std::byte>();
        keep(std::move(buffer));
        return at;
    }
    void keep(DeviceBuffer buffer) {
        model_.bytes += buffer.bytes();
        model_.memory.push_back(std::move(buffer));
    }
    Result<MatrixView> upload(const TensorView& tensor) {
        const std::string name(tensor.name);
        const auto form = form_of(tensor.type);
        if (!form)
            return fail(ErrorCode::unsupported,
                        "tensor " + name + " is in " + std::string(to_string(tensor.type)) +
                            ", which the CUDA device does not run",
                        "choose another quantisation of the model, or --device cpu");
        const std::int64_t rows = tensor.rows(), columns = tensor.columns();
        const PlaneLayout whole = plane_layout(*form, rows, columns);
        PELLUCID_TRY(std::byte* const room, take(whole.bytes, name));
        const std::uint64_t row_bytes = std::max<std::uint64_t>(plane_layout(*form, 1, columns).bytes, 1);
        const std::int64_t at_once =
            std::max<std::int64_t>(1, static_cast<std::int64_t>(kStaging / row_bytes));
        if (plane_layout(*form, std::min(at_once, rows), columns).bytes > kStaging)
            return fail(ErrorCode::unsupported, "a row of tensor " + name + " takes more than 64 MiB");
        for (std::int64_t first = 0; first < rows; first += at_once) {
            if (options_.cancel.cancelled()) return fail(ErrorCode::cancelled, "loading was stopped");
            const std::int64_t count = std::min(at_once, rows - first);
            repack_rows(tensor, first, count, staging_.as<std::byte>(), pool_);
            const PlaneLayout piece = plane_layout(*form, count, columns);
            const PlaneBytes bytes = plane_bytes(*form, count, columns),
                             done = plane_bytes(*form, first, columns);
            const auto copy = [&](std::uint64_t PlaneLayout::*start,
                                  std::uint64_t PlaneBytes::*length) -> Result<void> {
                if (bytes.*length == 0) return {};
                return checked(
                    cudaMemcpy(room + whole.*start + done.*length, staging_.as<std::byte>() + piece.*start,
                               bytes.*length, cudaMemcpyHostToDevice),
                    "uploading " + name);
            };
            PELLUCID_CHECK(copy(&PlaneLayout::codes, &PlaneBytes::codes));
            PELLUCID_CHECK(copy(&PlaneLayout::high, &PlaneBytes::high));
            PELLUCID_CHECK(copy(&PlaneLayout::scales, &PlaneBytes::scales));
            PELLUCID_CHECK(copy(&PlaneLayout::supers, &PlaneBytes::supers));
        }
        MatrixView view = view_of(tensor.type, rows, columns, room);
        view.fine = tensor.fine && view.quantised();
        return view;
    }

    const WeightSource& source_;
    DeviceModel& model_;
    const PrepareOptions& options_;
    DeviceBuffer staging_;
    Carver room_;
    std::uint64_t room_bytes_ = 0;
    ThreadPool pool_;
    std::map<std::string, MatrixView> matrices_;
    std::optional<Error> error_;
};

DeviceExperts upload_experts(Uploader& up, const Experts& spec) {
    DeviceExperts experts;
    experts.scores = up.vector(spec.router.scores.weight);
    experts.scores_bias = up.vector(spec.router.scores.bias);
    experts.selection_bias = up.vector(spec.router.selection_bias);
    experts.shared_gate = up.vector(spec.shared_gate.weight);
    experts.gate = up.linear(spec.gate);
    experts.up = up.linear(spec.up);
    experts.down = up.linear(spec.down);
    return experts;
}

DeviceLatent upload_latent(Uploader& up, const LatentAttention& spec) {
    DeviceLatent latent;
    latent.q = up.linear(spec.q);
    latent.q_down = up.linear(spec.q_down);
    latent.q_up = up.linear(spec.q_up);
    latent.kv_down = up.linear(spec.kv_down);
    latent.q_norm = up.norm(spec.q_norm);
    latent.latent_norm = up.norm(spec.latent_norm);
    latent.key_up = up.matrix(spec.key_up);
    latent.value_up = up.matrix(spec.value_up);
    return latent;
}

DeviceLayer upload_layer(Uploader& up, const Layer& spec) {
    DeviceLayer layer;
    const Attention& attention = spec.attention;
    layer.attention_norm = up.norm(spec.attention_norm);
    layer.q_norm = up.norm(attention.q_norm);
    layer.k_norm = up.norm(attention.k_norm);
    layer.attention_post_norm = up.norm(spec.attention_post_norm);
    layer.feed_forward_norm = up.norm(spec.feed_forward_norm);
    layer.feed_forward_post_norm = up.norm(spec.feed_forward_post_norm);
    layer.q = up.linear(attention.q);
    layer.k = up.linear(attention.k);
    layer.v = up.linear(attention.v);
    layer.qkv = up.linear(attention.qkv);
    layer.sinks = up.vector(attention.sinks);
    layer.output = up.linear(spec.latent.present()        ? spec.latent.output
                             : spec.convolution.present() ? spec.convolution.out
                                                          : attention.output);
    layer.latent = upload_latent(up, spec.latent);
    layer.convolution_in = up.linear(spec.convolution.in);
    layer.kernel = up.vector(spec.convolution.kernel);
    layer.experts = upload_experts(up, spec.experts);
    const FeedForward& dense = spec.mixed() ? spec.experts.shared : spec.feed_forward;
    layer.gate = up.linear(dense.gate);
    layer.up = up.linear(dense.up);
    layer.gate_up = up.linear(dense.gate_up);
    layer.down = up.linear(dense.down);
    layer.output.matrix.adds = layer.down.matrix.adds = true;
    return layer;
}

/// Matrices that are kept in f32 whatever the file has.
bool kept_whole(const ModelSpec& spec, const std::string& name) {
    return std::ranges::any_of(spec.layers, [&](const Layer& layer) {
        return name == layer.experts.router.scores.weight || name == layer.experts.shared_gate.weight ||
               name == layer.convolution.kernel;
    });
}

}  // namespace

std::uint64_t weight_bytes_needed(const ModelSpec& spec, const WeightSource& source) {
    std::uint64_t total = 0;
    for (const TensorNeed& need : tensor_needs(spec))
        if (const TensorView* tensor = source.find(need.name))
            if (const auto form = form_of(tensor->type))
                total +=
                    ((tensor->shape.size() < 2 || kept_whole(spec, need.name)
                          ? static_cast<std::uint64_t>(tensor->rows() * tensor->columns()) * sizeof(float)
                          : plane_layout(*form, tensor->rows(), tensor->columns()).bytes) +
                     255) /
                    256 * 256;
    return total;
}

Result<std::shared_ptr<const DeviceModel>> load_device_model(std::shared_ptr<const ModelSpec> spec,
                                                             const WeightSource& source, int device,
                                                             const PrepareOptions& options) {
    auto model = std::make_shared<DeviceModel>();
    model->device = device;
    PELLUCID_CHECK(checked(cudaSetDevice(device), "choosing device " + std::to_string(device)));
    Uploader up(source, *model, options);
    PELLUCID_CHECK(up.start(weight_bytes_needed(*spec, source)));
    model->embedding = up.matrix(spec->embedding);
    for (const Rope& rope : spec->ropes) {
        model->rope_factors.push_back(up.host_vector(rope.frequency_factors));
        model->rope_long_factors.push_back(up.host_vector(rope.long_factors));
    }
    for (const Layer& layer : spec->layers) {
        if (options.cancel.cancelled()) return fail(ErrorCode::cancelled, "loading was stopped");
        model->layers.push_back(upload_layer(up, layer));
        if (up.error()) return fail(*up.error());
        if (options.progress)
            options.progress(static_cast<double>(model->layers.size()) / (spec->n_layers() + 1));
    }
    model->head_norm = up.norm(spec->head.norm);
    model->head = spec->head.tied ? model->embedding : up.matrix(spec->head.output.weight);
    model->head_bias = up.vector(spec->head.output.bias);
    if (up.error()) return fail(*up.error());
    if (options.progress) options.progress(1);
    model->spec = std::move(spec);
    return std::shared_ptr<const DeviceModel>(std::move(model));
}

}  // namespace pellucid::cuda
