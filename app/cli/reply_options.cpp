#include "app/cli/reply_options.h"

#include <unistd.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <random>

#include "app/catalogue/catalogue.h"

namespace pellucid::cli {

namespace {

std::atomic<int> interrupts{0};  // the one thing a signal handler may touch

/// While it lives, Ctrl+C is counted instead of ending the program at once.
class InterruptGuard {
public:
    InterruptGuard() {
        interrupts = 0;
        struct sigaction action = {};
        action.sa_handler = [](int) {
            if (interrupts.fetch_add(1) > 0) _exit(130);
        };
        sigaction(SIGINT, &action, &old_);
    }
    ~InterruptGuard() { sigaction(SIGINT, &old_, nullptr); }

private:
    struct sigaction old_ = {};
};

nlohmann::ordered_json to_json(const Delta& delta) {
    nlohmann::ordered_json tokens = nlohmann::ordered_json::array();
    for (const auto& token : delta.tokens)
        tokens.push_back({{"id", token.id}, {"logprob", token.logprob}, {"entropy", token.entropy}});
    return {{"channel", to_text(delta.channel)}, {"text", delta.text}, {"tokens", std::move(tokens)}};
}

}  // namespace

void ReplyArguments::add_to(CLI::App& app) {
    app.add_option("--temp", temperature, "temperature, 0 for the likeliest token");
    app.add_option("--top-k", top_k, "choose among the K likeliest (0: off)");
    app.add_option("--top-p", top_p, "choose among the likeliest that hold this probability (1: off)");
    app.add_option("--min-p", min_p,
                   "leave out what is less likely than this share of the likeliest (0: off)");
    app.add_option("--typical-p", sampling.typical_p, "locally typical sampling (1: off)");
    app.add_option("--repetition-penalty", sampling.repetition_penalty, "1: off");
    app.add_option("--presence-penalty", sampling.presence_penalty, "0: off");
    app.add_option("--frequency-penalty", sampling.frequency_penalty, "0: off");
    app.add_option("--penalty-window", sampling.penalty_window,
                   "tokens the penalties look back at (-1: all)");
    app.add_option("--dry-multiplier", dry_multiplier, "DRY repetition control (0: off)");
    app.add_option("--dry-base", sampling.dry_base);
    app.add_option("--dry-allowed-length", dry_allowed_length);
    app.add_option("--seed", seed, "the same seed gives the same answer on the same device");
    app.add_option("--max-tokens", max_tokens, "longest reply (-1: until the model ends)")
        ->check(CLI::Range(-1, 1 << 30));
    app.add_option("--stop", stop, "end the answer where this text appears; may be given several times");
    app.add_option("--think", think, "on, off, auto, or a budget in tokens")->capture_default_str();
}

Request ReplyArguments::request(const LocalModel& model) const {
    Request request;
    ModelInfo info = model.info();
    catalogue::complete(catalogue::built_in(), info);
    const SamplingSpec& recommended = info.recommended_sampling;
    request.sampling = sampling;
    request.sampling.temperature = temperature.value_or(recommended.temperature);
    request.sampling.top_k = top_k.value_or(recommended.top_k);
    request.sampling.top_p = top_p.value_or(recommended.top_p);
    request.sampling.min_p = min_p.value_or(recommended.min_p);
    request.sampling.dry_multiplier = dry_multiplier.value_or(recommended.dry_multiplier);
    request.sampling.dry_allowed_length = dry_allowed_length.value_or(recommended.dry_allowed_length);
    std::random_device random;
    request.sampling.seed = seed.value_or((std::uint64_t{random()} << 32) | random());
    if (const auto checked = check(request.sampling); !checked) throw UsageError(checked.error().message());
    request.max_tokens = max_tokens;
    request.stop = stop;
    if (think == "on") {
        request.thinking.mode = ThinkingMode::always;
    } else if (think == "off") {
        request.thinking.mode = ThinkingMode::never;
    } else if (think != "auto") {
        int budget = 0;
        const auto [end, problem] = std::from_chars(think.data(), think.data() + think.size(), budget);
        if (problem != std::errc() || end != think.data() + think.size() || budget < 0)
            throw UsageError("--think: " + think + " is not on, off, auto or a number of tokens");
        request.thinking.budget_tokens = budget;
    }
    return request;
}

Result<Printed> print_reply(Reply& reply, bool json, const std::function<void(const Delta&)>& sink) {
    const InterruptGuard guard;
    Printed printed;
    const bool terminal = isatty(STDERR_FILENO);
    bool cancelled = false, thinking = false;
    for (;;) {
        if (interrupts > 0 && !cancelled) {
            cancelled = true;
            (void)reply.control(Cancel{});  // it may just have ended by itself
        }
        auto event = reply.next(std::chrono::milliseconds(50));
        if (!event) continue;
        if (const auto* progress = std::get_if<PromptProgress>(&*event)) {
            if (terminal && progress->total_tokens > 0)
                progress_line("reading the prompt, " +
                                  std::to_string(100 * progress->done_tokens / progress->total_tokens) + " %",
                              false);
        } else if (const auto* delta = std::get_if<Delta>(&*event)) {
            if (terminal && printed.thought.empty() && printed.answer.empty()) progress_line("", false);
            const bool thought = delta->channel == Delta::Channel::thought;
            (thought ? printed.thought : printed.answer) += delta->text;
            if (sink) {
                sink(*delta);
            } else if (json) {
                std::printf(
                    "%s\n",
                    to_json(*delta).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
            } else {
                if (thought != thinking)
                    std::fprintf(stderr, "%s",
                                 thought ? (terminal ? "\033[2m" : "") : (terminal ? "\033[0m\n" : "\n"));
                thinking = thought;
                std::fwrite(delta->text.data(), 1, delta->text.size(), thought ? stderr : stdout);
            }
            if (std::fflush(stdout) != 0)
                return fail(ErrorCode::io, "the output cannot be written", "check the disk or the pipe");
        } else {
            printed.finish = std::get<Finish>(*event);
            if (terminal && thinking && !json) std::fprintf(stderr, "\033[0m");
            return printed;
        }
    }
}

void print_timings(const Finish& finish) {
    const auto& t = finish.timings;
    std::fprintf(
        stderr,
        "%d prompt tokens (%d cached) in %.2f s; %d tokens (%d of them thought), %.1f tokens/s; ended: %s\n",
        t.prompt_tokens, t.cached_tokens, t.prompt_seconds, t.thought_tokens + t.answer_tokens,
        t.thought_tokens, t.tokens_per_second(), to_text(finish.reason).c_str());
    if (t.drafted_tokens > 0)
        std::fprintf(stderr, "speculation: %d tokens guessed, %d accepted (%.0f %%)\n", t.drafted_tokens,
                     t.accepted_tokens, 100 * t.acceptance());
}

}  // namespace pellucid::cli
