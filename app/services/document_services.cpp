#include "app/services/document_services.h"

#include <QFile>

#include "app/reading/sandboxed_reader.h"
#include "app/services/ask_service.h"
#include "app/services/library_service.h"
#include "app/services/page_service.h"

namespace pellucid::app {

// In this order: each uses those above it.
struct DocumentServices::Parts {
    explicit Parts(const std::filesystem::path& program) : reader(program) {}
    reading::SandboxedReader reader;
    LibraryService service;
    std::unique_ptr<documents::DocumentLibrary> library;
    std::unique_ptr<PageService> pages;
    std::unique_ptr<AskService> asker;
    std::optional<Error> problem;
};

DocumentServices::DocumentServices(const QString& dataFolder, const QString& models, const QString& reader) {
    const auto program = reader.isEmpty() ? reading::SandboxedReader::installed_program()
                                          : std::filesystem::path(QFile::encodeName(reader).toStdString());
    parts_ = std::make_unique<Parts>(program);
    if (program.empty()) {
        parts_->problem = Error{ErrorCode::not_found, "the program that reads documents is not installed",
                                "Install Pellucid again."};
        return;
    }
    documents::DocumentLibrary::Options options;
    options.data_folder = QFile::encodeName(dataFolder).toStdString();
    options.listener = parts_->service.listener();
    options.importer.reading.progress = parts_->service.pageListener();
    auto library = documents::DocumentLibrary::open(std::move(options), parts_->reader);
    if (!library) {
        parts_->problem = library.error();
        return;
    }
    parts_->library = *std::move(library);
    parts_->service.use(*parts_->library, models);
    parts_->pages = std::make_unique<PageService>(*parts_->library, program);
    parts_->asker = std::make_unique<AskService>(*parts_->library);
}

DocumentServices::~DocumentServices() {
    parts_->asker.reset();
    parts_->pages.reset();
    parts_->service.stop();
}

DocumentSources DocumentServices::sources() {
    if (!parts_->library) return {};
    return {&parts_->service, parts_->pages.get(), parts_->asker.get()};
}

void DocumentServices::start() {
    if (parts_->library) parts_->service.start();
}

documents::DocumentLibrary* DocumentServices::library() {
    return parts_->library.get();
}

const std::optional<Error>& DocumentServices::problem() const {
    return parts_->problem;
}

}  // namespace pellucid::app
