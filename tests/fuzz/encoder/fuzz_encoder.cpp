// Any bytes as an encoder, which runs over a text where it is tiny. The first byte says how the rest is
// meant: odd, a GGUF file; even, the files of a Hugging Face folder, each but the last after its length in
// two bytes.
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "engine/model/encoder_file.h"
#include "engine/ops/reference_encoder.h"

namespace {

using namespace pellucid;
namespace fs = std::filesystem;

constexpr const char* kFiles[] = {"config.json", "tokenizer.json", "modules.json",
                                  "sentence_bert_config.json", "1_Pooling/config.json"};

class Folder {
public:
    Folder() {
        // Memory, where there is such a file system: hundreds of files a second are written.
        std::string name =
            fs::exists("/dev/shm") ? "/dev/shm/fuzz_encoder_XXXXXX" : "/tmp/fuzz_encoder_XXXXXX";
        if (!mkdtemp(name.data())) std::abort();
        path_ = name;
        fs::create_directory(path_ / "1_Pooling");
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    void write(const char* file, std::span<const std::uint8_t> bytes) const {
        std::ofstream(path_ / file, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }
    std::string path() const { return path_.string(); }

private:
    fs::path path_;
};

void require_explained(const Error& error) {
    if (error.what.empty() || error.hint.empty()) std::abort();
}

void run(Result<EncoderFile> file) {
    if (!file) return require_explained(file.error());
    const EncoderSpec& spec = *file->spec;
    if (spec.n_embd > 256 || spec.layers.size() > 4 || spec.feed_forward > 1024) return;
    std::vector<TokenId> ids = file->tokenizer->encode("hello ab \xe4\xb8\xad", {.add_special = true});
    ids.resize(std::min(ids.size(), static_cast<std::size_t>(spec.positions)));
    if (ids.empty()) return;
    const auto encoder = make_reference_encoder(file->spec, file->weights, std::make_shared<ThreadPool>(1));
    if (!encoder) return require_explained(encoder.error());
    const std::int32_t begins[] = {0, static_cast<std::int32_t>(ids.size())};
    std::vector<float> hidden(ids.size() * static_cast<std::size_t>(spec.n_embd));
    // What the tokenizer makes is in the vocabulary: the file was refused otherwise.
    if (!(*encoder)->run({ids, begins}, hidden)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    std::span rest(data + 1, size - 1);
    if (data[0] % 2 == 1) {
        if (auto file = GgufFile::parse(std::as_bytes(rest), "fuzz"))
            run(read_encoder_file(*std::move(file)));
        return 0;
    }
    static const Folder folder;
    for (const char* file : kFiles) {
        if (rest.size() < 2) return 0;
        const std::size_t length = rest[0] + std::size_t{256} * rest[1];
        rest = rest.subspan(2);
        if (length > rest.size()) return 0;
        folder.write(file, rest.first(length));
        rest = rest.subspan(length);
    }
    folder.write("model.safetensors", rest);
    run(open_encoder_file(folder.path()));
    return 0;
}
