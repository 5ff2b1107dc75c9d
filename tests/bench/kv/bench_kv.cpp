// What KV formats cost in perplexity, paired: every window of a text is read once with each format before the
// next window, so that a run that is stopped has compared all formats on the same tokens. The method is that
// of `pellucid-cli perplexity`: windows that do not overlap, the second half of each scored.
//
// usage: bench_kv MODEL TEXT WINDOW WINDOWS FORMAT,FORMAT… [CONTEXT]     (the first format is what others are
// compared with; CONTEXT: what the model is opened for, if more than a window)
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "engine/backend/kv_cost.h"
#include "engine/runtime/devices.h"
#include "engine/runtime/local_engine.h"
#include "engine/sampling/distribution.h"

using namespace pellucid;

namespace {

struct Format {
    std::string name;
    std::shared_ptr<LocalModel> model;
    std::vector<double> losses;  ///< mean of each window
};

[[noreturn]] void stop(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
}

double window_loss(LocalModel& model, const std::vector<TokenId>& tokens) {
    const int n = static_cast<int>(tokens.size());
    double sum = 0;
    const auto done = model.evaluate(tokens, n / 2, [&](int position, std::span<const float> row) {
        if (position + 1 >= n) return;
        const auto distribution = measure(row);
        if (!distribution) stop(distribution.error().message());
        sum += distribution->log_sum -
               static_cast<double>(
                   row[static_cast<std::size_t>(tokens[static_cast<std::size_t>(position) + 1])]);
    });
    if (!done) stop(done.error().message());
    return sum / (n - 1 - n / 2);
}

void report(const std::vector<Format>& formats, int window) {
    const auto& base = formats.front();
    const double n = static_cast<double>(base.losses.size());
    const auto bytes = [](const Format& f) {
        return static_cast<double>(kv_bytes_per_token(f.model->spec(), *find_kv_format(f.name)));
    };
    std::printf("%.0f tokens scored in %.0f windows of %d\n", n * (window - 1 - window / 2), n, window);
    for (const Format& format : formats) {
        double mean = 0, own = 0, squares = 0;
        for (std::size_t w = 0; w < format.losses.size(); ++w) {
            const double difference = format.losses[w] - base.losses[w];
            mean += difference / n;
            own += format.losses[w] / n;
            squares += difference * difference;
        }
        const double error = n > 1 ? std::sqrt(std::max(0.0, squares / n - mean * mean) / (n - 1)) : 0;
        std::printf(
            "%-4s %6.0f bytes a token, %.2f x smaller, perplexity %.4f, loss %+.5f +- %.5f, %+.3f %%\n",
            format.name.c_str(), bytes(format), bytes(base) / bytes(format), std::exp(own), mean, error,
            100 * std::expm1(mean));
    }
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 6) stop("usage: bench_kv MODEL TEXT WINDOW WINDOWS FORMAT,FORMAT… [CONTEXT]");
    const int window = std::atoi(argv[3]), most = std::atoi(argv[4]);
    if (window < 4 || most < 1) stop("a window has at least 4 tokens");
    std::ifstream file(argv[2], std::ios::binary);
    if (!file) stop(std::string("cannot read ") + argv[2]);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    LocalEngine engine(host_devices());
    std::vector<Format> formats;
    std::istringstream names(argv[5]);
    for (std::string name; std::getline(names, name, ',');) {
        ModelOptions options;
        options.device = "cpu";
        options.threads = 1;
        options.context_length = argc > 6 ? std::max(std::atoi(argv[6]), window) : window;
        options.kv_format = name;
        auto model = engine.open_local(argv[1], options);
        if (!model) stop(model.error().message());
        formats.push_back({name, *model, {}});
    }
    const Tokenizer* tokenizer = formats.front().model->tokenizer();
    if (!tokenizer) stop("the model has no tokenizer");
    const auto tokens = tokenizer->encode(text, {.parse_special = false, .add_special = false});
    for (int w = 0;
         w < most && static_cast<std::size_t>(w + 1) * static_cast<std::size_t>(window) <= tokens.size();
         ++w) {
        std::vector<TokenId> part(tokens.begin() + std::ptrdiff_t{w} * window,
                                  tokens.begin() + std::ptrdiff_t{w + 1} * window);
        if (tokenizer->special().add_bos && tokenizer->special().bos) part[0] = *tokenizer->special().bos;
        for (Format& format : formats) format.losses.push_back(window_loss(*format.model, part));
        if (w % 8 == 7) report(formats, window);
    }
    report(formats, window);
}
