// Storage's errors in the engine's shape, which every room of app/ speaks.
#pragma once

#include <utility>

#include "engine/base/error.h"
#include "storage/error.h"

namespace pellucid::library {

Error from_storage(const storage::Error& error);

template <typename T>
Result<T> from_storage(storage::Result<T> result) {
    if (!result) return fail(from_storage(result.error()));
    if constexpr (std::is_void_v<T>)
        return {};
    else
        return *std::move(result);
}

}  // namespace pellucid::library
