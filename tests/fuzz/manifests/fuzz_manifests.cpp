// Any bytes as a manifest or a setting in another app's folder. The search ends, and what it offers is there,
// is as long as it says, and has a name that is text.
//
// The first byte chooses whose file the rest is.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "app/digest/sha256.h"
#include "app/library/other_apps.h"
#include "engine/text/utf8.h"

using namespace pellucid;
using namespace pellucid::library;
namespace fs = std::filesystem;

namespace {

void must(bool truth) {
    if (!truth) std::abort();
}

void write(const fs::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string sha256_of(std::string_view bytes) {
    return digest::to_hex(digest::Sha256::of(std::as_bytes(std::span(bytes.data(), bytes.size()))));
}

/// A home with one model of each app, and one file of each that the input replaces.
class Home {
public:
    Home() {
        const fs::path base = fs::exists("/dev/shm") ? "/dev/shm" : fs::temp_directory_path();
        std::string name = (base / "pellucid-fuzz-XXXXXX").string();
        must(mkdtemp(name.data()) != nullptr);
        home_ = name;
        const std::string model = "GGUF" + std::string(96, 'm');
        for (const char* folder :
             {".ollama/models/blobs", ".ollama/models/manifests/h/n/m", ".lmstudio/models/a/b",
              ".local/share/Jan/data/llamacpp/models/j", ".local/share/nomic.ai/GPT4All", ".config/nomic.ai",
              ".config/Jan", ".cache/llama.cpp", ".cache/huggingface/hub/models--o--n/snapshots/c",
              ".cache/huggingface/hub/models--o--n/refs"})
            fs::create_directories(home_ / folder);
        write(home_ / ".ollama/models/blobs" / ("sha256-" + sha256_of(model)), model);
        write(home_ / ".lmstudio/models/a/b/m.gguf", model);
        write(home_ / ".local/share/Jan/data/llamacpp/models/j/model.gguf", model);
        write(home_ / ".local/share/nomic.ai/GPT4All/m.gguf", model);
        write(home_ / ".cache/llama.cpp/o_n_m.gguf", model);
        write(home_ / ".cache/huggingface/hub/models--o--n/snapshots/c/m.gguf", model);
    }
    ~Home() {
        std::error_code ignored;
        fs::remove_all(home_, ignored);
    }
    Home(const Home&) = delete;
    Home& operator=(const Home&) = delete;

    void look(unsigned choice, std::string_view bytes) const {
        static constexpr const char* kFiles[] = {
            ".ollama/models/manifests/h/n/m/t",
            ".local/share/Jan/data/llamacpp/models/j/model.yml",
            ".cache/llama.cpp/manifest=o=n=latest.json",
            ".lmstudio/settings.json",
            ".config/nomic.ai/GPT4All.ini",
            ".lmstudio-home-pointer",
            ".cache/huggingface/hub/models--o--n/refs/main",
            ".config/Jan/settings.json",
        };
        const fs::path file = home_ / kFiles[choice % std::size(kFiles)];
        fs::path blob;
        if (choice >= 128) {  // Ollama's list that refers to a blob, which the bytes are
            blob = home_ / ".ollama/models/blobs" / ("sha256-" + sha256_of(bytes));
            write(blob, bytes);
            write(
                home_ / kFiles[0],
                "{\"mediaType\":\"application/vnd.ollama.manifest.list.v2+json\",\"manifests\":[{\"runner\":"
                "\"ollama\",\"digest\":\"sha256:" +
                    sha256_of(bytes) + "\"}]}");
        } else {
            write(file, bytes);
        }
        Surroundings here;
        here.home = home_;
        here.ollama_service.clear();
        // Only folders of this home: a setting may name any other, and this is no test of what lies there.
        for (const AppFolder& folder : app_folders(here)) {
            if (!folder.path.string().starts_with(home_.string())) continue;
            const auto found = find_models(folder);
            must(found.ok());
            for (const FoundModel& model : found->models) {
                must(is_utf8(model.name) && is_utf8(model.repository) && is_utf8(model.revision));
                must(model.path.is_absolute() && !model.files.empty());
                for (const FoundFile& part : model.files) {
                    must(fs::is_regular_file(part.path) && fs::file_size(part.path) == part.bytes);
                    must(part.sha256.empty() || part.sha256.size() == 64);
                }
            }
            for (const SkippedModel& skipped : found->skipped) must(!skipped.error.what.empty());
        }
        std::error_code ignored;
        fs::remove(choice >= 128 ? home_ / kFiles[0] : file, ignored);
        // The planted model may have been named by its own bytes.
        if (!blob.empty() && bytes.size() != 100) fs::remove(blob, ignored);
    }

private:
    fs::path home_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const Home kHome;  // made once: a fuzzer's only state, and constant
    if (size < 1) return 0;
    kHome.look(bytes[0], {reinterpret_cast<const char*>(bytes) + 1, size - 1});
    return 0;
}
