// Every committed GGUF file opens, and its expected tensors too.
#include <QtTest>
#include <filesystem>

#include "engine/format/gguf_file.h"
#include "engine/format/safetensors_file.h"

using namespace pellucid;
namespace fs = std::filesystem;

class TestGgufFixtures : public QObject {
    Q_OBJECT

private slots:
    void every_architecture_opens() {
        const fs::path folder = fs::path(PELLUCID_FIXTURES) / "architectures";
        if (!fs::exists(folder)) QSKIP("no architecture fixtures here");
        int models = 0;
        for (const auto& entry : fs::directory_iterator(folder)) {
            const std::string path = entry.path().string();
            if (entry.path().extension() == ".gguf") {
                ++models;
                const auto file = GgufFile::open(path);
                QVERIFY2(file.ok(), file.ok() ? "" : file.error().message().c_str());
                QVERIFY((*file)->version() == 3);
                QVERIFY((*file)->metadata().string("general.architecture").ok());
                const FileTensor* embedding = (*file)->find("token_embd.weight");
                QVERIFY(embedding);
                QCOMPARE(embedding->shape, (std::vector<std::int64_t>{320, 64}));
                QCOMPARE(embedding->bytes.size(), embedding->size);
                QVERIFY(GgufFile::open(path, GgufRead::header_only).ok());
            } else if (path.ends_with(".expected.safetensors")) {
                const auto file = SafetensorsFile::open(path);
                QVERIFY2(file.ok(), file.ok() ? "" : file.error().message().c_str());
                const FileTensor* logits = (*file)->find("logits_1");
                QVERIFY(logits && logits->type == TensorType::f32 &&
                        logits->shape == (std::vector<std::int64_t>{17, 320}));
                const FileTensor* tokens = (*file)->find("tokens_2");
                QVERIFY(tokens && tokens->type == TensorType::i32 &&
                        tokens->shape == std::vector<std::int64_t>{200});
            }
        }
        QVERIFY2(models >= 13, "the folder should hold the architecture fixtures");
    }
};

QTEST_APPLESS_MAIN(TestGgufFixtures)
#include "test_gguf_fixtures.moc"
