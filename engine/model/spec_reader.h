// Reads what an architecture file asks of the metadata and the tensor names, and remembers the first thing
// wrong, so that the architecture files read like the paper and not like error handling.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/format/metadata.h"
#include "engine/model/spec.h"
#include "engine/model/weights.h"

namespace pellucid {

/// Keys are given without the architecture's prefix: "block_count" reads "llama.block_count". After the first
/// failure every getter returns its lower bound or fallback; error() tells file, key, value and remedy.
class SpecReader {
public:
    /// `file` names the model in messages. Metadata and weights must outlive the reader.
    SpecReader(const Metadata& metadata, const WeightSource& weights, std::string architecture,
               std::string file);

    /// A required whole number in [least, most].
    int count(std::string_view key, int least, int most);
    /// The same when present, else `fallback`.
    int count_or(std::string_view key, int fallback, int least, int most);
    /// A required number for each layer: the file gives one for all, or a list of `layers`.
    std::vector<int> counts(std::string_view key, int layers, int least, int most);
    /// The same when present, else `fallback` for every layer.
    std::vector<int> counts_or(std::string_view key, int layers, const std::vector<int>& fallback, int least,
                               int most);
    /// A required finite number in [least, most]; number_or: `fallback` when absent.
    double number(std::string_view key, double least, double most);
    double number_or(std::string_view key, double fallback, double least, double most);
    std::string text_or(std::string_view key, std::string fallback);
    bool flag_or(std::string_view key, bool fallback);
    bool has_key(std::string_view key) const;

    /// A key with its own prefix ("general.name").
    std::string global_text_or(std::string_view key, std::string fallback);

    bool has_tensor(std::string_view name) const { return weights_.find(name) != nullptr; }
    /// The name when the file has that tensor, else empty.
    std::string optional_tensor(std::string name) const { return has_tensor(name) ? name : std::string{}; }
    const TensorView* tensor(std::string_view name) const { return weights_.find(name); }

    /// Records an error unless one is recorded: "FILE: what".
    void refuse(ErrorCode code, std::string what, std::string hint);
    bool ok() const { return !error_; }
    const std::optional<Error>& error() const { return error_; }
    const std::string& architecture() const { return architecture_; }

private:
    std::string full(std::string_view key) const;
    void refuse(Error error);
    bool in_range(std::string_view key, double value, double least, double most);

    const Metadata& metadata_;
    const WeightSource& weights_;
    std::string architecture_, file_;
    std::optional<Error> error_;
};

}  // namespace pellucid
