// One function a format: bytes to a Document, through a builder. Run only inside pellucid-reader's sandbox,
// so a fault of a parser costs its file; still every one is bounded and fuzzed.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/reading/formats/document_builder.h"
#include "engine/base/error.h"

namespace pellucid::reading {

/// Text of a picture. Given by the program where OCR was asked for, and Tesseract has the languages.
class Recogniser {
public:
    virtual ~Recogniser() = default;
    struct Line {
        std::string text;
        float x, y, width, height;  ///< pixels
        int block;                  ///< lines of one paragraph share it
    };
    struct Picture {
        std::vector<Line> lines;
        int width = 0, height = 0;  ///< pixels
    };
    /// A file of a picture (PNG, JPEG, TIFF, …).
    virtual Result<Picture> file(std::string_view bytes) = 0;
    /// Pixels, 8 bits grey, `stride` bytes a row.
    virtual Result<Picture> pixels(const unsigned char* grey, int width, int height, int stride,
                                   int dots_per_inch) = 0;
};

struct FormatContext {
    std::string name;  ///< of the file
    BuildLimits limits;
    Recogniser* recogniser = nullptr;
    std::function<void(std::uint32_t, std::uint32_t)> progress = [](std::uint32_t, std::uint32_t) {};
};

/// What a file is, by content first and by its name's extension where content leaves it open.
enum class FileType {
    pdf,
    text,
    markdown,
    html,
    source,
    delimited,
    docx,
    pptx,
    xlsx,
    odt,
    epub,
    mail,
    picture
};

struct Typed {
    FileType type;
    std::string mime;
    std::string mistaken;  ///< not empty: the extension promises another type ("notes.pdf is a PNG picture")
};
/// Error encrypted (an encrypted office file), unsupported (a type without a reader; says which), corrupt.
Result<Typed> type_of(std::string_view bytes, std::string_view name);

/// The text of `bytes` in UTF-8: by byte order mark, then as UTF-8 where it is, then by `declared` (a charset
/// label), then guessed. A guess leaves a notice.
std::string decode_text(std::string_view bytes, std::string_view declared, DocumentBuilder& out);
/// `bytes` from a named charset; unknown names decode as Windows-1252.
std::string from_charset(std::string_view bytes, std::string_view charset);
/// "charset=…" in the beginning of an HTML file, or the encoding of an XML declaration; empty where there is
/// none.
std::string declared_charset(std::string_view bytes);

Result<void> read_text(std::string_view text, DocumentBuilder& out);
Result<void> read_markdown(std::string_view text, DocumentBuilder& out);
Result<void> read_html(std::string_view text, DocumentBuilder& out);
Result<void> read_source(std::string_view text, std::string_view extension, DocumentBuilder& out);
Result<void> read_delimited(std::string_view text, std::string_view extension, DocumentBuilder& out);
Result<void> read_docx(std::string_view bytes, DocumentBuilder& out);
Result<void> read_pptx(std::string_view bytes, DocumentBuilder& out);
Result<void> read_xlsx(std::string_view bytes, DocumentBuilder& out);
Result<void> read_odt(std::string_view bytes, DocumentBuilder& out);
Result<void> read_epub(std::string_view bytes, DocumentBuilder& out);
Result<void> read_mail(std::string_view bytes, DocumentBuilder& out, int depth = 0);
/// Points a pixel of a picture that is a page: a scale of its own, since they seldom say how large they are.
constexpr float kPicturePoints = 0.5f;
Result<void> read_picture(std::string_view bytes, const FormatContext& context, DocumentBuilder& out);

/// The lower-case extension of a name without its dot; "" where it has none.
std::string extension_of(std::string_view name);
/// Known to be the source of a program or a script, by extension.
bool is_source_extension(std::string_view extension);

/// Reads `bytes` as what they are. PDF is read by `pdf` (it needs Qt, these rooms do not).
using PdfFormat = std::function<Result<Document>(const FormatContext&)>;
Result<Document> read_bytes(std::string_view bytes, const FormatContext& context, const PdfFormat& pdf);

}  // namespace pellucid::reading
