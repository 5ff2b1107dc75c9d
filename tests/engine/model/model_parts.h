// Models written in several GGUF files, and in files that are not quite right.
#pragma once

#include <QTemporaryDir>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>

#include "engine/format/gguf_file.h"
#include "engine/format/gguf_writer.h"

namespace pellucid::test {

/// "model-00002-of-00003.gguf"
inline std::string part_name(int part, int count) {
    char name[64];
    std::snprintf(name, sizeof name, "model-%05d-of-%05d.gguf", part, count);
    return name;
}

/// A file's tensors dealt to `count` parts, as split tools do: all metadata in the first. `change` may edit
/// the metadata of a part (from 0).
inline void write_parts(const std::string& model, const QTemporaryDir& folder, int count,
                        const std::function<void(int, Metadata&)>& change = {}) {
    const auto file = GgufFile::open(model);
    if (!file) throw std::runtime_error(file.error().message());
    const auto& tensors = (*file)->tensors();
    for (int part = 0; part < count; ++part) {
        GgufWriter writer;
        if (part == 0) writer.metadata() = (*file)->metadata();
        writer.metadata().set("split.no", MetaValue{std::int64_t{part}});
        writer.metadata().set("split.count", MetaValue{std::int64_t{count}});
        writer.metadata().set("split.tensors.count", MetaValue{static_cast<std::int64_t>(tensors.size())});
        if (change) change(part, writer.metadata());
        for (std::size_t i = static_cast<std::size_t>(part); i < tensors.size();
             i += static_cast<std::size_t>(count))
            if (!writer.add_tensor(tensors[i].name, tensors[i].type, tensors[i].shape, tensors[i].bytes))
                throw std::runtime_error("add_tensor");
        if (!writer.write(folder.filePath(part_name(part + 1, count).c_str()).toStdString()))
            throw std::runtime_error("write");
    }
}

}  // namespace pellucid::test
