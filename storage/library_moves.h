// The journal of the models folder moving elsewhere.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/message.h"

namespace pellucid::storage {

/// Numbers are stored: never renumber.
enum class MovePhase {
    copying = 0,   ///< the library points at the old folder
    switched = 1,  ///< it points at the new one; old files are still to be deleted
};

struct MoveFile {
    int ordinal = 0;
    std::string name;  ///< relative to both folders
    std::uint64_t bytes = 0;
    bool copied = false;  ///< whole at the target, under its name
};

struct LibraryMove {
    std::int64_t id = 0;
    std::string from, to;
    MovePhase phase = MovePhase::copying;
    Millis started_at = 0;
    std::vector<MoveFile> files;
};

/// At most one move at a time. Every change is durable when it returns. Thread safe.
class LibraryMoves {
public:
    explicit LibraryMoves(Database& database);

    /// busy: another is under way.
    Result<std::int64_t> begin(const std::string& from, const std::string& to,
                               const std::vector<MoveFile>& files);
    Result<std::optional<LibraryMove>> current() const;
    /// More files, after those that are there.
    Result<void> add_files(std::int64_t move, const std::vector<MoveFile>& files);
    Result<void> set_copied(std::int64_t move, int ordinal);
    /// In one transaction: every path of models, their files, their settings and adapters that names a moved
    /// file, and the setting `folder_key`, names its new place; the phase becomes switched.
    Result<void> switch_over(std::int64_t move, const std::string& folder_key);
    /// Closes the journal.
    Result<void> end(std::int64_t move);

private:
    Database& database_;
};

}  // namespace pellucid::storage
