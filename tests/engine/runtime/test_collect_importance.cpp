// What a model's matrices read: against the reference's own norm of the embeddings, counted by expert, and
// that it makes quantised weights err less where it counts.
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>

#include "engine/cpu/cpu_backend.h"
#include "engine/model/quantizer.h"
#include "engine/ops/reference_backend.h"
#include "engine/quant/decode.h"
#include "engine/runtime/collect_importance.h"

using namespace pellucid;

namespace {

ModelFile fixture(const char* name) {
    auto model = open_model_file(std::string(PELLUCID_FIXTURES) + "/architectures/" + name + ".gguf");
    if (!model) qFatal("%s", model.error().message().c_str());
    return *std::move(model);
}

std::vector<TokenId> some_tokens(const ModelFile& model, int n) {
    std::vector<TokenId> tokens;
    for (int i = 0; i < n; ++i) tokens.push_back((i * 7 + 3) % model.spec->vocabulary);
    return tokens;
}

std::vector<float> values_of(const ModelFile& model, const std::string& name) {
    const TensorView* view = model.weights->find(name);
    std::vector<float> values(static_cast<std::size_t>(view->rows() * view->columns()));
    if (!decode(view->type, view->bytes, values)) qFatal("undecodable");
    return values;
}

}  // namespace

class TestCollectImportance : public QObject {
    Q_OBJECT
    std::shared_ptr<ThreadPool> pool_ = std::make_shared<ThreadPool>(2);

    ImportanceMatrix collect(const ModelFile& model, int tokens, int window) {
        const auto cpu = make_cpu_backend(pool_);
        CollectOptions options;
        options.window = window;
        auto matrix = collect_importance(model, *cpu, some_tokens(model, tokens), options);
        if (!matrix) qFatal("%s", matrix.error().message().c_str());
        return *std::move(matrix);
    }

private slots:
    void first_layer_reads_normed_embeddings() {
        const ModelFile model = fixture("llama");
        const ImportanceMatrix matrix = collect(model, 70, 32);
        QCOMPARE(matrix.chunks, 2);
        const Norm& norm = model.spec->layers[0].attention_norm;
        const auto embedding = values_of(model, model.spec->embedding),
                   weight = values_of(model, norm.weight);
        const std::size_t width = weight.size();
        std::vector<double> squares(width);
        for (const TokenId id : some_tokens(model, 64)) {
            const float* x = embedding.data() + static_cast<std::size_t>(id) * width;
            double mean = 0;
            for (std::size_t i = 0; i < width; ++i) mean += std::pow(static_cast<double>(x[i]), 2);
            mean = mean / static_cast<double>(width) + static_cast<double>(norm.eps);
            for (std::size_t i = 0; i < width; ++i)
                squares[i] += std::pow(static_cast<double>(x[i]) * static_cast<double>(weight[i]), 2) / mean;
        }
        for (const Linear* reader :
             {&model.spec->layers[0].attention.q, &model.spec->layers[0].attention.v}) {
            const auto& sums = matrix.tensors.at(reader->weight);
            QCOMPARE(sums.counts, std::vector<double>{64});
            for (std::size_t i = 0; i < width; ++i)
                QVERIFY(std::abs(sums.squares[i] - squares[i]) < 1e-4 * squares[i]);
        }
        // Every matrix of every layer, of the width it reads; no embedding and no head.
        for (const Layer& layer : model.spec->layers)
            for (const Linear* reader : {&layer.attention.q, &layer.attention.k, &layer.attention.output,
                                         &layer.feed_forward.gate, &layer.feed_forward.down})
                QCOMPARE(matrix.tensors.at(reader->weight).squares.size(),
                         static_cast<std::size_t>(reader->in));
        QCOMPARE(matrix.tensors.size(), model.spec->layers.size() * 7);
    }

    void windows_do_not_see_each_other() {
        const ModelFile model = fixture("qwen3");
        const auto cpu = make_cpu_backend(pool_);
        auto tokens = some_tokens(model, 32);
        CollectOptions options;
        options.window = 32;
        const auto once = *collect_importance(model, *cpu, tokens, options);
        tokens.insert(tokens.end(), tokens.begin(), tokens.begin() + 32);
        const auto twice = *collect_importance(model, *cpu, tokens, options);
        const auto &a = once.tensors.at("blk.1.ffn_down.weight"),
                   &b = twice.tensors.at("blk.1.ffn_down.weight");
        for (std::size_t i = 0; i < a.squares.size(); ++i)
            QVERIFY(std::abs(2 * a.squares[i] - b.squares[i]) <= 1e-5 * b.squares[i]);
    }

    void experts_count_their_own_tokens() {
        const ModelFile model = fixture("qwen3moe");
        const ImportanceMatrix matrix = collect(model, 64, 64);
        const Router& router = model.spec->layers[0].experts.router;
        const auto& sums = matrix.tensors.at(model.spec->layers[0].experts.gate.weight);
        QCOMPARE(sums.counts.size(), static_cast<std::size_t>(router.experts));
        double met = 0;
        for (const double count : sums.counts) met += count;
        QCOMPARE(met, 64.0 * router.used);
        QCOMPARE(sums.squares.size(), static_cast<std::size_t>(router.experts * model.spec->n_embd));
    }

    /// The use of it all: summed over what the model really reads, the new weights' error is smaller.
    void quantised_weights_err_less_where_it_counts() {
        const ModelFile model = fixture("llama");
        const ImportanceMatrix matrix = collect(model, 256, 64);
        QTemporaryDir folder;
        const auto weighted_error = [&](bool with) {
            QuantizeOptions options;
            options.recipe = *find_recipe("Q4_0");
            if (with) options.importance = matrix.means();
            const std::string path = folder.filePath(with ? "with.gguf" : "plain.gguf").toStdString();
            if (auto done = quantize_model(model, path, *pool_, options); !done)
                qFatal("%s", done.error().message().c_str());
            const ModelFile small = *open_model_file(path);
            std::map<std::string, double> errors;
            for (const auto& [name, means] : matrix.means()) {
                const auto before = values_of(model, name), after = values_of(small, name);
                for (std::size_t i = 0; i < before.size(); ++i)
                    errors[name] +=
                        static_cast<double>(means[i % means.size()]) *
                        std::pow(static_cast<double>(after[i]) - static_cast<double>(before[i]), 2);
            }
            return errors;
        };
        const auto plain = weighted_error(false), with = weighted_error(true);
        double before = 0, after = 0;
        for (const auto& [name, error] : plain) {
            QVERIFY2(with.at(name) <= error * 1.001, name.c_str());
            before += error;
            after += with.at(name);
        }
        // A random model reads all columns about alike: there is little to gain, and that must be gained.
        QVERIFY2(after < 0.99 * before, qPrintable(QString::number(after / before)));
    }

    void refusals() {
        const ModelFile model = fixture("llama");
        const auto cpu = make_cpu_backend(pool_), reference = make_reference_backend(pool_);
        CollectOptions options;
        options.window = 64;
        const auto few = collect_importance(model, *cpu, some_tokens(model, 63), options);
        QVERIFY(!few.ok() && few.error().code == ErrorCode::invalid_argument);
        const auto mute = collect_importance(model, *reference, some_tokens(model, 64), options);
        QVERIFY(!mute.ok() && mute.error().code == ErrorCode::unsupported);
        options.cancel.cancel();
        const auto stopped = collect_importance(model, *cpu, some_tokens(model, 64), options);
        QVERIFY(!stopped.ok() && stopped.error().code == ErrorCode::cancelled);
    }
};

QTEST_GUILESS_MAIN(TestCollectImportance)
#include "test_collect_importance.moc"
