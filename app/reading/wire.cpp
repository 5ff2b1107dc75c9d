#include "app/reading/wire.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/text/utf8.h"

namespace pellucid::reading {

namespace {

constexpr std::uint32_t kMagic = 0x51524C50;  // "PLRQ"
constexpr std::uint32_t kVersion = 2;
constexpr std::size_t kLongestFrame = 1 << 20;
constexpr std::size_t kLongestName = 1 << 16;
constexpr std::size_t kMostNotices = 1000;

enum class Frame : std::uint8_t {
    progress = 1,
    failure,
    about,
    text,
    pages,
    blocks,
    lines,
    notice,
    end,
    picture,
    pixels
};

class Writer {
public:
    void u8(std::uint8_t value) { bytes.push_back(static_cast<char>(value)); }
    void u32(std::uint32_t value) {
        for (int shift = 0; shift < 32; shift += 8) u8(static_cast<std::uint8_t>(value >> shift));
    }
    void u64(std::uint64_t value) {
        u32(static_cast<std::uint32_t>(value));
        u32(static_cast<std::uint32_t>(value >> 32));
    }
    void f32(float value) { u32(std::bit_cast<std::uint32_t>(value)); }
    void text(std::string_view value) {
        u32(static_cast<std::uint32_t>(value.size()));
        bytes.append(value);
    }
    void range(TextRange value) {
        u32(value.first);
        u32(value.last);
    }

    std::string bytes;
};

/// Reads what Writer wrote; after a read beyond the end everything is empty and `good` false.
class Cursor {
public:
    explicit Cursor(std::string_view bytes) : bytes_(bytes) {}
    std::uint8_t u8() {
        const std::string_view taken = take(1);
        return taken.empty() ? 0 : static_cast<std::uint8_t>(taken[0]);
    }
    std::uint32_t u32() {
        std::uint32_t value = 0;
        const std::string_view taken = take(4);
        for (std::size_t i = 0; i < taken.size(); ++i)
            value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(taken[i])) << (8 * i);
        return value;
    }
    std::uint64_t u64() {
        const std::uint64_t low = u32();
        return low | static_cast<std::uint64_t>(u32()) << 32;
    }
    float f32() { return std::bit_cast<float>(u32()); }
    std::string text() { return std::string(take(u32())); }
    TextRange range() {
        const std::uint32_t first = u32();
        return {first, u32()};
    }
    std::string_view rest() { return take(bytes_.size()); }
    bool good() const { return good_; }
    bool at_end() const { return bytes_.empty(); }

private:
    std::string_view take(std::size_t count) {
        if (!good_ || count > bytes_.size()) {
            good_ = false;
            return {};
        }
        const std::string_view taken = bytes_.substr(0, count);
        bytes_.remove_prefix(count);
        return taken;
    }

    std::string_view bytes_;
    bool good_ = true;
};

void put_frame(std::string& out, Frame type, std::string_view payload) {
    Writer head;
    head.u8(static_cast<std::uint8_t>(type));
    head.u32(static_cast<std::uint32_t>(payload.size()));
    out += head.bytes;
    out += payload;
}

/// `items` in as few frames as hold them.
template <typename Item, typename Write>
void put_items(std::string& out, Frame type, const std::vector<Item>& items, Write write) {
    Writer payload;
    for (const Item& item : items) {
        Writer one;
        write(one, item);
        if (payload.bytes.size() + one.bytes.size() > kLongestFrame) {
            put_frame(out, type, payload.bytes);
            payload.bytes.clear();
        }
        payload.bytes += one.bytes;
    }
    if (!payload.bytes.empty()) put_frame(out, type, payload.bytes);
}

/// Names are for people: a hostile source may give a title of gigabytes.
std::string_view shortened(std::string_view words, std::size_t most = 4096) {
    if (words.size() <= most) return words;
    while (most > 0 && (static_cast<unsigned char>(words[most]) & 0xC0) == 0x80) --most;
    return words.substr(0, most);
}

Failure breach(const char* what) {
    return fail(ErrorCode::corrupt, std::string("the reader's answer is damaged: ") + what);
}

/// What the reader process may say of a file; the rest is for the app to find out.
bool may_say(ErrorCode code) {
    switch (code) {
        case ErrorCode::corrupt:
        case ErrorCode::unsupported:
        case ErrorCode::encrypted:
        case ErrorCode::too_large:
        case ErrorCode::out_of_memory:
        case ErrorCode::timed_out:
        case ErrorCode::io:
        case ErrorCode::not_found:
        case ErrorCode::internal:
            return true;
        default:
            return false;
    }
}

}  // namespace

std::string encode(const Request& request) {
    Writer out;
    out.u32(kMagic);
    out.u32(kVersion);
    out.u64(request.max_text_bytes);
    out.u32(request.max_pages);
    out.u64(request.memory_bytes);
    out.u32(request.cpu_seconds);
    out.u8(request.recognise ? 1 : 0);
    out.f32(request.picture_scale);
    out.u32(request.picture_page);
    out.u32(static_cast<std::uint32_t>(request.languages.size()));
    for (const std::string& language : request.languages) out.text(language);
    out.text(request.name);
    return std::move(out.bytes);
}

Result<Request> decode_request(std::string_view bytes) {
    Cursor in(bytes);
    Request request;
    if (in.u32() != kMagic || in.u32() != kVersion)
        return fail(ErrorCode::corrupt, "this is not a reader's request");
    request.max_text_bytes = in.u64();
    request.max_pages = in.u32();
    request.memory_bytes = in.u64();
    request.cpu_seconds = in.u32();
    request.recognise = in.u8() != 0;
    request.picture_scale = in.f32();
    request.picture_page = in.u32();
    const std::uint32_t languages = in.u32();
    if (languages > 64) return fail(ErrorCode::corrupt, "this is not a reader's request");
    for (std::uint32_t i = 0; i < languages; ++i) request.languages.push_back(in.text());
    request.name = in.text();
    if (!in.good() || !in.at_end() || request.name.size() > kLongestName)
        return fail(ErrorCode::corrupt, "this is not a reader's request");
    return request;
}

std::string encode(const Error& error) {
    Writer payload;
    payload.u8(static_cast<std::uint8_t>(error.code));
    payload.text(shortened(error.what));
    payload.text(shortened(error.hint));
    std::string out;
    put_frame(out, Frame::failure, payload.bytes);
    put_frame(out, Frame::end, {});
    return out;
}

std::string encode_progress(std::uint32_t done, std::uint32_t pages) {
    Writer payload;
    payload.u32(done);
    payload.u32(pages);
    std::string out;
    put_frame(out, Frame::progress, payload.bytes);
    return out;
}

std::string encode(const Document& document) {
    std::string out;
    Writer about;
    for (const std::string* words : {&document.title, &document.author, &document.language, &document.mime})
        about.text(shortened(*words));
    put_frame(out, Frame::about, about.bytes);
    for (std::size_t at = 0; at < document.text.size(); at += kLongestFrame)
        put_frame(out, Frame::text, std::string_view(document.text).substr(at, kLongestFrame));
    put_items(out, Frame::pages, document.pages, [](Writer& to, const Page& page) {
        to.range(page.range);
        to.f32(page.width);
        to.f32(page.height);
        to.text(shortened(page.label, 256));
        to.u8(static_cast<std::uint8_t>((page.text_layer ? 1 : 0) | (page.recognised ? 2 : 0)));
    });
    put_items(out, Frame::blocks, document.blocks, [](Writer& to, const Block& block) {
        to.u8(static_cast<std::uint8_t>(block.kind));
        to.u8(static_cast<std::uint8_t>(std::clamp(block.level, 0, 255)));
        to.range(block.range);
        to.u32(block.page);
        to.text(shortened(block.symbol));
    });
    put_items(out, Frame::lines, document.lines, [](Writer& to, const LineBox& line) {
        to.range(line.range);
        to.u32(line.page);
        for (const float value : {line.x, line.y, line.width, line.height}) to.f32(value);
    });
    for (std::size_t i = 0; i < std::min(document.notices.size(), kMostNotices); ++i) {
        Writer payload;
        payload.u8(static_cast<std::uint8_t>(document.notices[i].code));
        payload.text(shortened(document.notices[i].what));
        for (const std::uint32_t page : document.notices[i].pages) payload.u32(page);
        if (payload.bytes.size() <= kLongestFrame) put_frame(out, Frame::notice, payload.bytes);
    }
    put_frame(out, Frame::end, {});
    return out;
}

std::string encode(const GreyPicture& picture) {
    Writer head;
    head.u32(picture.width);
    head.u32(picture.height);
    head.u32(picture.dots_per_inch);
    std::string out;
    put_frame(out, Frame::picture, head.bytes);
    for (std::size_t at = 0; at < picture.pixels.size(); at += kLongestFrame)
        put_frame(out, Frame::pixels, std::string_view(picture.pixels).substr(at, kLongestFrame));
    return out;
}

std::string encode(const std::vector<RecognisedLine>& lines) {
    Writer payload;
    for (const RecognisedLine& line : lines) {
        payload.text(line.text);
        for (const float value : {line.x, line.y, line.width, line.height}) payload.f32(value);
        payload.u32(line.block);
    }
    Writer out;
    out.u32(static_cast<std::uint32_t>(payload.bytes.size()));
    return out.bytes + payload.bytes;
}

Result<std::vector<RecognisedLine>> decode_recognised(std::string_view bytes) {
    Cursor in(bytes);
    if (in.u32() != bytes.size() - std::min<std::size_t>(4, bytes.size())) return breach("recognised lines");
    std::vector<RecognisedLine> lines;
    while (in.good() && !in.at_end()) {
        RecognisedLine line;
        line.text = in.text();
        line.x = in.f32();
        line.y = in.f32();
        line.width = in.f32();
        line.height = in.f32();
        line.block = in.u32();
        lines.push_back(std::move(line));
    }
    if (!in.good()) return breach("recognised lines");
    return lines;
}

Result<void> AnswerParser::feed(std::string_view bytes) {
    if (breach_) return fail(*breach_);
    const auto refuse = [this](const Failure& failure) -> Result<void> {
        breach_ = failure.error;
        pending_.clear();
        return failure;
    };
    pending_ += bytes;
    std::size_t at = 0;
    while (pending_.size() - at >= 5) {
        if (ended_) return refuse(breach("bytes after its end"));
        Cursor head(std::string_view(pending_).substr(at, 5));
        const std::uint8_t type = head.u8();
        const std::size_t length = head.u32();
        if (length > kLongestFrame) return refuse(breach("a frame that is too long"));
        if (pending_.size() - at - 5 < length) break;
        if (auto taken = frame(type, std::string_view(pending_).substr(at + 5, length)); !taken)
            return refuse(taken.error().what.empty() ? breach("") : fail(taken.error()));
        at += 5 + length;
    }
    pending_.erase(0, at);
    if (ended_ && !pending_.empty()) return refuse(breach("bytes after its end"));
    return {};
}

std::optional<std::pair<std::uint32_t, std::uint32_t>> AnswerParser::take_progress() {
    return std::exchange(progress_, std::nullopt);
}

std::optional<GreyPicture> AnswerParser::take_picture() {
    if (!picture_ || picture_->pixels.size() < static_cast<std::uint64_t>(picture_->width) * picture_->height)
        return std::nullopt;
    return std::exchange(picture_, std::nullopt);
}

Result<void> AnswerParser::frame(std::uint8_t type, std::string_view payload) {
    Cursor in(payload);
    switch (static_cast<Frame>(type)) {
        case Frame::progress: {
            const std::uint32_t done = in.u32();
            progress_ = {done, in.u32()};
            break;
        }
        case Frame::failure: {
            const auto code = static_cast<ErrorCode>(in.u8());
            Error error{code, in.text(), in.text()};
            if (error_ || !may_say(code) || !is_utf8(error.what) || !is_utf8(error.hint) ||
                error.what.empty())
                return breach("a failure that is none");
            error_ = std::move(error);
            break;
        }
        case Frame::about:
            document_.title = in.text();
            document_.author = in.text();
            document_.language = in.text();
            document_.mime = in.text();
            break;
        case Frame::text:
            if (document_.text.size() + payload.size() > limits_.max_text_bytes)
                return breach("more text than was asked for");
            document_.text += in.rest();
            break;
        case Frame::pages:
            while (in.good() && !in.at_end()) {
                if (document_.pages.size() >= limits_.max_pages)
                    return breach("more pages than were asked for");
                Page page;
                page.range = in.range();
                page.width = in.f32();
                page.height = in.f32();
                page.label = in.text();
                const std::uint8_t flags = in.u8();
                page.text_layer = (flags & 1) != 0;
                page.recognised = (flags & 2) != 0;
                if (flags > 3) return breach("a page's flags");
                document_.pages.push_back(std::move(page));
            }
            break;
        case Frame::blocks:
            while (in.good() && !in.at_end()) {
                if (document_.blocks.size() >= document_.text.size()) return breach("more blocks than text");
                Block block;
                block.kind = static_cast<BlockKind>(in.u8());
                block.level = in.u8();
                block.range = in.range();
                block.page = in.u32();
                block.symbol = in.text();
                document_.blocks.push_back(std::move(block));
            }
            break;
        case Frame::lines:
            while (in.good() && !in.at_end()) {
                if (document_.lines.size() >= document_.text.size()) return breach("more boxes than text");
                LineBox line;
                line.range = in.range();
                line.page = in.u32();
                line.x = in.f32();
                line.y = in.f32();
                line.width = in.f32();
                line.height = in.f32();
                document_.lines.push_back(line);
            }
            break;
        case Frame::notice: {
            if (document_.notices.size() >= kMostNotices) return breach("too many notices");
            Notice notice;
            notice.code = static_cast<NoticeCode>(in.u8());
            notice.what = in.text();
            while (in.good() && !in.at_end()) notice.pages.push_back(in.u32());
            document_.notices.push_back(std::move(notice));
            break;
        }
        case Frame::picture: {
            GreyPicture picture;
            picture.width = in.u32();
            picture.height = in.u32();
            picture.dots_per_inch = in.u32();
            if (picture_ || picture.width == 0 || picture.height == 0 || picture.dots_per_inch > 10'000 ||
                static_cast<std::uint64_t>(picture.width) * picture.height > limits_.max_pixels)
                return breach("a picture that was not asked for");
            picture_ = std::move(picture);
            break;
        }
        case Frame::pixels:
            if (!picture_ || picture_->pixels.size() + payload.size() >
                                 static_cast<std::uint64_t>(picture_->width) * picture_->height)
                return breach("more pixels than the picture has");
            picture_->pixels += in.rest();
            break;
        case Frame::end:
            if (picture_) return breach("a picture that breaks off");
            ended_ = true;
            break;
        default:
            return breach("an unknown frame");
    }
    if (!in.good() || !in.at_end()) return breach("a frame of another length than it says");
    return {};
}

Result<Document> AnswerParser::finish() && {
    if (breach_) return fail(*breach_);
    if (!ended_ || !pending_.empty()) return breach("it broke off");
    if (error_) return fail(*error_);
    PELLUCID_CHECK(check(document_));
    return std::move(document_);
}

}  // namespace pellucid::reading
