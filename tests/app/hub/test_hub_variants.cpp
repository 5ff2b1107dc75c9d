// Names of files as people publish them: quantisations, parts, what is no model, what may not become a path.
#include <QtTest>

#include "app/hub/variant.h"

using namespace pellucid::hub;

namespace {

HubFile file(const std::string& path, std::uint64_t bytes = 1) {
    return {path, bytes, {}, "https://host/" + path};
}

}  // namespace

class TestHubVariants : public QObject {
    Q_OBJECT

private slots:
    void quantizations_in_names_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("quantization");
        const auto row = [](const char* path, const char* name) {
            QTest::newRow(path) << QString(path) << QString(name);
        };
        row("DeepSeek-R1-Distill-Qwen-7B-Q4_K_M.gguf", "Q4_K_M");
        row("qwen2.5-7b-instruct-q4_k_m-00001-of-00002.gguf", "Q4_K_M");
        row("Model.Q5_K_S.gguf", "Q5_K_S");
        row("model-UD-IQ2_XXS.gguf", "IQ2_XXS");
        row("Q2_K_L/model-Q2_K_L-00001-of-00009.gguf", "Q2_K_L");
        row("Phi-3-mini-4k-instruct-fp16.gguf", "F16");
        row("model-bf16.gguf", "BF16");
        row("gpt-oss-20b-mxfp4.gguf", "MXFP4");
        row("gemma-3-270m-it-Q8_0.gguf", "Q8_0");
        row("Q8_0-to-Q4_0.gguf", "Q4_0");  // the last one
        row("BF16/part.gguf", "BF16");     // of the folder
        row("SQ4_0x.gguf", "");            // no word of its own
        row("model.gguf", "");
        row("", "");
    }
    void quantizations_in_names() {
        QFETCH(QString, path);
        QFETCH(QString, quantization);
        QCOMPARE(QString::fromStdString(quantization_in(path.toStdString())), quantization);
        if (!quantization.isEmpty()) QVERIFY(quality_of(quantization.toStdString()) >= 0);
    }

    void better_quantizations_come_nearer() {
        const char* worst_first[] = {"IQ1_S",  "IQ2_XXS", "Q2_K", "Q3_K_S", "Q3_K_M", "IQ4_XS",
                                     "Q4_K_M", "Q5_K_M",  "Q6_K", "Q8_0",   "F16",    "F32"};
        for (std::size_t i = 1; i < std::size(worst_first); ++i)
            QVERIFY2(quality_of(worst_first[i - 1]) < quality_of(worst_first[i]), worst_first[i]);
        QCOMPARE(quality_of("Q9_Z"), -1);
    }

    void files_become_choices() {
        int others = 0;
        const auto variants = variants_of(
            {file("README.md"), file("model-Q8_0.gguf", 80), file("big/model-F16-00002-of-00002.gguf", 60),
             file("big/model-F16-00001-of-00002.gguf", 100), file("model-Q4_K_M.GGUF", 40),
             file("mmproj-model-f16.gguf"), file("model-imatrix.gguf"), file("some-lora.gguf"),
             file("half-Q4_0-00001-of-00003.gguf", 5), file("half-Q4_0-00003-of-00003.gguf", 5)},
            others);
        QCOMPARE(others, 4);
        QCOMPARE(variants.size(), std::size_t{4});
        QCOMPARE(variants[0].name, std::string("half-Q4_0"));
        QVERIFY(!variants[0].complete());
        QCOMPARE(variants[0].parts, 3);
        QCOMPARE(variants[1].quantization, std::string("Q4_K_M"));
        QCOMPARE(variants[2].quantization, std::string("Q8_0"));
        QVERIFY(variants[3].complete());
        QCOMPARE(variants[3].name, std::string("model-F16"));
        QCOMPARE(variants[3].bytes(), std::optional<std::uint64_t>(160));
        QCOMPARE(variants[3].files.front().path, std::string("big/model-F16-00001-of-00002.gguf"));
    }

    void a_size_that_is_not_known_is_not_guessed() {
        int others = 0;
        auto files = std::vector{file("a-Q8_0.gguf", 9), file("b-Q4_0.gguf", 1)};
        files[1].bytes.reset();
        const auto variants = variants_of(files, others);
        QCOMPARE(variants.front().name, std::string("a-Q8_0"));  // unknown sizes last
        QVERIFY(!variants.back().bytes());
        // Sizes from a hostile hub do not overflow.
        files[0].path = "c-00001-of-00002.gguf";
        files[1].path = "c-00002-of-00002.gguf";
        files[0].bytes = files[1].bytes = UINT64_MAX;
        QVERIFY(!variants_of(files, others).front().bytes());
    }

    void paths_from_outside() {
        for (const char* good : {"model.gguf", "a/b/c.gguf", "模型.gguf", "a..b.gguf", ".hidden"})
            QVERIFY2(is_safe_path(good), good);
        for (const char* bad :
             {"", "/etc/passwd", "../x.gguf", "a/../b", "a//b", "a/", ".", "a/./b", "a\\b", "a\nb"})
            QVERIFY2(!is_safe_path(bad), bad);
        QVERIFY(!is_safe_path(std::string("a\0b", 3)));
        QVERIFY(!is_safe_path(std::string(300, 'a')));
        QVERIFY(is_safe_path(std::string(255, 'a')));
        QVERIFY(!is_safe_path(std::string(200, 'a') + "/" + std::string(900, 'b')));
    }
};

QTEST_APPLESS_MAIN(TestHubVariants)
#include "test_hub_variants.moc"
