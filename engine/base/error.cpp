#include "engine/base/error.h"

namespace pellucid {

std::string_view to_string(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid_argument: return "invalid_argument";
        case ErrorCode::not_found: return "not_found";
        case ErrorCode::io: return "io";
        case ErrorCode::no_space: return "no_space";
        case ErrorCode::read_only: return "read_only";
        case ErrorCode::corrupt: return "corrupt";
        case ErrorCode::unsupported: return "unsupported";
        case ErrorCode::out_of_memory: return "out_of_memory";
        case ErrorCode::context_overflow: return "context_overflow";
        case ErrorCode::template_failed: return "template_failed";
        case ErrorCode::cancelled: return "cancelled";
        case ErrorCode::busy: return "busy";
        case ErrorCode::device_lost: return "device_lost";
        case ErrorCode::offline: return "offline";
        case ErrorCode::dns: return "dns";
        case ErrorCode::refused: return "refused";
        case ErrorCode::connection_lost: return "connection_lost";
        case ErrorCode::timed_out: return "timed_out";
        case ErrorCode::tls: return "tls";
        case ErrorCode::http_status: return "http_status";
        case ErrorCode::not_allowed: return "not_allowed";
        case ErrorCode::too_large: return "too_large";
        case ErrorCode::encrypted: return "encrypted";
        case ErrorCode::crashed: return "crashed";
        case ErrorCode::forbidden: return "forbidden";
        case ErrorCode::internal: return "internal";
    }
    return "unknown";
}

}  // namespace pellucid
