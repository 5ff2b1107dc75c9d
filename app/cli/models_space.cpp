// models found, duplicates, orphans, move: what lies on the disk, and where.
#ifdef PELLUCID_HAS_STORAGE
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/cli/library_door.h"
#include "app/cli/model_library.h"
#include "app/cli/models.h"
#include "app/cli/progress_bar.h"
#include "app/library/mover.h"
#include "app/library/storage_error.h"
#include "engine/memory/memory_plan.h"

namespace pellucid::cli {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
    std::string data_dir, folder;
    bool json = false, yes = false, resume = false, take_back = false;
};

void print(const Json& json) {
    std::printf("%s\n", json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
}

library::Progress shown_on(ProgressBar& bar) {
    return [&bar](std::uint64_t done, std::uint64_t total, const std::string& what) {
        bar.show(done, total, fs::path(what).filename().string());
    };
}

std::string program(library::Origin origin) {
    const std::string_view name = library::app_name(origin);
    return name.empty() ? std::string(library::to_string(origin)) : std::string(name);
}

Result<void> found(const Arguments& arguments) {
    PELLUCID_TRY(const auto found, library::find_models(library::Surroundings::of_this_process()));
    Json rows = Json::array();
    for (const library::FoundModel& model : found.models) {
        Json adapters = Json::array();
        for (const auto& adapter : model.adapters) adapters.push_back(adapter.path.string());
        rows.push_back({{"program", program(model.origin)},
                        {"name", model.name},
                        {"path", model.path.string()},
                        {"bytes", model.bytes()},
                        {"adapters", adapters}});
        if (!arguments.json)
            std::printf("%-12s %-48s %10s  %s%s\n", program(model.origin).c_str(), model.name.c_str(),
                        bytes_text(model.bytes()).c_str(), model.path.c_str(),
                        model.adapters.empty() ? "" : "  with an adapter");
    }
    if (arguments.json) print(rows);
    for (const library::SkippedModel& skipped : found.skipped)
        std::fprintf(stderr, "left out: %s\n", skipped.error.message().c_str());
    if (found.models.empty()) std::fprintf(stderr, "no other program's models were found\n");
    return {};
}

Result<void> duplicates(const Arguments& arguments) {
    PELLUCID_TRY(const auto door, LibraryDoor::open(data_folder(arguments.data_dir)));
    PELLUCID_TRY(const auto others, library::find_models(library::Surroundings::of_this_process()));
    std::vector<library::DuplicateGroup> groups;
    {
        ProgressBar bar;
        PELLUCID_TRY(groups, door->library().duplicates(others.models, shown_on(bar)));
    }
    Json rows = Json::array();
    std::uint64_t reclaimable = 0, freed = 0;
    for (const library::DuplicateGroup& group : groups) {
        Json files = Json::array(), linked = Json::array();
        if (!arguments.json)
            std::printf("%s twice, %s can come free: %s\n", bytes_text(group.bytes).c_str(),
                        bytes_text(group.reclaimable).c_str(), group.sha256.substr(0, 16).c_str());
        for (const library::DuplicateFile& file : group.files) {
            files.push_back({{"path", file.path.string()},
                             {"owner", file.ours ? "library" : program(file.origin)},
                             {"inode", file.inode}});
            if (!arguments.json)
                std::printf("  %-10s %s\n", file.ours ? "library" : program(file.origin).c_str(),
                            file.path.c_str());
        }
        reclaimable += group.reclaimable;
        if (arguments.yes && group.reclaimable > 0) {
            ProgressBar bar;
            PELLUCID_TRY(const auto done, door->library().link(group, shown_on(bar)));
            for (const library::LinkedFile& file : done) {
                freed += file.freed;
                if (file.kind != library::LinkKind::already_one)
                    linked.push_back({{"path", file.path.string()}, {"to", file.to.string()}});
            }
        }
        rows.push_back({{"sha256", group.sha256},
                        {"bytes", group.bytes},
                        {"reclaimable", group.reclaimable},
                        {"files", files},
                        {"linked", linked}});
    }
    if (arguments.json) {
        print(rows);
    } else if (arguments.yes) {
        std::printf("%s freed\n", bytes_text(freed).c_str());
    } else {
        std::printf("%s would come free\n", bytes_text(reclaimable).c_str());
        if (reclaimable > 0)
            std::fprintf(stderr, "nothing was changed; --yes links files of the library to the same bytes\n");
    }
    return {};
}

Result<void> orphans(const Arguments& arguments) {
    PELLUCID_TRY(const auto door, LibraryDoor::open(data_folder(arguments.data_dir)));
    // What downloads have begun is theirs.
    PELLUCID_TRY(const auto downloads, library::from_storage(door->store().downloads().list()));
    std::vector<fs::path> partials;
    for (const auto& item : downloads)
        for (const auto& file : item.files) partials.push_back(fs::path(item.folder) / file.name);
    PELLUCID_TRY(const library::Orphans orphans, door->library().orphans(partials));
    Json rows = Json::array(), missing = Json::array(), by_hand = Json::array();
    std::uint64_t bytes = 0;
    for (const auto& file : orphans.files_without_models) {
        if (arguments.yes) {
            std::error_code trouble;
            fs::remove(file.path, trouble);
            if (trouble)
                return fail(ErrorCode::io, file.path.string() + ": " + trouble.message(),
                            "check that its folder may be written");
        }
        bytes += file.bytes;
        rows.push_back({{"path", file.path.string()},
                        {"bytes", file.bytes},
                        {"unfinished_download", file.partial},
                        {"deleted", arguments.yes}});
        if (!arguments.json)
            std::printf("%s  %s (%s)%s\n", arguments.yes ? "deleted" : "of no model", file.path.c_str(),
                        bytes_text(file.bytes).c_str(), file.partial ? ", left of a download or copy" : "");
    }
    for (const auto& file : orphans.put_there_by_hand) by_hand.push_back(file.path.string());
    for (const auto& one : orphans.models_without_files) {
        missing.push_back(one.path.string());
        if (!arguments.json) std::printf("missing  %s\n", one.path.c_str());
    }
    if (arguments.json) {
        print({{"files", rows}, {"put_there_by_hand", by_hand}, {"models_without_files", missing}});
        return {};
    }
    std::printf("%s %s\n", bytes_text(bytes).c_str(), arguments.yes ? "freed" : "would come free");
    if (!arguments.yes && bytes > 0) std::fprintf(stderr, "nothing was deleted; --yes does it\n");
    return {};
}

Result<void> move(const Arguments& arguments) {
    if ((!arguments.folder.empty()) + arguments.resume + arguments.take_back != 1)
        throw UsageError("models move: give one of a folder, --resume and --take-back");
    PELLUCID_TRY(const auto door, LibraryDoor::open(data_folder(arguments.data_dir)));
    library::Mover mover(door->store().database(), door->library().models_folder());
    if (arguments.resume || arguments.take_back) {
        PELLUCID_TRY(const auto begun, mover.interrupted());
        if (!begun)
            return fail(ErrorCode::not_found, "no move of the library was interrupted",
                        "models move FOLDER begins one");
        if (arguments.take_back) {
            PELLUCID_CHECK(mover.take_back());
            std::printf("the library is in %s, as before\n", begun->from.c_str());
            return {};
        }
        ProgressBar bar;
        PELLUCID_CHECK(mover.resume(shown_on(bar)));
        std::printf("the library is in %s now\n", begun->to.c_str());
        return {};
    }
    std::error_code trouble;
    const fs::path to = fs::absolute(arguments.folder, trouble);
    PELLUCID_TRY(const library::MovePlan plan, mover.plan(to));
    Json json = {{"from", plan.from.string()}, {"to", plan.to.string()},      {"files", plan.files},
                 {"bytes", plan.bytes},        {"available", plan.available}, {"fits", plan.fits()},
                 {"moved", arguments.yes}};
    if (!arguments.json)
        std::printf("%zu files from %s to %s, %s\n", plan.files, plan.from.c_str(), plan.to.c_str(),
                    plan.same_file_system
                        ? "on the same disk: nothing is copied"
                        : (bytes_text(plan.bytes) + " to copy, " + bytes_text(plan.available) + " free there")
                              .c_str());
    if (arguments.yes) {
        ProgressBar bar;
        PELLUCID_CHECK(mover.move(to, shown_on(bar)));
    }
    if (arguments.json)
        print(json);
    else if (arguments.yes)
        std::printf("the library is in %s now\n", plan.to.c_str());
    else
        std::fprintf(stderr, "nothing was moved; --yes does it\n");
    return {};
}

}  // namespace

void add_models_space(CLI::App& models, Subcommands& commands) {
    const auto command = [&](const char* name, const char* what, auto&& run) {
        auto arguments = std::make_shared<Arguments>();
        CLI::App* app = models.add_subcommand(name, what);
        add_data_dir(*app, arguments->data_dir);
        app->add_flag("--json", arguments->json, "as JSON");
        commands[app] = [arguments, run] { return run(*arguments); };
        return std::pair(app, arguments);
    };
    command("found",
            "Models that Ollama, LM Studio, Jan, GPT4All and others keep here; models add takes them", found);
    const auto [twice, twice_arguments] =
        command("duplicates",
                "Files whose bytes are there twice, also in other programs' folders; with --yes "
                "those of the library become links",
                duplicates);
    twice->add_flag("--yes", twice_arguments->yes, "do it");
    const auto [lost, lost_arguments] = command(
        "orphans", "Files in the models folder that belong to no model; with --yes deletes them", orphans);
    lost->add_flag("--yes", lost_arguments->yes, "do it");
    const auto [away, away_arguments] = command(
        "move", "The models folder to another place: shows what that takes; with --yes does it", move);
    away->add_option("folder", away_arguments->folder, "an empty folder, or one that is not there yet");
    away->add_flag("--yes", away_arguments->yes, "do it");
    away->add_flag("--resume", away_arguments->resume, "go on with a move that was cut off");
    away->add_flag("--take-back", away_arguments->take_back, "undo a move that was cut off while it copied");
}

}  // namespace pellucid::cli
#endif
