// A choice a person has in a repository: one model in one quantisation, in one file or in several parts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pellucid::hub {

/// A file that can be fetched. What the hub does not say stays empty.
struct HubFile {
    std::string path;  ///< inside the repository, checked: relative, no "..", no control characters
    std::optional<std::uint64_t> bytes;
    std::string sha256;  ///< lower-case hex; empty: the hub does not say
    std::string url;     ///< answers ranges
};

struct Variant {
    std::string name;            ///< the file's, without folder, ending and part number
    std::string quantization;    ///< "Q4_K_M", read from the name; empty: the name does not say
    std::vector<HubFile> files;  ///< every part there is, in order
    int parts = 1;               ///< how many there should be, by their names
    bool complete() const { return static_cast<int>(files.size()) == parts; }
    /// Of all files; nothing when one of them is not known.
    std::optional<std::uint64_t> bytes() const;
};

/// "Q4_K_M" in "…-Q4_K_M.gguf", "model.q4_k_m-00001-of-00002.gguf", "UD-IQ2_XXS/…": the last word of the path
/// that is a quantisation's name, in capitals. Empty: none is.
std::string quantization_in(std::string_view path);
/// How near to the original weights a quantisation comes, from 0 (one bit) to 100 (F32); by bits a weight,
/// then by how they are spent. -1 for a name that is not known.
int quality_of(std::string_view quantization);
/// Files of one repository as variants, smallest first (unknown sizes last): GGUF models only, parts
/// together; what only accompanies a model (mmproj, importance matrices, adapters by their name) is left out
/// and counted in `others`.
std::vector<Variant> variants_of(std::vector<HubFile> files, int& others);
/// Whether a path from outside may become the name of a file below a folder of ours.
bool is_safe_path(std::string_view path);

}  // namespace pellucid::hub
