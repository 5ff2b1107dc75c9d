// Continuous batching on a real Runner: sharing steps changes no result, short of pages nothing is lost,
// stops are quick.
#include <QtTest>
#include <map>

#include "engine/memory/prefix_index.h"
#include "engine/model/model_file.h"
#include "engine/ops/reference_backend.h"
#include "engine/runtime/scheduler.h"
#include "tests/engine/runtime/sampling_backend.h"
#include "tests/engine/runtime/tiny_model.h"

using namespace pellucid;
using namespace std::chrono_literals;

namespace {

/// Greedy continuation of a prompt by `wanted` tokens.
class Greedy final : public Work {
public:
    Greedy(std::vector<TokenId> prompt, int wanted)
        : tokens_(std::move(prompt)), end_(tokens_.size() + static_cast<std::size_t>(wanted)) {}

    Wish wish() override {
        std::lock_guard lock(mutex);
        return wish_;
    }
    void set(Wish wish) {
        std::lock_guard lock(mutex);
        wish_ = wish;
    }
    const std::vector<TokenId>& tokens() const override { return tokens_; }
    int reusable() const override { return 1 << 30; }
    bool wants_logits(int) const override { return false; }
    int most_rows() const override { return 1 << 30; }
    void progress(int stored, int reused) override {
        std::lock_guard lock(mutex);
        if (stored < last_stored) ++set_back;
        last_stored = stored;
        largest_step = std::max(largest_step, stored - std::max(before_, reused));
        before_ = stored;
        this->reused = reused;
    }
    void take(int position, std::span<const float> logits) override {
        if (position + 1 != static_cast<int>(tokens_.size()))
            qFatal("logits of position %d, not of the last token", position);
        std::unique_lock first(mutex);
        const bool turns = taken == turn_at_;
        first.unlock();
        if (turns)
            tokens_.insert(tokens_.end(), {7, 9});
        else
            tokens_.push_back(
                static_cast<TokenId>(std::max_element(logits.begin(), logits.end()) - logits.begin()));
        std::lock_guard lock(mutex);
        ++taken;
        if (tokens_.size() >= end_) ended_ = true;
        changed.notify_all();
    }
    /// Lets a device choose the tokens.
    void sample_on_device() { on_device_ = true; }
    /// After so many tokens two of its own come instead of the chosen one, as a thought is closed.
    void turn_off_at(int token) { turn_at_ = token; }
    std::optional<SampleSpec> sample_spec() const override {
        return on_device_ ? std::optional(SampleSpec()) : std::nullopt;
    }
    bool goes_on() const override { return tokens_.size() + 1 < end_; }
    void take_sampled(const SampledToken& token) override {
        std::vector<float> logits(320, 0.0f);
        logits[static_cast<std::size_t>(token.id)] = 1;
        take(static_cast<int>(tokens_.size()) - 1, logits);
    }
    bool ended() const override {
        std::lock_guard lock(mutex);
        return ended_;
    }
    void end(std::optional<Error> with) override {
        std::lock_guard lock(mutex);
        error = std::move(with);
        stopped = ended_ = true;
        changed.notify_all();
    }

    bool wait() {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, 30s, [this] { return ended_; });
    }
    bool wait_for(int tokens) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, 30s, [&] { return ended_ || taken >= tokens; });
    }

    /// Guesses made from the continuation itself, with every `wrong_every`-th of them wrong.
    void guess(std::vector<TokenId> continuation, int count, int wrong_every) {
        truth_ = std::move(continuation);
        guesses_ = count;
        wrong_every_ = wrong_every;
    }
    Result<std::vector<TokenId>> draft() override {
        std::vector<TokenId> draft;
        for (int i = 0; i < guesses_ && tokens_.size() + draft.size() < truth_.size(); ++i) {
            TokenId id = truth_[tokens_.size() + draft.size()];
            if (++made_ % wrong_every_ == 0) id = (id + 1) % 320;
            draft.push_back(id);
        }
        return draft;
    }
    void drafted(int run) override {
        std::lock_guard lock(mutex);
        run_guesses += run;
    }

    mutable std::mutex mutex;
    std::condition_variable changed;
    std::optional<Error> error;
    int set_back = 0, last_stored = 0, largest_step = 0, reused = 0, taken = 0, run_guesses = 0;
    bool stopped = false;

private:
    std::vector<TokenId> tokens_;
    const std::size_t end_;
    Wish wish_ = Wish::run;
    int before_ = 0;
    bool ended_ = false;
    std::vector<TokenId> truth_;
    int guesses_ = 0, wrong_every_ = 1, made_ = 0;
    bool on_device_ = false;
    int turn_at_ = -1;
};

std::vector<TokenId> prompt_of(int length, int seed) {
    std::vector<TokenId> tokens;
    for (int i = 0; i < length; ++i) tokens.push_back((seed * 131 + i * 37 + i * i) % 320);
    return tokens;
}

}  // namespace

class TestScheduler : public QObject {
    Q_OBJECT

private:
    std::shared_ptr<PreparedWeights> weights_;
    std::map<std::pair<int, int>, std::vector<TokenId>>
        alone_;  ///< (length, seed and how much): what a prompt gives by itself

    std::unique_ptr<Scheduler> scheduler(int pages, bool deterministic = false, int page_tokens = 16) {
        RunnerOptions options;
        options.page_tokens = page_tokens;
        options.pages = pages;
        options.max_batch_rows = 64;
        options.max_sequences = 4;
        options.kv_format = KvFormat::f32;
        SchedulerOptions scheduling;
        scheduling.domain = "test";
        scheduling.deterministic = deterministic;
        return std::make_unique<Scheduler>(*weights_->make_runner(options), scheduling);
    }
    const std::vector<TokenId>& alone(int length, int seed, int wanted) {
        auto& kept = alone_[{length, seed + 1000 * wanted}];
        if (kept.empty()) {
            auto one = scheduler(40);
            auto work = std::make_shared<Greedy>(prompt_of(length, seed), wanted);
            one->add(work);
            work->wait();
            kept = work->tokens();
        }
        return kept;
    }

private slots:
    void initTestCase() {
        auto backend = make_reference_backend(std::make_shared<ThreadPool>(2));
        const auto file = open_model_file(test::fixture_model("llama"));
        QVERIFY(file.ok());
        auto prepared = backend->prepare(file->spec, file->weights, {});
        QVERIFY(prepared.ok());
        weights_ = *prepared;
    }

private:
    /// On a runner that samples, which counts what it is given before it is read.
    std::unique_ptr<Scheduler> sampling(test::SamplingCount& count, int pages = 60) {
        RunnerOptions options;
        options.page_tokens = 16;
        options.pages = pages;
        options.max_batch_rows = 64;
        options.max_sequences = 4;
        options.kv_format = KvFormat::f32;
        SchedulerOptions scheduling;
        scheduling.domain = "test";
        return std::make_unique<Scheduler>(
            std::make_unique<test::SamplingRunner>(*weights_->make_runner(options), count), scheduling);
    }

private slots:
    void a_device_that_samples_is_a_step_ahead_of_the_host() {
        test::SamplingCount count;
        const int lengths[] = {5, 70, 33, 1, 20, 48};
        for (int i = 0; i < 6; ++i) alone(lengths[i], i, 20);
        for (const int pages : {60, 11}) {  // and short of pages
            count.ahead = count.most_unread = 0;
            auto all = sampling(count, pages);
            std::vector<std::shared_ptr<Greedy>> works;
            for (int i = 0; i < 6; ++i) {
                works.push_back(std::make_shared<Greedy>(prompt_of(lengths[i], i), 20));
                works.back()->sample_on_device();
                all->add(works.back());
            }
            for (int i = 0; i < 6; ++i) {
                QVERIFY(works[static_cast<std::size_t>(i)]->wait());
                QVERIFY(!works[static_cast<std::size_t>(i)]->error);
                QCOMPARE(works[static_cast<std::size_t>(i)]->tokens(), alone(lengths[i], i, 20));
            }
            QCOMPARE(int{count.most_unread}, 2);
            QVERIFY(count.ahead > 10);
        }
        // A reply by itself: every step but the prompt's and the one behind it is given while one is unread.
        count.ahead = 0;
        auto one = sampling(count);
        auto work = std::make_shared<Greedy>(prompt_of(5, 0), 20);
        work->sample_on_device();
        one->add(work);
        QVERIFY(work->wait());
        QCOMPARE(work->tokens(), alone(5, 0, 20));
        QCOMPARE(int{count.ahead}, 18);
        QCOMPARE(one->cached_prefix(work->tokens()), static_cast<int>(work->tokens().size()) - 1);
    }

    /// What was given ahead with a token that did not come is run again with those that did.
    void a_reply_that_turns_off_wastes_a_step_and_nothing_else() {
        for (const int at : {0, 1, 7}) {
            auto plain = std::make_shared<Greedy>(prompt_of(20, 3), 20);
            auto turned = std::make_shared<Greedy>(prompt_of(20, 3), 20);
            auto beside = std::make_shared<Greedy>(prompt_of(33, 2), 30);
            plain->turn_off_at(at);
            turned->turn_off_at(at);
            auto host = scheduler(60);
            host->add(plain);
            QVERIFY(plain->wait());
            test::SamplingCount count;
            auto device = sampling(count);
            for (auto& work : {turned, beside}) work->sample_on_device(), device->add(work);
            QVERIFY(turned->wait() && beside->wait());
            QCOMPARE(turned->tokens(), plain->tokens());
            const std::vector<TokenId> wanted = alone(33, 2, 30);
            QCOMPARE(beside->tokens(), wanted);
            QVERIFY(count.ahead > 5);
        }
    }

    void a_step_that_fails_takes_the_one_behind_it_along() {
        for (const int step : {1, 2, 6}) {
            test::SamplingCount count;
            auto device = sampling(count);
            auto work = std::make_shared<Greedy>(prompt_of(20, 3), 30);
            work->sample_on_device();
            count.fails_in = step;
            device->add(work);
            QVERIFY(work->wait());
            QVERIFY(work->error && work->error->code == ErrorCode::out_of_memory);
            QVERIFY(!device->lost());
            auto again = std::make_shared<Greedy>(prompt_of(20, 3), 20);
            again->sample_on_device();
            device->add(again);
            QVERIFY(again->wait() && !again->error);
            QCOMPARE(again->reused, 0);
            const std::vector<TokenId> wanted = alone(20, 3, 20);
            QCOMPARE(again->tokens(), wanted);
        }
    }

    void stops_and_pauses_ahead_of_the_host() {
        test::SamplingCount count;
        auto device = sampling(count);
        auto stopped = std::make_shared<Greedy>(prompt_of(20, 3), 100000);
        auto paused = std::make_shared<Greedy>(prompt_of(33, 2), 400);
        for (auto& work : {stopped, paused}) work->sample_on_device(), device->add(work);
        QVERIFY(stopped->wait_for(3) && paused->wait_for(3));
        paused->set(Work::Wish::pause);
        stopped->set(Work::Wish::cancel);
        device->wake();
        QVERIFY(stopped->wait() && stopped->stopped);
        auto other = std::make_shared<Greedy>(prompt_of(48, 5), 20);
        other->sample_on_device();
        device->add(other);
        QVERIFY(other->wait());
        const std::vector<TokenId> wanted = alone(48, 5, 20);
        QCOMPARE(other->tokens(), wanted);
        paused->set(Work::Wish::run);
        device->wake();
        QVERIFY(paused->wait_for(200));
        device.reset();  // with a step ahead
        const std::vector<TokenId> whole = alone(33, 2, 400);
        const std::vector<TokenId> got = paused->tokens();
        QVERIFY(std::equal(got.begin(), got.end(), whole.begin()));
    }

    void replies_that_share_steps_say_what_they_say_alone() {
        const int lengths[] = {5, 70, 33, 1, 20, 48};  // more than may run at once
        for (int i = 0; i < 6; ++i) alone(lengths[i], i, 20);
        for (const bool deterministic : {false, true}) {
            auto all = scheduler(60, deterministic);
            std::vector<std::shared_ptr<Greedy>> works;
            for (int i = 0; i < 6; ++i) {
                works.push_back(std::make_shared<Greedy>(prompt_of(lengths[i], i), 20));
                all->add(works.back());
            }
            for (int i = 0; i < 6; ++i) {
                QVERIFY(works[static_cast<std::size_t>(i)]->wait());
                QVERIFY(!works[static_cast<std::size_t>(i)]->error);
                QCOMPARE(works[static_cast<std::size_t>(i)]->tokens(), alone(lengths[i], i, 20));
            }
        }
    }

    void short_of_pages_sequences_are_set_back_and_nothing_is_lost() {
        // Three sequences of 48 + 20 tokens are 15 pages of 16; 11 are there.
        for (int i = 0; i < 3; ++i) alone(48, i, 20);
        auto tight = scheduler(11);
        std::vector<std::shared_ptr<Greedy>> works;
        for (int i = 0; i < 3; ++i) {
            works.push_back(std::make_shared<Greedy>(prompt_of(48, i), 20));
            tight->add(works.back());
        }
        int set_back = 0;
        for (int i = 0; i < 3; ++i) {
            QVERIFY(works[static_cast<std::size_t>(i)]->wait());
            QVERIFY2(!works[static_cast<std::size_t>(i)]->error,
                     works[static_cast<std::size_t>(i)]->error
                         ? works[static_cast<std::size_t>(i)]->error->what.c_str()
                         : "");
            QCOMPARE(works[static_cast<std::size_t>(i)]->tokens(), alone(48, i, 20));
            set_back += works[static_cast<std::size_t>(i)]->set_back;
        }
        QVERIFY(set_back > 0);
    }

    void guesses_change_nothing_but_the_steps_data() {
        QTest::addColumn<int>("guesses");
        QTest::addColumn<int>("wrong_every");
        QTest::addColumn<int>("pages");
        QTest::addRow("all right") << 4 << 1000 << 60;
        QTest::addRow("some wrong") << 5 << 3 << 60;
        QTest::addRow("all wrong") << 3 << 1 << 60;
        QTest::addRow("more than a step holds") << 100 << 7 << 60;
        QTest::addRow("short of pages") << 5 << 3 << 11;
    }
    void guesses_change_nothing_but_the_steps() {
        QFETCH(int, guesses);
        QFETCH(int, wrong_every);
        QFETCH(int, pages);
        const int lengths[] = {5, 48, 33, 1};
        for (int i = 0; i < 4; ++i) alone(lengths[i], i, 20);
        auto all = scheduler(pages);
        std::vector<std::shared_ptr<Greedy>> works;
        for (int i = 0; i < 4; ++i) {
            works.push_back(std::make_shared<Greedy>(prompt_of(lengths[i], i), 20));
            works.back()->guess(alone(lengths[i], i, 20), guesses, wrong_every);
            all->add(works.back());
        }
        int run = 0;
        for (int i = 0; i < 4; ++i) {
            Greedy& work = *works[static_cast<std::size_t>(i)];
            QVERIFY(work.wait());
            QVERIFY(!work.error);
            QCOMPARE(work.tokens(), alone(lengths[i], i, 20));
            run += work.run_guesses;
        }
        QVERIFY(run > 0);
        // What is left to the cache is the replies, not the guesses: a later reply that takes it over goes on
        // as one that never met it.
        auto longer = alone(48, 1, 20);
        longer.insert(longer.end(), {9, 8, 7});
        auto over = std::make_shared<Greedy>(longer, 6), fresh = std::make_shared<Greedy>(longer, 6);
        all->add(over);
        QVERIFY(over->wait() && !over->error);
        if (pages > 11) QVERIFY(over->reused >= 48);
        auto empty = scheduler(40);
        empty->add(fresh);
        QVERIFY(fresh->wait());
        QCOMPARE(fresh->reused, 0);
        QCOMPARE(over->tokens(), fresh->tokens());
    }

    void one_sequence_too_long_for_all_pages_fails_with_its_reason() {
        auto tiny = scheduler(2);
        auto work = std::make_shared<Greedy>(prompt_of(50, 1), 5);
        tiny->add(work);
        QVERIFY(work->wait());
        QVERIFY(work->error && work->error->code == ErrorCode::out_of_memory);
        auto next = std::make_shared<Greedy>(prompt_of(10, 1), 5);  // and the engine goes on
        tiny->add(next);
        QVERIFY(next->wait() && !next->error);
    }

    void a_known_beginning_is_not_run_again() {
        auto one = scheduler(40);
        auto first = std::make_shared<Greedy>(prompt_of(70, 9), 10);
        one->add(first);
        QVERIFY(first->wait());
        auto longer = prompt_of(70, 9);
        QVERIFY(one->cached_prefix(longer) >= 69 - 15);
        longer.insert(longer.end(), {1, 2, 3});
        auto second = std::make_shared<Greedy>(longer, 5);
        one->add(second);
        QVERIFY(second->wait());
        QVERIFY2(second->reused >= 64, qPrintable(QString::number(second->reused)));
        auto fresh = scheduler(40);
        auto again = std::make_shared<Greedy>(longer, 5);
        fresh->add(again);
        QVERIFY(again->wait());
        QCOMPARE(again->reused, 0);
        QCOMPARE(second->tokens(), again->tokens());
        QCOMPARE(one->cached_prefix(prompt_of(70, 8)), 0);
    }

    void a_paused_reply_waits_and_others_go_on() {
        auto both = scheduler(40);
        auto paused = std::make_shared<Greedy>(prompt_of(20, 3), 400);
        both->add(paused);
        QVERIFY(paused->wait_for(3));
        paused->set(Work::Wish::pause);
        both->wake();
        QTest::qWait(50);
        std::unique_lock lock(paused->mutex);
        const int then = paused->taken;
        lock.unlock();
        auto other = std::make_shared<Greedy>(prompt_of(20, 4), 10);
        both->add(other);
        QVERIFY(other->wait());
        lock.lock();
        QCOMPARE(paused->taken, then);
        lock.unlock();
        paused->set(Work::Wish::run);
        both->wake();
        QVERIFY(paused->wait_for(then + 3));
    }

    void cancelling_ends_within_a_step() {
        auto one = scheduler(40);
        auto work = std::make_shared<Greedy>(prompt_of(20, 3), 100000);
        one->add(work);
        QVERIFY(work->wait_for(3));
        work->set(Work::Wish::cancel);
        std::unique_lock lock(work->mutex);
        const int then = work->taken;
        lock.unlock();
        one->wake();
        QVERIFY(work->wait());
        QVERIFY(work->stopped && !work->error);
        QVERIFY(work->taken <= then + 1);
    }

    void the_end_of_the_scheduler_ends_its_work() {
        auto work = std::make_shared<Greedy>(prompt_of(20, 3), 100000);
        auto waiting = std::make_shared<Greedy>(prompt_of(20, 4), 100000);
        {
            auto one = scheduler(40, true);
            one->add(work);
            one->add(waiting);
            QVERIFY(work->wait_for(2));
        }
        QVERIFY(work->ended() && waiting->ended());
    }
};

QTEST_GUILESS_MAIN(TestScheduler)
#include "test_scheduler.moc"
