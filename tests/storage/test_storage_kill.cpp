// kill -9 at random moments of streaming and saving: no corrupt database, no lost message, little lost of a
// stream. PELLUCID_KILLS sets how often (20); 200 by `ctest -C slow -L slow`. A line of figures at the end.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "tests/storage/store_fixture.h"

using namespace pellucid::storage;
using namespace pellucid::storage::test;

namespace {

/// What a kill may cost of a stream: the journal gathers for 15 ms, the rest is for a busy machine.
constexpr double kMostLost = 100;  // milliseconds

long long now_ns() {
    timespec t{};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1'000'000'000LL + t.tv_nsec;
}

struct Promised {
    std::map<MessageId, std::string> saved;  // message: its text
    std::map<MessageId, int> finished;       // reply: how many tokens
    std::set<ConversationId> purged;
    std::map<MessageId, std::vector<long long>> streaming;  // reply: when each token was appended
};

std::string token_text(int count, int from = 0) {
    std::string text;
    for (int i = from; i < count; ++i) text += "t" + std::to_string(i) + " ";
    return text;
}

/// Starts the child, kills it `delay_us` after it is ready. False: it failed by itself.
bool run_and_kill(const std::string& database, int seed, int delay_us, Promised& promised,
                  long long& killed_at, std::string& trouble) {
    int ends[2];
    if (pipe(ends) != 0) return false;
    fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);  // the child must never wait for its reader
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl(PELLUCID_KILL_CHILD, "kill_child", database.c_str(), std::to_string(seed).c_str(), nullptr);
        _exit(127);
    }
    close(ends[1]);
    std::string output;
    char buffer[65536];
    bool ready = false;
    // A pipe holds 64 KiB: it is read until the child is ready, then a child in need of reading must not wait
    // long.
    while (!ready) {
        const ssize_t size = read(ends[0], buffer, sizeof buffer);
        if (size <= 0) break;
        output.append(buffer, static_cast<std::size_t>(size));
        ready = output.find("R\n") != std::string::npos;
    }
    if (ready) {
        const auto until = now_ns() + delay_us * 1000LL;
        while (now_ns() < until)
            usleep(static_cast<useconds_t>(std::clamp<long long>((until - now_ns()) / 1000, 1, 2000)));
    }
    killed_at = now_ns();
    kill(child, SIGKILL);
    for (ssize_t size; (size = read(ends[0], buffer, sizeof buffer)) > 0;)
        output.append(buffer, static_cast<std::size_t>(size));
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (!ready || !WIFSIGNALED(status)) {
        trouble = output;
        return false;
    }
    promised = {};
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        char kind = 0;
        MessageId id = 0;
        words >> kind >> id;
        if (kind == 'M') words >> promised.saved[id];
        if (kind == 'B') promised.streaming[id];
        if (kind == 'T') {
            int index = 0;
            long long at = 0;
            words >> index >> at;
            promised.streaming[id].push_back(at);
        }
        if (kind == 'F') {
            words >> promised.finished[id];
            promised.streaming.erase(id);
        }
        if (kind == 'D') promised.purged.insert(id);
    }
    return true;
}

/// Everything the child said was saved is there, whole.
void check(const Conversations& c, const Promised& promised) {
    for (const auto& [id, text] : promised.saved) {
        TAKE(const auto message, c.message(id));
        QCOMPARE(message.text_of(PartKind::text), text);
    }
    for (const auto& [id, count] : promised.finished) {
        TAKE(const auto message, c.message(id));
        QVERIFY(message.state == MessageState::complete);
        QCOMPARE(message.text_of(PartKind::thought) + message.text_of(PartKind::answer), token_text(count));
    }
    for (const auto id : promised.purged) REFUSED(c.get(id), ErrorCode::not_found);
}

}  // namespace

class TestStorageKill : public QObject {
    Q_OBJECT

private slots:
    void a_kill_at_any_moment_loses_nothing_that_was_promised() {
        const int kills =
            qEnvironmentVariableIsSet("PELLUCID_KILLS") ? qEnvironmentVariableIntValue("PELLUCID_KILLS") : 20;
        QVERIFY(kills > 0);
        DataFolder folder;
        std::mt19937 random(20);
        Promised promised, all;
        std::vector<double> lost;  // milliseconds, of the runs that were killed inside a stream
        int mid_stream = 0, while_saving = 0, tokens_lost = 0;
        for (int i = 0; i < kills; ++i) {
            long long killed_at = 0;
            std::string trouble;
            QVERIFY2(run_and_kill(folder.file().string(), i, static_cast<int>(random() % 450'000), promised,
                                  killed_at, trouble),
                     trouble.c_str());
            auto options = folder.options();
            options.clock = {};
            TAKE(auto store, Store::open(options));
            QVERIFY(store->database().recovered_from_unclean_stop());
            OK(store->database().check_integrity());
            auto& c = store->conversations();
            check(c, promised);
            if (QTest::currentTestFailed()) return;
            all.saved.merge(promised.saved);
            all.finished.merge(promised.finished);
            all.purged.merge(promised.purged);
            QVERIFY(promised.streaming.size() <= 1);
            for (const auto& [id, times] : promised.streaming) {
                TAKE(const auto message, c.message(id));
                const auto text = message.text_of(PartKind::thought) + message.text_of(PartKind::answer);
                TAKE(const auto sampler, c.sampler(id));
                // It was killed after the last token, in the middle of being saved, or in the middle of the
                // stream.
                if (message.state == MessageState::complete) {
                    ++while_saving;
                    QVERIFY(text.starts_with(token_text(static_cast<int>(times.size()))));
                    continue;
                }
                ++mid_stream;
                QVERIFY(message.state == MessageState::interrupted && message.can_continue());
                const int kept = static_cast<int>(sampler ? sampler->token_ids.size() : 0);
                QCOMPARE(text, token_text(kept));
                QCOMPARE(message.receipt->seed, std::uint64_t{7});
                if (kept > 0) QCOMPARE(sampler->position, std::int64_t{kept - 1});
                if (kept < static_cast<int>(times.size())) {
                    tokens_lost += static_cast<int>(times.size()) - kept;
                    lost.push_back(static_cast<double>(killed_at - times[static_cast<std::size_t>(kept)]) /
                                   1e6);
                } else {
                    lost.push_back(0);
                }
            }
            // The next run works on what this one left.
        }
        {
            TAKE(auto store, folder.open());
            check(store->conversations(), all);
            if (QTest::currentTestFailed()) return;
        }
        std::sort(lost.begin(), lost.end());
        const double worst = lost.empty() ? 0 : lost.back(),
                     median = lost.empty() ? 0 : lost[lost.size() / 2];
        const auto line =
            QString(
                "%1 kills: %2 in a stream, %3 while saving; 0 corrupt, 0 of %4 messages and %5 replies lost; "
                "stream lost: median %6 ms, most %7 ms, %8 tokens in all")
                .arg(kills)
                .arg(mid_stream)
                .arg(while_saving)
                .arg(all.saved.size())
                .arg(all.finished.size())
                .arg(median, 0, 'f', 1)
                .arg(worst, 0, 'f', 1)
                .arg(tokens_lost);
        qInfo("%s", qPrintable(line));
        QVERIFY2(worst <= kMostLost, qPrintable(line));
        QVERIFY(mid_stream > kills / 3);
    }
};

QTEST_APPLESS_MAIN(TestStorageKill)
#include "test_storage_kill.moc"
