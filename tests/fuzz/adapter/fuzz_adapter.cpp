// Any bytes as a LoRA adapter for a tiny model. The first two say how many of the rest are adapter_config.json;
// what follows is adapter_model.safetensors. 0xffff: all of the rest is a GGUF file.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "engine/model/adapter_file.h"
#include "engine/model/decoder.h"

namespace {

using namespace pellucid;

ModelSpec tiny_spec() {
    ModelSpec spec;
    spec.architecture = "llama";
    spec.n_embd = 8;
    Layer layer;
    layer.attention.heads = 2;
    layer.attention.kv_heads = 1;
    layer.attention.head_dim = 4;
    layer.attention.q = linear_layer(block(0, "attn_q.weight"), 8, 8);
    layer.attention.k = linear_layer(block(0, "attn_k.weight"), 4, 8);
    layer.attention.v = linear_layer(block(0, "attn_v.weight"), 4, 8);
    layer.attention.output = linear_layer(block(0, "attn_output.weight"), 8, 8);
    layer.feed_forward.down = linear_layer(block(0, "ffn_down.weight"), 8, 16);
    spec.layers.push_back(layer);
    return spec;
}

void check(const Result<std::shared_ptr<const Adapter>>& adapter) {
    if (!adapter) {
        if (adapter.error().what.empty() || adapter.error().hint.empty()) std::abort();
        return;
    }
    for (const auto& [weight, part] : (*adapter)->parts) {
        if (part.rank < 1 || part.a.size() != static_cast<std::size_t>(part.rank) * static_cast<std::size_t>(part.in) ||
            part.b.size() != static_cast<std::size_t>(part.rank) * static_cast<std::size_t>(part.out))
            std::abort();
        for (const float value : part.a)
            if (!std::isfinite(value)) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const ModelSpec spec = tiny_spec();
    if (size < 2) return 0;
    const std::size_t length = data[0] + std::size_t{256} * data[1];
    const std::span rest(reinterpret_cast<const std::byte*>(data) + 2, size - 2);
    if (length == 0xffff) {
        if (const auto file = GgufFile::parse(rest, "fuzz")) check(read_gguf_adapter(**file, spec));
        return 0;
    }
    if (length > rest.size()) return 0;
    const auto file = SafetensorsFile::parse(rest.subspan(length), "fuzz");
    if (file)
        check(read_peft_adapter({reinterpret_cast<const char*>(rest.data()), length}, **file, "fuzz", spec));
    return 0;
}
