// Everything behind the documents of the window, built and wired: the library with its index, the sandboxed
// reader.
#pragma once

#include <QString>
#include <memory>

#include "app/documents/document_library.h"
#include "app/models/document_source.h"

namespace pellucid::app {

class DocumentServices {
public:
    /// Opens the library beside the chats. Where there is no reader program, or the library cannot be opened,
    /// sources() are null and problem() says why. `models`: where an embedding model may lie.
    /// `reader`: the program that reads; empty: that of this installation.
    DocumentServices(const QString& dataFolder, const QString& models, const QString& reader = {});
    ~DocumentServices();

    DocumentSources sources();
    /// Reading and following go on where they were. After the first frame.
    void start();
    /// Null: there is none.
    documents::DocumentLibrary* library();
    const std::optional<Error>& problem() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace pellucid::app
