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
