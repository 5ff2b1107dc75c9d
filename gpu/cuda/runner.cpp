#include "gpu/cuda/runner.h"

#include <algorithm>
#include <string>

namespace pellucid::cuda {
namespace {

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}
/// Keys and values each, latents, or inputs of a convolution.
std::uint64_t key_bytes(const Layer& layer, const RunnerOptions& options) {
    const CacheShape shape = cache_shape(layer);
    return size(options.pages) * size(options.page_tokens) *
           size(std::int64_t{shape.heads} * shape.key_width) * 2;
}
std::uint64_t layer_kv_bytes(const Layer& layer, const RunnerOptions& options) {
    return (cache_shape(layer).value_width > 0 ? 2 : 1) * key_bytes(layer, options);
}

}  // namespace

std::uint64_t CudaRunner::kv_needed(const ModelSpec& spec, const RunnerOptions& options) {
    std::uint64_t total = 0;
    for (const Layer& layer : spec.layers) total += layer_kv_bytes(layer, options);
    return total;
}

std::uint64_t CudaRunner::scratch_needed(const ModelSpec& spec, const RunnerOptions& options) {
    Carver carver;
    Scratch::lay_out(spec, options, carver);
    return carver.used();
}

Result<std::unique_ptr<Runner>> CudaRunner::make(std::shared_ptr<const DeviceModel> model,
                                                 const RunnerOptions& options) {
    if (options.page_tokens < 1 || options.pages < 1 || options.max_batch_rows < 1 ||
        options.max_sequences < 1)
        return fail(ErrorCode::invalid_argument, "a runner needs at least one page, row and sequence",
                    "this is a fault of the caller");
    if (options.kv_format != KvFormat::f16)
        return fail(ErrorCode::unsupported,
                    "the CUDA device keeps keys and values in f16, not in " +
                        std::string(to_string(options.kv_format)),
                    "choose --kv f16");
    std::unique_ptr<CudaRunner> runner(new CudaRunner(std::move(model), options));
    PELLUCID_CHECK(runner->start());
    return std::unique_ptr<Runner>(std::move(runner));
}

Result<void> CudaRunner::start() {
    const ModelSpec& spec = *model_->spec;
    if (spec.ropes.size() > kMaxRopes)
        return fail(ErrorCode::unsupported,
                    "the CUDA device runs at most " + std::to_string(kMaxRopes) +
                        " kinds of positions, the model has " + std::to_string(spec.ropes.size()),
                    "choose --device cpu");
    PELLUCID_CHECK(checked(cudaSetDevice(model_->device), "choosing the device"));
    std::uint64_t at = 0;
    for (const Layer& layer : spec.layers) {
        if (layer.attention.head_dim > 256)
            return fail(ErrorCode::unsupported, "the CUDA device runs heads of at most 256 numbers",
                        "choose --device cpu");
        kv_at_.push_back(at);
        at += layer_kv_bytes(layer, options_);
    }
    PELLUCID_TRY(kv_, DeviceBuffer::make(at, "keys and values"));
    PELLUCID_TRY(memory_, DeviceBuffer::make(scratch_needed(spec, options_), "a step's scratch"));
    Carver carver(memory_.as<std::byte>());
    scratch_ = Scratch::lay_out(spec, options_, carver);
    PELLUCID_TRY(pinned_,
                 DeviceBuffer::make_pinned(static_cast<std::uint64_t>(scratch_.control_words) * 4 * kInFlight,
                                           "step control"));
    PELLUCID_TRY(pinned_choices_,
                 DeviceBuffer::make_pinned(size(options_.max_batch_rows) * sizeof(Choice) * (kInFlight + 1),
                                           "choices"));
    const std::size_t vocabulary = spec.head.present() ? size(spec.vocabulary) : 0;
    PELLUCID_TRY(pinned_logits_, DeviceBuffer::make_pinned(
                                     size(kInFlight * kGemvRows) * vocabulary * sizeof(float), "logits"));
    if (!is_whole(spec)) PELLUCID_CHECK(make_hidden_room());
    PELLUCID_CHECK(checked(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "making a stream"));
    for (cudaEvent_t& event : done_)
        PELLUCID_CHECK(checked(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), "making an event"));
    PELLUCID_CHECK(
        checked(cudaMemsetAsync(kv_.as<void>(), 0, kv_.bytes(), stream_), "clearing keys and values"));
    PELLUCID_CHECK(
        checked(cudaMemsetAsync(memory_.as<void>(), 0, memory_.bytes(), stream_), "clearing scratch"));
    gemm_ = Gemm::make(stream_);
    for (int layer = 0; layer < spec.n_layers(); ++layer) {
        streamed_attention_.push_back(streams_attention(layer));
        streamed_feed_forward_.push_back(streams_feed_forward(layer));
    }
    streamed_head_ = streams_head();
    batched_ = batchable();
    PELLUCID_CHECK(checked(
        cudaDeviceGetAttribute(&processors_, cudaDevAttrMultiProcessorCount, model_->device), "asking"));
    for (const Layer& layer : spec.layers)
        most_kv_heads_ = std::max(most_kv_heads_, layer.attention.kv_heads);
    most_splits_ = std::clamp(processors_ / most_kv_heads_, 1, kMaxSplits);
    const int context = options_.context > 0 ? options_.context : spec.trained_context;
    for (std::size_t i = 0; i < spec.ropes.size(); ++i) {
        const bool far = uses_long_factors(spec.ropes[i], context);
        const std::vector<double> frequencies =
            rope_frequencies(spec.ropes[i], far ? model_->rope_long_factors[i] : model_->rope_factors[i]);
        PELLUCID_CHECK(checked(
            cudaMemcpyAsync(scratch_.frequencies + i * size(scratch_.widest_pairs), frequencies.data(),
                            frequencies.size() * sizeof(double), cudaMemcpyHostToDevice, stream_),
            "uploading rope frequencies"));
        PELLUCID_CHECK(checked(cudaStreamSynchronize(stream_), "uploading rope frequencies"));
    }
    return {};
}

CudaRunner::~CudaRunner() {
    cudaSetDevice(model_->device);
    if (stream_) cudaStreamSynchronize(stream_);
    for (auto& [key, graph] : graphs_)
        if (graph.exec) cudaGraphExecDestroy(graph.exec);
    gemm_.reset();
    for (cudaEvent_t event : done_)
        if (event) cudaEventDestroy(event);
    if (stream_) cudaStreamDestroy(stream_);
}

StepView CudaRunner::step_view() const {
    const std::int64_t rows = options_.max_batch_rows;
    StepView view;
    view.tokens = scratch_.control;
    view.positions = scratch_.control + rows;
    view.sequences = scratch_.control + 2 * rows;
    view.tables = scratch_.control + 4 * rows;
    view.table_width = options_.pages;
    view.page_tokens = options_.page_tokens;
    return view;
}

RopeView CudaRunner::rope_view(int rope) const {
    RopeView view;
    if (rope < 0) return view;
    const Rope& spec = model_->spec->ropes[size(rope)];
    view.frequencies = scratch_.frequencies + rope * scratch_.widest_pairs;
    view.pairs = spec.dims / 2;
    view.adjacent = spec.layout == RopeLayout::adjacent;
    view.factor = static_cast<float>(spec.attention_factor);
    view.angles = scratch_.angles +
                  2 * static_cast<std::int64_t>(rope) * options_.max_batch_rows * scratch_.widest_pairs;
    return view;
}

KvView CudaRunner::kv_view(int layer) const {
    const Layer& spec = model_->spec->layers[size(layer)];
    std::byte* keys = kv_.as<std::byte>() + kv_at_[size(layer)];
    const CacheShape shape = cache_shape(spec);
    return {keys, shape.value_width > 0 ? keys + key_bytes(spec, options_) : nullptr, shape.heads,
            shape.key_width};
}

bool CudaRunner::samples(const SampleSpec& spec) const {
    return spec.top_alternatives == 0 && (spec.temperature == 0 || draws(model_->spec->vocabulary));
}

Result<void> CudaRunner::run_graph(const Shape& shape) {
    Graph& graph = graphs_[shape];
    if (!graph.exec) {
        PELLUCID_CHECK(
            checked(cudaStreamBeginCapture(stream_, cudaStreamCaptureModeThreadLocal), "capturing a step"));
        const auto recorded = layers(shape.rows, shape.splits, {shape.begin, shape.end}, {});
        const int* at = scratch_.control + 3 * options_.max_batch_rows;
        if (shape.heads > 0) head(shape.heads, at, shape.rows == 1);
        if (shape.sampled) choose(shape.heads, 0);
        cudaGraph_t made = nullptr;
        const auto captured = checked(cudaStreamEndCapture(stream_, &made), "capturing a step");
        if (!recorded) return recorded.failure();
        PELLUCID_CHECK(captured);
        const auto ready = checked(cudaGraphInstantiate(&graph.exec, made, 0), "making a graph of a step");
        cudaGraphDestroy(made);
        PELLUCID_CHECK(ready);
    }
    return checked(cudaGraphLaunch(graph.exec, stream_), "starting a step");
}

/// Rows first … of those with an output, whose logits are there.
void CudaRunner::choose(int rows, int first) {
    const int vocabulary = model_->spec->vocabulary;
    const int* at = scratch_.control + 3 * options_.max_batch_rows + first;
    if (drawn_)
        choose_drawn(stream_, scratch_.logits, vocabulary, rows, at, step_view().positions,
                     reinterpret_cast<const DrawSpec*>(scratch_.control + scratch_.draws_at) + first,
                     scratch_.choices, scratch_.ids);
    else
        choose_greedy(stream_, scratch_.logits, vocabulary, rows, at, scratch_.choice_parts, scratch_.choices,
                      scratch_.ids);
}

/// The half layers of a range, from ids or from hidden states that are in scratch_.x.
Result<void> CudaRunner::layers(int rows, int splits, const HalfRange& range, const CancelToken& cancel) {
    const ModelSpec& spec = *model_->spec;
    RopeView ropes[kMaxRopes];
    for (std::size_t i = 0; i < spec.ropes.size(); ++i) ropes[i] = rope_view(static_cast<int>(i));
    embed(stream_, model_->embedding, spec.embedding_scale, step_view(), scratch_.ids, scratch_.x, ropes,
          static_cast<int>(spec.ropes.size()), rows);
    normed_ = false;
    end_half_ = range.end;
    for (int half = range.begin; half < range.end; ++half) {
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "the step was stopped");
        const int layer = half / 2;
        if (half % 2 == 0) {
            if (rows == 1 && streamed_attention_[size(layer)])
                streamed_attention(layer, splits);
            else
                attention(layer, rows, splits);
        } else if (rows == 1 && streamed_feed_forward_[size(layer)]) {
            streamed_feed_forward(layer);
        } else {
            feed_forward(layer, rows);
        }
    }
    if (gemm_failed_)
        return fail(ErrorCode::device_lost, "cuBLAS refused a product",
                    "restart the program, or use --device cpu");
    return checked(cudaPeekAtLastError(), "starting a step's kernels");
}

/// What the producer of an input must write for these readers.
NormOut CudaRunner::input_for(std::initializer_list<const DeviceLinear*> readers, int width, int rows,
                              float* values) const {
    NormOut out;
    for (const DeviceLinear* reader : readers) {
        if (!reader->matrix.present()) continue;
        if (large(rows) || batched(reader->matrix, rows)) {
            out.halves = scratch_.halves;
            out.turned = batched(reader->matrix, rows);  // all readers or none, where others take halves too
        } else if (reader->matrix.quantised())
            out.q8 = {scratch_.q8_low, scratch_.q8_high, scratch_.q8_meta, width / kGroup};
        else
            out.values = values;
    }
    return out;
}

void CudaRunner::linear(const LinearJob& job, const NormOut& input, int rows) {
    const MatrixView& m = job.matrix;
    if (batched(m, rows)) {
        linears({job}, input, rows);
        return;
    }
    if (large(rows)) {
        const void* weights = m.codes;
        if (m.form != Form::f16) {
            decode_to_half(stream_, m, scratch_.decoded);
            weights = scratch_.decoded;
        }
        if (!gemm_->run(weights, input.halves, job.to.out, m.rows, m.columns, rows, job.to.stride,
                        job.to.alpha, job.to.add))
            gemm_failed_ = true;
        if (job.to.bias) add_bias(stream_, job.to.out, job.to.stride, job.to.bias, m.rows, rows);
        return;
    }
    for (int first = 0; first < rows; first += kGemvRows) {
        const int count = std::min(kGemvRows, rows - first);
        LinearJob part = job;
        part.to.out += first * job.to.stride;
        if (m.quantised()) {
            const std::int64_t at = static_cast<std::int64_t>(first) * input.q8.groups;
            const Q8View q8{input.q8.low + at * 16, input.q8.high + at * 16, input.q8.meta + at * 2,
                            input.q8.groups};
            gemv_q8(stream_, &part, 1, q8, count);
        } else {
            gemv_float(stream_, part, input.values + static_cast<std::int64_t>(first) * m.columns, count);
        }
    }
}

void CudaRunner::linears(std::initializer_list<LinearJob> jobs, const NormOut& input, int rows) {
    if (std::all_of(jobs.begin(), jobs.end(),
                    [&](const LinearJob& job) { return batched(job.matrix, rows); })) {
        for (int first = 0; first < rows; first += kBatchRows) {
            LinearJob parts[kMaxJobs];
            std::copy(jobs.begin(), jobs.end(), parts);
            for (LinearJob& part : parts) part.to.out += first * part.to.stride;
            batch_linear(stream_, parts, static_cast<int>(jobs.size()),
                         static_cast<const std::uint16_t*>(input.halves) +
                             static_cast<std::int64_t>(first) * parts[0].matrix.columns,
                         std::min(kBatchRows, rows - first), scratch_.parts);
        }
        return;
    }
    const bool together =
        rows <= kGemvRows && !batched(jobs.begin()->matrix, rows) &&
        std::all_of(jobs.begin(), jobs.end(), [](const LinearJob& job) { return job.matrix.quantised(); });
    if (together && !large(rows))
        gemv_q8(stream_, jobs.begin(), static_cast<int>(jobs.size()), input.q8, rows);
    else
        for (const LinearJob& job : jobs) linear(job, input, rows);
}

/// x += residual_scale * post(W input + b); where it costs nothing, also normed = next(x).
void CudaRunner::add_linear(const DeviceLinear& part, const NormView& post, const NormOut& input, int rows,
                            const NormView* next, const NormOut& normed) {
    const ModelSpec& spec = *model_->spec;
    const LinearJob job{part.matrix, {scratch_.x, spec.n_embd, part.bias, true, spec.residual_scale, 0}};
    if (next && !post.weight && rows <= kBatchRows && batched(part.matrix, rows) &&
        batch_norms(job.to, part.matrix, *next)) {
        batch_linear_norm(stream_, job, input.halves, rows, scratch_.parts, *next, normed);
        normed_ = true;
        return;
    }
    // The bias of a product through cuBLAS is added after its scale, so such a layer takes the long way.
    if (!post.weight && !(large(rows) && !batched(part.matrix, rows) && part.bias)) {
        linear(job, input, rows);
        return;
    }
    linear({part.matrix, {scratch_.part, spec.n_embd, part.bias, false, 1, 0}}, input, rows);
    add_normed(stream_, scratch_.x, scratch_.part, spec.n_embd, rows, post, spec.residual_scale);
}

/// Logits of `rows` <= kGemvRows rows of x, which ones said by rows_at on the device.
void CudaRunner::head(int rows, const int* rows_at, bool only_row) {
    const ModelSpec& spec = *model_->spec;
    if (only_row && streamed_head_) {
        streamed_head();
        return;
    }
    const DeviceLinear output{model_->head, model_->head_bias};
    const NormOut input = input_for({&output}, spec.n_embd, rows, scratch_.normed);
    norm(stream_, scratch_.x, spec.n_embd, rows, model_->head_norm, rows_at, input);
    linear({output.matrix,
            {scratch_.logits, spec.vocabulary, output.bias, false, spec.head.scale, spec.head.soft_cap}},
           input, rows);
}

}  // namespace pellucid::cuda
