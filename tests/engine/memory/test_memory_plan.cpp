#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "engine/base/host_memory.h"
#include "engine/memory/memory_plan.h"
#include "engine/model/model_file.h"
#include "engine/ops/reference_backend.h"

using namespace pellucid;

namespace {

/// A device of which the test decides the size: two bytes a value, nothing else.
class SizedBackend final : public Backend {
public:
    explicit SizedBackend(std::uint64_t available) : available_(available) {}
    std::string_view name() const override { return "sized"; }
    std::string description() const override { return "sized"; }
    std::uint64_t memory_available() const override { return available_; }
    DeviceMemory memory_needed(const ModelSpec& spec, const WeightSource&,
                               const RunnerOptions& options) const override {
        return {1000,
                static_cast<std::uint64_t>(options.pages) * static_cast<std::uint64_t>(options.page_tokens) *
                    static_cast<std::uint64_t>(kv_values_per_token(spec)) * 2,
                500};
    }
    Result<std::shared_ptr<PreparedWeights>> prepare(std::shared_ptr<const ModelSpec>,
                                                     std::shared_ptr<const WeightSource>,
                                                     const PrepareOptions&) override {
        return fail(ErrorCode::unsupported, "only plans");
    }

private:
    std::uint64_t available_;
};

void write(const QString& path, const QByteArray& text) {
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

}  // namespace

class TestMemoryPlan : public QObject {
    Q_OBJECT

    ModelFile model_;

private slots:
    void initTestCase() {
        auto model = open_model_file(PELLUCID_FIXTURES "/architectures/llama.gguf", GgufRead::header_only);
        QVERIFY(model.ok());
        model_ = *std::move(model);
    }
    void whole_context_when_it_fits() {
        const auto plan = plan_runner(SizedBackend(1 << 30), *model_.spec, *model_.weights, {});
        QVERIFY(plan.ok());
        QCOMPARE(plan->options.context, 512);
        QCOMPARE(plan->options.pages, 512 / 64 + 1);
        // 3 layers, 2 KV heads of 16, keys and values: 192 values a token.
        QCOMPARE(plan->memory.kv, std::uint64_t{9 * 64 * 192 * 2});
        QVERIFY(plan->memory.fits());
        QVERIFY(check_fits(*plan, SizedBackend(1 << 30), *model_.spec, *model_.weights).ok());
    }
    void as_much_as_memory_allows() {
        ModelSpec longer = *model_.spec;
        longer.trained_context = 100000;
        const SizedBackend backend(1500 + 64 * 192 * 2 * 101 + 7);  // 101 pages, one of them for copies
        const auto plan = plan_runner(backend, longer, *model_.weights, {});
        QVERIFY(plan.ok());
        QCOMPARE(plan->options.context, 6400);
        QVERIFY(plan->memory.fits());
    }
    void refused_with_the_numbers() {
        const SizedBackend small(1500 + 64 * 192 * 2 * 5);
        PlanRequest request;
        request.context = 512;
        const auto plan = plan_runner(small, *model_.spec, *model_.weights, request);
        QVERIFY(plan.ok());
        QVERIFY(!plan->memory.fits());
        const auto fits = check_fits(*plan, small, *model_.spec, *model_.weights);
        QVERIFY(!fits.ok());
        QCOMPARE(fits.error().code, ErrorCode::out_of_memory);
        QVERIFY(fits.error().what.find("223 kB") != std::string::npos);  // 9 pages and 1500 bytes
        QVERIFY(fits.error().what.find("124 kB") != std::string::npos);  // free
        QVERIFY(fits.error().hint.find("256 tokens") != std::string::npos);
        // Not even a page: there is nothing shorter to offer.
        const SizedBackend tiny(10);
        const auto none = plan_runner(tiny, *model_.spec, *model_.weights, {});
        QVERIFY(none.ok());
        const auto refused = check_fits(*none, tiny, *model_.spec, *model_.weights);
        QVERIFY(!refused.ok());
        QVERIFY(refused.error().hint.find("smaller model") != std::string::npos);
    }
    void context_beyond_training_is_an_error() {
        PlanRequest request;
        for (int context : {-1, 513}) {
            request.context = context;
            const auto plan = plan_runner(SizedBackend(1 << 30), *model_.spec, *model_.weights, request);
            QVERIFY(!plan.ok());
            QCOMPARE(plan.error().code, ErrorCode::invalid_argument);
            QVERIFY(plan.error().hint.find("512") != std::string::npos);
        }
    }
    void header_alone_gives_the_same_plan() {
        const auto whole = open_model_file(PELLUCID_FIXTURES "/architectures/llama.gguf");
        QVERIFY(whole.ok());
        const auto backend = make_reference_backend(std::make_shared<ThreadPool>(1));
        const auto a = backend->memory_needed(*whole->spec, *whole->weights, {.pages = 4});
        const auto b = backend->memory_needed(*model_.spec, *model_.weights, {.pages = 4});
        QCOMPARE(a.total(), b.total());
        QCOMPARE(a.weights,
                 model_.facts.weight_bytes + static_cast<std::uint64_t>(model_.facts.parameters) * 4);
    }
    void host_memory_of_this_machine() {
        const HostMemory memory = host_memory();
        QVERIFY(memory.total > 0);
        QVERIFY(memory.available > 0 && memory.available <= memory.total);
    }
    void control_groups_lower_it() {
        QTemporaryDir folder;
        const QString root = folder.path() + "/";
        write(root + "proc/meminfo", "MemTotal: 1000 kB\nMemFree: 10 kB\nMemAvailable:   800 kB\n");
        QCOMPARE(host_memory(root.toStdString()).total, std::uint64_t{1024000});
        QCOMPARE(host_memory(root.toStdString()).available, std::uint64_t{819200});
        write(root + "proc/self/cgroup", "0::/a/b\n");
        write(root + "sys/fs/cgroup/a/b/memory.max", "max\n");
        write(root + "sys/fs/cgroup/a/b/memory.current", "1\n");
        write(root + "sys/fs/cgroup/a/memory.max", "500000\n");  // a parent binds too
        write(root + "sys/fs/cgroup/a/memory.current", "300000\n");
        write(root + "sys/fs/cgroup/a/memory.stat", "anon 7\ninactive_file 60000\nactive_file 40000\n");
        HostMemory memory = host_memory(root.toStdString());
        QCOMPARE(memory.total, std::uint64_t{500000});
        QCOMPARE(memory.available, std::uint64_t{300000});
        write(root + "proc/self/cgroup", "5:cpu:/x\n4:hugetlb,memory:/c\n");
        write(root + "sys/fs/cgroup/memory/c/memory.limit_in_bytes", "400000\n");
        write(root + "sys/fs/cgroup/memory/c/memory.usage_in_bytes", "500000\n");
        memory = host_memory(root.toStdString());
        QCOMPARE(memory.total, std::uint64_t{400000});
        QCOMPARE(memory.available, std::uint64_t{0});
    }
    void nothing_known_is_zero() {
        QTemporaryDir folder;
        QCOMPARE(host_memory((folder.path() + "/").toStdString()).available, std::uint64_t{0});
    }
};

QTEST_GUILESS_MAIN(TestMemoryPlan)
#include "test_memory_plan.moc"
