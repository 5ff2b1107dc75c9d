#include "engine/placement/measure_turns.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/backend/token_cost.h"
#include "engine/base/thread_pool.h"
#include "engine/placement/sample_weights.h"

namespace pellucid {
namespace {

using Turn = std::pair<int, int>;  // half layers [begin, end)

constexpr std::uint64_t kLeastSample = 512u << 20, kMostSample = 2048ull << 20;  // bytes of weights
constexpr std::uint64_t kFlushed = 256u << 20;                                   // more than caches hold
constexpr std::size_t kMostTurns = 12;
constexpr int kWarmUps = 3, kFewestRuns = 7, kMostRuns = 60;
constexpr double kLongEnough = 0.4;  // seconds of runs

std::size_t size(int n) {
    return static_cast<std::size_t>(n);
}

/// One device's measurements: specs of some of its halves, run with made-up weights.
class Sample {
public:
    Sample(Backend& backend, const ModelSpec& spec, const ModelPart& part,
           std::shared_ptr<const WeightSource> weights, KvFormat kv_format, CancelToken cancel)
        : backend_(backend),
          spec_(spec),
          part_(part),
          weights_(std::move(weights)),
          made_up_(make_sample_weights(weights_)),
          kv_format_(kv_format),
          cancel_(std::move(cancel)),
          flushes_(backend.in_host_memory() &&
                   stored({{0, static_cast<int>(part_.halves.size())}}) >= kFlushed) {}

    /// What the part has of these halves alone.
    ModelSpec of(const std::vector<Turn>& turns) const {
        ModelPart some{false, false, std::vector<HalfShare>(part_.halves.size(), HalfShare::none)};
        for (const auto& [begin, end] : turns)
            for (int half = begin; half < end; ++half) some.halves[size(half)] = part_.halves[size(half)];
        return part_of(spec_, some);
    }
    double bytes(const std::vector<Turn>& turns) const {
        return bytes_per_token(of(turns), *weights_, kv_format_, 0);
    }
    std::uint64_t stored(const std::vector<Turn>& turns) const {
        std::uint64_t sum = 0;
        for (const TensorNeed& need : tensor_needs(of(turns)))
            if (const TensorView* tensor = weights_->find(need.name)) sum += stored_bytes(*tensor);
        return sum;
    }

    Result<void> load(ModelSpec spec) {
        runner_.reset();
        prepared_.reset();
        PrepareOptions prepare;
        prepare.cancel = cancel_;
        PELLUCID_TRY(prepared_,
                     backend_.prepare(std::make_shared<const ModelSpec>(std::move(spec)), made_up_, prepare));
        RunnerOptions options;
        options.pages = 2;
        options.max_batch_rows = options.max_sequences = 1;
        options.kv_format = kv_format_;
        PELLUCID_TRY(runner_, prepared_->make_runner(options));
        return {};
    }

    /// Weights to sample: the more the nearer, where there is memory.
    std::uint64_t enough() const {
        return std::clamp(backend_.memory_available() / 32, kLeastSample, kMostSample);
    }

    /// Seconds of all the turns one after the other: the median of some rounds. `awake`: the first turn of
    /// each round is not counted, since what works on it has yet to wake up.
    Result<double> time(const std::vector<Turn>& turns, bool head, bool awake = false) {
        std::vector<double> rounds;
        double all = 0;
        for (int round = 0; round < kWarmUps + kMostRuns; ++round) {
            if (cancel_.cancelled()) return fail(ErrorCode::cancelled, "measuring was stopped");
            if (flushes_) flush();
            auto begin = std::chrono::steady_clock::now();
            for (std::size_t i = 0; i < turns.size(); ++i) {
                if (i == 1 && awake) begin = std::chrono::steady_clock::now();
                PELLUCID_TRY(const Ticket ticket,
                             runner_->submit(batch(turns[i].first, turns[i].second, head)));
                PELLUCID_TRY(const StepResult done, runner_->wait(ticket));
                (void)done;
            }
            const double seconds =
                std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
            if (round < kWarmUps) continue;
            rounds.push_back(seconds);
            all += seconds;
            if (rounds.size() >= size(kFewestRuns) && all > kLongEnough) break;
        }
        std::ranges::sort(rounds);
        return rounds[rounds.size() / 2];
    }

private:
    /// In a whole model a layer's weights are long out of every cache when its turn comes again.
    void flush() {
        flushed_.resize(kFlushed);
        pool_.parallel_for(static_cast<std::int64_t>(kFlushed), 1 << 20,
                           [&](std::int64_t begin, std::int64_t end, int) {
                               for (std::int64_t i = begin; i < end; i += 64)
                                   ++flushed_[static_cast<std::size_t>(i)];
                           });
    }

    /// Another hidden state each time, so that tokens are routed to other experts.
    Batch batch(int begin, int end, bool head) {
        Batch batch;
        batch.begin_half = begin;
        batch.end_half = end;
        batch.sequences = {{1, {0}, 0, {}}};
        std::vector<float> hidden(size(spec_.n_embd));
        for (float& v : hidden) {
            state_ = state_ * 6364136223846793005u + 1442695040888963407u;
            v = static_cast<float>(static_cast<std::int32_t>(state_ >> 32)) / 2147483648.0f;
        }
        Row row;
        row.input = std::move(hidden);
        row.output = RowOutput::hidden;
        if (head) {
            batch.samples.resize(1);
            const bool samples = runner_->samples(batch.samples[0]);
            row.output = samples ? RowOutput::sample : RowOutput::logits;
            row.sample = samples ? 0 : -1;
        }
        batch.rows.push_back(std::move(row));
        return batch;
    }

    Backend& backend_;
    const ModelSpec& spec_;
    const ModelPart part_;
    const std::shared_ptr<const WeightSource> weights_, made_up_;
    const KvFormat kv_format_;
    const CancelToken cancel_;
    const bool flushes_;  ///< the part is larger than caches
    std::shared_ptr<PreparedWeights> prepared_;
    std::unique_ptr<Runner> runner_;
    std::uint64_t state_ = 1;
    ThreadPool pool_;
    std::vector<unsigned char> flushed_;
};

/// Turns of one kind of half each: some of them, spread evenly.
Result<double> single_turns(Sample& sample, const std::vector<Turn>& turns) {
    std::vector<Turn> some;
    std::size_t count = 3;
    do {
        some.clear();
        count = std::min(count, turns.size());
        for (std::size_t i = 0; i < count; ++i)
            some.push_back(turns[count == 1 ? 0 : i * (turns.size() - 1) / (count - 1)]);
        ++count;
    } while (count <= std::min(kMostTurns, turns.size()) && sample.stored(some) < sample.enough());
    PELLUCID_CHECK(sample.load(sample.of(some)));
    const bool several = some.size() > 1;
    PELLUCID_TRY(const double seconds, sample.time(some, false, several));
    return seconds * static_cast<double>(turns.size()) / static_cast<double>(some.size() - several);
}

/// Turns of several halves: the beginning of one of them, all of it and a half, tell what a turn costs and
/// what a byte does.
Result<double> long_turns(Sample& sample, const std::vector<Turn>& turns) {
    const Turn longest =
        *std::ranges::max_element(turns, {}, [](const Turn& t) { return t.second - t.first; });
    Turn some{longest.first, std::min(longest.first + 4, longest.second)};
    while (some.second < longest.second && sample.stored({some}) < sample.enough())
        some.second = std::min(some.second + 2, longest.second);
    const Turn part{some.first, some.first + (some.second - some.first + 1) / 2};
    PELLUCID_CHECK(sample.load(sample.of({some})));
    PELLUCID_TRY(const double all, sample.time({some}, false));
    const double all_bytes = sample.bytes({some}), part_bytes = sample.bytes({part});
    double a_byte = all / all_bytes, a_turn = 0;
    if (part.second < some.second && part_bytes < all_bytes) {
        PELLUCID_TRY(const double less, sample.time({part}, false));
        const double slope = (all - less) / (all_bytes - part_bytes);
        if (slope > 0 && all - slope * all_bytes > 0) a_byte = slope, a_turn = all - slope * all_bytes;
    }
    return a_turn * static_cast<double>(turns.size()) + a_byte * sample.bytes(turns);
}

}  // namespace

Result<std::vector<TurnTime>> measure_turns(const PlacedBackend& backend, const ModelSpec& spec,
                                            std::shared_ptr<const WeightSource> weights, KvFormat kv_format,
                                            const CancelToken& cancel) {
    const std::vector<Stage> stages = stages_of(backend.placement(), spec);
    std::vector<TurnTime> times;
    for (std::size_t d = 0; d < backend.devices().size(); ++d) {
        const PlacedDevice& device = backend.devices()[d];
        const ModelPart part = part_on(backend.placement(), spec, device.id);
        Sample sample(*device.backend, spec, part, weights, kv_format, cancel);
        std::vector<Turn> attentions, networks, together;
        for (const Stage& stage : stages) {
            if (std::cmp_not_equal(stage.device, d) && std::cmp_not_equal(stage.beside, d)) continue;
            if (stage.end - stage.begin > 1)
                together.emplace_back(stage.begin, stage.end);
            else if (stage.end > stage.begin)
                (stage.begin % 2 == 0 ? attentions : networks).emplace_back(stage.begin, stage.end);
        }
        TurnTime time{device.id, static_cast<int>(attentions.size() + networks.size() + together.size()), 0};
        for (const auto* turns : {&attentions, &networks})
            if (!turns->empty()) {
                PELLUCID_TRY(const double seconds, single_turns(sample, *turns));
                time.seconds += seconds;
            }
        if (!together.empty()) {
            PELLUCID_TRY(const double seconds, long_turns(sample, together));
            time.seconds += seconds;
        }
        if (part.head) {
            const int end = 2 * spec.n_layers();
            PELLUCID_CHECK(sample.load(part_of(spec, {false, true, std::vector<HalfShare>(size(end))})));
            PELLUCID_TRY(const double seconds, sample.time({{end, end}}, true));
            time.seconds += seconds;
            time.turns += stages.back().begin == stages.back().end;
        }
        times.push_back(std::move(time));
    }
    return times;
}

double seconds_per_token(const std::vector<TurnTime>& turns) {
    double seconds = 0;
    for (const TurnTime& turn : turns) seconds += turn.seconds;
    return seconds;
}

}  // namespace pellucid
