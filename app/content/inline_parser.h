// Inline Markdown of one block as styled runs.
#pragma once

#include <QString>
#include <QStringView>
#include <vector>

namespace pellucid::app {

/// A piece of text with one style.
struct InlineRun {
    enum class Kind : quint8 {
        Text,
        Code,      // text: the code
        Math,      // text: TeX without delimiters
        Break,     // a line break; text is empty
        Citation,  // text: the chip's label; only of withCitations (citation_runs.h)
    };
    Kind kind = Kind::Text;
    bool bold = false;
    bool italic = false;
    bool strike = false;
    bool display = false;  // Math: display style ($$ or \[ \] inside a paragraph)
    int number = 0;        // Citation: the mark's
    int doubt = 0;         // a doubted sentence's number; 0: none (citation_runs.h)
    QString text;
    QString link;  // http, https or mailto; other schemes are dropped, their text stays

    bool operator==(const InlineRun&) const = default;
};

enum class InlineMode {
    Complete,
    Streaming,  // the text goes on: what is open at its end (**bold, `code) is shown as if closed, lone
                // markers are hidden
};

/// Parses with cmark-gfm; formulas are taken out before and put back after, because Markdown eats their
/// backslashes. Raw HTML is text, except <br>. Line ends are breaks. Time is linear; `source` is a block's
/// text (a few KB).
std::vector<InlineRun> parseInline(QStringView source, InlineMode mode = InlineMode::Complete);

/// What copying the runs gives: plain text, formulas as $TeX$.
QString plainText(const std::vector<InlineRun>& runs);

}  // namespace pellucid::app
