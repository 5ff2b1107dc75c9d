// Any bytes as the token journal that a killed process left. Reading takes what is whole and nothing else;
// opening the store brings the reply back as the journal tells it, and opening it again changes nothing.
//
// The first byte chooses: the bytes themselves as a file; records with whole frames around any content (a
// fuzzer would not guess a checksum); or a journal as the program writes it, torn and flipped. Its high bit
// opens a store on the file, the next one opens it again.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "storage/journal_record.h"
#include "storage/store.h"

using namespace pellucid::storage;
namespace fs = std::filesystem;

namespace {

void must(bool truth) {
    if (!truth) std::abort();
}

template <typename T>
T value(Result<T> result) {
    must(result.ok());
    return *std::move(result);
}

/// A store that was killed in the middle of a reply, to be copied for each input.
class KilledStore {
public:
    KilledStore() {
        const fs::path base = fs::exists("/dev/shm") ? "/dev/shm" : fs::temp_directory_path();
        std::string name = (base / "pellucid-fuzz-XXXXXX").string();
        must(mkdtemp(name.data()) != nullptr);
        folder_ = name;
        const fs::path live = folder_ / "live";
        fs::create_directory(live);
        auto store = value(Store::open(options(live / "chat.db")));
        const auto conversation = value(store->conversations().create());
        NewMessage question;
        question.role = Role::user;
        question.parts = {{.kind = PartKind::text, .text = "Why?"}};
        const auto asked = value(store->conversations().append(conversation, 0, question));
        const auto reply = value(store->replies().begin(conversation, asked, {}));
        message_ = reply->message_id();
        must(store->replies().flush().ok());
        const JournalContents journal = decode_journal(read(live / "chat.db.tokens"));
        must(journal.streams.size() == 1);
        stream_ = journal.streams.begin()->first;
        fs::copy(live, folder_ / "killed");  // with its write-ahead log, as a kill leaves it
        fs::remove(folder_ / "killed" / "chat.db-shm");
    }
    ~KilledStore() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    KilledStore(const KilledStore&) = delete;
    KilledStore& operator=(const KilledStore&) = delete;

    StreamId stream() const { return stream_; }
    MessageId message() const { return message_; }

    /// Opens a copy with this journal, and then perhaps again.
    void recover(std::string_view journal, bool twice) const {
        const fs::path copy = folder_ / "copy";
        fs::remove_all(copy);
        fs::copy(folder_ / "killed", copy);
        std::ofstream(copy / "chat.db.tokens", std::ios::binary)
            .write(journal.data(), static_cast<std::streamsize>(journal.size()));
        StreamContent expected;
        const JournalContents contents = decode_journal(journal);
        const auto found = contents.streams.find(stream_);
        if (found != contents.streams.end() && found->second.message == message_)
            found->second.replay(expected);
        for (int i = 0; i < (twice ? 2 : 1); ++i) {
            const auto store = value(Store::open(options(copy / "chat.db")));
            must(store->replies().recovered().size() == (i == 0 ? 1u : 0u));
            const Message message = value(store->conversations().message(message_));
            must(message.state == MessageState::interrupted && message.can_continue());
            must(message.parts.size() == expected.parts.size());
            for (std::size_t i = 0; i < message.parts.size(); ++i)
                must(message.parts[i].kind == expected.parts[i].kind &&
                     message.parts[i].text == expected.parts[i].text);
        }
    }

private:
    static DatabaseOptions options(const fs::path& path) {
        DatabaseOptions options;
        options.path = path;
        options.clock = [] { return Millis{1'700'000'000'000}; };
        return options;
    }
    static std::string read(const fs::path& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    fs::path folder_;
    StreamId stream_ = 0;
    MessageId message_ = 0;
};

/// Takes values off the input's front; zeros when it is used up.
struct Bytes {
    std::string_view rest;

    unsigned byte() {
        if (rest.empty()) return 0;
        const auto value = static_cast<std::uint8_t>(rest.front());
        rest.remove_prefix(1);
        return value;
    }
    std::string_view take(std::size_t length) {
        const auto part = rest.substr(0, length);
        rest.remove_prefix(part.size());
        return part;
    }
};

/// Whole frames: magic, size and checksum are right, the rest is the input's.
std::string framed(Bytes in, StreamId stream) {
    std::string out;
    while (!in.rest.empty()) {
        const unsigned head = in.byte();
        std::string body;
        const StreamId id = head & 64 ? stream + 1 : stream;
        const std::uint32_t sequence = in.byte();
        body.append(reinterpret_cast<const char*>(&id), sizeof id);
        body.append(reinterpret_cast<const char*>(&sequence), sizeof sequence);
        body += static_cast<char>(head & 7);
        body += in.take(in.byte());
        const std::uint32_t frame[] = {0x4b4f5450, static_cast<std::uint32_t>(body.size()), crc32c(body)};
        out.append(reinterpret_cast<const char*>(frame), sizeof frame);
        out += body;
        if (head & 128) out += in.take(5);  // something between the records
    }
    return out;
}

/// As the program writes it.
std::string written(Bytes in, StreamId stream, MessageId message) {
    std::string out;
    encode_begin(out, stream, message);
    std::uint32_t sequence = 1;
    for (int i = 0; i < 64 && !in.rest.empty(); ++i) {
        const unsigned head = in.byte();
        if (head % 16 == 15) {
            const Part part{.kind = PartKind::answer, .text = std::string(in.take(head >> 4))};
            encode_rewind(out, stream, sequence++, in.byte(), {part});
            continue;
        }
        const auto kind = static_cast<PartKind>(head % 3);
        std::vector<std::int32_t> ids(head >> 6, static_cast<std::int32_t>(head));
        encode_append(out, stream, sequence++, kind, in.take(in.byte() % 40), ids, head % 5 - 1, i * 0.1);
    }
    return out;
}

bool begins(const JournalStream& shorter, const JournalStream& longer) {
    if (shorter.steps.size() > longer.steps.size()) return false;
    for (std::size_t i = 0; i < shorter.steps.size(); ++i)
        if (shorter.steps[i].text != longer.steps[i].text || shorter.steps[i].ids != longer.steps[i].ids ||
            shorter.steps[i].token_count != longer.steps[i].token_count)
            return false;
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const KilledStore kKilled;  // made once: a fuzzer's only state, and constant
    if (size < 4) return 0;
    Bytes in{{reinterpret_cast<const char*>(bytes), size}};
    const unsigned choice = in.byte();
    std::string journal;
    if (choice % 3 == 0) {
        journal = in.rest;
    } else if (choice % 3 == 1) {
        journal = framed(in, kKilled.stream());
    } else {
        const unsigned cut = in.byte(), flip = in.byte();
        const std::string whole = written(in, kKilled.stream(), kKilled.message());
        const JournalContents all = decode_journal(whole);
        must(all.damaged_bytes == 0 && all.streams.size() == 1);
        journal = whole.substr(0, whole.size() - std::min<std::size_t>(cut * 3, whole.size()));
        if (flip != 0 && !journal.empty()) journal[flip * 7 % journal.size()] ^= static_cast<char>(flip);
        for (const auto& [id, stream] : decode_journal(journal).streams)
            if (id == kKilled.stream()) must(begins(stream, all.streams.at(id)));
    }
    const JournalContents contents = decode_journal(journal);
    must(contents.damaged_bytes <= journal.size());
    for (const auto& [id, stream] : contents.streams) {
        StreamContent content;
        stream.replay(content);
    }
    if (choice & 128) kKilled.recover(journal, choice & 64);
    return 0;
}
