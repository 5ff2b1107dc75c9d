// A model in several GGUF files is the model in one; parts that are missing, mixed or renamed are refused.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cstring>

#include "engine/model/model_file.h"
#include "tests/engine/model/model_parts.h"

using namespace pellucid;
using namespace pellucid::test;

namespace {

const std::string kLlama = PELLUCID_FIXTURES "/architectures/llama.gguf";

std::string path_in(const QTemporaryDir& folder, const std::string& name) {
    return folder.filePath(QString::fromStdString(name)).toStdString();
}

}  // namespace

class TestGgufParts : public QObject {
    Q_OBJECT

private slots:
    void any_part_opens_the_whole() {
        QTemporaryDir folder;
        write_parts(kLlama, folder, 3);
        const auto whole = open_model_file(kLlama);
        QVERIFY(whole.ok());
        for (int part = 1; part <= 3; ++part)
            for (const GgufRead read : {GgufRead::whole, GgufRead::header_only}) {
                const auto model = open_model_file(path_in(folder, part_name(part, 3)), read);
                QVERIFY2(model.ok(), model.ok() ? "" : model.error().message().c_str());
                QCOMPARE(model->facts.name, whole->facts.name);
                QCOMPARE(model->facts.parameters, whole->facts.parameters);
                QCOMPARE(model->facts.weight_bytes, whole->facts.weight_bytes);
                QVERIFY(model->facts.file_bytes > whole->facts.weight_bytes);
                QCOMPARE(model->weights->names().size(), whole->weights->names().size());
                for (const std::string_view name : whole->weights->names()) {
                    const auto a = whole->weights->load(*whole->weights->find(name));
                    const auto b = model->weights->load(*model->weights->find(name));
                    QVERIFY(a.ok() && b.ok() && a->view.bytes.size() == b->view.bytes.size());
                    QVERIFY(std::memcmp(a->view.bytes.data(), b->view.bytes.data(), a->view.bytes.size()) ==
                            0);
                    model->weights->release(b->view);
                }
            }
    }
    void a_missing_part_is_named() {
        QTemporaryDir folder;
        write_parts(kLlama, folder, 3);
        QVERIFY(QFile::remove(folder.filePath(part_name(2, 3).c_str())));
        const auto model = open_model_file(path_in(folder, part_name(3, 3)));
        QVERIFY(!model.ok());
        QCOMPARE(model.error().code, ErrorCode::not_found);
        QVERIFY(model.error().what.find(part_name(2, 3)) != std::string::npos);
        QVERIFY(model.error().what.find("part 2 of 3") != std::string::npos);
        QVERIFY(model.error().hint.find("download all parts") != std::string::npos);
    }
    void a_renamed_part_says_what_its_name_was() {
        QTemporaryDir folder;
        write_parts(kLlama, folder, 2);
        QVERIFY(QFile::rename(folder.filePath(part_name(1, 2).c_str()), folder.filePath("my.gguf")));
        const auto model = open_model_file(path_in(folder, "my.gguf"));
        QVERIFY(!model.ok());
        QCOMPARE(model.error().code, ErrorCode::corrupt);
        QVERIFY(model.error().what.find("-00001-of-00002.gguf") != std::string::npos);
    }
    void swapped_parts() {
        QTemporaryDir folder;
        write_parts(kLlama, folder, 3);
        QVERIFY(QFile::remove(folder.filePath(part_name(2, 3).c_str())));
        QVERIFY(
            QFile::copy(folder.filePath(part_name(3, 3).c_str()), folder.filePath(part_name(2, 3).c_str())));
        const auto model = open_model_file(path_in(folder, part_name(1, 3)));
        QVERIFY(!model.ok());
        QCOMPARE(model.error().code, ErrorCode::corrupt);
        QVERIFY(model.error().what.find("says that it is part 3 of 3") != std::string::npos);
    }
    void parts_of_other_counts() {
        const auto refused = [](const char* key, std::int64_t value, int changed, const char* said) {
            QTemporaryDir folder;
            write_parts(kLlama, folder, 2, [&](int part, Metadata& metadata) {
                if (part == changed) metadata.set(key, MetaValue{value});
            });
            const auto model = open_model_file(path_in(folder, part_name(1, 2)));
            return !model.ok() && model.error().code == ErrorCode::corrupt && !model.error().hint.empty() &&
                   model.error().what.find(said) != std::string::npos;
        };
        QVERIFY(refused("split.tensors.count", 5, 0, "split.tensors.count is 5"));
        QVERIFY(refused("split.tensors.count", 5, 1, "00002-of-00002.gguf: split.tensors.count is 5"));
        QVERIFY(refused("split.count", 3, 1, "part 2 of 3"));
        QVERIFY(refused("split.count", 2'000'000'000, 0, "split.count 2000000000"));
        QVERIFY(refused("split.no", 7, 0, "split.no is 7"));
        QVERIFY(refused("split.no", -1, 1, "split.no is -1"));
    }
    void a_tensor_in_two_parts() {
        QTemporaryDir folder;
        write_parts(kLlama, folder, 2);
        // The second part once more with all tensors.
        const auto file = GgufFile::open(kLlama);
        GgufWriter writer;
        writer.metadata().set("split.no", MetaValue{std::int64_t{1}});
        writer.metadata().set("split.count", MetaValue{std::int64_t{2}});
        for (const FileTensor& tensor : (*file)->tensors())
            QVERIFY(writer.add_tensor(tensor.name, tensor.type, tensor.shape, tensor.bytes).ok());
        QVERIFY(writer.write(path_in(folder, part_name(2, 2))).ok());
        const auto model = open_model_file(path_in(folder, part_name(1, 2)));
        QVERIFY(!model.ok());
        QCOMPARE(model.error().code, ErrorCode::corrupt);
        QVERIFY(model.error().what.find("is in another part too") != std::string::npos);
    }
    void truncated_parts_name_the_file() {
        QTemporaryDir folder;
        write_parts(kLlama, folder, 2);
        QFile part(folder.filePath(part_name(2, 2).c_str()));
        for (qint64 size = part.size() - 7; size >= 0; size -= part.size() / 13 + 1) {
            QVERIFY(part.resize(size));
            const auto model = open_model_file(path_in(folder, part_name(1, 2)));
            QVERIFY(!model.ok());
            QCOMPARE(model.error().code, ErrorCode::corrupt);
            QVERIFY2(model.error().what.find(part_name(2, 2)) != std::string::npos,
                     model.error().message().c_str());
        }
    }
    void picture_parts_and_adapters_are_no_models() {
        QTemporaryDir folder;
        const auto written = [&](const char* key, const char* value) {
            GgufWriter writer;
            const auto file = GgufFile::open(kLlama);
            writer.metadata() = (*file)->metadata();
            writer.metadata().set(key, MetaValue{std::string(value)});
            for (const FileTensor& tensor : (*file)->tensors())
                (void)writer.add_tensor(tensor.name, tensor.type, tensor.shape, tensor.bytes);
            const std::string path = path_in(folder, "mmproj-model-f16.gguf");
            if (!writer.write(path)) throw std::runtime_error("write");
            return open_model_file(path);
        };
        for (const auto& [key, value] :
             {std::pair("general.type", "mmproj"), std::pair("general.architecture", "clip")}) {
            const auto model = written(key, value);
            QVERIFY(!model.ok());
            QCOMPARE(model.error().code, ErrorCode::unsupported);
            QVERIFY(model.error().what.find("picture part") != std::string::npos);
            QVERIFY(model.error().hint.find("open the model that lies beside it") != std::string::npos);
        }
        const auto adapter = written("general.type", "adapter");
        QVERIFY(!adapter.ok());
        QCOMPARE(adapter.error().code, ErrorCode::unsupported);
        QVERIFY(adapter.error().what.find("LoRA") != std::string::npos);
        QVERIFY(QFile::copy(kLlama.c_str(), folder.filePath("model.gguf")));
        const auto model = open_model_file(path_in(folder, "model.gguf"));
        QVERIFY(model.ok());
        QCOMPARE(model->notices.size(), std::size_t{1});
        QVERIFY(model->notices[0].starts_with("mmproj-model-f16.gguf"));
    }
};

QTEST_GUILESS_MAIN(TestGgufParts)
#include "test_gguf_parts.moc"
