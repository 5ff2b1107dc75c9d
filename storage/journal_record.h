// The bytes of the token journal: records that say by themselves whether they are whole.
//
//   u32 magic "PTOK" · u32 size of what follows the checksum · u32 CRC-32C of it · i64 stream · u32 sequence
//   · u8 type · payload
//
// Little-endian. A stream's records are numbered from 0 without gaps. A file may hold records of several
// streams, and may end anywhere; what is damaged is skipped up to the next whole record, and a stream ends
// where its numbers break.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "storage/stream_content.h"

namespace pellucid::storage {

enum class RecordType : std::uint8_t { begin = 1, append = 2, rewind = 3, end = 4 };

/// A stream's id is drawn at random and also kept in its message's row: a record never meets another message.
using StreamId = std::int64_t;

void encode_begin(std::string& out, StreamId stream, MessageId message);
void encode_append(std::string& out, StreamId stream, std::uint32_t sequence, PartKind kind,
                   std::string_view text, std::span<const std::int32_t> ids, std::int64_t sampler_position,
                   double elapsed);
void encode_rewind(std::string& out, StreamId stream, std::uint32_t sequence, std::size_t token_count,
                   const std::vector<Part>& parts);
void encode_end(std::string& out, StreamId stream, std::uint32_t sequence);

/// A stream found in a journal, as calls to be made again on the content its message had before it.
struct JournalStream {
    MessageId message = 0;
    bool ended = false;  ///< saved in the database: nothing to bring back
    struct Step {
        bool is_rewind = false;
        PartKind kind = PartKind::text;
        std::string text;
        std::vector<std::int32_t> ids;
        std::int64_t sampler_position = -1;
        double elapsed = 0;
        std::size_t token_count = 0;
        std::vector<Part> parts;
    };
    std::vector<Step> steps;

    void replay(StreamContent& content) const;
    bool has_text() const;
};

struct JournalContents {
    std::map<StreamId, JournalStream> streams;
    std::size_t damaged_bytes = 0;  ///< skipped: a torn end, or worse
    bool damaged_inside = false;    ///< whole records came after damaged bytes: not just a torn end
};

/// Any bytes: never fails, takes what is whole.
JournalContents decode_journal(std::string_view bytes);

/// CRC-32C (Castagnoli), as in RFC 3720 appendix B.4.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace pellucid::storage
