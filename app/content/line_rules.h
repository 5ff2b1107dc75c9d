// What one line of Markdown may start: pure recognisers over a line's bytes, used by BlockScanner.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pellucid::app {

/// Walks the leading white space of a line by columns (a tab reaches to the next multiple of 4).
class LineCursor {
public:
    explicit LineCursor(std::string_view line) : line_(line) {}

    /// Columns of white space ahead; stops counting at 64.
    int indent() const;
    /// Consumes up to `columns` columns of white space, splitting a tab if need be.
    void skip(int columns);
    /// Consumes `bytes` bytes that are not white space.
    void take(std::size_t bytes);
    bool blank() const;
    /// What is left, without its leading white space.
    std::string_view trimmed() const;
    /// What is left, the rest of a split tab written as spaces.
    std::string rest() const;
    int column() const { return column_; }

private:
    std::string_view line_;
    std::size_t at_ = 0;
    int column_ = 0;
    int spare_ = 0;  // columns of a tab that were split off but not consumed
};

struct FenceOpening {
    char mark = 0;  // ` or ~
    int length = 0;
    std::string language;  // first word of the info string, lower case
};
struct ListMarker {
    bool ordered = false;
    char delimiter = 0;  // - + * or . )
    int number = 0;
    int width = 0;       // bytes of the marker itself
    bool empty = false;  // nothing but white space follows
};
struct AtxHeading {
    int level = 0;
    std::string_view text;
};
/// How a display formula opened; `closer` is what ends it.
struct MathOpening {
    std::string_view content;     // what follows the opening on the same line
    std::string closer;           // "$$", "\]" or "\end{align*}"
    bool keepDelimiters = false;  // for environments: the delimiters are part of the TeX
};

/// All take a line without its leading white space.
std::optional<FenceOpening> fenceOpening(std::string_view line);
bool closesFence(std::string_view line, char mark, int length);
std::optional<ListMarker> listMarker(std::string_view line);
std::optional<AtxHeading> atxHeading(std::string_view line);
bool isThematicBreak(std::string_view line);
/// 1 for ===, 2 for ---, 0 for neither.
int setextLevel(std::string_view line);
/// Columns of a table's delimiter row such as |:-|-:|, or 0.
int delimiterColumns(std::string_view line);
std::optional<MathOpening> mathOpening(std::string_view line);
/// Where the closing delimiter starts, or npos.
std::size_t findMathCloser(std::string_view line, std::string_view closer);
/// True while an unfinished line says too little to be shown: "1.", "**", "```py", "|--".
bool isAmbiguousStart(std::string_view line);

std::string_view trim(std::string_view text);
std::string_view trimEnd(std::string_view text);
/// True if no code span, formula or strong emphasis is open at the end of `text`: it may be split there.
bool isBalanced(std::string_view text);

}  // namespace pellucid::app
