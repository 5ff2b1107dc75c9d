#include "app/chat/sources_wording.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>

namespace pellucid::app {

namespace {

QString tr(const char* text, const char* comment = nullptr) {
    return QCoreApplication::translate("pellucid::app::AnswerSources", text, comment);
}

bool severalDocuments(const AnswerSources& sources) {
    return std::ranges::any_of(sources.passages, [&](const FoundPassage& passage) {
        return passage.document != sources.passages.front().document;
    });
}

QString headingOf(const FoundPassage& passage, bool several) {
    const QString last = passage.headings.section(QStringLiteral(" > "), -1);
    if (last.isEmpty()) return passage.name;
    return several ? passage.name + QStringLiteral(" · ") + last : last;
}

QString placeOf(const FoundPassage& passage) {
    return passage.pageLabel.isEmpty() ? QString::fromLatin1("") : tr("Page %1").arg(passage.pageLabel);
}

/// What of the passage bears out the answer, else all of it. A table's header stands before its range.
QString wordsOf(const FoundPassage& passage) {
    if (passage.evidence.empty()) return passage.text;
    const QByteArray bytes = passage.text.toUtf8();
    const qsizetype header = std::max<qsizetype>(0, bytes.size() - (passage.last - passage.first));
    const EvidenceSpan& span = passage.evidence.front();
    const QString words =
        QString::fromUtf8(bytes.mid(header + (span.first - passage.first), span.last - span.first));
    return words.isEmpty() ? passage.text : words;
}

/// One line of its words, in quotes; the view cuts it to its room.
QString quoteOf(const FoundPassage& passage) {
    QString words = wordsOf(passage).simplified();
    if (words.size() > 160) words = words.first(160).trimmed() + u'…';
    return tr("“%1”", "a quotation").arg(words);
}

QString ranked(int rank, double score, int decimals) {
    return rank == 0
               ? QString::fromLatin1("")
               : QLocale().toString(rank) + QStringLiteral(" · ") + QLocale().toString(score, 'f', decimals);
}

QString whyOf(const FoundPassage& passage) {
    switch (passage.left) {
        case FoundPassage::NoRoom:
            return tr("Left out: no room in the context");
        case FoundPassage::Repeats:
            return tr("Left out: repeats another passage");
        case FoundPassage::TooFar:
            return tr("Left out: too far from the question");
        case FoundPassage::Given:
            break;
    }
    if (passage.wordRank > 0 && passage.meaningRank > 0) return tr("Found by its words and its meaning");
    if (passage.wordRank > 0) return tr("Found by its words");
    return passage.meaningRank > 0 ? tr("Found by its meaning") : tr("Part of what was given whole");
}

}  // namespace

QStringList citationLabels(const AnswerSources& sources) {
    QStringList labels;
    for (const FoundPassage& passage : sources.passages) {
        if (passage.number <= 0 || passage.number > 999) continue;
        while (labels.size() < passage.number) labels.append(QString());
        const QString number = QString::number(passage.number);
        labels[passage.number - 1] =
            passage.pageLabel.isEmpty()
                ? number
                : tr("%1 · p. %2", "number of a citation, page").arg(number, passage.pageLabel);
    }
    return labels;
}

QVariantList doubtList(const AnswerSources& sources) {
    QVariantList doubts;
    for (const CheckedSentence& sentence : sources.sentences) {
        if (sentence.verdict == CheckedSentence::Supported) continue;
        const bool differs = sentence.verdict == CheckedSentence::Differs && !sentence.differs.isEmpty();
        doubts.append(QVariantMap{
            {QStringLiteral("text"), sentence.text},
            {QStringLiteral("note"), differs ? tr("The document says it otherwise: %1").arg(sentence.differs)
                                             : tr("Not in the document. Treat it as a guess.")}});
    }
    return doubts;
}

QVariantList passageList(const AnswerSources& sources) {
    QVariantList list;
    if (sources.passages.empty()) return list;
    const bool several = severalDocuments(sources);
    for (const FoundPassage& passage : sources.passages)
        list.append(QVariantMap{{QStringLiteral("number"), passage.number},
                                {QStringLiteral("heading"), headingOf(passage, several)},
                                {QStringLiteral("quote"), quoteOf(passage)},
                                {QStringLiteral("place"), placeOf(passage)},
                                {QStringLiteral("cited"), passage.cited}});
    return list;
}

QString passagesText(const AnswerSources& sources) {
    const QString counts = tr("%1 of %2")
                               .arg(QLocale().toString(static_cast<qulonglong>(sources.passages.size())),
                                    QLocale().toString(sources.searched));
    if (sources.whole) return tr("the whole document was read");
    return sources.searched > 0 ? counts + QStringLiteral(" · ") + tr("all pages searched") : QString();
}

QString sourcesNotice(const AnswerSources& sources) {
    if (!sources.suspicious.isEmpty())
        return tr("A document gives orders to the model: “%1”. They were read as text and not followed.")
            .arg(sources.suspicious.front());
    if (sources.passages.empty()) return tr("Nothing in the documents fits this question.");
    return {};
}

QVariantList retrievalList(const AnswerSources& sources) {
    QVariantList list;
    const bool several = !sources.passages.empty() && severalDocuments(sources);
    const auto add = [&](const FoundPassage& passage) {
        list.append(
            QVariantMap{{QStringLiteral("number"), passage.number},
                        {QStringLiteral("heading"), headingOf(passage, several)},
                        {QStringLiteral("place"), placeOf(passage)},
                        {QStringLiteral("quote"), quoteOf(passage)},
                        {QStringLiteral("words"), ranked(passage.wordRank, passage.wordScore, 1)},
                        {QStringLiteral("meaning"), ranked(passage.meaningRank, passage.meaningScore, 2)},
                        {QStringLiteral("reranked"), passage.rerankScore < 0
                                                         ? QString::fromLatin1("")
                                                         : QLocale().toString(passage.rerankScore, 'f', 2)},
                        {QStringLiteral("why"), whyOf(passage)},
                        {QStringLiteral("given"), passage.left == FoundPassage::Given}});
    };
    for (const FoundPassage& passage : sources.passages) add(passage);
    for (const FoundPassage& passage : sources.others) add(passage);
    return list;
}

}  // namespace pellucid::app
