// What goes to the device before a step and comes back after it.
#include <algorithm>
#include <cstring>

#include "gpu/cuda/runner.h"

namespace pellucid::cuda {
namespace {

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}
bool wants_logits(const Row& row) {
    return row.output == RowOutput::logits || row.output == RowOutput::sample;
}

}  // namespace

/// Page-locked, so that copies go beside what the host does. Parts have it from the start.
Result<void> CudaRunner::make_hidden_room() {
    if (pinned_hidden_.bytes() > 0) return {};
    PELLUCID_TRY(pinned_hidden_, DeviceBuffer::make_pinned(2 * size(options_.max_batch_rows) *
                                                               size(model_->spec->n_embd) * sizeof(float),
                                                           "hidden states"));
    return {};
}

/// Hidden states that rows begin with, neighbours in one copy.
Result<void> CudaRunner::upload_hidden(const Batch& batch) {
    const std::size_t width = size(model_->spec->n_embd), rows = batch.rows.size();
    const auto hidden_at = [&](std::size_t r) {
        return r < rows ? std::get_if<std::vector<float>>(&batch.rows[r].input) : nullptr;
    };
    bool waited = false;
    for (std::size_t first = 0, end = 0; first < rows; first = end + 1) {
        for (end = first; hidden_at(end); ++end) {
            if (!waited) {  // the states of the step before may still be on their way
                PELLUCID_CHECK(make_hidden_room());
                PELLUCID_CHECK(
                    checked(cudaEventSynchronize(done_[(next_ticket_ + kInFlight - 2) % kInFlight]),
                            "waiting for an earlier step"));
                waited = true;
            }
            std::memcpy(pinned_hidden_.as<float>() + end * width, hidden_at(end)->data(),
                        width * sizeof(float));
        }
        if (end > first)
            PELLUCID_CHECK(checked(
                cudaMemcpyAsync(scratch_.x + first * width, pinned_hidden_.as<float>() + first * width,
                                (end - first) * width * sizeof(float), cudaMemcpyHostToDevice, stream_),
                "uploading hidden states"));
    }
    return {};
}

Result<void> CudaRunner::upload(const Batch& batch, int slot) {
    const std::int64_t rows = options_.max_batch_rows;
    int* words = pinned_.as<int>() + slot * scratch_.control_words;
    int head_row = 0;
    for (std::size_t r = 0; r < batch.rows.size(); ++r) {
        const Row& row = batch.rows[r];
        int token = kHiddenInput;
        if (const auto* id = std::get_if<TokenId>(&row.input)) token = *id;
        if (const auto* by = std::get_if<SampledBy>(&row.input)) token = -1 - by->row;
        words[r] = token;
        words[rows + static_cast<std::int64_t>(r)] = row.position;
        words[2 * rows + static_cast<std::int64_t>(r)] = row.sequence;
        if (drawn_ && wants_logits(row)) {
            DrawSpec draw;
            if (row.output == RowOutput::sample) {
                const SampleSpec& sample = batch.samples[size(row.sample)];
                draw = {sample.temperature,
                        sample.top_k,
                        sample.top_p,
                        sample.min_p,
                        static_cast<unsigned>(sample.seed),
                        static_cast<unsigned>(sample.seed >> 32)};
            }
            std::memcpy(words + scratch_.draws_at + head_row * std::int64_t{sizeof draw / sizeof(int)}, &draw,
                        sizeof draw);
        }
        if (wants_logits(row)) words[3 * rows + head_row++] = static_cast<int>(r);
    }
    PELLUCID_CHECK(upload_hidden(batch));
    for (std::size_t s = 0; s < batch.sequences.size(); ++s)
        std::copy(batch.sequences[s].pages.begin(), batch.sequences[s].pages.end(),
                  words + 4 * rows + static_cast<std::int64_t>(s) * options_.pages);
    if (drawn_ && head_row > 0)
        PELLUCID_CHECK(
            checked(cudaMemcpyAsync(scratch_.control + scratch_.draws_at, words + scratch_.draws_at,
                                    size(head_row) * sizeof(DrawSpec), cudaMemcpyHostToDevice, stream_),
                    "uploading how to sample"));
    std::int64_t used = 4 * rows;
    if (!batch.sequences.empty())
        used += (static_cast<std::int64_t>(batch.sequences.size()) - 1) * options_.pages +
                static_cast<std::int64_t>(batch.sequences.back().pages.size());
    return checked(
        cudaMemcpyAsync(scratch_.control, words, size(used) * sizeof(int), cudaMemcpyHostToDevice, stream_),
        "uploading a step");
}

Result<void> CudaRunner::copy_pages(const Batch& batch) {
    for (const PageCopy& copy : batch.copies) {
        if (copy.tokens == 0) continue;
        for (int layer = 0; layer < model_->spec->n_layers(); ++layer) {
            const KvView kv = kv_view(layer);
            if (kv.kv_heads == 0) continue;  // on another device
            const std::size_t head_bytes = size(options_.page_tokens) * size(kv.head_dim) * 2;
            const std::size_t page_bytes = head_bytes * size(kv.kv_heads);
            for (void* base : {kv.keys, kv.values}) {
                if (!base) continue;
                PELLUCID_CHECK(checked(
                    cudaMemcpy2DAsync(static_cast<std::byte*>(base) + size(copy.to) * page_bytes, head_bytes,
                                      static_cast<std::byte*>(base) + size(copy.from) * page_bytes,
                                      head_bytes, size(copy.tokens) * size(kv.head_dim) * 2,
                                      size(kv.kv_heads), cudaMemcpyDeviceToDevice, stream_),
                    "copying a page"));
            }
        }
    }
    return {};
}

/// Logits and samples of a step that is no graph, as many rows at a time as there is room for logits.
Result<void> CudaRunner::heads_by_pieces(Pending& step) {
    const std::size_t vocabulary = size(model_->spec->vocabulary);
    std::vector<int> heads(step.rows);
    heads.insert(heads.end(), step.logits.begin(), step.logits.end());
    std::ranges::sort(heads);
    float* read = pinned_logits_.as<float>() + logits_at(step.slot);
    for (std::size_t begin = 0; begin < heads.size(); begin += kGemvRows) {
        const int rows = static_cast<int>(std::min<std::size_t>(kGemvRows, heads.size() - begin));
        const int* at = scratch_.control + 3 * options_.max_batch_rows + begin;
        head(rows, at, false);
        if (!step.rows.empty()) choose(rows, static_cast<int>(begin));
        if (step.logits.empty()) continue;
        PELLUCID_CHECK(checked(cudaMemcpyAsync(read, scratch_.logits, size(rows) * vocabulary * sizeof(float),
                                               cudaMemcpyDeviceToHost, stream_),
                               "reading logits"));
        PELLUCID_CHECK(checked(cudaStreamSynchronize(stream_), "running a step"));
        for (int i = 0; i < rows; ++i) {
            RowResult out;
            out.row = heads[begin + size(i)];
            if (!std::ranges::binary_search(step.logits, out.row)) continue;
            out.values.assign(read + size(i) * vocabulary, read + (size(i) + 1) * vocabulary);
            step.result.rows.push_back(std::move(out));
        }
    }
    step.logits_read = true;
    return checked(cudaPeekAtLastError(), "starting a step's head");
}

/// Sampled ids and hidden states, to be there when the step is done.
Result<void> CudaRunner::read_back(const Pending& step) {
    if (step.stopped) return {};
    if (!step.rows.empty())
        PELLUCID_CHECK(
            checked(cudaMemcpyAsync(pinned_choices_.as<Choice>() + step.slot * options_.max_batch_rows,
                                    scratch_.choices, (size(step.rows.back()) + 1) * sizeof(Choice),
                                    cudaMemcpyDeviceToHost, stream_),
                    "reading the choice"));
    if (step.hidden.empty()) return {};
    PELLUCID_CHECK(make_hidden_room());
    const std::size_t width = size(model_->spec->n_embd), first = size(step.hidden.front()) * width,
                      count = size(step.hidden.back()) * width + width - first;
    float* out = pinned_hidden_.as<float>() + size(options_.max_batch_rows) * width;
    return checked(cudaMemcpyAsync(out + first, scratch_.x + first, count * sizeof(float),
                                   cudaMemcpyDeviceToHost, stream_),
                   "reading hidden states");
}

}  // namespace pellucid::cuda
