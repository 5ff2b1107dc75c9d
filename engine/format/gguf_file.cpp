#include "engine/format/gguf_file.h"

#include <algorithm>
#include <utility>

#include "engine/format/gguf_parser.h"

namespace pellucid {

Result<std::shared_ptr<const GgufFile>> GgufFile::open(const std::string& path, GgufRead read) {
    PELLUCID_TRY(auto mapping, MappedFile::open(path));
    std::shared_ptr<GgufFile> file(new GgufFile);
    file->path_ = path;
    file->mapping_ = mapping;
    PELLUCID_CHECK(GgufParser(mapping->bytes(), *file, read).parse());
    return std::shared_ptr<const GgufFile>(std::move(file));
}

Result<std::shared_ptr<const GgufFile>> GgufFile::parse(std::span<const std::byte> bytes, std::string name,
                                                        GgufRead read) {
    std::shared_ptr<GgufFile> file(new GgufFile);
    file->path_ = std::move(name);
    PELLUCID_CHECK(GgufParser(bytes, *file, read).parse());
    return std::shared_ptr<const GgufFile>(std::move(file));
}

Result<std::shared_ptr<const GgufFile>> GgufFile::parse_beginning(std::span<const std::byte> bytes,
                                                                  std::uint64_t file_bytes,
                                                                  std::string name) {
    std::shared_ptr<GgufFile> file(new GgufFile);
    file->path_ = std::move(name);
    GgufParser parser(bytes, *file, std::max<std::uint64_t>(file_bytes, bytes.size()));
    auto parsed = parser.parse();
    if (!parsed && parser.needs_more()) return std::shared_ptr<const GgufFile>();
    if (!parsed) return parsed.failure();
    return std::shared_ptr<const GgufFile>(std::move(file));
}

const FileTensor* GgufFile::find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &tensors_[found->second];
}

}  // namespace pellucid
