// docs search: passages for a question, with what each channel thinks of them.
#ifdef PELLUCID_HAS_STORAGE
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <sstream>

#include "app/cli/docs.h"
#include "app/documents/likelihood_reranker.h"
#include "app/library/storage_error.h"

namespace pellucid::cli {

namespace fs = std::filesystem;
using documents::FoundPassage;
using library::from_storage;
using Json = nlohmann::ordered_json;

namespace {

struct SearchArguments : DocsArguments {
    std::string query, file, mode = "hybrid", judge;
    std::vector<std::string> folders, types;
    int limit = 5;
};

/// Pages from 1; 0 where the source has none.
Result<std::pair<std::uint32_t, std::uint32_t>> pages_of(documents::DocumentLibrary& library,
                                                         const FoundPassage& passage) {
    if (passage.content.pages <= 1) {
        PELLUCID_TRY(const auto page, from_storage(library.contents().page(passage.content.id, 0)));
        if (page.width == 0) return std::pair<std::uint32_t, std::uint32_t>(0, 0);
    }
    return std::pair(passage.chunk.page + 1, passage.chunk.last_page + 1);
}

Json channel(const std::optional<documents::ChannelScore>& score) {
    if (!score) return nullptr;
    return {{"rank", score->rank}, {"score", score->score}};
}

/// A line or two, as the terminal shows them.
std::string shortened(const std::string& text) {
    std::string line;
    for (const char c : text) line += c == '\n' || c == '\t' ? ' ' : c;
    constexpr std::size_t kMost = 240;
    if (line.size() <= kMost) return line;
    std::size_t cut = kMost;
    while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0) == 0x80) --cut;
    return line.substr(0, cut) + "…";
}

Result<void> answer(documents::DocumentLibrary& library, const SearchArguments& arguments,
                    const documents::RetrieveOptions& how, const std::string& query) {
    const auto start = std::chrono::steady_clock::now();
    PELLUCID_TRY(const auto found, library.retriever().find(query, how));
    const double milliseconds =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    Json results = Json::array();
    int number = 0;
    for (const FoundPassage& passage : found.passages) {
        PELLUCID_TRY(const auto pages, pages_of(library, passage));
        if (!arguments.json) {
            std::string place = passage.document.path;
            if (pages.first > 0) place += ", page " + std::to_string(pages.first);
            if (pages.second > pages.first) place += "-" + std::to_string(pages.second);
            std::printf("%d. %s%s%s\n   %s\n   %s\n\n", ++number, place.c_str(),
                        passage.headings.empty() ? "" : "  ", passage.headings.c_str(), passage.why().c_str(),
                        shortened(passage.text).c_str());
            continue;
        }
        results.push_back({{"path", passage.document.path},
                           {"page", pages.first},
                           {"last_page", pages.second},
                           {"first", passage.chunk.range.first},
                           {"last", passage.chunk.range.last},
                           {"headings", passage.headings},
                           {"text", passage.text},
                           {"score", passage.score},
                           {"words", channel(passage.words)},
                           {"vectors", channel(passage.vectors)},
                           {"rerank", channel(passage.rerank)},
                           {"matched", passage.matched},
                           {"same_text", passage.same_text},
                           {"why", passage.why()}});
    }
    if (arguments.json)
        std::printf("%s\n", Json{{"query", query},
                                 {"results", results},
                                 {"milliseconds", milliseconds},
                                 {"words_ms", found.words_ms},
                                 {"embed_ms", found.embed_ms},
                                 {"vectors_ms", found.vectors_ms},
                                 {"fuse_ms", found.fuse_ms},
                                 {"rerank_ms", found.rerank_ms},
                                 {"note", found.note}}
                                .dump(-1, ' ', false, Json::error_handler_t::replace)
                                .c_str());
    else if (found.passages.empty())
        std::fprintf(stderr, "nothing was found\n");
    if (!found.note.empty()) std::fprintf(stderr, "note: %s\n", found.note.c_str());
    return {};
}

Result<void> search(const SearchArguments& arguments) {
    if (arguments.query.empty() == arguments.file.empty())
        throw UsageError("give a query or --file, one of them");
    documents::RetrieveOptions how;
    how.limit = arguments.limit;
    how.words = arguments.mode != "vectors";
    how.vectors = arguments.mode != "fts";
    if (arguments.mode == "rerank" && arguments.judge.empty())
        throw UsageError("--mode rerank needs a chat model that judges: --judge MODEL");
    std::unique_ptr<documents::Reranker> reranker;
    if (arguments.mode == "rerank") {
        ModelArguments judge;
        judge.model = arguments.judge;
        judge.data_dir = arguments.data_dir;
        judge.threads = arguments.threads;
        judge.context = documents::LikelihoodReranker::kContext;
        PELLUCID_TRY(auto model, judge.open(documents::LikelihoodReranker::kContext));
        reranker = std::make_unique<documents::LikelihoodReranker>(std::move(model));
        how.reranker = reranker.get();
    }
    std::error_code trouble;
    for (const std::string& folder : arguments.folders)
        how.filter.folders.push_back(fs::absolute(folder, trouble).lexically_normal().string());
    how.filter.types = arguments.types;
    PELLUCID_TRY(auto opened, open_documents(arguments, true));
    if (how.vectors) PELLUCID_CHECK(use_embedding(arguments, opened));
    if (arguments.mode == "vectors" && !opened.library->embeddings().active())
        return fail(ErrorCode::not_found,
                    "no embedding model is installed: there are no vectors to search by",
                    "give one by --model");
    PELLUCID_TRY(const auto collection, collection_named(*opened.library, arguments.collection));
    if (collection != 0) how.filter.collections = {collection};
    if (arguments.file.empty()) return answer(*opened.library, arguments, how, arguments.query);
    PELLUCID_TRY(const std::string text, read_text_file(arguments.file));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.ends_with('\r')) line.pop_back();
        PELLUCID_CHECK(answer(*opened.library, arguments, how, line));
    }
    return {};
}

}  // namespace

void add_docs_search(CLI::App& docs, DocsCommands& commands) {
    auto arguments = std::make_shared<SearchArguments>();
    CLI::App* app = docs.add_subcommand("search", "Passages for a question, with scores by channel");
    app->add_option("query", arguments->query, "a question, in words");
    app->add_option("--file", arguments->file, "a question a line");
    arguments->add_to(*app);
    app->add_option("--model", arguments->model, "embedding model (the one used last)");
    app->add_option("--threads", arguments->threads, "of the embedding model (0: chosen from the machine)")
        ->check(CLI::Range(0, 4096));
    app->add_option("--mode", arguments->mode, "fts: words alone; vectors: meaning alone; hybrid; rerank")
        ->check(CLI::IsMember({"fts", "vectors", "hybrid", "rerank"}))
        ->capture_default_str();
    app->add_option(
        "--judge", arguments->judge,
        "with --mode rerank: a chat model; passages behind which it finds the question likely come "
        "first");
    app->add_option("--limit", arguments->limit, "passages")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app->add_option("--folder", arguments->folders, "only what lies below");
    app->add_option("--type", arguments->types, "only files with this ending");
    commands[app] = [arguments] { return search(*arguments); };
}

}  // namespace pellucid::cli
#endif
