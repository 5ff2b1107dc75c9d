// Loggers are made once, where the program is composed, and handed down; nothing here is global.
#pragma once

#include <memory>
#include <string>

#include <spdlog/logger.h>

namespace pellucid {

using Logger = std::shared_ptr<spdlog::logger>;

struct LogOptions {
    std::string name = "pellucid";
    std::string file;       ///< empty: none. Kept at 2 MB, with two older ones beside it
    bool to_stderr = true;  ///< stdout belongs to results
    spdlog::level::level_enum level = spdlog::level::info;
};

/// A new logger, registered nowhere. A file that cannot be opened is reported on the logger itself, and
/// logging goes on.
Logger make_logger(const LogOptions& options);
/// Swallows everything: for tests and for callers that were given no logger.
Logger make_null_logger();

}  // namespace pellucid
