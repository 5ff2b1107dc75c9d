// Folders as other apps leave them, planted in a home of the test's own.
#pragma once

#include <QTemporaryDir>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "app/digest/sha256.h"
#include "app/library/other_apps.h"

namespace pellucid::library::test {

namespace fs = std::filesystem;

inline std::string sha256_of(const std::string& bytes) {
    return digest::to_hex(digest::Sha256::of(std::as_bytes(std::span(bytes.data(), bytes.size()))));
}

inline std::string slurp(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void write(const fs::path& path, const std::string& bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

/// Something as long as a small model, different for each seed; begins as a GGUF does.
inline std::string model_bytes(unsigned seed, std::size_t size = 5000) {
    std::string bytes = "GGUF";
    std::uint32_t state = seed * 2654435761u + 1;
    while (bytes.size() < size) {
        state = state * 1664525u + 1013904223u;
        bytes += static_cast<char>(state >> 24);
    }
    return bytes;
}

struct Home {
    fs::path path() const { return folder.path().toStdString(); }
    Surroundings surroundings() const {
        Surroundings here;
        here.home = path();
        here.variable = [values = variables](const char* name) {
            const auto found = values.find(name);
            return found == values.end() ? std::string() : found->second;
        };
        here.ollama_service = path() / "usr/share/ollama/.ollama/models";
        return here;
    }

    /// A model in Ollama's folder; `name` as HOST/NAMESPACE/MODEL/TAG. Returns its blob.
    fs::path plant_ollama(const std::string& name, const std::string& bytes,
                          const std::string& more_layers = {}) {
        const fs::path root = path() / ".ollama/models";
        const fs::path blob = root / "blobs" / ("sha256-" + sha256_of(bytes));
        write(blob, bytes);
        write(root / "manifests" / name,
              "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\","
              "\"config\":{\"mediaType\":\"application/vnd.docker.container.image.v1+json\",\"digest\":"
              "\"sha256:" +
                  std::string(64, 'c') + "\",\"size\":10},\"layers\":[" + layer("model", bytes) +
                  more_layers + "]}");
        return blob;
    }
    static std::string layer(const std::string& kind, const std::string& bytes) {
        return "{\"mediaType\":\"application/vnd.ollama.image." + kind +
               "\",\"digest\":\"sha256:" + sha256_of(bytes) + "\",\"size\":" + std::to_string(bytes.size()) +
               "}";
    }
    fs::path plant_lm_studio(const std::string& name, const std::string& bytes) {
        const fs::path file = path() / ".lmstudio/models" / name;
        write(file, bytes);
        return file;
    }
    fs::path plant_jan(const std::string& id, const std::string& bytes, const std::string& more = {}) {
        const fs::path data = path() / ".local/share/Jan/data";
        const fs::path file = data / "llamacpp/models" / id / "model.gguf";
        write(file, bytes);
        write(file.parent_path() / "model.yml",
              "embedding: false\nmodel_path: llamacpp/models/" + id + "/model.gguf\nname: " + id +
                  "\nsize_bytes: " + std::to_string(bytes.size()) + "\n" + more);
        return file;
    }
    fs::path plant_hugging_face(const std::string& repository, const std::string& commit,
                                const std::string& name, const std::string& bytes) {
        std::string top_name = "models--" + repository;
        top_name.replace(top_name.find('/'), 1, "--");
        const fs::path top = path() / ".cache/huggingface/hub" / top_name;
        const std::string hash = sha256_of(bytes);
        write(top / "blobs" / hash, bytes);
        const fs::path file = top / "snapshots" / commit / name;
        fs::create_directories(file.parent_path());
        std::error_code ignored;
        fs::create_symlink(fs::relative(top / "blobs" / hash, file.parent_path()), file, ignored);
        write(top / "refs/main", commit);
        return file;
    }

    QTemporaryDir folder;
    std::map<std::string, std::string> variables;
};

}  // namespace pellucid::library::test
