// What a file is: its content decides; its name's extension only chooses among kinds of text.
#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "app/reading/formats/archive.h"
#include "app/reading/formats/format.h"

namespace pellucid::reading {

namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

struct Magic {
    std::string_view bytes;
    std::size_t offset;
    const char* mime;
    const char* what;
};
using namespace std::string_view_literals;
constexpr std::array kPictures = {
    Magic{"\x89PNG\r\n\x1a\n"sv, 0, "image/png", "a PNG picture"},
    Magic{"\xff\xd8\xff"sv, 0, "image/jpeg", "a JPEG picture"},
    Magic{"GIF8"sv, 0, "image/gif", "a GIF picture"},
    Magic{"II*\0"sv, 0, "image/tiff", "a TIFF picture"},
    Magic{"MM\0*"sv, 0, "image/tiff", "a TIFF picture"},
    Magic{"WEBP"sv, 8, "image/webp", "a WebP picture"},
};
constexpr std::array kOthers = {
    Magic{"\x1f\x8b"sv, 0, "", "a gzip archive"},
    Magic{"BZh"sv, 0, "", "a bzip2 archive"},
    Magic{"\xfd"
          "7zXZ\0"sv,
          0, "", "an xz archive"},
    Magic{"7z\xbc\xaf\x27\x1c"sv, 0, "", "a 7-Zip archive"},
    Magic{"Rar!\x1a"sv, 0, "", "a RAR archive"},
    Magic{"\x28\xb5\x2f\xfd"sv, 0, "", "a Zstandard archive"},
    Magic{"ustar"sv, 257, "", "a tar archive"},
    Magic{"\x7f"
          "ELF"sv,
          0, "", "a program"},
    Magic{"MZ\x90"sv, 0, "", "a program"},
    Magic{"SQLite format 3\0"sv, 0, "", "a database"},
    Magic{"GGUF"sv, 0, "", "a model"},
    Magic{"OggS"sv, 0, "", "a recording"},
    Magic{"ID3"sv, 0, "", "a recording"},
    Magic{"RIFF"sv, 0, "", "a recording"},
    Magic{"ftyp"sv, 4, "", "a film"},
    Magic{"\x1a\x45\xdf\xa3"sv, 0, "", "a film"},
    Magic{"%!PS"sv, 0, "", "a PostScript file"},
    Magic{"{\\rtf"sv, 0, "", "an RTF file"},
    Magic{"!<arch>"sv, 0, "", "a library or package"},
    Magic{"AT&TFORM"sv, 0, "", "a DjVu file"},
    Magic{"wOF"sv, 0, "", "a font"},
    Magic{"OTTO"sv, 0, "", "a font"},
    Magic{"BM\0\0"sv, 0, "", "a picture"},
};

template <std::size_t N>
const Magic* match(const std::array<Magic, N>& list, std::string_view bytes) {
    for (const Magic& magic : list)
        if (bytes.size() >= magic.offset + magic.bytes.size() &&
            bytes.substr(magic.offset, magic.bytes.size()) == magic.bytes)
            return &magic;
    return nullptr;
}

/// What an extension promises; "" promises nothing.
const char* promised(std::string_view extension) {
    struct Promise {
        std::string_view extension;
        const char* mime;
    };
    static constexpr Promise kPromises[] = {
        {"pdf", "application/pdf"},
        {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
        {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {"odt", "application/vnd.oasis.opendocument.text"},
        {"epub", "application/epub+zip"},
        {"png", "image/png"},
        {"jpg", "image/jpeg"},
        {"jpeg", "image/jpeg"},
        {"gif", "image/gif"},
        {"tif", "image/tiff"},
        {"tiff", "image/tiff"},
        {"webp", "image/webp"},
        {"html", "text/html"},
        {"htm", "text/html"},
        {"eml", "message/rfc822"},
    };
    for (const Promise& promise : kPromises)
        if (promise.extension == extension) return promise.mime;
    return "";
}

bool looks_like_html(std::string_view bytes) {
    std::string head = lower(bytes.substr(0, 2048));
    if (head.starts_with("\xef\xbb\xbf")) head.erase(0, 3);
    std::size_t at = head.find_first_not_of(" \t\r\n");
    while (at != std::string::npos &&
           (head.compare(at, 4, "<!--") == 0 || head.compare(at, 5, "<?xml") == 0)) {
        at = head.find('>', at);
        if (at != std::string::npos) at = head.find_first_not_of(" \t\r\n", at + 1);
    }
    if (at == std::string::npos) return false;
    for (const char* tag : {"<!doctype html", "<html", "<head", "<body"})
        if (head.compare(at, std::string_view(tag).size(), tag) == 0) return true;
    return false;
}

/// Header fields of a message before anything else: two known ones among the first lines.
bool looks_like_mail(std::string_view bytes) {
    static constexpr std::array kFields = {
        "from:"sv,       "to:"sv,           "subject:"sv,     "date:"sv,         "received:"sv,
        "message-id:"sv, "mime-version:"sv, "return-path:"sv, "delivered-to:"sv, "content-type:"sv};
    int known = 0;
    const std::string head = lower(bytes.substr(0, 8192));
    for (std::size_t at = 0, lines = 0; at < head.size() && lines < 60; ++lines) {
        const std::size_t end = std::min(head.find('\n', at), head.size());
        const std::string_view line = std::string_view(head).substr(at, end - at);
        if (line.empty() || line == "\r") break;
        if (line[0] != ' ' && line[0] != '\t') {
            const std::size_t colon = line.find(':');
            if (colon == line.npos || colon == 0 || line.substr(0, colon).find_first_of(" \t") != line.npos) {
                if (lines == 0 && line.starts_with("from ")) {
                    at = end + 1;
                    continue;
                }
                return false;
            }
            known += std::any_of(kFields.begin(), kFields.end(),
                                 [&](std::string_view field) { return line.starts_with(field); });
        }
        at = end + 1;
    }
    return known >= 2;
}

Result<Typed> zip_type(std::string_view bytes) {
    PELLUCID_TRY(const std::vector<std::string> names, list_parts(bytes));
    const std::set<std::string> has(names.begin(), names.end());
    if (has.contains("[Content_Types].xml")) {
        if (has.contains("word/document.xml")) return Typed{FileType::docx, promised("docx"), {}};
        if (has.contains("ppt/presentation.xml")) return Typed{FileType::pptx, promised("pptx"), {}};
        if (has.contains("xl/workbook.xml")) return Typed{FileType::xlsx, promised("xlsx"), {}};
    }
    if (has.contains("META-INF/container.xml")) return Typed{FileType::epub, promised("epub"), {}};
    if (has.contains("mimetype") && has.contains("content.xml")) {
        PELLUCID_TRY(const Parts parts,
                     unpack(bytes, [](std::string_view name) { return name == "mimetype"; }));
        const std::string* mime = parts.find("mimetype");
        if (mime != nullptr && mime->starts_with("application/vnd.oasis.opendocument.text"))
            return Typed{FileType::odt, promised("odt"), {}};
        return fail(ErrorCode::unsupported, "it is an OpenDocument file other than a text",
                    "save it as PDF, or as .xlsx or .pptx");
    }
    return fail(ErrorCode::unsupported, "it is a ZIP archive",
                "unpack it and add the files that you want to ask about");
}

/// Old Office files and encrypted new ones are compound files; the names in their directory tell them apart.
Failure compound_file(std::string_view bytes) {
    const auto wide = [](std::string_view text) {
        std::string out;
        for (const char c : text) out += {c, '\0'};
        return out;
    };
    if (bytes.find(wide("EncryptedPackage")) != bytes.npos)
        return fail(ErrorCode::encrypted, "it is protected by a password",
                    "save it without a password, then add it again");
    return fail(ErrorCode::unsupported, "it is a file of an old Office version",
                "save it as .docx, .xlsx, .pptx or PDF");
}

/// Bytes that no text has: NULs outside UTF-16/32, many controls.
bool binary(std::string_view bytes) {
    const std::string_view head = bytes.substr(0, 1 << 16);
    if (head.starts_with("\xff\xfe"sv) || head.starts_with("\xfe\xff"sv) ||
        head.starts_with("\0\0\xfe\xff"sv))
        return false;
    std::size_t even = 0, odd = 0, controls = 0;
    for (std::size_t i = 0; i < head.size(); ++i) {
        const auto c = static_cast<unsigned char>(head[i]);
        if (c == 0) ++(i % 2 == 0 ? even : odd);
        if (c < 32 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 27 && c != 0) ++controls;
    }
    if (controls * 50 > head.size()) return true;
    if (even + odd == 0) return false;
    // UTF-16 without a mark: NULs stand on one side only, and often.
    return !((even == 0 || odd == 0) && (even + odd) * 10 > head.size());
}

}  // namespace

std::string extension_of(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    if (dot == name.npos || dot == 0) return {};
    return lower(name.substr(dot + 1));
}

bool is_source_extension(std::string_view extension) {
    static const std::set<std::string_view> kSource = {
        "c",    "h",    "cc",   "cpp",   "cxx",    "hh",     "hpp",  "hxx",   "cu",    "cuh",  "m",
        "mm",   "java", "kt",   "kts",   "scala",  "cs",     "go",   "rs",    "swift", "js",   "mjs",
        "cjs",  "jsx",  "ts",   "tsx",   "php",    "dart",   "zig",  "py",    "pyi",   "rb",   "pl",
        "pm",   "lua",  "r",    "jl",    "sh",     "bash",   "zsh",  "fish",  "ps1",   "sql",  "json",
        "yaml", "yml",  "toml", "ini",   "cfg",    "conf",   "xml",  "qml",   "css",   "scss", "cmake",
        "mk",   "tex",  "bib",  "proto", "glsl",   "vert",   "frag", "comp",  "el",    "lisp", "clj",
        "hs",   "ml",   "erl",  "ex",    "exs",    "vim",    "diff", "patch", "jsonl", "asm",  "s",
        "f",    "f90",  "pas",  "vb",    "groovy", "gradle", "svg"};
    return kSource.contains(extension);
}

Result<Typed> type_of(std::string_view bytes, std::string_view name) {
    const std::string extension = extension_of(name);
    const auto with_promise = [&](Typed typed, const char* what) {
        const std::string_view mime = promised(extension);
        if (!mime.empty() && mime != typed.mime)
            typed.mistaken = "the name ends in ." + extension + ", but it is " + what;
        return typed;
    };
    if (const std::size_t at = bytes.substr(0, 1024).find("%PDF-"); at != bytes.npos)
        return with_promise({FileType::pdf, "application/pdf", {}}, "a PDF");
    if (bytes.starts_with("PK\3\4"sv) || bytes.starts_with("PK\5\6"sv)) {
        PELLUCID_TRY(Typed typed, zip_type(bytes));
        return with_promise(std::move(typed), "another kind of document");
    }
    if (bytes.starts_with("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv)) return compound_file(bytes);
    if (const Magic* picture = match(kPictures, bytes))
        return with_promise({FileType::picture, picture->mime, {}}, picture->what);
    if (const Magic* other = match(kOthers, bytes))
        return fail(ErrorCode::unsupported, std::string("it is ") + other->what + ", which has no reader",
                    "convert it to PDF or text");
    if (binary(bytes)) {
        if (const std::string_view mime = promised(extension); mime.starts_with("application/"))
            return fail(ErrorCode::corrupt, "it is not what its name says, or damaged from its first byte",
                        "get the file again from where it came");
        return fail(ErrorCode::unsupported, "it is of a type without a reader", "convert it to PDF or text");
    }
    if (looks_like_html(bytes)) return with_promise({FileType::html, "text/html", {}}, "a web page");
    if (extension == "eml" || looks_like_mail(bytes))
        return with_promise({FileType::mail, "message/rfc822", {}}, "a message");
    if (extension == "html" || extension == "htm" || extension == "xhtml")
        return Typed{FileType::html, "text/html", {}};
    if (extension == "md" || extension == "markdown" || extension == "mdown")
        return Typed{FileType::markdown, "text/markdown", {}};
    if (extension == "csv") return Typed{FileType::delimited, "text/csv", {}};
    if (extension == "tsv" || extension == "tab")
        return Typed{FileType::delimited, "text/tab-separated-values", {}};
    if (is_source_extension(extension) || name == "Makefile" || name == "CMakeLists.txt" ||
        name == "Dockerfile")
        return Typed{FileType::source, "text/x-source", {}};
    return with_promise({FileType::text, "text/plain", {}}, "plain text");
}

}  // namespace pellucid::reading
