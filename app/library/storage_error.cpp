#include "app/library/storage_error.h"

namespace pellucid::library {

namespace {

ErrorCode code_of(storage::ErrorCode code) {
    switch (code) {
        case storage::ErrorCode::invalid_argument:
            return ErrorCode::invalid_argument;
        case storage::ErrorCode::not_found:
            return ErrorCode::not_found;
        case storage::ErrorCode::io:
            return ErrorCode::io;
        case storage::ErrorCode::no_space:
            return ErrorCode::no_space;
        case storage::ErrorCode::read_only:
            return ErrorCode::read_only;
        case storage::ErrorCode::corrupt:
            return ErrorCode::corrupt;
        case storage::ErrorCode::unsupported:
            return ErrorCode::unsupported;
        case storage::ErrorCode::busy:
            return ErrorCode::busy;
        case storage::ErrorCode::internal:
            break;
    }
    return ErrorCode::internal;
}

}  // namespace

Error from_storage(const storage::Error& error) {
    return {code_of(error.code), error.what, error.hint};
}

}  // namespace pellucid::library
