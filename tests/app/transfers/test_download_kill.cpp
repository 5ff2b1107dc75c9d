// kill -9 at random moments: the next start goes on, and no more is lost than the block that each connection
// was at. PELLUCID_KILLS says how often (15; the slow test 200).
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <cstring>
#include <fstream>
#include <random>

#include "app/digest/sha256.h"
#include "storage/store.h"
#include "tests/app/download/bench.h"

using namespace pellucid;
using namespace pellucid::download::test;

namespace {

constexpr std::uint64_t kBlock = 64 * 1024;
constexpr std::uint64_t kConnections = 4;

std::uint64_t counted(const std::filesystem::path& file) {
    const std::string bytes = slurp(file);
    std::uint64_t count = 0;
    if (bytes.size() == sizeof count) std::memcpy(&count, bytes.data(), sizeof count);
    return count;
}

}  // namespace

class TestDownloadKill : public QObject {
    Q_OBJECT

private slots:
    void killed_at_random_moments() {
        const int kills = qEnvironmentVariableIntValue("PELLUCID_KILLS") > 0
                              ? qEnvironmentVariableIntValue("PELLUCID_KILLS")
                              : 15;
        const Body body = made_up(6'000'000);
        const std::string sha = sha_of(*body);
        std::mutex mutex;
        std::vector<ServerRequest::Range> asked;
        FaultServer server([&](const ServerRequest& request) {
            auto reply = FaultServer::file(request, body, "\"e\"");
            reply.bytes_per_second = 3'000'000;
            const std::lock_guard lock(mutex);
            if (const auto range = request.range()) asked.push_back(*range);
            return reply;
        });
        std::mt19937 random(20261122);
        std::unique_ptr<QTemporaryDir> folder;
        int killed = 0, completed = 0;
        std::uint64_t most_lost = 0, all_lost = 0, recorded_before = 0, counted_before = 0;
        while (killed < kills) {
            if (!folder) {
                folder = std::make_unique<QTemporaryDir>();
                recorded_before = counted_before = 0;
            }
            const std::filesystem::path path = folder->path().toStdString();
            // What is recorded now is not to be asked for again.
            const auto known = recorded(path / "pellucid.db");
            {
                const std::lock_guard lock(mutex);
                asked.clear();
            }
            QProcess child;
            child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
            child.start(
                PELLUCID_DOWNLOAD_CHILD,
                {QString::fromStdString((path / "pellucid.db").string()),
                 QString::fromStdString((path / "models").string()), QString::fromStdString(server.url()),
                 QString::fromStdString(FaultServer::authority_file()), QString::fromStdString(sha),
                 QString::number(body->size()), QString::number(kBlock),
                 QString::fromStdString((path / "count").string())});
            QVERIFY(child.waitForStarted());
            const bool ended = child.waitForFinished(static_cast<int>(30 + random() % 400));
            if (!ended) {
                child.kill();
                QVERIFY(child.waitForFinished());
                ++killed;
            } else {
                QCOMPARE(child.exitStatus(), QProcess::NormalExit);
                QCOMPARE(child.exitCode(), 0);
            }
            {
                const std::lock_guard lock(mutex);
                for (const auto& range : asked)
                    for (const std::uint64_t block : known) {
                        const std::uint64_t first = block * kBlock,
                                            last = std::min<std::uint64_t>(first + kBlock, body->size()) - 1;
                        QVERIFY2(range.last < first || range.first > last,
                                 "a block that was here was asked for again");
                    }
            }
            const auto now = recorded(path / "pellucid.db");
            std::uint64_t bytes = 0;
            for (const std::uint64_t block : now)
                bytes += std::min<std::uint64_t>(kBlock, body->size() - block * kBlock);
            QVERIFY(bytes >= recorded_before);
            const std::uint64_t came = counted(path / "count");
            const std::uint64_t lost = (came - counted_before) - (bytes - recorded_before);
            QVERIFY2(lost <= kConnections * kBlock, qPrintable(QString::number(lost)));
            most_lost = std::max(most_lost, lost);
            all_lost += lost;
            recorded_before = bytes;
            counted_before = came;
            if (ended) {
                QVERIFY(slurp(path / "models/m.gguf") == *body);
                QCOMPARE(lost, std::uint64_t{0});
                ++completed;
                folder.reset();
            }
        }
        // The last one comes to its end, too.
        QVERIFY(completed > 0 || kills < 15);
        qInfo(
            "%d kills, %d downloads completed among them; lost at a kill: %.0f bytes on average, %llu at "
            "most (a block has %llu, "
            "%llu connections)",
            killed, completed, static_cast<double>(all_lost) / std::max(1, killed),
            static_cast<unsigned long long>(most_lost), static_cast<unsigned long long>(kBlock),
            static_cast<unsigned long long>(kConnections));
    }

private:
    static std::vector<std::uint64_t> recorded(const std::filesystem::path& database) {
        std::vector<std::uint64_t> blocks;
        if (!std::filesystem::exists(database)) return blocks;
        storage::DatabaseOptions options;
        options.path = database;
        const auto store = storage::Store::open(options);
        if (!store) return blocks;  // killed before it was made
        const auto items = (*store)->downloads().list();
        if (!items || items->empty()) return blocks;
        const auto rows = (*store)->downloads().blocks(items->at(0).files.at(0).id);
        if (rows)
            for (const auto& row : *rows) blocks.push_back(static_cast<std::uint64_t>(row.block));
        return blocks;
    }
};

QTEST_GUILESS_MAIN(TestDownloadKill)
#include "test_download_kill.moc"
