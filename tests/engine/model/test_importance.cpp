// Importance matrices: means, the file, what a damaged file says.
#include <QTemporaryDir>
#include <QtTest>

#include "engine/format/gguf_file.h"
#include "engine/format/gguf_writer.h"
#include "engine/model/importance.h"

using namespace pellucid;

namespace {

ImportanceMatrix example() {
    ImportanceMatrix matrix;
    matrix.text = "plain.txt";
    matrix.chunk_tokens = 64;
    matrix.chunks = 3;
    matrix.tensors["blk.0.attn_q.weight"] = {{10, 0, 30, 20}, {10}};
    matrix.tensors["blk.0.ffn_gate_exps.weight"] = {{4, 8, 0, 0},
                                                    {4, 0}};  // nothing went to the second expert
    return matrix;
}

}  // namespace

class TestImportance : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    std::string path(const char* name) const { return folder_.filePath(name).toStdString(); }

    Error refused(const std::function<void(GgufWriter&)>& fill) {
        GgufWriter writer;
        writer.metadata().set("general.type", MetaValue{std::string("imatrix")});
        fill(writer);
        if (auto written = writer.write(path("bad.gguf")); !written)
            qFatal("%s", written.error().message().c_str());
        const auto loaded = load_importance(path("bad.gguf"));
        if (loaded) qFatal("a damaged file was taken");
        return loaded.error();
    }

private slots:
    void means_of_the_squares() {
        const auto means = example().means();
        // A column that met only zeros counts like an average one: its weight must not be lost.
        QCOMPARE(means.at("blk.0.attn_q.weight"), (std::vector<float>{1, 2, 3, 2}));
        QCOMPARE(means.at("blk.0.ffn_gate_exps.weight"), (std::vector<float>{1, 2, 1, 1}));
    }

    void kept_and_read_again() {
        const ImportanceMatrix matrix = example();
        QVERIFY(save_importance(matrix, path("a.gguf")).ok());
        const auto again = load_importance(path("a.gguf"));
        QVERIFY2(again.ok(), again.ok() ? "" : again.error().message().c_str());
        QCOMPARE(again->text, matrix.text);
        QCOMPARE(again->chunks, matrix.chunks);
        QCOMPARE(again->chunk_tokens, matrix.chunk_tokens);
        QCOMPARE(again->tensors.size(), matrix.tensors.size());
        for (const auto& [name, sums] : matrix.tensors) {
            QCOMPARE(again->tensors.at(name).squares, sums.squares);
            QCOMPARE(again->tensors.at(name).counts, sums.counts);
        }
        // The layout that other tools read.
        const auto file = *GgufFile::open(path("a.gguf"));
        const FileTensor* squares = file->find("blk.0.ffn_gate_exps.weight.in_sum2");
        QVERIFY(squares && squares->shape == (std::vector<std::int64_t>{2, 2}));
        QVERIFY(file->find("blk.0.ffn_gate_exps.weight.counts"));
    }

    void damaged_files_are_refused() {
        const std::vector<float> values = {1, 2, 3, -4};
        const auto bytes = [&](std::size_t first, std::size_t n) {
            return std::as_bytes(std::span(values).subspan(first, n));
        };
        QVERIFY(refused([](GgufWriter&) {}).what.find("no importance") != std::string::npos);
        QVERIFY(refused([](GgufWriter& w) {
                    w.metadata().set("general.type", MetaValue{std::string("adapter")});
                }).code == ErrorCode::unsupported);
        QVERIFY(refused([&](GgufWriter& w) {
                    (void)w.add_tensor("a.in_sum2", TensorType::f32, {1, 2}, bytes(0, 2));
                }).what.find("a.counts is missing") != std::string::npos);
        QVERIFY(refused([&](GgufWriter& w) {
                    (void)w.add_tensor("a.in_sum2", TensorType::f32, {1, 2}, bytes(0, 2));
                    (void)w.add_tensor("a.counts", TensorType::f32, {2, 1}, bytes(0, 2));
                }).what.find("2 values for 1 matrices") != std::string::npos);
        QVERIFY(refused([&](GgufWriter& w) {
                    (void)w.add_tensor("a.in_sum2", TensorType::f32, {1, 2}, bytes(2, 2));
                    (void)w.add_tensor("a.counts", TensorType::f32, {1, 1}, bytes(0, 1));
                }).what.find("no sum of squares") != std::string::npos);
        // Found by the fuzzer: divided by next to nothing, the mean is infinite.
        const std::vector<float> tiny = {1e-40f};
        QVERIFY(refused([&](GgufWriter& w) {
                    (void)w.add_tensor("a.in_sum2", TensorType::f32, {1, 2}, bytes(0, 2));
                    (void)w.add_tensor("a.counts", TensorType::f32, {1, 1}, std::as_bytes(std::span(tiny)));
                }).what.find("no count") != std::string::npos);
        QVERIFY(refused([&](GgufWriter& w) {
                    (void)w.add_tensor("a.in_sum2", TensorType::f16, {1, 4}, bytes(0, 2));
                    (void)w.add_tensor("a.counts", TensorType::f32, {1, 1}, bytes(0, 1));
                }).code == ErrorCode::corrupt);
        QCOMPARE(load_importance(path("none.gguf")).error().code, ErrorCode::not_found);
    }
};

QTEST_GUILESS_MAIN(TestImportance)
#include "test_importance.moc"
