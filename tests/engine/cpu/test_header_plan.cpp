// The memory plan of a model that no test machine holds, from its header alone: DeepSeek-R1 with 671 billion
// parameters.
#include <QtTest>

#include "engine/backend/kv_cost.h"
#include "engine/cpu/cpu_backend.h"
#include "engine/memory/memory_plan.h"
#include "engine/model/model_file.h"

using namespace pellucid;

class TestHeaderPlan : public QObject {
    Q_OBJECT

    ModelFile model_;
    std::unique_ptr<Backend> cpu_ = make_cpu_backend(std::make_shared<ThreadPool>(2));

    RunnerPlan plan(KvFormat format) {
        PlanRequest request;
        request.context = 128 * 1024;
        request.kv_format = format;
        auto made = plan_runner(*cpu_, *model_.spec, *model_.weights, request);
        if (!made) qFatal("%s", made.error().message().c_str());
        return *made;
    }

private slots:
    void initTestCase() {
        auto model = open_model_file(std::string(PELLUCID_FIXTURES) + "/headers/deepseek_r1_671b.header.gguf",
                                     GgufRead::header_only);
        QVERIFY2(model.ok(), model.ok() ? "" : model.error().message().c_str());
        model_ = *std::move(model);
    }
    void parameters() {
        QVERIFY(std::abs(static_cast<double>(parameter_count(*model_.spec)) / 671e9 - 1) < 0.005);
        QVERIFY(std::abs(static_cast<double>(active_parameter_count(*model_.spec)) / 37e9 - 1) < 0.03);
    }
    /// Only the latents and the shared keys are kept: 576 numbers a layer, not the 128 heads' keys and
    /// values.
    void context_in_latents() {
        const auto kv = static_cast<double>(plan(KvFormat::f16).memory.kv);
        QVERIFY2(std::abs(kv / 9.2e9 - 1) < 0.02, qPrintable(QString::number(kv)));
        QCOMPARE(kv_bytes_per_token(*model_.spec, KvFormat::f16), std::uint64_t{61 * 576 * 2});
        const std::pair<KvFormat, double> smaller[] = {
            {KvFormat::q8, 1.85}, {KvFormat::fp8, 1.9}, {KvFormat::q4, 3.5}, {KvFormat::q3, 5.0}};
        for (const auto& [format, times] : smaller) {
            const auto own = static_cast<double>(plan(format).memory.kv);
            QVERIFY2(kv / own >= times,
                     qPrintable(QString("%1: %2").arg(to_string(format).data()).arg(kv / own)));
        }
    }
    /// Weights by their types; packing may widen some, and no machine here has room.
    void weights_and_refusal() {
        std::uint64_t stored = 0;
        for (const TensorNeed& need : tensor_needs(*model_.spec))
            stored += stored_bytes(*model_.weights->find(need.name));
        QVERIFY(std::abs(static_cast<double>(stored) / 404e9 - 1) < 0.01);
        const RunnerPlan made = plan(KvFormat::f16);
        QVERIFY(made.memory.weights >= stored && made.memory.weights < stored + stored / 20);
        const auto fits = check_fits(made, *cpu_, *model_.spec, *model_.weights);
        QVERIFY(fits.ok() || fits.error().code == ErrorCode::out_of_memory);
        QCOMPARE(fits.ok(), made.memory.fits());
    }
};

QTEST_APPLESS_MAIN(TestHeaderPlan)
#include "test_header_plan.moc"
