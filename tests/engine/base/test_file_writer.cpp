// Whole files or none, and memory as asked for.
#include <sys/stat.h>

#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/base/aligned_buffer.h"
#include "engine/base/checked_math.h"
#include "engine/base/file_writer.h"

using namespace pellucid;

namespace {

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}
std::span<const std::byte> bytes(std::string_view text) {
    return std::as_bytes(std::span(text));
}

}  // namespace

class TestFileWriter : public QObject {
    Q_OBJECT
    QTemporaryDir dir_;
    std::string path(const char* name) const { return dir_.filePath(name).toStdString(); }

private slots:
    void a_device_or_pipe_is_never_replaced() {
        QVERIFY(mkfifo(path("pipe").c_str(), 0600) == 0);
        for (const std::string& target : {path("pipe"), dir_.path().toStdString()}) {
            const auto file = FileWriter::create(target);
            QVERIFY(!file.ok());
            QVERIFY(file.error().code == ErrorCode::invalid_argument);
            QVERIFY(file.error().what.find(target) != std::string::npos);
        }
        QVERIFY(std::filesystem::is_fifo(path("pipe")));
    }

    void a_committed_file_is_whole() {
        std::ofstream(path("a")) << "old";
        auto file = FileWriter::create(path("a"));
        QVERIFY(file.ok());
        QVERIFY(file->write(bytes("new text")).ok());
        QVERIFY(file->pad_to(16).ok());
        QCOMPARE(file->written(), std::uint64_t{16});
        QVERIFY(file->pad_to(16).ok());
        QCOMPARE(read(path("a")), std::string("old"));  // until it is committed
        QVERIFY(file->commit().ok());
        QCOMPARE(read(path("a")), std::string("new text") + std::string(8, '\0'));
        QVERIFY(!std::filesystem::exists(path("a") + ".part"));
    }

    void an_abandoned_file_leaves_nothing() {
        {
            auto file = FileWriter::create(path("b"));
            QVERIFY(file.ok());
            const FileWriter moved = *std::move(file);
            QVERIFY(std::filesystem::exists(path("b") + ".part"));
        }
        QVERIFY(!std::filesystem::exists(path("b")) && !std::filesystem::exists(path("b") + ".part"));
    }

    void refusals_are_typed() {
        QVERIFY(FileWriter::create(path("none/c")).error().code == ErrorCode::not_found);
        std::filesystem::create_directory(path("d.part"));
        QVERIFY(FileWriter::create(path("d")).error().code == ErrorCode::io);
    }

    void buffers_are_zero_and_aligned() {
        auto buffer = AlignedBuffer::allocate(5u << 20);
        QVERIFY(buffer.ok());
        QVERIFY(reinterpret_cast<std::uintptr_t>(buffer->data()) % 64 == 0);
        for (std::size_t i = 0; i < buffer->size(); i += 4099) QVERIFY(buffer->data()[i] == std::byte{0});
        AlignedBuffer moved = *std::move(buffer);
        moved.data()[moved.size() - 1] = std::byte{1};
        AlignedBuffer other;
        other = std::move(moved);
        QVERIFY(other.data()[other.size() - 1] == std::byte{1});
        QVERIFY(AlignedBuffer::allocate(0)->data() == nullptr);
        const auto refused = AlignedBuffer::allocate(std::size_t{1} << 60);
        QVERIFY(!refused.ok() && refused.error().code == ErrorCode::out_of_memory &&
                !refused.error().hint.empty());
    }

    void overflow_is_seen() {
        QCOMPARE(checked_add<std::uint64_t>(2, 3).value(), std::uint64_t{5});
        QVERIFY(!checked_add<std::uint64_t>(~0ull, 1));
        QCOMPARE(checked_mul<std::uint64_t>(1ull << 32, 1ull << 31).value(), 1ull << 63);
        QVERIFY(!checked_mul<std::uint64_t>(1ull << 32, 1ull << 32));
    }
};

QTEST_APPLESS_MAIN(TestFileWriter)
#include "test_file_writer.moc"
