// Any text as a document of any blocks: its passages cover it, lie in it and keep their length. And any bytes
// as what the database keeps of pages and notices.
//
// The first byte chooses; for a document the next ones are kinds and lengths of its blocks.
#include <cstdlib>
#include <string>
#include <string_view>

#include "app/documents/chunker.h"
#include "app/documents/importer.h"
#include "app/documents/text_cuts.h"
#include "engine/text/utf8.h"
#include "storage/connection.h"
#include "storage/packed.h"

using namespace pellucid;
using namespace pellucid::documents;

namespace {

void must(bool truth) {
    if (!truth) std::abort();
}

void cut_any(std::string_view bytes) {
    const std::size_t blocks = bytes.empty() ? 0 : static_cast<unsigned char>(bytes[0]) % 12;
    if (bytes.size() < 1 + 2 * blocks) return;
    reading::Document document;
    document.text = bytes.substr(1 + 2 * blocks);
    if (!is_utf8(document.text)) return;
    const auto size = static_cast<std::uint32_t>(document.text.size());
    const auto boundary = [&](std::uint32_t at) {
        while (at < size && (static_cast<unsigned char>(document.text[at]) & 0xC0) == 0x80) ++at;
        return std::min(at, size);
    };
    document.pages.push_back({{0, size}, 0, 0, {}, true, false});
    std::uint32_t at = 0;
    for (std::size_t i = 0; i < blocks; ++i) {
        const auto how = static_cast<unsigned char>(bytes[1 + 2 * i]),
                   length = static_cast<unsigned char>(bytes[2 + 2 * i]);
        reading::Block block;
        block.kind = static_cast<BlockKind>(how & 7);
        block.level = 1 + (how >> 3 & 3);
        if ((how & 64) != 0) block.symbol = "f";
        const std::uint32_t first = (how & 128) != 0 ? boundary(std::min(size, at + 3)) : at;
        at = boundary(std::min(size, first + 4u * length));
        block.range = {first, at};
        if (first < at) document.blocks.push_back(block);
    }
    must(reading::check(document).ok());
    const ChunkOptions options{24, 40, (bytes[0] & 0x40) == 0};
    const auto chunks = cut(document, estimated_tokens, options);
    std::uint32_t covered = 0;
    for (const Chunk& chunk : chunks) {
        must(!chunk.range.empty() && chunk.range.last <= size && chunk.tokens <= options.most_tokens);
        must(trimmed(document.text, chunk.range) == chunk.range && is_utf8(document.of(chunk.range)));
        must(chunk.header.last <= chunk.range.first && is_utf8(chunk.headings));
        // What lies between two passages is blank.
        if (chunk.range.first > covered) must(trimmed(document.text, {covered, chunk.range.first}).empty());
        must(chunk.range.last > covered);
        covered = chunk.range.last;
    }
    must(trimmed(document.text, {covered, size}).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 4) {
        case 0:
            for (const auto& notice : notices_of_json(std::string(bytes))) must(is_utf8(notice.what));
            break;
        case 1:
            try {
                // What can be unpacked is what it says when it is packed again.
                const auto boxes = storage::unpack_boxes(bytes);
                must(storage::unpack_boxes(storage::pack_boxes(boxes)) == boxes);
            } catch (const storage::Refusal&) {
            }
            break;
        default:
            cut_any(bytes);
    }
    return 0;
}
