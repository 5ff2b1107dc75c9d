#include "storage/journal_record.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace pellucid::storage {
namespace {

static_assert(std::endian::native == std::endian::little, "the journal is little-endian");

constexpr std::uint32_t kMagic = 0x4b4f5450;  // "PTOK"
constexpr std::size_t kPrefix = 12;           // magic, size, checksum
constexpr std::size_t kFixed = 13;            // stream, sequence, type
constexpr std::uint32_t kLargest = 64u << 20;

template <typename T>
void put(std::string& out, T value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}
void put_text(std::string& out, std::string_view text) {
    put(out, static_cast<std::uint32_t>(text.size()));
    out += text;
}

template <typename Payload>
void record(std::string& out, StreamId stream, std::uint32_t sequence, RecordType type, Payload&& payload) {
    const std::size_t start = out.size();
    put(out, kMagic);
    put(out, std::uint32_t{0});
    put(out, std::uint32_t{0});
    put(out, stream);
    put(out, sequence);
    put(out, static_cast<std::uint8_t>(type));
    payload();
    const std::string_view body = std::string_view(out).substr(start + kPrefix);
    const auto size = static_cast<std::uint32_t>(body.size());
    const auto sum = crc32c(body);
    std::memcpy(out.data() + start + 4, &size, sizeof size);
    std::memcpy(out.data() + start + 8, &sum, sizeof sum);
}

/// Reads values off the front; `good` turns false at the first that is not all there.
struct Reader {
    std::string_view rest;
    bool good = true;

    template <typename T>
    T take() {
        T value{};
        if (!good || rest.size() < sizeof value) return good = false, value;
        std::memcpy(&value, rest.data(), sizeof value);
        rest.remove_prefix(sizeof value);
        return value;
    }
    std::string text() {
        const auto size = take<std::uint32_t>();
        if (!good || rest.size() < size) return good = false, std::string();
        std::string value(rest.substr(0, size));
        rest.remove_prefix(size);
        return value;
    }
    PartKind kind() {
        const auto number = take<std::uint8_t>();
        good = good && number <= static_cast<std::uint8_t>(PartKind::citation);
        return good ? static_cast<PartKind>(number) : PartKind::text;
    }
    std::vector<std::int32_t> ids() {
        const auto count = take<std::uint32_t>();
        if (!good || rest.size() / sizeof(std::int32_t) < count)
            return good = false, std::vector<std::int32_t>();
        std::vector<std::int32_t> values(count);
        if (count > 0) std::memcpy(values.data(), rest.data(), count * sizeof(std::int32_t));
        rest.remove_prefix(count * sizeof(std::int32_t));
        return values;
    }
};

bool read_step(Reader& in, RecordType type, JournalStream::Step& step) {
    if (type == RecordType::append) {
        step.kind = in.kind();
        step.elapsed = in.take<double>();
        step.sampler_position = in.take<std::int64_t>();
        step.ids = in.ids();
        step.text = in.text();
        return in.good;
    }
    step.is_rewind = true;
    step.token_count = in.take<std::uint64_t>();
    const auto count = in.take<std::uint32_t>();
    for (std::uint32_t i = 0; in.good && i < count; ++i) {
        Part part;
        part.kind = in.kind();
        part.text = in.text();
        part.name = in.text();
        part.data = in.text();
        part.reference = in.text();
        part.seconds = in.take<double>();
        part.token_count = in.take<std::int32_t>();
        part.byte_count = in.take<std::int64_t>();
        step.parts.push_back(std::move(part));
    }
    return in.good;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
    static constexpr auto kTable = [] {
        std::array<std::uint32_t, 256> table{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t value = i;
            for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0x82f63b78u : 0u);
            table[i] = value;
        }
        return table;
    }();
    std::uint32_t sum = 0xffffffffu;
    for (const char c : bytes) sum = (sum >> 8) ^ kTable[(sum ^ static_cast<std::uint8_t>(c)) & 0xff];
    return ~sum;
}

void encode_begin(std::string& out, StreamId stream, MessageId message) {
    record(out, stream, 0, RecordType::begin, [&] { put(out, message); });
}

void encode_append(std::string& out, StreamId stream, std::uint32_t sequence, PartKind kind,
                   std::string_view text, std::span<const std::int32_t> ids, std::int64_t sampler_position,
                   double elapsed) {
    record(out, stream, sequence, RecordType::append, [&] {
        put(out, static_cast<std::uint8_t>(kind));
        put(out, elapsed);
        put(out, sampler_position);
        put(out, static_cast<std::uint32_t>(ids.size()));
        for (const auto id : ids) put(out, id);
        put_text(out, text);
    });
}

void encode_rewind(std::string& out, StreamId stream, std::uint32_t sequence, std::size_t token_count,
                   const std::vector<Part>& parts) {
    record(out, stream, sequence, RecordType::rewind, [&] {
        put(out, static_cast<std::uint64_t>(token_count));
        put(out, static_cast<std::uint32_t>(parts.size()));
        for (const auto& part : parts) {
            put(out, static_cast<std::uint8_t>(part.kind));
            put_text(out, part.text);
            put_text(out, part.name);
            put_text(out, part.data);
            put_text(out, part.reference);
            put(out, part.seconds);
            put(out, static_cast<std::int32_t>(part.token_count));
            put(out, part.byte_count);
        }
    });
}

void encode_end(std::string& out, StreamId stream, std::uint32_t sequence) {
    record(out, stream, sequence, RecordType::end, [] {});
}

void JournalStream::replay(StreamContent& content) const {
    for (const auto& step : steps) {
        if (step.is_rewind)
            content.rewind(step.token_count, step.parts);
        else
            content.append(step.kind, step.text, step.ids, step.sampler_position, step.elapsed);
    }
}

bool JournalStream::has_text() const {
    return std::any_of(steps.begin(), steps.end(),
                       [](const Step& step) { return !step.text.empty() || step.is_rewind; });
}

JournalContents decode_journal(std::string_view bytes) {
    JournalContents contents;
    struct Progress {
        std::uint32_t next = 0;
        bool broken = false;
    };
    std::map<StreamId, Progress> progress;
    const std::string_view magic(reinterpret_cast<const char*>(&kMagic), sizeof kMagic);
    for (std::size_t at = 0; at < bytes.size();) {
        const auto skip = [&] {
            const auto next = bytes.find(magic, at + 1);
            const auto to = next == std::string_view::npos ? bytes.size() : next;
            contents.damaged_bytes += to - at;
            at = to;
        };
        Reader header{bytes.substr(at)};
        const auto found = header.take<std::uint32_t>();
        const auto size = header.take<std::uint32_t>();
        const auto sum = header.take<std::uint32_t>();
        if (!header.good || found != kMagic || size < kFixed || size > kLargest ||
            header.rest.size() < size || crc32c(header.rest.substr(0, size)) != sum) {
            skip();
            continue;
        }
        if (contents.damaged_bytes > 0) contents.damaged_inside = true;
        Reader in{header.rest.substr(0, size)};
        at += kPrefix + size;
        const auto id = in.take<StreamId>();
        const auto sequence = in.take<std::uint32_t>();
        const auto type = static_cast<RecordType>(in.take<std::uint8_t>());
        auto& state = progress[id];
        if (state.broken || sequence != state.next || (type == RecordType::begin) != (sequence == 0)) {
            state.broken = true;
            continue;
        }
        ++state.next;
        auto& stream = contents.streams[id];
        switch (type) {
            case RecordType::begin:
                stream.message = in.take<MessageId>();
                break;
            case RecordType::append:
            case RecordType::rewind: {
                JournalStream::Step step;
                if (read_step(in, type, step))
                    stream.steps.push_back(std::move(step));
                else
                    state.broken = true;
                break;
            }
            case RecordType::end:
                stream.ended = true;
                break;
            default:
                state.broken = true;
                break;
        }
    }
    return contents;
}

}  // namespace pellucid::storage
