#include "app/base/wording.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTextBoundaryFinder>

namespace pellucid::app {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("pellucid::app", text);
}

constexpr int kTitleLength = 60;

}  // namespace

QString countText(qint64 count) {
    return QLocale().toString(count);
}

QString clockText(qint64 milliseconds) {
    const qint64 seconds = milliseconds / 1000;
    const auto two = [](qint64 value) { return QString::number(value).rightJustified(2, u'0'); };
    if (seconds < 3600) return QString::number(seconds / 60) + u':' + two(seconds % 60);
    return QString::number(seconds / 3600) + u':' + two(seconds / 60 % 60) + u':' + two(seconds % 60);
}

QString durationText(double seconds) {
    const qint64 whole = qRound64(seconds);
    if (seconds < 10 && seconds > 0) return tr("%1 s").arg(QLocale().toString(seconds, 'f', 1));
    if (whole < 60) return tr("%1 s").arg(whole);
    if (whole < 3600) return tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    return tr("%1 h %2 min").arg(whole / 3600).arg(whole / 60 % 60);
}

QString secondsText(double seconds) {
    return tr("%1 s").arg(QLocale().toString(seconds, 'f', seconds < 10 ? 2 : 1));
}

QString gibibytesText(double bytes, int decimals) {
    return tr("%1 GiB").arg(QLocale().toString(bytes / (1024.0 * 1024 * 1024), 'f', decimals));
}

QString sentences(const QString& first, const QString& second) {
    if (first.isEmpty() || second.isEmpty()) return first + second;
    static const QString ends = QStringLiteral("。！？：；");
    return ends.contains(first.back()) ? first + second : first + u' ' + second;
}

QString titleFromQuestion(const QString& question) {
    // The first line that says something, without the signs of a heading, list or quote.
    QString line;
    for (const QString& candidate : question.split(u'\n')) {
        line = candidate.simplified();
        while (!line.isEmpty() && QStringLiteral("#>*-`").contains(line.front()))
            line = line.mid(1).trimmed();
        if (!line.isEmpty()) break;
    }
    QTextBoundaryFinder sentences(QTextBoundaryFinder::Sentence, line);
    const qsizetype end = sentences.toNextBoundary();
    if (end > 0) line = line.left(end).trimmed();
    while (line.endsWith(u'.') || line.endsWith(u'。') || line.endsWith(u':') || line.endsWith(u'：'))
        line.chop(1);
    if (line.size() <= kTitleLength) return line;
    // Cut where a word ends; a text without spaces (Chinese) between characters.
    QTextBoundaryFinder words(QTextBoundaryFinder::Word, line);
    words.setPosition(kTitleLength);
    qsizetype cut = words.isAtBoundary() ? kTitleLength : words.toPreviousBoundary();
    if (cut < kTitleLength / 2) {
        QTextBoundaryFinder characters(QTextBoundaryFinder::Grapheme, line);
        characters.setPosition(kTitleLength);
        cut = characters.isAtBoundary() ? kTitleLength : characters.toPreviousBoundary();
    }
    return line.left(cut).trimmed() + u'…';
}

}  // namespace pellucid::app
