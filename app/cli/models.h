// The parts of the `models` command. Each adds its subcommand and says what it does.
#pragma once

#include <functional>
#include <map>

#include "app/cli/command.h"

namespace pellucid::cli {

using Subcommands = std::map<const CLI::App*, std::function<Result<void>()>>;

void add_models_search(CLI::App& models, Subcommands& commands);
void add_models_plan(CLI::App& models, Subcommands& commands);
#ifdef PELLUCID_HAS_STORAGE
void add_models_pull(CLI::App& models, Subcommands& commands);
void add_models_keep(CLI::App& models, Subcommands& commands);   ///< add, verify, remove
void add_models_space(CLI::App& models, Subcommands& commands);  ///< found, duplicates, orphans, move
#endif

}  // namespace pellucid::cli
