#include "app/reading/formats/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <cctype>
#include <memory>

namespace pellucid::reading {

namespace {

using Handle = std::unique_ptr<archive, decltype(&archive_read_free)>;

Result<Handle> opened(std::string_view bytes) {
    Handle handle(archive_read_new(), &archive_read_free);
    if (!handle) return fail(ErrorCode::out_of_memory, "no memory for an archive");
    archive_read_support_format_zip(handle.get());
    if (archive_read_open_memory(handle.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
        return fail(ErrorCode::corrupt, "the archive is damaged", "get the file again from where it came");
    return handle;
}

/// Calls `visit(entry name, entry)` for each; false from it ends the walk. True: the walk met the archive's
/// end.
template <typename Visit>
Result<bool> walk(archive* handle, const ArchiveLimits& limits, Visit visit) {
    for (std::size_t count = 0;; ++count) {
        if (count >= limits.max_entries)
            return fail(ErrorCode::too_large, "the archive has more parts than are read (" +
                                                  std::to_string(limits.max_entries) + ")");
        archive_entry* entry = nullptr;
        const int status = archive_read_next_header(handle, &entry);
        if (status == ARCHIVE_EOF) return true;
        if (status == ARCHIVE_RETRY) continue;
        if (status == ARCHIVE_FATAL || (status != ARCHIVE_OK && status != ARCHIVE_WARN)) {
            if (count == 0)
                return fail(ErrorCode::corrupt, "the archive is damaged",
                            "get the file again from where it came");
            return false;
        }
        const char* name = archive_entry_pathname_utf8(entry);
        if (name == nullptr) name = archive_entry_pathname(entry);
        if (name == nullptr) continue;
        PELLUCID_CHECK(visit(std::string(name), entry));
    }
}

}  // namespace

Result<std::vector<std::string>> list_parts(std::string_view bytes, const ArchiveLimits& limits) {
    PELLUCID_TRY(const Handle handle, opened(bytes));
    std::vector<std::string> names;
    PELLUCID_TRY([[maybe_unused]] const bool whole,
                 walk(handle.get(), limits, [&](std::string name, archive_entry*) -> Result<void> {
                     names.push_back(std::move(name));
                     return {};
                 }));
    return names;
}

Result<Parts> unpack(std::string_view bytes, const std::function<bool(std::string_view)>& wanted,
                     const ArchiveLimits& limits) {
    PELLUCID_TRY(const Handle handle, opened(bytes));
    Parts out;
    std::uint64_t total = 0;
    const auto take = [&](std::string name, archive_entry* entry) -> Result<void> {
        if (archive_entry_filetype(entry) == AE_IFDIR || !wanted(name)) return {};
        if (archive_entry_is_data_encrypted(entry))
            return fail(ErrorCode::encrypted, "it is protected by a password",
                        "save it without a password, then add it again");
        std::string part;
        for (;;) {
            const void* block = nullptr;
            std::size_t size = 0;
            la_int64_t offset = 0;
            const int status = archive_read_data_block(handle.get(), &block, &size, &offset);
            if (status == ARCHIVE_EOF) break;
            if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
                out.damaged.push_back(name);
                break;
            }
            total += size;
            if (part.size() + size > limits.max_entry_bytes || total > limits.max_total_bytes ||
                (total > (4u << 20) && total / limits.max_ratio > bytes.size()))
                return fail(ErrorCode::too_large, "it unpacks to far more than it should (an archive bomb?)",
                            "open it in the program that made it and save it again");
            part.append(static_cast<const char*>(block), size);
        }
        out.parts.insert_or_assign(std::move(name), std::move(part));
        return {};
    };
    PELLUCID_TRY(const bool whole, walk(handle.get(), limits, take));
    out.cut = !whole;
    return out;
}

std::string part_beside(std::string_view base, std::string_view relative) {
    std::string decoded;
    for (std::size_t i = 0; i < relative.size() && relative[i] != '#' && relative[i] != '?'; ++i) {
        if (relative[i] == '%' && i + 2 < relative.size() &&
            std::isxdigit(static_cast<unsigned char>(relative[i + 1])) &&
            std::isxdigit(static_cast<unsigned char>(relative[i + 2]))) {
            decoded += static_cast<char>(std::stoi(std::string(relative.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            decoded += relative[i];
        }
    }
    std::string path =
        decoded.starts_with('/')
            ? decoded
            : std::string(base.substr(0, base.rfind('/') == base.npos ? 0 : base.rfind('/') + 1)) + decoded;
    std::vector<std::string> steps;
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string step = path.substr(at, end - at);
        if (step == "..") {
            if (!steps.empty()) steps.pop_back();
        } else if (!step.empty() && step != ".") {
            steps.push_back(step);
        }
        at = end + 1;
    }
    std::string joined;
    for (const std::string& step : steps) joined += (joined.empty() ? "" : "/") + step;
    return joined;
}

}  // namespace pellucid::reading
