#include "app/content/code_language.h"

#include <QStringTokenizer>

namespace pellucid::app {
namespace {

constexpr CodeLanguage kLanguages[] = {
    {"python", "python py python3 pycon ipython",
     "and as assert async await break case class continue def del elif else except finally for from global "
     "if import in is lambda "
     "match nonlocal not or pass raise return try while with yield True False None self",
     "#", "", "", "\"'", "\"\"\" '''", CodeLanguage::Plain},
    {"cpp", "cpp c c++ cc h hpp cxx cuda cu objc arduino glsl hlsl",
     "alignas alignof auto bool break case catch char char8_t char16_t char32_t class concept const "
     "consteval constexpr constinit "
     "const_cast continue co_await co_return co_yield decltype default delete do double dynamic_cast else "
     "enum explicit export "
     "extern false final float for friend goto if inline int long mutable namespace new noexcept nullptr "
     "operator override private "
     "protected public register reinterpret_cast requires restrict return short signed sizeof static "
     "static_assert static_cast "
     "struct switch template this thread_local throw true try typedef typeid typename union unsigned using "
     "virtual void volatile "
     "wchar_t while size_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t NULL",
     "//", "/*", "*/", "\"'", "", CodeLanguage::Plain},
    {"javascript", "javascript js jsx mjs node typescript ts tsx",
     "abstract any as async await boolean break case catch class const continue debugger declare default "
     "delete do else enum export "
     "extends false finally for from function get if implements import in infer instanceof interface is "
     "keyof let namespace never "
     "new null number of package private protected public readonly return satisfies set static string super "
     "switch symbol this "
     "throw true try type typeof undefined unknown var void while with yield",
     "//", "/*", "*/", "\"'", "`", CodeLanguage::Plain},
    {"java", "java kotlin kt scala groovy csharp cs c# swift dart",
     "abstract actor as assert async await base bool boolean break byte case catch char class const continue "
     "data decimal default "
     "delegate do double else enum event explicit extends extension extern false final finally float for "
     "foreach fun func get goto "
     "guard if implements implicit import in init inout instanceof int interface internal is lateinit let "
     "lock long namespace native "
     "new nil null object open operator out override package params private protected public readonly record "
     "ref return sealed self "
     "set short sizeof stackalloc static string struct super suspend switch synchronized this throw throws "
     "transient true try "
     "typealias typeof unchecked unsafe using val var vararg virtual void volatile when where while with "
     "yield",
     "//", "/*", "*/", "\"'", "\"\"\"", CodeLanguage::Plain},
    {"rust", "rust rs",
     "as async await box break const continue crate dyn else enum extern false fn for if impl in let loop "
     "macro match mod move mut pub "
     "ref return self Self static struct super trait true try type union unsafe use where while yield i8 i16 "
     "i32 i64 i128 isize u8 u16 "
     "u32 u64 u128 usize f32 f64 bool char str String Option Some None Result Ok Err Vec Box",
     "//", "/*", "*/", "\"", "", CodeLanguage::Plain},
    {"go", "go golang",
     "break case chan const continue default defer else fallthrough for func go goto if import interface map "
     "package range return select "
     "struct switch type var true false nil iota string int int8 int16 int32 int64 uint uint8 uint16 uint32 "
     "uint64 uintptr byte rune "
     "float32 float64 complex64 complex128 bool error any",
     "//", "/*", "*/", "\"'", "`", CodeLanguage::Plain},
    {"bash",
     "bash sh shell zsh console shell-session powershell ps1 fish dockerfile docker makefile make cmake",
     "if then else elif fi for in do done while until case esac function select time return exit export "
     "local readonly declare unset "
     "source alias set shift trap break continue echo cd eval exec test sudo from run copy add cmd "
     "entrypoint workdir env arg expose "
     "volume user label FROM RUN COPY ADD CMD ENTRYPOINT WORKDIR ENV ARG EXPOSE VOLUME USER LABEL",
     "#", "", "", "\"'", "", CodeLanguage::Shell},
    {"json", "json jsonc json5 jsonl ndjson ipynb", "true false null", "//", "/*", "*/", "\"", "",
     CodeLanguage::Json},
    {"yaml", "yaml yml", "true false null yes no on off True False Null", "#", "", "", "\"'", "",
     CodeLanguage::Yaml},
    {"toml", "toml ini cfg conf properties env desktop", "true false inf nan", "# ;", "", "", "\"'",
     "\"\"\" '''", CodeLanguage::Toml},
    {"html", "html xml svg xhtml vue svelte htm plist xaml qrc", "", "", "<!--", "-->", "\"'", "",
     CodeLanguage::Markup},
    {"css", "css scss less sass", "important from to and not only", "//", "/*", "*/", "\"'", "",
     CodeLanguage::Css},
    {"sql", "sql sqlite mysql postgres postgresql psql plsql",
     "add all alter and any as asc begin between by case check column commit constraint create cross "
     "current_date current_timestamp "
     "database default delete desc distinct drop else end except exists explain false fetch filter following "
     "foreign from full "
     "function group having if in index inner insert intersect into is join key left like limit materialized "
     "natural not null "
     "nulls of offset on or order outer over partition preceding primary procedure recursive references "
     "replace returning right "
     "rollback row rows select set table temporary then to transaction trigger true truncate unbounded union "
     "unique update using "
     "values view when where window with integer int bigint smallint text varchar char real double numeric "
     "decimal boolean date "
     "timestamp blob",
     "--", "/*", "*/", "'\"", "", CodeLanguage::Sql},
    {"lua", "lua luau",
     "and break do else elseif end false for function goto if in local nil not or repeat return then true "
     "until while self",
     "--", "--[[", "]]", "\"'", "", CodeLanguage::Plain},
    {"php", "php",
     "abstract and array as break callable case catch class clone const continue declare default do echo "
     "else elseif empty extends "
     "false final finally fn for foreach function global if implements include instanceof interface isset "
     "list match namespace new "
     "null or print private protected public readonly require require_once return static switch this throw "
     "trait true try unset use "
     "var while yield int string bool float void mixed",
     "// #", "/*", "*/", "\"'", "", CodeLanguage::Plain},
    {"ruby", "ruby rb perl pl r julia jl elixir ex",
     "abort alias and array as begin break case catch class clone const continue def default defmodule defp "
     "defined do echo else elseif "
     "elsif end ensure extends false final finally fn for foreach function global if implements import in "
     "include instanceof "
     "interface let library local macro module mutable my namespace new next nil not null or package private "
     "protected public raise "
     "redo repeat require rescue retry return self static struct sub super switch then throw trait true try "
     "undef unless until use "
     "using var when where while with yield TRUE FALSE NULL NA",
     "#", "", "", "\"'", "", CodeLanguage::Plain},
    {"qml", "qml",
     "alias as async await bool break case color component const continue default delete do double else enum "
     "false for function if "
     "import in instanceof int let list new null of on pragma property readonly real required return signal "
     "string switch this throw "
     "true try typeof undefined url var void while",
     "//", "/*", "*/", "\"'", "`", CodeLanguage::Plain},
    {"markdown", "markdown md mdx", "", "", "<!--", "-->", "", "", CodeLanguage::Markdown},
    {"diff", "diff patch", "", "", "", "", "", "", CodeLanguage::Diff},
};

bool hasWord(const char* words, QStringView word) {
    for (const QLatin1String candidate : qTokenize(QLatin1String(words), u' ')) {
        if (candidate == word) return true;
    }
    return false;
}

}  // namespace

const CodeLanguage* codeLanguage(QStringView name) {
    const QString lower = name.toString().toLower();
    if (lower.isEmpty()) return nullptr;
    for (const CodeLanguage& language : kLanguages) {
        if (hasWord(language.aliases, lower)) return &language;
    }
    return nullptr;
}

QStringList codeLanguageNames() {
    QStringList names;
    for (const CodeLanguage& language : kLanguages) names << QString::fromLatin1(language.name);
    return names;
}

}  // namespace pellucid::app
