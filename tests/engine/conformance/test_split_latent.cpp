// DeepSeek files with attn_kv_b in one piece give the numbers of those that have its halves, on every
// backend.
#include <QTest>
#include <cstring>

#include "engine/format/gguf_writer.h"
#include "tests/engine/conformance/backends.h"
#include "tests/engine/conformance/driver.h"

using namespace pellucid;
using namespace pellucid::test;

namespace {

void check(const Result<void>& done) {
    if (!done) throw std::runtime_error(done.error().message());
}

using Bytes = std::vector<std::byte>;

/// attn_kv_b [heads * (content + value), rank] of attn_k_b [heads, rank, content] and attn_v_b [heads, value,
/// rank], all f16.
Bytes joined(const FileTensor& keys, const FileTensor& values) {
    const auto heads = static_cast<std::size_t>(keys.shape[0]),
               rank = static_cast<std::size_t>(keys.shape[1]),
               content = static_cast<std::size_t>(keys.shape[2]),
               value = static_cast<std::size_t>(values.shape[1]);
    Bytes all(heads * (content + value) * rank * 2);
    for (std::size_t h = 0; h < heads; ++h) {
        std::byte* head = all.data() + h * (content + value) * rank * 2;
        for (std::size_t c = 0; c < content; ++c)
            for (std::size_t r = 0; r < rank; ++r)
                std::memcpy(head + (c * rank + r) * 2, keys.bytes.data() + ((h * rank + r) * content + c) * 2,
                            2);
        std::memcpy(head + content * rank * 2, values.bytes.data() + h * value * rank * 2, value * rank * 2);
    }
    return all;
}

/// The fixture as older converters wrote it; `rows` more (or fewer) than attn_kv_b should have.
std::string write_joined(const QTemporaryDir& folder, const std::string& name, int rows = 0) {
    const auto source = must(GgufFile::open(fixture_path(name + ".gguf")));
    GgufWriter writer;
    for (const auto& [key, value] : source->metadata().all()) writer.metadata().set(key, value);
    std::vector<Bytes> kept;
    kept.reserve(source->tensors().size());
    for (const auto& tensor : source->tensors()) {
        const std::string own(tensor.name);
        const std::size_t at = own.find("attn_k_b.weight");
        if (own.find("attn_v_b.weight") != std::string::npos) continue;
        if (at == std::string::npos) {
            check(writer.add_tensor(own, tensor.type, tensor.shape, tensor.bytes));
            continue;
        }
        const FileTensor& values = *source->find(own.substr(0, at) + "attn_v_b.weight");
        Bytes& bytes = kept.emplace_back(joined(tensor, values));
        const std::int64_t count = tensor.shape[0] * (tensor.shape[2] + values.shape[1]) + rows;
        bytes.resize(static_cast<std::size_t>(count * tensor.shape[1] * 2));
        check(writer.add_tensor(own.substr(0, at) + "attn_kv_b.weight", TensorType::f16,
                                {count, tensor.shape[1]}, bytes));
    }
    const std::string path = folder.filePath("joined.gguf").toStdString();
    check(writer.write(path));
    return path;
}

}  // namespace

class TestSplitLatent : public QObject {
    Q_OBJECT

    std::shared_ptr<ThreadPool> pool_ = std::make_shared<ThreadPool>(2);

private slots:
    void the_same_numbers_data() {
        QTest::addColumn<int>("backend");
        QTest::addColumn<QString>("fixture");
        for (std::size_t b = 0; b < tested_backends().size(); ++b)
            for (const char* fixture : {"deepseek2_lite", "deepseek3"})
                QTest::addRow("%s/%s", tested_backends()[b].name, fixture)
                    << static_cast<int>(b) << QString(fixture);
    }
    void the_same_numbers() {
        QFETCH(int, backend);
        QFETCH(QString, fixture);
        QTemporaryDir folder;
        const auto device = tested_backends()[static_cast<std::size_t>(backend)].make(pool_);
        RunnerOptions options;
        options.page_tokens = 16;
        options.pages = 8;
        options.max_batch_rows = 64;
        std::vector<TokenId> tokens;
        for (int i = 0; i < 40; ++i) tokens.push_back((i * 37 + i * i) % 320);
        std::vector<std::vector<float>> logits[2];
        for (int k = 0; k < 2; ++k) {
            const std::string path = k == 0 ? fixture_path(fixture.toStdString() + ".gguf")
                                            : write_joined(folder, fixture.toStdString());
            const ModelFile model = must(open_model_file(path));
            QVERIFY(!model.weights->find("blk.0.attn_kv_b.weight"));
            const auto weights = must(device->prepare(model.spec, model.weights, {}));
            QVERIFY(weights->bytes() <= device->memory_needed(*model.spec, *model.weights, options).weights);
            Driver driver(*weights, options);
            Held held = driver.new_sequence();
            logits[k] = driver.feed(held, tokens, 64);
        }
        QCOMPARE(logits[1], logits[0]);
    }

    void another_size_is_refused() {
        QTemporaryDir folder;
        for (const int rows : {-1, 1, 64}) {
            const auto model = open_model_file(write_joined(folder, "deepseek3", rows));
            QVERIFY(!model && model.error().code == ErrorCode::corrupt);
            QVERIFY2(model.error().what.find("attn_kv_b.weight") != std::string::npos,
                     model.error().what.c_str());
        }
    }

    void a_header_alone_is_planned() {
        QTemporaryDir folder;
        const std::string path = write_joined(folder, "deepseek3");
        const ModelFile whole = must(open_model_file(path));
        const ModelFile header = must(open_model_file(path, GgufRead::header_only));
        QCOMPARE(header.facts.weight_bytes, whole.facts.weight_bytes);
        QCOMPARE(header.facts.parameters, whole.facts.parameters);
    }
};

QTEST_GUILESS_MAIN(TestSplitLatent)
#include "test_split_latent.moc"
