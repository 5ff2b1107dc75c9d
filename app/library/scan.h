// What the scanners of other apps' folders share: a bounded walk, small files, names.
#pragma once

#include <nlohmann/json.hpp>

#include "app/library/other_apps.h"

namespace pellucid::library {

/// A scan of one folder: what was found, and how much may still be looked at.
struct Scan {
    const AppFolder& folder;
    const CancelToken& cancel;
    FoundModels found;
    int entries_left = 20'000;

    void skip(const std::filesystem::path& path, Error error) {
        if (found.skipped.size() < 1000) found.skipped.push_back({folder.origin, path, std::move(error)});
    }
    void skip(const std::filesystem::path& path, ErrorCode code, std::string what, std::string hint) {
        skip(path, Error{code, std::move(what), std::move(hint)});
    }
};

/// Calls `file` for each regular file below `top` (links followed, each folder once), `levels` deep, in order
/// of names. Ends at the scan's bounds, and says so.
void walk(Scan& scan, const std::filesystem::path& top, int levels,
          const std::function<void(const std::filesystem::path& file)>& file);

/// Size of a regular file, links followed; none for anything else.
std::optional<std::uint64_t> regular_size(const std::filesystem::path& path);
/// The bytes of a regular file of at most `most` bytes.
Result<std::string> small_file(const std::filesystem::path& path, std::size_t most = 1u << 20);
/// A JSON object of at most 1 MiB and 16 levels.
Result<nlohmann::json> small_json(const std::filesystem::path& path);
/// obj[key], where that is text; else "".
std::string text_of(const nlohmann::json& object, const char* key);
/// obj[key], where that is a whole number of at least 0.
std::optional<std::uint64_t> count_of(const nlohmann::json& object, const char* key);
/// Lower-case hex of a SHA-256, "sha256:" before it or not; "" for anything else.
std::string plain_sha256(std::string_view text);
/// Well-formed UTF-8, without control characters.
std::string shown(std::string_view name);
/// "Qwen3-8B-Q4_K_M" of "Qwen3-8B-Q4_K_M-00001-of-00003.gguf".
std::string model_name_of(const std::filesystem::path& file);
/// Whether `path` lies below `folder`, by name (both made plain, links not followed).
bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder);
/// A GGUF that a list shows (app/library/other_apps.h files_of), entered with its parts. False: it is no such
/// file, or parts of it are missing (then it is in `skipped`).
bool add_gguf(Scan& scan, FoundModel model, const std::string& sha256 = {});

void scan_ollama(Scan& scan);
void scan_lm_studio(Scan& scan);
void scan_jan(Scan& scan);
void scan_gpt4all(Scan& scan);
void scan_llama_cpp(Scan& scan);
void scan_hugging_face(Scan& scan);

}  // namespace pellucid::library
