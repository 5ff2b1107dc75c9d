// The languages that code blocks colour: data for CodeLexer.
#pragma once

#include <QStringList>
#include <QStringView>

namespace pellucid::app {

/// How strings, comments and numbers of a language look, and its words. Everything the line lexer needs.
struct CodeLanguage {
    const char* name;
    const char* aliases;       // space separated, lower case, `name` included
    const char* keywords;      // space separated
    const char* lineComments;  // space separated openers, such as "//"
    const char* blockOpen;     // opener of a comment over several lines, or ""
    const char* blockClose;
    const char* quotes;      // characters that open a string which ends on its line
    const char* longQuotes;  // space separated delimiters of strings over several lines: """ '''
    enum Mode { Plain, Markup, Css, Yaml, Toml, Json, Diff, Markdown, Shell, Sql } mode;
};

/// The language called `name` in a fence's info string, or nullptr: then the code is plain.
const CodeLanguage* codeLanguage(QStringView name);
QStringList codeLanguageNames();

}  // namespace pellucid::app
