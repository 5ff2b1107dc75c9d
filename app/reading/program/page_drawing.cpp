#include "app/reading/program/page_drawing.h"

#include <QBuffer>
#include <QImageReader>
#include <algorithm>
#include <cmath>

#include "app/reading/formats/format.h"

namespace pellucid::reading {

namespace {

constexpr double kMost = static_cast<double>(kMostPicturePixels) * 0.98;  // room for rounding
constexpr long long kMostDecoded = 64'000'000;

}  // namespace

Result<QSize> pixels_of(QSizeF points, double scale) {
    if (!(points.width() > 0 && points.width() < 2'000'000 && points.height() > 0 &&
          points.height() < 2'000'000))
        return fail(ErrorCode::corrupt, "the page has no size");
    const double wanted = points.width() * points.height() * scale * scale;
    if (wanted > kMost) scale *= std::sqrt(kMost / wanted);
    const QSize size(std::max(1, static_cast<int>(points.width() * scale)),
                     std::max(1, static_cast<int>(points.height() * scale)));
    if (static_cast<std::uint64_t>(size.width()) * static_cast<std::uint64_t>(size.height()) >
        kMostPicturePixels)
        return fail(ErrorCode::too_large, "the page is too long and thin to be shown");
    return size;
}

PagePicture on_paper(const QImage& image, QSize size) {
    const QImage drawn = image.convertToFormat(QImage::Format_ARGB32);
    PagePicture picture;
    picture.width = static_cast<std::uint32_t>(size.width());
    picture.height = static_cast<std::uint32_t>(size.height());
    picture.pixels.reserve(std::size_t{picture.width} * picture.height * 3);
    for (int y = 0; y < size.height(); ++y) {
        const auto* from =
            reinterpret_cast<const QRgb*>(drawn.constScanLine(std::min(y, drawn.height() - 1)));
        for (int x = 0; x < size.width(); ++x) {
            const QRgb pixel = from[std::min(x, drawn.width() - 1)];
            const int alpha = qAlpha(pixel), rest = 255 * (255 - alpha);
            for (const int part : {qRed(pixel), qGreen(pixel), qBlue(pixel)})
                picture.pixels.push_back(static_cast<char>((part * alpha + rest) / 255));
        }
    }
    return picture;
}

void load_picture_formats() {
    QImageReader::setAllocationLimit(512);
    (void)QImageReader::supportedImageFormats();
    // A picture of each kind, so that its plug-in is loaded: a format that is only listed may not be.
    for (const char* format : {"png", "jpeg", "gif"}) {
        QByteArray nothing("x");
        QBuffer buffer(&nothing);
        (void)QImageReader(&buffer, format).read();
    }
}

Result<PagePicture> draw_image(std::string_view bytes, float scale) {
    QByteArray raw = QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size()));
    QBuffer buffer(&raw);
    QImageReader reader(&buffer);
    reader.setAutoTransform(true);
    const QSize told = reader.size();
    const auto many = [](QSize size) {
        return static_cast<long long>(size.width()) * size.height() > kMostDecoded;
    };
    if (told.isValid() && many(told))
        return fail(ErrorCode::too_large, "the picture has too many pixels", "make it smaller");
    const QImage image = reader.read();
    if (image.isNull())
        return fail(ErrorCode::corrupt, "the picture is damaged or of a kind that is not read",
                    "save it as PNG");
    if (many(image.size()))
        return fail(ErrorCode::too_large, "the picture has too many pixels", "make it smaller");
    PELLUCID_TRY(const QSize size, pixels_of(QSizeF(image.size()) * kPicturePoints, scale));
    return on_paper(image.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation), size);
}

}  // namespace pellucid::reading
