// Pictures: their text by OCR where that was asked for, else one page that says that it has none.
#include "app/reading/formats/format.h"

namespace pellucid::reading {

namespace {

/// Adds the lines of a recognised picture as paragraphs; their boxes go to the document's last page.
void add_lines(const Recogniser::Picture& picture, float points_per_pixel, DocumentBuilder& out) {
    std::size_t at = 0;
    while (at < picture.lines.size() && !out.full()) {
        std::string paragraph;
        std::size_t end = at;
        while (end < picture.lines.size() && picture.lines[end].block == picture.lines[at].block) {
            paragraph += (paragraph.empty() ? "" : "\n") + folded_space(picture.lines[end].text);
            ++end;
        }
        const std::size_t blocks = out.about().blocks.size();
        out.add(BlockKind::paragraph, 0, paragraph, {}, true);
        if (out.about().blocks.size() > blocks) {
            // The block's lines are the paragraph's, in order.
            const TextRange range = out.about().blocks.back().range;
            std::uint32_t first = range.first;
            for (std::size_t i = at; i < end && first < range.last; ++i) {
                const std::size_t stop =
                    std::min<std::size_t>(out.about().text.find('\n', first), range.last);
                const Recogniser::Line& line = picture.lines[i];
                if (stop > first)
                    out.about().lines.push_back({{first, static_cast<std::uint32_t>(stop)},
                                                 out.page(),
                                                 line.x * points_per_pixel,
                                                 line.y * points_per_pixel,
                                                 line.width * points_per_pixel,
                                                 line.height * points_per_pixel});
                first = static_cast<std::uint32_t>(stop + 1);
            }
        }
        at = end;
    }
}

}  // namespace

Result<void> read_picture(std::string_view bytes, const FormatContext& context, DocumentBuilder& out) {
    if (context.recogniser == nullptr) {
        out.begin_page();
        out.about().pages.back().text_layer = false;
        out.notice(NoticeCode::no_text_layer, "it is a picture: its text can be read by OCR", {0});
        return {};
    }
    PELLUCID_TRY(const Recogniser::Picture picture, context.recogniser->file(bytes));
    out.begin_page({}, static_cast<float>(picture.width) * kPicturePoints,
                   static_cast<float>(picture.height) * kPicturePoints);
    out.about().pages.back().text_layer = false;
    out.about().pages.back().recognised = true;
    add_lines(picture, kPicturePoints, out);
    out.notice(NoticeCode::recognised, "its text was read by OCR and may have mistakes", {0});
    return {};
}

}  // namespace pellucid::reading
