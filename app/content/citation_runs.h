// Citation marks and doubted sentences in the runs of a block.
#pragma once

#include <QStringList>
#include <vector>

#include "app/content/inline_parser.h"

namespace pellucid::app {

/// "[3]" becomes a Citation run with labels[2]; a number without a label (or with an empty one) stays text.
/// The blanks before a mark go: it sticks to the word before it. Marks in code, formulas and links stay as
/// they are.
std::vector<InlineRun> withCitations(std::vector<InlineRun> runs, const QStringList& labels);

/// Gives `doubt` (index + 1) to the text of each of `sentences` (inline Markdown, marks included) that stands
/// in the runs; compared by letters and digits alone, so that marks and blanks do not matter. Returns the
/// indices found.
std::vector<int> markDoubts(std::vector<InlineRun>& runs, const QStringList& sentences);

}  // namespace pellucid::app
