#include "tests/ui/kit/scene_documents.h"

#include <QDateTime>

namespace pellucid::ui {

using namespace app;

namespace {

using Piece = ScriptedPages::Piece;

QString pick(bool chinese, const char *en, const char *zh) { return QString::fromUtf8(chinese ? zh : en); }

const char *const kBreak[] = {
    "10.2  The Tenant may determine this Lease on or after the end of the eighteenth month of the Term by giving to the Landlord not "
    "less than six months’ written notice, expiring on a Break Date, provided that the Principal Rent has been paid up to that date.",
    "10.2  承租人可在租期第十八个月结束时或之后终止本租约，但须至少提前六个月向出租人发出书面通知，通知于终止日届满，且截至该日的基本租金已经付清。"};
const char *const kPayment[] = {
    "10.4  On the Break Date the Tenant shall pay a sum equal to two months’ Principal Rent together with the unamortised part of the "
    "Grant, computed under paragraph 3 of Schedule 2 as at that date.",
    "10.4  承租人应在终止日支付相当于两个月基本租金的款项，以及截至该日按附表二第 3 段计算的尚未摊销的补助款。"};
const char *const kGrant[] = {
    "3  The Grant is written off in equal parts, reducing by one sixtieth for each complete month of the Term that has run.",
    "3  补助款按等额摊销，租期每满一个月减少六十分之一。"};

std::vector<Piece> pageSeven(bool chinese) {
    return {
        {pick(chinese, "9.6  The Tenant shall not assign part only of the Premises, nor share possession of them, save with a company in the "
                       "same group and for no longer than that relation lasts.",
              "9.6  承租人不得仅转让部分房屋，也不得与他人共同占有，但与同一集团内的公司共用且该关系存续期间除外。")},
        {pick(chinese, "10    BREAK OPTION AND REPAYMENT", "10    提前终止与偿还"), 1},
        {pick(chinese, "10.1  In this clause “Break Date” means the last day of any calendar month, named in a Break Notice, and “Grant” has "
                       "the meaning given in Schedule 2.",
              "10.1  本条中“终止日”指终止通知所载的任何一个公历月的最后一天，“补助款”的含义见附表二。")},
        {QString::fromUtf8(kBreak[chinese])},
        {pick(chinese, "10.3  A Break Notice once given may not be withdrawn without the consent of the Landlord, and time is of the essence "
                       "of this clause.",
              "10.3  终止通知一经发出，未经出租人同意不得撤回；本条所定期限为严格期限。")},
        {QString::fromUtf8(kPayment[chinese])},
        {pick(chinese, "10.5  If the conditions in this clause are met the Term ends on the Break Date, without prejudice to any right of "
                       "either party in respect of an earlier breach, and the Tenant shall on that date give up the Premises with vacant "
                       "possession.",
              "10.5  本条所列条件满足时，租期于终止日结束，但不影响任何一方就此前违约所享有的权利；承租人应于该日腾空并交还房屋。")},
        {pick(chinese, "10.6  Within fourteen days after the Break Date the Landlord shall repay any rent and service charge paid in advance "
                       "for a period after it, less sums then due.",
              "10.6  出租人应在终止日后十四天内退还承租人就该日之后期间预付的租金和服务费，但可扣除届时应付的款项。")},
        {pick(chinese, "11    NOTICES", "11    通知"), 1},
        {pick(chinese, "11.1  A notice under this Lease is to be in writing and left at, or sent by recorded post to, the last known address "
                       "of the party to which it is given.",
              "11.1  本租约项下的通知应为书面形式，并送达或以挂号邮件寄往受通知方最后已知的地址。")},
    };
}

std::vector<Piece> pageTwelve(bool chinese) {
    return {
        {pick(chinese, "SCHEDULE 2    THE GRANT", "附表二    补助款"), 1},
        {pick(chinese, "1  The Landlord has paid to the Tenant a contribution to its fitting out of the Premises (“the Grant”).",
              "1  出租人已向承租人支付一笔用于装修房屋的款项（“补助款”）。")},
        {pick(chinese, "2  No part of the Grant is repayable while the Term continues.", "2  租期存续期间，补助款的任何部分均无须退还。")},
        {QString::fromUtf8(kGrant[chinese])},
    };
}

FoundPassage passage(const ScriptedPages &pages, int number, const QString &words, const QString &headings, int page, bool chinese) {
    FoundPassage found;
    found.number = number;
    found.document = QStringLiteral("lease");
    found.name = pick(chinese, "Lease Unit 4 Harbour Row.pdf", "海港街 4 号租约.pdf");
    found.headings = headings;
    found.page = page;
    found.pageLabel = QString::number(page + 1);
    const DocumentSpan span = pages.spanOf(found.document, words);
    found.first = span.first;
    found.last = span.last;
    found.text = words.section(QStringLiteral("  "), 1);
    found.cited = true;
    return found;
}

}  // namespace

void fillDocuments(ScriptedPages &pages, bool chinese) {
    std::vector<std::vector<Piece>> all;
    for (int page = 0; page < 24; ++page)
        all.push_back(page == 6    ? pageSeven(chinese)
                      : page == 11 ? pageTwelve(chinese)
                                   : std::vector<Piece>{{pick(chinese, "Clause", "条款") + QStringLiteral(" %1").arg(page + 1), 1},
                                                        {pick(chinese, "The parties agree the terms of this page.", "双方同意本页条款。")}});
    pages.addPaged(QStringLiteral("lease"), pick(chinese, "Lease Unit 4 Harbour Row.pdf", "海港街 4 号租约.pdf"), all);
    using P = DocumentParagraph;
    pages.addText(QStringLiteral("notes"), pick(chinese, "Notes on the move.md", "搬迁笔记.md"),
                  {{P::Heading, 1, pick(chinese, "Notes on the move", "搬迁笔记"), {}},
                   {P::Text, 0, pick(chinese, "We want to be out before the summer. The agent says that the break needs six months.",
                                     "我们想在夏天之前搬走。中介说提前终止需要六个月。"), {}},
                   {P::Heading, 2, pick(chinese, "To ask", "要问的问题"), {}},
                   {P::Item, 1, pick(chinese, "Is the deposit returned with interest?", "押金退还时计利息吗？"), {}},
                   {P::Item, 1, pick(chinese, "Who pays for taking out the partition walls?", "拆除隔墙的费用由谁承担？"), {}},
                   {P::Text, 0, pick(chinese, "The agent promised to send the schedule of condition by Friday.", "中介答应周五之前寄来房屋状况清单。"), {}}});
}

AnswerSources leaseSources(const ScriptedPages &pages, bool chinese) {
    AnswerSources sources;
    sources.passages = {
        passage(pages, 1, QString::fromUtf8(kBreak[chinese]), pick(chinese, "10 > 10.2 Break option", "10 > 10.2 提前终止"), 6, chinese),
        passage(pages, 2, QString::fromUtf8(kPayment[chinese]), pick(chinese, "10 > 10.4 Payments on break", "10 > 10.4 终止时的付款"), 6, chinese),
        passage(pages, 3, QString::fromUtf8(kGrant[chinese]), pick(chinese, "Schedule 2, para 3", "附表二第 3 段"), 11, chinese),
    };
    const double words[] = {11.4, 8.2, 0}, meaning[] = {0.86, 0.81, 0.83}, reranked[] = {0.97, 0.92, 0.88};
    for (std::size_t i = 0; i < 3; ++i) {
        sources.passages[i].wordRank = words[i] > 0 ? static_cast<int>(i) + 1 : 0;
        sources.passages[i].wordScore = words[i];
        sources.passages[i].meaningRank = i == 1 ? 3 : i == 2 ? 2 : 1;
        sources.passages[i].meaningScore = meaning[i];
        sources.passages[i].rerankScore = reranked[i];
    }
    FoundPassage other = sources.passages[0];
    other.number = 0;
    other.cited = false;
    other.headings = pick(chinese, "10 > 10.3 Break Notice", "10 > 10.3 终止通知");
    other.text = pick(chinese, "A Break Notice once given may not be withdrawn without the consent of the Landlord.", "终止通知一经发出，未经出租人同意不得撤回。");
    other.wordRank = 3;
    other.wordScore = 7.9;
    other.meaningRank = 0;
    other.rerankScore = 0.31;
    other.left = FoundPassage::TooFar;
    sources.others = {other};
    sources.searched = 41;
    sources.checked = true;
    CheckedSentence guess;
    guess.verdict = CheckedSentence::Unsupported;
    guess.text = pick(chinese, "VAT is probably added to both.", "两者可能都要另加增值税。");
    sources.sentences = {guess};
    return sources;
}

QString fillDocumentChat(UiBench &bench, const QString &conversation, bool chinese) {
    fillLibrary(bench.documents, chinese);
    Message question;
    question.id = conversation + QStringLiteral("-q");
    question.parentId = QString();
    question.text = pick(chinese, "When can we leave the lease early, and what does it cost?", "我们最早什么时候可以提前退租？要付多少钱？");
    question.createdMs = QDateTime::currentMSecsSinceEpoch();
    Message answer;
    answer.id = conversation + QStringLiteral("-a");
    answer.parentId = question.id;
    answer.role = MessageRole::Assistant;
    answer.createdMs = question.createdMs + 1;
    answer.hasThought = true;
    answer.thought = pick(chinese, "The lease has a break clause: 10.2. What it costs stands in 10.4, the grant in Schedule 2.",
                          "租约里有提前终止条款：10.2。费用在 10.4，补助款在附表二。");
    answer.text = pick(chinese,
                       "You may end the lease **from the end of month 18** with six months’ written notice [1]. The earliest last day is "
                       "31 March 2027.\n\nIt costs two months’ rent, plus the part of the fit-out grant not yet written off [2]. The grant "
                       "falls by one sixtieth a month [3], so after 24 months 60 % of it is due.\n\nVAT is probably added to both.\n",
                       "租约**满 18 个月后**可以提前终止，须提前六个月书面通知 [1]。最早的终止日是 2027 年 3 月 31 日。\n\n"
                       "费用是两个月租金，加上尚未摊销的装修补助款 [2]。补助款每月减少六十分之一 [3]，所以 24 个月后应退还 60 %。\n\n"
                       "两者可能都要另加增值税。\n");
    answer.stats.thoughtTokens = 286;
    answer.stats.answerTokens = 318;
    answer.stats.thoughtSeconds = 11;
    answer.stats.generateSeconds = 603 / 42.0;
    answer.modelName = QStringLiteral("DeepSeek-R1 Distill Qwen 7B");
    answer.sources = std::make_shared<AnswerSources>(leaseSources(bench.documents.pages, chinese));
    ConversationSummary summary;
    summary.id = conversation;
    summary.title = pick(chinese, "Break clause of the lease", "租约的提前终止条款");
    summary.updatedMs = question.createdMs - 2 * 3600000ll;
    bench.store.createConversation(summary);
    bench.store.appendMessage(conversation, question);
    bench.store.appendMessage(conversation, answer);
    bench.store.createConversation(summary);  // appending took the present for its time
    bench.workspace->conversations().reload();
    return answer.id;
}

void fillLibrary(ScriptedDocuments &documents, bool chinese) {
    fillDocuments(documents.pages, chinese);
    LibraryState &state = documents.library.state;
    const auto t = [chinese](const char *en, const char *zh) { return pick(chinese, en, zh); };
    state.collections = {{QStringLiteral("move"), t("The move", "搬迁"), {}, {{QStringLiteral("f1"), QStringLiteral("/documents/move"), false}}},
                         {QStringLiteral("thesis"), t("Thesis", "论文"), {}, {{QStringLiteral("f2"), QStringLiteral("/media/disk/papers"), true}}}};
    const auto add = [&](const char *id, const char *collection, const QString &name, const char *type, int pages, int passages, quint64 bytes) {
        LibraryDocument document;
        document.id = QString::fromLatin1(id);
        document.collection = QString::fromLatin1(collection);
        document.name = name;
        document.path = QStringLiteral("/documents/") + name;
        document.phase = LibraryDocument::Ready;
        document.type = QString::fromLatin1(type);
        document.pages = pages;
        document.passages = passages;
        document.bytes = bytes;
        state.documents.push_back(document);
    };
    state.documents.clear();
    add("lease", "move", t("Lease Unit 4 Harbour Row.pdf", "海港街 4 号租约.pdf"), "PDF", 24, 41, 1'240'000);
    add("notes", "move", t("Notes on the move.md", "搬迁笔记.md"), "Markdown", 0, 3, 4'200);
    add("survey", "move", t("Survey 2019 (scan).pdf", "2019 年勘测（扫描）.pdf"), "PDF", 12, 9, 18'600'000);
    state.documents.back().scannedPages = QStringLiteral("3-9");
    add("offer", "move", t("Offer.docx", "报价.docx"), "Word", 3, 7, 88'000);
    state.documents.back().phase = LibraryDocument::Reading;
    state.documents.back().share = 0.4;
    add("bank", "move", t("Bank statement.pdf", "银行对账单.pdf"), "PDF", 0, 0, 310'000);
    state.documents.back().phase = LibraryDocument::Failed;
    state.documents.back().problem = {t("Needs a password", "需要密码"), t("Save a copy without the password, then read it again.", "另存一份不带密码的副本，然后重新读取。")};
    add("vaswani", "thesis", QStringLiteral("1706.03762.pdf"), "PDF", 15, 62, 2'215'000);
    state.documents.back().away = true;
    add("rope", "thesis", QStringLiteral("RoFormer.pdf"), "PDF", 14, 55, 572'000);
    state.import = {12, 18, 95, false, t("Offer.docx", "报价.docx"), {}};
    documents.library.tell();
}

QPoint chipAt(const UiBench &bench, int number) {
    for (QQuickItem *item : bench.all()) {
        if (!item->inherits("QQuickTextEdit")) continue;
        for (int y = 4; y < item->height(); y += 6)
            for (int x = 0; x < item->width(); x += 4) {
                QString link;
                QMetaObject::invokeMethod(item, "linkAt", Q_RETURN_ARG(QString, link), Q_ARG(qreal, x), Q_ARG(qreal, y));
                if (link == QStringLiteral("cite:%1").arg(number)) return item->mapToScene(QPointF(x + 3, y)).toPoint();
            }
    }
    return {};
}

}  // namespace pellucid::ui
