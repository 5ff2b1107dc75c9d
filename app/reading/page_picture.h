// A page as a picture, drawn by the reader process: the app never opens a stranger's PDF itself.
//
// The answer to a request with a picture_scale: a head frame (width, height), frames of pixels, the end; or a
// failure. The app counts what it was promised and takes not a byte more.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/reading/wire.h"

namespace pellucid::reading {

struct PagePicture {
    std::uint32_t width = 0, height = 0;  ///< pixels
    std::string pixels;                   ///< [height, width, 3] u8: red, green, blue

    bool operator==(const PagePicture&) const = default;
};

/// A4 at eight pixels a point has 32 million.
constexpr std::uint64_t kMostPicturePixels = 40'000'000;

/// PRECONDITION: pixels.size() == width * height * 3, at most kMostPicturePixels pixels.
std::string encode(const PagePicture& picture);

/// Frames to a picture, fed as they arrive. Strict: the first byte out of place ends it with error corrupt.
class PictureParser {
public:
    /// Takes the next bytes. Error: they are not a picture (and stay refused), whatever else follows.
    Result<void> feed(std::string_view bytes);
    bool ended() const;
    /// After the last byte: the picture, or the error that the reader sent, or that the answer broke off.
    Result<PagePicture> finish() &&;

private:
    Result<void> refuse(const char* what);

    std::string pending_;
    PagePicture picture_;
    std::optional<AnswerParser> words_;  // it answers with a failure instead
    bool refused_ = false, ended_ = false;
};

}  // namespace pellucid::reading
