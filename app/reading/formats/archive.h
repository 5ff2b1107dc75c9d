// Parts of a ZIP archive (office files, EPUB), bounded: how many, how long, and how much longer than the
// archive.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace pellucid::reading {

struct ArchiveLimits {
    std::size_t max_entries = 20'000;
    std::uint64_t max_entry_bytes = 128ull << 20;
    std::uint64_t max_total_bytes = 256ull << 20;
    std::uint64_t max_ratio = 200;  ///< unpacked to packed, beyond the first 4 MiB
};

struct Parts {
    std::map<std::string, std::string, std::less<>> parts;  ///< by name
    std::vector<std::string> damaged;                       ///< names whose bytes did not unpack
    bool cut = false;  ///< the archive broke off: later parts are missing

    /// The part's bytes, or null.
    const std::string* find(std::string_view name) const {
        const auto found = parts.find(name);
        return found == parts.end() ? nullptr : &found->second;
    }
};

/// The names of an archive's parts, in its order.
Result<std::vector<std::string>> list_parts(std::string_view bytes, const ArchiveLimits& limits = {});
/// Those parts that `wanted` chooses. Errors: corrupt (no archive at all), encrypted, too_large (a bomb).
Result<Parts> unpack(std::string_view bytes, const std::function<bool(std::string_view name)>& wanted,
                     const ArchiveLimits& limits = {});

/// `relative` as seen from the part `base` ("OEBPS/a.opf" + "../x.html" → "x.html"), %-escapes decoded,
/// without fragment. Never leads out of the archive.
std::string part_beside(std::string_view base, std::string_view relative);

}  // namespace pellucid::reading
