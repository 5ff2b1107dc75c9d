// The nearest vectors: every path gives the scalar's sums, the index what a search over floats gives.
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <random>
#include <set>
#include <thread>

#include "app/documents/vector_index.h"
#include "engine/base/cpu_features.h"

using namespace pellucid;
using namespace pellucid::documents;

namespace {

std::vector<float> unit(std::mt19937& random, int dimensions) {
    std::normal_distribution<float> normal;
    std::vector<float> values(static_cast<std::size_t>(dimensions));
    double sum = 0;
    for (float& value : values) {
        value = normal(random);
        sum += double(value) * double(value);
    }
    for (float& value : values) value /= static_cast<float>(std::sqrt(sum));
    return values;
}

double product(const std::vector<float>& a, const std::vector<float>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += double(a[i]) * double(b[i]);
    return sum;
}

}  // namespace

class TestVectorIndex : public QObject {
    Q_OBJECT

private slots:
    void every_path_gives_the_scalar_sums() {
        std::vector<std::pair<const char*, Int8Scan>> paths;
#if defined(__x86_64__)
        const CpuFeatures features = detect_cpu_features();
        if (features.has_avx2_set()) paths.emplace_back("avx2", int8_scan_avx2);
        if (features.has_avx512_vnni_set()) paths.emplace_back("avx512", int8_scan_avx512);
#endif
        if (paths.empty()) QSKIP("this processor has only the scalar path");
        std::mt19937 random(1);
        for (const std::size_t stride : {64u, 128u, 192u, 384u, 1024u}) {
            constexpr std::size_t kRows = 37;
            std::vector<std::uint8_t> bytes(kRows * stride + 64);
            auto* rows = bytes.data() + (64 - reinterpret_cast<std::uintptr_t>(bytes.data()) % 64) % 64;
            std::vector<std::int8_t> query(stride);
            for (int round = 0; round < 3; ++round) {
                for (std::size_t i = 0; i < kRows * stride; ++i)
                    rows[i] = round == 0 ? 255 : round == 1 ? 0 : static_cast<std::uint8_t>(random());
                for (auto& value : query)
                    value = static_cast<std::int8_t>(round == 0   ? 127
                                                     : round == 1 ? -127
                                                                  : int(random() % 255) - 127);
                std::vector<std::int32_t> expected(kRows, -1), sums(kRows, -2);
                int8_scan_scalar(rows, kRows, stride, query.data(), expected.data());
                for (const auto& [name, scan] : paths) {
                    std::fill(sums.begin(), sums.end(), -2);
                    scan(rows, kRows, stride, query.data(), sums.data());
                    QVERIFY2(sums == expected, name);
                }
            }
        }
    }

    void what_is_chosen_is_what_the_processor_has() {
        const auto chosen = choose_int8_scan();
        const CpuFeatures features = detect_cpu_features();
        QCOMPARE(QString::fromUtf8(chosen.name.data(), qsizetype(chosen.name.size())),
                 QString(features.has_avx512_vnni_set() ? "AVX-512 VNNI"
                         : features.has_avx2_set()      ? "AVX2"
                                                        : "scalar"));
    }

    void the_nearest_of_floats_are_found() {
        std::mt19937 random(2);
        ThreadPool pool(2);
        for (const int dimensions : {384, 100}) {
            VectorIndex index(dimensions, dimensions == 384 ? &pool : nullptr);
            std::vector<std::vector<float>> all;
            for (int i = 0; i < 20'000; ++i) {
                all.push_back(unit(random, dimensions));
                index.add(quantised(i + 1, i / 10 + 1, all.back()));
            }
            QCOMPARE(index.size(), std::size_t{20'000});
            int recalled = 0;
            for (int q = 0; q < 20; ++q) {
                const auto query = unit(random, dimensions);
                std::vector<std::pair<double, ChunkId>> exact;
                for (std::size_t i = 0; i < all.size(); ++i)
                    exact.emplace_back(product(query, all[i]), static_cast<ChunkId>(i + 1));
                std::partial_sort(exact.begin(), exact.begin() + 10, exact.end(), std::greater<>());
                std::set<ChunkId> nearest;
                for (int i = 0; i < 10; ++i) nearest.insert(exact[static_cast<std::size_t>(i)].second);
                const auto hits = index.find(query, 10);
                QCOMPARE(hits.size(), std::size_t{10});
                for (std::size_t i = 0; i < hits.size(); ++i) {
                    recalled += nearest.contains(hits[i].chunk);
                    QVERIFY(i == 0 || hits[i - 1].score >= hits[i].score);
                    QVERIFY(std::abs(hits[i].score -
                                     product(query, all[static_cast<std::size_t>(hits[i].chunk - 1)])) <
                            0.01);
                    QCOMPARE(hits[i].content, (hits[i].chunk - 1) / 10 + 1);
                }
            }
            // Random vectors are all about equally far: the hardest case for eight bits.
            QVERIFY2(recalled >= 190, qPrintable(QString::number(recalled)));
        }
    }

    /// Two languages far apart, and in each the same subjects a little apart.
    void centres_put_what_is_said_before_its_language() {
        constexpr int kSize = 48;
        std::mt19937 random(11);
        std::vector<std::vector<float>> languages = {unit(random, kSize), unit(random, kSize)}, subjects;
        for (int i = 0; i < 20; ++i) subjects.push_back(unit(random, kSize));
        const auto text = [&](std::size_t language, std::size_t subject, float of_form) {
            std::vector<float> values = languages[language];
            const auto noise = unit(random, kSize);
            for (std::size_t k = 0; k < values.size(); ++k)
                values[k] += 0.3f * subjects[subject][k] + 0.05f * noise[k] + of_form * subjects[19][k];
            const auto length = static_cast<float>(std::sqrt(product(values, values)));
            for (float& value : values) value /= length;
            return values;
        };
        std::vector<LanguageCentre> centres;
        for (std::size_t language = 0; language < 2; ++language) {
            LanguageCentre centre{std::to_string(language), std::vector<float>(kSize),
                                  std::vector<float>(kSize)};
            for (std::size_t subject = 0; subject < 19; ++subject) {
                const auto query = text(language, subject, 0.2f), passage = text(language, subject, 0);
                for (std::size_t k = 0; k < kSize; ++k) {
                    centre.query[k] += query[k] / 19;
                    centre.passage[k] += passage[k] / 19;
                }
            }
            centres.push_back(std::move(centre));
        }
        // Subject 3 is there in the second language alone.
        VectorIndex index(kSize);
        std::vector<std::vector<float>> all;
        const auto enter = [&](std::size_t language, std::size_t subject) {
            all.push_back(text(language, subject, 0));
            const auto chunk = static_cast<ChunkId>(all.size());
            index.add(quantised(chunk, static_cast<ContentId>(language + 1), all.back()));
        };
        for (std::size_t subject = 0; subject < 19; ++subject) {
            if (subject != 3) enter(0, subject);
            if (subject < 10) enter(1, subject);
        }
        const auto asked = text(0, 3, 0.2f);
        QCOMPARE(index.find(asked, 1)[0].content, 1);  // its language before its subject
        QVERIFY(!index.has_centres());
        index.set_centres(centres);
        QVERIFY(index.has_centres());
        const auto subject_of = [&](const VectorHit& hit) {
            std::size_t best = 0;
            const auto& values = all[static_cast<std::size_t>(hit.chunk - 1)];
            for (std::size_t s = 0; s < 19; ++s)
                if (product(values, subjects[s]) -
                        product(languages[std::size_t(hit.content - 1)], subjects[s]) >
                    product(values, subjects[best]) -
                        product(languages[std::size_t(hit.content - 1)], subjects[best]))
                    best = s;
            return best;
        };
        const auto hits = index.find(asked, 3);
        QVERIFY(hits[0].content == 2 && subject_of(hits[0]) == 3);
        QVERIFY(hits[0].score > hits[1].score + 0.1f);
        // The model's own likeness is told too; what is entered afterwards meets the same centres.
        QVERIFY(std::abs(double(hits[0].product) -
                         product(asked, all[static_cast<std::size_t>(hits[0].chunk - 1)])) < 0.01);
        enter(0, 3);
        QCOMPARE(index.find(asked, 1)[0].chunk, static_cast<ChunkId>(all.size()));
        // Against a search over floats, with the centres as given (there are few passages).
        for (std::size_t subject = 0; subject < 19; ++subject) {
            const auto question = text(subject % 2, subject, 0.2f);
            const auto centred = [&](const std::vector<float>& values, const std::vector<float>& centre) {
                std::vector<float> left = values;
                for (std::size_t k = 0; k < kSize; ++k) left[k] -= centre[k];
                const auto length = static_cast<float>(std::sqrt(product(left, left)));
                for (float& value : left) value /= length;
                return left;
            };
            const auto found = index.find(question, all.size());
            QCOMPARE(found.size(), all.size());
            for (const VectorHit& hit : found) {
                const double exact =
                    product(centred(question, centres[subject % 2].query),
                            centred(all[static_cast<std::size_t>(hit.chunk - 1)],
                                    centres[static_cast<std::size_t>(hit.content - 1)].passage));
                QVERIFY2(std::abs(double(hit.score) - exact) < 0.05,
                         qPrintable(QString("%1, not %2").arg(hit.score).arg(exact)));
            }
        }
        // Vectors that say nothing, and none at all.
        index.add(quantised(900, 9, std::vector<float>(kSize)));
        QCOMPARE(index.find(std::vector<float>(kSize, NAN), 100).size(), all.size() + 1);
        index.set_centres({});
        QCOMPARE(index.find(asked, 100).size(), all.size() + 1);
    }

    void chunks_asked_for_by_name_are_found_wherever_they_rank() {
        std::mt19937 random(12);
        VectorIndex index(64);
        std::vector<std::vector<float>> all;
        for (int i = 0; i < 9000; ++i) {  // more than a block
            all.push_back(unit(random, 64));
            index.add(quantised(i + 1, i / 100, all.back()));
        }
        const auto query = unit(random, 64);
        const auto far = index.find(query, 9000);
        const auto nearest = index.find(query, 10);
        const std::vector<ChunkId> named = {far[8999].chunk, far[2].chunk, far[4000].chunk, 77'777};
        const auto hits = index.find(query, 10, {}, named);
        QCOMPARE(hits.size(), std::size_t{12});  // one is among the nearest, one is not there
        for (std::size_t i = 0; i < 10; ++i) QCOMPARE(hits[i].chunk, nearest[i].chunk);
        QCOMPARE(hits[10].chunk, far[4000].chunk);
        QCOMPARE(hits[11].chunk, far[8999].chunk);
        QVERIFY(std::abs(double(hits[11].score) -
                         product(query, all[static_cast<std::size_t>(hits[11].chunk - 1)])) < 0.01);
        // Not where its content is refused.
        const ContentId refused = far[8999].content;
        for (const auto& hit : index.find(
                 query, 10, [&](ContentId content) { return content != refused; }, named))
            QVERIFY(hit.content != refused);
    }

    void filters_removals_and_space_used_again() {
        std::mt19937 random(3);
        VectorIndex index(64);
        std::vector<std::vector<float>> all;
        for (int i = 0; i < 30'000; ++i) {
            all.push_back(unit(random, 64));
            index.add(quantised(i + 1, i % 3 == 0 ? 7 : 8 + i / 1000, all.back()));
        }
        const auto before = index.memory_bytes();
        const auto query = unit(random, 64);
        for (const auto& hit : index.find(query, 50, [](ContentId content) { return content == 7; }))
            QCOMPARE(hit.content, 7);
        QCOMPARE(index.find(query, 50, [](ContentId) { return false; }).size(), std::size_t{0});
        const auto best = index.find(query, 1, [](ContentId content) { return content != 7; });
        index.remove(std::vector<ContentId>{7});
        QCOMPARE(index.size(), std::size_t{20'000});
        QVERIFY(index.memory_bytes() < before);
        const auto again = index.find(query, 1);
        QCOMPARE(again[0].chunk, best[0].chunk);
        for (const auto& hit : index.find(query, 100)) {
            QVERIFY(hit.content != 7);
            QVERIFY(std::abs(hit.score - product(query, all[static_cast<std::size_t>(hit.chunk - 1)])) <
                    0.03);
        }
        // Fewer than a quarter: their rows stay empty, and are not found.
        index.remove(std::vector<ContentId>{again[0].content});
        QVERIFY(index.find(query, 1)[0].content != again[0].content);
        index.clear();
        QVERIFY(index.size() == 0 && index.find(query, 5).empty());
    }

    void odd_queries() {
        VectorIndex index(8);
        index.add(quantised(1, 1, std::vector<float>{1, 0, 0, 0, 0, 0, 0, 0}));
        index.add(quantised(2, 1, std::vector<float>(8, NAN)));
        index.add(quantised(3, 1, std::vector<float>(8, 0)));
        QVERIFY(index.find(std::vector<float>(7, 1), 5).empty());
        QVERIFY(index.find(std::vector<float>(8, 1), 0).empty());
        QCOMPARE(index.find(std::vector<float>(8, NAN), 5).size(), std::size_t{3});
        QCOMPARE(index.find(std::vector<float>(8, 1), 1)[0].chunk, 1);
    }

    void searches_beside_changes() {
        std::mt19937 random(4);
        ThreadPool pool(2);
        VectorIndex index(32, &pool);
        std::vector<storage::ChunkVector> made;
        for (int i = 0; i < 4000; ++i) made.push_back(quantised(i + 1, 1 + i / 500, unit(random, 32)));
        const auto query = unit(random, 32);
        std::thread writer([&] {
            for (const auto& vector : made) index.add(vector);
            for (ContentId content = 1; content <= 4; ++content)
                index.remove(std::vector<ContentId>{content});
        });
        std::size_t most = 0;
        for (int i = 0; i < 200; ++i) most = std::max(most, index.find(query, 20).size());
        writer.join();
        QCOMPARE(index.size(), std::size_t{2000});
        for (const auto& hit : index.find(query, 20)) QVERIFY(hit.content > 4);
    }
};

QTEST_APPLESS_MAIN(TestVectorIndex)
#include "test_vector_index.moc"
