#include "app/reading/program/asking_recogniser.h"

#include <unistd.h>

#include <QBuffer>
#include <QImage>
#include <QImageReader>
#include <algorithm>

#include "app/reading/program/grey_picture.h"
#include "app/reading/program/page_drawing.h"
#include "app/reading/wire.h"

namespace pellucid::reading {

namespace {

constexpr long long kMostPixels = 64'000'000;

bool put(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

bool get(char* into, std::size_t size) {
    while (size > 0) {
        const ssize_t got = ::read(STDIN_FILENO, into, size);
        if (got <= 0) return false;
        into += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

}  // namespace

AskingRecogniser::AskingRecogniser() {
    load_picture_formats();
}

Result<Recogniser::Picture> AskingRecogniser::file(std::string_view bytes) {
    QByteArray raw = QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size()));
    QBuffer buffer(&raw);
    QImageReader reader(&buffer);
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    if (size.isValid() && static_cast<long long>(size.width()) * size.height() > kMostPixels)
        return fail(ErrorCode::too_large, "the picture has too many pixels", "make it smaller");
    const QImage image = reader.read();
    if (image.isNull())
        return fail(ErrorCode::corrupt, "the picture is damaged or of a kind that is not read",
                    "save it as PNG");
    if (static_cast<long long>(image.width()) * image.height() > kMostPixels)
        return fail(ErrorCode::too_large, "the picture has too many pixels", "make it smaller");
    const QImage grey = grey_on_white(image);
    const int dots = std::clamp(image.dotsPerMeterX() * 254 / 10'000, 70, 1200);
    // What says no more than a screen's resolution is read as a scan: letters must have some pixels.
    return pixels(grey.constBits(), grey.width(), grey.height(), static_cast<int>(grey.bytesPerLine()),
                  dots <= 96 ? 150 : dots);
}

Result<Recogniser::Picture> AskingRecogniser::pixels(const unsigned char* grey, int width, int height,
                                                     int stride, int dots_per_inch) {
    GreyPicture picture{static_cast<std::uint32_t>(width),
                        static_cast<std::uint32_t>(height),
                        static_cast<std::uint32_t>(dots_per_inch),
                        {}};
    picture.pixels.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y)
        picture.pixels.append(reinterpret_cast<const char*>(grey) + static_cast<std::ptrdiff_t>(y) * stride,
                              static_cast<std::size_t>(width));
    unsigned char head[4];
    if (!put(encode(picture)) || !get(reinterpret_cast<char*>(head), 4))
        return fail(ErrorCode::internal, "OCR did not answer");
    const std::size_t length =
        head[0] | head[1] << 8 | head[2] << 16 | static_cast<std::size_t>(head[3]) << 24;
    if (length > (64u << 20)) return fail(ErrorCode::internal, "OCR did not answer");
    std::string reply(reinterpret_cast<const char*>(head), 4);
    reply.resize(4 + length);
    if (!get(reply.data() + 4, length)) return fail(ErrorCode::internal, "OCR did not answer");
    PELLUCID_TRY(const std::vector<RecognisedLine> lines, decode_recognised(reply));
    Picture out{{}, width, height};
    for (const RecognisedLine& line : lines)
        out.lines.push_back(
            {line.text, line.x, line.y, line.width, line.height, static_cast<int>(line.block)});
    return out;
}

}  // namespace pellucid::reading
