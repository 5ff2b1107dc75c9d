// The options of a reply (sampling, thinking, limits), shared by run and chat, and printing it as it comes.
#pragma once

#include "app/cli/command.h"

namespace pellucid::cli {

struct ReplyArguments {
    SamplingSpec sampling;
    std::optional<float> temperature, top_p, min_p, dry_multiplier;
    std::optional<int> top_k, dry_allowed_length;
    std::optional<std::uint64_t> seed;
    std::string think = "auto";
    std::vector<std::string> stop;
    int max_tokens = -1;

    void add_to(CLI::App& app);
    /// The model's own recommendation with the person's settings over it. UsageError for what cannot be.
    Request request(const LocalModel& model) const;
};

/// Streams a reply: the answer on stdout, the thought on stderr; with `json` one delta a line on stdout
/// instead. Ctrl+C stops the reply (a second one ends the program). The finish is returned.
struct Printed {
    Finish finish;
    std::string thought, answer;
};
/// With `sink` each delta goes there and nothing is printed.
Result<Printed> print_reply(Reply& reply, bool json, const std::function<void(const Delta&)>& sink = {});

/// One line of figures on stderr.
void print_timings(const Finish& finish);

}  // namespace pellucid::cli
