// Models that other programs on this machine keep: found, named and offered where they lie, never copied,
// never changed. Each program's layout is read from its own documentation and source; the comment at its
// scanner says which. Whatever a manifest claims is checked before it is believed: a file lies inside the
// program's folder, exists, and has the size claimed, or the model is not offered.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/cancel.h"
#include "engine/base/error.h"

namespace pellucid::library {

/// Where a model came from. The words are stored (to_string): never change one.
enum class Origin { file, download, starter, ollama, lm_studio, jan, gpt4all, llama_cpp, hugging_face };

/// "file", "download", "starter", "ollama", "lm-studio", "jan", "gpt4all", "llama.cpp", "hugging-face".
std::string_view to_string(Origin origin);
std::optional<Origin> origin_from(std::string_view word);
/// As people write it: "LM Studio". Empty for file, download and starter.
std::string_view app_name(Origin origin);

/// A folder in which a program keeps models.
struct AppFolder {
    Origin origin = Origin::file;
    std::filesystem::path path;  ///< absolute; exists
};

struct FoundFile {
    std::filesystem::path path;  ///< absolute; may be a link, as in the hub's cache
    std::uint64_t bytes = 0;
    std::string sha256;  ///< as the program claims it, lower-case hex; empty: it claims none
};

/// How a program has a model answer, under one of its names for it (a Modelfile of Ollama's).
struct FoundBehaviour {
    std::string name;                          ///< "mario:latest"
    std::string system;                        ///< system prompt, UTF-8; empty: none
    std::map<std::string, double> parameters;  ///< as the program calls them: "temperature", "top_k"
    bool operator==(const FoundBehaviour&) const = default;
};

struct FoundModel {
    Origin origin = Origin::file;
    std::string name;        ///< for people: "qwen3:0.6b", "lmstudio-community/Qwen3-0.6B-GGUF", file's name
    std::string repository;  ///< where known: "lmstudio-community/Qwen3-0.6B-GGUF"
    std::string revision;    ///< tag or commit, where known
    std::filesystem::path path;  ///< what the engine opens: a GGUF file (the first of its parts), or a folder
    std::vector<FoundFile> files;     ///< all of them; the first is `path` where that is a file
    std::vector<FoundFile> adapters;  ///< LoRA that belong to it (Ollama)
    /// By name; names that add nothing of their own are not among them (Ollama). A chat template of Ollama's
    /// is not read: it is a Go program, and the GGUF file has its own.
    std::vector<FoundBehaviour> behaviours;

    /// Tells models of one file apart: the path, and those of the adapters.
    std::string id() const;
    std::uint64_t bytes() const {
        std::uint64_t sum = 0;
        for (const FoundFile& file : files) sum += file.bytes;
        return sum;
    }
};

/// What could not be offered, and why: shown to a person who asks, never a reason to stop.
struct SkippedModel {
    Origin origin = Origin::file;
    std::filesystem::path path;  ///< the manifest or file
    Error error;
};

struct FoundModels {
    std::vector<FoundModel> models;  ///< by program, then by name
    std::vector<SkippedModel> skipped;
};

/// What the search goes by, so that tests need no home of their own.
struct Surroundings {
    std::filesystem::path home;
    /// Value of an environment variable; empty: not set.
    std::function<std::string(const char* name)> variable;
    /// Where a system-wide Ollama keeps its models.
    std::filesystem::path ollama_service = "/usr/share/ollama/.ollama/models";

    /// The person's own.
    static Surroundings of_this_process();
};

/// The folders that are there, each once.
std::vector<AppFolder> app_folders(const Surroundings& surroundings);

/// Looks into one folder. Reads manifests and directory entries, no model. Bounded: at most 20,000 entries
/// and 16 levels; a longer list ends with a SkippedModel that says so. Errors: cancelled; nothing else.
Result<FoundModels> find_models(const AppFolder& folder, const CancelToken& cancel = {});
/// All of app_folders().
Result<FoundModels> find_models(const Surroundings& surroundings, const CancelToken& cancel = {});

/// The files that make up the model at `path`: a GGUF with all its parts in order (those there), or what lies
/// in a folder. not_found; io.
Result<std::vector<FoundFile>> files_of(const std::filesystem::path& path);

}  // namespace pellucid::library
