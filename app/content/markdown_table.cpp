#include "app/content/markdown_table.h"

#include <QRegularExpression>

namespace pellucid::app {
namespace {

constexpr qsizetype kMaxColumns = 64;

bool isNumber(const QString& cell) {
    static const QRegularExpression kNumber(
        QStringLiteral("^[*_`~\\s]*[-+\\x{2212}\\x{00B1}\\x{2248}~<>\\x{2264}\\x{2265}]?\\s*[$\\x{20AC}\\x{"
                       "00A3}\\x{00A5}]?\\d[\\d,.\\x{00A0}\\x{202F}' ]*(e[-+]?\\d+)?\\s*"
                       "(%|\\x{2030}|[kKMGT]i?B|[a-zA-Z\\x{00B5}\\x{00B0}/]{1,5})?[*_`~\\s]*$"));
    return cell.isEmpty() || cell == u"-" || cell == u"–" || cell == u"—" || kNumber.match(cell).hasMatch();
}

}  // namespace

QStringList tableCells(QStringView line) {
    line = line.trimmed();
    if (line.startsWith(u'|')) line = line.sliced(1);
    QStringList cells;
    QString cell;
    qsizetype ticks = 0;  // length of the open code span's marker
    for (qsizetype i = 0; i < line.size(); ++i) {
        const QChar c = line[i];
        if (c == u'\\' && i + 1 < line.size() && line[i + 1] == u'|') {
            cell += u'|';
            ++i;
        } else if (c == u'\\' && i + 1 < line.size()) {
            cell += c;
            cell += line[++i];
        } else if (c == u'`') {
            qsizetype run = 1;
            while (i + run < line.size() && line[i + run] == u'`') ++run;
            // A span protects a | only if it closes before the line ends.
            if (ticks == 0 && line.indexOf(QString(run, u'`'), i + run) >= 0)
                ticks = run;
            else if (ticks == run)
                ticks = 0;
            cell += line.sliced(i, run);
            i += run - 1;
        } else if (c == u'|' && ticks == 0) {
            cells << cell.trimmed();
            cell.clear();
        } else {
            cell += c;
        }
    }
    if (!cell.trimmed().isEmpty() || cells.isEmpty()) cells << cell.trimmed();
    return cells;
}

MarkdownTable parseTable(const QString& source) {
    MarkdownTable table;
    const QStringList lines = source.split(u'\n');
    QStringList head = tableCells(lines[0]);
    if (head.size() > kMaxColumns) head.resize(kMaxColumns);
    const qsizetype columns = head.size();
    table.rows << head;
    QList<bool> given(columns, false);
    table.alignments.fill(ColumnAlignment::Left, columns);
    if (lines.size() > 1) {
        const QStringList marks = tableCells(lines[1]);
        for (qsizetype i = 0; i < std::min(columns, marks.size()); ++i) {
            const bool left = marks[i].startsWith(u':'), right = marks[i].endsWith(u':');
            given[i] = left || right;
            table.alignments[i] = left && right ? ColumnAlignment::Center
                                  : right       ? ColumnAlignment::Right
                                                : ColumnAlignment::Left;
        }
    }
    for (qsizetype i = 2; i < lines.size(); ++i) {
        QStringList cells = tableCells(lines[i]);
        while (cells.size() < columns) cells << QString();
        cells.resize(columns);
        table.rows << cells;
    }
    for (qsizetype column = 0; column < columns; ++column) {
        if (given[column] || table.rows.size() < 2) continue;
        bool numbers = false;
        bool all = true;
        for (qsizetype row = 1; row < table.rows.size() && all; ++row) {
            all = isNumber(table.rows[row][column]);
            numbers |= !table.rows[row][column].isEmpty();
        }
        if (all && numbers) table.alignments[column] = ColumnAlignment::Right;
    }
    return table;
}

}  // namespace pellucid::app
