// Conversations out and in: nothing lost in our own format, thoughts kept apart in every one, bad files
// named.
#include <QJsonArray>
#include <QJsonObject>
#include <QtTest>

#include "app/exchange/archive_format.h"

using namespace pellucid;
using namespace pellucid::app;

namespace {

QByteArray fixture(const char* name) {
    QFile file(QString::fromUtf8(PELLUCID_FIXTURES) + "/exchange/" + name);
    if (!file.open(QIODevice::ReadOnly)) qFatal("no fixture %s", name);
    return file.readAll();
}

StoredConversation example() {
    StoredConversation conversation;
    conversation.summary.title = "Why?";
    conversation.summary.folder = "Work";
    conversation.summary.pinned = true;
    conversation.summary.titleGiven = true;
    conversation.summary.updatedMs = 1714000100500;
    Message question;
    question.id = "q";
    question.text = "Why **this**?\n\n```\ncode\n```";
    question.createdMs = 1714000000250;
    Message answer;
    answer.id = "a";
    answer.parentId = "q";
    answer.role = MessageRole::Assistant;
    answer.hasThought = true;
    answer.thought = "Line one.\n\nLine two.";
    answer.text = "Because.";
    answer.state = MessageState::CutOff;
    answer.stats = {10, 2, 30, 4, 0.5, 1.25, 1.0};
    answer.modelName = "Mock 1B";
    answer.receipt = QJsonObject{{"seed", "123"}};
    Message other = answer;
    other.id = "b";
    other.hasThought = false;
    other.thought.clear();
    other.text = "No reason.";
    other.state = MessageState::Complete;
    conversation.messages = {question, answer, other};
    conversation.shownIds = QStringList({"q", "a"});
    return conversation;
}

}  // namespace

class TestExchange : public QObject {
    Q_OBJECT

private slots:
    void our_json_loses_nothing() {
        const QByteArray json = toJson({example()});
        const auto read = fromExport(json);
        QVERIFY(read.ok());
        QCOMPARE(read->size(), 1u);
        QCOMPARE(toJson(*read), json);
        const StoredConversation& back = read->front();
        QCOMPARE(back.messages.size(), 3u);
        QCOMPARE(back.messages[1].thought, "Line one.\n\nLine two.");
        QCOMPARE(back.messages[1].stats.thoughtTokens, 30);
        QCOMPARE(back.messages[1].state, MessageState::CutOff);
        QCOMPARE(back.messages[0].createdMs, 1714000000250);
        QCOMPARE(back.shownIds, QStringList({"q", "a"}));
        QCOMPARE(back.summary.folder, "Work");
    }

    void markdown_keeps_thoughts_apart() {
        const QString with = QString::fromUtf8(toMarkdown(example(), true));
        QVERIFY(with.startsWith("# Why?\n"));
        QVERIFY(with.contains("> Line one.\n>\n> Line two.\n"));
        QVERIFY(with.contains("\nBecause.\n"));
        QVERIFY(!with.contains("No reason."));
        const QString without = QString::fromUtf8(toMarkdown(example(), false));
        QVERIFY(!without.contains("Line one."));
        QVERIFY(without.contains("Because."));
    }

    void chatgpt_export() {
        const auto read = fromExport(fixture("chatgpt_conversations.json"));
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().message().c_str());
        QCOMPARE(read->size(), 2u);
        const StoredConversation& sum = read->front();
        QCOMPARE(sum.summary.title, "Sum of odd numbers");
        QCOMPARE(sum.summary.updatedMs, 1714000100500);
        QCOMPARE(sum.messages.size(), 4u);
        QCOMPARE(sum.messages[0].text, "What is 1 + 3 + 5?");
        QVERIFY(sum.messages[0].parentId.isEmpty());
        QCOMPARE(sum.messages[1].text, "It is **9**.");
        QCOMPARE(sum.messages[1].thought, "1 + 3 is 4.\n\n4 + 5 is 9.");
        QCOMPARE(sum.messages[1].modelName, "o3");
        QCOMPARE(sum.messages[2].text, "[image_asset_pointer]\n\nWhat is 1 + 3 + 7?");
        QVERIFY2(sum.messages[2].parentId.isEmpty(), "an edited question is a sibling");
        QCOMPARE(sum.shownIds, QStringList({"n6", "n7"}));
        QCOMPARE((*read)[1].messages[1].text, "```python\nprint('你好')\n```");
    }

    void lm_studio_export() {
        const auto read = fromExport(fixture("lmstudio.conversation.json"));
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().message().c_str());
        QCOMPARE(read->size(), 1u);
        const StoredConversation& primes = read->front();
        QCOMPARE(primes.summary.title, "Primes");
        QVERIFY(primes.summary.pinned);
        QCOMPARE(primes.messages.size(), 4u);
        QCOMPARE(primes.messages[1].state, MessageState::Stopped);
        QCOMPARE(primes.messages[1].parentId, primes.messages[2].parentId);
        QCOMPARE(primes.messages[2].thought, "Seven is prime.");
        QCOMPARE(primes.messages[2].text, "7");
        QCOMPARE(primes.messages[2].stats.answerTokens, 84);
        QCOMPARE(primes.messages[3].parentId, primes.messages[2].id);
        QCOMPARE(primes.shownIds.size(), 3);
        QCOMPARE(primes.shownIds[1], primes.messages[2].id);
    }

    void numbers_without_meaning_are_not_reckoned_with() {
        // Found by fuzz_import: times and counts that no integer holds.
        const auto times = fromExport(
            "[{\"update_time\":-1e300,\"mapping\":{\"u\":{\"message\":{\"author\":{\"role\":\"user\"},"
            "\"create_time\":1e300,\"content\":{\"content_type\":\"text\",\"parts\":[\"Q\"]}}}}}]");
        QVERIFY(times.ok());
        QCOMPARE(times->front().summary.updatedMs, 0);
        QCOMPARE(times->front().messages.front().createdMs, 0);
        const QByteArray step =
            "{\"type\":\"contentBlock\",\"genInfo\":{\"stats\":{\"predictedTokensCount\":2147483647}}}";
        const auto counts = fromExport(
            "{\"createdAt\":1e30,\"messages\":[{\"currentlySelected\":0,\"versions\":[{\"type\":"
            "\"multiStep\","
            "\"steps\":[" +
            step + "," + step + "]}]}]}");
        QVERIFY(counts.ok());
        QCOMPARE(counts->front().summary.updatedMs, 0);
        QVERIFY(counts->front().messages.front().stats.tokens() > 0);
        QByteArray ours = toJson({example()});
        ours.replace("_tokens\": 30", "_tokens\": 2147483647")
            .replace("_tokens\": 4", "_tokens\": 2147483647");
        const auto own = fromExport(ours);
        QVERIFY(own.ok());
        QVERIFY(own->front().messages[1].stats.tokens() > 0);
    }

    void bad_files_are_named() {
        const auto broken = fromExport(fixture("chatgpt_conversations.json").left(700));
        QVERIFY(!broken.ok());
        QCOMPARE(broken.error().code, ErrorCode::corrupt);
        QVERIFY(!broken.error().hint.empty());
        const auto other = fromExport("{\"a\": 1}");
        QCOMPARE(other.error().code, ErrorCode::unsupported);
        QCOMPARE(fromExport("[]").error().code, ErrorCode::unsupported);
        QByteArray orphan = toJson({example()});
        orphan.replace("\"parent\": \"q\"", "\"parent\": \"zz\"");
        const auto lost = fromExport(orphan);
        QCOMPARE(lost.error().code, ErrorCode::corrupt);
        QVERIFY(lost.error().what.find("Why?") != std::string::npos);
        QByteArray newer = toJson({example()});
        newer.replace("\"version\": 1", "\"version\": 2");
        QCOMPARE(fromExport(newer).error().code, ErrorCode::unsupported);
        const auto circle = fromExport(
            "[{\"title\":\"c\",\"mapping\":{\"a\":{\"parent\":\"b\",\"children\":[\"b\"]},"
            "\"b\":{\"parent\":\"a\",\"children\":[\"a\"]}}}]");
        QCOMPARE(circle.error().code, ErrorCode::corrupt);
        const auto unselected = fromExport(
            "{\"messages\":[{\"versions\":[{\"type\":\"singleStep\",\"role\":\"user\"}],"
            "\"currentlySelected\":3}]}");
        QCOMPARE(unselected.error().code, ErrorCode::corrupt);
    }
};

QTEST_APPLESS_MAIN(TestExchange)
#include "test_exchange.moc"
