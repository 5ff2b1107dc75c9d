// Models placed over two devices, cut everywhere a model can be cut: what comes out is what one device gives.
// (test_runner, test_adapters and test_next_token run over placed models too.)
#include <QTest>
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/memory/memory_plan.h"
#include "engine/placement/measure_turns.h"
#include "tests/engine/conformance/cases.h"
#include "tests/engine/conformance/expected.h"
#include "tests/engine/conformance/placed.h"

using namespace pellucid;
using namespace pellucid::test;

namespace {

using Logits = std::vector<std::vector<float>>;

RunnerOptions small_options() {
    RunnerOptions options;
    options.page_tokens = 16;
    options.pages = 16;
    options.max_batch_rows = 128;
    return options;
}

double furthest(const Logits& a, const Logits& b) {
    double worst = 0;
    for (std::size_t r = 0; r < a.size(); ++r)
        for (std::size_t i = 0; i < a[r].size(); ++i) {
            const double error = std::abs(static_cast<double>(a[r][i]) - static_cast<double>(b[r][i]));
            if (!(error <= worst)) worst = error;  // NaN too
        }
    return worst;
}

bool routed(const ModelSpec& spec) {
    return std::ranges::any_of(spec.layers, &Layer::routed);
}

}  // namespace

class TestPlacements : public QObject {
    Q_OBJECT

    std::shared_ptr<ThreadPool> pool_ = std::make_shared<ThreadPool>(2);

private slots:
    void every_model_at_every_cut_data() {
        QTest::addColumn<QString>("fixture");
        for (const ModelCase& model : model_cases)
            QTest::addRow("%s", model.fixture) << QString(model.fixture);
    }
    /// Over two references not a bit may change (but where routed and shared experts are summed apart); over
    /// reference and cpu the logits are the witness's and the text goes on as its does.
    void every_model_at_every_cut() {
        QFETCH(QString, fixture);
        const std::string name = fixture.toStdString();
        const ModelFile model = must(open_model_file(fixture_path(name + ".gguf")));
        const Expected expected = load_expected(name);
        std::vector<TokenId> prompt = expected.prompts[1].tokens;
        const auto whole = must(make_reference_backend(pool_)->prepare(model.spec, model.weights, {}));
        Driver oracle(*whole, small_options());
        Held held = oracle.new_sequence();
        const Logits logits = oracle.feed(held, prompt, 128);
        const auto run = [&](Cut cut, bool both_reference) {
            const CutBackend backend(
                cut, make_reference_backend(pool_),
                both_reference ? make_reference_backend(pool_) : make_cpu_backend(pool_));
            const auto placed = must(backend.placed(*model.spec));
            return must(placed->prepare(model.spec, model.weights, {}));
        };
        for (const auto& [cut, called] : kCuts) {
            if (cut == Cut::experts && !routed(*model.spec)) continue;
            const auto same = run(cut, true);
            Driver driver(*same, small_options());
            Held own = driver.new_sequence();
            const double apart = furthest(driver.feed(own, prompt, 7), logits);
            const bool summed = cut == Cut::experts && std::ranges::any_of(model.spec->layers, splits);
            QVERIFY2(apart <= (summed ? 1e-4 * expected.deviation : 0), called);

            const auto mixed = run(cut, false);
            Driver other(*mixed, small_options());
            Held text = other.new_sequence();
            const Logits near = other.feed(text, prompt, 128);
            QVERIFY2(furthest(near, logits) <= 0.05 * expected.deviation, called);
            TokenId next = static_cast<TokenId>(std::ranges::max_element(near.back()) - near.back().begin());
            for (std::size_t i = 0; i < expected.greedy.size() && expected.margins[i] > 0.1f; ++i) {
                QVERIFY2(next == expected.greedy[i], called);
                const Logits row = other.feed(text, std::span(&next, 1), 1);
                next = static_cast<TokenId>(std::ranges::max_element(row[0]) - row[0].begin());
            }
        }
    }

    /// Parts take together what the whole takes: nothing is held twice but a tied embedding, nothing is left
    /// out.
    void parts_add_up_data() { every_model_at_every_cut_data(); }
    void parts_add_up() {
        QFETCH(QString, fixture);
        const ModelFile model = must(open_model_file(fixture_path(fixture.toStdString() + ".gguf")));
        const auto reference = make_reference_backend(pool_);
        for (const auto& [cut, called] : kCuts) {
            if (cut == Cut::experts && !routed(*model.spec)) continue;
            const CutBackend backend(cut, make_reference_backend(pool_), make_cpu_backend(pool_));
            const auto placed = must(backend.placed(*model.spec));
            std::int64_t parameters = 0, kept = 0;
            double read = 0;
            bool heads = false;
            for (const std::string& device : devices_of(placed->placement())) {
                const ModelSpec part =
                    part_of(*model.spec, part_on(placed->placement(), *model.spec, device));
                QVERIFY2(!is_whole(part), called);
                parameters += parameter_count(part);
                kept += kv_values_per_token(part);
                heads = heads || part.head.present();
            }
            for (const DeviceShare& share : placed->shares(*model.spec, *model.weights, small_options()))
                read += share.bytes_per_token;
            const std::int64_t whole = parameter_count(*model.spec),
                               embedding = std::int64_t{model.spec->vocabulary} * model.spec->n_embd,
                               twice = parameters - whole;
            // Norms in front of routed and shared experts are read on both sides.
            const std::int64_t norms =
                cut == Cut::experts ? std::int64_t{model.spec->n_layers()} * model.spec->n_embd : 0;
            QVERIFY2(twice >= 0 && twice <= norms + (model.spec->head.tied ? embedding : 0), called);
            QCOMPARE(kept, kv_values_per_token(*model.spec));
            QVERIFY(heads && read > 0);
        }
    }

    /// What a plan says of each device is what its runner holds: a device without attention keeps no pages.
    void keys_and_values_live_with_attention() {
        const ModelFile model = must(open_model_file(fixture_path("qwen2moe.gguf")));
        const CutBackend backend(Cut::halves, make_reference_backend(pool_), make_cpu_backend(pool_));
        const auto shares =
            must(backend.placed(*model.spec))->shares(*model.spec, *model.weights, small_options());
        QCOMPARE(shares.size(), std::size_t{2});
        QVERIFY(shares[0].memory.kv > 0);
        QCOMPARE(shares[1].memory.kv, std::uint64_t{0});
        QVERIFY(shares[0].memory.weights > 0 && shares[1].memory.weights > 0);
        const CutBackend experts(Cut::experts, make_reference_backend(pool_), make_cpu_backend(pool_));
        const auto placed = must(experts.placed(*model.spec));
        const ModelSpec part = part_of(*model.spec, part_on(placed->placement(), *model.spec, "b"));
        for (const Layer& layer : part.layers)
            QVERIFY(!layer.attention.present() && !layer.experts.shared.present());
        const ModelSpec rest = part_of(*model.spec, part_on(placed->placement(), *model.spec, "a"));
        for (const Layer& layer : rest.layers)
            QVERIFY(layer.attention.present() && !layer.routed() && layer.experts.shared.present());
    }

    /// Predicted from a header: every device's turns are counted as a step makes them, and timed.
    void turns_are_measured_data() {
        QTest::addColumn<QString>("fixture");
        for (const char* fixture : {"llama_tied", "qwen2moe"})
            QTest::addRow("%s", fixture) << QString(fixture);
    }
    void turns_are_measured() {
        QFETCH(QString, fixture);
        const ModelFile model =
            must(open_model_file(fixture_path(fixture.toStdString() + ".gguf"), GgufRead::header_only));
        for (const auto& [cut, called] : kCuts) {
            if (cut == Cut::experts && !routed(*model.spec)) continue;
            const CutBackend backend(cut, make_reference_backend(pool_), make_cpu_backend(pool_));
            const auto placed = must(backend.placed(*model.spec));
            const auto turns = must(measure_turns(*placed, *model.spec, model.weights, KvFormat::f16));
            QCOMPARE(turns.size(), std::size_t{2});
            std::vector<int> counted(2);
            for (const Stage& stage : stages_of(placed->placement(), *model.spec)) {
                ++counted[static_cast<std::size_t>(stage.device)];
                if (stage.beside >= 0) ++counted[static_cast<std::size_t>(stage.beside)];
            }
            for (std::size_t d = 0; d < 2; ++d) {
                QCOMPARE(turns[d].turns, counted[d]);
                QVERIFY2(turns[d].seconds > 0 && turns[d].seconds < 10, called);
            }
            QCOMPARE(seconds_per_token(turns), turns[0].seconds + turns[1].seconds);
            CancelToken stopped;
            stopped.cancel();
            const auto none = measure_turns(*placed, *model.spec, model.weights, KvFormat::f16, stopped);
            QVERIFY(!none && none.error().code == ErrorCode::cancelled);
        }
    }

    /// A step that is stopped leaves no device behind the other: what it had to copy is copied.
    void a_stopped_step_has_copied() {
        const ModelFile model = must(open_model_file(fixture_path("llama.gguf")));
        std::vector<TokenId> prompt = load_expected("llama").prompts[2].tokens;
        prompt.resize(50);
        const auto whole = must(make_reference_backend(pool_)->prepare(model.spec, model.weights, {}));
        Driver oracle(*whole, small_options());
        Held alone = oracle.new_sequence();
        const Logits wanted = oracle.feed(alone, prompt, 128);
        for (const auto& [cut, called] : kCuts) {
            if (cut == Cut::experts) continue;
            const CutBackend backend(cut, make_reference_backend(pool_), make_reference_backend(pool_));
            const auto weights =
                must(must(backend.placed(*model.spec))->prepare(model.spec, model.weights, {}));
            Driver driver(*weights, small_options());
            Held trunk = driver.new_sequence();
            (void)driver.feed(trunk, std::span(prompt).first(45), 128);
            Batch batch;
            Held branch = driver.fork(trunk, batch.copies);
            const BatchSequence forked = branch.sequence;
            driver.add(batch, branch, std::span(prompt).subspan(45));
            CancelToken stopped;
            stopped.cancel();
            const auto result = driver.runner().wait(must(driver.runner().submit(batch, stopped)));
            QVERIFY(!result.ok() && result.error().code == ErrorCode::cancelled);
            branch.sequence = forked;  // the runtime never gives the copies again
            const Logits rest = driver.feed(branch, std::span(prompt).subspan(45), 128);
            QVERIFY2(furthest(rest, {wanted.begin() + 45, wanted.end()}) == 0, called);
        }
    }

    /// A part refuses what it has not, before anything is written.
    void parts_refuse_what_is_elsewhere() {
        const ModelFile model = must(open_model_file(fixture_path("llama.gguf")));
        for (const TestedBackend& tested : tested_backends()) {
            ModelPart first{true, false, std::vector<HalfShare>(model.spec->layers.size() * 2)};
            first.halves[0] = first.halves[1] = first.halves[2] = HalfShare::all;
            const auto spec = std::make_shared<const ModelSpec>(part_of(*model.spec, first));
            const auto device = tested.make(pool_);
            const auto weights = must(device->prepare(spec, model.weights, {}));
            Driver driver(*weights, small_options());
            const auto code = [&](int begin, int end, RowOutput output, bool hidden = false) {
                Held held = driver.new_sequence();
                held.sequence.pages = {0};
                Batch batch;
                const TokenId token[] = {5};
                driver.add(batch, held, token, output);
                batch.begin_half = begin;
                batch.end_half = end;
                if (hidden) batch.rows[0].input = std::vector<float>(static_cast<std::size_t>(spec->n_embd));
                const auto ticket = driver.runner().submit(batch);
                if (!ticket) return ticket.error().code;
                return driver.runner().wait(*ticket).ok() ? ErrorCode::internal : ErrorCode::io;
            };
            constexpr ErrorCode done = ErrorCode::internal, refused = ErrorCode::invalid_argument;
            QVERIFY(code(0, 3, RowOutput::hidden) == done);
            QVERIFY(code(1, 3, RowOutput::hidden, true) == done);
            QVERIFY(code(0, 3, RowOutput::logits) == refused);   // the head is elsewhere
            QVERIFY(code(0, 4, RowOutput::hidden) == refused);   // so is half 3
            QVERIFY(code(0, -1, RowOutput::hidden) == refused);  // and what follows
            QVERIFY(code(1, 3, RowOutput::hidden) == refused);   // no ids behind the embedding
            QVERIFY(code(2, 1, RowOutput::hidden, true) == refused);
            QVERIFY(code(-2, 1, RowOutput::hidden) == refused);
            QVERIFY(code(0, 99, RowOutput::hidden) == refused);
        }
    }
};

QTEST_GUILESS_MAIN(TestPlacements)
#include "test_placements.moc"
