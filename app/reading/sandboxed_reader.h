// The Reader of the product: parses every file in a process of its own, pellucid-reader, that can open
// nothing, write nothing, start nothing and connect to nothing (program/sandbox.h), under limits of memory,
// processor and wall time. The app's side survives whatever that process does and says what became of the
// file.
#pragma once

#include <filesystem>

#include "app/reading/page_picture.h"
#include "app/reading/reader.h"

namespace pellucid::reading {

class SandboxedReader : public Reader {
public:
    /// `program`: the pellucid-reader to start.
    explicit SandboxedReader(std::filesystem::path program);

    /// The pellucid-reader of this installation: beside the running program, or in its libexec folder. Empty
    /// path where there is none.
    static std::filesystem::path installed_program();

    Result<Document> read(const std::filesystem::path& file, const ReadOptions& options,
                          CancelToken cancel) override;

    /// Page `page` (from 0) of a PDF as a picture at `scale` pixels a point, made smaller where it would have
    /// more than kMostPicturePixels. Of `options` the file's size, time and memory count. Errors: those of
    /// read(), not_found for a page that is not there, invalid_argument for a scale that is none.
    Result<PagePicture> picture(const std::filesystem::path& file, std::uint32_t page, float scale,
                                const ReadOptions& options, CancelToken cancel);

private:
    std::filesystem::path program_;
};

}  // namespace pellucid::reading
