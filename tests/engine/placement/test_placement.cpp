// Placements as people write them, and what follows from one.
#include <QTest>
#include <random>

#include "engine/model/model_file.h"
#include "engine/placement/parse_placement.h"

using namespace pellucid;

namespace {

const std::vector<std::string> kDevices = {"cpu", "reference", "cuda:0", "cuda:1"};

/// A model of so many layers; from `routed` on they have experts.
ModelSpec model_of(int layers, int routed = 1000, bool shared = false) {
    ModelSpec spec;
    spec.layers.resize(static_cast<std::size_t>(layers));
    for (int i = 0; i < layers; ++i) {
        Layer& layer = spec.layers[static_cast<std::size_t>(i)];
        layer.attention.heads = 1;
        if (i < routed) layer.feed_forward.down.weight = "down";
        if (i >= routed) layer.experts.router.experts = 4;
        if (i >= routed && shared) layer.experts.shared.down.weight = "shared";
    }
    return spec;
}

std::string again(const std::string& text, const ModelSpec& spec, const std::string& rest = "cpu") {
    const auto placement = parse_placement(text, spec, kDevices, rest);
    if (!placement) return placement.error().message();
    const auto twice =
        parse_placement(to_string(*placement), spec, kDevices, placement->parts.front().device);
    if (!twice || !(*twice == *placement)) return "not the same again: " + to_string(*placement);
    return to_string(*placement);
}

std::string stages_text(const std::string& text, const ModelSpec& spec) {
    const auto placement = parse_placement(text, spec, kDevices, "cpu");
    if (!placement) return placement.error().message();
    const auto devices = devices_of(*placement);
    std::string line;
    for (const Stage& stage : stages_of(*placement, spec)) {
        line += (line.empty() ? "" : " ") + devices[static_cast<std::size_t>(stage.device)] + "[" +
                std::to_string(stage.begin) + "," + std::to_string(stage.end) + ")";
        if (stage.beside >= 0) line += "+" + devices[static_cast<std::size_t>(stage.beside)];
    }
    return line;
}

}  // namespace

class TestPlacement : public QObject {
    Q_OBJECT

private slots:
    void what_is_written_is_read_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("read");
        const char* const cases[][2] = {
            {"whole", "whole"},
            {"cpu:0-31", "whole"},
            {"cuda:0-15,cpu:16-31", "cuda:0:0-15,cpu:16-31"},
            {"gpu:0-15", "cuda:0:0-15,cpu:16-31"},
            {"cuda:1:0-15", "cuda:1:0-15,cpu:16-31"},
            {"cpu:16-31,cuda:-15", "cuda:0:0-15,cpu:16-31"},
            {"reference:31-", "cpu:0-30,reference:31"},
            {"reference:3f-7a", "cpu:0-3a,reference:3f-7a,cpu:7f-31"},
            {"reference:3a", "cpu:0-2,reference:3a,cpu:3f-31"},
            {"reference:3f", "cpu:0-3a,reference:3f,cpu:4-31"},
            {"experts=cuda", "cpu:0-31,experts=cuda:0:2-31"},
            {"experts=cuda:0", "cpu:0-31,experts=cuda:0:2-31"},
            {"experts=cuda:1:4-9", "cpu:0-31,experts=cuda:1:4-9"},
            {"experts=cuda:4-9,experts=reference:10-", "cpu:0-31,experts=cuda:0:4-9,experts=reference:10-31"},
            {"experts=cpu", "whole"},  // they are there already
            {"cuda:0-,experts=cpu:-20", "cuda:0:0-31,experts=cpu:2-20"},
        };
        for (const auto& [text, read] : cases) QTest::addRow("%s", text) << QString(text) << QString(read);
    }
    void what_is_written_is_read() {
        QFETCH(QString, text);
        QFETCH(QString, read);
        QCOMPARE(again(text.toStdString(), model_of(32, 2)), read.toStdString());
    }

    void what_cannot_be_says_what_to_write_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::addColumn<bool>("unsupported");
        const char* const cases[][2] = {{"", "auto"},
                                        {"cpu", "which layers"},
                                        {"cpu:", "which layers"},
                                        {"cpu:-", "which layers"},
                                        {"cpu:x-3", "which layers"},
                                        {"cpu:3-x", "which layers"},
                                        {"cpu:5-3", "which layers"},
                                        {"cpu:3f-3a", "which layers"},
                                        {"cpu:-1-3", "which layers"},
                                        {"cpu:0-3,", "which layers"},
                                        {"cpu:99999999999999999999", "which layers"},
                                        {"cpu:0-32", "from 0 to 31"},
                                        {"cpu:2147483647", "from 0 to 31"},
                                        {"cpu:0-7,reference:7-9", "layer 7 twice"},
                                        {"experts=cpu:3,experts=cuda:3", "layer 3 twice"},
                                        {"experts=cpu:0-1", "no routed experts"},
                                        {"experts=", "no device \"\""},
                                        {"abacus:0-3", "choose one of: cpu, reference, cuda:0, cuda:1"},
                                        {"cuda:7:0-3", "no device \"cuda:7\""},
                                        {"experts=abacus", "no device \"abacus\""}};
        for (const auto& [text, says] : cases)
            QTest::addRow("%s", text) << QString(text) << QString(says)
                                      << QString(says).contains(QRegularExpression("device|choose"));
    }
    void what_cannot_be_says_what_to_write() {
        QFETCH(QString, text);
        QFETCH(QString, says);
        QFETCH(bool, unsupported);
        const ModelSpec spec = model_of(32, 2);
        const auto placement = parse_placement(text.toStdString(), spec, kDevices, "cpu");
        QVERIFY(!placement.ok());
        QVERIFY2(placement.error().message().find(says.toStdString()) != std::string::npos,
                 placement.error().message().c_str());
        QVERIFY(!placement.error().hint.empty());
        QCOMPARE(placement.error().code, unsupported ? ErrorCode::unsupported : ErrorCode::invalid_argument);
    }

    /// Whatever is typed: an error with a hint, or a placement of all halves that is read again as itself.
    void anything_at_all_is_read_or_refused() {
        static const char* const kWords[] = {"cpu:",     "cuda:0:", "reference:", "experts=cuda",
                                             "experts=", ",",       ",",          "0-1",
                                             "3f-5",     "7",       "2-",         "a",
                                             "f",        ":",       "-"};
        std::mt19937 random(17);
        const ModelSpec spec = model_of(8, 2, true);
        int read = 0;
        for (int i = 0; i < 20000; ++i) {
            std::string text;
            for (std::uint32_t left = random() % 6 + 1; left > 0; --left)
                text += kWords[random() % std::size(kWords)];
            const auto placement = parse_placement(text, spec, kDevices, "cpu");
            if (!placement) {
                QVERIFY2(!placement.error().hint.empty(), text.c_str());
                continue;
            }
            ++read;
            int next = 0;
            for (const Placement::Part& part : placement->parts) {
                QVERIFY2(part.begin_half == next && part.end_half > next, text.c_str());
                next = part.end_half;
            }
            QCOMPARE(next, 16);
            QVERIFY2(again(text, spec).find("not the same") == std::string::npos, text.c_str());
            int stage_end = 0;
            for (const Stage& stage : stages_of(*placement, spec)) {
                QVERIFY2(stage.begin == stage_end && stage.end >= stage.begin, text.c_str());
                stage_end = stage.end;
            }
            QCOMPARE(stage_end, 16);
        }
        QVERIFY2(read > 100, qPrintable(QString::number(read)));
    }

    void stages_and_crossings() {
        QCOMPARE(stages_text("whole", model_of(4)), std::string("cpu[0,8)"));
        QCOMPARE(stages_text("reference:2-", model_of(4)), std::string("cpu[0,4) reference[4,8)"));
        QCOMPARE(stages_text("reference:1f", model_of(3)), std::string("cpu[0,3) reference[3,4) cpu[4,6)"));
        // The head stays with its layers when the last experts are elsewhere.
        QCOMPARE(stages_text("experts=reference", model_of(3, 1)),
                 std::string("cpu[0,3) reference[3,4) cpu[4,5) reference[5,6) cpu[6,6)"));
        QCOMPARE(stages_text("experts=reference", model_of(2, 0, true)),
                 std::string("cpu[0,1) reference[1,2)+cpu cpu[2,3) reference[3,4)+cpu cpu[4,4)"));
        const ModelSpec spec = model_of(3, 1);
        const auto placement = parse_placement("experts=reference", spec, kDevices, "cpu");
        QCOMPARE(crossings(stages_of(*placement, spec)), 4);
        QCOMPARE(crossings(stages_of(whole_on(spec, "cpu"), spec)), 0);
        QCOMPARE(part_text(*placement, "reference"), std::string("experts of layers 1-2"));
        QCOMPARE(part_text(*placement, "cpu"), std::string("layers 0-2"));
    }

    /// A norm behind the sum of shared and routed experts keeps them together.
    void a_norm_behind_the_sum_is_not_split() {
        ModelSpec spec = model_of(1, 0, true);
        spec.layers[0].feed_forward_post_norm.weight = "norm";
        QCOMPARE(stages_text("experts=reference", spec), std::string("cpu[0,1) reference[1,2) cpu[2,2)"));
        const auto placement = parse_placement("experts=reference", spec, kDevices, "cpu");
        QVERIFY(part_on(*placement, spec, "reference").halves[1] == HalfShare::all);
        QVERIFY(part_on(*placement, spec, "cpu").halves[1] == HalfShare::none);
    }
};

QTEST_GUILESS_MAIN(TestPlacement)
#include "test_placement.moc"
