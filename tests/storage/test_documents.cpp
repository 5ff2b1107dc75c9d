// Collections, documents, what they say, their passages by words and their vectors.
#include <cmath>
#include <random>

#include "storage/chunk_vectors.h"
#include "storage/connection.h"
#include "storage/documents.h"
#include "storage/packed.h"
#include "storage/passage_index.h"
#include "storage/passage_search.h"
#include "tests/storage/store_fixture.h"

using namespace pellucid::storage;
using namespace pellucid::storage::test;

namespace {

std::array<std::byte, 32> digest(int number) {
    std::array<std::byte, 32> bytes{};
    bytes[0] = static_cast<std::byte>(number & 255);
    bytes[1] = static_cast<std::byte>(number >> 8);
    return bytes;
}

/// A content with a chunk a line.
NewContent lines(int number, const std::vector<std::string>& passages, const std::string& title = {}) {
    NewContent content;
    content.facts.sha256 = digest(number);
    content.facts.kind = "txt";
    content.facts.version = 1;
    content.facts.mime = "text/plain";
    content.facts.title = title;
    content.facts.notices = "[]";
    for (const auto& passage : passages) {
        ChunkRow chunk;
        chunk.range.first = static_cast<std::uint32_t>(content.text.size());
        content.text += passage;
        chunk.range.last = static_cast<std::uint32_t>(content.text.size());
        chunk.headings = "Part " + std::to_string(content.chunks.size());
        chunk.kind = 1;
        chunk.tokens = 3;
        content.chunks.push_back(chunk);
        content.text += "\n";
    }
    ContentPage page;
    page.range = {0, static_cast<std::uint32_t>(content.text.size())};
    content.pages.push_back(page);
    return content;
}

struct Shelf {
    DataFolder folder;
    std::unique_ptr<Database> database;
    void open() {
        database.reset();
        auto opened = Database::open(folder.options());
        QVERIFY2(opened.ok(), opened.ok() ? "" : opened.error().message().c_str());
        database = *std::move(opened);
    }
    Shelf() { open(); }
    Collections collections() { return Collections(*database); }
    Documents documents() { return Documents(*database); }
    Contents contents() { return Contents(*database); }
    ChunkVectors vectors() { return ChunkVectors(*database); }
    CollectionId collection = 0;
    /// Enters a file and publishes what it says.
    ContentId publish(const std::string& path, const NewContent& content) {
        if (collection == 0) collection = *collections().named("Papers");
        auto seen = documents().see(collection, 0, {{path, {10, 20, 30}, false}});
        if (!seen.ok()) return 0;
        const auto rows = documents().at_path(path);
        auto made = documents().publish(rows->front().id, {10, 20, 30}, content);
        return made.ok() ? *made : 0;
    }
    std::vector<std::string> found(const std::string& query) {
        std::vector<std::string> texts;
        const auto hits = PassageSearch(*database).find({query, 10, {}});
        if (!hits.ok()) return {hits.error().message()};
        for (const auto& hit : hits->hits) {
            const auto rows = contents().chunks({hit.chunk});
            texts.push_back(contents().text(rows->front().content, rows->front().range).value());
        }
        return texts;
    }
    std::int64_t count(const char* sql) {
        auto lease = database->read();
        return (*lease).query(sql).first();
    }
};

}  // namespace

class TestDocuments : public QObject {
    Q_OBJECT

private slots:
    void collections_and_their_folders() {
        Shelf shelf;
        auto collections = shelf.collections();
        TAKE(const auto papers, collections.named("Papers"));
        TAKE(const auto again, collections.named("Papers"));
        QCOMPARE(again, papers);
        REFUSED(collections.named(""), ErrorCode::invalid_argument);
        TAKE(const auto chat, collections.named("of a chat", 7));
        TAKE(const auto folder, collections.add_folder(papers, "/home/a/p\xff"));
        TAKE(const auto same, collections.add_folder(papers, "/home/a/p\xff"));
        QCOMPARE(same.id, folder.id);
        QCOMPARE(same.path, std::string("/home/a/p\xff"));
        REFUSED(collections.add_folder(99, "/x"), ErrorCode::not_found);
        OK(collections.set_scanned(folder.id, "ext4:1"));
        TAKE(const auto folders, collections.folders());
        QCOMPARE(folders.size(), std::size_t{1});
        QVERIFY(folders[0].filesystem == "ext4:1" && !folders[0].away && folders[0].scanned_at > 0);
        TAKE(const auto seen,
             shelf.documents().see(papers, folder.id, {{"/home/a/p/1.txt", {1, 2, 3}, false}}));
        QCOMPARE(seen, 1);
        OK(collections.set_away(folder.id, true));
        TAKE(const auto none, shelf.documents().next_waiting());
        QVERIFY(!none);
        OK(collections.set_away(folder.id, false));
        TAKE(const auto next, shelf.documents().next_waiting());
        QVERIFY(next && next->path == "/home/a/p/1.txt");
        TAKE(const auto list, collections.list());
        QCOMPARE(list.size(), std::size_t{2});
        QVERIFY(list[0].name == "Papers" && list[0].documents == 1 && list[0].waiting == 1);
        QVERIFY(list[1].id == chat && list[1].conversation == 7 && list[1].documents == 0);
        OK(collections.rename(papers, "Articles"));
        REFUSED(collections.rename(papers, "of a chat"), ErrorCode::invalid_argument);
        OK(collections.remove_folder(folder.id));
        REFUSED(collections.remove_folder(folder.id), ErrorCode::not_found);
        TAKE(const auto left, shelf.documents().list());
        QVERIFY(left.empty());
        OK(collections.remove(papers));
        REFUSED(collections.remove(papers), ErrorCode::not_found);
    }

    void a_document_waits_is_read_fails_and_waits_again() {
        Shelf shelf;
        auto documents = shelf.documents();
        TAKE(const auto papers, shelf.collections().named("Papers"));
        const SeenFile a{"/d/a.txt", {1, 2, 3}, false}, b{"/d/b.txt", {4, 5, 6}, true};
        TAKE(auto waiting, documents.see(papers, 0, {a, b}));
        QCOMPARE(waiting, 2);
        TAKE(waiting, documents.see(papers, 0, {a, b}));
        QCOMPARE(waiting, 0);
        TAKE(auto next, documents.next_waiting());
        QCOMPARE(next->path, a.path);
        TAKE(const int attempts, documents.begin(next->id));
        QCOMPARE(attempts, 1);
        // What was begun and not ended stands behind what was never begun.
        TAKE(next, documents.next_waiting());
        QCOMPARE(next->path, b.path);
        QVERIFY(next->mounted);
        OK(documents.fail(next->id, b.stamp, "it is encrypted", "open it and save a copy"));
        TAKE(const auto failed, documents.get(next->id));
        QVERIFY(failed.state == DocumentState::failed && failed.error == "it is encrypted");
        TAKE(auto counts, documents.counts());
        QVERIFY(counts.waiting == 1 && counts.failed == 1 && counts.waiting_bytes == 1);
        // The same file is not tried again; another version of it is.
        TAKE(waiting, documents.see(papers, 0, {b}));
        QCOMPARE(waiting, 0);
        TAKE(waiting, documents.see(papers, 0, {{b.path, {4, 50, 6}, true}}));
        QCOMPARE(waiting, 1);
        TAKE(const auto now, documents.get(failed.id));
        QVERIFY(now.state == DocumentState::waiting && now.attempts == 0);
        OK(documents.set_away({now.id}, true));
        TAKE(counts, documents.counts());
        QCOMPARE(counts.waiting, 1);
        OK(documents.remove({now.id}));
        REFUSED(documents.get(now.id), ErrorCode::not_found);
        REFUSED(documents.begin(now.id), ErrorCode::not_found);
        REFUSED(documents.attach(now.id, {}, 0), ErrorCode::not_found);
    }

    void a_content_is_stored_whole_and_read_in_parts() {
        Shelf shelf;
        NewContent content;
        content.facts.sha256 = digest(1);
        content.facts.kind = "pdf";
        content.facts.version = 3;
        content.facts.mime = "application/pdf";
        content.facts.title = "On tides";
        content.facts.author = "N. N.";
        content.facts.language = "en";
        content.facts.notices = "[{\"code\":1}]";
        std::mt19937 random(5);
        while (content.text.size() < 100'000) content.text += "潮汐 tide " + std::to_string(random()) + "\n";
        ContentPage first, second;
        first.range = {0, 50'000};
        first.width = 595.25f;
        first.height = 842;
        first.label = "iv";
        for (std::uint32_t i = 0; i < 500; ++i)
            first.boxes.push_back({{i * 10, i * 10 + 9}, 72.125f, float(i) * 1.5f, 100.0f / 3, 11});
        second.range = {50'000, static_cast<std::uint32_t>(content.text.size())};
        second.text_layer = false;
        second.recognised = true;
        content.pages = {first, second};
        ChunkRow chunk;
        chunk.range = {49'990, 70'000};
        chunk.header = {0, 12};
        chunk.last_page = 1;
        chunk.headings = "A > B";
        chunk.kind = 3;
        chunk.tokens = 250;
        content.chunks = {chunk};
        const ContentId id = shelf.publish("/d/tides.pdf", content);
        QVERIFY(id != 0);
        auto contents = shelf.contents();
        TAKE(const auto whole, contents.text(id, {0, static_cast<std::uint32_t>(content.text.size())}));
        QVERIFY(whole == content.text);
        for (const TextSpan range : {TextSpan{0, 1}, {32'767, 32'769}, {32'768, 65'536}, {99'990, 100'000}}) {
            TAKE(const auto part, contents.text(id, range));
            QVERIFY(part == content.text.substr(range.first, range.size()));
        }
        REFUSED(contents.text(id, {5, 2'000'000}), ErrorCode::invalid_argument);
        REFUSED(contents.text(id + 1, {0, 1}), ErrorCode::not_found);
        TAKE(const auto page, contents.page(id, 0));
        QVERIFY(page == first);
        TAKE(const auto last, contents.page(id, 1));
        QVERIFY(last == second);
        REFUSED(contents.page(id, 2), ErrorCode::not_found);
        TAKE(const auto pages, contents.pages(id));
        QVERIFY(pages.size() == 2 && pages[0].boxes.empty() && pages[0].label == "iv");
        TAKE(const auto chunks, contents.chunks_of(id));
        QCOMPARE(chunks.size(), std::size_t{1});
        chunk.id = chunks[0].id;
        chunk.content = id;
        QVERIFY(chunks[0] == chunk);
        TAKE(const auto texts, contents.chunk_texts(chunks));
        QCOMPARE(texts[0].headings, std::string("On tides > A > B"));
        QVERIFY(texts[0].text == content.text.substr(0, 12) + "\n" + content.text.substr(49'990, 20'010));
        TAKE(const auto facts, contents.facts(id));
        QVERIFY(facts.sha256 == digest(1) && facts.title == "On tides" && facts.pages == 2 &&
                facts.chunks == 1 && facts.text_bytes == content.text.size());
        TAKE(const auto found, contents.find(digest(1), "pdf", 3));
        QVERIFY(found && *found == id);
        TAKE(const auto other, contents.find(digest(1), "pdf", 4));
        QVERIFY(!other);
        // A range that is none is refused, and nothing of the content stays.
        content.facts.sha256 = digest(2);
        content.chunks[0].range = {10, 200'000};
        QCOMPARE(shelf.publish("/d/bad.pdf", content), 0);
        QCOMPARE(shelf.count("SELECT count(*) FROM contents"), 1);
        QCOMPARE(shelf.count("SELECT count(DISTINCT content_id) FROM content_texts"), 1);
    }

    void the_same_bytes_at_two_paths_are_kept_once() {
        Shelf shelf;
        const ContentId id = shelf.publish("/d/a.txt", lines(1, {"the moon pulls the sea"}));
        auto documents = shelf.documents();
        TAKE(const auto seen, documents.see(shelf.collection, 0, {{"/d/copy.txt", {10, 1, 2}, false}}));
        QCOMPARE(seen, 1);
        TAKE(const auto rows, documents.at_path("/d/copy.txt"));
        OK(documents.attach(rows[0].id, {10, 1, 2}, id));
        TAKE(const auto both, documents.with_content(id));
        QCOMPARE(both.size(), std::size_t{2});
        OK(documents.remove({both[0].id}));
        TAKE(auto swept, shelf.contents().sweep(10));
        QVERIFY(swept.empty());
        QCOMPARE(shelf.found("moon").size(), std::size_t{1});
        OK(documents.remove({both[1].id}));
        TAKE(swept, shelf.contents().sweep(10));
        QVERIFY(swept == std::vector<ContentId>{id});
        QVERIFY(shelf.found("moon").empty());
        for (const char* table :
             {"contents", "content_texts", "content_pages", "chunks", "chunk_index_docsize"})
            QCOMPARE(shelf.count(("SELECT count(*) FROM " + std::string(table)).c_str()), 0);
        OK(shelf.database->check_integrity());
    }

    void another_version_of_a_content_takes_its_place() {
        Shelf shelf;
        const ContentId before = shelf.publish("/d/a.txt", lines(1, {"read badly"}));
        TAKE(const auto seen, shelf.documents().see(shelf.collection, 0, {{"/d/b.txt", {}, false}}));
        (void)seen;
        TAKE(const auto b, shelf.documents().at_path("/d/b.txt"));
        OK(shelf.documents().attach(b[0].id, {}, before));
        NewContent better = lines(1, {"read well", "and more"});
        better.facts.version = 2;
        const ContentId after = shelf.publish("/d/a.txt", better);
        QVERIFY(after != 0 && after != before);
        TAKE(const auto now, shelf.documents().get(b[0].id));
        QCOMPARE(now.content, after);
        QVERIFY(shelf.found("badly").empty());
        QVERIFY(shelf.found("well") == std::vector<std::string>{"read well"});
        QCOMPARE(shelf.count("SELECT count(*) FROM contents"), 1);
    }

    void passages_by_their_words() {
        Shelf shelf;
        shelf.publish("/d/a.txt",
                      lines(1, {"The moon pulls the sea: two tides a day.",
                                "Indexing reads each file and cuts it into passages.",
                                "深度学习是机器学习的一个分支，使用神经网络。", "潮汐由月球的引力引起。",
                                "Nothing of interest: the the the the the."}));
        const auto first = [&](const char* query) {
            const auto texts = shelf.found(query);
            return texts.empty() ? std::string() : texts[0];
        };
        QVERIFY(first("why does the moon cause tides?").starts_with("The moon"));
        QVERIFY(first("how are files indexed").starts_with("Indexing"));  // by their stems
        QVERIFY(first("什么是深度学习").starts_with("深度学习"));
        QVERIFY(first("月球引力").starts_with("潮汐"));
        QVERIFY(first("MOONS").starts_with("The moon"));
        QVERIFY(first("“Tides”; DROP TABLE chunks; --\" OR NEAR(").starts_with("The moon"));
        QVERIFY(shelf.found("").empty());
        QVERIFY(shelf.found(" .,; ").empty());
        QVERIFY(shelf.found("zebra").empty());
        // Words of the headings count.
        QCOMPARE(first("Part 3"), std::string("潮汐由月球的引力引起。"));
        // A filter, and what of the query occurs.
        TAKE(const auto none,
             PassageSearch(*shelf.database).find({"moon", 10, [](ContentId) { return false; }}));
        QVERIFY(none.hits.empty());
        TAKE(const auto hits, PassageSearch(*shelf.database).find({"tides zebra the moon", 1, {}}));
        QCOMPARE(hits.hits.size(), std::size_t{1});
        QCOMPARE(hits.terms.size(), std::size_t{2});  // no passage has a zebra; "the" says nothing
        QCOMPARE(hits.hits[0].terms, std::uint64_t{3});
        QVERIFY(hits.hits[0].score > 0);
        // Unless nothing else is asked for.
        QVERIFY(first("the").starts_with("Nothing"));
        QVERIFY(first("what is the").starts_with("Nothing"));
        QVERIFY(shelf.found("what the zebra").empty());
    }

    void a_phrase_in_quotes_outweighs_its_words() {
        Shelf shelf;
        shelf.publish("/d/a.txt", lines(1, {"attention is what all of us need, need, all and attention all",
                                            "the paper named attention is all you need is short"}));
        QVERIFY(shelf.found("\"all you need\"")[0].starts_with("the paper"));
    }

    /// Large enough that common words are not walked to their ends: the best are still those that scoring
    /// every row finds.
    void the_short_cuts_of_a_large_index_find_the_best() {
        Shelf shelf;
        std::mt19937 random(7);
        std::vector<std::string> passages;
        for (int i = 0; i < 12'000; ++i) {
            std::string text;
            for (int w = 0; w < 12; ++w) {
                // Zipf-like: w1 is in most passages, w2000 in few.
                const double u = double(random()) / double(random.max());
                text += "w" + std::to_string(static_cast<int>(std::exp(u * 7.6))) + " ";
            }
            passages.push_back(text);
        }
        shelf.publish("/d/a.txt", lines(1, passages));
        const auto exhaustive = [&](const std::vector<std::string>& words) {
            std::vector<double> rarity;
            std::string expression;
            auto lease = shelf.database->read();
            for (const auto& word : words) {
                auto row = (*lease).query("SELECT count(*) FROM chunk_index WHERE chunk_index MATCH ?1");
                const double rows = double(row.bind(word).first());
                rarity.push_back(std::max(1e-3, std::log((12'000 - rows + 0.5) / (rows + 0.5) + 1)));
                expression += (expression.empty() ? "" : " OR ") + word;
            }
            std::vector<double> weights = {0};
            weights.insert(weights.end(), rarity.begin(), rarity.end());
            auto row = (*lease).query(
                "SELECT rowid, pellucid_passage(chunk_index, ?2) FROM chunk_index WHERE chunk_index MATCH "
                "?1");
            row.bind(expression, Blob{{reinterpret_cast<const char*>(weights.data()), weights.size() * 8}});
            std::vector<double> scores;
            while (row.step()) {
                double score = 0;
                std::memcpy(&score, row.bytes(1).data(), 8);
                scores.push_back(score);
            }
            std::sort(scores.rbegin(), scores.rend());
            scores.resize(std::min<std::size_t>(scores.size(), 10));
            return scores;
        };
        const std::vector<std::vector<std::string>> queries = {{"w2", "w3", "w4", "w500"},
                                                               {"w2", "w3"},
                                                               {"w900", "w1200", "w2"},
                                                               {"w10", "w11", "w12", "w13", "w2"},
                                                               {"w1500"}};
        int same = 0, all = 0;
        for (const auto& words : queries) {
            std::string text;
            for (const auto& word : words) text += word + " ";
            TAKE(const auto hits, PassageSearch(*shelf.database).find({text, 10, {}}));
            const auto expected = exhaustive(words);
            // Weights of common words are estimated: 10% of the score.
            for (std::size_t i = 0; i < expected.size(); ++i, ++all)
                same +=
                    i < hits.hits.size() && std::abs(hits.hits[i].score - expected[i]) < 0.1 * expected[i];
        }
        QVERIFY2(same >= all * 9 / 10, qPrintable(QString("%1 of %2").arg(same).arg(all)));
    }

    void an_index_of_another_version_is_built_anew() {
        Shelf shelf;
        shelf.publish("/d/a.txt", lines(1, {"the moon"}, "Tides"));
        {
            auto lease = shelf.database->write();
            (*lease).exec("INSERT INTO chunk_index (chunk_index) VALUES ('delete-all')");
            (*lease).exec("UPDATE meta SET value = '0' WHERE key = 'passage_version'");
        }
        QVERIFY(shelf.found("moon").empty());
        shelf.open();
        QCOMPARE(shelf.found("moon").size(), std::size_t{1});
        QCOMPARE(shelf.found("tides").size(), std::size_t{1});
        // And can be emptied again: it holds the same words as before.
        TAKE(const auto rows, shelf.documents().list());
        OK(shelf.documents().remove({rows[0].id}));
        TAKE(const auto swept, shelf.contents().sweep(1));
        QCOMPARE(swept.size(), std::size_t{1});
        QVERIFY(shelf.found("moon").empty());
    }

    void vectors_and_their_models() {
        Shelf shelf;
        const ContentId id = shelf.publish("/d/a.txt", lines(1, {"a", "b", "c"}));
        auto vectors = shelf.vectors();
        TAKE(const auto model, vectors.model("sha:1", "e5", 2));
        TAKE(const auto same, vectors.model("sha:1", "e5", 2));
        QCOMPARE(same, model);
        REFUSED(vectors.model("sha:1", "e5", 3), ErrorCode::invalid_argument);
        REFUSED(vectors.model("", "e5", 3), ErrorCode::invalid_argument);
        TAKE(auto pending, vectors.pending(model, 0, 2));
        QCOMPARE(pending.size(), std::size_t{2});
        TAKE(auto count, vectors.pending_count(model));
        QCOMPARE(count, 3);
        TAKE(const auto kept, vectors.put(model, std::vector<ChunkVector>{{pending[0].id, 0, 0.5f, {127, -3}},
                                                                          {999, 0, 1, {1, 1}}}));
        QVERIFY((kept == std::vector<std::pair<ChunkId, ContentId>>{{pending[0].id, id}}));
        REFUSED(vectors.put(model, std::vector<ChunkVector>{{pending[1].id, 0, 1, {1, 2, 3}}}),
                ErrorCode::invalid_argument);
        TAKE(pending, vectors.pending(model, 0, 10));
        QCOMPARE(pending.size(), std::size_t{2});
        std::vector<ChunkVector> all;
        OK(vectors.each(model, [&](const ChunkVector& vector) { all.push_back(vector); }));
        QCOMPARE(all.size(), std::size_t{1});
        QVERIFY(all[0].content == id && all[0].scale == 0.5f);
        QVERIFY((all[0].values == std::vector<std::int8_t>{127, -3}));
        // Another model: everything waits again, and its vectors take the place of the old ones.
        TAKE(const auto other, vectors.model("sha:2", "minilm", 1));
        TAKE(count, vectors.pending_count(other));
        QCOMPARE(count, 3);
        TAKE(const auto replaced, vectors.put(other, std::vector<ChunkVector>{{all[0].chunk, 0, 1, {7}}}));
        QCOMPARE(replaced.size(), std::size_t{1});
        TAKE(const auto models, vectors.models());
        QVERIFY(models.size() == 2 && models[0].vectors == 0 && models[1].vectors == 1);
    }

    void damaged_pieces_are_said() {
        Shelf shelf;
        NewContent content = lines(1, {"some text that is long enough to be worth compressing, is it not?"});
        content.pages[0].boxes = {{{0, 4}, 1, 2, 3, 4}};
        const ContentId id = shelf.publish("/d/a.txt", content);
        for (const char* sql :
             {"UPDATE content_texts SET data = x'00'", "UPDATE content_texts SET data = substr(data, 1, 20)",
              "UPDATE content_pages SET boxes = x'28b52ffd2001090000ff'"}) {
            {
                auto lease = shelf.database->write();
                (*lease).exec(sql);
            }
            if (std::string(sql).find("boxes") == std::string::npos)
                REFUSED(shelf.contents().text(id, {0, 4}), ErrorCode::corrupt);
            else
                REFUSED(shelf.contents().page(id, 0), ErrorCode::corrupt);
        }
    }

    void boxes_come_back_bit_by_bit() {
        std::mt19937 random(3);
        for (int round = 0; round < 50; ++round) {
            std::vector<TextBox> boxes(random() % 40);
            for (auto& box : boxes) {
                const auto first = static_cast<std::uint32_t>(random());
                box.range = {first, first + static_cast<std::uint32_t>(random() % std::max(1u, ~first))};
                for (float* value : {&box.x, &box.y, &box.width, &box.height})
                    *value = static_cast<float>(std::int32_t(random())) / 1013.0f;
            }
            QVERIFY(unpack_boxes(pack_boxes(boxes)) == boxes);
        }
        // Any cut of the bytes is refused, not believed.
        const std::string packed = pack_boxes({{{1, 2}, 1, 2, 3, 4}, {{3, 9}, 1, 2, 3, 4}});
        for (std::size_t size = 0; size < packed.size(); ++size)
            QVERIFY_EXCEPTION_THROWN(unpack_boxes(packed.substr(0, size)), Refusal);
    }
};

QTEST_APPLESS_MAIN(TestDocuments)
#include "test_documents.moc"
