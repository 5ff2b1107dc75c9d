#include "engine/runtime/calibrate_kv.h"

#include <algorithm>
#include <cmath>

#include "engine/backend/kv_cost.h"
#include "engine/runtime/calibration_text.h"

namespace pellucid {

namespace {

constexpr int kWindow = 512, kWindows = 2;
// A sequence's first keys are unlike all others (attention sinks: Xiao et al., arXiv 2309.17453).
constexpr int kSkipped = 4;
constexpr int kShifts = 32;

std::size_t size(int n) {
    return static_cast<std::size_t>(n);
}

/// Sums of x x^T of one head, lower half.
struct Sums {
    std::vector<float> of_pairs;  // [width, width]
    int count = 0;

    void add(std::span<const float> x) {
        of_pairs.resize(x.size() * x.size());
        for (std::size_t i = 0; i < x.size(); ++i) {
            float* row = of_pairs.data() + i * x.size();
            const float own = x[i];
            for (std::size_t j = 0; j <= i; ++j) row[j] += own * x[j];
        }
        ++count;
    }
};

class Collector final : public AttentionObserver {
public:
    explicit Collector(const ModelSpec& spec) : spec_(spec), layers(spec.layers.size()) {}

    void attends(int layer, std::span<const float> q, std::span<const float> k) override {
        const Attention& attention = spec_.layers[size(layer)].attention;
        auto& heads = layers[size(layer)];
        heads.resize(size(attention.kv_heads));
        const auto width = size(attention.head_dim);
        const int group = attention.heads / attention.kv_heads;
        const int turn = seen_++;
        if (skip_) return;
        for (int head = 0; head < attention.kv_heads; ++head) {
            // One query of each group in turn: as many as there are keys.
            heads[size(head)].queries.add(q.subspan(size(head * group + turn % group) * width, width));
            heads[size(head)].keys.add(k.subspan(size(head) * width, width));
        }
    }
    /// Rows that follow are told but not counted.
    void skip(bool on) { skip_ = on; }

    struct Head {
        Sums queries, keys;
    };

private:
    const ModelSpec& spec_;
    int seen_ = 0;
    bool skip_ = false;

public:
    std::vector<std::vector<Head>> layers;
};

/// Turns rows and columns of c by `shift` positions.
void turn(std::vector<double>& c, int width, const Rope& rope, std::span<const double> frequencies,
          int shift) {
    const std::size_t n = size(width), pairs = size(rope.dims / 2);
    const bool adjacent = rope.layout == RopeLayout::adjacent;
    for (std::size_t i = 0; i < pairs; ++i) {
        const std::size_t a = adjacent ? 2 * i : i, b = adjacent ? 2 * i + 1 : i + pairs;
        const double cosine = std::cos(shift * frequencies[i]), sine = std::sin(shift * frequencies[i]);
        const auto mix = [&](double& x, double& y) {
            const double first = x;
            x = first * cosine - y * sine;
            y = first * sine + y * cosine;
        };
        for (std::size_t j = 0; j < n; ++j) mix(c[a * n + j], c[b * n + j]);
        for (std::size_t j = 0; j < n; ++j) mix(c[j * n + a], c[j * n + b]);
    }
}

/// The mean of x x^T over the sample, as if it had stood at every place of a context.
std::vector<double> correlations(const Sums& sums, int width, const Rope* rope, int context) {
    const std::size_t n = size(width);
    std::vector<double> mean(n * n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j)
            mean[i * n + j] = mean[j * n + i] =
                static_cast<double>(sums.of_pairs[i * n + j]) / std::max(1, sums.count);
    const int reach = context - kWindow;
    if (!rope || reach <= 0) return mean;
    const std::vector<double> frequencies = rope_frequencies(*rope, {});
    const int shifts = std::clamp(reach / (kWindow / 2), 1, kShifts);
    std::vector<double> total = mean;
    for (int s = 1; s <= shifts; ++s) {
        std::vector<double> turned = mean;
        turn(turned, width, *rope, frequencies, static_cast<int>(std::int64_t{reach} * s / shifts));
        for (std::size_t i = 0; i < total.size(); ++i) total[i] += turned[i];
    }
    for (double& value : total) value /= shifts + 1;
    return total;
}

Result<void> read(Runner& runner, Collector& collector, std::span<const TokenId> tokens,
                  const CancelToken& cancel) {
    const int n = static_cast<int>(tokens.size()), page_tokens = runner.options().page_tokens;
    BatchSequence sequence;
    for (int page = 0; page * page_tokens < n; ++page) sequence.pages.push_back(page);
    for (int begin = 0; begin < n;) {
        collector.skip(begin == 0);
        const int end =
            begin == 0 ? std::min(kSkipped, n) : std::min(n, begin + runner.options().max_batch_rows);
        Batch batch;
        sequence.length = begin;
        batch.sequences.push_back(sequence);
        for (int position = begin; position < end; ++position) {
            Row row;
            row.position = position;
            row.input = tokens[size(position)];
            batch.rows.push_back(std::move(row));
        }
        PELLUCID_TRY(const Ticket ticket, runner.submit(batch, cancel));
        PELLUCID_CHECK(runner.wait(ticket));
        begin = end;
    }
    return {};
}

}  // namespace

std::vector<std::vector<TokenId>> calibration_windows(const ModelSpec& spec, const Tokenizer* tokenizer) {
    std::vector<TokenId> tokens;
    if (tokenizer)
        tokens = tokenizer->encode(kCalibrationText, {.parse_special = false, .add_special = false});
    std::erase_if(tokens, [&](TokenId id) { return id < 0 || id >= spec.vocabulary; });
    std::uint64_t state = 1;
    while (static_cast<int>(tokens.size()) < kWindow) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        tokens.push_back(static_cast<TokenId>((state >> 33) % static_cast<std::uint64_t>(spec.vocabulary)));
    }
    std::vector<std::vector<TokenId>> windows;
    for (std::size_t begin = 0; begin + kWindow / 2 <= tokens.size() && windows.size() < kWindows;
         begin += kWindow) {
        const std::size_t end = std::min(tokens.size(), begin + kWindow);
        windows.emplace_back(tokens.begin() + static_cast<std::ptrdiff_t>(begin),
                             tokens.begin() + static_cast<std::ptrdiff_t>(end));
        if (tokenizer && tokenizer->special().add_bos && tokenizer->special().bos)
            windows.back().front() = *tokenizer->special().bos;
    }
    return windows;
}

Result<std::shared_ptr<const KvBases>> calibrate_kv(const ModelSpec& spec, PreparedWeights& weights,
                                                    KvFormat format, int context,
                                                    std::span<const std::vector<TokenId>> windows,
                                                    const CancelToken& cancel) {
    const auto takes = [&](const Layer& layer) { return takes_basis(layer, format); };
    if (std::ranges::none_of(spec.layers, takes) || windows.empty()) return std::shared_ptr<const KvBases>();
    std::size_t longest = 1;
    for (const auto& window : windows) longest = std::max(longest, window.size());
    RunnerOptions options;
    options.pages = static_cast<int>(longest) / options.page_tokens + 1;
    options.max_batch_rows = 256;
    options.max_sequences = 1;
    options.context = context;
    const auto collector = std::make_shared<Collector>(spec);
    options.attention_observer = collector;
    PELLUCID_TRY(const auto runner, weights.make_runner(options));
    for (const auto& window : windows) PELLUCID_CHECK(read(*runner, *collector, window, cancel));
    auto bases = std::make_shared<KvBases>();
    bases->layers.resize(spec.layers.size());
    for (std::size_t l = 0; l < spec.layers.size(); ++l) {
        if (!takes(spec.layers[l])) continue;
        const Attention& attention = spec.layers[l].attention;
        const Rope* rope = attention.rope >= 0 ? &spec.ropes[size(attention.rope)] : nullptr;
        for (const Collector::Head& head : collector->layers[l]) {
            if (cancel.cancelled()) return fail(ErrorCode::cancelled, "loading was stopped");
            auto basis = make_kv_basis(format, attention.head_dim,
                                       correlations(head.queries, attention.head_dim, rope, context),
                                       correlations(head.keys, attention.head_dim, rope, context));
            if (!basis) {
                bases->layers[l].clear();  // all heads of a layer, or none
                break;
            }
            bases->layers[l].push_back(std::move(*basis));
        }
    }
    return std::shared_ptr<const KvBases>(std::move(bases));
}

}  // namespace pellucid
