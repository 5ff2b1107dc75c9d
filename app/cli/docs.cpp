// docs add, list, remove: the document library on the command line, with the code of the window.
#ifdef PELLUCID_HAS_STORAGE
#include "app/cli/docs.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/cli/model_library.h"
#include "app/cli/progress_bar.h"
#include "app/documents/encoder_source.h"
#include "app/library/storage_error.h"
#include "app/reading/sandboxed_reader.h"

namespace pellucid::cli {

namespace fs = std::filesystem;
using documents::FileReport;
using documents::ImportProgress;
using library::from_storage;
using Json = nlohmann::ordered_json;

namespace {

constexpr const char* kDefaultCollection = "Documents";

void print(const Json& json) {
    // Names of files may be in any encoding.
    std::printf("%s\n", json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
}

const char* state_name(const storage::DocumentRow& row) {
    if (row.away) return "away";
    switch (row.state) {
        case storage::DocumentState::waiting:
            return "waiting";
        case storage::DocumentState::indexed:
            return "indexed";
        case storage::DocumentState::failed:
            return "failed";
    }
    return "";
}

struct AddArguments : DocsArguments {
    std::vector<std::string> paths;
    bool again = false, no_vectors = false, recognise = false;
};

Result<void> add(const AddArguments& arguments) {
    std::vector<FileReport> reports;  // filled on the importer's thread, read when it is idle
    documents::Importer::Listener listener;
    listener.report = [&](const FileReport& report) { reports.push_back(report); };
    listener.progress = [&](const ImportProgress& now) {
        const bool reading = now.phase == ImportProgress::Phase::reading;
        if (!reading && now.phase != ImportProgress::Phase::embedding) return;
        const auto done = static_cast<std::uint64_t>(reading ? now.read : now.embedded);
        const auto left = static_cast<std::uint64_t>(reading ? now.waiting : now.unembedded);
        std::string line = bar_text(double(done) / std::max(1.0, double(done + left))) + " " +
                           std::to_string(done) + " of " + std::to_string(done + left) +
                           (reading ? " files read" : " passages embedded");
        if (now.seconds_left) line += ", " + duration_text(*now.seconds_left) + " left";
        if (!now.path.empty()) line += "  " + fs::path(now.path).filename().string();
        progress_line(line, false);
    };
    PELLUCID_TRY(auto opened, open_documents(arguments, false, listener));
    auto& library = *opened.library;
    if (!arguments.no_vectors) PELLUCID_CHECK(use_embedding(arguments, opened));
    PELLUCID_TRY(const auto collection,
                 from_storage(library.collections().named(
                     arguments.collection.empty() ? kDefaultCollection : arguments.collection)));
    PELLUCID_CHECK(library.start(false));
    const std::vector<fs::path> paths(arguments.paths.begin(), arguments.paths.end());
    PELLUCID_TRY(const auto added, library.add(collection, paths, arguments.again));
    while (!library.importer().wait_until_idle(std::chrono::seconds(3600))) {
    }
    progress_line("", true);
    const std::string note = library.importer().progress().note;

    std::int64_t indexed = 0, pages = 0, passages = 0;
    Json rows = Json::array();
    std::size_t failed = added.refused.size();
    for (const auto& [path, error] : added.refused) {
        rows.push_back({{"path", path}, {"outcome", "failed"}, {"error", error.what}, {"hint", error.hint}});
        std::fprintf(stderr, "\n%s", error.message().c_str());
    }
    for (const FileReport& report : reports) {
        static constexpr const char* kNames[] = {"indexed", "known", "failed", "changed", "away"};
        Json notices = Json::array();
        for (const auto& notice : report.notices)
            if (notice.code != reading::NoticeCode::sandbox) notices.push_back(notice.what);
        if (report.outcome == FileReport::Outcome::failed) {
            ++failed;
            std::fprintf(stderr, "\n%s: %s%s", report.path.c_str(), report.error.c_str(),
                         report.hint.empty() ? "" : (" (" + report.hint + ")").c_str());
        } else if (report.outcome == FileReport::Outcome::indexed ||
                   report.outcome == FileReport::Outcome::same) {
            ++indexed;
            pages += report.pages;
            passages += report.passages;
            for (const auto& notice : notices)
                std::fprintf(stderr, "\n%s: %s", report.path.c_str(), notice.get<std::string>().c_str());
        }
        rows.push_back({{"path", report.path},
                        {"outcome", kNames[static_cast<int>(report.outcome)]},
                        {"pages", report.pages},
                        {"passages", report.passages},
                        {"notices", notices},
                        {"error", report.error},
                        {"hint", report.hint},
                        {"seconds", report.seconds}});
    }
    std::fprintf(stderr, "\n");
    if (!note.empty()) std::fprintf(stderr, "note: %s\n", note.c_str());
    if (arguments.json)
        print(rows);
    else
        std::printf("%lld files indexed (%lld pages, %lld passages), %lld known before, %zu failed\n",
                    static_cast<long long>(indexed), static_cast<long long>(pages),
                    static_cast<long long>(passages), static_cast<long long>(added.known), failed);
    if (failed > 0 && indexed + added.known == 0)
        return fail(ErrorCode::invalid_argument, "no file could be indexed", "each one's reason is above");
    return {};
}

struct ListArguments : DocsArguments {
    bool failed = false;
};

Result<void> list(const ListArguments& arguments) {
    auto opened = open_documents(arguments, true);
    if (!opened.ok() && opened.error().code == ErrorCode::not_found) {
        if (arguments.json) print(Json::array());
        std::fprintf(stderr, "%s\n", opened.error().message().c_str());
        return {};
    }
    if (!opened.ok()) return opened.failure();
    auto& library = *opened->library;
    PELLUCID_TRY(const auto collection, collection_named(library, arguments.collection));
    PELLUCID_TRY(const auto collections, from_storage(library.collections().list()));
    PELLUCID_TRY(const auto rows, from_storage(library.documents().list(collection)));
    Json all = Json::array();
    for (const auto& row : rows) {
        if (arguments.failed && row.state != storage::DocumentState::failed) continue;
        std::string name;
        for (const auto& one : collections)
            if (one.id == row.collection) name = one.name;
        Json line = {{"path", row.path},         {"collection", name}, {"state", state_name(row)},
                     {"bytes", row.stamp.bytes}, {"error", row.error}, {"hint", row.hint}};
        if (row.content != 0) {
            PELLUCID_TRY(const auto facts, from_storage(library.contents().facts(row.content)));
            line["title"] = facts.title;
            line["type"] = facts.mime;
            line["pages"] = facts.pages;
            line["passages"] = facts.chunks;
            Json notices = Json::array();
            for (const auto& notice : documents::notices_of_json(facts.notices))
                notices.push_back(notice.what);
            line["notices"] = notices;
        }
        if (!arguments.json)
            std::printf("%-8s %6d pages %6d passages  %s%s%s\n", state_name(row), line.value("pages", 0),
                        line.value("passages", 0), row.path.c_str(), row.error.empty() ? "" : ": ",
                        row.error.c_str());
        all.push_back(std::move(line));
    }
    if (arguments.json) print(all);
    if (rows.empty()) std::fprintf(stderr, "there are no documents here\n");
    return {};
}

struct RemoveArguments : DocsArguments {
    std::vector<std::string> paths;
};

Result<void> remove(const RemoveArguments& arguments) {
    PELLUCID_TRY(auto opened, open_documents(arguments, false));
    auto& library = *opened.library;
    PELLUCID_TRY(const auto collection, collection_named(library, arguments.collection));
    std::int64_t gone = 0;
    for (const std::string& path : arguments.paths) {
        PELLUCID_TRY(const auto more, library.remove(collection, path));
        gone += more;
    }
    // What they said goes now, not with the next import.
    while (true) {
        PELLUCID_TRY(const auto swept, from_storage(library.contents().sweep(16)));
        if (swept.empty()) break;
    }
    std::printf("%lld documents removed from the library; the files stay\n", static_cast<long long>(gone));
    return {};
}

}  // namespace

void DocsArguments::add_to(CLI::App& app) {
    add_data_dir(app, data_dir);
    app.add_option("--library", data_dir, "the same as --data-dir");
    app.add_option("--collection", collection, "a collection by its name");
    app.add_flag("--json", json, "JSON on stdout");
}

Result<OpenedDocuments> open_documents(const DocsArguments& arguments, bool read_only,
                                       documents::Importer::Listener listener) {
    const fs::path folder = data_folder(arguments.data_dir);
    std::error_code trouble;
    if (read_only && !fs::exists(documents::database_file(folder), trouble))
        return fail(ErrorCode::not_found, "there are no documents yet",
                    "pellucid-cli docs add PATH enters some");
    OpenedDocuments opened;
    opened.reader = std::make_unique<reading::SandboxedReader>(reading::SandboxedReader::installed_program());
    documents::DocumentLibrary::Options options;
    options.data_folder = folder;
    options.read_only = read_only;
    options.listener = std::move(listener);
    auto library = documents::DocumentLibrary::open(std::move(options), *opened.reader);
    if (!library.ok()) {
        if (library.error().code == ErrorCode::busy)
            return fail(ErrorCode::busy, library.error().what,
                        "close the window of Pellucid, then try again");
        return library.failure();
    }
    opened.library = *std::move(library);
    return opened;
}

Result<void> use_embedding(const DocsArguments& arguments, OpenedDocuments& opened) {
    storage::ChunkVectors vectors(opened.library->database());
    if (arguments.model.empty()) {
        PELLUCID_TRY(opened.model, from_storage(vectors.chosen_path()));
        if (opened.model.empty()) return {};
    } else {
        PELLUCID_TRY(opened.model, resolve_model(arguments.model, data_folder(arguments.data_dir)));
    }
    EmbedderOptions options;
    options.threads = arguments.threads;
    const auto source = documents::EncoderSource::open(opened.model, options);
    if (!source.ok()) {
        if (!arguments.model.empty()) return source.failure();
        std::fprintf(stderr, "note: the embedding model cannot be opened: %s\n",
                     source.error().message().c_str());
        return {};
    }
    std::fprintf(stderr, "embedding model: %s, %d dimensions, %s\n", (*source)->name().c_str(),
                 (*source)->dimensions(), (*source)->device().c_str());
    PELLUCID_CHECK(opened.library->use(*source));
    if (!arguments.model.empty() && !opened.library->database().read_only()) {
        std::error_code trouble;
        PELLUCID_CHECK(from_storage(vectors.set_chosen_path(fs::absolute(opened.model, trouble).string())));
    }
    return {};
}

Result<storage::CollectionId> collection_named(documents::DocumentLibrary& library, const std::string& name) {
    if (name.empty()) return storage::CollectionId{0};
    PELLUCID_TRY(const auto all, from_storage(library.collections().list()));
    std::string names;
    for (const auto& one : all) {
        if (one.name == name) return one.id;
        names += (names.empty() ? "" : ", ") + one.name;
    }
    return fail(ErrorCode::not_found, "there is no collection of documents named \"" + name + "\"",
                names.empty() ? "pellucid-cli docs add PATH makes the first" : "there are: " + names);
}

Command add_docs(CLI::App& root) {
    auto commands = std::make_shared<DocsCommands>();
    CLI::App* app = root.add_subcommand("docs", "Documents: enter, search, list, remove");
    app->require_subcommand(1);
    {
        auto arguments = std::make_shared<AddArguments>();
        CLI::App* one = app->add_subcommand(
            "add", "Reads files and folders into the library, and embeds them; goes on where it was stopped");
        one->add_option("paths", arguments->paths, "files, and folders with all that is below")->required();
        arguments->add_to(*one);
        one->add_option("--model", arguments->model,
                        "embedding model (remembered); without one, words alone find");
        one->add_option("--threads", arguments->threads,
                        "of the embedding model (0: chosen from the machine)")
            ->check(CLI::Range(0, 4096));
        one->add_flag("--again", arguments->again, "also files that are known as they are, or failed");
        one->add_flag("--no-vectors", arguments->no_vectors, "read now, embed another time");
        (*commands)[one] = [arguments] { return add(*arguments); };
    }
    {
        auto arguments = std::make_shared<ListArguments>();
        CLI::App* one = app->add_subcommand("list", "Every document with its state");
        arguments->add_to(*one);
        one->add_flag("--failed", arguments->failed, "only those that could not be read, with the reason");
        (*commands)[one] = [arguments] { return list(*arguments); };
    }
    {
        auto arguments = std::make_shared<RemoveArguments>();
        CLI::App* one = app->add_subcommand("remove", "Takes documents out of the library; the files stay");
        one->add_option("paths", arguments->paths, "files or folders, as docs list shows them")->required();
        arguments->add_to(*one);
        (*commands)[one] = [arguments] { return remove(*arguments); };
    }
    add_docs_search(*app, *commands);
    add_docs_ask(*app, *commands);
    return {app, [commands]() -> Result<void> {
                for (const auto& [subcommand, run] : *commands)
                    if (subcommand->parsed()) return run();
                return {};
            }};
}

}  // namespace pellucid::cli
#endif
