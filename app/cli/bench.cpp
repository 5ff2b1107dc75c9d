// bench: how fast a model reads and writes on this machine, against what the memory allows.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <random>

#include "app/cli/command.h"
#include "app/cli/machine.h"
#include "engine/backend/kv_cost.h"
#include "engine/base/thread_pool.h"
#include "engine/model/spec.h"
#include "engine/profile/memory_speed.h"

namespace pellucid::cli {

namespace {

struct BenchArguments {
    ModelArguments model;
    int prompt_tokens = 512, gen_tokens = 128, depth = 0, batch = 1, repeat = 5;
    bool json = false;
};

struct Spread {
    double median = 0, least = 0, most = 0;
};

Spread spread(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return {n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2, values.front(), values.back()};
}

struct Sample {
    double prefill = 0, decode = 0, first_token = 0;  ///< tokens/s, tokens/s, s
    int drafted = 0, accepted = 0;
};

/// Runs one request to its end and returns its timings. Nothing is printed: the clock is running.
Result<std::vector<Timings>> generate_all(std::vector<std::unique_ptr<Session>>& sessions,
                                          const std::vector<Request>& requests) {
    std::vector<std::shared_ptr<Reply>> replies;
    for (std::size_t i = 0; i < sessions.size(); ++i) {
        PELLUCID_TRY(auto reply, sessions[i]->generate(requests[i]));
        replies.push_back(std::move(reply));
    }
    std::vector<Timings> timings;
    for (auto& reply : replies) {
        for (bool done = false; !done;) {
            auto event = reply->next(std::chrono::seconds(1));
            if (!event) continue;
            if (const auto* finish = std::get_if<Finish>(&*event)) {
                if (finish->error) return fail(*finish->error);
                timings.push_back(finish->timings);
                done = true;
            }
        }
    }
    return timings;
}

/// The prompt is fresh at every repeat, so that nothing but `depth` tokens comes from the cache.
Result<Sample> measure_once(LocalModel& model, const BenchArguments& arguments, std::uint64_t round) {
    std::mt19937_64 random(round * 7919 + 1);
    std::vector<std::unique_ptr<Session>> sessions;
    std::vector<Request> requests, deep;
    for (int i = 0; i < arguments.batch; ++i) {
        PELLUCID_TRY(auto session, model.new_session());
        sessions.push_back(std::move(session));
        std::vector<TokenId> tokens(static_cast<std::size_t>(arguments.depth + arguments.prompt_tokens));
        for (auto& id : tokens)
            id = static_cast<TokenId>(random() % static_cast<std::uint64_t>(model.spec().vocabulary));
        Request request;
        request.sampling.temperature = 0;
        request.ignore_end = true;
        request.max_tokens = 1;
        request.input = std::vector<TokenId>(tokens.begin(), tokens.begin() + arguments.depth);
        deep.push_back(request);
        request.max_tokens = arguments.gen_tokens;
        request.input = std::move(tokens);
        requests.push_back(std::move(request));
    }
    if (arguments.depth > 0) {
        PELLUCID_TRY(const auto warmed, generate_all(sessions, deep));
    }
    PELLUCID_TRY(const auto timings, generate_all(sessions, requests));
    Sample sample;
    double slowest = 0, generated = 0, writing = 0;
    for (const auto& t : timings) {
        slowest = std::max(slowest, t.prompt_seconds);
        sample.first_token = std::max(sample.first_token, t.prompt_seconds);
        generated += t.answer_tokens + t.thought_tokens - 1;
        writing = std::max(writing, t.generate_seconds);
        sample.drafted += t.drafted_tokens;
        sample.accepted += t.accepted_tokens;
    }
    const int read = (timings.front().prompt_tokens - timings.front().cached_tokens) * arguments.batch;
    sample.prefill = read / slowest;
    sample.decode = writing > 0 ? generated / writing : 0;
    return sample;
}

/// Bytes that one decode step must read: every weight once (of the embedding only one row, unless it is the
/// head too) and the keys and values of the context, at the middle of the reply.
double bytes_per_step(const LocalModel& model, const BenchArguments& arguments) {
    const ModelSpec& spec = model.spec();
    double bytes = 0;
    for (const auto& need : tensor_needs(spec)) {
        const TensorView* tensor = model.file().weights->find(need.name);
        if (tensor && (need.name != spec.embedding || spec.head.tied))
            bytes += static_cast<double>(tensor->bytes.size());
    }
    const double length = arguments.depth + arguments.prompt_tokens + arguments.gen_tokens / 2.0;
    const double each = static_cast<double>(
        kv_bytes_per_token(spec, find_kv_format(model.options().kv_format).value_or(KvFormat::f16)));
    return bytes + arguments.batch * length * each;
}

Result<void> bench(const BenchArguments& arguments) {
    const int needed = (arguments.depth + arguments.prompt_tokens + arguments.gen_tokens) * arguments.batch;
    PELLUCID_TRY(const std::vector<TurnTime> turns, arguments.model.predict(needed));
    const double predicted = seconds_per_token(turns);
    MemoryWatch watch;
    PELLUCID_TRY(const auto model, arguments.model.open(needed));
    if (model->options().context_length < needed)
        return fail(ErrorCode::context_overflow,
                    "depth, prompt and reply take " + std::to_string(needed) +
                        " tokens and the context holds " + std::to_string(model->options().context_length),
                    "give smaller numbers or a longer --ctx");
    BenchArguments warm = arguments;
    warm.gen_tokens = 4;
    warm.prompt_tokens = std::min(arguments.prompt_tokens, 64);
    warm.depth = 0;
    PELLUCID_TRY(const Sample ignored, measure_once(*model, warm, 0));
    (void)ignored;
    std::vector<double> prefill, decode, first;
    int drafted = 0, accepted = 0;
    for (int i = 0; i < arguments.repeat; ++i) {
        PELLUCID_TRY(const Sample sample, measure_once(*model, arguments, static_cast<std::uint64_t>(i) + 1));
        prefill.push_back(sample.prefill);
        decode.push_back(sample.decode);
        first.push_back(sample.first_token);
        drafted += sample.drafted;
        accepted += sample.accepted;
        progress_line("repeat " + std::to_string(i + 1) + " of " + std::to_string(arguments.repeat),
                      i + 1 == arguments.repeat);
    }
    const Spread read = spread(prefill), write = spread(decode), wait = spread(first);
    const auto [anonymous, mapped] = watch.peak();
    const int threads = arguments.model.threads > 0 ? arguments.model.threads : usable_cores();
    const double copy = measure_copy_speed(threads);
    const double moved = bytes_per_step(*model, arguments) * write.median / arguments.batch;
    if (arguments.json) {
        const auto json = [](const Spread& s) {
            return nlohmann::ordered_json{{"median", s.median}, {"min", s.least}, {"max", s.most}};
        };
        auto line = ModelArguments::in_force(*model);
        line["prompt_tokens"] = arguments.prompt_tokens;
        line["gen_tokens"] = arguments.gen_tokens;
        line["depth"] = arguments.depth;
        line["batch"] = arguments.batch;
        line["repeat"] = arguments.repeat;
        line["prefill_tokens_per_second"] = json(read);
        line["decode_tokens_per_second"] = json(write);
        line["time_to_first_token_seconds"] = json(wait);
        line["drafted_tokens"] = drafted;
        line["accepted_tokens"] = accepted;
        line["acceptance"] = drafted > 0 ? static_cast<double>(accepted) / drafted : 0.0;
        line["decode_bytes_per_second"] = moved;
        line["copy_bytes_per_second"] = copy;
        line["share_of_copy_speed"] = moved / copy;
        line["peak_memory_bytes"] = anonymous + mapped;
        line["peak_anonymous_bytes"] = anonymous;
        line["mapped_weights_bytes"] = mapped;
        if (predicted > 0) {
            line["predicted_seconds_per_token"] = predicted;
            line["predicted_turns"] = turns_json(turns);
        }
        line["chunk_rows"] = model->scheduler().chunk_rows();
        std::printf("%s\n", line.dump().c_str());
    } else {
        std::printf("prefill              %10.1f tokens/s  (%.1f to %.1f; %d tokens at depth %d, batch %d)\n",
                    read.median, read.least, read.most, arguments.prompt_tokens, arguments.depth,
                    arguments.batch);
        std::printf("decode               %10.1f tokens/s  (%.1f to %.1f; %d tokens)\n", write.median,
                    write.least, write.most, arguments.gen_tokens);
        if (model->options().speculation.on())
            std::printf("speculation          %10.1f %% accepted  (%d of %d tokens guessed, all repeats)\n",
                        drafted > 0 ? 100.0 * accepted / drafted : 0.0, accepted, drafted);
        std::printf("time to first token  %10.3f s         (%.3f to %.3f)\n", wait.median, wait.least,
                    wait.most);
        std::printf(
            "decode reads         %10.2f GB/s      (%.0f %% of this machine's copy speed, %.2f GB/s on %d "
            "threads)\n",
            moved / 1e9, 100 * moved / copy, copy / 1e9, threads);
        if (predicted > 0)
            std::printf(
                "placed, predicted    %10.1f tokens/s  (the sum of its devices' turns, empty context)\n",
                1 / predicted);
        std::printf("peak memory          %10.1f MB        (%.1f anonymous + %.1f mapped weights)\n",
                    static_cast<double>(anonymous + mapped) / 1e6, static_cast<double>(anonymous) / 1e6,
                    static_cast<double>(mapped) / 1e6);
    }
    return {};
}

}  // namespace

Command add_bench(CLI::App& root) {
    auto arguments = std::make_shared<BenchArguments>();
    CLI::App* app = root.add_subcommand("bench", "Speed and memory of a model on this machine");
    arguments->model.add_to(*app);
    arguments->model.add_speculation_to(*app);
    app->add_option("--prompt-tokens", arguments->prompt_tokens)
        ->capture_default_str()
        ->check(CLI::Range(1, 1 << 24));
    app->add_option("--gen-tokens", arguments->gen_tokens)
        ->capture_default_str()
        ->check(CLI::Range(2, 1 << 24));
    app->add_option("--depth", arguments->depth, "tokens already in the context")
        ->capture_default_str()
        ->check(CLI::Range(0, 1 << 24));
    app->add_option("--batch", arguments->batch, "replies at once")
        ->capture_default_str()
        ->check(CLI::Range(1, 8));
    app->add_option("--repeat", arguments->repeat)->capture_default_str()->check(CLI::Range(1, 1000));
    app->add_flag("--json", arguments->json, "one line with every value in force");
    return {app, [arguments] { return bench(*arguments); }};
}

}  // namespace pellucid::cli
