// Checks the CUDA backend on a machine that has a device, without a test framework: prints errors, ends with
// 1 if any is too large.   check_cuda FIXTURES [MODEL.gguf...]
// Others of its forms:
//   check_cuda forced MODEL.gguf [PROMPTS [fine|fast [THREADS]]]   a whole model against the CPU backend,
//   whose
//                                            activations have 16 or 8 bits
//   check_cuda depths MODEL.gguf             its first layers alone, device and CPU against the reference
//   check_cuda requests MODEL.gguf           what a thousand requests leave behind
//   check_cuda small FIXTURES                every kernel once or twice, for compute-sanitizer
//   check_cuda races FIXTURES                the same but for drawn tokens: racecheck does not get through
//                                            a cluster of blocks in minutes
//   check_cuda draws FIXTURES                drawn tokens alone
//   check_cuda experts FIXTURES              routed experts alone
//   check_cuda parts FIXTURES [cpu]          models cut between the device and the host; cpu: with the CPU in
//                                            the device's place, where there is none
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <set>
#include <span>
#include <stdexcept>
#include <string_view>

#include "engine/backend/plugin.h"
#include "engine/base/thread_pool.h"
#include "engine/cpu/cpu_backend.h"
#include "engine/format/safetensors_file.h"
#include "engine/model/fine_source.h"
#include "engine/model/model_file.h"
#include "engine/ops/reference_backend.h"
#include "engine/quant/decode.h"
#include "engine/sampling/sampler.h"
#include "gpu/cuda/kernels.h"
#include "gpu/cuda/memory.h"
#include "gpu/cuda/repack.h"
#include "tests/engine/conformance/placed.h"
#include "tests/gpu/cuda/cases.h"
#include "tests/gpu/cuda/check_batch.h"
#include "tests/gpu/cuda/check_draw.h"
#include "tests/gpu/cuda/check_experts.h"
#include "tests/gpu/cuda/check_forced.h"
#include "tests/gpu/cuda/check_latent.h"
#include "tests/gpu/cuda/check_parts.h"
#include "tests/gpu/cuda/check_streams.h"
#include "tests/gpu/cuda/driver.h"

extern "C" void pellucid_cuda_make(int device, pellucid::Result<std::unique_ptr<pellucid::Backend>>& made);

using namespace pellucid;
using namespace pellucid::test;

namespace {

int failures = 0;
void expect(bool good, const std::string& what) {
    if (good) return;
    ++failures;
    std::printf("FAILED: %s\n", what.c_str());
}

/// Every type through repack, upload and decode: the same bits as the engine's own decoder.
void check_planes() {
    std::mt19937 random(7);
    ThreadPool pool(4);
    for (const TensorType type : test::cuda_types) {
        const auto info = tensor_type_info(type);
        constexpr std::int64_t rows = 37, columns = 768;
        std::vector<std::byte> bytes(
            static_cast<std::size_t>(rows * columns / info->block_values * info->block_bytes));
        for (std::byte& b : bytes) b = static_cast<std::byte>(random() & 0x3b);  // halves stay finite
        TensorView view{"t", type, {rows, columns}, bytes};
        std::vector<float> want(rows * columns), got(rows * columns);
        must(decode(type, bytes, want));
        const auto form = cuda::form_of(type);
        std::vector<std::byte> planes(cuda::plane_layout(*form, rows, columns).bytes);
        cuda::repack_rows(view, 0, rows, planes.data(), pool);
        const auto device = must(cuda::DeviceBuffer::make(planes.size(), "planes"));
        const auto values = must(cuda::DeviceBuffer::make(got.size() * 4, "values"));
        cudaMemcpy(device.as<void>(), planes.data(), planes.size(), cudaMemcpyHostToDevice);
        cuda::decode_to_float(nullptr, cuda::view_of(type, rows, columns, device.as<std::byte>()),
                              values.as<float>());
        cudaMemcpy(got.data(), values.as<void>(), got.size() * 4, cudaMemcpyDeviceToHost);
        const bool same = std::memcmp(got.data(), want.data(), got.size() * 4) == 0;
        bool equal = true;  // -0 and 0 are one value
        for (std::size_t i = 0; i < got.size(); ++i) equal = equal && got[i] == want[i];
        std::printf("planes %-5s %s\n", std::string(info->name).c_str(),
                    same    ? "same bits"
                    : equal ? "equal"
                            : "DIFFER");
        expect(equal, "planes of " + std::string(info->name));
    }
}

/// Tokens drawn by steps that feed themselves are those the host's sampler draws from their logits.
void check_drawn(const std::string& name, PreparedWeights& weights, std::span<const TokenId> prompt) {
    constexpr int kSteps = 10;
    SamplingSpec spec{.temperature = 0.9f, .top_k = 30, .top_p = 0.9f, .min_p = 0.01f, .seed = 77};
    Driver driver(weights, small_options()), again(weights, small_options());
    BatchSequence held, read;
    std::vector<TokenId> drawn;
    int row_before = 0;
    for (int step = 0; step < kSteps; ++step) {
        Batch batch;
        const TokenId any[] = {0};
        driver.add(batch, held, step == 0 ? prompt : std::span<const TokenId>(any), RowOutput::nothing);
        batch.rows.back().output = RowOutput::sample;
        batch.rows.back().sample = 0;
        batch.samples = {{spec.temperature, spec.top_k, spec.top_p, spec.min_p, spec.seed, 0}};
        if (step > 0) batch.rows.back().input = SampledBy{row_before};
        row_before = static_cast<int>(batch.rows.size()) - 1;
        drawn.push_back(driver.run(batch).rows.back().sampled->id);
    }
    const auto sampler = must(Sampler::make(spec, nullptr));
    Logits logits = again.feed(read, prompt, 256);
    for (const TokenId id : drawn) {
        const SampledToken wanted =
            must(sampler->sample(logits.back(), {}, static_cast<std::uint64_t>(read.length)));
        expect(wanted.id == id, name + ": the token drawn at " + std::to_string(read.length));
        logits = again.feed(read, std::span(&id, 1), 1);
    }
}

void check_fixture(const std::string& folder, const std::string& name, Backend& gpu, Backend& reference,
                   bool small, bool races) {
    const ModelFile file = must(open_model_file(folder + "/architectures/" + name + ".gguf"));
    const auto weights = must(gpu.prepare(file.spec, file.weights, {}));
    const auto judge = must(reference.prepare(file.spec, file.weights, {}));
    const auto expected =
        must(SafetensorsFile::open(folder + "/architectures/" + name + ".expected.safetensors"));
    const auto read = [&]<typename T>(const std::string& tensor, T) {
        const FileTensor* found = expected->find(tensor);
        if (!found) throw std::runtime_error("no " + tensor);
        std::vector<T> values(found->bytes.size() / sizeof(T));
        std::memcpy(values.data(), found->bytes.data(), found->bytes.size());
        return values;
    };
    const auto vocabulary = static_cast<std::size_t>(file.spec->vocabulary);
    double against_expected = 0, against_reference = 0, by_token = 0, by_eights = 0, forked = 0, together = 0;
    std::set<std::size_t> left_out;
    const auto compared = [&](const Logits& got, const Logits& want) {
        return nmse_of(*file.spec, got, want, left_out);
    };
    for (int k = 0; k < 3; ++k) {
        if (small && k != 1) continue;
        const std::string suffix = "_" + std::to_string(k);
        const auto tokens = read("tokens" + suffix, TokenId());
        const auto positions = read("positions" + suffix, int());
        const auto flat = read("logits" + suffix, float());
        Driver driver(*weights, small_options()), judge_driver(*judge, small_options());
        BatchSequence a, b, c, j;
        const Logits logits = driver.feed(a, tokens, 256), wanted = judge_driver.feed(j, tokens, 256);
        against_reference = std::max(against_reference, compared(logits, wanted));
        Logits some, some_expected;
        for (std::size_t p = 0; p < positions.size(); ++p) {
            some.push_back(logits[static_cast<std::size_t>(positions[p])]);
            some_expected.emplace_back(flat.begin() + static_cast<std::ptrdiff_t>(p * vocabulary),
                                       flat.begin() + static_cast<std::ptrdiff_t>((p + 1) * vocabulary));
        }
        against_expected = std::max(against_expected, nmse(some, some_expected));
        RunnerOptions wide_pages = small_options();
        wide_pages.page_tokens = 64;
        Driver wide(*weights, wide_pages);
        BatchSequence w;
        against_reference = std::max(against_reference, compared(wide.feed(w, tokens, 256), wanted));
        BatchSequence w3;
        w3.id = 2;
        against_reference = std::max(against_reference, compared(wide.feed(w3, tokens, 1), wanted));
        BatchSequence w2;
        w2.id = 1;
        against_reference = std::max(against_reference, compared(wide.feed(w2, tokens, 45), wanted));
        b.id = 1;
        c.id = 2;
        by_token = std::max(by_token, compared(driver.feed(b, tokens, 1), wanted));
        if (k == 0) continue;
        Driver second(*weights, small_options());
        BatchSequence d, e;
        by_eights = std::max(by_eights, compared(second.feed(d, tokens, 7), wanted));
        // A fork of d at half its length continues as d did.
        const int half = std::min(static_cast<int>(tokens.size()) / 2, 21);
        e = d;
        e.id = 5;
        e.length = half;
        e.pages.resize(static_cast<std::size_t>(half / 16));
        Batch batch;
        if (half % 16) {
            e.pages.push_back(second.take_page());
            batch.copies.push_back({d.pages[static_cast<std::size_t>(half / 16)], e.pages.back(), half % 16});
        }
        const std::span<const TokenId> rest = std::span(tokens).subspan(static_cast<std::size_t>(half));
        second.add(batch, e, rest.first(1), RowOutput::logits);
        // … while d goes on with its own next token beside it.
        const TokenId next[] = {tokens[0]};
        second.add(batch, d, next, RowOutput::logits);
        const StepResult both = second.run(batch);
        BatchSequence& j2 = j;
        const Logits beside = judge_driver.feed(j2, next, 1);
        forked = std::max(forked, nmse({both.rows[0].values}, {wanted[static_cast<std::size_t>(half)]}));
        together = std::max(together, nmse({both.rows[1].values}, beside));
    }
    // Long enough for attention to be split along the sequence.
    double divided = 0;
    if (!small) {
        std::mt19937 random(11);
        std::vector<TokenId> tokens;
        for (int i = 0; i < 300; ++i) tokens.push_back(static_cast<TokenId>(random() % vocabulary));
        RunnerOptions wide_pages = small_options();
        wide_pages.page_tokens = 64;
        Driver narrow(*weights, small_options()), wide(*weights, wide_pages),
            judge_driver(*judge, small_options());
        BatchSequence a, b, j;
        const Logits wanted = judge_driver.feed(j, tokens, 150);
        divided =
            std::max(compared(narrow.feed(a, tokens, 1), wanted), compared(wide.feed(b, tokens, 1), wanted));
    }
    // Greedy steps that feed themselves on the device give what logits give.
    const auto prompt = read("tokens_1", TokenId());
    const auto greedy = read("greedy", TokenId());
    const auto margins = read("greedy_margins", float());
    Driver driver(*weights, small_options());
    BatchSequence held;
    Batch first;
    driver.add(first, held, prompt, RowOutput::nothing);
    first.rows.back().output = RowOutput::sample;
    first.rows.back().sample = 0;
    first.samples.resize(1);
    Ticket before = must(driver.runner().submit(first));
    int row_before = static_cast<int>(prompt.size()) - 1, agreed = 0;
    bool decided = true;
    for (std::size_t step = 0; step < greedy.size(); ++step) {
        Batch batch;
        const TokenId any[] = {0};
        driver.add(batch, held, any, RowOutput::sample);
        batch.rows[0].input = SampledBy{row_before};
        const Ticket ticket = must(driver.runner().submit(batch));
        const StepResult result = must(driver.runner().wait(before));
        if (margins[step] <= 0.02f) decided = false;  // from here the two may part
        if (decided) {
            expect(result.rows.back().sampled->id == greedy[step],
                   name + " greedy step " + std::to_string(step));
            ++agreed;
        }
        before = ticket;
        row_before = 0;
    }
    must(driver.runner().wait(before));
    if (!races) check_drawn(name, *weights, prompt);
    std::printf(
        "%-12s NMSE: expected %.1e reference %.1e token by token %.1e sevens %.1e fork %.1e beside %.1e "
        "split %.1e; "
        "greedy %d of %zu compared; %zu rows left out\n",
        name.c_str(), against_expected, against_reference, by_token, by_eights, forked, together, divided,
        agreed, greedy.size(), left_out.size());
    expect(left_out.size() <= 1, name + ": rows left out");
    for (double error : {against_expected, against_reference, by_token, by_eights, forked, together, divided})
        expect(error <= 1e-5, name);
}

void check_model(const std::string& path, const std::shared_ptr<Backend>& gpu, Backend& reference) {
    const ModelFile file = must(open_model_file(path));
    const auto weights = must(gpu->prepare(file.spec, file.weights, {}));
    const auto judge = must(reference.prepare(file.spec, file.weights, {}));
    RunnerOptions options;
    options.pages = 8;
    options.max_batch_rows = 64;
    std::vector<TokenId> tokens;
    std::mt19937 random(3);
    for (int i = 0; i < 90; ++i) tokens.push_back(static_cast<TokenId>(random() % 20000));
    Driver driver(*weights, options), judge_driver(*judge, options);
    BatchSequence a, b, c, j;
    const Logits wanted = judge_driver.feed(j, tokens, 64);
    b.id = 1;
    c.id = 2;
    const Logits by_token = driver.feed(b, tokens, 1);
    Driver again(*weights, options);
    BatchSequence b2;
    expect(again.feed(b2, tokens, 1) == by_token, path + ": a second run has the same bits");
    const double prefill = nmse(driver.feed(a, tokens, 64), wanted), single = nmse(by_token, wanted),
                 eights = nmse(driver.feed(c, tokens, 8), wanted);
    std::printf("%s NMSE against reference: prefill %.1e, token by token %.1e, eights %.1e\n", path.c_str(),
                prefill, single, eights);
    expect(prefill <= 5e-4 && single <= 2e-3 && eights <= 2e-3, path);
    {
        const auto fine_weights = must(gpu->prepare(file.spec, make_fine(file.weights), {}));
        Driver fine(*fine_weights, options);
        BatchSequence d, e;
        e.id = 1;
        const double fine_single = nmse(fine.feed(d, tokens, 1), wanted),
                     fine_eights = nmse(fine.feed(e, tokens, 8), wanted);
        std::printf("%s with activations of 16 bits: token by token %.1e, eights %.1e\n", path.c_str(),
                    fine_single, fine_eights);
        expect(fine_single <= 1e-5 && fine_eights <= 1e-5, path + " fine");
    }
    for (const auto& [cut, called] : kCuts) {
        if (cut == Cut::experts && std::ranges::none_of(file.spec->layers, &Layer::routed)) continue;
        const CutBackend backend(cut, gpu, make_cpu_backend(std::make_shared<ThreadPool>(8)));
        const auto placed = must(must(backend.placed(*file.spec))->prepare(file.spec, file.weights, {}));
        Driver two(*placed, options);
        BatchSequence d, e;
        e.id = 1;
        const double at_once = nmse(two.feed(d, tokens, 64), wanted),
                     by_one = nmse(two.feed(e, tokens, 1), wanted);
        std::printf("%s over device and CPU, cut by %s: prefill %.1e, token by token %.1e\n", path.c_str(),
                    called, at_once, by_one);
        expect(at_once <= 2e-3 && by_one <= 2e-3, path + " over two devices");
    }

    // Many sequences of different lengths in one step: each chooses what the reference would, or nearly.
    constexpr int kSequences = 13;
    RunnerOptions many_options;
    many_options.pages = 2 * kSequences;
    many_options.max_batch_rows = 96;
    many_options.max_sequences = kSequences;
    std::vector<TokenId> first_ids;
    for (int run = 0; run < 2; ++run) {
        Driver many(*weights, many_options);
        std::vector<BatchSequence> held(kSequences);
        Batch step;
        std::vector<std::size_t> lengths;
        for (int s = 0; s < kSequences; ++s) {
            lengths.push_back(static_cast<std::size_t>(3 + 6 * s));
            held[static_cast<std::size_t>(s)].id = s + 1;
            many.feed(held[static_cast<std::size_t>(s)], std::span(tokens).first(lengths.back()), 96);
        }
        for (int s = 0; s < kSequences; ++s)
            many.add(step, held[static_cast<std::size_t>(s)],
                     std::span(tokens).subspan(lengths[static_cast<std::size_t>(s)], 1), RowOutput::sample);
        const StepResult result = many.run(step);
        expect(result.rows.size() == kSequences, path + ": every sequence has a token");
        std::vector<TokenId> ids;
        for (std::size_t s = 0; s < result.rows.size(); ++s) {
            const auto& logits = wanted[lengths[s]];
            const TokenId id = result.rows[s].sampled ? result.rows[s].sampled->id : 0;
            ids.push_back(id);
            double mean = 0, square = 0;
            for (float v : logits) mean += v, square += static_cast<double>(v) * v;
            mean /= static_cast<double>(logits.size());
            const double deviation = std::sqrt(square / static_cast<double>(logits.size()) - mean * mean);
            const float best = *std::ranges::max_element(logits);
            expect(logits[static_cast<std::size_t>(id)] >= best - 0.1 * deviation,
                   path + ": sequence " + std::to_string(s) + " of many");
        }
        if (run == 0) first_ids = ids;
        expect(ids == first_ids, path + ": many sequences choose the same in a second run");
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view form = argc > 2 ? argv[1] : "";
    if (form == "forced" || form == "requests" || form == "depths") try {
            Result<std::unique_ptr<Backend>> made = std::unique_ptr<Backend>();
            pellucid_cuda_make(0, made);
            const auto gpu = must(std::move(made));
            const bool good = form == "forced"
                                  ? check_forced(argv[2], *gpu, argc > 3 ? std::atoi(argv[3]) : 20,
                                                 argc > 4 && std::string_view(argv[4]) == "fine",
                                                 argc > 5 ? std::atoi(argv[5]) : 0)
                              : form == "depths" ? check_depths(argv[2], *gpu)
                                                 : check_requests(argv[2], *gpu, 1000);
            std::printf(good ? "passed\n" : "FAILED\n");
            return good ? 0 : 1;
        } catch (const std::exception& error) {
            std::printf("FAILED: %s\n", error.what());
            return 1;
        }
    if (form == "draws" || form == "experts") {
        const bool good = form == "draws" ? check_draw(true) : check_experts(true);
        std::printf(good ? "passed\n" : "FAILED\n");
        return good ? 0 : 1;
    }
    if (form == "parts") try {
            Result<std::unique_ptr<Backend>> made = std::unique_ptr<Backend>();
            if (argc > 3)
                made = make_cpu_backend(std::make_shared<ThreadPool>());
            else
                pellucid_cuda_make(0, made);
            const bool good = check_parts(argv[2], must(std::move(made)), false);
            std::printf(good ? "passed\n" : "FAILED\n");
            return good ? 0 : 1;
        } catch (const std::exception& error) {
            std::printf("FAILED: %s\n", error.what());
            return 1;
        }
    const bool races = form == "races";
    const bool small = races || form == "small";
    if (small) ++argv, --argc;
    if (argc < 2) return 2;
    try {
        check_planes();
        expect(check_streams(small), "streams");
        expect(check_batch(small), "batched products");
        expect(check_experts(small), "experts");
        expect(check_latent(small), "latent attention");
        if (!races) expect(check_draw(small), "draws");
        Result<std::unique_ptr<Backend>> made = std::unique_ptr<Backend>();
        pellucid_cuda_make(0, made);
        const std::shared_ptr<Backend> gpu = must(std::move(made));
        const auto reference = make_reference_backend(std::make_shared<ThreadPool>(8));
        std::printf("%s\n", gpu->description().c_str());
        constexpr std::string_view small_ones[] = {"qwen2", "gemma2", "deepseek3", "gpt_oss", "lfm2_conv"};
        for (const char* name : test::cuda_models) try {
                if (small && std::ranges::find(small_ones, std::string_view(name)) == std::end(small_ones))
                    continue;
                check_fixture(argv[1], name, *gpu, *reference, small, races);
            } catch (const std::exception& error) {
                expect(false, std::string(name) + ": " + error.what());
            }
        expect(check_parts(argv[1], gpu, small), "parts");
        for (int i = 2; i < argc; ++i) check_model(argv[i], gpu, *reference);
    } catch (const std::exception& error) {
        expect(false, error.what());
    }
    std::printf(failures ? "%d FAILED\n" : "all passed\n", failures);
    return failures ? 1 : 0;
}
