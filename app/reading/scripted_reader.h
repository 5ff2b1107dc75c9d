// A Reader for tests and the offline demo: documents and errors by path, made in memory.
#pragma once

#include <map>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "app/reading/reader.h"

namespace pellucid::reading {

/// Thread safe.
class ScriptedReader : public Reader {
public:
    void set(const std::filesystem::path& file, Result<Document> answer);
    void set_delay(std::chrono::milliseconds delay);  ///< every read takes this long, unless cancelled
    int reads() const;                                ///< how many were asked for

    /// What was set for `file`, else error not_found. The file itself is not looked at.
    Result<Document> read(const std::filesystem::path& file, const ReadOptions& options,
                          CancelToken cancel) override;

private:
    mutable std::mutex mutex_;
    std::map<std::filesystem::path, Result<Document>> answers_;
    std::chrono::milliseconds delay_{0};
    int reads_ = 0;
};

/// A document of paragraphs from pages of text: blank lines part paragraphs, "# " to "###### " are headings.
/// For tests; the pages get A4 geometry and a box a line where `boxes` is true.
Document scripted_document(const std::vector<std::string_view>& pages, bool boxes = false);

}  // namespace pellucid::reading
