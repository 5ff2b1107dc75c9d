// Streams and saves without end, and says on stdout what has been promised. test_storage_kill kills it.
//   kill_child DATABASE SEED
//   kill_child DATABASE once     saves one conversation and ends without closing anything (test_database)
// Lines: "M id text"  a message was saved · "B id" a reply began · "T id index nanoseconds" token `index` of
// a reply was appended at that time of the monotonic clock · "F id count" a reply was saved whole · "D id" a
// conversation was purged
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>

#include "storage/store.h"

namespace {

using namespace pellucid::storage;

long long now_ns() {
    timespec t{};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1'000'000'000LL + t.tv_nsec;
}

/// One write, so that a line is in the pipe whole or not at all.
void say(const std::string& line) {
    const std::string whole = line + "\n";
    if (write(STDOUT_FILENO, whole.data(), whole.size()) != static_cast<ssize_t>(whole.size())) _exit(3);
}

template <typename T>
T must(Result<T> result) {
    if (!result) {
        say("E " + result.error().message());
        _exit(2);
    }
    return *std::move(result);
}
void must(const Result<void>& result) {
    if (result) return;
    say("E " + result.error().message());
    _exit(2);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 64;
    std::mt19937 random(static_cast<std::uint32_t>(std::atoi(argv[2])));
    auto store = must(Store::open({.path = argv[1]}));
    auto& conversations = store->conversations();
    if (std::string(argv[2]) == "once") {
        must(conversations.create({.title = "last words"}));
        _exit(0);
    }
    say("R");
    // Every third run hardly streams: it is killed while it saves.
    const bool saving = std::atoi(argv[2]) % 3 == 2;
    ArchivedConversation bulk;
    bulk.title = "bulk";
    for (int i = 0; i < 40; ++i) {
        NewMessage message;
        message.parts = {{.kind = PartKind::text, .text = std::string(400, 'b')}};
        bulk.nodes.push_back({i - 1, true, message});
    }
    for (int round = 0;; ++round) {
        const auto conversation = must(conversations.create({.title = "round " + std::to_string(round)}));
        NewMessage asked;
        const std::string text = "question-" + std::to_string(conversation) + "-推理";
        asked.parts = {{.kind = PartKind::text, .text = text}};
        const auto parent = must(conversations.append(conversation, 0, asked));
        say("M " + std::to_string(parent) + " " + text);
        auto stream =
            must(store->replies().begin(conversation, parent, Receipt{.model_name = "m", .seed = 7}));
        const auto id = stream->message_id();
        say("B " + std::to_string(id));
        const int tokens =
            saving ? 1 + static_cast<int>(random() % 3) : 10 + static_cast<int>(random() % 120);
        for (int i = 0; i < tokens; ++i) {
            const std::int32_t token = i;
            stream->append(i < tokens / 2 ? PartKind::thought : PartKind::answer,
                           "t" + std::to_string(i) + " ", std::span(&token, 1), i);
            say("T " + std::to_string(id) + " " + std::to_string(i) + " " + std::to_string(now_ns()));
            // About 300 tokens a second, now and then a pause or a burst.
            if (!saving && random() % 8 != 0)
                std::this_thread::sleep_for(std::chrono::microseconds(random() % 7000));
            // The writer is busy with something large meanwhile.
            if (random() % 100 == 0)
                store->thread().post(
                    [&] { (void)import_conversations(store->database(), std::span(&bulk, 1)); });
        }
        must(stream->finish({.state = MessageState::complete}).get());
        say("F " + std::to_string(id) + " " + std::to_string(tokens));
        switch (random() % 6) {
            case 0:
                must(conversations.rename(conversation, "renamed"));
                break;
            case 1:
                must(conversations.remove(conversation));
                must(conversations.restore(conversation));
                break;
            case 2: {
                const auto purged = must(conversations.fork(id, "copy"));
                must(conversations.purge_one(purged));
                say("D " + std::to_string(purged));
                break;
            }
            case 3:
                must(store->database().checkpoint());
                break;
            default:
                break;
        }
    }
}
