#include "app/reading/page_picture.h"

#include <utility>

namespace pellucid::reading {

namespace {

// Beside the frames of a document (wire.cpp), which a picture's answer may begin with: then it is a failure.
constexpr std::uint8_t kHead = 20, kPixels = 21, kEnd = 22;
constexpr std::size_t kFrameHead = 5, kHeadBytes = 8, kLongest = 1 << 20;

void put_u32(std::string& out, std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(value >> shift));
}

std::uint32_t u32_at(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[at + i])) << (8 * i);
    return value;
}

void put_frame(std::string& out, std::uint8_t type, std::string_view payload) {
    out.push_back(static_cast<char>(type));
    put_u32(out, static_cast<std::uint32_t>(payload.size()));
    out += payload;
}

}  // namespace

std::string encode(const PagePicture& picture) {
    std::string out, head;
    out.reserve(picture.pixels.size() + 64 + picture.pixels.size() / kLongest * kFrameHead);
    put_u32(head, picture.width);
    put_u32(head, picture.height);
    put_frame(out, kHead, head);
    for (std::size_t at = 0; at < picture.pixels.size(); at += kLongest)
        put_frame(out, kPixels, std::string_view(picture.pixels).substr(at, kLongest));
    put_frame(out, kEnd, {});
    return out;
}

Result<void> PictureParser::refuse(const char* what) {
    refused_ = true;
    return fail(ErrorCode::corrupt, std::string("the reader's picture is damaged: ") + what);
}

bool PictureParser::ended() const {
    return words_ ? words_->ended() : ended_;
}

Result<void> PictureParser::feed(std::string_view bytes) {
    if (refused_) return refuse("more follows");
    if (words_) return words_->feed(bytes);
    pending_ += bytes;
    for (;;) {
        if (pending_.empty()) return {};
        const auto type = static_cast<std::uint8_t>(pending_[0]);
        if (picture_.width == 0 && type != kHead) {
            words_.emplace(AnswerLimits{0, 1});
            return words_->feed(std::exchange(pending_, {}));
        }
        if (ended_) return refuse("something follows its end");
        if (pending_.size() < kFrameHead) return {};
        const std::uint32_t length = u32_at(pending_, 1);
        if (length > kLongest) return refuse("a frame is too long");
        if (pending_.size() < kFrameHead + length) return {};
        const std::string_view payload = std::string_view(pending_).substr(kFrameHead, length);
        const std::uint64_t wanted = std::uint64_t{picture_.width} * picture_.height * 3;
        if (type == kHead) {
            if (picture_.width != 0 || payload.size() != kHeadBytes)
                return refuse("its size is told twice or wrong");
            picture_.width = u32_at(payload, 0);
            picture_.height = u32_at(payload, 4);
            if (picture_.width == 0 || picture_.height == 0 ||
                picture_.width > kMostPicturePixels / picture_.height)
                return refuse("its size cannot be");
            picture_.pixels.reserve(std::size_t{picture_.width} * picture_.height * 3);
        } else if (type == kPixels) {
            if (payload.empty() || payload.size() > wanted - picture_.pixels.size())
                return refuse("it has too many pixels");
            picture_.pixels += payload;
        } else if (type == kEnd) {
            if (!payload.empty() || picture_.pixels.size() != wanted) return refuse("it has too few pixels");
            ended_ = true;
        } else {
            return refuse("a frame of no known kind");
        }
        pending_.erase(0, kFrameHead + length);
    }
}

Result<PagePicture> PictureParser::finish() && {
    if (words_) {
        auto document = std::move(*words_).finish();
        if (!document) return document.failure();
        return fail(ErrorCode::corrupt, "the reader answered with a document instead of a picture");
    }
    if (refused_ || !ended_) return fail(ErrorCode::corrupt, "the reader's picture breaks off");
    return std::move(picture_);
}

}  // namespace pellucid::reading
