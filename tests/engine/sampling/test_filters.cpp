// Each filter by its published definition, on numbers small enough to check by hand, and against brute force.
#include <QtTest>
#include <limits>
#include <random>
#include <set>

#include "engine/base/random.h"
#include "engine/sampling/distribution.h"
#include "engine/sampling/filters.h"
#include "tests/engine/sampling/reference.h"

using namespace pellucid;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<Candidate> with_probabilities(const std::vector<double>& p) {
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < p.size(); ++i)
        candidates.push_back(
            {static_cast<TokenId>(i), static_cast<float>(std::log(p[i])), static_cast<float>(p[i])});
    return candidates;
}

std::set<int> ids(const std::vector<Candidate>& candidates) {
    std::set<int> found;
    for (const auto& candidate : candidates) found.insert(candidate.id);
    return found;
}

std::vector<float> random_logits(std::size_t n, unsigned seed, float spread = 4) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, spread);
    std::vector<float> logits(n);
    for (auto& logit : logits) logit = normal(random);
    return logits;
}

}  // namespace

class TestFilters : public QObject {
    Q_OBJECT

private slots:
    void philox_gives_the_published_numbers() {
        // Random123's known answers (kat_vectors, philox 4x32 10).
        const std::array<std::uint32_t, 4> zero = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
        QVERIFY(philox4x32({0, 0, 0, 0}, 0) == zero);
        const std::array<std::uint32_t, 4> ones = {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd};
        QVERIFY(philox4x32({~0u, ~0u, ~0u, ~0u}, ~std::uint64_t{0}) == ones);
        const std::array<std::uint32_t, 4> pi = {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
        QVERIFY(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0a4093822) == pi);
        QVERIFY(open_unit(0) > 0 && open_unit(~0u) < 1);
    }

    void the_best_k_are_those_a_full_sort_gives() {
        for (const std::size_t n : {1u, 7u, 300u, 5000u, 150000u}) {
            auto logits = random_logits(n, static_cast<unsigned>(n));
            for (std::size_t i = 0; i < n; i += 3) logits[i] = std::round(logits[i]);  // many ties
            for (std::size_t i = 5; i < n; i += 11) logits[i] = -kInfinity;
            std::vector<Candidate> all;
            for (std::size_t i = 0; i < n; ++i)
                if (logits[i] > -kInfinity) all.push_back({static_cast<TokenId>(i), logits[i], 0});
            std::sort(all.begin(), all.end(), better);
            for (const std::size_t k : {1u, 2u, 40u, 299u, 1000u, 200000u}) {
                std::vector<Candidate> best;
                select_top(logits, k, best);
                QCOMPARE(best.size(), std::min(k, all.size()));
                for (std::size_t i = 0; i < best.size(); ++i) QCOMPARE(best[i].id, all[i].id);
            }
        }
    }

    void ascending_logits_are_the_worst_case() {
        std::vector<float> logits(20000);
        for (std::size_t i = 0; i < logits.size(); ++i) logits[i] = static_cast<float>(i);
        std::vector<Candidate> best;
        select_top(logits, 3, best);
        QVERIFY(best[0].id == 19999 && best[1].id == 19998 && best[2].id == 19997);
    }

    void top_p_keeps_the_fewest_that_reach_it() {
        const auto kept = [](float p) {
            auto candidates = with_probabilities({0.1, 0.4, 0.05, 0.25, 0.2});
            keep_top_p(candidates, p);
            return ids(candidates);
        };
        QVERIFY(kept(0.3f) == (std::set<int>{1}));
        QVERIFY(kept(0.45f) == (std::set<int>{1, 3}));
        QVERIFY(kept(0.7f) == (std::set<int>{1, 3, 4}));
        QVERIFY(kept(0.94f) == (std::set<int>{0, 1, 3, 4}));
        QVERIFY(kept(1e-6f) == (std::set<int>{1}));
    }

    void min_p_is_relative_to_the_best() {
        const auto kept = [](float p) {
            auto candidates = with_probabilities({0.1, 0.4, 0.05, 0.25, 0.2});
            keep_min_p(candidates, p);
            return ids(candidates);
        };
        QVERIFY(kept(0.2f) == (std::set<int>{0, 1, 3, 4}));  // 0.08 and more
        QVERIFY(kept(0.6f) == (std::set<int>{1, 3}));        // 0.24 and more
        QVERIFY(kept(1.0f) == (std::set<int>{1}));
    }

    void typical_leaves_out_the_too_likely() {
        // Entropy is 1.28 nats: 0.25 (surprise 1.39) is nearest, then 0.4 (0.92) ... and 0.05 (3.0) last.
        auto candidates = with_probabilities({0.1, 0.4, 0.05, 0.25, 0.2});
        keep_typical(candidates, 0.2f);
        QVERIFY(ids(candidates) == (std::set<int>{3}));
        // A likely token among many unlikely ones can be the least typical: surprise 1.20 and 4.61, entropy 3.58 nats.
        std::vector<double> p(71, 0.01);
        p[0] = 0.3;
        auto torn = with_probabilities(p);
        keep_typical(torn, 0.3f);
        QCOMPARE(ids(torn).count(0), std::size_t{0});
        QVERIFY(torn.size() == 30 || torn.size() == 31);  // 30 x 0.01 may round below 0.3
    }

    void penalties_by_hand() {
        std::vector<float> logits = {2, -2, 1, 0, 3};
        const std::vector<TokenId> window = {0, 1, 1, 4, 99, -1};
        const auto counts = count_tokens(window, logits.size());
        QCOMPARE(counts.size(), 3u);
        QCOMPARE(counts[1].count, 2);
        apply_penalties(logits, counts, 2.0f, 0.5f, 0.25f);
        QCOMPARE(logits, (std::vector<float>{2 / 2.f - 0.75f, -4 - 1.0f, 1, 0, 1.5f - 0.75f}));
    }

    void dry_punishes_what_would_repeat() {
        // "a b c d … a b c": d would extend a repetition of length 3.
        const std::vector<TokenId> history = {0, 1, 2, 3, 7, 0, 1, 2};
        std::vector<std::uint8_t> breaker(10, 0);
        std::vector<float> logits(10, 0);
        DryRule rule{0.8f, 1.75f, 2, breaker};
        apply_dry(logits, history, rule);
        QCOMPARE(logits[3], -0.8f * 1.75f);
        QCOMPARE(std::count(logits.begin(), logits.end(), 0.0f), 9);
        // A breaker inside shortens the match to one token: nothing is punished any more.
        breaker[1] = 1;
        std::fill(logits.begin(), logits.end(), 0.0f);
        apply_dry(logits, history, rule);
        QCOMPARE(std::count(logits.begin(), logits.end(), 0.0f), 10);
        // A breaker is itself never punished.
        breaker[1] = 0, breaker[3] = 1;
        apply_dry(logits, history, rule);
        QCOMPARE(std::count(logits.begin(), logits.end(), 0.0f), 10);
    }

    void dry_agrees_with_the_plain_search() {
        std::mt19937 random(5);
        for (int round = 0; round < 400; ++round) {
            const int vocab = 2 + static_cast<int>(random() % 4), n = static_cast<int>(random() % 60);
            std::vector<int> history(static_cast<std::size_t>(n));
            for (auto& id : history) id = static_cast<int>(random() % static_cast<unsigned>(vocab));
            std::vector<bool> breaks(static_cast<std::size_t>(vocab));
            std::vector<std::uint8_t> breaker(static_cast<std::size_t>(vocab));
            for (int i = 0; i < vocab; ++i) breaker[i] = breaks[i] = random() % 5 == 0;
            SamplingSpec spec;
            spec.dry_multiplier = 0.5f;
            spec.dry_base = 1.1f;
            spec.dry_allowed_length = 1 + static_cast<int>(random() % 4);
            std::vector<double> expected(static_cast<std::size_t>(vocab), 0.0);
            reference::dry(expected, history, spec, breaks);
            std::vector<float> logits(static_cast<std::size_t>(vocab), 0.0f);
            apply_dry(logits, history,
                      {spec.dry_multiplier, spec.dry_base, spec.dry_allowed_length, breaker});
            for (int i = 0; i < vocab; ++i)
                QVERIFY(std::abs(logits[i] - expected[i]) < 1e-4 * (1 + std::abs(expected[i])));
        }
    }

    void dry_on_a_long_repetition_stays_finite() {
        const std::vector<TokenId> history(20000, 1);
        std::vector<float> logits(4, 0);
        apply_dry(logits, history, {1, 1.75f, 2, {}});
        QVERIFY(std::isfinite(logits[1]) && logits[1] < -1e20f);
    }

    void measures_of_a_distribution() {
        for (const std::size_t n : {1u, 5u, 16u, 17u, 320u, 152064u}) {
            for (const float spread : {0.1f, 3.0f, 20.0f}) {
                auto logits = random_logits(n, static_cast<unsigned>(n), spread);
                if (n > 3) logits[2] = -kInfinity;
                double largest = -1e300, sum = 0, entropy = 0;
                for (const float x : logits) largest = std::max(largest, static_cast<double>(x));
                for (const float x : logits) sum += std::exp(x - largest);
                for (const float x : logits)
                    if (const double p = std::exp(x - largest) / sum; p > 0) entropy -= p * std::log(p);
                const auto measured = measure(logits);
                QVERIFY(measured.ok());
                QVERIFY(std::abs(measured->log_sum - (largest + std::log(sum))) < 2e-5);
                QVERIFY2(std::abs(measured->entropy - entropy) < 5e-5 * (1 + entropy),
                         qPrintable(QString::number(entropy)));
            }
        }
    }

    void broken_logits_are_an_error_that_names_the_place() {
        for (const std::size_t n : {3u, 40u, 1000u}) {
            for (const float poison : {std::numeric_limits<float>::quiet_NaN(), kInfinity}) {
                for (const std::size_t at : {std::size_t{0}, n / 2, n - 1}) {
                    auto logits = random_logits(n, 1);
                    logits[at] = poison;
                    const auto measured = measure(logits);
                    QVERIFY(!measured.ok());
                    QVERIFY(measured.error().what.find("token " + std::to_string(at) + " ") !=
                            std::string::npos);
                }
            }
        }
        QVERIFY(!measure(std::vector<float>(50, -kInfinity)).ok());
    }
};

QTEST_APPLESS_MAIN(TestFilters)
#include "test_filters.moc"
