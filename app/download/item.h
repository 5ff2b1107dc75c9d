// What is downloaded: one item is one model, of one file or of many shards; and how it stands.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/digest/block_map.h"
#include "engine/base/error.h"

namespace pellucid::download {

using ItemId = std::int64_t;

/// One file of an item.
struct FileSpec {
    /// Where it goes, below the item's folder, parts separated by '/'. Checked by check_name().
    std::string name;
    /// Addresses of the same bytes, best first. With a digest several are used at once; without one the
    /// others only step in where their strong ETag is the same.
    std::vector<std::string> urls;
    std::optional<std::uint64_t> bytes;  ///< none: not known before the first answer
    std::string sha256;  ///< of the whole file, hex; empty: not known, and nothing can be promised
    /// Digests of its blocks as published (our catalogue, or kept from an earlier check). Known: every block
    /// is checked as it comes.
    digest::BlockMap blocks;
    /// The file is there and damaged: blocks that fit `blocks` stay, only the others are fetched.
    bool repair = false;
};

/// What a caller asks for.
struct ItemSpec {
    std::string title;             ///< for people: "SmolLM2 135M Instruct, Q4_1"
    std::filesystem::path folder;  ///< absolute; made where missing
    std::vector<FileSpec> files;   ///< at least one
    int priority = 0;              ///< higher goes first
    std::string note;  ///< the caller's own (JSON of where it comes from, licence …); kept, never read here
};

enum class State {
    queued,    ///< waits for its turn
    fetching,  ///< bytes come, or the first answer is awaited
    waiting,   ///< goes on by itself: at `wakes_at_ms`, when the schedule opens, when the offline switch is
               ///< off
    checking,  ///< all bytes are here; digests are being computed
    paused,    ///< goes on when a person says so; `reason` says why
    complete,  ///< every file is in place, its digest right
};
std::string_view to_string(State state);
std::optional<State> state_of(std::string_view word);

/// Why an item is paused or waits. A view has one sentence and one button for each.
enum class Reason {
    none,
    by_person,
    offline,            ///< the offline switch is on; goes on when it is off
    schedule,           ///< outside of the hours that were set
    dns,                ///< the host's name cannot be looked up (no network, or a typing error)
    unreachable,        ///< nobody answers, or connections keep breaking
    stalled,            ///< connections open, but no bytes come
    tls,                ///< the server cannot prove who it is; often a proxy or antivirus that reads along
    server_busy,        ///< 429 or 503, perhaps with a time to wait
    server_error,       ///< another 5xx, or an answer that is no file: see `detail`
    sign_in_needed,     ///< 401: a token is needed or wrong
    access_denied,      ///< 403 and 451: the licence must be accepted first, or not in this region
    not_there,          ///< 404 and 410
    page_instead,       ///< a web page came instead of the file: a network that wants a sign-in first
    changed_on_server,  ///< the file is another one now than when this download began
    wrong_size,         ///< the server's file has another size than the one announced
    wrong_digest,  ///< the bytes came twice and are not what was published; `detail` tells what was compared
    no_space,      ///< `detail` says how much is missing
    read_only,     ///< no permission to write there
    disk_error,    ///< the disk cannot read or write (EIO)
    folder_gone,   ///< the disk or folder was removed
    name_taken,    ///< another file of that name is there
    in_use,        ///< another program downloads the same file
};
std::string_view to_string(Reason reason);
std::optional<Reason> reason_of(std::string_view word);

/// What a person can do about a reason: the label of the one button. `none`: it goes on by itself.
enum class Remedy {
    none,
    retry,
    resume,
    sign_in,
    open_licence,
    free_space,
    choose_folder,
    start_over,
    go_online,
    check_network
};
Remedy remedy(Reason reason);

/// One clear English sentence for the terminal and logs; the window has its own, translated.
std::string sentence(Reason reason, const std::string& detail);

/// How one file of an item stands.
struct FileStatus {
    std::string name;
    std::uint64_t bytes_done = 0;              ///< whole blocks and begun ones
    std::optional<std::uint64_t> bytes_total;  ///< none: not known yet
    std::uint64_t bytes_checked = 0;           ///< digested, from the beginning
    bool complete = false;
    std::filesystem::path path;  ///< where it is or will be
};

/// A picture of one item at one moment.
struct ItemStatus {
    ItemId id = 0;
    std::string title, note;
    std::filesystem::path folder;
    std::vector<FileStatus> files;
    State state = State::queued;
    Reason reason = Reason::none;
    std::string detail;  ///< numbers and names for the reason; English, may be empty
    int priority = 0;
    int place = 0;                             ///< in the queue, from 0; meaningful while queued
    std::uint64_t bytes_done = 0;              ///< over all files
    std::optional<std::uint64_t> bytes_total;  ///< none: not all sizes are known yet
    std::uint64_t bytes_checked = 0;
    std::uint64_t bytes_refetched = 0;   ///< came more than once since the program started
    double bytes_per_second = 0;         ///< smoothed; 0 where nothing comes
    std::optional<double> seconds_left;  ///< does not jump; none: cannot be said
    std::int64_t wakes_at_ms = 0;        ///< wall clock, ms since 1970; 0: no moment is set
    int connections = 0;                 ///< open now
    std::int64_t added_at_ms = 0, completed_at_ms = 0;
};

/// A file that is in place, for the library: what it need not compute again.
struct CompletedFile {
    std::filesystem::path path;
    std::uint64_t bytes = 0;
    digest::Hash sha256{};
    digest::BlockMap blocks;
    std::string url, etag;  ///< the mirror that served most of it
};

/// Whether a name may be made below a folder on any file system: no "..", no absolute path, no empty part, no
/// control character, none of \ : * ? " < > |, no part over 240 bytes or reserved by a system (CON, NUL …),
/// no trailing dot or space, UTF-8. invalid_argument otherwise, saying which.
Result<void> check_name(std::string_view name);

}  // namespace pellucid::download
