// A tool for comparing tokenizers: token ids of every line of a file of JSON strings, one line of ids a line.
//   tokenizer_encode_lines (FILE.gguf | FOLDER with tokenizer.json) LINES.jsonl
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/format/gguf_file.h"
#include "engine/text/tokenizer.h"

namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

pellucid::Result<std::shared_ptr<const pellucid::Tokenizer>> open(const std::string& path) {
    if (std::filesystem::is_directory(path))
        return pellucid::make_tokenizer_from_json(read(path + "/tokenizer.json"),
                                                  read(path + "/tokenizer_config.json"));
    PELLUCID_TRY(const auto file, pellucid::GgufFile::open(path, pellucid::GgufRead::header_only));
    return pellucid::make_tokenizer(file->metadata());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return std::fprintf(stderr, "usage: %s MODEL LINES.jsonl\n", argv[0]), 2;
    const auto tokenizer = open(argv[1]);
    if (!tokenizer) return std::fprintf(stderr, "%s\n", tokenizer.error().message().c_str()), 1;
    std::fprintf(stderr, "%s\n", (*tokenizer)->description().c_str());
    std::ifstream lines(argv[2]);
    for (std::string line; std::getline(lines, line);) {
        std::string out;
        for (const auto id : (*tokenizer)->encode(nlohmann::json::parse(line).get<std::string>())) {
            if (!out.empty()) out += ',';
            out += std::to_string(id);
        }
        std::puts(out.c_str());
    }
    return 0;
}
