// Paged attention of every instruction set against the scalar reference: real shapes and odd ones, windows,
// caps, pages in every KV format, several sequences, one worker and several (which cuts long queries into
// runs of pages).
#include <QtTest>
#include <cmath>
#include <limits>

#include "engine/cpu/attention_step.h"
#include "engine/ops/attention/cases.h"
#include "engine/ops/attention/reference.h"
#include "engine/ops/reference_kv.h"
#include "engine/quant/kv_codec.h"
#include "error_measure.h"
#include "isa_rows.h"
#include "random_weights.h"

using namespace pellucid;
using namespace pellucid::cpu;
using namespace pellucid::test;

namespace {

constexpr double kRounding = 1e-11;  // of f32 scores and exponentials; keys and values are compared as stored

struct Sequence {
    std::vector<float> keys, values;  // [positions, kv_heads, head_dim], as the pages hold them
};

/// Bases for layer 1 whose coordinates' energies fall by many decades, so that every part has some.
std::shared_ptr<const KvBases> steep_bases(KvFormat format, const AttentionCase& test) {
    const int n = test.head_dim;
    if (!takes_basis(format, n)) return nullptr;
    auto bases = std::make_shared<KvBases>();
    bases->layers.resize(2);
    for (int head = 0; head < test.kv_heads; ++head) {
        std::vector<double> queries(static_cast<std::size_t>(n * n)), keys(queries.size());
        for (int i = 0; i < n; ++i) {
            const int own = (i * 5 + head) % n;
            queries[static_cast<std::size_t>(own * n + own)] = 1 + i % 3;
            keys[static_cast<std::size_t>(own * n + own)] = std::exp2(-20.0 * i / n);
        }
        bases->layers[1].push_back(*make_kv_basis(format, n, queries, keys));
    }
    return bases;
}

}  // namespace

class TestAttentionStep : public QObject {
    Q_OBJECT

    void check(Isa isa, const AttentionCase& test, KvFormat format, int workers, bool in_basis = false) {
        const Kernels& kernels = kernels_for(isa);
        ThreadPool pool(workers);
        ModelSpec spec;
        spec.layers.resize(2);  // the second is looked at: offsets of layers count
        for (Layer& layer : spec.layers) {
            layer.attention.heads = test.heads;
            layer.attention.kv_heads = test.kv_heads;
            layer.attention.head_dim = test.head_dim;
            layer.attention.window = test.window;
            layer.attention.soft_cap = test.soft_cap;
            layer.attention.scale = 1;
        }
        const int length = test.stored + test.rows, pages = length / test.page_tokens + 1;
        RunnerOptions options;
        options.page_tokens = test.page_tokens;
        options.pages = 3 * pages;
        options.kv_format = format;
        if (in_basis) options.kv_bases = steep_bases(format, test);
        if (in_basis && !options.kv_bases) return;
        auto made = KvCache::make(spec, options);
        QVERIFY(made.ok());
        KvCache cache = *std::move(made);
        const auto kv_width = static_cast<std::size_t>(test.kv_heads * test.head_dim);
        const auto dim = static_cast<std::size_t>(test.head_dim);

        // Two sequences whose pages alternate, the second one stepping by one row.
        Batch batch;
        std::vector<Sequence> sequences(2);
        for (std::size_t s = 0; s < 2; ++s) {
            BatchSequence sequence;
            for (int p = 0; p < pages; ++p)
                sequence.pages.push_back(static_cast<PageId>(2 * (pages - 1 - p) + static_cast<int>(s)));
            sequences[s].keys = random_floats(static_cast<std::size_t>(length) * kv_width,
                                              static_cast<unsigned>(10 + s), 0.4f);
            sequences[s].values =
                random_floats(static_cast<std::size_t>(length) * kv_width, static_cast<unsigned>(20 + s));
            for (int p = 0; p < length; ++p) {
                const auto at = static_cast<std::ptrdiff_t>(p) * static_cast<std::ptrdiff_t>(kv_width),
                           end = at + static_cast<std::ptrdiff_t>(kv_width);
                std::vector<float> k(sequences[s].keys.begin() + at, sequences[s].keys.begin() + end),
                    v(sequences[s].values.begin() + at, sequences[s].values.begin() + end);
                cache.store(kernels, 1, sequence.pages[static_cast<std::size_t>(p / test.page_tokens)],
                            p % test.page_tokens, k.data(), v.data());
            }
            for (auto* stored : {&sequences[s].keys, &sequences[s].values})
                for (std::size_t at = 0; at < stored->size(); at += dim) {
                    const auto vector = std::span(*stored).subspan(at, dim);
                    if (in_basis && stored == &sequences[s].keys)
                        round_in_basis(*options.kv_bases->find(1, static_cast<int>(at % kv_width / dim)),
                                       vector);
                    else
                        round_to_kv_format(format, vector);
                }
            const int rows = s == 0 ? test.rows : 1;
            sequence.length = length - rows;
            for (int r = 0; r < rows; ++r) {
                Row row;
                row.sequence = static_cast<SequenceIndex>(s);
                row.position = sequence.length + r;
                batch.rows.push_back(std::move(row));
            }
            batch.sequences.push_back(std::move(sequence));
        }
        const auto q_width = static_cast<std::size_t>(test.heads * test.head_dim), stride = q_width + 3;
        const auto q = random_floats(batch.rows.size() * stride, 30, test.soft_cap > 0 ? 8.0f : 1.0f);
        std::vector<float> got(batch.rows.size() * q_width, std::numeric_limits<float>::quiet_NaN());
        AttentionStep step(spec, options, workers);
        auto own_q = q;
        const bool rotated = cache.rotated(1);
        QCOMPARE(rotated, kv_layout(format).rotated);
        if (rotated)
            for (std::size_t i = 0; i < batch.rows.size() * q_width; i += dim) {
                const std::size_t at = i / q_width * stride + i % q_width;
                const int head = static_cast<int>(i % q_width / dim);
                if (const KvBasis* basis = cache.basis(1, head / (test.heads / test.kv_heads)))
                    basis->query_to_codes(std::span(q).subspan(at, dim), std::span(own_q).subspan(at, dim));
                else
                    kv_rotate(std::span(own_q).subspan(at, dim));
            }
        step.run(pool, kernels, cache, batch, 1, spec.layers[1].attention, nullptr, own_q.data(),
                 static_cast<std::int64_t>(stride), got.data());
        // Copied pages are the same pages.
        Batch copied = batch;
        for (int p = 0; p < pages; ++p) {
            PageId& page = copied.sequences[0].pages[static_cast<std::size_t>(p)];
            cache.copy({page, 2 * pages + p, test.page_tokens});
            page = 2 * pages + p;
        }
        std::vector<float> again(got.size(), std::numeric_limits<float>::quiet_NaN());
        step.run(pool, kernels, cache, copied, 1, spec.layers[1].attention, nullptr, own_q.data(),
                 static_cast<std::int64_t>(stride), again.data());
        QVERIFY(got == again);
        if (rotated)
            for (std::size_t i = 0; i < got.size(); i += dim) kv_rotate_back(std::span(got).subspan(i, dim));

        std::vector<float> expected(got.size());
        for (std::size_t r = 0; r < batch.rows.size(); ++r)
            for (int h = 0; h < test.heads; ++h) {
                const Sequence& sequence = sequences[static_cast<std::size_t>(batch.rows[r].sequence)];
                const auto kv_head = static_cast<std::size_t>(h / (test.heads / test.kv_heads));
                const auto head = [&](const std::vector<float>& from) {
                    return [&, kv_head](int p) {
                        return std::span(from).subspan(static_cast<std::size_t>(p) * kv_width + kv_head * dim,
                                                       dim);
                    };
                };
                const int position = batch.rows[r].position;
                attention_reference(
                    std::span(q).subspan(r * stride + static_cast<std::size_t>(h) * dim, dim),
                    head(sequence.keys), head(sequence.values), first_visible(position, test.window),
                    position, 1, test.soft_cap,
                    std::span(expected).subspan(r * q_width + static_cast<std::size_t>(h) * dim, dim));
            }
        const auto error = measure<float>(got, expected);
        // A coordinate on the border of two codes may be rounded either way.
        QVERIFY2(error.nmse <= (in_basis ? 1e-6 : kRounding),
                 qPrintable(QString("heads %1/%2 x %3, stored %4, rows %5, window "
                                    "%6, cap %7, pages of %8, %9 workers, %10: nmse %11")
                                .arg(test.heads)
                                .arg(test.kv_heads)
                                .arg(test.head_dim)
                                .arg(test.stored)
                                .arg(test.rows)
                                .arg(test.window)
                                .arg(static_cast<double>(test.soft_cap))
                                .arg(test.page_tokens)
                                .arg(workers)
                                .arg(to_string(format).data())
                                .arg(error.nmse)));
    }

private slots:
    void every_case_data() { add_isa_rows(); }
    void every_case() {
        QFETCH(int, isa);
        for (const AttentionCase& test : attention_cases)
            for (const KvFormat format : kKvFormats)
                for (const int workers : {1, 3}) check(static_cast<Isa>(isa), test, format, workers);
    }

    void keys_in_tiers_data() { add_isa_rows(); }
    void keys_in_tiers() {
        QFETCH(int, isa);
        for (const AttentionCase& test : attention_cases)
            for (const KvFormat format : {KvFormat::q4, KvFormat::q3})
                check(static_cast<Isa>(isa), test, format, 2, true);
    }

    void extreme_scores_data() { add_isa_rows(); }
    /// Scores far below and above each other across pages: the running maximum must hold.
    void extreme_scores() {
        QFETCH(int, isa);
        const Kernels& kernels = kernels_for(static_cast<Isa>(isa));
        for (const bool rising : {false, true}) {
            ModelSpec spec;
            spec.layers.resize(1);
            Attention& attention = spec.layers[0].attention;
            attention.heads = attention.kv_heads = 1;
            attention.head_dim = 16;
            RunnerOptions options;
            options.page_tokens = 16;
            options.pages = 8;
            options.kv_format = KvFormat::f32;
            KvCache cache = *KvCache::make(spec, options);
            Batch batch;
            batch.sequences.push_back({1, {0, 1, 2, 3, 4, 5, 6, 7}, 127});
            Row row;
            row.position = 127;
            batch.rows.push_back(row);
            std::vector<float> keys, values;
            for (int p = 0; p < 128; ++p) {
                std::vector<float> k(16, static_cast<float>(rising ? p : 127 - p) * 10 - 600),
                    v(16, static_cast<float>(p));
                cache.store(kernels, 0, p / 16, p % 16, k.data(), v.data());
            }
            const std::vector<float> q(16, 1);
            std::vector<float> got(16, std::numeric_limits<float>::quiet_NaN());
            ThreadPool pool(2);
            AttentionStep step(spec, options, 2);
            step.run(pool, kernels, cache, batch, 0, attention, nullptr, q.data(), 16, got.data());
            for (const float value : got)
                QCOMPARE(value, rising ? 127.0f : 0.0f);  // the next score is e^-160 as heavy
        }
    }
};

QTEST_APPLESS_MAIN(TestAttentionStep)
#include "test_attention_step.moc"
