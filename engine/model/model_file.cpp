#include "engine/model/model_file.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <map>
#include <string_view>

#include "engine/format/tensor_type.h"
#include "engine/model/gguf_source.h"
#include "engine/model/read_spec.h"

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

std::string quantization_label(const GgufFile& file) {
    if (const auto code = file.metadata().integer("general.file_type"); code.ok())
        if (const std::string_view name = file_type_name(*code); !name.empty()) return std::string(name);
    std::map<TensorType, std::int64_t> weights;
    for (const FileTensor& tensor : file.tensors()) {
        std::int64_t values = 1;
        for (std::int64_t dimension : tensor.shape) values *= dimension;
        weights[tensor.type] += values;
    }
    const auto most = std::max_element(weights.begin(), weights.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == weights.end() ? std::string{} : std::string(to_string(most->first));
}

/// Two independent multiply-rotate hashes; tells files apart, guards against nothing hostile.
class Digest {
public:
    void add(std::uint64_t value) {
        a_ = std::rotl((a_ ^ value) * 0x9e3779b97f4a7c15u, 29);
        b_ = std::rotl((b_ + value) * 0xc2b2ae3d27d4eb4fu, 31) ^ a_;
    }
    void add(std::string_view text) {
        add(text.size());
        for (unsigned char c : text) add(std::uint64_t{c} + 0x100);
    }
    std::string hex() const {
        char buffer[33];
        std::snprintf(buffer, sizeof buffer, "%016llx%016llx", static_cast<unsigned long long>(a_),
                      static_cast<unsigned long long>(b_));
        return buffer;
    }

private:
    std::uint64_t a_ = 1, b_ = 2;
};

struct AddValue {
    Digest& digest;
    void operator()(bool value) const { digest.add(std::uint64_t{value}); }
    void operator()(std::int64_t value) const { digest.add(static_cast<std::uint64_t>(value)); }
    void operator()(std::uint64_t value) const { digest.add(value); }
    void operator()(double value) const { digest.add(std::bit_cast<std::uint64_t>(value)); }
    void operator()(const std::string& value) const { digest.add(value); }
    void operator()(const MetaArrayOfArrays& value) const {
        for (const MetaValue& item : value.items) std::visit(*this, item.data);
    }
    template <typename T>
    void operator()(const std::vector<T>& values) const {
        digest.add(values.size());
        for (const T value : values) (*this)(value);
    }
    void operator()(const std::vector<std::string>& values) const {
        digest.add(values.size());
        for (const std::string& value : values) digest.add(value);
    }
};

std::string header_digest(const GgufFile& file) {
    Digest digest;
    for (const auto& [key, value] : file.metadata().all()) {
        digest.add(key);
        std::visit(AddValue{digest}, value.data);
    }
    for (const FileTensor& tensor : file.tensors()) {
        digest.add(tensor.name);
        digest.add(static_cast<std::uint64_t>(tensor.type));
        for (std::int64_t dimension : tensor.shape) digest.add(static_cast<std::uint64_t>(dimension));
        digest.add(tensor.offset);
    }
    digest.add(file.file_size());
    return digest.hex();
}

std::string stem(const std::string& path) {
    const std::size_t slash = path.find_last_of('/');
    std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    if (name.ends_with(".gguf")) name.resize(name.size() - 5);
    return name;
}

}  // namespace

Result<ModelFile> open_model_file(const std::string& path, GgufRead read) {
    PELLUCID_TRY(auto file, GgufFile::open(path, read));
    return read_model_file(std::move(file));
}

Result<ModelFile> read_model_file(std::shared_ptr<const GgufFile> file) {
    PELLUCID_TRY(const std::int64_t parts, file->metadata().integer_or("split.count", 1));
    if (parts > 1)
        return fail(
            ErrorCode::unsupported,
            file->path() + ": this is one of " + std::to_string(parts) + " parts of a model (split.count)",
            "join the parts into one file first");
    ModelFile model;
    auto source = std::make_shared<const GgufSource>(file);
    PELLUCID_TRY(ModelSpec spec, read_model_spec(file->metadata(), *source, file->path()));
    if (file->metadata().contains("tokenizer.ggml.tokens")) {
        PELLUCID_TRY(const auto* tokens, file->metadata().strings("tokenizer.ggml.tokens"));
        if (tokens->size() > static_cast<std::size_t>(spec.vocabulary))
            return fail(ErrorCode::corrupt,
                        file->path() + ": tokenizer.ggml.tokens lists " + std::to_string(tokens->size()) +
                            " tokens, but " + spec.embedding + " has " + std::to_string(spec.vocabulary) +
                            " rows",
                        "the file is damaged or was put together from two models; download it again");
    }
    model.facts.name = spec.name.empty() ? stem(file->path()) : spec.name;
    model.facts.architecture = spec.architecture;
    model.facts.quantization = quantization_label(*file);
    model.facts.digest = header_digest(*file);
    model.facts.parameters = parameter_count(spec);
    model.facts.file_bytes = file->file_size();
    for (const TensorNeed& need : tensor_needs(spec)) model.facts.weight_bytes += file->find(need.name)->size;
    model.file = std::move(file);
    model.weights = std::move(source);
    model.spec = std::make_shared<const ModelSpec>(std::move(spec));
    return model;
}

}  // namespace pellucid
