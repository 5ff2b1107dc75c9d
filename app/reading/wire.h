// What passes between the app and its reader process: one request in, a stream of frames out.
//
// A frame is u8 type, u32 length, payload; numbers are little endian; strings are u32 length and bytes. The
// app believes nothing: AnswerParser counts before it keeps, and the Document it gives has passed `check`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/reading/document.h"
#include "engine/base/error.h"

namespace pellucid::reading {

/// What the reader process is asked. The file itself is its descriptor 3.
struct Request {
    std::string name;  ///< the file's name, for telling its type by extension; any bytes
    std::uint64_t max_text_bytes = 0;
    std::uint32_t max_pages = 0;
    std::uint64_t memory_bytes = 0;
    std::uint32_t cpu_seconds = 0;
    bool recognise = false;
    std::vector<std::string> languages;
    /// More than 0: not the document, but its page `picture_page` as a picture (page_picture.h), at so many
    /// pixels a point.
    float picture_scale = 0;
    std::uint32_t picture_page = 0;

    bool operator==(const Request&) const = default;
};

std::string encode(const Request& request);
/// Error corrupt where the bytes are not a request of this version.
Result<Request> decode_request(std::string_view bytes);

/// Why a file could not be read, as frames.
std::string encode(const Error& error);
/// The whole document as frames, the last of them the end.
std::string encode(const Document& document);
std::string encode_progress(std::uint32_t done, std::uint32_t pages);

/// A picture of text that the reader process wants read by OCR: 8 bits of grey a pixel, row after row.
struct GreyPicture {
    std::uint32_t width = 0, height = 0, dots_per_inch = 0;
    std::string pixels;  ///< [height, width]
};
/// A line that OCR found, in pixels of its picture.
struct RecognisedLine {
    std::string text;  ///< UTF-8
    float x = 0, y = 0, width = 0, height = 0;
    std::uint32_t block = 0;  ///< lines of one paragraph share it

    bool operator==(const RecognisedLine&) const = default;
};
std::string encode(const GreyPicture& picture);
/// The app's reply to a picture, with its length before it; the reader process waits for it on its standard
/// input.
std::string encode(const std::vector<RecognisedLine>& lines);
Result<std::vector<RecognisedLine>> decode_recognised(std::string_view bytes);

/// Bounds of an answer, from the ReadOptions of its request.
struct AnswerLimits {
    std::uint64_t max_text_bytes = 64ull << 20;
    std::uint32_t max_pages = 20'000;
    std::uint64_t max_pixels = 0;  ///< of a picture for OCR; 0: none was asked for
};

/// Frames to a Document, fed as they arrive. Strict: the first byte out of place ends it with error corrupt.
class AnswerParser {
public:
    explicit AnswerParser(AnswerLimits limits) : limits_(limits) {}

    /// Takes the next bytes. Error: they are not an answer (and stay refused), whatever else follows.
    Result<void> feed(std::string_view bytes);
    /// The last progress that arrived, once.
    std::optional<std::pair<std::uint32_t, std::uint32_t>> take_progress();
    /// A picture that is complete and waits for its reply, once.
    std::optional<GreyPicture> take_picture();
    bool ended() const { return ended_; }

    /// After the last byte: the document, or the error that the reader sent, or that the answer broke off.
    Result<Document> finish() &&;

private:
    Result<void> frame(std::uint8_t type, std::string_view payload);

    AnswerLimits limits_;
    std::string pending_;
    Document document_;
    std::optional<Error> error_;   // sent by the reader
    std::optional<Error> breach_;  // ours, of the bytes
    std::optional<std::pair<std::uint32_t, std::uint32_t>> progress_;
    std::optional<GreyPicture> picture_;
    bool ended_ = false;
};

}  // namespace pellucid::reading
