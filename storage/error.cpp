#include "storage/error.h"

namespace pellucid::storage {

std::string_view to_string(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid_argument:
            return "invalid_argument";
        case ErrorCode::not_found:
            return "not_found";
        case ErrorCode::io:
            return "io";
        case ErrorCode::no_space:
            return "no_space";
        case ErrorCode::read_only:
            return "read_only";
        case ErrorCode::corrupt:
            return "corrupt";
        case ErrorCode::unsupported:
            return "unsupported";
        case ErrorCode::busy:
            return "busy";
        case ErrorCode::internal:
            return "internal";
    }
    return "unknown";
}

}  // namespace pellucid::storage
