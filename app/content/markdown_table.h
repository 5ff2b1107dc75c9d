// The cells of a table block.
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace pellucid::app {

enum class ColumnAlignment { Left, Center, Right };

struct MarkdownTable {
    QList<ColumnAlignment> alignments;
    QList<QStringList>
        rows;  // each cell is inline Markdown; rows[0] is the head; all rows have as many cells as it
};

/// Reads the source lines of a table block, complete or still growing (a head without its delimiter row). A
/// column without an alignment of its own whose cells are all numbers stands right, as numbers should.
MarkdownTable parseTable(const QString& source);

/// The cells of one line; `\|` and | inside code are text.
QStringList tableCells(QStringView line);

}  // namespace pellucid::app
