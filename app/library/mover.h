// The models folder to another place: disk or folder. In two phases, journalled in the database, so that a
// kill at any moment leaves every model whole at one of the two places and the library pointing at it.
//
//   1 copying   each file is copied beside its target, flushed, compared by digest, then named. The library
//   still
//               points at the old folder. Can be cancelled: what was copied is deleted.
//   2 switched  one durable transaction gives all paths their new folder. From here the move can only be
//   finished. 3 clearing  the old files are deleted, those of the journal alone; then the journal is closed.
#pragma once

#include <filesystem>
#include <optional>

#include "app/library/library.h"
#include "storage/library_moves.h"

namespace pellucid::library {

struct MovePlan {
    std::filesystem::path from, to;
    std::uint64_t bytes = 0;      ///< to be copied; 0 where both lie on one file system (links are made)
    std::uint64_t available = 0;  ///< free at the target
    std::size_t files = 0;
    bool same_file_system = false;
    bool fits() const { return bytes <= available; }
};

/// The setting that names the models folder; absent or empty: DATA/models.
inline constexpr const char* models_folder_key = "app.modelsFolder";

/// Where this database's library lies: the setting, or DATA/models.
std::filesystem::path models_folder(storage::Database& database, const std::filesystem::path& data_folder);

class Mover {
public:
    Mover(storage::Database& database, std::filesystem::path models_folder);

    /// Errors: invalid_argument (the target is the folder itself or lies in it, or the other way round),
    /// read_only, not_found, busy (a move is under way: resume or cancel it), unsupported (the target holds a
    /// file of the same name with other content).
    Result<MovePlan> plan(const std::filesystem::path& to) const;
    /// Moves. no_space before the first byte. Cancelled: what was copied is deleted, the library is as
    /// before.
    Result<void> move(const std::filesystem::path& to, const Progress& progress = {},
                      const CancelToken& cancel = {});

    /// A move that a kill or a removed disk interrupted. To be asked at start.
    Result<std::optional<storage::LibraryMove>> interrupted() const;
    /// Goes on where it stopped, whichever phase that was.
    Result<void> resume(const Progress& progress = {}, const CancelToken& cancel = {});
    /// Takes an interrupted copy back; invalid_argument once it is switched.
    Result<void> take_back();

private:
    /// Until every file of the old folder is in the new one.
    Result<void> copy_all(const Progress& progress, const CancelToken& cancel);

    storage::Database& database_;
    storage::LibraryMoves moves_;
    std::filesystem::path folder_;
};

}  // namespace pellucid::library
