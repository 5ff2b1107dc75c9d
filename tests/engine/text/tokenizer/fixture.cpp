#include "fixture.h"

#include <lzma.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>

#include "engine/format/gguf_file.h"
#include "engine/text/bpe_tokenizer.h"

namespace pellucid::test {

namespace {

const std::string kFolder = PELLUCID_FIXTURES "/tokenizers/";

std::string unpack(const std::string& packed, const std::string& path) {
    lzma_stream stream = LZMA_STREAM_INIT;
    if (lzma_stream_decoder(&stream, UINT64_MAX, 0) != LZMA_OK)
        throw std::runtime_error("liblzma does not start");
    std::string out, block(1 << 20, '\0');
    stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
    stream.avail_in = packed.size();
    lzma_ret status = LZMA_OK;
    while (status == LZMA_OK) {
        stream.next_out = reinterpret_cast<std::uint8_t*>(block.data());
        stream.avail_out = block.size();
        status = lzma_code(&stream, LZMA_FINISH);
        out.append(block, 0, block.size() - stream.avail_out);
    }
    lzma_end(&stream);
    if (status != LZMA_STREAM_END) throw std::runtime_error(path + " cannot be unpacked");
    return out;
}

}  // namespace

std::string read_fixture(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path + " cannot be read");
    std::string bytes((std::istreambuf_iterator<char>(file)), {});
    return path.ends_with(".xz") ? unpack(bytes, path) : bytes;
}

Result<std::shared_ptr<const Tokenizer>> open_fixture(const std::string& name) {
    const std::string folder = kFolder + name;
    if (std::filesystem::exists(folder + "/tokenizer.json.xz"))
        return make_tokenizer_from_json(read_fixture(folder + "/tokenizer.json.xz"),
                                        read_fixture(folder + "/tokenizer_config.json"));
    const std::string bytes = read_fixture(folder + "/vocab.gguf.xz");
    PELLUCID_TRY(const auto file,
                 GgufFile::parse(std::as_bytes(std::span(bytes)), folder, GgufRead::header_only));
    return make_tokenizer(file->metadata());
}

Metadata llama2_as_gguf() {
    const auto root = nlohmann::json::parse(read_fixture(kFolder + "llama2/tokenizer.json.xz"));
    const auto& vocab = root["model"]["vocab"];
    std::vector<std::string> tokens(vocab.size());
    std::vector<double> scores(vocab.size(), 0.0);
    std::vector<std::int64_t> types(vocab.size(), 1);
    for (const auto& [piece, id] : vocab.items()) {
        const auto at = id.get<std::size_t>();
        tokens[at] = piece;
        if (byte_of_piece(piece) >= 0) types[at] = 6;
    }
    types[0] = 2, types[1] = types[2] = 3;
    // A piece's first merge tells its place in the order of scores.
    std::map<std::string, int> first;
    int rank = 0;
    for (const auto& merge : root["model"]["merges"]) {
        std::string piece = merge.get<std::string>();
        piece.erase(piece.find(' '), 1);
        if (first.emplace(piece, rank).second) scores[vocab[piece].get<std::size_t>()] = -rank;
        ++rank;
    }
    Metadata metadata;
    metadata.set("tokenizer.ggml.model", {std::string("llama")});
    metadata.set("tokenizer.ggml.tokens", {tokens});
    metadata.set("tokenizer.ggml.scores", {scores});
    metadata.set("tokenizer.ggml.token_type", {types});
    metadata.set("tokenizer.ggml.bos_token_id", {std::uint64_t{1}});
    metadata.set("tokenizer.ggml.eos_token_id", {std::uint64_t{2}});
    metadata.set("tokenizer.ggml.unknown_token_id", {std::uint64_t{0}});
    return metadata;
}

std::vector<std::string> read_corpus() {
    const std::string text = read_fixture(kFolder + "corpus.jsonl.xz");
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        lines.push_back(nlohmann::json::parse(text.substr(at, end - at)).get<std::string>());
        at = end + 1;
    }
    return lines;
}

std::uint32_t hash_ids(const std::vector<TokenId>& ids) {
    std::uint32_t hash = 0x811C9DC5u;
    for (const TokenId id : ids)
        for (unsigned shift = 0; shift < 32; shift += 8)
            hash = (hash ^ (static_cast<std::uint32_t>(id) >> shift & 0xFF)) * 0x01000193u;
    return hash;
}

}  // namespace pellucid::test
