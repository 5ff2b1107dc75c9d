#include <QtTest>

#include "app/base/wording.h"
#include "app/chat/chat_tree.h"
#include "app/chat/context_budget.h"
#include "app/models/model_list_model.h"

using namespace pellucid;
using namespace pellucid::app;

namespace {

Message message(const char* id, const char* parent, MessageRole role, const char* text = "") {
    Message made;
    made.id = QString::fromLatin1(id);
    made.parentId = QString::fromLatin1(parent);
    made.role = role;
    made.text = QString::fromUtf8(text);
    return made;
}

}  // namespace

class TestChatTree : public QObject {
    Q_OBJECT

private slots:
    void siblings_and_path() {
        ChatTree tree;
        tree.append(message("q1", "", MessageRole::User));
        tree.append(message("a1", "q1", MessageRole::Assistant));
        tree.append(message("q2", "a1", MessageRole::User));
        tree.append(message("a2", "q1", MessageRole::Assistant));
        QCOMPARE(tree.path(), QStringList({"q1", "a2"}));
        QCOMPARE(tree.siblings("a1"), QStringList({"a1", "a2"}));
        tree.select("a1");
        QCOMPARE(tree.path(), QStringList({"q1", "a1", "q2"}));
        QCOMPARE(tree.remove("a1"), QStringList({"a1", "q2"}));
        QCOMPARE(tree.path(), QStringList({"q1", "a2"}));
        QCOMPARE(tree.remove("q1"), QStringList({"q1", "a2"}));
        QVERIFY(tree.isEmpty());
        QVERIFY(tree.path().isEmpty());
    }

    void titles() {
        QCOMPARE(titleFromQuestion("What is 17 + 25?"), "What is 17 + 25?");
        QCOMPARE(titleFromQuestion("Explain this. And that too."), "Explain this");
        QCOMPARE(titleFromQuestion("\n\n## Plan for today\nmore"), "Plan for today");
        QCOMPARE(titleFromQuestion("为什么注意力要除以 √d？请推导方差。"), "为什么注意力要除以 √d？");
        const QString longOne = titleFromQuestion(QString("word ").repeated(40));
        QVERIFY(longOne.size() <= 61);
        QVERIFY(longOne.endsWith(u'…'));
        QVERIFY(!longOne.contains("wor…"));
        QVERIFY(titleFromQuestion(QString::fromUtf8("字").repeated(200)).size() <= 61);
        QCOMPARE(titleFromQuestion(""), "");
    }

    void model_names() {
        const auto name = [](const char* path, const char* header) {
            LocalModel model;
            model.path = QString::fromUtf8(path);
            model.info.name = header;
            return ModelListModel::displayName(model);
        };
        QCOMPARE(name("/m/SmolLM2-135M-Instruct.Q4_1.gguf", "Smollm2 135M 8k Lc100K Mix1 Ep2"),
                 "SmolLM2 135M Instruct");
        QCOMPARE(name("/m/gemma-3-270m-q4_k_m.gguf", ""), "gemma 3 270m");
        QCOMPARE(name("/m/Qwen3-0.6B-IQ4_XS.gguf", "Qwen3 0.6B"), "Qwen3 0.6B");
        QCOMPARE(name("/m/model.gguf", "Mock 1B"), "Mock 1B");
        QCOMPARE(name("/m/model.gguf", ""), "model");
    }

    void the_prompt_leaves_thoughts_out_unless_asked() {
        ChatTree tree;
        tree.append(message("q1", "", MessageRole::User, "one"));
        Message answer = message("a1", "q1", MessageRole::Assistant, "1");
        answer.thought = "hm";
        tree.append(answer);
        tree.append(message("q2", "a1", MessageRole::User, "two"));
        const auto plain = buildPrompt(tree, "q2", {"be brief", false, false, {}});
        const auto& messages = std::get<Conversation>(plain.request.input).messages;
        QCOMPARE(messages.size(), 4u);
        QCOMPARE(messages[0].role, Role::system);
        QCOMPARE(messages[2].thought, std::string());
        QCOMPARE(plain.messageIds, QStringList({"", "q1", "a1", "q2"}));
        const auto kept = buildPrompt(tree, "q2", {"", true, false, {}});
        QCOMPARE(std::get<Conversation>(kept.request.input).messages[1].thought, std::string("hm"));
        const auto going = buildPrompt(tree, "a1", {"", false, false, {}});
        QVERIFY(std::get<Conversation>(going.request.input).continue_last);
        QCOMPARE(std::get<Conversation>(going.request.input).messages[1].thought, std::string("hm"));
        const auto text = buildPrompt(tree, "q2", {"", false, true, {}});
        QCOMPARE(std::get<std::string>(text.request.input), std::string("one1two"));
    }

    void overflow_leaves_out_whole_exchanges() {
        ChatTree tree;
        QString parent;
        for (int i = 0; i < 6; ++i) {
            Message m = message("", "", i % 2 ? MessageRole::Assistant : MessageRole::User, "text");
            m.id = QString::number(i);
            m.parentId = parent;
            parent = m.id;
            tree.append(m);
        }
        tree.append(message("last", "5", MessageRole::User, "text"));
        const PromptPlan plan = buildPrompt(tree, "last", {"system", false, false, {}});
        Ledger ledger;
        ledger.context_length = 1000;
        ledger.tokens.resize(950);
        ledger.reply_room = 50;
        for (int i = 0; i < 8; ++i)
            ledger.entries.push_back({Ledger::Entry::Kind::message, i, i == 0 ? 250 : 100});
        const ContextVerdict verdict = judgeContext(ledger, plan);
        QVERIFY(!verdict.fits);
        QCOMPARE(verdict.choices.size(), 1);
        QCOMPARE(verdict.choices[0].leftOut, QStringList({"0", "1"}));
        QCOMPARE(verdict.choices[0].freedTokens, 200);
        ledger.reply_room = -5000;
        const ContextVerdict hopeless = judgeContext(ledger, plan);
        QVERIFY(hopeless.lastAloneTooLong);
        QVERIFY(hopeless.choices.isEmpty());
        ledger.reply_room = 500;
        QVERIFY(judgeContext(ledger, plan).fits);
    }
};

QTEST_APPLESS_MAIN(TestChatTree)
#include "test_chat_tree.moc"
