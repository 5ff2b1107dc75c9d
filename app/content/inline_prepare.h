// What must happen to inline Markdown before a CommonMark parser may see it.
#pragma once

#include <QString>
#include <QStringView>
#include <vector>

namespace pellucid::app {

/// Noncharacters and one rare space stand for what was taken out; none of them survives in text.
namespace mark {
constexpr char16_t kBreak = 0xFDD0;      // a line end
constexpr char16_t kMathBegin = 0xFDD1;  // then the formula's number in kDigit characters, then kMathEnd
constexpr char16_t kMathEnd = 0xFDD2;
constexpr char16_t kEnd = 0xFDD3;    // keeps the end from being trimmed
constexpr char16_t kDigit = 0xFDE0;  // … 0xFDEF
constexpr char16_t kSplit =
    0x1680;  // OGHAM SPACE MARK: white space to CommonMark, put beside ** to force its side
}  // namespace mark

struct PreparedMath {
    QString tex;
    bool display = false;
};

struct PreparedInline {
    QString markdown;  // on one line
    std::vector<PreparedMath> maths;
};

/// Takes formulas out ($…$ unless it reads like money, $$…$$, \(…\), \[…\]), joins lines by kBreak, and helps
/// `**` beside Chinese: CommonMark's flanking rule does not see **“引号”**后 as bold. `streaming`: closes
/// what is open.
PreparedInline prepareInline(QStringView source, bool streaming);

}  // namespace pellucid::app
