// Facts of a model file, on a fixture and on files written for the purpose; real models where they are at
// hand.
#include <QTemporaryDir>
#include <QTest>

#include "engine/format/gguf_writer.h"
#include "engine/model/fine_source.h"
#include "engine/model/model_file.h"

using namespace pellucid;

namespace {

/// The llama fixture written anew with other metadata.
std::string rewritten(const QTemporaryDir& folder, const char* name, void (*change)(Metadata&)) {
    const auto file = GgufFile::open(PELLUCID_FIXTURES "/architectures/llama.gguf");
    if (!file) throw std::runtime_error(file.error().message());
    GgufWriter writer;
    writer.metadata() = (*file)->metadata();
    change(writer.metadata());
    for (const FileTensor& tensor : (*file)->tensors())
        if (!writer.add_tensor(tensor.name, tensor.type, tensor.shape, tensor.bytes))
            throw std::runtime_error("add");
    const std::string path = folder.filePath(name).toStdString();
    if (!writer.write(path)) throw std::runtime_error("write");
    return path;
}

}  // namespace

class TestModelFile : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;

private slots:
    void facts() {
        const auto model = open_model_file(PELLUCID_FIXTURES "/architectures/llama.gguf");
        QVERIFY(model.ok());
        QCOMPARE(model->facts.name, std::string("Llama_Hf"));
        QCOMPARE(model->facts.architecture, std::string("llama"));
        QCOMPARE(model->facts.quantization, std::string("F16"));
        QCOMPARE(model->facts.parameters, std::int64_t{170432});
        QCOMPARE(model->facts.file_bytes, std::uint64_t{344320});
        QCOMPARE(model->facts.weight_bytes, std::uint64_t{(170432 - 7 * 64) * 2 + 7 * 64 * 4});
        QCOMPARE(model->facts.digest.size(), std::size_t{32});
        QCOMPARE(model->weights->find("token_embd.weight")->shape, (std::vector<std::int64_t>{320, 64}));
        QCOMPARE(model->weights->find("token_embd.weight")->row_bytes(), std::size_t{128});
        QVERIFY(model->weights->find("nothing") == nullptr);
    }
    void fine_weights_are_the_same_and_say_so() {
        const auto model = open_model_file(PELLUCID_FIXTURES "/architectures/llama.gguf");
        QVERIFY(model.ok());
        const auto fine = make_fine(model->weights);
        QVERIFY(fine->names() == model->weights->names());
        QVERIFY(fine->find("nothing") == nullptr);
        for (const std::string_view name : fine->names()) {
            const TensorView *view = fine->find(name), *plain = model->weights->find(name);
            QVERIFY(view && view->fine && !plain->fine);
            QCOMPARE(view->shape, plain->shape);
            const auto loaded = fine->load(*view), wanted = model->weights->load(*plain);
            QVERIFY(loaded.ok() && wanted.ok() && loaded->view.fine);
            QVERIFY(loaded->view.bytes.data() == wanted->view.bytes.data());
            QCOMPARE(loaded->view.bytes.size(), wanted->view.bytes.size());
        }
    }
    void digest_tells_headers_apart() {
        const auto same = [](Metadata&) {};
        const auto other = [](Metadata& m) { m.set("general.name", MetaValue{std::string("Other")}); };
        const auto a = open_model_file(rewritten(folder_, "a.gguf", same));
        const auto b = open_model_file(rewritten(folder_, "b.gguf", same));
        const auto c = open_model_file(rewritten(folder_, "c.gguf", other));
        QVERIFY(a.ok() && b.ok() && c.ok());
        QCOMPARE(a->facts.digest, b->facts.digest);
        QVERIFY(a->facts.digest != c->facts.digest);
    }
    void label_falls_back_to_the_majority_and_name_to_the_file() {
        const auto path = rewritten(folder_, "My Model.gguf", [](Metadata& m) {
            m.set("general.file_type", MetaValue{std::int64_t{9999}});
            m.set("general.name", MetaValue{std::string()});
        });
        const auto model = open_model_file(path);
        QVERIFY(model.ok());
        QCOMPARE(model->facts.quantization, std::string("F16"));
        QCOMPARE(model->facts.name, std::string("My Model"));
    }
    void part_of_a_split_model() {
        const auto model = open_model_file(rewritten(
            folder_, "part.gguf", [](Metadata& m) { m.set("split.count", MetaValue{std::int64_t{3}}); }));
        QVERIFY(!model.ok());
        QCOMPARE(model.error().code, ErrorCode::corrupt);
        QVERIFY(model.error().what.find("part 1 of 3") != std::string::npos);
        // Without its path it cannot be found what belongs to it.
        const auto alone = read_model_file(*GgufFile::open(folder_.filePath("part.gguf").toStdString()));
        QVERIFY(!alone.ok());
        QCOMPARE(alone.error().code, ErrorCode::unsupported);
        QVERIFY(alone.error().what.find("3 parts") != std::string::npos);
    }
    void more_tokens_than_embeddings() {
        const auto fits = rewritten(folder_, "fits.gguf", [](Metadata& m) {
            m.set("tokenizer.ggml.tokens", MetaValue{std::vector<std::string>(320, "t")});
        });
        QVERIFY(open_model_file(fits).ok());
        const auto model = open_model_file(rewritten(folder_, "over.gguf", [](Metadata& m) {
            m.set("tokenizer.ggml.tokens", MetaValue{std::vector<std::string>(321, "t")});
        }));
        QVERIFY(!model.ok());
        QCOMPARE(model.error().code, ErrorCode::corrupt);
        QVERIFY(model.error().what.find("321") != std::string::npos);
    }
    void missing_file() { QCOMPARE(open_model_file("/nowhere/at.all").error().code, ErrorCode::not_found); }
    void real_models_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("label");
        QTest::addColumn<qint64>("parameters");
        QTest::newRow("SmolLM2") << "SmolLM2-135M-Instruct.Q4_1.gguf"
                                 << "Q4_1" << qint64{134515008};
        QTest::newRow("Gemma 3") << "gemma-3-270m-q4_k_m.gguf"
                                 << "Q4_K_M" << qint64{268098176};
    }
    void real_models() {
        QFETCH(QString, file);
        QFETCH(QString, label);
        QFETCH(qint64, parameters);
        const QString folder = qEnvironmentVariable("PELLUCID_MODELS");
        if (folder.isEmpty()) QSKIP("PELLUCID_MODELS names no folder of models");
        const auto model = open_model_file((folder + "/" + file).toStdString());
        QVERIFY2(model.ok(), model.ok() ? "" : model.error().message().c_str());
        QCOMPARE(QString::fromStdString(model->facts.quantization), label);
        QCOMPARE(static_cast<qint64>(model->facts.parameters), parameters);
    }
};

QTEST_GUILESS_MAIN(TestModelFile)
#include "test_model_file.moc"
