// Sampled frequencies against a brute-force distribution, repeatability, and what is reported beside the
// token.
#include <QtTest>
#include <limits>
#include <random>

#include "engine/sampling/sampler.h"
#include "tests/engine/sampling/reference.h"

using namespace pellucid;

namespace {

std::vector<float> random_logits(std::size_t n, unsigned seed, float spread) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, spread);
    std::vector<float> logits(n);
    for (auto& logit : logits) logit = normal(random);
    return logits;
}

SamplingSpec plain(float temperature = 1) {
    SamplingSpec spec;
    spec.temperature = temperature;
    spec.top_k = 0;
    spec.top_p = 1;
    spec.min_p = 0;
    return spec;
}

/// A vocabulary in which token i is one letter, for DRY's breakers.
class Letters final : public Tokenizer {
public:
    explicit Letters(std::size_t size) : size_(size) {}
    std::vector<TokenId> encode(std::string_view text, const EncodeOptions&) const override {
        std::vector<TokenId> ids;
        for (const char c : text) ids.push_back(c - 'a');
        return ids;
    }
    std::string bytes_of(TokenId id, bool) const override {
        return std::string(1, static_cast<char>('a' + id));
    }
    std::string decode(std::span<const TokenId>, bool) const override { return {}; }
    std::size_t vocabulary_size() const override { return size_; }
    TokenType type_of(TokenId) const override { return TokenType::normal; }
    std::string_view piece_of(TokenId) const override { return {}; }
    std::optional<TokenId> find(std::string_view) const override { return {}; }
    const SpecialTokens& special() const override { return special_; }
    std::string description() const override { return "letters"; }

private:
    std::size_t size_;
    SpecialTokens special_;
};

/// Draws `draws` tokens at positions 0, 1, … and compares their frequencies with the reference by chi-square.
void check_frequencies(const SamplingSpec& spec, const std::vector<float>& logits,
                       const std::vector<TokenId>& history, int draws = 20000) {
    const Letters letters(logits.size());
    auto sampler = Sampler::make(spec, &letters);
    QVERIFY(sampler.ok());
    std::vector<bool> breaker(logits.size());
    for (std::size_t i = 0; i < breaker.size(); ++i)
        for (const auto& text : spec.dry_breakers)
            breaker[i] = breaker[i] || text == std::string(1, static_cast<char>('a' + i));
    const auto expected = reference::distribution(logits, history, spec, breaker);
    std::vector<int> counts(logits.size());
    for (int i = 0; i < draws; ++i) {
        const auto token = (*sampler)->sample(logits, history, static_cast<std::uint64_t>(i));
        QVERIFY(token.ok());
        ++counts[static_cast<std::size_t>(token->id)];
    }
    double chi = 0, rare_expected = 0;
    int freedom = -1, rare = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const double mean = expected[i] * draws;
        if (expected[i] == 0) QCOMPARE(counts[i], 0);  // filtered out: must never come
        if (mean < 5) {
            rare_expected += mean, rare += counts[i];
            continue;
        }
        chi += (counts[i] - mean) * (counts[i] - mean) / mean;
        ++freedom;
    }
    if (rare_expected >= 5) chi += (rare - rare_expected) * (rare - rare_expected) / rare_expected, ++freedom;
    // Wilson-Hilferty: chi-square to a normal deviate. 4 sigma: once in 30,000 for a right sampler; the seeds
    // are fixed.
    if (freedom > 0) {
        const double deviate =
            (std::cbrt(chi / freedom) - (1 - 2.0 / (9 * freedom))) / std::sqrt(2.0 / (9 * freedom));
        QVERIFY2(deviate < 4,
                 qPrintable(QString("chi-square %1, %2 degrees of freedom").arg(chi).arg(freedom)));
    }
}

}  // namespace

class TestSampler : public QObject {
    Q_OBJECT

private slots:
    void frequencies_follow_the_distribution_data() {
        QTest::addColumn<int>("which");
        const char* names[] = {"temperature 1", "temperature 0.6", "temperature 1.7", "top-k", "top-p",
                               "min-p",         "typical",         "penalties",       "DRY",   "all",
                               "defaults"};
        for (int i = 0; i < 11; ++i) QTest::newRow(names[i]) << i;
    }
    void frequencies_follow_the_distribution() {
        QFETCH(int, which);
        SamplingSpec spec = plain();
        std::vector<TokenId> history;
        switch (which) {
            case 0:
                break;
            case 1:
                spec.temperature = 0.6f;
                break;
            case 2:
                spec.temperature = 1.7f;
                break;
            case 3:
                spec.top_k = 7;
                break;
            case 4:
                spec.top_p = 0.8f;
                break;
            case 5:
                spec.min_p = 0.1f;
                break;
            case 6:
                spec.typical_p = 0.7f;
                break;
            case 7:
                history = {1, 2, 3, 3, 3, 9, 9, 4};
                spec.repetition_penalty = 1.4f, spec.presence_penalty = 0.4f, spec.frequency_penalty = 0.3f,
                spec.penalty_window = 6;
                break;
            case 8:
                history = {1, 2, 3, 4, 8, 1, 2, 3};
                spec.dry_multiplier = 0.8f, spec.dry_breakers = {"i"};
                break;
            case 9:
                history = {1, 2, 3, 4, 8, 1, 2, 3};
                spec.dry_multiplier = 0.4f, spec.repetition_penalty = 1.2f, spec.top_k = 14,
                spec.typical_p = 0.95f;
                spec.top_p = 0.9f, spec.min_p = 0.03f, spec.temperature = 0.8f;
                break;
            default:
                spec = SamplingSpec();
                break;
        }
        for (unsigned seed = 1; seed <= 3; ++seed) {
            spec.seed = seed * 7919;
            check_frequencies(spec, random_logits(26, seed, 1.5f), history);
        }
    }

    void a_large_vocabulary_without_filters() {
        check_frequencies(plain(0.3f), random_logits(4000, 9, 3), {}, 3000);
    }

    void greedy_takes_the_first_of_the_best() {
        auto sampler = *Sampler::make(plain(0), nullptr);
        QCOMPARE(sampler->sample(std::vector<float>{1, 3, 2, 3}, {}, 0)->id, 1);
        QCOMPARE(sampler->sample(std::vector<float>{-5, -3}, {}, 1)->id, 1);
    }

    void the_same_seed_gives_the_same_tokens_in_any_order() {
        SamplingSpec spec;
        spec.seed = 42;
        auto one = *Sampler::make(spec, nullptr);
        auto two = *Sampler::make(spec, nullptr);
        spec.seed = 43;
        auto other = *Sampler::make(spec, nullptr);
        std::vector<TokenId> forward, backward(200), elsewhere;
        for (int i = 0; i < 200; ++i) {
            const auto logits = random_logits(1000, static_cast<unsigned>(i), 1);
            forward.push_back(one->sample(logits, {}, static_cast<std::uint64_t>(i))->id);
            elsewhere.push_back(other->sample(logits, {}, static_cast<std::uint64_t>(i))->id);
        }
        for (int i = 199; i >= 0; --i)
            backward[static_cast<std::size_t>(i)] =
                two->sample(random_logits(1000, static_cast<unsigned>(i), 1), {},
                            static_cast<std::uint64_t>(i))
                    ->id;
        QCOMPARE(forward, backward);
        QVERIFY(forward != elsewhere);
    }

    void rounding_differences_change_few_tokens() {
        // Another backend's logits differ in the last bits: the draw must not be thrown into another token by
        // that.
        SamplingSpec spec = plain(0.8f);
        auto sampler = *Sampler::make(spec, nullptr);
        std::mt19937 random(3);
        int differ = 0;
        for (int i = 0; i < 500; ++i) {
            auto logits = random_logits(2000, static_cast<unsigned>(i), 2);
            const auto first = sampler->sample(logits, {}, static_cast<std::uint64_t>(i))->id;
            for (auto& logit : logits) logit += 1e-4f * (static_cast<float>(random() % 2001) / 1000 - 1);
            differ += sampler->sample(logits, {}, static_cast<std::uint64_t>(i))->id != first;
        }
        QVERIFY2(differ <= 2, qPrintable(QString::number(differ)));
    }

    void log_probability_entropy_and_alternatives_are_unfiltered() {
        SamplingSpec spec;
        spec.top_k = 1;
        spec.repetition_penalty = 5;
        auto sampler = *Sampler::make(spec, nullptr, 5);
        const auto logits = random_logits(300, 4, 2);
        std::vector<double> wide(logits.begin(), logits.end());
        const auto p = reference::softmax(wide);
        double entropy = 0;
        for (const double x : p) entropy -= x * std::log(x);
        const auto token = sampler->sample(logits, std::vector<TokenId>{1, 2, 3}, 7);
        QVERIFY(token.ok());
        QVERIFY(std::abs(token->logprob - std::log(p[static_cast<std::size_t>(token->id)])) < 1e-4);
        QVERIFY(std::abs(token->entropy - entropy) < 1e-4);
        QCOMPARE(token->alternatives.size(), 5u);
        for (std::size_t i = 0; i < 5; ++i) {
            QVERIFY(std::abs(token->alternatives[i].second -
                             std::log(p[static_cast<std::size_t>(token->alternatives[i].first)])) < 1e-4);
            if (i > 0) QVERIFY(token->alternatives[i].second <= token->alternatives[i - 1].second);
        }
    }

    void broken_logits_are_an_error() {
        auto sampler = *Sampler::make(SamplingSpec(), nullptr);
        auto logits = random_logits(100, 1, 1);
        logits[50] = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(!sampler->sample(logits, {}, 0).ok());
        QVERIFY(!sampler->sample({}, {}, 0).ok());
        logits[50] = -std::numeric_limits<float>::infinity();
        for (std::uint64_t i = 0; i < 500; ++i) QVERIFY(sampler->sample(logits, {}, i)->id != 50);
    }

    void settings_out_of_range_are_named() {
        const auto why = [](auto change) {
            SamplingSpec spec;
            change(spec);
            const auto made = Sampler::make(spec, nullptr);
            return made.ok() ? std::string() : made.error().what;
        };
        constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(why([](SamplingSpec& s) { s.temperature = -1; }).starts_with("temperature"));
        QVERIFY(why([](SamplingSpec& s) { s.temperature = kNan; }).starts_with("temperature"));
        QVERIFY(why([](SamplingSpec& s) { s.top_k = -1; }).starts_with("top_k"));
        QVERIFY(why([](SamplingSpec& s) { s.top_p = 0; }).starts_with("top_p"));
        QVERIFY(why([](SamplingSpec& s) { s.min_p = 1.5f; }).starts_with("min_p"));
        QVERIFY(why([](SamplingSpec& s) { s.typical_p = 0; }).starts_with("typical_p"));
        QVERIFY(why([](SamplingSpec& s) { s.repetition_penalty = 0; }).starts_with("repetition_penalty"));
        QVERIFY(why([](SamplingSpec& s) { s.presence_penalty = kNan; }).starts_with("presence_penalty"));
        QVERIFY(why([](SamplingSpec& s) { s.penalty_window = -2; }).starts_with("penalty_window"));
        QVERIFY(why([](SamplingSpec& s) { s.dry_base = 0.5f; }).starts_with("dry_base"));
        QVERIFY(why([](SamplingSpec& s) { s.dry_allowed_length = 0; }).starts_with("dry_allowed_length"));
        QVERIFY(why([](SamplingSpec&) {}).empty());
        QVERIFY(!Sampler::make({}, nullptr, 21).ok());
    }
};

QTEST_APPLESS_MAIN(TestSampler)
#include "test_sampler.moc"
