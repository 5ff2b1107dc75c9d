// Any bytes as the answer of the reader process, in pieces of any length. What comes out is a Document that
// keeps its promises, or an error; what goes around once more is the same. And the same bytes as the answer
// to a request for a page's picture.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/reading/page_picture.h"
#include "app/reading/wire.h"

using namespace pellucid::reading;

namespace {

void must(bool truth) {
    if (!truth) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size < 1) return 0;
    const std::size_t step = bytes[0] + 1u;
    const std::string_view answer(reinterpret_cast<const char*>(bytes) + 1, size - 1);
    AnswerParser parser({1 << 16, 64});
    for (std::size_t at = 0; at < answer.size(); at += step)
        if (!parser.feed(answer.substr(at, step))) break;
    const auto document = std::move(parser).finish();
    if (document) {
        must(check(*document).ok());
        must(document->text.size() <= (1 << 16) && document->pages.size() <= 64);
        AnswerParser again({1 << 16, 64});
        must(again.feed(encode(*document)).ok());
        must(std::move(again).finish().ok());
    } else {
        must(!document.error().what.empty());
    }
    PictureParser pictures;
    for (std::size_t at = 0; at < answer.size(); at += step)
        if (!pictures.feed(answer.substr(at, step))) break;
    const auto picture = std::move(pictures).finish();
    if (picture) {
        must(picture->pixels.size() == std::size_t{picture->width} * picture->height * 3);
        PictureParser again;
        must(again.feed(encode(*picture)).ok());
        must(std::move(again).finish().ok());
    }
    (void)decode_request(answer);
    return 0;
}
