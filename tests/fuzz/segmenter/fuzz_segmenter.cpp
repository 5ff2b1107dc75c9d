// Any reply, cut into any tokens: nothing is lost, every token is counted once, and where the pieces end
// changes nothing. The first byte chooses the marks, the second where the reply begins; then come tokens: a
// byte for what it is, its text after it.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/segment/segmenter.h"

using namespace pellucid;

namespace {

void must(bool truth) {
    if (!truth) std::abort();
}

struct Token {
    TokenId id;
    std::string text;
};

constexpr TokenId kFirstMark = 10, kWord = 100;

std::vector<Mark*> marks_of(ThoughtFormat& format) {
    if (format.family == ThoughtFamily::tags) return {&format.open, &format.close};
    std::vector<Mark*> marks;
    if (format.family == ThoughtFamily::harmony)
        for (Mark& mark : format.harmony) marks.push_back(&mark);
    return marks;
}

ThoughtFormat format_of(unsigned choice) {
    ThoughtFormat format;
    switch (choice % 5) {
        case 0:
            format.family = ThoughtFamily::tags;
            format.open.text = "<think>", format.close.text = "</think>";
            break;
        case 1:
            format.family = ThoughtFamily::tags;
            format.open.text = "[THINK]", format.close.text = "[/THINK]";
            break;
        case 2:
            format.family = ThoughtFamily::tags;  // marks that begin alike, and one inside the other
            format.open.text = "aab", format.close.text = "aaab";
            break;
        case 3: {
            format.family = ThoughtFamily::harmony;
            const char* texts[] = {"<|start|>",     "<|channel|>", "<|message|>", "<|end|>",
                                   "<|constrain|>", "<|call|>",    "<|return|>"};
            for (int i = 0; i < ThoughtFormat::harmony_marks; ++i) format.harmony[i].text = texts[i];
            break;
        }
        default:
            break;
    }
    if (choice & 128) {
        TokenId id = kFirstMark;
        for (Mark* mark : marks_of(format)) mark->id = id++;
    }
    return format;
}

/// Neighbours of one channel joined.
using Stretches = std::vector<std::pair<Segment::Channel, std::string>>;

struct Reply {
    Stretches stretches;
    std::string raw;
    int tokens = 0;

    void add(const std::vector<Segment>& segments) {
        for (const Segment& segment : segments) {
            raw += segment.text;
            tokens += segment.tokens;
            if (segment.text.empty()) continue;
            if (stretches.empty() || stretches.back().first != segment.channel)
                stretches.emplace_back(segment.channel, "");
            stretches.back().second += segment.text;
        }
    }
};

Reply cut(const ThoughtFormat& format, ReplyStart start, const std::vector<Token>& tokens) {
    Segmenter segmenter(format, start);
    Reply reply;
    std::string fed;
    int counted = 0;
    for (const Token& token : tokens) {
        reply.add(segmenter.feed(token.id, token.text));
        fed += token.text;
        counted += token.id >= 0;
        must(fed.starts_with(reply.raw) && reply.tokens <= counted);
    }
    reply.add(segmenter.finish());
    must(reply.raw == fed && reply.tokens == counted);
    must(segmenter.finish().empty());
    return reply;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size < 2) return 0;
    ThoughtFormat format = format_of(bytes[0]);
    const auto start = static_cast<ReplyStart>(bytes[1] % 3);
    const auto marks = marks_of(format);
    std::vector<Token> whole, letters;
    for (std::size_t at = 2; at < size;) {
        const unsigned kind = bytes[at++];
        if (kind >= 0xF0 && !marks.empty()) {
            // The mark itself; sometimes with characters before it that were incomplete until it came.
            const std::size_t i = kind % marks.size();
            const std::string text = (kind == 0xFF ? "é" : "") + marks[i]->text;
            const Token token{marks[i]->id.value_or(kWord), text};
            whole.push_back(token), letters.push_back(token);
            continue;
        }
        const std::size_t length = std::min<std::size_t>(kind & 15, size - at);
        std::string text(reinterpret_cast<const char*>(bytes) + at, length);
        at += length;
        if ((kind & 16) && !marks.empty()) text += marks[kind / 32 % marks.size()]->text.substr(0, kind & 7);
        for (const char letter : text) letters.push_back({-1, std::string(1, letter)});
        whole.push_back({kind & 64 ? -1 : kWord, std::move(text)});
    }
    const Reply reply = cut(format, start, whole);
    must(reply.stretches == cut(format, start, letters).stretches);
    if (format.family == ThoughtFamily::none || start == ReplyStart::answer)
        for (const auto& [channel, text] : reply.stretches)
            must(channel != Segment::Channel::tool_call || format.family == ThoughtFamily::harmony);
    return 0;
}
