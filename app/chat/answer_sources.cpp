#include "app/chat/answer_sources.h"

#include <QJsonArray>
#include <algorithm>

namespace pellucid::app {

namespace {

QJsonObject toJson(const FoundPassage& passage) {
    QJsonObject json{{QStringLiteral("document"), passage.document},
                     {QStringLiteral("name"), passage.name},
                     {QStringLiteral("first"), static_cast<double>(passage.first)},
                     {QStringLiteral("last"), static_cast<double>(passage.last)},
                     {QStringLiteral("text"), passage.text}};
    const auto put = [&](const char* key, const QJsonValue& value, bool said) {
        if (said) json.insert(QLatin1String(key), value);
    };
    put("number", passage.number, passage.number > 0);
    put("headings", passage.headings, !passage.headings.isEmpty());
    put("label", passage.pageLabel, !passage.pageLabel.isEmpty());
    put("page", passage.page, passage.page >= 0);
    put("cited", true, passage.cited);
    QJsonArray evidence;
    for (const EvidenceSpan& span : passage.evidence)
        evidence.append(QJsonArray{static_cast<double>(span.first), static_cast<double>(span.last)});
    put("evidence", evidence, !evidence.isEmpty());
    put("wordRank", passage.wordRank, passage.wordRank > 0);
    put("wordScore", passage.wordScore, passage.wordRank > 0);
    put("meaningRank", passage.meaningRank, passage.meaningRank > 0);
    put("meaningScore", passage.meaningScore, passage.meaningRank > 0);
    put("fused", passage.fusedScore, passage.fusedScore != 0);
    put("rerank", passage.rerankScore, passage.rerankScore >= 0);
    put("left", static_cast<int>(passage.left), passage.left != FoundPassage::Given);
    return json;
}

FoundPassage passageFrom(const QJsonObject& json) {
    FoundPassage passage;
    passage.number = std::max(0, json[QLatin1String("number")].toInt());
    passage.document = json[QLatin1String("document")].toString();
    passage.name = json[QLatin1String("name")].toString();
    passage.headings = json[QLatin1String("headings")].toString();
    passage.pageLabel = json[QLatin1String("label")].toString();
    passage.page = std::max(-1, json[QLatin1String("page")].toInt(-1));
    const auto bytes = [](const QJsonValue& value) {
        return static_cast<quint32>(std::clamp(value.toDouble(), 0.0, 4294967295.0));
    };
    const auto at = [&](const char* key) { return bytes(json[QLatin1String(key)]); };
    passage.first = at("first");
    passage.last = std::max(passage.first, at("last"));
    passage.text = json[QLatin1String("text")].toString();
    passage.cited = json[QLatin1String("cited")].toBool();
    for (const auto& span : json[QLatin1String("evidence")].toArray())
        passage.addEvidence(bytes(span.toArray().at(0)), bytes(span.toArray().at(1)));
    passage.wordRank = std::max(0, json[QLatin1String("wordRank")].toInt());
    passage.wordScore = json[QLatin1String("wordScore")].toDouble();
    passage.meaningRank = std::max(0, json[QLatin1String("meaningRank")].toInt());
    passage.meaningScore = json[QLatin1String("meaningScore")].toDouble();
    passage.fusedScore = json[QLatin1String("fused")].toDouble();
    passage.rerankScore = json[QLatin1String("rerank")].toDouble(-1);
    passage.left = static_cast<FoundPassage::Left>(
        std::clamp<int>(json[QLatin1String("left")].toInt(), 0, FoundPassage::TooFar));
    return passage;
}

template <typename From>
auto listFrom(const QJsonValue& value, From from) {
    std::vector<decltype(from(QJsonObject()))> list;
    for (const auto& entry : value.toArray()) list.push_back(from(entry.toObject()));
    return list;
}

}  // namespace

void FoundPassage::addEvidence(quint32 from, quint32 to) {
    if (from >= to || from < first || to > last) return;
    std::erase_if(evidence, [&](const EvidenceSpan& span) {
        if (span.last < from || to < span.first) return false;
        from = std::min(from, span.first);
        to = std::max(to, span.last);
        return true;
    });
    const auto after = std::find_if(evidence.begin(), evidence.end(),
                                    [&](const EvidenceSpan& span) { return span.first > from; });
    evidence.insert(after, {from, to});
}

const FoundPassage* AnswerSources::numbered(int number) const {
    for (const FoundPassage& passage : passages)
        if (passage.number == number && number > 0) return &passage;
    return nullptr;
}

QJsonObject answerSourcesToJson(const AnswerSources& sources) {
    QJsonArray passages, others, sentences;
    for (const FoundPassage& passage : sources.passages) passages.append(toJson(passage));
    for (const FoundPassage& passage : sources.others) others.append(toJson(passage));
    for (const CheckedSentence& sentence : sources.sentences)
        sentences.append(QJsonObject{{QStringLiteral("verdict"), static_cast<int>(sentence.verdict)},
                                     {QStringLiteral("text"), sentence.text},
                                     {QStringLiteral("number"), sentence.number},
                                     {QStringLiteral("differs"), sentence.differs}});
    return {{QStringLiteral("passages"), passages},
            {QStringLiteral("others"), others},
            {QStringLiteral("sentences"), sentences},
            {QStringLiteral("searched"), sources.searched},
            {QStringLiteral("whole"), sources.whole},
            {QStringLiteral("checked"), sources.checked},
            {QStringLiteral("scope"), sources.scope},
            {QStringLiteral("suspicious"), QJsonArray::fromStringList(sources.suspicious)}};
}

AnswerSources answerSourcesFromJson(const QJsonObject& json) {
    AnswerSources sources;
    sources.passages = listFrom(json[QLatin1String("passages")], passageFrom);
    sources.others = listFrom(json[QLatin1String("others")], passageFrom);
    sources.sentences = listFrom(json[QLatin1String("sentences")], [](const QJsonObject& entry) {
        CheckedSentence sentence;
        sentence.verdict = static_cast<CheckedSentence::Verdict>(
            std::clamp<int>(entry[QLatin1String("verdict")].toInt(), 0, CheckedSentence::Differs));
        sentence.text = entry[QLatin1String("text")].toString();
        sentence.number = std::max(0, entry[QLatin1String("number")].toInt());
        sentence.differs = entry[QLatin1String("differs")].toString();
        return sentence;
    });
    sources.searched = std::max(0, json[QLatin1String("searched")].toInt());
    sources.whole = json[QLatin1String("whole")].toBool();
    sources.checked = json[QLatin1String("checked")].toBool();
    sources.scope = json[QLatin1String("scope")].toString();
    for (const auto& words : json[QLatin1String("suspicious")].toArray())
        sources.suspicious.append(words.toString());
    return sources;
}

}  // namespace pellucid::app
