// Any rows in the tables of downloads: what they become is a plan that can be worked with, however long or
// negative their numbers are. Input: three numbers of eight bytes (size, block size, a block), then a
// digest's text up to a line break, then a name up to a line break, then published block digests.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "app/download/block_table.h"
#include "app/transfers/stored_downloads.h"
#include "storage/downloads.h"

using namespace pellucid;

namespace {

void must(bool truth) {
    if (!truth) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::int64_t numbers[3] = {};
    if (size < sizeof numbers) return 0;
    std::memcpy(numbers, data, sizeof numbers);
    std::string rest(reinterpret_cast<const char*>(data) + sizeof numbers, size - sizeof numbers);
    const auto line = [&] {
        const auto end = std::min(rest.find('\n'), rest.size());
        const std::string taken = rest.substr(0, end);
        rest.erase(0, end + 1);
        return taken;
    };
    storage::DownloadFileRecord record;
    record.bytes = numbers[0];
    record.block_bytes = numbers[1];
    record.sha256 = line();
    record.name = line();
    record.published_blocks = rest;
    record.repair = (numbers[2] & 1) != 0;
    record.sources = {{"https://a/", record.sha256}};
    const auto file = transfers::file_of_record(record);
    must(file.etags.size() == file.spec.urls.size());
    must(!file.spec.bytes || *file.spec.bytes < (std::uint64_t{1} << 60));
    must(file.spec.sha256.empty() || digest::from_hex(file.spec.sha256).has_value());
    must(!file.spec.repair || file.spec.blocks.known());
    if (file.spec.blocks.known())
        must(file.spec.blocks.blocks.size() == digest::block_count(*file.spec.bytes, file.block_bytes));
    // Once read, it is written as it was read.
    const auto again = transfers::file_of_record(transfers::record_of_file(file));
    must(again.spec.bytes == file.spec.bytes && again.block_bytes == file.block_bytes &&
         again.spec.blocks == file.spec.blocks);
    if (file.spec.bytes && file.block_bytes > 0 && *file.spec.bytes / file.block_bytes < 10'000) {
        download::BlockTable table(*file.spec.bytes, file.block_bytes);
        if (table.count() > 0) {
            const auto block = static_cast<std::uint64_t>(numbers[2]) % table.count();
            table.set_here(block, {});
            std::uint64_t bytes = table.size(block);
            while (const auto run = table.take_run(std::uint64_t{1} << 20)) bytes += run->end - run->first;
            must(bytes == *file.spec.bytes);
        }
    }
    return 0;
}
