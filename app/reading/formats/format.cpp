#include "app/reading/formats/format.h"

namespace pellucid::reading {

Result<Document> read_bytes(std::string_view bytes, const FormatContext& context, const PdfFormat& pdf) {
    PELLUCID_TRY(const Typed typed, type_of(bytes, context.name));
    if (typed.type == FileType::pdf) {
        PELLUCID_TRY(Document document, pdf(context));
        if (!typed.mistaken.empty())
            document.notices.push_back({NoticeCode::wrong_extension, typed.mistaken, {}});
        return document;
    }
    DocumentBuilder out(context.limits);
    out.about().mime = typed.mime;
    if (!typed.mistaken.empty()) out.notice(NoticeCode::wrong_extension, typed.mistaken);
    const std::string extension = extension_of(context.name);
    const auto read = [&]() -> Result<void> {
        switch (typed.type) {
            case FileType::text:
                return read_text(decode_text(bytes, {}, out), out);
            case FileType::markdown:
                return read_markdown(decode_text(bytes, {}, out), out);
            case FileType::html:
                return read_html(decode_text(bytes, declared_charset(bytes), out), out);
            case FileType::source:
                return read_source(decode_text(bytes, {}, out), extension, out);
            case FileType::delimited:
                return read_delimited(decode_text(bytes, {}, out), extension, out);
            case FileType::docx:
                return read_docx(bytes, out);
            case FileType::pptx:
                return read_pptx(bytes, out);
            case FileType::xlsx:
                return read_xlsx(bytes, out);
            case FileType::odt:
                return read_odt(bytes, out);
            case FileType::epub:
                return read_epub(bytes, out);
            case FileType::mail:
                return read_mail(bytes, out);
            case FileType::picture:
                return read_picture(bytes, context, out);
            case FileType::pdf:
                break;
        }
        return fail(ErrorCode::internal, "a type without a reader");
    };
    PELLUCID_CHECK(read());
    return std::move(out).finish();
}

}  // namespace pellucid::reading
