// Reading any file as a Document. The real reader (sandboxed_reader.h) parses in a process of its own, so
// that a hostile file costs a message; tests of what stands above use ScriptedReader (scripted_reader.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/reading/document.h"
#include "engine/base/cancel.h"
#include "engine/base/error.h"

namespace pellucid::reading {

/// Bounds of one file's reading, and what to do beyond text. The defaults suit a machine with 8 GB.
struct ReadOptions {
    std::uint64_t max_file_bytes = 1ull << 30;   ///< error too_large beyond
    std::uint64_t max_text_bytes = 64ull << 20;  ///< the text is cut there, with a notice; at most 1 GiB
    std::uint32_t max_pages = 20'000;            ///< the rest is left out, with a notice
    std::chrono::milliseconds time{120'000};     ///< wall clock; error timed_out beyond
    std::uint64_t memory_bytes = 1ull << 30;     ///< of the reader process; error out_of_memory beyond
    bool recognise = false;                      ///< OCR of pictures and of pages without a text layer
    std::vector<std::string> languages = {"eng", "chi_sim"};  ///< Tesseract's names, for recognise
    /// Called on the reading thread as pages are done, at most a few times a second. `pages` is 0 where
    /// unknown.
    std::function<void(std::uint32_t done, std::uint32_t pages)> progress;
};

/// Thread safe: several threads may read at once, each call has a process of its own.
class Reader {
public:
    virtual ~Reader() = default;

    /// The document, or why not:
    ///   not_found, not_allowed (no permission), io        the file could not be opened or read
    ///   busy                                              it changed while it was read: read it again later
    ///   too_large, timed_out, out_of_memory               a bound of `options` was met
    ///   encrypted                                         it needs a password
    ///   corrupt, unsupported                              nothing of it could be read; no reader for its
    ///   type crashed, forbidden                                the reader process ended by a signal; tried
    ///   what its
    ///                                                     sandbox refuses (a hostile file, or a fault of
    ///                                                     ours)
    ///   cancelled                                         the token was set
    /// `what` names the file and the reason in words for a person.
    virtual Result<Document> read(const std::filesystem::path& file, const ReadOptions& options,
                                  CancelToken cancel) = 0;
};

}  // namespace pellucid::reading
