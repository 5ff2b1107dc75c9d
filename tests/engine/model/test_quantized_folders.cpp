// FP8, GPTQ, AWQ and MXFP4 give the values of their published formulas, as numpy computes them.
#include <QTest>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "engine/format/safetensors_file.h"
#include "engine/model/folder/quantized_matrix.h"
#include "engine/quant/decode.h"

using namespace pellucid;

namespace {

/// The numbers of a tensor in f32.
std::vector<float> decoded(const StoredTensor& stored) {
    std::vector<std::byte> bytes(stored.size());
    if (const auto written = stored.write(bytes); !written)
        throw std::runtime_error(written.error().message());
    std::vector<float> values(static_cast<std::size_t>(stored.rows() * stored.columns()));
    if (!decode(stored.type, bytes, values)) throw std::runtime_error("decode");
    return values;
}

double nmse(const std::vector<float>& got, const FileTensor& expected) {
    double error = 0, size = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        float want = 0;
        std::memcpy(&want, expected.bytes.data() + i * sizeof want, sizeof want);
        error += std::pow(static_cast<double>(got[i]) - want, 2);
        size += std::pow(static_cast<double>(want), 2);
    }
    return error / size;
}

}  // namespace

class TestQuantizedFolders : public QObject {
    Q_OBJECT

    std::shared_ptr<const SafetensorsFile> file_;

    ModuleParts parts_of(const std::string& module) const {
        ModuleParts parts;
        for (const FileTensor& tensor : file_->tensors())
            if (tensor.name.starts_with(module + "."))
                parts.emplace(tensor.name.substr(module.size() + 1), &tensor);
        return parts;
    }
    static FolderQuantization how(const std::string& module) {
        using Kind = FolderQuantization::Kind;
        FolderQuantization how;
        how.kind = module.starts_with("fp8") ? Kind::fp8 : module.starts_with("awq") ? Kind::awq : Kind::gptq;
        how.group_size = module == "gptq_asym" ? 64 : module == "awq_coarse" ? 128 : 32;
        how.bits = module == "gptq_8bit" ? 8 : 4;
        how.zero_plus_one = module != "gptq_v2";
        return how;
    }

private slots:
    void initTestCase() {
        auto file = SafetensorsFile::open(PELLUCID_FIXTURES "/folders/quantized/matrices.safetensors");
        QVERIFY(file.ok());
        file_ = *file;
    }
    void matrices_data() {
        QTest::addColumn<QString>("module");
        QTest::addColumn<QString>("type");
        QTest::addColumn<double>("most");
        // Exact where the type is lossless; else what its rounding to eleven (bf16: eight) bits costs.
        QTest::newRow("fp8") << "fp8"
                             << "F16" << 1e-7;
        QTest::newRow("fp8, scales beyond f16") << "fp8_large"
                                                << "BF16" << 5e-6;
        QTest::newRow("gptq, symmetric") << "gptq_sym"
                                         << "Q4_0" << 0.0;
        QTest::newRow("gptq, zero points") << "gptq_asym"
                                           << "Q4_1" << 1e-6;
        QTest::newRow("gptq, groups by activation") << "gptq_act"
                                                    << "F16" << 1e-7;
        QTest::newRow("gptq_v2") << "gptq_v2"
                                 << "Q4_1" << 1e-6;
        QTest::newRow("gptq, eight bits") << "gptq_8bit"
                                          << "Q8_0" << 0.0;
        QTest::newRow("awq") << "awq"
                             << "Q4_1" << 1e-6;
        QTest::newRow("awq, groups of 128") << "awq_coarse"
                                            << "Q4_1" << 1e-6;
    }
    void matrices() {
        QFETCH(QString, module);
        QFETCH(QString, type);
        QFETCH(double, most);
        const std::string name = module.toStdString();
        const ModuleParts parts = parts_of(name);
        QVERIFY(is_quantized(parts));
        const auto stored = quantized_matrix(name, parts, how(name));
        QVERIFY2(stored.ok(), stored.ok() ? "" : stored.error().message().c_str());
        QCOMPARE(stored->shape, parts.at("expected")->shape);
        QCOMPARE(QString::fromStdString(std::string(to_string(stored->type))), type);
        const double error = nmse(decoded(*stored), *parts.at("expected"));
        std::printf("%-12s %-5s NMSE %.2e\n", name.c_str(), qPrintable(type), error);
        QVERIFY2(error <= most, qPrintable(QString::number(error)));
    }
    void mxfp4() {
        const ModuleParts parts = parts_of("mxfp4");
        const auto stored = mxfp4_experts("mxfp4", *parts.at("blocks"), *parts.at("scales"));
        QVERIFY(stored.ok());
        QCOMPARE(stored->shape, parts.at("expected")->shape);
        QCOMPARE(nmse(decoded(*stored), *parts.at("expected")), 0.0);
    }
    void every_f8_code() {
        QCOMPARE(f8_e4m3_to_float(0x7e), 448.0f);
        QCOMPARE(f8_e4m3_to_float(0x01), 0.001953125f);
        QCOMPARE(f8_e4m3_to_float(0xb8), -1.0f);
        QVERIFY(std::isnan(f8_e4m3_to_float(0x7f)) && std::isnan(f8_e4m3_to_float(0xff)));
    }
    void contradictions_are_refused() {
        const auto refused = [&](const std::string& module,
                                 const std::function<void(ModuleParts&, FolderQuantization&)>& spoil,
                                 const char* said) {
            ModuleParts parts = parts_of(module);
            FolderQuantization form = how(module);
            spoil(parts, form);
            const auto stored = quantized_matrix(module, parts, form);
            if (stored.ok()) {  // found where the values are made
                std::vector<std::byte> bytes(stored->size());
                const auto written = stored->write(bytes);
                return !written.ok() && written.error().what.find(said) != std::string::npos;
            }
            return stored.error().what.find(module) != std::string::npos &&
                   stored.error().what.find(said) != std::string::npos && !stored.error().hint.empty();
        };
        FileTensor other;
        std::vector<std::byte> bytes;
        const auto replaced = [&](const char* part, std::vector<std::int64_t> shape) {
            return [&, part, shape](ModuleParts& parts, FolderQuantization&) {
                other = *parts.at(part);
                other.shape = shape;
                parts[part] = &other;
            };
        };
        const auto edited = [&](const char* part, std::size_t at, std::byte value) {
            return [&, part, at, value](ModuleParts& parts, FolderQuantization&) {
                other = *parts.at(part);
                bytes.assign(other.bytes.begin(), other.bytes.end());
                bytes[at] = value;
                other.bytes = bytes;
                parts[part] = &other;
            };
        };
        QVERIFY(refused(
            "gptq_act", [](auto& parts, auto&) { parts.erase("qzeros"); }, "missing"));
        QVERIFY(refused("gptq_act", replaced("scales", {2, 192}), "do not belong together"));
        QVERIFY(refused("gptq_act", replaced("g_idx", {64}), "g_idx"));
        QVERIFY(refused("gptq_act", edited("g_idx", 3, std::byte{0x7f}), "is in group"));
        QVERIFY(refused("gptq_sym", edited("scales", 1, std::byte{0x7c}), "not a finite number"));
        QVERIFY(refused(
            "gptq_sym", [](auto&, auto& form) { form.kind = FolderQuantization::Kind::none; },
            "no quantization_config"));
        QVERIFY(refused(
            "gptq_sym", [](auto&, auto& form) { form.bits = 8; }, "do not belong together"));
        QVERIFY(refused(
            "awq", [](auto&, auto& form) { form.group_size = 64; }, "groups of 64"));
        QVERIFY(refused("fp8", replaced("weight_scale_inv", {3, 2}), "scales have shape [3, 2]"));
        QVERIFY(refused("fp8", edited("weight", 5, std::byte{0x7f}), "no number"));
        QVERIFY(refused(
            "fp8", [](auto& parts, auto&) { parts.erase("weight_scale_inv"); }, "missing"));
        const ModuleParts parts = parts_of("mxfp4");
        QVERIFY(!mxfp4_experts("mxfp4", *parts.at("blocks"), *parts.at("blocks")).ok());
    }
};

QTEST_GUILESS_MAIN(TestQuantizedFolders)
#include "test_quantized_folders.moc"
