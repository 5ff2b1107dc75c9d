// The models that the app knows, for --model by name and for `models list`.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/runtime/session.h"

#ifdef PELLUCID_HAS_STORAGE
#include "storage/models.h"
#endif

namespace pellucid::cli {

struct LibraryModel {
    /// The file's name without .gguf, or what the program that has it calls it: what --model takes.
    std::string id;
    std::filesystem::path path;
    std::uint64_t bytes = 0;  ///< 0: the file is not there
    /// Where it came from, as far as it is known: "download", "ollama" …, "owner/name", a commit or tag.
    std::string source, repository, revision, licence;
};

#ifdef PELLUCID_HAS_STORAGE
/// What --model calls a model of the library.
std::string library_name(const storage::ModelRecord& model);
#endif

/// The folder of --data-dir, or the app's own: $XDG_DATA_HOME/pellucid, ~/.local/share/pellucid.
std::filesystem::path data_folder(const std::string& chosen);
/// Adds --data-dir.
void add_data_dir(CLI::App& app, std::string& chosen);

/// The files that were opened in the app, those in its models folder, and the starter beside the program, by
/// id. Only looks at the library, also while the app has it open.
Result<std::vector<LibraryModel>> library_models(const std::filesystem::path& folder);
/// The adapters that are kept with the model at `path`, those in use. Empty for a model that the library does
/// not know.
Result<std::vector<AdapterStrength>> library_adapters(const std::string& path,
                                                      const std::filesystem::path& folder);
/// A file or folder of that name; else the one library model whose id is `wanted`, or begins with it, upper
/// and lower case, spaces, dots, dashes and underscores apart. not_found, invalid_argument (several).
Result<std::string> resolve_model(const std::string& wanted, const std::filesystem::path& folder);

}  // namespace pellucid::cli
