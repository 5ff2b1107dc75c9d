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

Result<void> CudaRunner::upload(const Batch& batch, int slot) {
    const ModelSpec& spec = *model_->spec;
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
        if (const auto* hidden = std::get_if<std::vector<float>>(&row.input))
            PELLUCID_CHECK(
                checked(cudaMemcpyAsync(scratch_.x + r * size(spec.n_embd), hidden->data(),
                                        hidden->size() * sizeof(float), cudaMemcpyHostToDevice, stream_),
                        "uploading a hidden row"));
    }
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

Result<void> CudaRunner::outputs(const Batch& batch, StepResult& result) {
    const ModelSpec& spec = *model_->spec;
    const std::size_t width = size(spec.n_embd), vocabulary = size(spec.vocabulary);
    Choice* own = pinned_choices_.as<Choice>() + kInFlight * options_.max_batch_rows;
    std::vector<std::size_t> with_logits;  // into result.rows
    for (std::size_t r = 0; r < batch.rows.size(); ++r) {
        if (batch.rows[r].output == RowOutput::nothing) continue;
        RowResult out;
        out.row = static_cast<int>(r);
        if (wants_logits(batch.rows[r])) {
            with_logits.push_back(result.rows.size());
        } else {
            out.values.resize(width);
            PELLUCID_CHECK(checked(cudaMemcpyAsync(out.values.data(), scratch_.x + r * width,
                                                   width * sizeof(float), cudaMemcpyDeviceToHost, stream_),
                                   "reading a hidden row"));
        }
        result.rows.push_back(std::move(out));
    }
    for (std::size_t begin = 0; begin < with_logits.size(); begin += kGemvRows) {
        const int rows = static_cast<int>(std::min<std::size_t>(kGemvRows, with_logits.size() - begin));
        const int* at = scratch_.control + 3 * options_.max_batch_rows + begin;
        head(rows, at, false);
        choose(rows, static_cast<int>(begin));
        PELLUCID_CHECK(
            checked(cudaMemcpyAsync(pinned_logits_.as<float>(), scratch_.logits,
                                    size(rows) * vocabulary * sizeof(float), cudaMemcpyDeviceToHost, stream_),
                    "reading logits"));
        PELLUCID_CHECK(checked(cudaMemcpyAsync(own, scratch_.choices, batch.rows.size() * sizeof(Choice),
                                               cudaMemcpyDeviceToHost, stream_),
                               "reading choices"));
        PELLUCID_CHECK(checked(cudaStreamSynchronize(stream_), "running a step"));
        for (int i = 0; i < rows; ++i) {
            RowResult& out = result.rows[with_logits[begin + size(i)]];
            if (batch.rows[size(out.row)].output == RowOutput::sample) {
                const Choice& choice = own[out.row];
                out.sampled = SampledToken{choice.id, choice.logprob, choice.entropy, {}};
            } else {
                const float* logits = pinned_logits_.as<float>() + size(i) * vocabulary;
                out.values.assign(logits, logits + vocabulary);
            }
        }
    }
    return checked(cudaStreamSynchronize(stream_), "running a step");
}

}  // namespace pellucid::cuda
