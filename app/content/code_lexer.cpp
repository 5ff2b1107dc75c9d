#include "app/content/code_lexer.h"

#include <QStringTokenizer>
#include <algorithm>

namespace pellucid::app {
namespace {

// States between lines.
constexpr int kNormal = 0;
constexpr int kBlockComment = 1;
constexpr int kInTag = 2;
constexpr int kFence = 3;
constexpr int kLongString = 8;  // + index of the delimiter

bool isWordStart(QChar c) {
    return c.isLetter() || c == u'_' || c == u'$';
}
bool isWord(QChar c) {
    return c.isLetterOrNumber() || c == u'_' || c == u'$';
}

std::vector<QLatin1String> words(const char* text) {
    std::vector<QLatin1String> all;
    for (const QLatin1String word : qTokenize(QLatin1String(text), u' ', Qt::SkipEmptyParts))
        all.push_back(word);
    return all;
}

}  // namespace

struct CodeLexer::Scan {
    QStringView text;
    std::vector<CodeSpan>& spans;
    int at = 0;
    bool commandPosition = true;  // shell: the next word is a command
    bool sawKey = false;          // yaml, toml: this line's key is past

    bool done() const { return at >= text.size(); }
    QChar now() const { return text[at]; }
    QChar peek(int offset = 1) const {
        return at + offset < text.size() && at + offset >= 0 ? text[at + offset] : QChar();
    }
    bool starts(QLatin1String with) const { return !with.isEmpty() && text.sliced(at).startsWith(with); }
    void add(int from, int to, CodeToken token) {
        if (to > from) spans.push_back({from, to - from, token});
    }
    void rest(CodeToken token) {
        add(at, static_cast<int>(text.size()), token);
        at = static_cast<int>(text.size());
    }
    /// First character that is not white space from `from`.
    QChar nextInk(int from) const {
        for (int i = from; i < text.size(); ++i) {
            if (!text[i].isSpace()) return text[i];
        }
        return {};
    }
    bool atLineStart() const { return at == 0 || text.first(at).trimmed().isEmpty(); }
};

CodeLexer::CodeLexer(const CodeLanguage* language) : language_(language) {
    if (!language) return;
    keywords_ = words(language->keywords);
    std::sort(keywords_.begin(), keywords_.end());
    lineComments_ = words(language->lineComments);
    longQuotes_ = words(language->longQuotes);
    blockOpen_ = QLatin1String(language->blockOpen);
    blockClose_ = QLatin1String(language->blockClose);
    quotes_ = QLatin1String(language->quotes);
}

int CodeLexer::line(QStringView line, int state, std::vector<CodeSpan>& spans) const {
    if (!language_) return kNormal;
    Scan scan{line, spans};
    state = std::max(state, 0);
    switch (language_->mode) {
        case CodeLanguage::Diff:
            diff(scan);
            return kNormal;
        case CodeLanguage::Markdown:
            return markdown(scan, state);
        case CodeLanguage::Markup:
            return markup(scan, state);
        default:
            return plain(scan, state);
    }
}

int CodeLexer::plain(Scan& scan, int state) const {
    const auto mode = language_->mode;
    if (state == kBlockComment) {
        const qsizetype end = scan.text.indexOf(blockClose_);
        if (end < 0) {
            scan.rest(CodeToken::Comment);
            return state;
        }
        scan.at = static_cast<int>(end + blockClose_.size());
        scan.add(0, scan.at, CodeToken::Comment);
        state = kNormal;
    } else if (state >= kLongString && state - kLongString < static_cast<int>(longQuotes_.size())) {
        const QLatin1String quote = longQuotes_[static_cast<std::size_t>(state - kLongString)];
        qsizetype end = scan.text.indexOf(quote);
        while (end > 0 && scan.text[end - 1] == u'\\') end = scan.text.indexOf(quote, end + 1);
        if (end < 0) {
            scan.rest(CodeToken::String);
            return state;
        }
        scan.at = static_cast<int>(end + quote.size());
        scan.add(0, scan.at, CodeToken::String);
        state = kNormal;
    }
    if (mode == CodeLanguage::Toml && scan.nextInk(0) == u'[' && scan.at == 0) {
        scan.rest(CodeToken::Keyword);
        return state;
    }
    while (!scan.done()) {
        const QChar c = scan.now();
        if (!blockOpen_.isEmpty() && scan.starts(blockOpen_)) {
            const int from = scan.at;
            const qsizetype end = scan.text.indexOf(blockClose_, from + blockOpen_.size());
            if (end < 0) {
                scan.rest(CodeToken::Comment);
                return kBlockComment;
            }
            scan.at = static_cast<int>(end + blockClose_.size());
            scan.add(from, scan.at, CodeToken::Comment);
        } else if (comment(scan)) {
            return state;
        } else if (longString(scan, state)) {
            if (scan.done() && state != kNormal) return state;
        } else if (key(scan) || string(scan, state)) {
            scan.commandPosition = false;
        } else if (c.isDigit() || (c == u'.' && scan.peek().isDigit() && !isWord(scan.peek(-1)))) {
            number(scan);
        } else if (isWordStart(c)) {
            word(scan);
        } else if (c == u'@' && isWordStart(scan.peek())) {
            const int from = scan.at++;
            while (!scan.done() && (isWord(scan.now()) || scan.now() == u'.' || scan.now() == u'-'))
                ++scan.at;
            scan.add(from, scan.at, mode == CodeLanguage::Css ? CodeToken::Keyword : CodeToken::Function);
        } else if (c == u'#' && mode == CodeLanguage::Css) {
            const int from = scan.at++;
            while (!scan.done() && scan.now().isLetterOrNumber()) ++scan.at;
            if (const auto length = scan.at - from; length == 4 || length == 7 || length == 9)
                scan.add(from, scan.at, CodeToken::Number);
        } else if (c == u'#' && scan.atLineStart() && isWordStart(scan.peek()) &&
                   language_->mode == CodeLanguage::Plain) {
            // The preprocessor: #include <vector>, #define N 4, #[derive]
            const int from = scan.at++;
            const int begin = scan.at;
            while (!scan.done() && isWord(scan.now())) ++scan.at;
            scan.add(from, scan.at, CodeToken::Keyword);
            if (scan.text.sliced(begin, scan.at - begin) == u"include") {
                const qsizetype open = scan.text.indexOf(u'<', scan.at);
                const qsizetype close = open < 0 ? -1 : scan.text.indexOf(u'>', open);
                if (close > 0) {
                    scan.add(static_cast<int>(open), static_cast<int>(close + 1), CodeToken::String);
                    scan.at = static_cast<int>(close + 1);
                }
            }
        } else {
            if (!c.isSpace())
                scan.commandPosition = c == u'|' || c == u';' || c == u'&' || c == u'(' || c == u'`';
            ++scan.at;
        }
    }
    return state;
}

bool CodeLexer::comment(Scan& scan) const {
    for (const QLatin1String opener : lineComments_) {
        if (!scan.starts(opener)) continue;
        const bool hash = opener == QLatin1String("#") || opener == QLatin1String(";");
        // In shells, YAML and TOML a # inside a word is text: a#b, $#; in CSS "//" follows "http:".
        const bool wordLike = language_->mode == CodeLanguage::Shell ||
                              language_->mode == CodeLanguage::Yaml || language_->mode == CodeLanguage::Toml;
        if (hash && wordLike && scan.at > 0 && !scan.peek(-1).isSpace()) continue;
        if (language_->mode == CodeLanguage::Css && scan.at > 0 && scan.peek(-1) == u':') continue;
        scan.rest(CodeToken::Comment);
        return true;
    }
    return false;
}

bool CodeLexer::longString(Scan& scan, int& state) const {
    for (std::size_t i = 0; i < longQuotes_.size(); ++i) {
        const QLatin1String quote = longQuotes_[i];
        if (!scan.starts(quote)) continue;
        const int from = scan.at;
        qsizetype end = scan.text.indexOf(quote, from + quote.size());
        while (end > 0 && scan.text[end - 1] == u'\\') end = scan.text.indexOf(quote, end + 1);
        if (end < 0) {
            scan.rest(CodeToken::String);
            state = kLongString + static_cast<int>(i);
        } else {
            scan.at = static_cast<int>(end + quote.size());
            scan.add(from, scan.at, CodeToken::String);
        }
        return true;
    }
    return false;
}

bool CodeLexer::string(Scan& scan, int&) const {
    const QChar quote = scan.now();
    const bool rustChar = quote == u'\'' && !quotes_.contains(u'\'') &&
                          (scan.peek(2) == u'\'' || (scan.peek() == u'\\' && scan.peek(3) == u'\''));
    if (!rustChar && !quotes_.contains(quote)) return false;
    // An apostrophe inside a word is no quote (isn't, 1'000'000).
    if (quote == u'\'' && scan.at > 0 && isWord(scan.peek(-1)) && isWord(scan.peek())) {
        const QChar prefix = scan.peek(-1);
        const bool isPrefix = QStringView(u"rfbuRFBULx").contains(prefix) && !isWord(scan.peek(-2));
        if (!isPrefix) return false;
    }
    const int from = scan.at++;
    while (!scan.done() && scan.now() != quote)
        scan.at += scan.now() == u'\\' && language_->mode != CodeLanguage::Sql ? 2 : 1;
    scan.at = std::min<int>(scan.at + 1, static_cast<int>(scan.text.size()));
    scan.add(from, scan.at, CodeToken::String);
    return true;
}

/// Keys of JSON, YAML, TOML and CSS have the colour of functions.
bool CodeLexer::key(Scan& scan) const {
    const auto mode = language_->mode;
    const QChar c = scan.now();
    if (mode == CodeLanguage::Json && c == u'"') {
        int end = scan.at + 1;
        while (end < scan.text.size() && scan.text[end] != u'"') end += scan.text[end] == u'\\' ? 2 : 1;
        if (end >= scan.text.size() || scan.nextInk(end + 1) != u':') return false;
        scan.add(scan.at, end + 1, CodeToken::Function);
        scan.at = end + 1;
        return true;
    }
    if ((mode == CodeLanguage::Yaml || mode == CodeLanguage::Toml) && !scan.sawKey && !c.isSpace() &&
        c != u'-' && c != u'#' && c != u'"' && c != u'\'') {
        const QChar separator = mode == CodeLanguage::Yaml ? u':' : u'=';
        qsizetype end = scan.text.indexOf(separator, scan.at);
        while (mode == CodeLanguage::Yaml && end >= 0 && end + 1 < scan.text.size() &&
               !scan.text[end + 1].isSpace())
            end = scan.text.indexOf(separator, end + 1);
        scan.sawKey = true;
        if (end < 0) return false;
        const QStringView name = scan.text.sliced(scan.at, end - scan.at).trimmed();
        if (name.contains(u'"') || name.contains(u'#') || name.contains(u'{')) return false;
        scan.add(scan.at, scan.at + static_cast<int>(name.size()), CodeToken::Function);
        scan.at = static_cast<int>(end + 1);
        return true;
    }
    if (mode == CodeLanguage::Css && (c.isLetter() || c == u'-')) {
        int end = scan.at;
        while (end < scan.text.size() && (isWord(scan.text[end]) || scan.text[end] == u'-')) ++end;
        const bool property = end < scan.text.size() && scan.text[end] == u':' &&
                              (end + 1 == scan.text.size() || scan.text[end + 1].isSpace());
        if (property) scan.add(scan.at, end, CodeToken::Function);
        // Other words of CSS (a-b, flex-start) are taken whole, so that no part of them looks like a number.
        if (end == scan.at) return false;
        const QStringView name = scan.text.sliced(scan.at, end - scan.at);
        if (!property && isKeyword(name)) scan.add(scan.at, end, CodeToken::Keyword);
        if (!property && end < scan.text.size() && scan.text[end] == u'(')
            scan.add(scan.at, end, CodeToken::Function);
        scan.at = end;
        return true;
    }
    return false;
}

void CodeLexer::number(Scan& scan) const {
    const int from = scan.at;
    while (!scan.done()) {
        const QChar c = scan.now();
        const bool exponent = (c == u'-' || c == u'+') && (scan.peek(-1) == u'e' || scan.peek(-1) == u'E') &&
                              scan.text[from] != u'0' && scan.peek().isDigit();
        const bool separator = c == u'\'' && scan.peek().isDigit() && language_->mode == CodeLanguage::Plain;
        if (!isWord(c) && c != u'.' && c != u'%' && !exponent && !separator) break;
        if (c == u'%' && language_->mode != CodeLanguage::Css) break;
        if (c == u'.' && scan.peek() == u'.') break;
        ++scan.at;
    }
    scan.add(from, scan.at, CodeToken::Number);
    scan.commandPosition = false;
}

void CodeLexer::word(Scan& scan) const {
    const auto mode = language_->mode;
    const int from = scan.at;
    if (mode == CodeLanguage::Shell && scan.now() == u'$') {
        ++scan.at;
        if (!scan.done() && scan.now() == u'(') return;
        const bool braces = !scan.done() && scan.now() == u'{';
        while (!scan.done() && (braces ? scan.peek(-1) != u'}' || scan.at == from + 1 : isWord(scan.now())))
            ++scan.at;
        scan.add(from, scan.at, CodeToken::Number);
        return;
    }
    while (!scan.done() &&
           (isWord(scan.now()) || (mode == CodeLanguage::Shell && QStringView(u"-./+").contains(scan.now()))))
        ++scan.at;
    const QStringView name = scan.text.sliced(from, scan.at - from);
    const bool member = from > 0 && scan.text[from - 1] == u'.' && mode == CodeLanguage::Plain;
    if (mode == CodeLanguage::Shell) {
        const bool assignment = !scan.done() && scan.now() == u'=';
        if (isKeyword(name) && (scan.commandPosition || name.size() < 5)) {
            scan.add(from, scan.at, CodeToken::Keyword);
            // "then", "do", "sudo" are followed by a command.
            scan.commandPosition = name == u"then" || name == u"do" || name == u"else" || name == u"sudo" ||
                                   name == u"if" || name == u"while" || name == u"exec";
            return;
        }
        if (scan.commandPosition && !assignment) scan.add(from, scan.at, CodeToken::Function);
        scan.commandPosition = false;
        return;
    }
    if (!member && isKeyword(name)) {
        scan.add(from, scan.at, CodeToken::Keyword);
        return;
    }
    const bool call =
        mode != CodeLanguage::Yaml && mode != CodeLanguage::Toml && !scan.done() &&
        (scan.now() == u'(' || (scan.now() == u'!' && (scan.peek() == u'(' || scan.peek() == u'[')));
    if (call) scan.add(from, scan.at, CodeToken::Function);
}

bool CodeLexer::isKeyword(QStringView word) const {
    if (word.size() > 24) return false;
    const QString lower = language_->mode == CodeLanguage::Sql ? word.toString().toLower() : QString();
    const QStringView wanted = lower.isEmpty() ? word : QStringView(lower);
    const auto found = std::lower_bound(keywords_.begin(), keywords_.end(), wanted,
                                        [](QLatin1String a, QStringView b) { return b.compare(a) > 0; });
    return found != keywords_.end() && wanted == *found;
}

int CodeLexer::markup(Scan& scan, int state) const {
    while (!scan.done()) {
        if (state == kBlockComment || (state == kNormal && scan.starts(blockOpen_))) {
            const int from = scan.at;
            const qsizetype end = scan.text.indexOf(blockClose_, from);
            state = end < 0 ? kBlockComment : kNormal;
            scan.at =
                end < 0 ? static_cast<int>(scan.text.size()) : static_cast<int>(end + blockClose_.size());
            scan.add(from, scan.at, CodeToken::Comment);
        } else if (state == kInTag) {
            const QChar c = scan.now();
            if (c == u'>') {
                state = kNormal;
                ++scan.at;
            } else if (c == u'"' || c == u'\'') {
                const int from = scan.at;
                const qsizetype end = scan.text.indexOf(c, from + 1);
                scan.at = end < 0 ? static_cast<int>(scan.text.size()) : static_cast<int>(end + 1);
                scan.add(from, scan.at, CodeToken::String);
            } else if (isWordStart(c) || c == u':' || c == u'@') {
                const int from = scan.at;
                while (!scan.done() && (isWord(scan.now()) || QStringView(u"-:.@").contains(scan.now())))
                    ++scan.at;
                scan.add(from, scan.at, CodeToken::Function);
            } else {
                ++scan.at;
            }
        } else if (scan.now() == u'<' && (scan.peek().isLetter() || scan.peek() == u'/' ||
                                          scan.peek() == u'!' || scan.peek() == u'?')) {
            ++scan.at;
            if (!scan.now().isLetter()) ++scan.at;
            const int from = scan.at;
            while (!scan.done() && (isWord(scan.now()) || QStringView(u"-:.").contains(scan.now())))
                ++scan.at;
            scan.add(from, scan.at, CodeToken::Keyword);
            state = kInTag;
        } else if (scan.now() == u'&') {
            const qsizetype end = scan.text.indexOf(u';', scan.at);
            if (end > 0 && end - scan.at < 10) {
                scan.add(scan.at, static_cast<int>(end + 1), CodeToken::Number);
                scan.at = static_cast<int>(end);
            }
            ++scan.at;
        } else {
            ++scan.at;
        }
    }
    return state;
}

int CodeLexer::markdown(Scan& scan, int state) const {
    const QStringView trimmed = scan.text.trimmed();
    if (trimmed.startsWith(u"```") || trimmed.startsWith(u"~~~")) {
        scan.rest(CodeToken::String);
        return state == kFence ? kNormal : kFence;
    }
    if (state == kFence) {
        scan.rest(CodeToken::String);
        return state;
    }
    if (trimmed.startsWith(u'#')) {
        scan.rest(CodeToken::Keyword);
    } else if (trimmed.startsWith(u'>')) {
        scan.rest(CodeToken::Comment);
    } else {
        for (; !scan.done(); ++scan.at) {
            const QChar c = scan.now();
            if (c != u'`' && c != u'[') continue;
            const qsizetype end = scan.text.indexOf(c == u'`' ? u'`' : u']', scan.at + 1);
            if (end < 0) continue;
            scan.add(scan.at, static_cast<int>(end + 1), c == u'`' ? CodeToken::String : CodeToken::Function);
            scan.at = static_cast<int>(end);
        }
    }
    return state;
}

void CodeLexer::diff(Scan& scan) const {
    const QStringView text = scan.text;
    const auto head = [&](QStringView with) { return text.startsWith(with); };
    if (head(u"+++") || head(u"---") || head(u"diff ") || head(u"index ") || head(u"new file") ||
        head(u"deleted file"))
        scan.rest(CodeToken::Comment);
    else if (head(u"@@"))
        scan.rest(CodeToken::Function);
    else if (head(u"+"))
        scan.rest(CodeToken::String);
    else if (head(u"-"))
        scan.rest(CodeToken::Keyword);
}

}  // namespace pellucid::app
