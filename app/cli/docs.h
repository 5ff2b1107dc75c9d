// The parts of the `docs` command.
#pragma once
#ifdef PELLUCID_HAS_STORAGE

#include <map>
#include <memory>

#include "app/cli/command.h"
#include "app/documents/document_library.h"

namespace pellucid::cli {

using DocsCommands = std::map<const CLI::App*, std::function<Result<void>()>>;

/// Options of every docs command.
struct DocsArguments {
    std::string data_dir, collection, model;
    int threads = 0;
    bool json = false;

    void add_to(CLI::App& app);
};

/// The library, and the reader that it needs to be held with.
struct OpenedDocuments {
    std::unique_ptr<reading::Reader> reader;
    std::unique_ptr<documents::DocumentLibrary> library;
    std::string model;  ///< the embedding model's file; empty: none
};
/// `read_only`: beside a window that has it open; not_found where there is no library yet. The embedding
/// model is
/// --model, or the one that was used last.
Result<OpenedDocuments> open_documents(const DocsArguments& arguments, bool read_only,
                                       documents::Importer::Listener listener = {});
/// Takes the embedding model into use. One that cannot be opened is said on stderr, unless it was asked for.
Result<void> use_embedding(const DocsArguments& arguments, OpenedDocuments& opened);
/// not_found: no collection of that name. 0: no name was given.
Result<storage::CollectionId> collection_named(documents::DocumentLibrary& library, const std::string& name);

void add_docs_search(CLI::App& docs, DocsCommands& commands);
void add_docs_ask(CLI::App& docs, DocsCommands& commands);

}  // namespace pellucid::cli
#endif
