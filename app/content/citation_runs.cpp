#include "app/content/citation_runs.h"

#include <QRegularExpression>

namespace pellucid::app {
namespace {

using Kind = InlineRun::Kind;

/// The letters and digits of the runs' text, and where each stands: run and character.
struct Letters {
    QString text;
    std::vector<std::pair<std::size_t, qsizetype>> from;
};

Letters lettersOf(const std::vector<InlineRun>& runs) {
    Letters letters;
    for (std::size_t run = 0; run < runs.size(); ++run) {
        if (runs[run].kind == Kind::Citation || runs[run].kind == Kind::Break) continue;
        const QString& text = runs[run].text;
        for (qsizetype i = 0; i < text.size(); ++i) {
            if (!text[i].isLetterOrNumber() && !text[i].isSurrogate()) continue;
            letters.text += text[i];
            letters.from.emplace_back(run, i);
        }
    }
    return letters;
}

QString withoutMarks(QString sentence) {
    static const QRegularExpression mark(QStringLiteral("\\[\\d{1,3}\\]"));
    return sentence.remove(mark);
}

}  // namespace

std::vector<InlineRun> withCitations(std::vector<InlineRun> runs, const QStringList& labels) {
    if (labels.isEmpty()) return runs;
    static const QRegularExpression mark(QStringLiteral("\\s*\\[(\\d{1,3})\\]"));
    std::vector<InlineRun> out;
    out.reserve(runs.size());
    for (InlineRun& run : runs) {
        if (run.kind != Kind::Text || !run.link.isEmpty() || !run.text.contains(u'[')) {
            out.push_back(std::move(run));
            continue;
        }
        qsizetype from = 0;
        const auto piece = [&](qsizetype begin, qsizetype end) {
            if (end <= begin) return;
            out.push_back(run);
            out.back().text = run.text.sliced(begin, end - begin);
        };
        for (auto matches = mark.globalMatch(run.text); matches.hasNext();) {
            const auto match = matches.next();
            const int number = match.captured(1).toInt();
            if (number < 1 || number > labels.size() || labels[number - 1].isEmpty()) continue;
            piece(from, match.capturedStart());
            InlineRun cited;
            cited.kind = Kind::Citation;
            cited.number = number;
            cited.text = labels[number - 1];
            out.push_back(std::move(cited));
            from = match.capturedEnd();
        }
        piece(from, run.text.size());
    }
    return out;
}

std::vector<int> markDoubts(std::vector<InlineRun>& runs, const QStringList& sentences) {
    std::vector<int> found;
    for (int index = 0; index < sentences.size(); ++index) {
        const Letters all = lettersOf(runs);
        const Letters wanted = lettersOf(parseInline(withoutMarks(sentences[index])));
        if (wanted.text.isEmpty()) continue;
        const qsizetype at = all.text.indexOf(wanted.text);
        if (at < 0) continue;
        const auto [firstRun, firstAt] = all.from[static_cast<std::size_t>(at)];
        const auto [lastRun, lastAt] = all.from[static_cast<std::size_t>(at + wanted.text.size() - 1)];
        // The stop at its end belongs to it.
        qsizetype end = lastAt + 1;
        const QString& text = runs[lastRun].text;
        while (end < text.size() && text[end].isPunct() && text[end] != u'[' && text[end] != u'(') ++end;
        std::vector<InlineRun> out;
        out.reserve(runs.size() + 2);
        for (std::size_t run = 0; run < runs.size(); ++run) {
            const qsizetype size = runs[run].text.size();
            const qsizetype from = run < firstRun || run > lastRun ? size : run == firstRun ? firstAt : 0;
            const qsizetype to = run == lastRun ? end : size;
            if (runs[run].kind != Kind::Text || from >= size) {
                out.push_back(runs[run]);
                continue;
            }
            const auto piece = [&](qsizetype begin, qsizetype stop, int doubt) {
                if (stop <= begin) return;
                out.push_back(runs[run]);
                out.back().text = runs[run].text.sliced(begin, stop - begin);
                if (doubt > 0) out.back().doubt = doubt;
            };
            piece(0, from, 0);
            piece(from, to, index + 1);
            piece(to, size, 0);
        }
        runs = std::move(out);
        found.push_back(index);
    }
    return found;
}

}  // namespace pellucid::app
