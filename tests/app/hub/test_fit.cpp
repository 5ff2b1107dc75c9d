// Does it fit, how fast, which one: on machines of any size, without any of them.
#include <QtTest>

#include "app/hub/fit.h"
#include "app/hub/memory_speed.h"
#include "engine/backend/kv_cost.h"
#include "engine/backend/token_cost.h"
#include "engine/cpu/cpu_backend.h"
#include "engine/runtime/plan_model.h"

using namespace pellucid;
using namespace pellucid::hub;

namespace {

const std::string kFixtures = PELLUCID_FIXTURES;

/// The CPU with as much memory as a test says.
class Machine final : public Backend {
public:
    explicit Machine(std::uint64_t available) : available_(available) {}
    std::string_view name() const override { return cpu_->name(); }
    std::string description() const override { return cpu_->description(); }
    std::uint64_t memory_available() const override { return available_; }
    DeviceMemory memory_needed(const ModelSpec& spec, const WeightSource& weights,
                               const RunnerOptions& options) const override {
        return cpu_->memory_needed(spec, weights, options);
    }
    Result<std::shared_ptr<PreparedWeights>> prepare(std::shared_ptr<const ModelSpec>,
                                                     std::shared_ptr<const WeightSource>,
                                                     const PrepareOptions&) override {
        return fail(ErrorCode::internal, "nothing is to be loaded");
    }

private:
    std::unique_ptr<Backend> cpu_ = make_cpu_backend(std::make_shared<ThreadPool>(2));
    std::uint64_t available_;
};

DeviceFactory machine(std::uint64_t total, std::uint64_t available, std::string id = "cpu") {
    return {std::move(id), "a machine",
            [=](int) -> Result<std::unique_ptr<Backend>> {
                return std::unique_ptr<Backend>(std::make_unique<Machine>(available));
            },
            [=] {
                return HostMemory{total, available};
            }};
}

class Speed final : public MemorySpeeds {
public:
    double bytes_per_second(const std::string& device, double) const override {
        return device == "cpu" ? 50e9 : 0;
    }
};

ModelFile model_of(const std::string& name) {
    auto model = open_model_file(kFixtures + name, GgufRead::header_only);
    if (!model) qFatal("%s", model.error().message().c_str());
    return *std::move(model);
}

Variant variant(const std::string& quantization, std::uint64_t bytes) {
    Variant made;
    made.name = made.quantization = quantization;
    made.files.push_back({quantization + ".gguf", bytes, {}, {}});
    return made;
}

DeviceFit with(Verdict verdict, double speed = 20) {
    DeviceFit fit;
    fit.verdict = verdict;
    fit.tokens_per_second = speed;
    return fit;
}

constexpr std::uint64_t GB = 1'000'000'000;

}  // namespace

class TestFit : public QObject {
    Q_OBJECT

    const ModelFile r1_ = model_of("/headers/deepseek_r1_671b.header.gguf");

private slots:
    void a_plan_is_the_one_a_load_follows() {
        const ModelFile model = model_of("/architectures/qwen3.gguf");
        Fit fit({machine(8 * GB, 6 * GB)}, nullptr);
        const auto fits = fit.on_devices(model, {});
        QCOMPARE(fits.size(), std::size_t{1});
        Machine same(6 * GB);
        ModelOptions options;
        options.context_length = fits[0].context;
        const auto plan = plan_model(model, same, options);
        QVERIFY(plan.ok());
        QCOMPARE(fits[0].memory.total(), plan->memory.total());
        QCOMPARE(fits[0].verdict, Verdict::fits);
        QCOMPARE(fits[0].longest_context, fits[0].trained_context);
        QCOMPARE(fits[0].tokens_per_second, 0.0);  // never measured
        QVERIFY(!fits[0].estimated);
    }

    void verdicts_follow_the_memory_that_is_free() {
        const auto on = [&](std::uint64_t total, std::uint64_t available, int context) {
            return Fit({machine(total, available)}, nullptr)
                .on_devices(r1_, {context, KvFormat::f16})
                .front();
        };
        const DeviceFit roomy = on(1000 * GB, 900 * GB, 4096);
        QCOMPARE(roomy.verdict, Verdict::fits);
        const std::uint64_t needed = roomy.memory.total();
        QCOMPARE(on(500 * GB, needed + GB, 4096).verdict, Verdict::tight);
        const DeviceFit shorter = on(500 * GB, needed, 131072);
        QCOMPARE(shorter.verdict, Verdict::shorter_context);
        QVERIFY(shorter.longest_context >= 4096 && shorter.longest_context < 131072);
        QCOMPARE(shorter.context, 131072);  // the bars show what was asked for
        // What is offered then does fit.
        const DeviceFit offered = on(500 * GB, needed, shorter.longest_context);
        QVERIFY(offered.memory.fits());
        const DeviceFit none = on(24 * GB, 21 * GB, 4096);
        QCOMPARE(none.verdict, Verdict::too_large);
        QCOMPARE(none.longest_context, 0);
    }

    void the_sliders_change_the_context_alone() {
        Fit fit({machine(1000 * GB, 900 * GB)}, nullptr);
        const auto at = [&](int context, KvFormat format) {
            return fit.on_devices(r1_, {context, format}).front().memory;
        };
        QCOMPARE(at(4096, KvFormat::f16).weights, at(131072, KvFormat::q4).weights);
        QVERIFY(at(131072, KvFormat::f16).kv > 9 * GB);
        QVERIFY(at(131072, KvFormat::q4).kv * 3 < at(131072, KvFormat::f16).kv);
        // More than it was trained for is not planned; nothing chosen is a usual length.
        QCOMPARE(fit.on_devices(r1_, {1 << 29, KvFormat::f16}).front().context, r1_.spec->trained_context);
        QCOMPARE(fit.on_devices(r1_, {}).front().context, usual_context);
    }

    void another_quantisation_by_its_size() {
        Fit fit({machine(1000 * GB, 900 * GB)}, nullptr);
        const auto whole = fit.on_devices(r1_, {}).front();
        const auto same = fit.on_devices(r1_, r1_.facts.weight_bytes, {}).front();
        QVERIFY(same.estimated);
        QCOMPARE(same.memory.total(), whole.memory.total());
        const auto half = fit.on_devices(r1_, r1_.facts.weight_bytes / 2, {}).front();
        QVERIFY(half.memory.weights < whole.memory.weights * 51 / 100);
        QVERIFY(half.memory.kv == whole.memory.kv && half.memory.scratch == whole.memory.scratch);
    }

    void a_device_that_does_not_answer_is_told() {
        DeviceFactory broken = machine(GB, GB, "cuda:0");
        broken.make = [](int) -> Result<std::unique_ptr<Backend>> {
            return fail(ErrorCode::device_lost, "the card is gone");
        };
        const auto fits = Fit({broken, machine(1000 * GB, 900 * GB)}, nullptr).on_devices(r1_, {});
        QCOMPARE(fits[0].verdict, Verdict::cannot_run);
        QCOMPARE(fits[0].refused->code, ErrorCode::device_lost);
        QCOMPARE(best_device(fits), std::size_t{1});
    }

    void speed_follows_the_bytes_a_token_reads() {
        const Speed speed;
        Fit fit({machine(1000 * GB, 900 * GB)}, &speed);
        const auto fits = fit.on_devices(r1_, {131072, KvFormat::f16});
        // 37 of 671 billion parameters meet a token: about 24 GB of the 404.
        const double bytes = bytes_per_token(*r1_.spec, *r1_.weights, KvFormat::f16, 0);
        QVERIFY2(bytes > 20e9 && bytes < 28e9, qPrintable(QString::number(bytes)));
        QCOMPARE(fits[0].tokens_per_second, 50e9 / bytes);
        QVERIFY(fits[0].tokens_per_second_far < fits[0].tokens_per_second);
        // A dense model reads every weight, of an embedding apart from the head one row.
        const ModelFile llama = model_of("/architectures/llama.gguf");
        const double dense = bytes_per_token(*llama.spec, *llama.weights, KvFormat::f16, 0);
        const double all = static_cast<double>(llama.facts.weight_bytes);
        const double embedding =
            static_cast<double>(stored_bytes(*llama.weights->find(llama.spec->embedding)));
        QCOMPARE(dense, all - embedding);
        QCOMPARE(bytes_per_token(*llama.spec, *llama.weights, KvFormat::f16, 10) - dense,
                 10.0 * static_cast<double>(kv_bytes_per_token(*llama.spec, KvFormat::f16)));
    }

    void the_best_quantisation() {
        const std::vector<Variant> all = {variant("Q2_K", 3), variant("Q4_K_M", 5), variant("Q6_K", 6),
                                          variant("Q8_0", 8), variant("F16", 16)};
        const auto choice = [&](std::vector<DeviceFit> fits) { return *best_variant(all, fits); };
        using V = Verdict;
        // All fit: the smallest whose loss nobody sees.
        auto best = choice({with(V::fits), with(V::fits), with(V::fits), with(V::fits), with(V::fits)});
        QCOMPARE(best.variant, std::size_t{2});
        QCOMPARE(best.reason, Reason::best_quality);
        // A nearer one would fit and be slow.
        best = choice(
            {with(V::fits, 9), with(V::fits, 6), with(V::fits, 4), with(V::fits, 3), with(V::tight, 1)});
        QCOMPARE(best.variant, std::size_t{1});
        QCOMPARE(best.reason, Reason::fast_enough);
        // All are slow: the fastest that still makes sense, not the two bits.
        best = choice(
            {with(V::fits, 3), with(V::fits, 2), with(V::fits, 1), with(V::too_large), with(V::too_large)});
        QCOMPARE(best.variant, std::size_t{1});
        // Comfortable before near.
        best =
            choice({with(V::fits), with(V::tight), with(V::tight), with(V::too_large), with(V::too_large)});
        QCOMPARE(best.variant, std::size_t{0});
        best = choice(
            {with(V::tight), with(V::tight), with(V::too_large), with(V::too_large), with(V::too_large)});
        QCOMPARE(best.variant, std::size_t{1});
        QCOMPARE(best.reason, Reason::only_tight);
        best = choice({with(V::too_large), with(V::too_large), with(V::too_large), with(V::too_large),
                       with(V::too_large)});
        QCOMPARE(best.variant, std::size_t{0});
        QCOMPARE(best.reason, Reason::smallest);
    }

    void what_cannot_be_chosen_is_not() {
        Variant lacking = variant("Q8_0", 8);
        lacking.parts = 2;
        Variant unknown = variant("Q8_0", 8);
        unknown.files[0].bytes.reset();
        QVERIFY(!best_variant({}, {}));
        QVERIFY(!best_variant({lacking, unknown}, {with(Verdict::fits), with(Verdict::fits)}));
        QVERIFY(!best_variant({variant("Q8_0", 8)}, {with(Verdict::cannot_run)}));
        QVERIFY(!best_variant({variant("Q8_0", 8)}, {}));
        const auto only = best_variant({variant("", 8), lacking}, {with(Verdict::fits), with(Verdict::fits)});
        QCOMPARE(only->variant, std::size_t{0});  // a name that says nothing is better than none
    }

    /// A small model's speed says little of a large one's, and the other way round.
    void what_was_seen_counts_for_models_of_its_size() {
        QTemporaryDir dir;
        const auto file = std::filesystem::path(dir.path().toStdString()) / "speeds.json";
        KeptSpeeds speeds(file);
        QVERIFY(speeds.measure().ok());
        const double measured = speeds.bytes_per_second("cpu", 4e9);
        QVERIFY(measured > 0);
        // A small one, slower than reading alone.
        QVERIFY(speeds.learn("cpu", 1e8, measured / 4 / 1e8).ok());
        const auto is = [](double a, double b) { return std::abs(a - b) < 1e-6 * b; };
        QVERIFY(is(speeds.bytes_per_second("cpu", 1e8), measured / 4));
        QVERIFY(is(speeds.bytes_per_second("cpu", 1.5e8), measured / 4));
        QVERIFY(is(speeds.bytes_per_second("cpu", 1e6), measured / 4));
        QVERIFY(is(speeds.bytes_per_second("cpu", 4e9), measured));
        // A large one, faster than was thought: a larger one is, too.
        QVERIFY(speeds.learn("cpu", 4e9, measured * 1.2 / 4e9).ok());
        QVERIFY(is(speeds.bytes_per_second("cpu", 3e9), measured * 1.2));
        QVERIFY(is(speeds.bytes_per_second("cpu", 4e10), measured * 1.2));
        QVERIFY(is(speeds.bytes_per_second("cpu", 1e8), measured / 4));
        QVERIFY(is(KeptSpeeds(file).bytes_per_second("cpu", 1e8), measured / 4));
    }

    /// A card is measured by what its plug-in says, also one that came later; one that cannot say is not
    /// known.
    void cards_are_measured() {
        QTemporaryDir dir;
        const auto file = std::filesystem::path(dir.path().toStdString()) / "speeds.json";
        int asked = 0;
        std::vector<DeviceFactory> devices(3);
        devices[0].id = "cpu";
        devices[1].id = "cuda:0";
        devices[1].copy_speed = [&] { return ++asked == 1 ? 2e12 : 1e12; };
        devices[2].id = "cuda:1";
        devices[2].copy_speed = [] { return 0.0; };
        {
            KeptSpeeds speeds(file);
            for (int i = 0; i < 3; ++i) QVERIFY(speeds.measure().ok());
            QCOMPARE(speeds.bytes_per_second("cuda:0", 4e9), 0.0);
            QVERIFY(speeds.measure(devices).ok());
        }
        const KeptSpeeds again(file);
        QVERIFY(std::abs(again.bytes_per_second("cuda:0", 4e9) - card_share * 2e12) < 1e6);
        QCOMPARE(again.bytes_per_second("cuda:1", 4e9), 0.0);
        QCOMPARE(asked, 1);
    }

    void speeds_are_kept() {
        QTemporaryDir dir;
        const auto file = std::filesystem::path(dir.path().toStdString()) / "new" / "speeds.json";
        {
            KeptSpeeds speeds(file);
            QCOMPARE(speeds.bytes_per_second("cpu", 4e9), 0.0);
            QVERIFY(speeds.learn("cpu", 4e9, 10).ok());
            QVERIFY(speeds.learn("cpu", 4e9, 7).ok());
            QVERIFY(speeds.learn("cpu", 4e9, -1).ok());
            QVERIFY(std::abs(speeds.bytes_per_second("cpu", 4e9) - 36e9) < 1);
        }
        const KeptSpeeds again(file);
        QVERIFY(std::abs(again.bytes_per_second("cpu", 4e9) - 36e9) < 1e6);
        QCOMPARE(again.bytes_per_second("cuda:0", 4e9), 0.0);
        for (const char* damaged :
             {"", "{", "[]", "{\"machine\":3}", "{\"machine\":\"another\",\"bytes_per_second\":{\"cpu\":5}}",
              "{\"machine\":\"another\",\"seen\":{\"cpu\":[[31,5e9]]}}"}) {
            QFile out(QString::fromStdString(file.string()));
            QVERIFY(out.open(QIODevice::WriteOnly | QIODevice::Truncate));
            out.write(damaged);
            out.close();
            QCOMPARE(KeptSpeeds(file).bytes_per_second("cpu", 4e9), 0.0);
        }
    }
};

QTEST_APPLESS_MAIN(TestFit)
#include "test_fit.moc"
