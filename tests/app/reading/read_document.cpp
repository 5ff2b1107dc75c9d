// Reads files through the sandbox and prints what was found, for looking at it and for the checks in Python:
//   read_document READER [--json] [--ocr] FILE…
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>

#include "app/reading/sandboxed_reader.h"
#include "engine/text/utf8.h"

using namespace pellucid;
using namespace pellucid::reading;

namespace {

const char* name_of(BlockKind kind) {
    static constexpr const char* kNames[] = {"heading", "paragraph", "list_item", "table",
                                             "code",    "caption",   "quote",     "note"};
    return kNames[static_cast<int>(kind)];
}

nlohmann::json json_of(const Document& document) {
    nlohmann::json out{{"title", document.title},
                       {"author", document.author},
                       {"language", document.language},
                       {"mime", document.mime},
                       {"text", document.text}};
    for (const Page& page : document.pages)
        out["pages"].push_back(
            {page.range.first, page.range.last, page.width, page.height, page.label, page.text_layer});
    for (const Block& block : document.blocks)
        out["blocks"].push_back({name_of(block.kind), block.level, block.range.first, block.range.last,
                                 block.page, block.symbol});
    for (const LineBox& line : document.lines)
        out["lines"].push_back(
            {line.range.first, line.range.last, line.page, line.x, line.y, line.width, line.height});
    for (const Notice& notice : document.notices)
        out["notices"].push_back({static_cast<int>(notice.code), notice.what, notice.pages});
    return out;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    SandboxedReader reader{argv[1]};
    ReadOptions options;
    bool json = false;
    int failed = 0;
    for (int i = 2; i < argc; ++i) {
        if (std::strcmp(argv[i], "--json") == 0)
            json = true;
        else if (std::strcmp(argv[i], "--ocr") == 0)
            options.recognise = true;
        else {
            const auto document = reader.read(argv[i], options, {});
            if (!document) {
                ++failed;
                if (json)
                    std::printf("%s\n",
                                nlohmann::json{{"error", std::string(to_string(document.error().code))},
                                               {"what", document.error().what}}
                                    .dump()
                                    .c_str());
                else
                    std::printf("%s: [%s] %s\n", argv[i],
                                std::string(to_string(document.error().code)).c_str(),
                                document.error().message().c_str());
            } else if (json) {
                std::printf("%s\n", json_of(*document).dump().c_str());
            } else {
                std::printf("== %s: %s, '%s' by '%s', %zu pages, %zu bytes, %zu blocks, %zu boxes\n", argv[i],
                            document->mime.c_str(), document->title.c_str(), document->author.c_str(),
                            document->pages.size(), document->text.size(), document->blocks.size(),
                            document->lines.size());
                for (const Notice& notice : document->notices) std::printf("!! %s\n", notice.what.c_str());
                for (const Block& block : document->blocks)
                    std::printf("[p%u %s%d%s%s] %s\n", block.page + 1, name_of(block.kind), block.level,
                                block.symbol.empty() ? "" : " ", block.symbol.c_str(),
                                std::string(document->of(block.range)).c_str());
            }
        }
    }
    return failed > 0 ? 1 : 0;
}
