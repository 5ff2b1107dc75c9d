// Where other programs keep their models, and the way through all of them.
#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "app/library/scan.h"

namespace pellucid::library {

namespace fs = std::filesystem;

namespace {

class Folders {
public:
    explicit Folders(const Surroundings& surroundings) : here_(surroundings) {}

    std::string variable(const char* name) const {
        return here_.variable ? here_.variable(name) : std::string();
    }

    /// An XDG folder: the variable's, where it is absolute, else below the home.
    fs::path xdg(const char* name, const char* standard) const {
        const std::string value = variable(name);
        return value.starts_with('/') ? fs::path(value) : here_.home / standard;
    }

    void add(Origin origin, const fs::path& path) {
        struct stat status {};
        if (!path.is_absolute() || stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return;
        if (seen_.emplace(static_cast<int>(origin), status.st_dev, status.st_ino).second)
            list_.push_back({origin, path.lexically_normal()});
    }

    const Surroundings& here() const { return here_; }
    std::vector<AppFolder> take() { return std::move(list_); }

private:
    const Surroundings& here_;
    std::set<std::tuple<int, dev_t, ino_t>> seen_;
    std::vector<AppFolder> list_;
};

std::string first_line(const fs::path& path) {
    const auto text = small_file(path, 4096);
    if (!text) return {};
    std::string line = text->substr(0, text->find('\n'));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    return line;
}

/// Value of `key` in the first section of a Qt .ini file.
std::string ini_value(const fs::path& path, const std::string& key) {
    const auto text = small_file(path);
    if (!text) return {};
    std::string_view rest = *text;
    bool general = false;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.starts_with('[')) general = line == "[General]";
        if (general && line.starts_with(key + "=")) {
            line.remove_prefix(key.size() + 1);
            if (line.size() >= 2 && line.front() == '"' && line.back() == '"')
                line = line.substr(1, line.size() - 2);
            return std::string(line);
        }
    }
    return {};
}

void add_lm_studio(Folders& folders) {
    const fs::path& home = folders.here().home;
    std::vector<fs::path> homes;
    if (const std::string named = first_line(home / ".lmstudio-home-pointer"); named.starts_with('/'))
        homes.push_back(named);
    homes.push_back(home / ".cache" / "lm-studio");
    homes.push_back(home / ".lmstudio");
    for (const fs::path& lm_studio : homes) {
        folders.add(Origin::lm_studio, lm_studio / "models");
        if (const auto settings = small_json(lm_studio / "settings.json"))
            folders.add(Origin::lm_studio, text_of(*settings, "downloadsFolder"));
    }
}

void add_jan(Folders& folders) {
    const fs::path& home = folders.here().home;
    const fs::path data = folders.xdg("XDG_DATA_HOME", ".local/share"),
                   config = folders.xdg("XDG_CONFIG_HOME", ".config");
    std::vector<fs::path> data_folders = {data / "Jan" / "data", config / "Jan" / "data", home / "jan"};
    for (const fs::path& settings : {data / "Jan" / "settings.json", config / "Jan" / "settings.json"})
        if (const auto json = small_json(settings))
            if (const std::string named = text_of(*json, "data_folder"); named.starts_with('/'))
                data_folders.push_back(named);
    for (const fs::path& folder : data_folders)
        for (const char* models : {"llamacpp/models", "cortexcpp/models", "models"})
            folders.add(Origin::jan, folder / models);
}

}  // namespace

std::vector<AppFolder> app_folders(const Surroundings& here) {
    Folders folders(here);
    folders.add(Origin::ollama, folders.variable("OLLAMA_MODELS"));
    folders.add(Origin::ollama, here.home / ".ollama" / "models");
    folders.add(Origin::ollama, here.ollama_service);
    add_lm_studio(folders);
    add_jan(folders);
    folders.add(Origin::gpt4all, folders.xdg("XDG_DATA_HOME", ".local/share") / "nomic.ai" / "GPT4All");
    folders.add(
        Origin::gpt4all,
        ini_value(folders.xdg("XDG_CONFIG_HOME", ".config") / "nomic.ai" / "GPT4All.ini", "modelPath"));
    folders.add(Origin::llama_cpp, folders.variable("LLAMA_CACHE"));
    folders.add(Origin::llama_cpp, folders.xdg("XDG_CACHE_HOME", ".cache") / "llama.cpp");
    folders.add(Origin::hugging_face, folders.variable("HF_HUB_CACHE"));
    if (const std::string home = folders.variable("HF_HOME"); !home.empty())
        folders.add(Origin::hugging_face, fs::path(home) / "hub");
    folders.add(Origin::hugging_face, folders.xdg("XDG_CACHE_HOME", ".cache") / "huggingface" / "hub");
    return folders.take();
}

Result<FoundModels> find_models(const AppFolder& folder, const CancelToken& cancel) {
    Scan scan{folder, cancel, {}};
    switch (folder.origin) {
        case Origin::ollama:
            scan_ollama(scan);
            break;
        case Origin::lm_studio:
            scan_lm_studio(scan);
            break;
        case Origin::jan:
            scan_jan(scan);
            break;
        case Origin::gpt4all:
            scan_gpt4all(scan);
            break;
        case Origin::llama_cpp:
            scan_llama_cpp(scan);
            break;
        case Origin::hugging_face:
            scan_hugging_face(scan);
            break;
        case Origin::file:
        case Origin::download:
        case Origin::starter:
            break;
    }
    if (cancel.cancelled()) return fail(ErrorCode::cancelled, "the search for models was stopped");
    std::ranges::stable_sort(scan.found.models, {}, &FoundModel::name);
    return std::move(scan.found);
}

Result<FoundModels> find_models(const Surroundings& surroundings, const CancelToken& cancel) {
    FoundModels all;
    for (const AppFolder& folder : app_folders(surroundings)) {
        PELLUCID_TRY(FoundModels found, find_models(folder, cancel));
        std::ranges::move(found.models, std::back_inserter(all.models));
        std::ranges::move(found.skipped, std::back_inserter(all.skipped));
    }
    return all;
}

}  // namespace pellucid::library
