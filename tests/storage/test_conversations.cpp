// The list, the folders and the tree of messages.
#include <algorithm>
#include <atomic>
#include <thread>

#include "tests/storage/store_fixture.h"

using namespace pellucid::storage;
using namespace pellucid::storage::test;

namespace {

std::vector<std::string> texts(const std::vector<Message>& messages) {
    std::vector<std::string> result;
    for (const auto& message : messages)
        result.push_back(message.text_of(message.role == Role::user ? PartKind::text : PartKind::answer));
    return result;
}
using Texts = std::vector<std::string>;

}  // namespace

class TestConversations : public QObject {
    Q_OBJECT

private slots:
    void a_message_comes_back_as_it_went_in() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& conversations = store->conversations();
        TAKE(const auto id, conversations.create({.title = "Tides", .system_prompt = "Be brief."}));
        NewMessage reply = answer("Because of the moon. 因为月亮。🌙", "Let me think\nabout tides…");
        reply.parts.push_back(
            {PartKind::tool_call, "{\"result\":4}", "add", "{\"a\":2,\"b\":2}", "call_1", 0.25, 7, 0});
        reply.parts.push_back({PartKind::attachment, "text of the file", "notes.pdf", "/tmp/notes.pdf",
                               "application/pdf", 0, 0, 123456});
        reply.parts.push_back(
            {PartKind::citation, "quoted words", "Tides, 2nd ed.", "https://example.org", "p. 12", 0, 0, 0});
        reply.parts.push_back({.kind = PartKind::answer, .text = std::string("with a \0 inside", 15)});
        reply.timings = Timings{10, 4, 9, 4, 0.25, 1.75, 0.3, 1.5, 40, 31};
        reply.receipt = Receipt{"R1",          "sha256:ab", "Q4_K_M", "sha256:cd", 0xfedcba9876543210u,
                                "{\"t\":0.6}", "0.1.0",     "cpu"};
        reply.sampler = SamplerPoint{{1, 2, 151643, -1}, 42};
        reply.answered_early = true;
        reply.state = MessageState::cut_off;
        reply.error = "why";
        TAKE(const auto asked, conversations.append(id, 0, question("Why tides?")));
        TAKE(const auto replied, conversations.append(id, asked, reply));

        TAKE(const auto path, conversations.active_path(id));
        QCOMPARE(path.size(), std::size_t{2});
        const Message& got = path[1];
        QCOMPARE(got.id, replied);
        QCOMPARE(got.parent_id, asked);
        QVERIFY(got.parts == reply.parts);
        QVERIFY(got.timings == reply.timings);
        QVERIFY(got.receipt == reply.receipt);
        QVERIFY(got.answered_early);
        QVERIFY(got.state == MessageState::cut_off);
        QCOMPARE(got.error, std::string("why"));
        QVERIFY(got.can_continue());
        QCOMPARE(got.text_of(PartKind::thought), std::string("Let me think\nabout tides…"));
        TAKE(const auto sampler, conversations.sampler(replied));
        QVERIFY(sampler == reply.sampler);
        TAKE(const auto none, conversations.sampler(asked));
        QVERIFY(!none.has_value());
        TAKE(const auto row, conversations.get(id));
        QCOMPARE(row.system_prompt, std::string("Be brief."));
    }

    void edit_and_regenerate_are_siblings_with_a_switch() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& c = store->conversations();
        TAKE(const auto id, c.create());
        TAKE(const auto q1, c.append(id, 0, question("q1")));
        TAKE(const auto a1, c.append(id, q1, answer("a1")));
        TAKE(const auto q2, c.append(id, a1, question("q2")));
        TAKE(const auto a2, c.append(id, q2, answer("a2")));
        // Regenerate a1: a sibling below q1; the rest of the old path is behind the switch.
        TAKE(const auto a1b, c.append(id, q1, answer("a1b")));
        {
            TAKE(const auto path, c.active_path(id));
            QCOMPARE(texts(path), (Texts{"q1", "a1b"}));
            QVERIFY((path[1].siblings == std::vector<MessageId>{a1, a1b}));
            QCOMPARE(path[1].sibling_index(), 1);
        }
        // Back to the first: below it the path that was there.
        OK(c.activate(a1));
        {
            TAKE(const auto path, c.active_path(id));
            QCOMPARE(texts(path), (Texts{"q1", "a1", "q2", "a2"}));
        }
        // Edit the first question: a new first message.
        TAKE(const auto q1b, c.edit(q1, question("q1b")));
        TAKE(const auto path, c.active_path(id));
        QCOMPARE(texts(path), (Texts{"q1b"}));
        QVERIFY((path[0].siblings == std::vector<MessageId>{q1, q1b}));
        // A message found by search far down another branch: everything above it is shown.
        OK(c.activate(a2));
        TAKE(const auto found, c.active_path(id));
        QCOMPARE(texts(found), (Texts{"q1", "a1", "q2", "a2"}));
        TAKE(const auto tree, c.tree(id));
        QCOMPARE(texts(tree), (Texts{"q1", "a1", "q2", "a2", "a1b", "q1b"}));
    }

    void a_branch_goes_and_comes_back() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& c = store->conversations();
        TAKE(const auto id, c.create());
        TAKE(const auto q, c.append(id, 0, question("q")));
        TAKE(const auto a1, c.append(id, q, answer("a1 zebra")));
        TAKE(const auto f1, c.append(id, a1, question("f1 zebra")));
        TAKE(const auto g1, c.append(id, f1, answer("g1 zebra")));
        TAKE(const auto a2, c.append(id, q, answer("a2")));
        OK(c.activate(g1));
        OK(c.remove_branch(f1));  // an earlier removal inside the branch
        OK(c.remove_branch(a1));
        {
            TAKE(const auto path, c.active_path(id));
            QCOMPARE(texts(path), (Texts{"q", "a2"}));
            TAKE(const auto hits, store->search().find({.text = "zebra"}));
            QVERIFY(hits.empty());
            REFUSED(c.restore_branch(f1), ErrorCode::invalid_argument);
            REFUSED(c.append(id, a1, question("x")), ErrorCode::not_found);
            REFUSED(c.activate(f1), ErrorCode::not_found);
            REFUSED(c.remove_branch(a1), ErrorCode::not_found);
        }
        OK(c.restore_branch(a1));
        {
            TAKE(const auto path, c.active_path(id));
            QCOMPARE(texts(path), (Texts{"q", "a1 zebra"}));
        }
        OK(c.restore_branch(f1));
        TAKE(const auto path, c.active_path(id));
        QCOMPARE(texts(path), (Texts{"q", "a1 zebra", "f1 zebra", "g1 zebra"}));
        // Only a branch: purging takes it for good, and no other.
        OK(c.remove_branch(f1));
        OK(c.purge(folder.time + 1));
        TAKE(const auto rest, c.tree(id));
        QCOMPARE(texts(rest), (Texts{"q", "a1 zebra", "a2"}));
        REFUSED(c.restore_branch(f1), ErrorCode::not_found);
        (void)a2;
    }

    void deleting_can_be_undone_until_it_is_purged() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& c = store->conversations();
        TAKE(const auto keep, c.create({.title = "keep"}));
        TAKE(const auto gone, c.create({.title = "walrus"}));
        TAKE(const auto m, c.append(gone, 0, question("walrus facts")));
        OK(c.remove(gone));
        TAKE(auto list, c.list());
        QCOMPARE(list.size(), std::size_t{1});
        QCOMPARE(list[0].id, keep);
        TAKE(auto deleted, c.list_deleted());
        QCOMPARE(deleted.size(), std::size_t{1});
        TAKE(auto hits, store->search().find({.text = "walrus"}));
        QVERIFY(hits.empty());
        REFUSED(c.append(gone, m, answer("x")), ErrorCode::not_found);
        OK(c.restore(gone));
        TAKE(hits, store->search().find({.text = "walrus"}));
        QCOMPARE(hits.size(), std::size_t{1});
        OK(c.remove(gone));
        TAKE(const int early, c.purge(0));
        QCOMPARE(early, 0);
        TAKE(const int purged, c.purge(folder.time + 1));
        QCOMPARE(purged, 1);
        REFUSED(c.get(gone), ErrorCode::not_found);
        REFUSED(c.restore(gone), ErrorCode::not_found);
        REFUSED(c.message(m), ErrorCode::not_found);
        // The id is never used again.
        TAKE(const auto next, c.create());
        QVERIFY(next > gone);
    }

    void a_very_long_chain_can_be_purged() {
        // SQLite's cascades give up at 1,000 levels.
        DataFolder folder;
        TAKE(auto store, folder.open());
        ArchivedConversation archive;
        for (int i = 0; i < 2500; ++i)
            archive.nodes.push_back({i - 1, true, question("m" + std::to_string(i))});
        TAKE(const auto report, import_conversations(store->database(), std::span(&archive, 1)));
        QCOMPARE(report.messages, 2500);
        auto& c = store->conversations();
        TAKE(const auto path, c.active_path(report.conversations[0]));
        QCOMPARE(path.size(), std::size_t{2500});
        OK(c.remove_branch(path[10].id));
        OK(c.purge(folder.time + 1));
        OK(c.purge_one(report.conversations[0]));
        OK(store->database().check_integrity());
    }

    void the_list_is_ordered_and_titles_obey_the_person() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& c = store->conversations();
        TAKE(const auto a, c.create({.title = "a"}));
        TAKE(const auto b, c.create({.title = "b"}));
        TAKE(const auto d, c.create({.title = "d"}));
        OK(c.set_pinned(a, true));
        TAKE(const auto m, c.append(b, 0, question("newest")));
        (void)m;
        TAKE(auto list, c.list());
        QVERIFY(list[0].id == a && list[1].id == b && list[2].id == d);
        QVERIFY(list[0].pinned);
        OK(c.set_derived_title(d, "derived"));
        OK(c.set_derived_title(d, "derived again"));
        TAKE(auto row, c.get(d));
        QCOMPARE(row.title, std::string("derived again"));
        OK(c.rename(d, "mine"));
        OK(c.set_derived_title(d, "derived"));
        TAKE(row, c.get(d));
        QCOMPARE(row.title, std::string("mine"));
        TAKE(auto hits, store->search().find({.text = "mine"}));
        QCOMPARE(hits.size(), std::size_t{1});
        TAKE(hits, store->search().find({.text = "derived"}));
        QVERIFY(hits.empty());
        REFUSED(c.rename(999, "x"), ErrorCode::not_found);
        REFUSED(c.set_pinned(999, true), ErrorCode::not_found);
    }

    void folders_keep_their_order_and_lose_no_conversation() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& c = store->conversations();
        TAKE(const auto work, c.create_folder("Work"));
        TAKE(const auto home, c.create_folder("Home"));
        TAKE(const auto id, c.create({.title = "t", .folder_id = work}));
        const FolderId order[] = {home, work};
        OK(c.order_folders(order));
        OK(c.rename_folder(home, "At home"));
        TAKE(auto folders, c.folders());
        QCOMPARE(folders[0].name, std::string("At home"));
        OK(c.remove_folder(work));
        TAKE(const auto row, c.get(id));
        QCOMPARE(row.folder_id, FolderId{0});
        REFUSED(c.set_folder(id, work), ErrorCode::not_found);
        OK(c.set_folder(id, home));
        REFUSED(c.remove_folder(work), ErrorCode::not_found);
        REFUSED(c.create({.folder_id = 77}), ErrorCode::invalid_argument);
    }

    void a_fork_is_a_conversation_of_its_own() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& c = store->conversations();
        TAKE(const auto id, c.create({.title = "from"}));
        TAKE(const auto q, c.append(id, 0, question("q")));
        NewMessage reply = answer("a", "t");
        reply.sampler = SamplerPoint{{5, 6}, 2};
        TAKE(const auto a, c.append(id, q, reply));
        TAKE(const auto q2, c.append(id, a, question("q2")));
        (void)q2;
        TAKE(const auto copy, c.fork(a, "to"));
        TAKE(const auto path, c.active_path(copy));
        QCOMPARE(texts(path), (Texts{"q", "a"}));
        TAKE(const auto sampler, c.sampler(path[1].id));
        QVERIFY(sampler == reply.sampler);
        OK(c.update(path[1].id, answer("changed")));
        TAKE(const auto original, c.active_path(id));
        QCOMPARE(texts(original), (Texts{"q", "a", "q2"}));
        REFUSED(c.fork(999, "x"), ErrorCode::not_found);
    }

    void update_brings_the_search_index_along() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& c = store->conversations();
        TAKE(const auto id, c.create());
        TAKE(const auto q, c.append(id, 0, question("before elephant")));
        OK(c.update(q, question("after giraffe")));
        TAKE(auto hits, store->search().find({.text = "elephant"}));
        QVERIFY(hits.empty());
        TAKE(hits, store->search().find({.text = "giraffe"}));
        QCOMPARE(hits.size(), std::size_t{1});
        REFUSED(c.update(999, question("x")), ErrorCode::not_found);
    }

    void a_message_cannot_hang_below_another_conversation() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& c = store->conversations();
        TAKE(const auto one, c.create());
        TAKE(const auto two, c.create());
        TAKE(const auto m, c.append(one, 0, question("m")));
        REFUSED(c.append(two, m, question("x")), ErrorCode::not_found);
        REFUSED(c.append(77, 0, question("x")), ErrorCode::not_found);
        REFUSED(c.active_path(77), ErrorCode::not_found);
        TAKE(const auto path, c.active_path(two));
        QVERIFY(path.empty());
    }

    void the_listener_hears_every_change() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& c = store->conversations();
        std::vector<ConversationId> heard;
        c.on_change([&](ConversationId id) { heard.push_back(id); });
        TAKE(const auto id, c.create());
        TAKE(const auto m, c.append(id, 0, question("x")));
        (void)m;
        REFUSED(c.rename(77, "x"), ErrorCode::not_found);
        OK(c.rename(id, "x"));
        QVERIFY((heard == std::vector<ConversationId>{id, id, id}));
    }

    void archive_round_trip_keeps_the_whole_tree() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& c = store->conversations();
        TAKE(const auto dir, c.create_folder("Work"));
        TAKE(const auto id,
             c.create({.title = "t", .title_is_given = true, .folder_id = dir, .system_prompt = "s"}));
        OK(c.set_pinned(id, true));
        TAKE(const auto q, c.append(id, 0, question("q")));
        NewMessage reply = answer("a1", "thought");
        reply.timings = Timings{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        reply.receipt = Receipt{"m", "d", "q", "t", 7, "{}", "b", "cpu"};
        reply.sampler = SamplerPoint{{9}, 1};
        TAKE(const auto a1, c.append(id, q, reply));
        TAKE(const auto a2, c.append(id, q, answer("a2")));
        TAKE(const auto f, c.append(id, a1, question("f")));
        OK(c.activate(a1));
        TAKE(const auto archive, export_conversation(store->database(), id));
        TAKE(const auto report, import_conversations(store->database(), std::span(&archive, 1)));
        QCOMPARE(report.messages, 4);
        TAKE(const auto again, export_conversation(store->database(), report.conversations[0]));
        QCOMPARE(again.nodes.size(), archive.nodes.size());
        for (std::size_t i = 0; i < again.nodes.size(); ++i) {
            QCOMPARE(again.nodes[i].parent, archive.nodes[i].parent);
            QCOMPARE(again.nodes[i].active, archive.nodes[i].active);
            QVERIFY(again.nodes[i].message.parts == archive.nodes[i].message.parts);
            QVERIFY(again.nodes[i].message.timings == archive.nodes[i].message.timings);
            QVERIFY(again.nodes[i].message.receipt == archive.nodes[i].message.receipt);
            QVERIFY(again.nodes[i].message.sampler == archive.nodes[i].message.sampler);
            QCOMPARE(again.nodes[i].message.created_at, archive.nodes[i].message.created_at);
        }
        QCOMPARE(again.title, std::string("t"));
        QCOMPARE(again.folder, std::string("Work"));
        QVERIFY(again.pinned && again.title_is_given);
        QCOMPARE(again.updated_at, archive.updated_at);
        (void)a2, (void)f;
    }

    void an_import_is_all_or_nothing() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        std::vector<ArchivedConversation> archives(2);
        archives[0].nodes.push_back({-1, true, question("fine")});
        archives[1].nodes.push_back({0, true, question("its own parent")});
        REFUSED(import_conversations(store->database(), archives), ErrorCode::invalid_argument);
        TAKE(const auto list, store->conversations().list());
        QVERIFY(list.empty());
        TAKE(const auto hits, store->search().find({.text = "fine"}));
        QVERIFY(hits.empty());
    }

    void readers_and_a_writer_do_not_wait_for_each_other() {
        DataFolder folder;
        TAKE(auto store, folder.open());
        auto& c = store->conversations();
        TAKE(const auto id, c.create());
        std::atomic<bool> stop{false};
        std::atomic<int> reads{0}, failures{0};
        std::vector<std::thread> readers;
        for (int i = 0; i < 3; ++i)
            readers.emplace_back([&] {
                while (!stop) {
                    const auto path = c.active_path(id);
                    const auto hits = store->search().find({.text = "number"});
                    if (!path || !hits) ++failures;
                    ++reads;
                }
            });
        MessageId parent = 0;
        for (int i = 0; i < 200; ++i) {
            auto added =
                store->thread()
                    .run([&] { return c.append(id, parent, question("number " + std::to_string(i))); })
                    .get();
            if (!added)
                ++failures;
            else
                parent = *added;
        }
        stop = true;
        for (auto& reader : readers) reader.join();
        QCOMPARE(failures.load(), 0);
        QVERIFY(reads.load() > 0);
        TAKE(const auto path, c.active_path(id));
        QCOMPARE(path.size(), std::size_t{200});
    }
};

QTEST_APPLESS_MAIN(TestConversations)
#include "test_conversations.moc"
