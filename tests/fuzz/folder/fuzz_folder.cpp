// Any bytes as a Hugging Face folder. The first two say how many of the rest are config.json; what follows is
// model.safetensors. 0xffff: all of the rest is model.safetensors.index.json.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>

#include "engine/format/json_file.h"
#include "engine/model/folder/config.h"
#include "engine/model/folder/folder_source.h"
#include "engine/model/read_spec.h"

namespace {

using namespace pellucid;

void require_explained(const Error& error) {
    if (error.what.empty() || error.hint.empty()) std::abort();
}

void open_model(std::string_view config_text, std::span<const std::byte> bytes) {
    const auto tree = parse_json_object(config_text, "config.json");
    if (!tree) return require_explained(tree.error());
    const auto config = read_config(*tree, "config.json");
    if (!config) return require_explained(config.error());
    auto file = SafetensorsFile::parse(bytes, "model.safetensors");
    if (!file) return require_explained(file.error());
    auto weights = FolderWeights::join({*std::move(file)});
    if (!weights) return require_explained(weights.error());
    const auto source = FolderSource::make(*std::move(weights), *config, "folder");
    if (!source) return require_explained(source.error());
    const auto spec = read_model_spec(config->metadata, **source, "folder");
    if (!spec) require_explained(spec.error());
    for (const std::string_view name : (*source)->names()) {
        const TensorView* view = (*source)->find(name);
        if (!view || view->name != name) std::abort();
        const auto loaded = (*source)->load(*view);
        if (!loaded) {
            require_explained(loaded.error());
            continue;
        }
        if (loaded->view.bytes.size() != stored_bytes(*view)) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::size_t length = data[0] + std::size_t{256} * data[1];
    const std::span rest(reinterpret_cast<const std::byte*>(data) + 2, size - 2);
    const std::string_view text(reinterpret_cast<const char*>(rest.data()), rest.size());
    if (length == 0xffff) {
        const auto places = read_weight_map(text, "index");
        if (!places) require_explained(places.error());
        return 0;
    }
    if (length > rest.size()) return 0;
    open_model(text.substr(0, length), rest.subspan(length));
    return 0;
}
