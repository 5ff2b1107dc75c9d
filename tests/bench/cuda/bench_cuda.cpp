// Kernel lab and model speed on one CUDA device.
//   bench_cuda lab [ROWS [SHAPE]]  each product of R1-Distill-Qwen-7B alone, L2 flushed before every run
//   bench_cuda model FILE     several at once, prefill, decode at empty context, at 8K and at 32K
//   bench_cuda alone FILE     the same without several at once
//   bench_cuda speed FILE     decode at empty context and at 8K
//   bench_cuda decode FILE    seven steps, for a profiler
//   bench_cuda first FILE     load to the first token, and a prompt of 500 tokens to its first
//   bench_cuda together FILE COUNT [RUNS]   so many sequences at once
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/backend/plugin.h"
#include "engine/model/fine_source.h"
#include "engine/model/model_file.h"
#include "gpu/cuda/batch.h"
#include "gpu/cuda/kernels.h"
#include "gpu/cuda/memory.h"
#include "gpu/cuda/repack.h"
#include "gpu/cuda/stream.h"

extern "C" void pellucid_cuda_make(int device, pellucid::Result<std::unique_ptr<pellucid::Backend>>& made);

using namespace pellucid;

namespace {

template <typename T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().message());
    return *std::move(result);
}

/// Median microseconds of `runs` runs, each after `before` pushed everything out of the cache.
template <typename Before, typename Fn>
double median_us(int runs, Before&& before, Fn&& fn) {
    cudaEvent_t begin, end;
    cudaEventCreate(&begin);
    cudaEventCreate(&end);
    std::vector<float> times;
    for (int i = 0; i < runs + 3; ++i) {
        before();
        cudaEventRecord(begin);
        fn();
        cudaEventRecord(end);
        cudaEventSynchronize(end);
        float ms = 0;
        cudaEventElapsedTime(&ms, begin, end);
        if (i >= 3) times.push_back(ms * 1000);
    }
    std::ranges::sort(times);
    return times[times.size() / 2];
}

void lab(int only_rows, const std::string& only_shape) {
    constexpr std::uint64_t flush_bytes = 512u << 20;
    const auto flush = must(cuda::DeviceBuffer::make(2 * flush_bytes, "flushing"));
    const auto clear = [&] { cudaMemsetAsync(flush.as<void>(), 1, flush_bytes); };
    const double copy_us = median_us(
        15, [] {},
        [&] {
            cudaMemcpyAsync(flush.as<std::byte>() + flush_bytes, flush.as<void>(), flush_bytes,
                            cudaMemcpyDeviceToDevice);
        });
    const double copy_gbs = 2.0 * flush_bytes / copy_us / 1e3;
    std::printf("copy %.0f GB/s (read + write)\n", copy_gbs);
    struct Shape {
        const char* name;
        std::vector<std::pair<TensorType, int>> parts;
        int columns, count;
        bool gated;
    };
    const Shape shapes[] = {
        {"qkv Q4_K/Q4_K/Q4_K",
         {{TensorType::q4_k, 3584}, {TensorType::q4_k, 512}, {TensorType::q4_k, 512}},
         3584,
         14,
         false},
        {"qkv Q4_K/Q4_K/Q6_K",
         {{TensorType::q4_k, 3584}, {TensorType::q4_k, 512}, {TensorType::q6_k, 512}},
         3584,
         14,
         false},
        {"o Q4_K", {{TensorType::q4_k, 3584}}, 3584, 28, false},
        {"gate+up Q4_K", {{TensorType::q4_k, 18944}, {TensorType::q4_k, 18944}}, 3584, 28, true},
        {"down Q4_K", {{TensorType::q4_k, 3584}}, 18944, 14, false},
        {"down Q6_K", {{TensorType::q6_k, 3584}}, 18944, 14, false},
        {"head Q6_K", {{TensorType::q6_k, 152064}}, 3584, 1, false},
    };
    // A graph of `copies` launches over different matrices, together far larger than L2: what a step sees.
    cudaStream_t stream;
    cudaStreamCreate(&stream);
    const auto out = must(cuda::DeviceBuffer::make(cuda::kBatchRows * 4 * 160000, "out"));
    const auto batch_in = must(cuda::DeviceBuffer::make(cuda::kBatchRows * 2 * 18944, "halves")),
               batch_inner = must(cuda::DeviceBuffer::make(cuda::kBatchRows * 2 * 18944, "inner halves")),
               parts = must(cuda::DeviceBuffer::make(4 * cuda::batch_parts(cuda::kBatchRows), "parts"));
    cudaMemset(batch_in.as<void>(), 0x1b, batch_in.bytes());
    const auto low = must(cuda::DeviceBuffer::make(8 * 18944 * 2, "q8")),
               low2 = must(cuda::DeviceBuffer::make(8 * 18944 * 2, "q8"));
    const auto meta = must(cuda::DeviceBuffer::make(8 * 18944 / 4, "q8")),
               meta2 = must(cuda::DeviceBuffer::make(8 * 18944 / 4, "q8"));
    const auto inner = must(cuda::DeviceBuffer::make(8 * 4 * 18944, "inner")),
               arrivals = must(cuda::DeviceBuffer::make(4096, "arrivals"));
    cudaMemset(low.as<void>(), 5, low.bytes());
    cudaMemset(meta.as<void>(), 0, meta.bytes());
    cudaMemset(arrivals.as<void>(), 0, arrivals.bytes());
    const cuda::Q8View to{low2.as<std::int8_t>(), low2.as<std::int8_t>() + low2.bytes() / 2, meta2.as<int>(),
                          18944 / 32};
    for (const int rows : {1, 4, 8, 16, 32, 64}) {
        if (only_rows > 0 && rows != only_rows) continue;
        double sum = 0;
        for (const Shape& shape : shapes) {
            if (!std::string(shape.name).starts_with(only_shape)) continue;
            std::uint64_t bytes = 0;
            for (const auto& [type, part_rows] : shape.parts)
                bytes += cuda::plane_layout(*cuda::form_of(type), part_rows, shape.columns).bytes;
            const int copies = static_cast<int>(std::clamp<std::uint64_t>((1ull << 30) / bytes, 3, 64));
            const auto weights = must(cuda::DeviceBuffer::make(bytes * copies, "weights"));
            cudaMemset(weights.as<void>(), 0x2a, bytes * copies);
            const cuda::Q8View input{low.as<std::int8_t>(), low.as<std::int8_t>() + low.bytes() / 2,
                                     meta.as<int>(), shape.columns / 32};
            double best = 1e30, chosen = 1e30;
            std::string line;
            struct Way {
                std::string name;
                enum { streamed, rows, batched } kind;
                cuda::BatchTuning tuning;
            };
            std::vector<Way> ways;
            if (rows == 1) ways.push_back({"streamed", Way::streamed, {}});
            if (rows <= cuda::kGemvRows) ways.push_back({"rows", Way::rows, {}});
            if (rows > 1) {
                ways.push_back({"batched", Way::batched, {}});
                for (const cuda::BatchTuning tuning : {cuda::BatchTuning{1, 2}, {1, 3}, {1, 4}, {2, 2}})
                    if (rows <= 16 || tuning.blocks == 1)
                        ways.push_back(
                            {"b" + std::to_string(tuning.blocks) + "d" + std::to_string(tuning.depth),
                             Way::batched, tuning});
            }
            for (const Way& way : ways) {
                cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal);
                for (int copy = 0; copy < copies; ++copy) {
                    std::vector<cuda::LinearJob> jobs;
                    const std::byte* at = weights.as<std::byte>() + bytes * static_cast<std::uint64_t>(copy);
                    for (const auto& [type, part_rows] : shape.parts) {
                        jobs.push_back(
                            {cuda::view_of(type, part_rows, shape.columns, at), {out.as<float>(), 160000}});
                        at += cuda::plane_layout(*cuda::form_of(type), part_rows, shape.columns).bytes;
                    }
                    const int count = static_cast<int>(jobs.size());
                    cuda::NormView norm;
                    norm.weight = inner.as<float>();
                    const cuda::StreamInput normed{inner.as<float>(), norm, nullptr},
                        halves{nullptr, {}, inner.as<void>()};
                    const bool with_norm = shape.columns == 3584 && shape.name[0] != 'o';
                    if (way.kind == Way::batched && shape.gated)
                        cuda::batch_gated(stream, jobs[0].matrix, jobs[1].matrix, 0, batch_in.as<void>(),
                                          rows, out.as<float>(), parts.as<float>(), batch_inner.as<void>(),
                                          way.tuning);
                    else if (way.kind == Way::batched)
                        cuda::batch_linear(stream, jobs.data(), count, batch_in.as<void>(), rows,
                                           parts.as<float>(), way.tuning);
                    else if (way.kind == Way::streamed && shape.gated)
                        cuda::stream_gated(stream, jobs[0].matrix, jobs[1].matrix, 0, jobs[0].matrix.rows, 0,
                                           normed, low2.as<void>());
                    else if (way.kind == Way::streamed)
                        cuda::stream_linear(stream, jobs.data(), count, with_norm ? normed : halves);
                    else if (shape.gated)
                        cuda::gemv_gated(stream, jobs[0].matrix, jobs[1].matrix, 0, input, rows, to,
                                         inner.as<float>(), arrivals.as<int>());
                    else
                        cuda::gemv_q8(stream, jobs.data(), count, input, rows);
                }
                cudaGraph_t graph;
                cudaGraphExec_t exec;
                cudaStreamEndCapture(stream, &graph);
                cudaGraphInstantiate(&exec, graph, 0);
                const double us = median_us(7, clear, [&] { cudaGraphLaunch(exec, nullptr); }) / copies;
                cudaGraphExecDestroy(exec);
                cudaGraphDestroy(graph);
                if (way.name == (rows == 1 ? "streamed" : "batched")) chosen = us;
                best = std::min(best, us);
                char text[64];
                std::snprintf(text, sizeof text, " %s %.1f", way.name.c_str(), us);
                line += text;
            }
            sum += chosen * shape.count;
            std::printf("%d row(s) %-20s best %7.2f us %5.0f GB/s %3.0f%% of copy |%s\n", rows, shape.name,
                        best, bytes / best / 1e3, 100.0 * bytes / best / 1e3 / copy_gbs, line.c_str());
        }
        std::printf("products of a step, %d row(s), as chosen: %.0f us\n", rows, sum);
    }
    if (const cudaError_t status = cudaDeviceSynchronize(); status != cudaSuccess)
        throw std::runtime_error(cudaGetErrorString(status));
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

class Conversation {
public:
    explicit Conversation(PreparedWeights& weights, const RunnerOptions& options)
        : runner_(must(weights.make_runner(options))) {
        for (int i = 0; i < options.pages; ++i) pages_.push_back(i);
        page_tokens_ = options.page_tokens;
    }
    void rewind(int length) { length_ = length; }
    void draw_with(const SampleSpec& sample) { sample_ = sample; }
    Batch batch(int rows, bool sampled_input) {
        Batch batch;
        BatchSequence sequence;
        sequence.id = 1;
        sequence.length = length_;
        const int pages = (length_ + rows + page_tokens_ - 1) / page_tokens_;
        sequence.pages.assign(pages_.begin(), pages_.begin() + pages);
        batch.sequences.push_back(std::move(sequence));
        batch.samples = {sample_};
        for (int r = 0; r < rows; ++r) {
            Row row;
            row.position = length_ + r;
            row.input = TokenId{1000 + (length_ + r) * 7 % 20000};
            if (sampled_input) row.input = SampledBy{last_rows_ - 1};
            if (r == rows - 1) row.output = RowOutput::sample, row.sample = 0;
            batch.rows.push_back(row);
        }
        length_ += rows;
        last_rows_ = rows;
        return batch;
    }
    void prefill(int tokens, int chunk) {
        for (int done = 0; done < tokens; done += chunk)
            must(runner_->wait(must(runner_->submit(batch(std::min(chunk, tokens - done), false)))));
    }
    /// Wall seconds of `tokens` steps, the host one step behind.
    double decode(int tokens) {
        const auto begin = std::chrono::steady_clock::now();
        Ticket before = must(runner_->submit(batch(1, true)));
        for (int i = 1; i < tokens; ++i) {
            const Ticket ticket = must(runner_->submit(batch(1, true)));
            must(runner_->wait(before));
            before = ticket;
        }
        must(runner_->wait(before));
        return seconds_since(begin);
    }

private:
    std::unique_ptr<Runner> runner_;
    std::vector<PageId> pages_;
    int page_tokens_ = 64, length_ = 0, last_rows_ = 1;
    SampleSpec sample_;
};

/// Generated tokens a second in all: `count` sequences of 128 tokens, then 128 steps of one row each.
double together(PreparedWeights& weights, int count, int runs = 6, int steps = 120) {
    RunnerOptions options;
    options.pages = count * 5;
    options.max_batch_rows = std::max(128, count);
    options.max_sequences = count;
    const auto runner = must(weights.make_runner(options));
    std::vector<BatchSequence> sequences(static_cast<std::size_t>(count));
    for (int s = 0; s < count; ++s) {
        Batch batch;
        sequences[static_cast<std::size_t>(s)].id = s + 1;
        for (int i = 0; i < 5; ++i) sequences[static_cast<std::size_t>(s)].pages.push_back(5 * s + i);
        batch.sequences = {sequences[static_cast<std::size_t>(s)]};
        for (int i = 0; i < 128; ++i) {
            Row row;
            row.position = i;
            row.input = TokenId{1000 + (i + 77 * s) * 7 % 20000};
            batch.rows.push_back(row);
        }
        must(runner->wait(must(runner->submit(batch))));
        sequences[static_cast<std::size_t>(s)].length = 128;
    }
    std::vector<double> times;
    for (int run = 0; run < runs; ++run) {
        const auto begin = std::chrono::steady_clock::now();
        std::optional<Ticket> before;
        for (int step = 0; step < steps; ++step) {
            Batch batch;
            batch.samples.resize(1);
            for (int s = 0; s < count; ++s) {
                BatchSequence& sequence = sequences[static_cast<std::size_t>(s)];
                sequence.length = 128 + step;
                batch.sequences.push_back(sequence);
                Row row;
                row.sequence = s;
                row.position = sequence.length;
                if (step == 0)
                    row.input = TokenId{5 + s};
                else
                    row.input = SampledBy{s};
                row.output = RowOutput::sample;
                row.sample = 0;
                batch.rows.push_back(row);
            }
            const Ticket ticket = must(runner->submit(batch));
            if (before) must(runner->wait(*before));
            before = ticket;
        }
        must(runner->wait(*before));
        if (run > 0) times.push_back(seconds_since(begin));
    }
    std::ranges::sort(times);
    return times.empty() ? 0 : count * steps / times[times.size() / 2];
}

double median(std::vector<double> values);

/// From nothing to the first token, and to it again in a loaded model: a prompt of 500 tokens.
void first_token(const std::string& path) {
    const auto begin = std::chrono::steady_clock::now();
    Result<std::unique_ptr<Backend>> made = std::unique_ptr<Backend>();
    pellucid_cuda_make(0, made);
    const auto backend = must(std::move(made));
    const ModelFile file = must(open_model_file(path));
    backend->memory_available();  // the device is awake
    const double awake = seconds_since(begin);
    const auto weights = must(backend->prepare(file.spec, file.weights, {}));
    const double loaded = seconds_since(begin);
    RunnerOptions options;
    options.pages = 4096 / 64;
    Conversation chat(*weights, options);
    chat.prefill(500, 512);
    std::printf("first token %.2f s after the start: device %.2f, weights %.2f, runner and prompt %.2f\n",
                seconds_since(begin), awake, loaded - awake, seconds_since(begin) - loaded);
    std::vector<double> times;
    for (int i = 0; i < 7; ++i) {
        chat.rewind(0);
        const auto start = std::chrono::steady_clock::now();
        chat.prefill(500, 512);
        if (i > 0) times.push_back(1e3 * seconds_since(start));
    }
    std::printf("prompt of 500 tokens to its first token: %.1f ms (min %.1f max %.1f)\n", median(times),
                *std::ranges::min_element(times), *std::ranges::max_element(times));
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

void model(const std::string& path, bool decode_only, bool speed, bool alone, int count, int runs,
           bool fine) {
    Result<std::unique_ptr<Backend>> made = std::unique_ptr<Backend>();
    pellucid_cuda_make(0, made);
    const auto backend = must(std::move(made));
    std::printf("%s\n", backend->description().c_str());
    const auto begin = std::chrono::steady_clock::now();
    ModelFile file = must(open_model_file(path));
    if (fine) file.weights = make_fine(file.weights);
    RunnerOptions options;
    options.pages = 32768 / 64 + 40;
    options.max_batch_rows = 2048;
    const DeviceMemory needed = backend->memory_needed(*file.spec, *file.weights, options);
    const std::uint64_t free_before = backend->memory_available();
    const auto weights = must(backend->prepare(file.spec, file.weights, {}));
    std::printf("load %.2f s\n", seconds_since(begin));
    Conversation chat(*weights, options);
    std::printf("memory: planned %.1f MB, taken %.1f MB\n", needed.total() / 1e6,
                (free_before - backend->memory_available()) / 1e6);
    if (count > 0) {  // for a profiler too
        std::printf("%d at once: %.0f tok/s in all\n", count, together(*weights, count, runs, 120));
        return;
    }
    if (decode_only) {  // for a profiler
        chat.prefill(1, 1);
        chat.decode(6);
        return;
    }
    if (!speed && !alone)
        for (int at_once : {1, 2, 4, 8, 16, 32, 64})
            std::printf("%d at once: %.0f tok/s in all\n", at_once, together(*weights, at_once));
    for (int tokens : speed ? std::vector<int>{} : std::vector<int>{512, 2048}) {
        std::vector<double> times;
        for (int i = 0; i < 6; ++i) {
            chat.rewind(0);
            const auto start = std::chrono::steady_clock::now();
            chat.prefill(tokens, 2048);
            if (i > 0) times.push_back(seconds_since(start));
        }
        std::printf("prefill %d: %.0f tok/s (%.2f ms)\n", tokens, tokens / median(times),
                    1e3 * median(times));
    }
    chat.draw_with({.temperature = 0.8f, .top_k = 40, .top_p = 0.95f, .min_p = 0.05f, .seed = 1});
    chat.rewind(0);
    chat.prefill(1, 1);
    std::vector<double> drawn;
    for (int i = 0; i < 6; ++i) {
        chat.rewind(1);
        const double seconds = chat.decode(128);
        if (i > 0) drawn.push_back(seconds);
    }
    std::printf("decode at 0, drawn with top-k 40, top-p 0.95, min-p 0.05: %.1f tok/s (%.3f ms)\n",
                128 / median(drawn), 1e3 * median(drawn) / 128);
    chat.draw_with({});
    for (int depth : speed ? std::vector<int>{0, 8192} : std::vector<int>{0, 8192, 32768}) {
        chat.rewind(0);
        chat.prefill(std::max(depth, 1), 2048);
        std::vector<double> times;
        for (int i = 0; i < 6; ++i) {
            chat.rewind(std::max(depth, 1));
            const double seconds = chat.decode(128);
            if (i > 0) times.push_back(seconds);
        }
        std::printf("decode at %d: %.1f tok/s (%.3f ms; min %.3f max %.3f)\n", depth, 128 / median(times),
                    1e3 * median(times) / 128, 1e3 * *std::ranges::min_element(times) / 128,
                    1e3 * *std::ranges::max_element(times) / 128);
    }
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc >= 2 && std::string(argv[1]) == "lab")
        lab(argc > 2 ? std::atoi(argv[2]) : 0, argc > 3 ? argv[3] : "");
    else if (argc >= 3 && std::string(argv[1]) == "first")
        first_token(argv[2]);
    else if (argc >= 3)
        model(argv[2], std::string(argv[1]) == "decode", std::string(argv[1]) == "speed",
              std::string(argv[1]) == "alone",
              std::string(argv[1]) == "together" && argc > 3 ? std::atoi(argv[3]) : 0,
              argc > 4 ? std::atoi(argv[4]) : 6, argc > 3 && std::string(argv[argc - 1]) == "fine");
    else
        return 2;
    return 0;
} catch (const std::exception& error) {
    std::printf("FAILED: %s\n", error.what());
    return 1;
}
