// Colours one line of code at a time.
#pragma once

#include <QStringView>
#include <vector>

#include "app/content/code_language.h"

namespace pellucid::app {

/// The five colours of the look; everything else has the ink of code.
enum class CodeToken { Keyword, Function, Number, String, Comment };

struct CodeSpan {
    int start = 0;
    int length = 0;
    CodeToken token = CodeToken::Keyword;
    bool operator==(const CodeSpan&) const = default;
};

/// A lexer of lines with one number of state between them, so that appending a line never looks at those
/// above. It is made for the eye, not for a compiler: whatever it does not know stays plain.
class CodeLexer {
public:
    /// nullptr: nothing is coloured.
    explicit CodeLexer(const CodeLanguage* language);

    /// Appends the spans of `line`, in order and without overlap, and returns the state after it. The first
    /// line has state 0.
    int line(QStringView line, int state, std::vector<CodeSpan>& spans) const;
    const CodeLanguage* language() const { return language_; }

private:
    struct Scan;
    int plain(Scan& scan, int state) const;
    int markup(Scan& scan, int state) const;
    int markdown(Scan& scan, int state) const;
    void diff(Scan& scan) const;
    bool comment(Scan& scan) const;
    bool string(Scan& scan, int& state) const;
    bool longString(Scan& scan, int& state) const;
    void word(Scan& scan) const;
    void number(Scan& scan) const;
    bool key(Scan& scan) const;
    bool isKeyword(QStringView word) const;

    const CodeLanguage* language_ = nullptr;
    std::vector<QLatin1String> keywords_;
    std::vector<QLatin1String> lineComments_;
    std::vector<QLatin1String> longQuotes_;
    QLatin1String blockOpen_;
    QLatin1String blockClose_;
    QLatin1String quotes_;
};

}  // namespace pellucid::app
