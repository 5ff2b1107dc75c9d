// The built-in list of models: readable, one source for what the scripts repeat, and used only where a file
// is silent.
#include <QFile>
#include <QtTest>

#include "app/catalogue/catalogue.h"
#include "app/catalogue/model_name.h"

using namespace pellucid;

namespace {

QByteArray source(const char* name) {
    QFile file(QStringLiteral(PELLUCID_SOURCE "/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class TestCatalogue : public QObject {
    Q_OBJECT

private slots:
    void the_built_in_list_can_be_read() {
        const auto parsed = catalogue::parse(source("resources/catalogue/models.json").toStdString());
        QVERIFY2(parsed.ok(), parsed.ok() ? "" : parsed.error().message().c_str());
        QCOMPARE(catalogue::built_in().size(), parsed->size());
        QVERIFY(!parsed->empty());
    }

    // A script cannot read JSON before anything is installed: it repeats the starter, and this keeps it true.
    void the_scripts_name_the_same_starter() {
        const catalogue::Starter starter = catalogue::built_in().front().starter;
        const QByteArray bootstrap = source("installer/bootstrap");
        for (const std::string& fact : {starter.package, starter.file, starter.sha256})
            QVERIFY2(bootstrap.contains(fact.c_str()), fact.c_str());
        QVERIFY(source("installer/CMakeLists.txt").contains(starter.sha256.c_str()));
        QVERIFY(source("app/main/main.cpp").contains(starter.file.c_str()));
    }

    void the_list_holds_what_a_person_chooses_by() {
        const auto entries = catalogue::built_in();
        QVERIFY(catalogue::built_in_version() > 0);
        int distils = 0;
        for (const auto& entry : entries) {
            const char* id = entry.id.c_str();
            QVERIFY2(!entry.licence.empty() && entry.licence_url.starts_with("https://"), id);
            QVERIFY2(!entry.languages.empty() && !entry.strengths.empty() && !entry.sources.empty(), id);
            QVERIFY2(!entry.quantizations.empty() && entry.context >= 4096, id);
            QVERIFY2(entry.active_billions <= entry.parameters_billions, id);
            distils += entry.id.starts_with("deepseek-r1-distill");
            std::uint64_t before = 0;
            for (const auto& quantization : entry.quantizations) {
                if (!quantization.bytes) continue;
                QVERIFY2(*quantization.bytes > before, id);  // smallest first
                before = *quantization.bytes;
                // No quantisation in use is below 1.5 bits a weight or above 17.
                const double bits =
                    8.0 * static_cast<double>(*quantization.bytes) / 1e9 / entry.parameters_billions;
                QVERIFY2(bits > 1.5 && bits < 17, id);
            }
            for (const auto& source : entry.sources)
                QVERIFY2((source.hub == "huggingface" || source.hub == "modelscope") &&
                             std::count(source.repository.begin(), source.repository.end(), '/') == 1,
                         id);
        }
        QCOMPARE(distils, 6);
    }

    void a_known_model_that_says_nothing_gets_its_settings() {
        const auto entries = catalogue::built_in();
        ModelInfo info;
        info.name = entries.front().header_names.front();
        catalogue::complete(entries, info);
        QCOMPARE(info.recommended_sampling.temperature, entries.front().sampling.temperature);
        QVERIFY(info.recommended_sampling.temperature < SamplingSpec().temperature);
        // What its own header says stays.
        info.recommended_sampling = SamplingSpec();
        info.recommended_sampling.temperature = 0.6f;
        catalogue::complete(entries, info);
        QCOMPARE(info.recommended_sampling.temperature, 0.6f);
        ModelInfo other;
        other.name = "Another";
        catalogue::complete(entries, other);
        QCOMPARE(other.recommended_sampling.temperature, SamplingSpec().temperature);
        QVERIFY(catalogue::find(entries, other) == nullptr);
    }

    void names_as_a_person_types_them() {
        const std::vector<std::string> names = {"SmolLM2-135M-Instruct.Q4_1", "gemma-3-270m-q4_k_m",
                                                "Qwen3 0.6B", "qwen3-0.6b-q8"};
        using Places = std::vector<std::size_t>;
        QCOMPARE(catalogue::named(names, "smollm2"), Places({0}));
        QCOMPARE(catalogue::named(names, "smollm2 135m instruct q4-1"), Places({0}));
        QCOMPARE(catalogue::named(names, "Gemma"), Places({1}));
        QCOMPARE(catalogue::named(names, "qwen3 0.6b"), Places({2}));  // whole before begun
        QCOMPARE(catalogue::named(names, "qwen"), Places({2, 3}));
        QCOMPARE(catalogue::named(names, "135m"), Places());
        QCOMPARE(catalogue::named(names, ""), Places());
        QCOMPARE(catalogue::named(names, " .-_"), Places());
        QCOMPARE(catalogue::named({}, "smollm2"), Places());
    }

    void bad_lists_are_refused_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("not JSON") << QByteArray("{");
        QTest::newRow("no models") << QByteArray("{}");
        QTest::newRow("no name") << QByteArray("{\"models\":[{\"id\":\"a\"}]}");
        QTest::newRow("no form") << QByteArray("{\"version\":1,\"models\":[]}");
        QTest::newRow("a newer form") << QByteArray("{\"format\":2,\"version\":1,\"models\":[]}");
        const QByteArray facts =
            "\"id\":\"a\",\"name\":\"A\",\"family\":\"F\",\"licence\":\"MIT\",\"licence_url\":\"u\","
            "\"parameters_billions\":1,\"context\":10,\"languages\":[],\"strengths\":[],\"sources\":[],"
            "\"header_names\":[]";
        const QByteArray list = "{\"format\":1,\"version\":1,\"models\":[{" + facts;
        QVERIFY(catalogue::parse((list + ",\"quantizations\":[],\"sampling\":{}}]}").toStdString()).ok());
        QTest::newRow("an unknown key") << list + ",\"quantizations\":[],\"sampling\":{},\"size\":1}]}";
        QTest::newRow("twice") << list + ",\"quantizations\":[],\"sampling\":{}},{" + facts +
                                      ",\"quantizations\":[],\"sampling\":{}}]}";
        QTest::newRow("a short digest")
            << list + ",\"quantizations\":[{\"name\":\"Q8_0\",\"sha256\":\"12\"}],\"sampling\":{}}]}";
        QTest::newRow("a size below nothing")
            << list + ",\"quantizations\":[{\"name\":\"Q8_0\",\"about_gb\":-1}],\"sampling\":{}}]}";
        const QByteArray start = list + ",\"quantizations\":[],\"sampling\":";
        QTest::newRow("unknown setting") << start + "{\"heat\":1}}]}";
        QTest::newRow("a word") << start + "{\"top_p\":\"high\"}}]}";
        QTest::newRow("out of range") << start + "{\"top_p\":7}}]}";
    }
    void bad_lists_are_refused() {
        QFETCH(QByteArray, json);
        const auto parsed = catalogue::parse(json.toStdString());
        QVERIFY(!parsed.ok());
        QVERIFY(!parsed.error().what.empty());
    }
};

QTEST_APPLESS_MAIN(TestCatalogue)
#include "test_catalogue.moc"
