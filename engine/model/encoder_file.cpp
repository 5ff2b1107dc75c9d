#include "engine/model/encoder_file.h"

#include <algorithm>
#include <filesystem>

#include "engine/model/check_tensors.h"
#include "engine/model/encoder_folder.h"
#include "engine/model/gguf_source.h"
#include "engine/model/spec_reader.h"

namespace pellucid {

namespace {

constexpr int kMostLayers = 512, kWidest = 1 << 16, kMostPositions = 1 << 20, kMostTokens = 1 << 24;

/// GGUF's names of a layer's tensors.
EncoderLayer gguf_layer(const SpecReader& in, const EncoderSpec& spec, int index, float eps) {
    const int n = spec.n_embd;
    const std::string block = "blk." + std::to_string(index) + ".";
    const auto linear = [&](const char* name, int out, int width) {
        return Linear{out, width, block + name + ".weight", in.optional_tensor(block + name + ".bias")};
    };
    const auto norm = [&](const char* name) {
        return Norm{NormKind::layer, n, eps, block + name + ".weight",
                    in.optional_tensor(block + name + ".bias")};
    };
    EncoderLayer layer;
    if (in.has_tensor(block + "attn_qkv.weight")) {
        layer.qkv = linear("attn_qkv", 3 * n, n);
    } else {
        layer.q = linear("attn_q", n, n);
        layer.k = linear("attn_k", n, n);
        layer.v = linear("attn_v", n, n);
    }
    layer.output = linear("attn_output", n, n);
    layer.attention_norm = norm("attn_output_norm");
    layer.up = linear("ffn_up", spec.feed_forward, n);
    layer.down = linear("ffn_down", n, spec.feed_forward);
    layer.output_norm = norm("layer_output_norm");
    return layer;
}

EncoderSpec gguf_spec(SpecReader& in, std::vector<std::string>& notices) {
    EncoderSpec spec;
    spec.architecture = in.architecture();
    spec.name = in.global_text_or("general.name", "");
    const int layers = in.count("block_count", 1, kMostLayers);
    spec.n_embd = in.count("embedding_length", 1, kWidest);
    spec.feed_forward = in.count("feed_forward_length", 1, kWidest);
    spec.heads = in.count("attention.head_count", 1, spec.n_embd);
    spec.positions = in.count("context_length", 1, kMostPositions);
    const auto eps = static_cast<float>(in.number("attention.layer_norm_epsilon", 0, 1));
    if (spec.n_embd % spec.heads != 0)
        in.refuse(ErrorCode::corrupt,
                  "bert.attention.head_count is " + std::to_string(spec.heads) +
                      ", which does not divide the width of " + std::to_string(spec.n_embd),
                  "the file is damaged; download it again");
    if (in.flag_or("attention.causal", false))
        in.refuse(ErrorCode::unsupported, "bert.attention.causal is true", "choose another embedding model");
    const auto rows = [&](const char* name) {
        const TensorView* tensor = in.tensor(name);
        const std::int64_t n = tensor && tensor->shape.size() == 2 ? tensor->shape[0] : 0;
        return static_cast<int>(std::clamp<std::int64_t>(n, 0, kMostTokens));
    };
    spec.embedding = "token_embd.weight";
    spec.vocabulary = rows("token_embd.weight");
    spec.position_embedding = "position_embd.weight";
    // Files exist whose table is longer than the context, or was cut to it.
    if (const int table = rows("position_embd.weight"); table > 0) spec.positions = table;
    spec.type_embedding = in.optional_tensor("token_types.weight");
    spec.types = rows("token_types.weight");
    spec.embedding_norm = {NormKind::layer, spec.n_embd, eps, "token_embd_norm.weight",
                           in.optional_tensor("token_embd_norm.bias")};
    for (int i = 0; i < layers && in.ok(); ++i) spec.layers.push_back(gguf_layer(in, spec, i, eps));
    spec.max_tokens = std::min(spec.positions, in.count("context_length", 1, kMostPositions));
    switch (in.count_or("pooling_type", 0, 0, 16)) {
        case 0:
            notices.push_back("the file does not say how to pool: the mean of all tokens is taken");
            break;
        case 1:
            break;
        case 2:
            spec.pooling = Pooling::cls;
            break;
        default:
            in.refuse(ErrorCode::unsupported, "bert.pooling_type is neither mean nor cls",
                      "choose another embedding model");
    }
    return spec;
}

}  // namespace

bool is_encoder_architecture(std::string_view architecture) {
    return architecture == "bert" || architecture == "xlm-roberta" || architecture == "roberta";
}

Result<EncoderFile> read_encoder_file(std::shared_ptr<const GgufFile> file) {
    const std::string path = file->path();
    PELLUCID_TRY(const std::string architecture, file->metadata().string_or("general.architecture", ""));
    if (architecture != "bert")
        return fail(ErrorCode::unsupported,
                    path + ": general.architecture is '" + architecture + "', which is no encoder",
                    "embeddings need a model of the BERT family, such as all-MiniLM or multilingual-e5");
    EncoderFile made;
    made.path = path;
    const auto weights = std::make_shared<const GgufSource>(std::vector{file});
    SpecReader in(file->metadata(), *weights, architecture, path);
    EncoderSpec spec = gguf_spec(in, made.notices);
    if (!in.ok()) return fail(*in.error());
    PELLUCID_CHECK(check_tensors(tensor_needs(spec), *weights, spec.architecture, path));
    auto tokenizer = make_tokenizer(file->metadata());
    if (!tokenizer) return tokenizer_failed(path, tokenizer.error());
    made.tokenizer = *std::move(tokenizer);
    made.weights = weights;
    made.spec = std::make_shared<const EncoderSpec>(std::move(spec));
    PELLUCID_CHECK(check_vocabulary(made));
    return made;
}

Result<EncoderFile> open_encoder_file(const std::string& path) {
    std::error_code trouble;
    if (std::filesystem::is_directory(path, trouble)) return open_encoder_folder(path);
    const std::filesystem::path file(path);
    if (file.extension() == ".safetensors" || file.filename() == "config.json")
        return open_encoder_folder(file.has_parent_path() ? file.parent_path().string() : ".");
    PELLUCID_TRY(auto gguf, GgufFile::open(path));
    return read_encoder_file(std::move(gguf));
}

Failure tokenizer_failed(const std::string& path, const Error& error) {
    return fail(error.code, path + ": " + error.what, error.hint);
}

Result<void> check_vocabulary(const EncoderFile& file) {
    if (file.tokenizer->vocabulary_size() <= static_cast<std::size_t>(file.spec->vocabulary)) return {};
    return fail(ErrorCode::corrupt,
                file.path + ": the tokenizer has " + std::to_string(file.tokenizer->vocabulary_size()) +
                    " tokens, but " + file.spec->embedding + " has " + std::to_string(file.spec->vocabulary) +
                    " rows",
                "the file is damaged or was put together from two models; download it again");
}

}  // namespace pellucid
