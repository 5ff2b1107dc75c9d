// models: the library on the command line, with the code of the window.
#include "app/cli/models.h"

#include <cstdio>

#include "app/cli/model_library.h"

namespace pellucid::cli {

namespace {

void add_models_list(CLI::App& models, Subcommands& commands) {
    struct Arguments {
        std::string data_dir;
        bool json = false;
    };
    auto arguments = std::make_shared<Arguments>();
    CLI::App* list = models.add_subcommand("list", "Every model that --model takes by name");
    add_data_dir(*list, arguments->data_dir);
    list->add_flag("--json", arguments->json, "one JSON array");
    commands[list] = [arguments]() -> Result<void> {
        PELLUCID_TRY(const auto found, library_models(data_folder(arguments->data_dir)));
        auto rows = nlohmann::ordered_json::array();
        for (const auto& model : found) {
            rows.push_back({{"id", model.id},
                            {"path", model.path.string()},
                            {"bytes", model.bytes},
                            {"source", model.source},
                            {"repository", model.repository},
                            {"revision", model.revision},
                            {"licence", model.licence}});
            if (arguments->json) continue;
            std::string from = model.source.empty() ? "file" : model.source;
            for (const std::string& more : {model.repository, model.licence})
                if (!more.empty()) from += ", " + more;
            std::printf("%-48s %8.1f MB  %s  (%s)\n", model.id.c_str(),
                        static_cast<double>(model.bytes) / 1e6, model.path.c_str(), from.c_str());
        }
        if (arguments->json) std::printf("%s\n", rows.dump().c_str());
        if (found.empty()) std::fprintf(stderr, "the library is empty\n");
        return {};
    };
}

}  // namespace

Command add_models(CLI::App& root) {
    auto commands = std::make_shared<Subcommands>();
    CLI::App* app = root.add_subcommand("models", "The model library: find, fit, fetch, keep");
    app->require_subcommand(1);
    add_models_list(*app, *commands);
    add_models_search(*app, *commands);
    add_models_plan(*app, *commands);
#ifdef PELLUCID_HAS_STORAGE
    add_models_pull(*app, *commands);
    add_models_keep(*app, *commands);
    add_models_space(*app, *commands);
#endif
    return {app, [commands]() -> Result<void> {
                for (const auto& [subcommand, run] : *commands)
                    if (subcommand->parsed()) return run();
                return {};
            }};
}

}  // namespace pellucid::cli
