// Any bytes as a file, by its content and by any name: every parser but PDF's. And any text and boxes as a
// page of a PDF. What comes out keeps a Document's promises and its limits.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "app/reading/formats/format.h"
#include "app/reading/formats/pdf_layout.h"

using namespace pellucid;
using namespace pellucid::reading;

namespace {

void must(bool truth) {
    if (!truth) std::abort();
}

void read_as_file(std::string_view bytes, const char* extension) {
    FormatContext context;
    context.name = std::string("a.") + extension;
    context.limits = {1 << 16, 16};
    const auto document = read_bytes(bytes, context, [](const FormatContext&) -> Result<Document> {
        return fail(ErrorCode::unsupported, "no PDF here");
    });
    if (!document) {
        must(!document.error().what.empty());
        return;
    }
    must(check(*document).ok());
    must(document->text.size() <= (1 << 16) && document->pages.size() <= 16);
}

/// Pages of one byte each of: how many boxes, how many characters; then the boxes' bytes and the characters.
void read_as_pages(std::string_view bytes) {
    std::vector<RawPage> pages;
    const auto take = [&] {
        const int value = bytes.empty() ? 0 : static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(bytes.empty() ? 0 : 1);
        return value;
    };
    while (!bytes.empty() && pages.size() < 8) {
        RawPage page;
        page.width = static_cast<float>(take() * 4);
        page.height = static_cast<float>(take() * 4);
        const int boxes = take(), characters = take();
        for (int i = 0; i < boxes && !bytes.empty(); ++i) {
            const auto x = static_cast<float>(take() * 3), y = static_cast<float>(take() * 3),
                       width = static_cast<float>(take()), height = static_cast<float>(take() / 8);
            page.boxes.push_back({x, y, width, height});
            if (i % 3 == 0) page.anchors.emplace_back(i * 2, Box{x, y, 4, 4});
        }
        for (int i = 0; i < characters && !bytes.empty(); ++i) {
            const int c = take();
            constexpr char16_t kOdd[] = {0xD800, 0xDC00, 0xFFFE, 0,      0x4E2D, 0x2F12, 0xFB01, 0x300,
                                         '\r',   '\n',   '.',    0x3002, 0xFFFD, 2,      0xAD,   0x202E};
            page.text += c < 16 ? kOdd[c] : static_cast<char16_t>(c);
        }
        pages.push_back(std::move(page));
    }
    const Document document = layout(std::move(pages), {1 << 12, 16}, {});
    if (!document.pages.empty()) must(check(document).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size < 1) return 0;
    static constexpr const char* kExtensions[] = {"txt", "md",  "html", "cpp",  "py",  "csv",
                                                  "tsv", "eml", "json", "docx", "bin", "sql"};
    const std::string_view input(reinterpret_cast<const char*>(bytes) + 1, size - 1);
    if (bytes[0] % 16 == 15)
        read_as_pages(input);
    else
        read_as_file(input, kExtensions[bytes[0] % 12]);
    return 0;
}
