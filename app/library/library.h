// The model library: what is kept of each model and its files, checked, repaired, kept once, removed.
//
// A Library belongs to one database and one models folder. Its calls wait for the disk, some for as long as
// it takes to read every model: never in the GUI thread. Thread safe as the database is; a check and a repair
// of one model at the same time are for the caller to avoid.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/download/item.h"
#include "app/library/block_source.h"
#include "app/library/other_apps.h"
#include "engine/base/cancel.h"
#include "engine/base/error.h"
#include "storage/model_files.h"
#include "storage/model_presets.h"
#include "storage/models.h"

namespace pellucid::library {

using storage::ModelId;

/// `done` of `total` bytes; `what`: the file at work. Called in the thread of the call.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total, const std::string& what)>;

/// A model that is entered: where it lies, what its header says, where it came from.
struct NewModel {
    std::filesystem::path path;  ///< a GGUF file (the first of its parts) or a folder; stays where it is
    Origin origin = Origin::file;
    std::string title;  ///< a name for people; empty: the file's
    std::string repository, revision, licence;
    bool licence_accepted = false;  ///< by the person, now
    storage::ModelRecord facts;     ///< name, architecture, quantization, parameters, trained_context
    /// What a download or a manifest knows about the files; matched by path. Others are found by files_of().
    struct File {
        std::filesystem::path path;
        std::string sha256;  ///< as its publisher says; empty: not known
        std::string url, etag;
        std::uint64_t block_bytes = 0;
        std::string blocks;    ///< 32 bytes a block (digest::to_bytes) of what was checked; empty: not known
        bool checked = false;  ///< its bytes were read and had this digest
    };
    std::vector<File> files;
    std::vector<std::filesystem::path> adapters;
};
/// What is offered, as it would be entered.
NewModel new_model(const FoundModel& found);

/// How one file of a model stood up to a check.
struct CheckedFile {
    storage::ModelFile file;  ///< as it is kept after the check
    /// Blocks that differ; empty although damaged: only the whole file's digest was known.
    std::vector<std::size_t> damaged_blocks;
    bool first_time = false;  ///< nothing to compare with: its digests are kept from now on
    std::string note;         ///< a sentence: what is wrong, or ""
};
struct CheckReport {
    ModelId model = 0;
    std::vector<CheckedFile> files;
    std::uint64_t bytes_read = 0;
    bool whole() const;                   ///< nothing missing, nothing damaged
    std::uint64_t damaged_bytes() const;  ///< to be fetched again
};

struct RepairReport {
    std::uint64_t damaged_blocks = 0, repaired_blocks = 0;
    std::uint64_t bytes_fetched = 0;   ///< asked of sources, also in vain
    std::vector<std::string> sources;  ///< that gave good blocks
    bool whole = false;                ///< afterwards
    std::vector<std::string> notes;    ///< what could not be repaired and why, a sentence each
};

/// What removing a model would do.
struct Removal {
    struct File {
        std::filesystem::path path;
        std::uint64_t bytes = 0;  ///< its length
        std::uint64_t freed = 0;  ///< space that comes free: 0 while another name holds the same bytes
        bool deleted = false;     ///< false: stays, `why` says so
        std::string why;          ///< "belongs to Ollama", "another model uses it", "has a second name"
    };
    ModelId model = 0;
    std::vector<File> files;
    std::uint64_t freed() const {
        std::uint64_t sum = 0;
        for (const File& file : files) sum += file.deleted ? file.freed : 0;
        return sum;
    }
};

/// Files with the same bytes.
struct DuplicateFile {
    std::filesystem::path path;
    ModelId model = 0;                    ///< 0: not in the library
    Origin origin = Origin::file;         ///< whose it is
    bool ours = false;                    ///< in the models folder: may be replaced by a link
    std::uint64_t device = 0, inode = 0;  ///< equal: one file under two names, nothing to gain
};
struct DuplicateGroup {
    std::string sha256;
    std::uint64_t bytes = 0;
    std::vector<DuplicateFile> files;  ///< two or more paths
    /// What linking all that may be linked frees: those of ours beyond the first inode kept.
    std::uint64_t reclaimable = 0;
};

enum class LinkKind { already_one, reflink, hard_link };
struct LinkedFile {
    std::filesystem::path path, to;
    LinkKind kind = LinkKind::already_one;
    std::uint64_t freed = 0;
};

struct Orphans {
    struct File {
        std::filesystem::path path;
        std::uint64_t bytes = 0;
        bool partial = false;  ///< an unfinished download that no download knows
    };
    /// In the models folder, and of no use to anybody: what is left of downloads, copies and removals.
    std::vector<File> files_without_models;
    /// Models' files that somebody put there by hand: the window lists them by themselves. Nothing to clear
    /// away.
    std::vector<File> put_there_by_hand;
    struct Missing {
        ModelId model = 0;
        std::filesystem::path path;
    };
    std::vector<Missing> models_without_files;
};

class Library {
public:
    /// `database` must outlive it. `models_folder`: the library's own; only files in it are ever deleted or
    /// replaced.
    Library(storage::Database& database, std::filesystem::path models_folder);

    /// Enters a model, or refreshes the one at the same path. The files stay where they are.
    /// not_found, unsupported (no model), and storage's.
    Result<ModelId> add(const NewModel& model);
    Result<std::vector<storage::ModelRecord>> list() const;
    Result<std::vector<storage::ModelFile>> files(ModelId model);

    /// Reads every file and compares digests, by block where they are known. Where none is, what is read now
    /// is kept for the next time (said in the report). Changes no model file. Errors: not_found, cancelled,
    /// io.
    Result<CheckReport> check(ModelId model, const Progress& progress = {}, const CancelToken& cancel = {});
    /// Checks, then fetches damaged blocks alone, from the first source that has good ones. A block is
    /// written only when its digest fits; a file without known blocks is made anew beside the old one, at
    /// most once, and takes its place only when its digest fits. Nothing is deleted. Errors as check();
    /// no_space, read_only; what sources refuse is in the report.
    Result<RepairReport> repair(ModelId model, const std::vector<BlockSource*>& sources,
                                const Progress& progress = {}, const CancelToken& cancel = {});

    /// What to ask the download manager for where no source had good blocks: the damaged blocks of damaged
    /// files (where blocks are known), missing files. When it is complete, check() again. not_found: it is
    /// not known where a file came from. invalid_argument: nothing is damaged.
    Result<download::ItemSpec> repair_download(const CheckReport& report) const;

    /// What remove() would do, now.
    Result<Removal> plan_removal(ModelId model) const;
    /// Deletes the files that plan_removal() says, then forgets the model. `files` false: forgets it only.
    /// Killed between: the model is still listed, and can be removed again.
    Result<Removal> remove(ModelId model, bool files = true);

    /// Files of the library and of `others` with the same bytes, by digest. Files are read only where another
    /// has the same length and begins and ends alike. io, cancelled.
    Result<std::vector<DuplicateGroup>> duplicates(const std::vector<FoundModel>& others = {},
                                                   const Progress& progress = {},
                                                   const CancelToken& cancel = {});
    /// Makes each file of the group that is ours share its bytes with the first: compared byte by byte, then
    /// a reflink where the file system has them, else a hard link. Killed at any moment, each path holds the
    /// whole file. Files on another disk stay as they are (in the report by their absence).
    Result<std::vector<LinkedFile>> link(const DuplicateGroup& group, const Progress& progress = {},
                                         const CancelToken& cancel = {});

    /// `known_partials`: files of downloads that are not finished, by the names that they will have; what is
    /// there under such a name with an ending (".part") is theirs too.
    Result<Orphans> orphans(const std::vector<std::filesystem::path>& known_partials = {}) const;

    const std::filesystem::path& models_folder() const { return folder_; }

private:
    /// Lies in the models folder, whatever links lead there.
    bool owns(const std::filesystem::path& path) const;
    /// No other app's.
    bool is_own_file(ModelId model) const;

    storage::Database& database_;
    storage::Models models_;
    storage::ModelFiles files_;
    storage::ModelPresets presets_;
    std::filesystem::path folder_;
};

}  // namespace pellucid::library
