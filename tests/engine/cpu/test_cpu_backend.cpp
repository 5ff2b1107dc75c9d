// The backend as a whole: the path it names, every instruction set on whole models, memory as announced,
// refusals, and quantised real models (PELLUCID_MODELS) against the reference.
#include <QtTest>
#include <cmath>
#include <filesystem>

#include "engine/backend/kv_cost.h"
#include "engine/cpu/cpu_backend.h"
#include "engine/cpu/packed_format.h"
#include "engine/format/gguf_writer.h"
#include "engine/model/fine_source.h"
#include "engine/ops/reference_backend.h"
#include "error_measure.h"
#include "isa_rows.h"
#include "random_weights.h"
#include "tests/engine/conformance/driver.h"

using namespace pellucid;
using namespace pellucid::test;

namespace {

RunnerOptions small_options() {
    RunnerOptions options;
    options.page_tokens = 16;
    options.pages = 16;
    options.max_batch_rows = 128;
    return options;
}

std::vector<TokenId> some_tokens(int vocabulary, int n) {
    std::vector<TokenId> tokens;
    for (int i = 0; i < n; ++i) tokens.push_back((i * 37 + 11) % vocabulary);
    return tokens;
}

std::vector<float> flat(const std::vector<std::vector<float>>& rows) {
    std::vector<float> all;
    for (const auto& row : rows) all.insert(all.end(), row.begin(), row.end());
    return all;
}

/// Root mean square of the differences, in standard deviations of what was expected.
double apart(const std::vector<std::vector<float>>& got, const std::vector<std::vector<float>>& expected) {
    double differences = 0, power = 0;
    for (std::size_t r = 0; r < expected.size(); ++r) {
        double mean = 0;
        for (float v : expected[r]) mean += v;
        mean /= static_cast<double>(expected[r].size());
        for (std::size_t i = 0; i < expected[r].size(); ++i) {
            const double d = static_cast<double>(got[r][i]) - static_cast<double>(expected[r][i]);
            differences += d * d;
            power += (expected[r][i] - mean) * (expected[r][i] - mean);
        }
    }
    return std::sqrt(differences / power);
}

/// A source in which one tensor claims another type or shape.
class Disguised final : public WeightSource {
public:
    Disguised(std::shared_ptr<const WeightSource> inner, TensorView changed)
        : inner_(std::move(inner)), changed_(std::move(changed)) {}
    const TensorView* find(std::string_view name) const override {
        return name == changed_.name ? &changed_ : inner_->find(name);
    }
    std::vector<std::string_view> names() const override { return inner_->names(); }

private:
    std::shared_ptr<const WeightSource> inner_;
    TensorView changed_;
};

class Missing final : public WeightSource {
public:
    explicit Missing(std::shared_ptr<const WeightSource> inner) : inner_(std::move(inner)) {}
    const TensorView* find(std::string_view name) const override {
        return name == "output_norm.weight" ? nullptr : inner_->find(name);
    }
    std::vector<std::string_view> names() const override { return inner_->names(); }

private:
    std::shared_ptr<const WeightSource> inner_;
};

}  // namespace

class TestCpuBackend : public QObject {
    Q_OBJECT
    std::shared_ptr<ThreadPool> pool_ = std::make_shared<ThreadPool>(2);

private slots:
    void the_path_is_named() {
        const auto best = cpu::best_isa(detect_cpu_features());
        QCOMPARE(make_cpu_backend(pool_)->description(), std::string(cpu::to_string(best)) + ", 2 threads");
        QCOMPARE(make_cpu_backend(pool_)->name(), std::string_view("cpu"));
        QCOMPARE(make_cpu_backend(std::make_shared<ThreadPool>(1), cpu::Isa::baseline)->description(),
                 std::string("baseline, 1 thread"));
        QVERIFY(make_cpu_backend(pool_)->memory_available() > 0);
    }

    void the_widest_usable_set_is_chosen() {
        CpuFeatures f;
        QVERIFY(cpu::best_isa(f) == cpu::Isa::baseline);
        f.avx2 = f.fma = true;
        QVERIFY(cpu::best_isa(f) == cpu::Isa::baseline);  // without f16c
        f.f16c = true;
        QVERIFY(cpu::best_isa(f) == cpu::Isa::avx2);
        f.avx512f = f.avx512bw = f.avx512vl = f.avx512dq = true;
        QVERIFY(cpu::best_isa(f) == cpu::Isa::avx2);  // without vnni
        f.avx512vnni = true;
        QVERIFY(cpu::best_isa(f) == cpu::Isa::avx512_vnni);
    }

    void every_set_gives_the_references_logits_data() { add_isa_rows(); }
    void every_set_gives_the_references_logits() {
        QFETCH(int, isa);
        for (const char* name : {"llama", "gemma2", "phi3", "glm4", "gpt_oss", "deepseek3"}) {
            const auto reference = make_reference_backend(pool_),
                       device = make_cpu_backend(pool_, static_cast<cpu::Isa>(isa));
            const auto expected_weights = prepare(*reference, name), weights = prepare(*device, name);
            Driver expected_driver(*expected_weights, small_options()), driver(*weights, small_options());
            Held expected_held = expected_driver.new_sequence(), held = driver.new_sequence();
            const auto tokens = some_tokens(320, 90);
            const auto expected = flat(expected_driver.feed(expected_held, tokens, 64)),
                       got = flat(driver.feed(held, tokens, 64));
            const auto error = measure<float>(got, expected);
            QVERIFY2(error.max_error <= 2e-2 * error.deviation,
                     qPrintable(QString("%1: %2").arg(name).arg(error.max_error / error.deviation)));
        }
    }

    /// A fixture with its matrices replaced by random ones of each quantised type that its widths allow.
    /// Where it routes, every token goes to all experts: a near tie would choose others for eight-bit
    /// activations.
    void quantised_models_follow_the_reference_data() {
        QTest::addColumn<int>("isa");
        QTest::addColumn<QString>("fixture");
        for (const cpu::Isa isa : cpu::usable_isas(detect_cpu_features()))
            for (const char* fixture :
                 {"llama", "qwen2moe", "gpt_oss", "deepseek2_lite", "deepseek3", "lfm2_conv"})
                QTest::addRow("%s/%s", std::string(cpu::to_string(isa)).c_str(), fixture)
                    << static_cast<int>(isa) << QString(fixture);
    }
    void quantised_models_follow_the_reference() {
        QFETCH(int, isa);
        QFETCH(QString, fixture);
        const ModelFile model = must(open_model_file(fixture_path(fixture.toStdString() + ".gguf")));
        QTemporaryDir dir;
        for (const TensorType type : {TensorType::q4_0, TensorType::q4_1, TensorType::q5_0, TensorType::q5_1,
                                      TensorType::q8_0, TensorType::iq4_nl, TensorType::mxfp4}) {
            GgufWriter writer;
            Metadata& metadata = writer.metadata();
            for (const auto& [key, value] : model.metadata->all()) metadata.set(key, value);
            for (const auto& [used, all] : {std::pair(".expert_used_count", ".expert_count"),
                                            std::pair(".expert_group_used_count", ".expert_group_count")})
                if (const MetaValue* value = metadata.find(model.spec->architecture + all))
                    metadata.set(model.spec->architecture + used, MetaValue(*value));
            std::vector<std::unique_ptr<RandomWeights>> keep;
            for (const std::string_view name : model.weights->names()) {
                const TensorView& tensor = *model.weights->find(name);
                const bool matrix = tensor.type == TensorType::f16 && tensor.shape.back() % 32 == 0;
                std::int64_t rows = 1;
                for (std::size_t i = 0; i + 1 < tensor.shape.size(); ++i) rows *= tensor.shape[i];
                if (matrix)
                    keep.push_back(std::make_unique<RandomWeights>(type, rows, tensor.shape.back(),
                                                                   static_cast<unsigned>(keep.size())));
                const auto added =
                    writer.add_tensor(std::string(name), matrix ? type : tensor.type, tensor.shape,
                                      matrix ? keep.back()->view().bytes : tensor.bytes);
                QVERIFY(added.ok());
            }
            QVERIFY(keep.size() > 10);
            const std::string path = dir.filePath("model.gguf").toStdString();
            QVERIFY(writer.write(path).ok());
            const ModelFile quantised = must(open_model_file(path));
            const auto tokens = some_tokens(320, 40);
            const auto logits = [&](Backend& backend) {
                const auto weights = must(backend.prepare(quantised.spec, quantised.weights, {}));
                Driver driver(*weights, small_options());
                Held held = driver.new_sequence();
                auto whole = flat(driver.feed(held, tokens, 33));
                return whole;
            };
            const auto expected = logits(*make_reference_backend(pool_)),
                       got = logits(*make_cpu_backend(pool_, static_cast<cpu::Isa>(isa)));
            const auto error = measure<float>(got, expected);
            // Eight-bit activations through every layer of a random model.
            QVERIFY2(error.nmse <= 2e-3,
                     qPrintable(QString("%1: nmse %2").arg(to_string(type).data()).arg(error.nmse)));
            QVERIFY(error.nmse > 0);
        }
    }

    void memory_is_as_announced() {
        for (const char* name : {"llama", "gemma3", "qwen2", "qwen3moe", "deepseek3", "lfm2_conv"}) {
            const auto device = make_cpu_backend(pool_);
            const ModelFile model = must(open_model_file(fixture_path(std::string(name) + ".gguf")));
            const ModelFile header =
                must(open_model_file(fixture_path(std::string(name) + ".gguf"), GgufRead::header_only));
            const auto needed = device->memory_needed(*header.spec, *header.weights, small_options());
            const auto weights = must(device->prepare(model.spec, model.weights, {}));
            QVERIFY(weights->bytes() <= needed.weights);
            QVERIFY(weights->bytes() >= needed.weights / 2);
            const auto kv_values = static_cast<std::uint64_t>(kv_values_per_token(*model.spec)) * 16 * 16;
            QCOMPARE(needed.kv, kv_values * 2);  // f16, pages of 16 need no padding
            QVERIFY(needed.scratch > 0);
            RunnerOptions pages = small_options();
            pages.page_tokens = 64;
            for (const KvFormat format : kKvFormats) {
                pages.kv_format = format;
                const std::uint64_t kv = device->memory_needed(*header.spec, *header.weights, pages).kv;
                // Scales and all; every part fills whole cache lines, and packed codes may be read a little
                // beyond.
                QCOMPARE(kv, kv_bytes_per_token(*model.spec, format) * 64 *
                                     static_cast<std::uint64_t>(pages.pages) +
                                 (has_scales(format) ? 64 : 0));
            }
        }
    }

    void refusals_name_the_tensor() {
        const auto device = make_cpu_backend(pool_);
        const ModelFile model = must(open_model_file(fixture_path("llama.gguf")));
        const auto refused = [&](std::shared_ptr<const WeightSource> source) {
            const auto weights = device->prepare(model.spec, std::move(source), {});
            return weights.ok() ? Error{} : weights.error();
        };
        TensorView view = *model.weights->find("blk.0.ffn_down.weight");
        view.type = TensorType::q8_k;
        Error error = refused(std::make_shared<Disguised>(model.weights, view));
        QVERIFY(error.code == ErrorCode::unsupported &&
                error.what.find("blk.0.ffn_down.weight") != std::string::npos && !error.hint.empty());
        view = *model.weights->find("blk.0.ffn_down.weight");
        view.shape[0] += 1;
        error = refused(std::make_shared<Disguised>(model.weights, view));
        QVERIFY(error.code == ErrorCode::corrupt &&
                error.what.find("blk.0.ffn_down.weight") != std::string::npos);
        error = refused(std::make_shared<Missing>(model.weights));
        QVERIFY(error.code == ErrorCode::not_found &&
                error.what.find("output_norm.weight") != std::string::npos);
        PrepareOptions options;
        options.cancel.cancel();
        const auto cancelled = device->prepare(model.spec, model.weights, options);
        QVERIFY(!cancelled.ok() && cancelled.error().code == ErrorCode::cancelled);
    }

    void progress_rises_to_one() {
        const auto device = make_cpu_backend(pool_);
        const ModelFile model = must(open_model_file(fixture_path("llama.gguf")));
        PrepareOptions options;
        std::vector<double> seen;
        options.progress = [&](double fraction) { seen.push_back(fraction); };
        QVERIFY(device->prepare(model.spec, model.weights, options).ok());
        QVERIFY(seen.size() > 3 && std::is_sorted(seen.begin(), seen.end()) && seen.front() >= 0);
        QCOMPARE(seen.back(), 1.0);
    }

    void two_runners_share_weights_and_pool() {
        const auto device = make_cpu_backend(pool_);
        const auto weights = prepare(*device, "llama");
        Driver first(*weights, small_options()), second(*weights, small_options());
        Held a = first.new_sequence(), b = second.new_sequence();
        const auto tokens = some_tokens(320, 20);
        const auto alone = flat(first.feed(a, tokens, 7));
        std::vector<float> beside;
        Held c = first.new_sequence();
        std::thread other([&] { beside = flat(second.feed(b, tokens, 7)); });
        const auto again = flat(first.feed(c, tokens, 7));
        other.join();
        QCOMPARE(beside, alone);
        QCOMPARE(again, alone);
    }

    void real_models_follow_the_reference() {
        const char* folder = std::getenv("PELLUCID_MODELS");
        if (!folder) QSKIP("PELLUCID_MODELS names no folder of models");
        int models = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.path().extension() != ".gguf") continue;
            ++models;
            const ModelFile model = must(open_model_file(entry.path().string()));
            const auto tokens = sentence(*model.metadata);
            QVERIFY(tokens.size() > 10);
            const auto logits = [&](Backend& backend, bool fine) {
                const auto weights =
                    must(backend.prepare(model.spec, fine ? make_fine(model.weights) : model.weights, {}));
                Driver driver(*weights, small_options());
                Held held = driver.new_sequence();
                return driver.feed(held, tokens, 9);
            };
            const auto got = logits(*make_cpu_backend(pool_), false),
                       fine = logits(*make_cpu_backend(pool_), true),
                       expected = logits(*make_reference_backend(pool_), false);
            // Of the logits' deviation, with activations of 8 and of 16 bits.
            const double off = apart(got, expected), fine_off = apart(fine, expected);
            std::printf("%s: RMS difference %.4f of a deviation, fine %.4f\n",
                        entry.path().filename().c_str(), off, fine_off);
            QVERIFY2(fine_off <= 0.01 && fine_off < off, qPrintable(QString::number(fine_off)));
            double divergence = 0;  // mean Kullback-Leibler divergence of the next token's distribution
            int same = 0;
            for (std::size_t r = 0; r < got.size(); ++r) {
                const auto p = log_softmax(expected[r]), q = log_softmax(got[r]);
                for (std::size_t i = 0; i < p.size(); ++i)
                    divergence += std::exp(p[i]) * (p[i] - q[i]) / static_cast<double>(got.size());
                same += std::max_element(p.begin(), p.end()) - p.begin() ==
                        std::max_element(q.begin(), q.end()) - q.begin();
            }
            std::printf("%s: mean divergence %.2e nats, %d of %zu best tokens agree\n",
                        entry.path().filename().c_str(), divergence, same, got.size());
            QVERIFY2(divergence <= 0.02, qPrintable(QString::number(divergence)));
        }
        QVERIFY(models > 0);
    }

private:
    /// A plain sentence in the model's own tokens.
    static std::vector<TokenId> sentence(const Metadata& metadata) {
        const auto& vocabulary = *must(metadata.strings("tokenizer.ggml.tokens"));
        std::vector<TokenId> tokens{
            static_cast<TokenId>(must(metadata.integer_or("tokenizer.ggml.bos_token_id", 1)))};
        for (const char* word : {"The", "capital", "of",     "France",  "is",  "Paris",     "and",
                                 "the", "capital", "of",     "Germany", "is",  "Berlin",    "because",
                                 "it",  "was",     "chosen", "by",      "the", "government"})
            for (const char* space : {"\xc4\xa0", "\xe2\x96\x81"}) {  // byte-level BPE, SentencePiece
                const auto found = std::ranges::find(vocabulary, std::string(space) + word);
                if (found != vocabulary.end())
                    tokens.push_back(static_cast<TokenId>(found - vocabulary.begin()));
            }
        return tokens;
    }
    static std::vector<double> log_softmax(const std::vector<float>& logits) {
        const double top = *std::ranges::max_element(logits);
        double total = 0;
        for (const float logit : logits) total += std::exp(logit - top);
        std::vector<double> result;
        for (const float logit : logits) result.push_back(logit - top - std::log(total));
        return result;
    }
};

QTEST_GUILESS_MAIN(TestCpuBackend)
#include "test_cpu_backend.moc"
