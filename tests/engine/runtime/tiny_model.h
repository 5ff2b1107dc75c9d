// A tiny model with a tokenizer: the llama fixture's random weights under a byte vocabulary with chat and
// thought tags.
#pragma once

#include <QTemporaryDir>
#include <stdexcept>
#include <string>

#include "engine/base/token.h"
#include "engine/format/gguf_file.h"
#include "engine/format/gguf_writer.h"
#include "engine/text/byte_alphabet.h"

namespace pellucid::test {

inline std::string fixture_model(const std::string& name) {
    return std::string(PELLUCID_FIXTURES) + "/architectures/" + name + ".gguf";
}

/// Ids 0 to 255 are the bytes; then come these.
enum TinyToken : TokenId { tiny_start = 256, tiny_end = 257, tiny_think = 258, tiny_unthink = 259 };

inline const char* const kTinyTemplate =
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.reasoning_content %}<think>\n{{ "
    "m.reasoning_content }}\n</think>\n\n"
    "{% endif %}{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if opened %}<think>\n{% endif %}{% endif %}";

/// Writes it below `folder` and returns its path. `chat_template` empty: a base model.
inline std::string write_tiny_model(const QTemporaryDir& folder,
                                    const std::string& chat_template = kTinyTemplate,
                                    std::int64_t context_length = 512) {
    const auto source = GgufFile::open(fixture_model("llama"));
    if (!source) throw std::runtime_error(source.error().message());
    GgufWriter writer;
    for (const auto& [key, value] : (*source)->metadata().all()) writer.metadata().set(key, value);
    writer.metadata().set("llama.context_length", {context_length});
    std::vector<std::string> tokens;
    std::vector<std::int64_t> types;
    for (int byte = 0; byte < 256; ++byte)
        tokens.emplace_back(byte_letter(static_cast<unsigned char>(byte))), types.push_back(1);
    for (const char* special : {"<|im_start|>", "<|im_end|>", "<think>", "</think>"})
        tokens.emplace_back(special), types.push_back(3);
    while (tokens.size() < 320)
        tokens.push_back("<unused" + std::to_string(tokens.size()) + ">"), types.push_back(5);
    writer.metadata().set("tokenizer.ggml.model", {std::string("gpt2")});
    writer.metadata().set("tokenizer.ggml.pre", {std::string("gpt-2")});
    writer.metadata().set("tokenizer.ggml.tokens", {tokens});
    writer.metadata().set("tokenizer.ggml.token_type", {types});
    writer.metadata().set("tokenizer.ggml.merges", {std::vector<std::string>{}});
    writer.metadata().set("tokenizer.ggml.eos_token_id", {std::int64_t{tiny_end}});
    if (!chat_template.empty()) writer.metadata().set("tokenizer.chat_template", {chat_template});
    for (const auto& tensor : (*source)->tensors())
        if (const auto added = writer.add_tensor(tensor.name, tensor.type, tensor.shape, tensor.bytes);
            !added)
            throw std::runtime_error(added.error().message());
    const std::string path = folder.filePath("tiny.gguf").toStdString();
    if (const auto written = writer.write(path); !written)
        throw std::runtime_error(written.error().message());
    return path;
}

}  // namespace pellucid::test
