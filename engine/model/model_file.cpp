#include "engine/model/model_file.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string_view>

#include "engine/format/tensor_type.h"
#include "engine/model/folder/folder_weights.h"
#include "engine/model/folder/open_folder.h"
#include "engine/model/gguf_parts.h"
#include "engine/model/gguf_source.h"
#include "engine/model/header_digest.h"
#include "engine/model/read_spec.h"
#include "engine/model/split_latent.h"

namespace pellucid {
namespace {

/// general.file_type codes (docs/gguf.md): the mix of types a quantiser was asked for.
std::string_view file_type_name(std::int64_t code) {
    static constexpr std::pair<std::int64_t, std::string_view> names[] = {
        {0, "F32"},     {1, "F16"},     {2, "Q4_0"},     {3, "Q4_1"},    {7, "Q8_0"},     {8, "Q5_0"},
        {9, "Q5_1"},    {10, "Q2_K"},   {11, "Q3_K_S"},  {12, "Q3_K_M"}, {13, "Q3_K_L"},  {14, "Q4_K_S"},
        {15, "Q4_K_M"}, {16, "Q5_K_S"}, {17, "Q5_K_M"},  {18, "Q6_K"},   {19, "IQ2_XXS"}, {20, "IQ2_XS"},
        {21, "Q2_K_S"}, {22, "IQ3_XS"}, {23, "IQ3_XXS"}, {24, "IQ1_S"},  {25, "IQ4_NL"},  {26, "IQ3_S"},
        {27, "IQ3_M"},  {28, "IQ2_S"},  {29, "IQ2_M"},   {30, "IQ4_XS"}, {31, "IQ1_M"},   {32, "BF16"},
        {36, "TQ1_0"},  {37, "TQ2_0"},  {38, "MXFP4"},
    };
    for (const auto& [known, name] : names)
        if (known == code) return name;
    return {};
}

using Parts = std::vector<std::shared_ptr<const GgufFile>>;

std::string quantization_label(const Parts& parts) {
    if (const auto code = parts.front()->metadata().integer("general.file_type"); code.ok())
        if (const std::string_view name = file_type_name(*code); !name.empty()) return std::string(name);
    std::map<TensorType, std::int64_t> weights;
    for (const auto& part : parts)
        for (const FileTensor& tensor : part->tensors()) {
            std::int64_t values = 1;
            for (std::int64_t dimension : tensor.shape) values *= dimension;
            weights[tensor.type] += values;
        }
    const auto most = std::max_element(weights.begin(), weights.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == weights.end() ? std::string{} : std::string(to_string(most->first));
}

std::string header_digest(const Parts& parts) {
    HeaderDigest digest;
    for (const auto& part : parts) {
        digest.add(part->metadata());
        for (const FileTensor& tensor : part->tensors()) {
            digest.add(std::string_view(tensor.name));
            digest.add(static_cast<std::uint64_t>(tensor.type));
            for (std::int64_t dimension : tensor.shape) digest.add(static_cast<std::uint64_t>(dimension));
            digest.add(tensor.offset);
        }
        digest.add(part->file_size());
    }
    return digest.hex();
}

std::string stem(const std::string& path) {
    const std::size_t end = path.find_last_not_of('/');
    const std::string whole = path.substr(0, end + 1);
    const std::size_t slash = whole.find_last_of('/');
    std::string name = slash == std::string::npos ? whole : whole.substr(slash + 1);
    if (name.ends_with(".gguf")) name.resize(name.size() - 5);
    return name;
}

/// Files that have the form of a model and are none.
Result<void> check_is_model(const ModelSource& source) {
    const auto is = [&](const char* key, std::string_view value) {
        const auto text = source.metadata->string_or(key, "");
        return text.ok() && *text == value;
    };
    if (is("general.type", "mmproj") || is("general.architecture", "clip"))
        return fail(ErrorCode::unsupported,
                    source.path + " is the picture part of a model (mmproj), not a model of language",
                    "open the model that lies beside it; this version reads text only");
    if (is("general.type", "adapter"))
        return fail(ErrorCode::unsupported, source.path + " is an adapter (LoRA), not a model",
                    "open the model that it was made for, and add the adapter to it");
    return {};
}

/// mmproj files beside a model, by their names.
std::vector<std::string> unused_beside(const std::string& path) {
    std::vector<std::string> notices;
    std::error_code trouble;
    const auto folder = std::filesystem::path(path).parent_path();
    for (std::filesystem::directory_iterator entry(folder.empty() ? "." : folder, trouble), end;
         !trouble && entry != end; entry.increment(trouble)) {
        const std::string name = entry->path().filename().string();
        if (name.ends_with(".gguf") && name.find("mmproj") != std::string::npos)
            notices.push_back(name + " lies beside the model and is not used: this version reads text only");
    }
    std::sort(notices.begin(), notices.end());
    return notices;
}

ModelSource source_of(Parts parts) {
    ModelSource source;
    source.path = parts.front()->path();
    source.metadata = std::shared_ptr<const Metadata>(parts.front(), &parts.front()->metadata());
    source.quantization = quantization_label(parts);
    source.digest = header_digest(parts);
    for (const auto& part : parts) source.file_bytes += part->file_size();
    source.weights = std::make_shared<const GgufSource>(std::move(parts));
    return source;
}

}  // namespace

Result<ModelFile> open_model_file(const std::string& path, GgufRead read) {
    if (const std::string folder = folder_of(path); !folder.empty()) {
        PELLUCID_TRY(ModelSource source, open_folder(folder));
        return read_model(std::move(source));
    }
    if (is_pickle_name(path)) return pickle_refused(path);
    PELLUCID_TRY(Parts parts, open_gguf_parts(path, read));
    ModelSource source = source_of(std::move(parts));
    source.notices = unused_beside(path);
    return read_model(std::move(source));
}

Result<ModelFile> read_model_file(std::shared_ptr<const GgufFile> file) {
    PELLUCID_TRY(const std::int64_t parts, file->metadata().integer_or("split.count", 1));
    if (parts > 1)
        return fail(
            ErrorCode::unsupported,
            file->path() + ": this is one of " + std::to_string(parts) + " parts of a model (split.count)",
            "keep all parts in one folder and open any of them by its path");
    return read_model(source_of({std::move(file)}));
}

Result<ModelFile> read_model_parts(Parts parts) {
    PELLUCID_CHECK(check_gguf_parts(parts));
    return read_model(source_of(std::move(parts)));
}

Result<ModelFile> read_model(ModelSource source) {
    PELLUCID_CHECK(check_is_model(source));
    PELLUCID_TRY(source.weights, split_latent_weights(*source.metadata, source.weights, source.path));
    PELLUCID_TRY(ModelSpec spec, read_model_spec(*source.metadata, *source.weights, source.path));
    if (source.metadata->contains("tokenizer.ggml.tokens")) {
        PELLUCID_TRY(const auto* tokens, source.metadata->strings("tokenizer.ggml.tokens"));
        if (tokens->size() > static_cast<std::size_t>(spec.vocabulary))
            return fail(ErrorCode::corrupt,
                        source.path + ": tokenizer.ggml.tokens lists " + std::to_string(tokens->size()) +
                            " tokens, but " + spec.embedding + " has " + std::to_string(spec.vocabulary) +
                            " rows",
                        "the file is damaged or was put together from two models; download it again");
    }
    ModelFile model;
    model.facts.name = spec.name.empty() ? stem(source.path) : spec.name;
    model.facts.architecture = spec.architecture;
    model.facts.quantization = std::move(source.quantization);
    model.facts.digest = std::move(source.digest);
    model.facts.parameters = parameter_count(spec);
    model.facts.file_bytes = source.file_bytes;
    for (const TensorNeed& need : tensor_needs(spec))
        model.facts.weight_bytes += stored_bytes(*source.weights->find(need.name));
    model.path = std::move(source.path);
    model.metadata = std::move(source.metadata);
    model.weights = std::move(source.weights);
    model.spec = std::make_shared<const ModelSpec>(std::move(spec));
    model.notices = std::move(source.notices);
    return model;
}

}  // namespace pellucid
