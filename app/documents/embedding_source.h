// Where vectors of texts come from: a model on this machine, or a test's.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/cancel.h"
#include "engine/base/error.h"

namespace pellucid::documents {

/// What a text is to its model: some are asked differently for each.
enum class EmbeddingRole { query, passage };

/// Thread safe; calls may take turns.
class EmbeddingSource {
public:
    virtual ~EmbeddingSource() = default;
    virtual std::string name() const = 0;
    /// Of the model and of how it is asked: vectors of equal digests may be compared.
    virtual std::string digest() const = 0;
    virtual int dimensions() const = 0;
    /// Of the text alone, as the model will count them.
    virtual int count_tokens(std::string_view text) const = 0;
    /// One vector a text, of length 1, in order: [texts, dimensions]. Longer texts than the model takes are
    /// cut.
    virtual Result<std::vector<std::vector<float>>> embed(std::span<const std::string> texts,
                                                          EmbeddingRole role, CancelToken cancel = {}) = 0;
};

}  // namespace pellucid::documents
