// The numbered SQL files of storage/migrations, embedded at build time.
#pragma once

#include <span>
#include <string_view>

namespace pellucid::storage {

struct Migration {
    int version;            ///< user_version after it ran: 1, 2, 3 …
    std::string_view name;  ///< "0001_conversations"
    std::string_view sql;
};

/// In order, without gaps.
std::span<const Migration> migrations();

}  // namespace pellucid::storage
