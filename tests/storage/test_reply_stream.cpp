// Replies while they stream: the journal, what a crash leaves, what is continued.
#include <malloc.h>
#include <future>

#include <fstream>
#include <random>

#include "storage/connection.h"
#include "storage/journal_record.h"
#include "tests/storage/store_fixture.h"

using namespace pellucid::storage;
using namespace pellucid::storage::test;
namespace fs = std::filesystem;

namespace {

std::string slurp(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
void spill(const fs::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

fs::path tokens_file(const DataFolder& folder) {
    return folder.path() / "pellucid.db.tokens";
}

/// The folder as a process that dies now would leave it, in another place: every byte in the files, nothing
/// closed.
void crash_copy(const DataFolder& from, const DataFolder& to) {
    for (const char* suffix : {"", "-wal", ".tokens", ".lock"}) {
        const fs::path name = "pellucid.db" + std::string(suffix);
        if (fs::exists(from.path() / name))
            fs::copy_file(from.path() / name, to.path() / name, fs::copy_options::overwrite_existing);
    }
}

struct Streaming {
    ConversationId conversation = 0;
    MessageId asked = 0;
    std::unique_ptr<ReplyStream> stream;
};

Streaming start(Store& store) {
    Streaming s;
    s.conversation = *store.conversations().create({.title = "chat"});
    s.asked = *store.conversations().append(s.conversation, 0, question("q"));
    s.stream = *store.replies().begin(s.conversation, s.asked, Receipt{.model_name = "m", .seed = 77});
    return s;
}

void say(ReplyStream& stream, PartKind kind, const std::string& text, std::int32_t id) {
    stream.append(kind, text, std::span(&id, 1), id * 10);
}

}  // namespace

class TestReplyStream : public QObject {
    Q_OBJECT

private slots:
    void a_reply_is_saved_when_it_ends() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto s = start(*store);
        {
            TAKE(const auto path, store->conversations().active_path(s.conversation));
            QCOMPARE(path.size(), std::size_t{2});
            QVERIFY(path[1].state == MessageState::streaming && path[1].parts.empty());
        }
        say(*s.stream, PartKind::thought, "hmm ", 1);
        say(*s.stream, PartKind::thought, "yes", 2);
        say(*s.stream, PartKind::answer, "Walrus 推", 3);
        say(*s.stream, PartKind::answer, "理", 4);
        say(*s.stream, PartKind::answer, "", 5);
        QCOMPARE(s.stream->parts().size(), std::size_t{2});
        TAKE(auto hits, store->search().find({.text = "walrus"}));
        QVERIFY(hits.empty());
        OK(s.stream
               ->finish({.state = MessageState::complete,
                         .answered_early = true,
                         .timings = {.prompt_tokens = 5,
                                     .thought_tokens = 2,
                                     .answer_tokens = 3,
                                     .generate_seconds = 2},
                         .more_parts = {{.kind = PartKind::tool_call, .name = "add"}}})
               .get());
        TAKE(const auto path, store->conversations().active_path(s.conversation));
        const auto& reply = path.at(1);
        QVERIFY(reply.state == MessageState::complete && reply.answered_early);
        QCOMPARE(reply.parts.size(), std::size_t{3});
        QCOMPARE(reply.parts[0].text, std::string("hmm yes"));
        QCOMPARE(reply.parts[0].token_count, 2);
        QCOMPARE(reply.parts[1].text, std::string("Walrus 推理"));
        QCOMPARE(reply.parts[1].token_count, 3);
        QCOMPARE(reply.parts[2].name, std::string("add"));
        QCOMPARE(reply.timings->prompt_tokens, 5);
        QCOMPARE(reply.receipt->seed, std::uint64_t{77});
        TAKE(const auto sampler, store->conversations().sampler(reply.id));
        QVERIFY((sampler->token_ids == std::vector<std::int32_t>{1, 2, 3, 4, 5}));
        QCOMPARE(sampler->position, std::int64_t{50});
        TAKE(hits, store->search().find({.text = "walrus"}));
        QCOMPARE(hits.size(), std::size_t{1});
        // Nothing streams: the journal is empty again.
        QTRY_COMPARE_WITH_TIMEOUT(fs::file_size(tokens_file(folder)), std::uintmax_t{0}, 2000);
    }

    // The heap is counted, after everything has reached the file: the same every time.
    void a_long_reply_takes_no_memory_here() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto s = start(*store);
        const auto stream = [&](int tokens) {
            for (int i = 0; i < tokens; ++i) say(*s.stream, PartKind::answer, " token", i);
            OK(store->replies().flush());
        };
        stream(2000);
        const auto before = mallinfo2();
        if (before.uordblks == 0) QSKIP("this allocator does not count");
        for (int i = 0; i < 10; ++i) stream(2000);
        const auto after = mallinfo2();
        const auto grown = static_cast<long>(after.uordblks + after.hblkhd) -
                           static_cast<long>(before.uordblks + before.hblkhd);
        QVERIFY2(grown < 20000,
                 QByteArray::number(static_cast<qlonglong>(grown)));  // of 120,000 bytes of text
        OK(s.stream->finish({}).get());
        TAKE(const auto path, store->conversations().active_path(s.conversation));
        QCOMPARE(path.at(1).parts.at(0).token_count, 22000);
        QCOMPARE(path.at(1).parts.at(0).text.size(), std::size_t{22000 * 6});
    }

    void a_journal_damaged_from_outside_is_an_error_and_not_a_shorter_reply() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto s = start(*store);
        for (int i = 0; i < 100; ++i) say(*s.stream, PartKind::answer, " token", i);
        OK(store->replies().flush());
        fs::resize_file(tokens_file(folder), fs::file_size(tokens_file(folder)) / 2);
        const auto status = s.stream->finish({.state = MessageState::complete}).get();
        QVERIFY(!status);
        QVERIFY(status.error().code == ErrorCode::corrupt);
        QVERIFY(!status.error().hint.empty());
    }

    void what_was_streamed_comes_back_after_a_crash_and_goes_on() {
        DataFolder folder, after;
        TAKE(auto store, folder.open());
        auto s = start(*store);
        say(*s.stream, PartKind::thought, "deep ", 1);
        say(*s.stream, PartKind::thought, "thought 思", 2);
        OK(store->replies().flush());
        crash_copy(folder, after);
        OK(s.stream->finish({}).get());

        TAKE(auto again, after.open());
        QVERIFY(again->database().recovered_from_unclean_stop());
        const MessageId id = s.stream->message_id();
        QVERIFY((again->replies().recovered() == std::vector<MessageId>{id}));
        TAKE(auto path, again->conversations().active_path(s.conversation));
        QVERIFY(path.at(1).state == MessageState::interrupted);
        QVERIFY(path[1].can_continue());
        QCOMPARE(path[1].parts.size(), std::size_t{1});
        QVERIFY(path[1].parts[0].kind == PartKind::thought);
        QCOMPARE(path[1].parts[0].text, std::string("deep thought 思"));
        QCOMPARE(path[1].receipt->seed, std::uint64_t{77});
        QCOMPARE(path[1].timings->thought_tokens, 2);
        TAKE(auto sampler, again->conversations().sampler(id));
        QVERIFY((sampler->token_ids == std::vector<std::int32_t>{1, 2}) && sampler->position == 20);
        TAKE(auto hits, again->search().find({.text = "thought"}));
        QCOMPARE(hits.size(), std::size_t{1});
        QVERIFY(hits[0].field == SearchField::thought);

        // It goes on inside the same thought, and dies once more.
        DataFolder third;
        TAKE(auto stream, again->replies().resume(id));
        REFUSED(again->replies().resume(id), ErrorCode::invalid_argument);
        say(*stream, PartKind::thought, " goes on", 3);
        say(*stream, PartKind::answer, "Yes", 4);
        OK(again->replies().flush());
        crash_copy(after, third);
        {
            TAKE(auto last, third.open());
            TAKE(path, last->conversations().active_path(s.conversation));
            QCOMPARE(path.at(1).parts.size(), std::size_t{2});
            QCOMPARE(path[1].parts[0].text, std::string("deep thought 思 goes on"));
            QCOMPARE(path[1].parts[0].token_count, 3);
            QCOMPARE(path[1].parts[1].text, std::string("Yes"));
        }
        OK(stream->finish({.timings = {.thought_tokens = 1, .answer_tokens = 1, .generate_seconds = 1}})
               .get());
        TAKE(path, again->conversations().active_path(s.conversation));
        QVERIFY(path.at(1).state == MessageState::complete);
        QCOMPARE(path[1].timings->thought_tokens, 3);
        TAKE(sampler, again->conversations().sampler(id));
        QVERIFY((sampler->token_ids == std::vector<std::int32_t>{1, 2, 3, 4}));
        TAKE(hits, again->search().find({.text = "\"goes on\""}));
        QCOMPARE(hits.size(), std::size_t{1});
        REFUSED(again->replies().resume(id), ErrorCode::invalid_argument);
        REFUSED(again->replies().resume(s.asked), ErrorCode::invalid_argument);
        REFUSED(again->replies().resume(999), ErrorCode::not_found);
    }

    void a_rewind_survives_too() {
        DataFolder folder, after;
        TAKE(auto store, folder.open());
        auto s = start(*store);
        say(*s.stream, PartKind::answer, "one ", 1);
        say(*s.stream, PartKind::answer, "two ", 2);
        say(*s.stream, PartKind::answer, "three ", 3);
        s.stream->rewind(1, {{.kind = PartKind::answer, .text = "one ", .token_count = 1}});
        say(*s.stream, PartKind::answer, "other", 9);
        OK(store->replies().flush());
        crash_copy(folder, after);
        TAKE(auto again, after.open());
        TAKE(const auto path, again->conversations().active_path(s.conversation));
        QCOMPARE(path.at(1).text_of(PartKind::answer), std::string("one other"));
        TAKE(const auto sampler, again->conversations().sampler(path[1].id));
        QVERIFY((sampler->token_ids == std::vector<std::int32_t>{1, 9}));
    }

    void what_is_posted_behind_the_end_of_a_reply_finds_it_saved() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto s = start(*store);
        say(*s.stream, PartKind::answer, "all of it", 1);
        Result<void> saved;
        std::vector<Part> found;
        std::promise<void> slow;  // both are posted before the first begins
        store->thread().post([waited = slow.get_future().share()] { waited.wait(); });
        store->thread().post([&] { saved = s.stream->finish({.state = MessageState::complete}).get(); });
        auto looked = store->thread().run(
            [&] { found = store->conversations().message(s.stream->message_id())->parts; });
        slow.set_value();
        looked.get();
        OK(saved);
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found[0].text, std::string("all of it"));
    }

    void a_stream_given_up_is_interrupted() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto s = start(*store);
        say(*s.stream, PartKind::answer, "half", 1);
        s.stream.reset();
        OK(store->flush());
        TAKE(const auto path, store->conversations().active_path(s.conversation));
        QVERIFY(path.at(1).state == MessageState::interrupted);
        QCOMPARE(path[1].text_of(PartKind::answer), std::string("half"));
    }

    void closing_the_store_saves_what_streams() {
        DataFolder folder;
        ConversationId conversation = 0;
        {
            TAKE(auto store, folder.open());
            auto s = start(*store);
            conversation = s.conversation;
            say(*s.stream, PartKind::answer, "half", 1);
            s.stream.reset();
        }
        TAKE(auto store, folder.open());
        QVERIFY(!store->database().recovered_from_unclean_stop());
        QVERIFY(store->replies().recovered().empty());
        TAKE(const auto path, store->conversations().active_path(conversation));
        QVERIFY(path.at(1).state == MessageState::interrupted);
    }

    void two_replies_stream_at_once() {
        DataFolder folder, after;
        TAKE(auto store, folder.open());
        auto a = start(*store);
        auto b = start(*store);
        for (int i = 0; i < 50; ++i) {
            say(*a.stream, PartKind::answer, "a", i);
            say(*b.stream, PartKind::answer, "b", i);
        }
        OK(a.stream->finish({}).get());
        say(*b.stream, PartKind::answer, "!", 50);
        OK(store->replies().flush());
        crash_copy(folder, after);
        TAKE(auto again, after.open());
        QVERIFY((again->replies().recovered() == std::vector<MessageId>{b.stream->message_id()}));
        TAKE(auto path, again->conversations().active_path(a.conversation));
        QCOMPARE(path.at(1).text_of(PartKind::answer), std::string(50, 'a'));
        QVERIFY(path[1].state == MessageState::complete);
        TAKE(path, again->conversations().active_path(b.conversation));
        QCOMPARE(path.at(1).text_of(PartKind::answer), std::string(50, 'b') + "!");
    }

    void a_journal_torn_at_any_byte_opens() {
        std::string bytes;
        encode_begin(bytes, 7, 1);
        std::vector<std::size_t> whole{bytes.size()};
        for (std::uint32_t i = 0; i < 6; ++i) {
            const std::int32_t id = static_cast<std::int32_t>(i);
            encode_append(bytes, 7, i + 1, i < 3 ? PartKind::thought : PartKind::answer,
                          "tok" + std::to_string(i), std::span(&id, 1), i, 0.1 * i);
            whole.push_back(bytes.size());
        }
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            const auto contents = decode_journal(std::string_view(bytes).substr(0, cut));
            const auto records =
                std::count_if(whole.begin(), whole.end(), [&](std::size_t end) { return end <= cut; });
            const auto steps = contents.streams.contains(7) ? contents.streams.at(7).steps.size() : 0;
            QCOMPARE(steps, static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, records - 1)));
            QVERIFY(!contents.damaged_inside);
            const auto end = records == 0 ? 0 : whole[static_cast<std::size_t>(records) - 1];
            QCOMPARE(contents.damaged_bytes, cut - end);
        }
    }

    void damage_inside_ends_one_stream_and_not_the_others() {
        std::string bytes;
        encode_begin(bytes, 1, 10);
        encode_begin(bytes, 2, 20);
        encode_append(bytes, 1, 1, PartKind::answer, "a1", {}, -1, 0);
        const auto damaged = bytes.size() + 20;
        encode_append(bytes, 1, 2, PartKind::answer, "a2", {}, -1, 0);
        encode_append(bytes, 2, 1, PartKind::answer, "b1", {}, -1, 0);
        encode_append(bytes, 1, 3, PartKind::answer, "a3", {}, -1, 0);
        encode_append(bytes, 2, 2, PartKind::answer, "b2", {}, -1, 0);
        bytes[damaged] = static_cast<char>(bytes[damaged] ^ 0x40);
        const auto contents = decode_journal(bytes);
        QVERIFY(contents.damaged_inside);
        StreamContent a, b;
        contents.streams.at(1).replay(a);
        contents.streams.at(2).replay(b);
        QCOMPARE(a.parts.at(0).text, std::string("a1"));
        QCOMPARE(b.parts.at(0).text, std::string("b1b2"));
    }

    void any_bytes_are_read_without_harm() {
        std::mt19937 random(9);
        std::string good;
        encode_begin(good, 3, 4);
        const std::int32_t ids[] = {1, 2, 3};
        encode_append(good, 3, 1, PartKind::thought, "text", ids, 9, 0.5);
        encode_rewind(good, 3, 2, 1, {{.kind = PartKind::answer, .text = "x"}});
        encode_end(good, 3, 3);
        for (int round = 0; round < 20000; ++round) {
            std::string bytes = good;
            for (int i = static_cast<int>(random() % 4); i >= 0; --i)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            const auto contents = decode_journal(bytes);
            QVERIFY(contents.streams.size() <= 2);
        }
        const auto whole = decode_journal(good);
        QVERIFY(whole.streams.at(3).ended && whole.damaged_bytes == 0);
    }

    void checksum_is_crc32c() {
        // RFC 3720, appendix B.4, and the check value of the polynomial.
        QCOMPARE(crc32c("123456789"), 0xe3069283u);
        QCOMPARE(crc32c(std::string(32, '\0')), 0x8a9136aau);
        QCOMPARE(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
    }

    void a_journal_of_messages_that_are_gone_is_kept_aside() {
        DataFolder folder;
        { TAKE(auto store, folder.open()); }
        std::string bytes;
        encode_begin(bytes, 5, 4711);
        encode_append(bytes, 5, 1, PartKind::answer, "orphan", {}, -1, 0);
        spill(tokens_file(folder), bytes);
        TAKE(auto store, folder.open());
        int kept = 0;
        for (const auto& entry : fs::directory_iterator(folder.path()))
            if (entry.path().filename().string().starts_with("pellucid.db.tokens.kept-")) {
                ++kept;
                QVERIFY(slurp(entry.path()) == bytes);
            }
        QCOMPARE(kept, 1);
    }

    void a_stream_whose_conversation_is_purged_ends_quietly() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto s = start(*store);
        say(*s.stream, PartKind::answer, "x", 1);
        OK(store->conversations().purge_one(s.conversation));
        OK(s.stream->finish({}).get());
        OK(store->database().check_integrity());
    }

    void an_append_never_waits_for_the_writer() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto s = start(*store);
        auto busy = store->database().write();  // as an import would hold it
        // Were the writer needed, this would wait for it for ever.
        for (int i = 0; i < 1000; ++i) say(*s.stream, PartKind::answer, "token ", i);
        OK(store->replies().flush());
        QVERIFY(fs::file_size(tokens_file(folder)) > 30'000);
        { auto released = std::move(busy); }
        OK(s.stream->finish({}).get());
    }
};

QTEST_APPLESS_MAIN(TestReplyStream)
#include "test_reply_stream.moc"
