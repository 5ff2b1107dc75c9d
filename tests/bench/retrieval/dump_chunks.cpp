// The chunks of documents as the product makes them (sandboxed reader, chunker), one JSON object a line, with
// the boxes of their text: what spans.py holds against pdftotext.
//
//   dump_chunks READER FILE...        READER: the program pellucid-reader
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "app/documents/chunker.h"
#include "app/reading/sandboxed_reader.h"

namespace {

using namespace pellucid;

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

nlohmann::json line_of(const reading::Document& document, const documents::Chunk& chunk,
                       const std::string& path) {
    nlohmann::json boxes = nlohmann::json::array();
    for (const reading::LineBox& box : document.lines) {
        const reading::TextRange part = {std::max(box.range.first, chunk.range.first),
                                         std::min(box.range.last, chunk.range.last)};
        if (part.first >= part.last) continue;
        // A run may go on over the chunk's end (Han characters have no spaces): then only its share counts.
        const float whole = static_cast<float>(characters(document.of(box.range)));
        const auto before = static_cast<float>(characters(document.of({box.range.first, part.first})));
        const auto inside = static_cast<float>(characters(document.of(part)));
        boxes.push_back({{"page", box.page + 1},
                         {"x", box.x + box.width * before / whole},
                         {"y", box.y},
                         {"width", box.width * inside / whole},
                         {"height", box.height},
                         {"text", std::string(document.of(part))}});
    }
    const bool paged = document.pages[chunk.page].width > 0;
    return {{"path", path},
            {"page", paged ? chunk.page + 1 : 0},
            {"last_page", paged ? chunk.last_page + 1 : 0},
            {"text", std::string(document.of(chunk.range))},
            {"headings", chunk.headings},
            {"tokens", chunk.tokens},
            {"boxes", std::move(boxes)}};
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "dump_chunks READER FILE...\n";
        return 2;
    }
    reading::SandboxedReader reader(argv[1]);
    int failed = 0;
    for (int at = 2; at < argc; ++at) {
        const std::string path = std::filesystem::absolute(argv[at]).string();
        const auto document = reader.read(path, {}, {});
        if (!document) {
            std::cerr << path << ": " << document.error().what << "\n";
            ++failed;
            continue;
        }
        for (const documents::Chunk& chunk : documents::cut(*document, documents::estimated_tokens))
            std::cout << line_of(*document, chunk, path)
                             .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                      << "\n";
    }
    return failed == 0 ? 0 : 1;
}
