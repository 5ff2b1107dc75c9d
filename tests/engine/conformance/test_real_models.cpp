// Two real quantised models on 46 tokens of English, against the losses that llama-cpp-python 0.3.36 gives.
// That engine rounds activations to 8 bits before each product, so single losses differ; their mean may not
// by more than 1%.
#include <QElapsedTimer>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/ops/loss/reference.h"
#include "tests/engine/conformance/backends.h"
#include "tests/engine/conformance/driver.h"

using namespace pellucid;
using namespace pellucid::test;

namespace {

struct Witness {
    const char* file;
    std::vector<TokenId> ids;
    std::vector<double> losses;  ///< -log p(ids[i + 1] | ids[0 … i]), nats
};

const std::vector<Witness>& witnesses() {
    static const std::vector<Witness> list = {
        {"SmolLM2-135M-Instruct.Q4_1.gguf",
         {504, 2365, 6354,  16438, 27003, 690, 260,  23790, 2767, 30,    533, 216,   33,   41,  38,   41,
          28,  2973, 808,   13197, 335,   260, 8872, 43,    1675, 965,   28,  11314, 701,  457, 9318, 665,
          30,  4643, 36411, 418,   216,   33,  32,   32,    5027, 20590, 418, 3426,  1106, 30},
         {14.334, 6.102, 1.594,  6.986, 0.006,  2.754, 2.313, 0.116, 1.821, 3.674, 3.867, 0.597,
          0.423,  2.682, 1.647,  0.378, 10.815, 5.482, 3.828, 0.553, 0.871, 3.364, 4.315, 5.112,
          1.135,  0.221, 10.288, 1.851, 0.521,  6.973, 3.91,  1.512, 8.307, 5.909, 0.361, 0.241,
          0.06,   1.727, 0.002,  0.787, 0.436,  3.253, 0.885, 0.045, 1.079}},
        {"gemma-3-270m-q4_k_m.gguf",
         {2,      818,    3823,   8864,   37423,  38167,  1024,  506,   31770, 4799,   236761, 799,
          236743, 236770, 236819, 236825, 236819, 236764, 14464, 1171,  16393, 580,    506,    19656,
          236793, 2338,   1299,   236764, 22778,  1331,   735,   15032, 993,   236761, 7768,   104264,
          657,    236743, 236770, 236771, 236771, 10674,  57356, 657,   5442,  1984,   236761},
         {2.985, 11.948, 6.929, 0.347,  1.202, 0.131,  0.077, 0.81,  0.321, 1.105,  4.165, 3.859,
          1.232, 0.233,  2.198, 1.968,  0.487, 10.458, 4.213, 5.693, 0.955, 0.699,  2.216, 5.649,
          4.296, 0.162,  0.219, 11.716, 2.515, 0.22,   7.835, 3.95,  1.959, 10.253, 7.058, 0.552,
          0.416, 0.713,  0.328, 0.089,  0.264, 1.13,   3.616, 5.003, 0.195, 0.859}},
    };
    return list;
}

}  // namespace

class TestRealModels : public QObject {
    Q_OBJECT

private slots:
    void losses_data() {
        QTest::addColumn<int>("backend");
        QTest::addColumn<int>("witness");
        for (std::size_t b = 0; b < tested_backends().size(); ++b)
            for (std::size_t w = 0; w < witnesses().size(); ++w)
                QTest::addRow("%s/%s", tested_backends()[b].name, witnesses()[w].file)
                    << static_cast<int>(b) << static_cast<int>(w);
    }
    void losses() {
        QFETCH(int, backend);
        QFETCH(int, witness);
        const QString folder = qEnvironmentVariable("PELLUCID_MODELS");
        if (folder.isEmpty()) QSKIP("PELLUCID_MODELS names no folder of models");
        const TestedBackend& tested = tested_backends()[static_cast<std::size_t>(backend)];
        const Witness& expected = witnesses()[static_cast<std::size_t>(witness)];
        const ModelFile model = must(open_model_file(folder.toStdString() + "/" + expected.file));
        const auto device = tested.make(std::make_shared<ThreadPool>(2));
        const auto weights = must(device->prepare(model.spec, model.weights, {}));
        RunnerOptions options;
        options.pages = 4;
        Driver driver(*weights, options);
        Held held = driver.new_sequence();
        QElapsedTimer timer;
        timer.start();
        const auto logits = driver.feed(held, expected.ids, 24);
        const double seconds = static_cast<double>(timer.elapsed()) / 1000;
        double sum = 0, expected_sum = 0, worst = 0;
        for (std::size_t i = 0; i < expected.losses.size(); ++i) {
            const double got = token_loss(logits[i], expected.ids[i + 1]);
            sum += got;
            expected_sum += expected.losses[i];
            worst = std::max(worst, std::abs(got - expected.losses[i]));
        }
        const double n = static_cast<double>(expected.losses.size());
        std::printf("%-10s %-32s mean loss %.4f, witness %.4f, largest single difference %.3f, %.2f s\n",
                    tested.name, expected.file, sum / n, expected_sum / n, worst, seconds);
        QVERIFY(std::abs(sum - expected_sum) <= 0.01 * expected_sum);
        QVERIFY(worst <= 0.5);
    }
};

QTEST_GUILESS_MAIN(TestRealModels)
#include "test_real_models.moc"
