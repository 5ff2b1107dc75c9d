// Bases for keys from a model's own queries and keys: always the same, told by every device alike, and of use
// to the model whatever way its steps are cut.
#include <QTest>
#include <algorithm>
#include <cmath>

#include "engine/backend/kv_cost.h"
#include "engine/cpu/cpu_backend.h"
#include "engine/ops/reference_backend.h"
#include "engine/runtime/calibrate_kv.h"
#include "engine/runtime/devices.h"
#include "engine/runtime/local_engine.h"
#include "tests/engine/conformance/driver.h"

using namespace pellucid;
using namespace pellucid::test;

namespace {

constexpr const char* kModels[] = {"llama_rope3", "gemma3", "qwen3", "gpt_oss", "phi3", "lfm2"};

std::vector<TokenId> prompt(int n) {
    std::vector<TokenId> tokens;
    for (int i = 0; i < n; ++i) tokens.push_back(static_cast<TokenId>((i * i * 7 + 13 * i + 5) % 320));
    return tokens;
}

double distance(const std::vector<std::vector<float>>& a, const std::vector<std::vector<float>>& b) {
    double squares = 0, all = 0;
    for (std::size_t r = 0; r < a.size(); ++r)
        for (std::size_t i = 0; i < a[r].size(); ++i) {
            squares += std::pow(static_cast<double>(a[r][i] - b[r][i]), 2);
            all += std::pow(static_cast<double>(a[r][i]), 2);
        }
    return std::sqrt(squares / all);
}

bool same(const KvBases& a, const KvBases& b) {
    if (a.layers.size() != b.layers.size()) return false;
    for (std::size_t l = 0; l < a.layers.size(); ++l) {
        if (a.layers[l].size() != b.layers[l].size()) return false;
        for (std::size_t h = 0; h < a.layers[l].size(); ++h)
            if (a.layers[l][h].to_codes != b.layers[l][h].to_codes ||
                a.layers[l][h].of_query != b.layers[l][h].of_query ||
                a.layers[l][h].tiers.counts != b.layers[l][h].tiers.counts)
                return false;
    }
    return true;
}

}  // namespace

class TestCalibrateKv : public QObject {
    Q_OBJECT

    std::shared_ptr<ThreadPool> pool_ = std::make_shared<ThreadPool>(2);

    RunnerOptions options(KvFormat format, std::shared_ptr<const KvBases> bases) {
        RunnerOptions options;
        options.page_tokens = 16;
        options.pages = 32;
        options.kv_format = format;
        options.kv_bases = std::move(bases);
        return options;
    }

private slots:
    void windows_without_a_tokenizer() {
        ModelSpec spec;
        spec.vocabulary = 320;
        const auto windows = calibration_windows(spec, nullptr);
        QCOMPARE(windows.size(), 1u);
        QCOMPARE(windows[0].size(), 512u);
        for (const TokenId id : windows[0]) QVERIFY(id >= 0 && id < 320);
        QVERIFY(windows == calibration_windows(spec, nullptr));
    }

    void bases_of_models() {
        for (const char* name : kModels) {
            const ModelFile model = must(open_model_file(fixture_path(std::string(name) + ".gguf")));
            const auto windows = calibration_windows(*model.spec, nullptr);
            const auto device = make_cpu_backend(pool_);
            const auto weights = must(device->prepare(model.spec, model.weights, {}));
            for (const KvFormat format : {KvFormat::q4, KvFormat::q3}) {
                const auto bases = must(calibrate_kv(*model.spec, *weights, format, 2048, windows));
                QVERIFY(bases != nullptr);
                QVERIFY(same(*bases, *must(calibrate_kv(*model.spec, *weights, format, 2048, windows))));
                // What the plan counts is what they take.
                QCOMPARE(bases->bytes(), kv_bases_bytes(*model.spec, format));

                // The reference rounds as the CPU stores, and cutting a prompt changes no key.
                const auto tokens = prompt(70);
                Driver whole(*weights, options(format, bases)), cut(*weights, options(format, bases));
                Held a = whole.new_sequence(), b = cut.new_sequence();
                const auto expected = whole.feed(a, tokens, 128);
                const double by_cut = distance(expected, cut.feed(b, tokens, 9));
                const auto reference = make_reference_backend(pool_);
                const auto reference_weights = must(reference->prepare(model.spec, model.weights, {}));
                Driver slow(*reference_weights, options(format, bases));
                Held c = slow.new_sequence();
                const double by_device = distance(slow.feed(c, tokens, 128), expected);
                // A coordinate on the border of two codes may fall to either, and random layers make it more.
                // layer.
                std::printf("%s %s: cut %.3g, device %.3g\n", name, to_string(format).data(), by_cut,
                            by_device);
                QVERIFY(by_cut <= 0.01);
                QVERIFY(by_device <= 0.05);
            }
            QVERIFY(must(calibrate_kv(*model.spec, *weights, KvFormat::q8, 2048, windows)) == nullptr);
        }
    }

    /// Rolled back and written again, forked and gone on: what is stored is what a fresh sequence stores.
    void pages_keep_what_was_stored() {
        const ModelFile model = must(open_model_file(fixture_path("gemma3.gguf")));
        const auto device = make_cpu_backend(pool_);
        const auto weights = must(device->prepare(model.spec, model.weights, {}));
        const auto windows = calibration_windows(*model.spec, nullptr);
        const auto bases = must(calibrate_kv(*model.spec, *weights, KvFormat::q4, 512, windows));
        Driver driver(*weights, options(KvFormat::q4, bases));
        const auto tokens = prompt(60);
        const auto feed = [&](Held& held, std::span<const TokenId> part) {
            return driver.feed(held, part, 1);
        };
        Held plain = driver.new_sequence(), turned = driver.new_sequence();
        const auto expected = feed(plain, tokens);
        auto detour = tokens;
        std::reverse(detour.begin() + 21, detour.end());
        (void)feed(turned, std::span(detour).first(45));
        driver.rollback(turned, 21);
        const auto rest = feed(turned, std::span(tokens).subspan(21));
        for (std::size_t i = 0; i < rest.size(); ++i) QVERIFY(rest[i] == expected[i + 21]);
    }

    void devices_tell_the_same() {
        const ModelFile model = must(open_model_file(fixture_path("qwen3.gguf")));
        const auto windows = calibration_windows(*model.spec, nullptr);
        const auto fast = make_cpu_backend(pool_);
        const auto slow = make_reference_backend(pool_);
        const auto a = must(calibrate_kv(*model.spec, *must(fast->prepare(model.spec, model.weights, {})),
                                         KvFormat::q4, 512, windows)),
                   b = must(calibrate_kv(*model.spec, *must(slow->prepare(model.spec, model.weights, {})),
                                         KvFormat::q4, 512, windows));
        for (std::size_t l = 0; l < a->layers.size(); ++l)
            for (std::size_t h = 0; h < a->layers[l].size(); ++h)
                QVERIFY(a->layers[l][h].tiers.counts == b->layers[l][h].tiers.counts);
    }

    void cancelled() {
        const ModelFile model = must(open_model_file(fixture_path("qwen3.gguf")));
        const auto device = make_cpu_backend(pool_);
        const auto weights = must(device->prepare(model.spec, model.weights, {}));
        CancelToken stop;
        stop.cancel();
        const auto windows = calibration_windows(*model.spec, nullptr);
        const auto refused = calibrate_kv(*model.spec, *weights, KvFormat::q4, 512, windows, stop);
        QVERIFY(!refused.ok() && refused.error().code == ErrorCode::cancelled);
    }

    /// A model opened with q4 measures its keys by itself.
    void the_engine_calibrates() {
        LocalEngine engine(host_devices());
        ModelOptions options;
        options.device = "cpu";
        options.context_length = 128;
        options.kv_format = "q4";
        QStringList said;
        const auto model = engine.open_local(fixture_path("qwen3.gguf"), options,
                                             [&](double, const std::string& what) { said << what.c_str(); });
        QVERIFY(model.ok());
        QVERIFY(said.contains("Measuring keys"));
        options.kv_format = "q8";
        said.clear();
        QVERIFY(engine
                    .open_local(fixture_path("qwen3.gguf"), options,
                                [&](double, const std::string& what) { said << what.c_str(); })
                    .ok());
        QVERIFY(!said.contains("Measuring keys"));
    }
};

QTEST_GUILESS_MAIN(TestCalibrateKv)
#include "test_calibrate_kv.moc"
