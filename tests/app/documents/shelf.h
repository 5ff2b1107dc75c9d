// A document library in a folder of its own, with a reader of plain text files and a model of words.
#pragma once

#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "app/documents/document_library.h"
#include "app/reading/scripted_reader.h"

namespace pellucid::documents::test {

/// Paragraphs parted by blank lines; pages by form feeds. A file that begins with "!" cannot be read.
class PlainReader : public reading::Reader {
public:
    std::function<void(const std::filesystem::path&)> before;  ///< each file is read
    std::atomic<int> reads{0}, recognised{0};

    Result<reading::Document> read(const std::filesystem::path& file, const reading::ReadOptions& options,
                                   CancelToken cancel) override {
        ++reads;
        recognised += options.recognise;
        if (before) before(file);
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "stopped");
        std::ifstream in(file, std::ios::binary);
        std::stringstream all;
        all << in.rdbuf();
        if (!in.is_open()) return fail(ErrorCode::not_found, file.string() + " is no longer there");
        const std::string text = all.str();
        if (text.starts_with("!")) return fail(ErrorCode::corrupt, "nothing of it could be read", "no hope");
        std::vector<std::string_view> pages;
        for (std::size_t at = 0; at <= text.size();) {
            const auto end = std::min(text.find('\f', at), text.size());
            pages.push_back(std::string_view(text).substr(at, end - at));
            at = end + 1;
        }
        auto document = reading::scripted_document(pages, true);
        document.mime = "text/plain";
        return document;
    }
};

/// A vector whose numbers are how often words fall into them: texts with the same words are near.
class WordSource : public EmbeddingSource {
public:
    explicit WordSource(int dimensions = 64, std::string digest = "words")
        : dimensions_(dimensions), digest_(std::move(digest)) {}
    std::function<Result<void>()> before;
    std::atomic<int> texts_embedded{0};

    std::string name() const override { return "words"; }
    std::string digest() const override { return digest_; }
    int dimensions() const override { return dimensions_; }
    int count_tokens(std::string_view text) const override { return estimated_tokens(text); }
    Result<std::vector<std::vector<float>>> embed(std::span<const std::string> texts, EmbeddingRole,
                                                  CancelToken cancel) override {
        if (before) PELLUCID_CHECK(before());
        if (cancel.cancelled()) return fail(ErrorCode::cancelled, "stopped");
        std::vector<std::vector<float>> all;
        for (const auto& text : texts) {
            std::vector<float> vector(static_cast<std::size_t>(dimensions_));
            std::istringstream words(text);
            for (std::string word; words >> word;)
                vector[std::hash<std::string>()(word) % static_cast<std::size_t>(dimensions_)] += 1;
            float sum = 1e-9f;
            for (const float value : vector) sum += value * value;
            for (float& value : vector) value /= std::sqrt(sum);
            all.push_back(std::move(vector));
            ++texts_embedded;
        }
        return all;
    }

private:
    int dimensions_;
    std::string digest_;
};

inline void write(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

inline DocumentLibrary::Options options_of(const std::filesystem::path& data) {
    DocumentLibrary::Options options;
    options.data_folder = data;
    options.importer.low_priority = false;
    options.watch.quiet = std::chrono::milliseconds(40);
    options.watch.longest = std::chrono::milliseconds(400);
    return options;
}

}  // namespace pellucid::documents::test
