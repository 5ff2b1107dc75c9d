#include "app/transfers/stored_downloads.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "app/library/storage_error.h"
#include "storage/downloads.h"

namespace pellucid::transfers {
namespace {

using namespace download;

Failure from_storage(const storage::Error& error) {
    Error said = library::from_storage(error);
    // A queue reads these as facts about files: a row that is gone is no missing folder, and a database that
    // another program holds is a disk that does not answer now.
    if (said.code == ErrorCode::not_found) said.code = ErrorCode::internal;
    if (said.code == ErrorCode::busy) said.code = ErrorCode::io;
    return fail(std::move(said));
}

Result<void> passed(const storage::Result<void>& result) {
    if (!result) return from_storage(result.error());
    return {};
}

std::string bytes_of(const digest::Hash& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

storage::DownloadRecord record_of(const StoredItem& item) {
    storage::DownloadRecord record;
    record.id = item.id;
    record.title = item.title;
    record.note = item.note;
    record.folder = item.folder.string();
    record.priority = item.priority;
    record.state = to_string(item.state);
    record.reason = to_string(item.reason);
    record.detail = item.detail;
    record.completed_at = item.completed_at_ms;
    return record;
}

}  // namespace

storage::DownloadFileRecord record_of_file(const StoredFile& file) {
    storage::DownloadFileRecord record;
    record.id = file.id;
    record.name = file.spec.name;
    record.bytes = file.spec.bytes ? static_cast<std::int64_t>(*file.spec.bytes) : -1;
    record.sha256 = file.spec.sha256;
    record.block_bytes = static_cast<std::int64_t>(file.block_bytes);
    record.published_blocks = digest::to_bytes(file.spec.blocks.blocks);
    record.repair = file.spec.repair;
    record.complete = file.complete;
    for (std::size_t i = 0; i < file.spec.urls.size(); ++i)
        record.sources.push_back({file.spec.urls[i], i < file.etags.size() ? file.etags[i] : std::string()});
    return record;
}

StoredFile file_of_record(const storage::DownloadFileRecord& record) {
    constexpr std::int64_t most = std::int64_t{1} << 60;
    StoredFile file;
    file.id = record.id;
    file.spec.name = record.name;
    if (record.bytes >= 0 && record.bytes < most) file.spec.bytes = static_cast<std::uint64_t>(record.bytes);
    if (digest::from_hex(record.sha256)) file.spec.sha256 = record.sha256;
    if (record.block_bytes > 0 && record.block_bytes < most)
        file.block_bytes = static_cast<std::uint64_t>(record.block_bytes);
    // Blocks so small that their number has no bounds are no help.
    if (file.spec.bytes && file.block_bytes > 0 &&
        *file.spec.bytes / file.block_bytes > (std::uint64_t{1} << 24))
        file.block_bytes = 0;
    if (!record.published_blocks.empty() && file.spec.bytes && file.block_bytes > 0)
        if (auto map = digest::block_map(*file.spec.bytes, file.block_bytes, record.published_blocks))
            file.spec.blocks = *std::move(map);
    file.spec.repair = record.repair && file.spec.blocks.known();
    file.complete = record.complete;
    for (const auto& source : record.sources) {
        file.spec.urls.push_back(source.url);
        file.etags.push_back(source.etag);
    }
    return file;
}

Result<std::vector<StoredItem>> StoredDownloads::load() {
    const auto records = rows_.list();
    if (!records) return from_storage(records.error());
    std::vector<StoredItem> items;
    for (const auto& record : *records) {
        StoredItem item;
        item.id = record.id;
        item.title = record.title;
        item.note = record.note;
        item.folder = record.folder;
        item.priority = record.priority;
        const auto state = state_of(record.state);
        item.state = state.value_or(State::paused);
        item.reason = state ? reason_of(record.reason).value_or(Reason::none) : Reason::by_person;
        item.detail = record.detail;
        item.added_at_ms = record.added_at;
        item.completed_at_ms = record.completed_at;
        // A name that may not be made is never made, whoever wrote it into the database.
        bool good = item.folder.is_absolute() && !record.files.empty();
        for (const auto& file : record.files) {
            good = good && check_name(file.name).ok();
            item.files.push_back(file_of_record(file));
        }
        if (good) items.push_back(std::move(item));
    }
    return items;
}

Result<void> StoredDownloads::add(StoredItem& item) {
    auto record = record_of(item);
    for (const auto& file : item.files) record.files.push_back(record_of_file(file));
    PELLUCID_CHECK(passed(rows_.add(record)));
    item.id = record.id;
    item.added_at_ms = record.added_at;
    for (std::size_t i = 0; i < item.files.size(); ++i) item.files[i].id = record.files[i].id;
    return {};
}

Result<void> StoredDownloads::update(const StoredItem& item) {
    return passed(rows_.update(record_of(item)));
}

Result<void> StoredDownloads::update_file(const StoredFile& file) {
    return passed(rows_.update_file(record_of_file(file)));
}

Result<void> StoredDownloads::remove(ItemId id) {
    return passed(rows_.remove(id));
}

Result<std::vector<StoredBlock>> StoredDownloads::blocks(std::int64_t file) {
    const auto rows = rows_.blocks(file);
    if (!rows) return from_storage(rows.error());
    std::vector<StoredBlock> blocks;
    for (const auto& row : *rows) {
        digest::Hash hash;
        if (row.block < 0 || row.sha256.size() != hash.size()) continue;
        std::memcpy(hash.data(), row.sha256.data(), hash.size());
        blocks.emplace_back(static_cast<std::uint64_t>(row.block), hash);
    }
    return blocks;
}

Result<void> StoredDownloads::add_blocks(std::int64_t file, const std::vector<StoredBlock>& blocks) {
    std::vector<storage::DownloadBlock> rows;
    for (const auto& [block, hash] : blocks)
        rows.push_back({static_cast<std::int64_t>(block), bytes_of(hash)});
    return passed(rows_.add_blocks(file, rows));
}

Result<void> StoredDownloads::remove_blocks(std::int64_t file, const std::vector<std::uint64_t>& blocks) {
    return passed(rows_.remove_blocks(file, {blocks.begin(), blocks.end()}));
}

Result<void> StoredDownloads::remove_all_blocks(std::int64_t file) {
    return passed(rows_.remove_all_blocks(file));
}

}  // namespace pellucid::transfers
