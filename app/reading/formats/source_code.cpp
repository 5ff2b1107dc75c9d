// Source code, cut at its functions, classes and sections, each block named by what it is. No language is
// parsed: a line that begins a definition is known by its shape, and its end by braces or by indentation.
#include <algorithm>
#include <cctype>
#include <set>

#include "app/reading/formats/format.h"

namespace pellucid::reading {

namespace {

bool word_char(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

std::string_view trimmed(std::string_view line) {
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == line.npos) return {};
    return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

/// The word at `at`, with "::", "." and "~" inside a name.
std::string name_at(std::string_view text, std::size_t at) {
    while (at < text.size() && text[at] == ' ') ++at;
    std::size_t end = at;
    while (end < text.size() &&
           (word_char(text[end]) || text[end] == ':' || text[end] == '.' || text[end] == '~'))
        ++end;
    std::string name(text.substr(at, end - at));
    while (!name.empty() && (name.back() == ':' || name.back() == '.')) name.pop_back();
    return name;
}

/// What a line that begins with one of these words defines.
std::string keyword_definition(std::string_view line) {
    static const std::set<std::string_view> kModifiers = {
        "export",   "default",  "public", "private",    "protected", "static", "async",
        "abstract", "final",    "pub",    "pub(crate)", "unsafe",    "inline", "constexpr",
        "const",    "template", "open",   "override",   "sealed",    "data",   "local"};
    static const std::set<std::string_view> kWords = {
        "def",      "class",     "struct",   "enum",      "union",  "interface", "trait", "impl",
        "fn",       "func",      "function", "namespace", "module", "package",   "fun",   "object",
        "protocol", "extension", "type",     "sub",       "macro",  "CREATE",    "create"};
    for (int guard = 0; guard < 8; ++guard) {
        const std::size_t end = line.find_first_of(" \t(<:{");
        const std::string_view word = line.substr(0, end == line.npos ? line.size() : end);
        if (kModifiers.contains(word) && end != line.npos) {
            line = trimmed(line.substr(end));
            continue;
        }
        if (!kWords.contains(word) || end == line.npos || line[end] != ' ') return {};
        std::string_view rest = trimmed(line.substr(end));
        if (word == "CREATE" || word == "create") {  // CREATE TABLE name
            const std::size_t next = rest.find(' ');
            if (next == rest.npos) return {};
            return std::string(rest.substr(0, std::min(rest.find('('), rest.size())));
        }
        if ((word == "func" || word == "impl") && !rest.empty() &&
            (rest[0] == '(' || rest[0] == '<')) {  // Go receivers, Rust generics
            const std::size_t close = rest.find(rest[0] == '(' ? ')' : '>');
            if (close != rest.npos) rest = trimmed(rest.substr(close + 1));
        }
        if (word == "class" && rest.starts_with("Q_")) return {};
        return name_at(rest, 0);
    }
    return {};
}

/// C's shape: words, a name and "(" on a line that ends in "{" or begins a definition that soon has one.
std::string c_definition(std::string_view line) {
    static const std::set<std::string_view> kNot = {"if",   "for",    "while", "switch", "return",
                                                    "else", "do",     "catch", "case",   "sizeof",
                                                    "new",  "delete", "throw", "using",  "typedef"};
    const std::size_t paren = line.find('(');
    if (paren == line.npos || paren == 0 || line.back() == ';' || line.find('=') < paren) return {};
    std::size_t first = paren;
    while (first > 0 && line[first - 1] == ' ') --first;
    const std::size_t end = first;
    while (first > 0 && (word_char(line[first - 1]) || line[first - 1] == ':' || line[first - 1] == '~'))
        --first;
    const std::string_view name = line.substr(first, end - first);
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0])) || kNot.contains(name)) return {};
    const std::size_t word_end = line.find_first_of(" (");
    if (kNot.contains(line.substr(0, word_end))) return {};
    return std::string(name);
}

/// Depth of braces over the lines, strings and comments left out.
class Braces {
public:
    void line(std::string_view text) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            if (comment_) {
                if (c == '*' && i + 1 < text.size() && text[i + 1] == '/') comment_ = false, ++i;
                continue;
            }
            if (quote_ != 0) {
                if (c == '\\')
                    ++i;
                else if (c == quote_)
                    quote_ = 0;
                continue;
            }
            if (c == '/' && i + 1 < text.size() && text[i + 1] == '/') break;
            if (c == '/' && i + 1 < text.size() && text[i + 1] == '*')
                comment_ = true, ++i;
            else if (c == '"' || (c == '\'' && !(i > 0 && word_char(text[i - 1]))))
                quote_ = c;
            else if (c == '{')
                ++depth_;
            else if (c == '}')
                depth_ = std::max(0, depth_ - 1);
        }
        if (quote_ != '`') quote_ = 0;  // strings end with their line
    }
    int depth() const { return depth_; }

private:
    int depth_ = 0;
    char quote_ = 0;
    bool comment_ = false;
};

bool comment_line(std::string_view line) {
    return line.starts_with("//") || line.starts_with("#") || line.starts_with("/*") ||
           line.starts_with("*") || line.starts_with("--") || line.starts_with("@") ||
           line.starts_with("template") || line.starts_with("[[") || line.starts_with("\"\"\"");
}

}  // namespace

Result<void> read_source(std::string_view text, std::string_view extension, DocumentBuilder& out) {
    static const std::set<std::string_view> kData = {"json", "jsonl", "yaml",  "yml", "toml",
                                                     "ini",  "cfg",   "conf",  "xml", "css",
                                                     "scss", "diff",  "patch", "bib", "svg"};
    static const std::set<std::string_view> kIndented = {"py", "pyi", "rb", "jl", "lua",
                                                         "ex", "exs", "r",  "hs", "ml"};
    const bool data = kData.contains(extension), indented = kIndented.contains(extension);
    constexpr std::size_t kLongest = 200;  // lines of a block; data is cut there, and long definitions too

    std::vector<std::string_view> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    std::vector<std::pair<std::string, std::size_t>>
        scopes;  // names of classes and the like around, with indent or depth
    Braces braces;
    std::size_t begun = 0;  // the first line of the block
    std::string symbol;
    const auto flush = [&](std::size_t end) {
        while (begun < end && trimmed(lines[begun]).empty()) ++begun;
        if (begun < end) {
            const char* first = lines[begun].data();
            const char* last = lines[end - 1].data() + lines[end - 1].size();
            out.add(BlockKind::code, 0, std::string_view(first, static_cast<std::size_t>(last - first)),
                    symbol);
        }
        begun = end;
    };
    for (std::size_t i = 0; i < lines.size() && !out.full(); ++i) {
        const std::string_view line = trimmed(lines[i]);
        const std::size_t indent = std::min(lines[i].find_first_not_of(" \t"), lines[i].size());
        const std::size_t level = indented ? indent : static_cast<std::size_t>(braces.depth());
        if (!data && !line.empty()) {
            std::string name = keyword_definition(line);
            const bool forward = line.back() == ';' && line.find('{') == line.npos;
            if (forward) name.clear();
            const bool keyword = !name.empty();
            while (!scopes.empty() && scopes.back().second >= level && !line.starts_with("}") &&
                   (keyword || indented))
                scopes.pop_back();
            const bool in_scope = indented || level <= scopes.size();
            if (!keyword && !indented && in_scope && (indent == 0 || !scopes.empty()))
                name = c_definition(line);
            if (name.empty() && line.ends_with("() {")) name = name_at(line, 0);
            if (!name.empty() && in_scope) {
                std::size_t from = i;  // comments and annotations above belong to it
                while (from > begun && comment_line(trimmed(lines[from - 1]))) --from;
                flush(from);
                symbol.clear();
                for (const auto& [scope, depth] : scopes)
                    if (depth < level || !indented) symbol += scope + "::";
                symbol += name;
                static const std::set<std::string_view> kScope = {
                    "class", "struct", "namespace", "impl",     "interface",
                    "trait", "module", "object",    "protocol", "extension"};
                bool is_scope = false;
                for (std::size_t at = 0; at < line.size();) {
                    const std::size_t end = std::min(line.find_first_of(" \t({:<", at), line.size());
                    is_scope = is_scope || kScope.contains(line.substr(at, end - at));
                    if (end < line.size() && line[end] != ' ') break;
                    at = end + 1;
                }
                if (is_scope && scopes.size() < 16) scopes.emplace_back(name, level);
            }
        }
        braces.line(line);
        if (i + 1 - begun >= kLongest) flush(i + 1);
    }
    flush(lines.size());
    return {};
}

}  // namespace pellucid::reading
