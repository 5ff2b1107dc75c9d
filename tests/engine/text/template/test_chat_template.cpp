// Chat templates against what jinja2 rendered (tests/fixtures/templates/make_witness.py): byte for byte, and
// raising where it raises. Then the bounds that a hostile template meets.
#include <QtTest>
#include <ctime>
#include <fstream>
#include <iterator>

#include "engine/text/chat_template.h"

using namespace pellucid;
using nlohmann::ordered_json;

namespace {

std::string read(const std::string& name) {
    std::ifstream file(std::string(PELLUCID_FIXTURES "/templates/") + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// 2025-01-09 15:04:05 local time, the witness's fixed clock.
std::chrono::system_clock::time_point fixed_clock() {
    std::tm local{};
    local.tm_year = 125, local.tm_mon = 0, local.tm_mday = 9, local.tm_hour = 15, local.tm_min = 4,
    local.tm_sec = 5, local.tm_isdst = -1;
    return std::chrono::system_clock::from_time_t(std::mktime(&local));
}

/// Empty when our rendering agrees with the witness's record.
std::string disagreement(const Result<std::string>& ours, const ordered_json& witness) {
    if (witness.contains("error")) {
        if (!ours.ok() && ours.error().code == ErrorCode::template_failed && !ours.error().hint.empty())
            return {};
        return ours.ok() ? "jinja2 raised (" + witness["error"].get<std::string>() + "), we gave: " + *ours
                         : "wrong error: " + ours.error().message();
    }
    if (!ours.ok()) return "we raised: " + ours.error().what;
    const std::string expected = witness["expected"];
    return *ours == expected ? "" : "expected: " + expected + "\n     got: " + *ours;
}

}  // namespace

class TestChatTemplate : public QObject {
    Q_OBJECT

private slots:
    void renders_as_jinja2_does_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"deepseek_v3", "qwen3", "llama3_1", "r1_distill", "smollm2"})
            QTest::newRow(name) << QString(name);
    }
    void renders_as_jinja2_does() {
        QFETCH(QString, name);
        const auto all = ordered_json::parse(read("cases.json"));
        const auto& family = all.at(name.toStdString());
        auto parsed = ChatTemplate::parse(read(name.toStdString() + ".jinja"));
        QVERIFY2(parsed.ok(), parsed.ok() ? "" : parsed.error().message().c_str());
        std::string wrong;
        int cases = 0, failures = 0;
        for (const auto& record : family["cases"]) {
            TemplateInput input;
            input.messages = record["messages"];
            input.tools = record["tools"];
            input.extra = record["extra"];
            input.add_generation_prompt = record["add_generation_prompt"];
            input.bos_token = family["bos_token"];
            input.eos_token = family["eos_token"];
            input.clock = fixed_clock;
            const auto message = disagreement((*parsed)->render(input), record);
            ++cases;
            if (!message.empty() && ++failures <= 5)
                wrong += "\ncase " + std::to_string(cases) + " " + record["messages"].dump().substr(0, 300) +
                         "\n" + message;
        }
        QVERIFY(cases >= 200);
        QVERIFY2(failures == 0,
                 (std::to_string(failures) + " of " + std::to_string(cases) + " differ" + wrong).c_str());
    }

    void language_samples_agree() {
        const auto all = ordered_json::parse(read("language.json"));
        std::string wrong;
        int failures = 0;
        for (const auto& sample : all["samples"]) {
            TemplateInput input;
            input.extra = all["context"];
            input.clock = fixed_clock;
            auto parsed = ChatTemplate::parse(sample["template"]);
            const Result<std::string> ours =
                parsed.ok() ? (*parsed)->render(input) : Result<std::string>(parsed.failure());
            if (const auto message = disagreement(ours, sample); !message.empty()) {
                ++failures;
                wrong += "\n" + sample["template"].get<std::string>() + "\n  " + message;
            }
        }
        QVERIFY2(failures == 0, (std::to_string(failures) + " differ" + wrong).c_str());
    }

    void hostile_templates_are_bounded_data() {
        QTest::addColumn<QByteArray>("source");
        QTest::newRow("endless work") << QByteArray(
            "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% "
            "endfor %}{% endfor %}");
        QTest::newRow("endless recursion") << QByteArray("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}");
        QTest::newRow("doubling text") << QByteArray(
            "{% set ns = namespace(x='aaaaaaaaaaaaaaaa') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x "
            "%}{% endfor %}");
        QTest::newRow("doubling list") << QByteArray(
            "{% set ns = namespace(x=[1, 2, 3, 4]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% "
            "endfor %}");
        QTest::newRow("big repeat") << QByteArray("{{ 'abc' * 999999999 }}");
        QTest::newRow("big list repeat") << QByteArray("{{ [1] * 999999999 }}");
        QTest::newRow("big output") << QByteArray(
            "{% set a = 'x' * 1000000 %}{% for i in range(99999) %}{{ a }}{% endfor %}");
        QTest::newRow("replace blow-up")
            << QByteArray("{% set a = 'x' * 1000000 %}{{ a | replace('x', a) }}");
        QTest::newRow("join blow-up")
            << QByteArray("{% set a = 'x' * 9000000 %}{{ [a, a, a, a, a, a, a, a, a, a] | join(a) }}");
        QTest::newRow("wide format") << QByteArray("{{ '%99999999d' % 1 }}");
        QTest::newRow("wide indent") << QByteArray("{{ 'a' | indent(99999999999999999999) }}");
        QTest::newRow("self-similar lists") << QByteArray(
            "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor "
            "%}{{ ns.x }}");
        QTest::newRow("self-similar json") << QByteArray(
            "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor "
            "%}{{ ns.x | tojson }}");
        QTest::newRow("self-similar compare") << QByteArray(
            "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% "
            "set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}");
        QTest::newRow("deep parentheses") << QByteArray("{{ ") + QByteArray(5000, '(') + QByteArray("1") +
                                                 QByteArray(5000, ')') + QByteArray(" }}");
        QTest::newRow("deep lists") << QByteArray("{{ ") + QByteArray(5000, '[') + QByteArray(5000, ']') +
                                           QByteArray(" }}");
        QTest::newRow("deep not") << QByteArray("{{ ") + QByteArray("not ").repeated(5000) +
                                         QByteArray("1 }}");
        QTest::newRow("deep minus") << QByteArray("{{ ") + QByteArray("- ").repeated(5000) +
                                           QByteArray("1 }}");
        QTest::newRow("deep if") << QByteArray("{% if 1 %}").repeated(5000) +
                                        QByteArray("{% endif %}").repeated(5000);
        QTest::newRow("slice in a tuple subscript") << QByteArray("{{ 'ab'[1:,0] }}");
        QTest::newRow("long sum") << QByteArray("{{ 1") + QByteArray(" + 1").repeated(1000000) +
                                         QByteArray(" }}");
        QTest::newRow("deep postfix")
            << QByteArray("{{ x") + QByteArray("[0]").repeated(100000) + QByteArray(" }}");
        QTest::newRow("deep filters")
            << QByteArray("{{ x") + QByteArray("|string").repeated(100000) + QByteArray(" }}");
        QTest::newRow("deep calls") << QByteArray("{{ x") + QByteArray("()").repeated(100000) +
                                           QByteArray(" }}");
        QTest::newRow("deep targets") << QByteArray("{% for ") + QByteArray(5000, '(') + QByteArray("a") +
                                             QByteArray(5000, ')') + QByteArray(" in x %}{% endfor %}");
    }
    void hostile_templates_are_bounded() {
        QFETCH(QByteArray, source);
        auto parsed = ChatTemplate::parse(source.toStdString());
        if (!parsed.ok()) {
            QCOMPARE(parsed.error().code, ErrorCode::template_failed);
            return;
        }
        const auto rendered = (*parsed)->render({});
        QVERIFY(!rendered.ok());
        QVERIFY(rendered.error().code == ErrorCode::template_failed ||
                rendered.error().code == ErrorCode::out_of_memory);
    }

    void errors_name_the_line() {
        auto parsed = ChatTemplate::parse(
            "line one\n{% if true %}\n{{ raise_exception('Only user roles') }}\n{% endif %}");
        QVERIFY(parsed.ok());
        const auto rendered = (*parsed)->render({});
        QVERIFY(!rendered.ok());
        QVERIFY2(rendered.error().what.find("Only user roles") != std::string::npos,
                 rendered.error().what.c_str());
        QVERIFY2(rendered.error().what.find("line 3") != std::string::npos, rendered.error().what.c_str());
        auto broken = ChatTemplate::parse("a\nb\n{% if %}");
        QVERIFY(!broken.ok());
        QVERIFY2(broken.error().what.find("line 3") != std::string::npos, broken.error().what.c_str());
    }

    void mentions_what_it_reads() {
        auto parsed = ChatTemplate::parse(read("qwen3.jinja"));
        QVERIFY(parsed.ok());
        QVERIFY((*parsed)->mentions("enable_thinking"));
        QVERIFY((*parsed)->mentions("tools"));
        QVERIFY((*parsed)->mentions("reasoning_content"));
        QVERIFY(!(*parsed)->mentions("documents"));
    }
};

QTEST_APPLESS_MAIN(TestChatTemplate)
#include "test_chat_template.moc"
