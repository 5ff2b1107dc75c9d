// models add, verify, remove: the library that the window shows, on the command line.
#ifdef PELLUCID_HAS_STORAGE
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/catalogue/model_name.h"
#include "app/cli/library_door.h"
#include "app/cli/model_library.h"
#include "app/cli/models.h"
#include "app/cli/progress_bar.h"
#include "app/library/storage_error.h"
#include "engine/memory/memory_plan.h"
#include "engine/model/model_file.h"

namespace pellucid::cli {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
    std::string data_dir;
    std::vector<std::string> models;
    bool json = false, yes = false, keep_files = false;
};

library::Progress shown_on(ProgressBar& bar) {
    return [&bar](std::uint64_t done, std::uint64_t total, const std::string& what) {
        bar.show(done, total, fs::path(what).filename().string());
    };
}

Result<void> add(const Arguments& arguments) {
    PELLUCID_TRY(const auto door, LibraryDoor::open(data_folder(arguments.data_dir)));
    for (const std::string& wanted : arguments.models) {
        PELLUCID_TRY(const library::NewModel model, new_model_of(wanted));
        PELLUCID_TRY(const auto id, door->library().add(model));
        PELLUCID_TRY(const auto record, library::from_storage(door->store().models().get(id)));
        std::printf("%s\n", library_name(record).c_str());
        std::fprintf(stderr, "%s stays where it is: %s\n", model.facts.name.c_str(), model.path.c_str());
    }
    return {};
}

Result<void> verify(const Arguments& arguments) {
    PELLUCID_TRY(const auto door, LibraryDoor::open(data_folder(arguments.data_dir)));
    PELLUCID_TRY(const auto all, door->library().list());
    std::vector<storage::ModelRecord> wanted;
    for (const std::string& name : arguments.models) {
        PELLUCID_TRY(auto found, find_record(all, name));
        wanted.push_back(std::move(found));
    }
    if (arguments.models.empty()) wanted = all;
    Json rows = Json::array();
    int damaged = 0;
    for (const auto& record : wanted) {
        ProgressBar bar;
        PELLUCID_TRY(const auto report, door->library().check(record.id, shown_on(bar)));
        damaged += !report.whole();
        for (const auto& file : report.files) {
            const bool whole = file.file.state == storage::FileState::whole;
            rows.push_back({{"id", fs::path(record.path).stem().string()},
                            {"path", file.file.path},
                            {"whole", whole},
                            {"sha256", file.file.sha256},
                            {"first_time", file.first_time},
                            {"damaged_blocks", file.damaged_blocks.size()},
                            {"note", file.note}});
            if (!arguments.json)
                std::printf("%-7s  %s%s%s\n", whole ? (file.first_time ? "read" : "whole") : "DAMAGED",
                            file.file.path.c_str(), file.note.empty() ? "" : ": ", file.note.c_str());
        }
    }
    if (arguments.json)
        std::printf("%s\n", rows.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
    if (damaged > 0)
        return fail(ErrorCode::corrupt,
                    std::to_string(damaged) + " of " + std::to_string(wanted.size()) +
                        " models are damaged or not there",
                    "repair them in the window, or pull them again");
    return {};
}

Result<void> remove(const Arguments& arguments) {
    PELLUCID_TRY(const auto door, LibraryDoor::open(data_folder(arguments.data_dir)));
    PELLUCID_TRY(const auto all, door->library().list());
    for (const std::string& name : arguments.models) {
        PELLUCID_TRY(const auto record, find_record(all, name));
        if (arguments.keep_files) {
            if (arguments.yes)
                PELLUCID_CHECK(door->library().remove(record.id, false).ok()
                                   ? Result<void>()
                                   : fail(ErrorCode::io, record.path + " could not be forgotten"));
            std::printf("%s: %s, its files stay\n", name.c_str(),
                        arguments.yes ? "forgotten" : "would be forgotten");
            continue;
        }
        PELLUCID_TRY(const auto plan, arguments.yes ? door->library().remove(record.id)
                                                    : door->library().plan_removal(record.id));
        for (const auto& file : plan.files)
            std::printf("%s  %s (%s)%s%s\n",
                        file.deleted ? (arguments.yes ? "deleted" : "would be deleted") : "stays",
                        file.path.c_str(), bytes_text(file.bytes).c_str(), file.why.empty() ? "" : ": ",
                        file.why.c_str());
        std::printf("%s %s\n", bytes_text(plan.freed()).c_str(), arguments.yes ? "freed" : "would come free");
    }
    if (!arguments.yes) std::fprintf(stderr, "nothing was removed; --yes does it\n");
    return {};
}

}  // namespace

void add_models_keep(CLI::App& models, Subcommands& commands) {
    const auto command = [&](const char* name, const char* what, auto&& run, bool names_needed) {
        auto arguments = std::make_shared<Arguments>();
        CLI::App* app = models.add_subcommand(name, what);
        auto* option = app->add_option("models", arguments->models,
                                       std::string(name) == "add"
                                           ? "GGUF files, Hugging Face folders, names of models found"
                                           : "models by name (models list), or their paths");
        if (names_needed) option->required();
        add_data_dir(*app, arguments->data_dir);
        commands[app] = [arguments, run] { return run(*arguments); };
        return std::pair(app, arguments);
    };
    command("add", "Enters models that are on this machine; they stay where they are", add, true);
    const auto [check, check_arguments] =
        command("verify", "Reads models (all, without names) and compares them with what was published",
                verify, false);
    check->add_flag("--json", check_arguments->json, "one JSON array, a file each");
    const auto [erase, erase_arguments] =
        command("remove", "Shows what removing models deletes and frees; with --yes does it", remove, true);
    erase->add_flag("--yes", erase_arguments->yes, "do it");
    erase->add_flag("--keep-files", erase_arguments->keep_files, "forget the models, leave their files");
}

}  // namespace pellucid::cli
#endif
