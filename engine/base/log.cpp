#include "engine/base/log.h"

#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <vector>

namespace pellucid {

Logger make_logger(const LogOptions& options) {
    std::vector<spdlog::sink_ptr> sinks;
    std::string refused;
    if (options.to_stderr) sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
    if (!options.file.empty()) {
        try {
            sinks.push_back(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(options.file, 2 << 20, 2));
        } catch (const spdlog::spdlog_ex& error) {
            refused = error.what();
        }
    }
    auto logger = std::make_shared<spdlog::logger>(options.name, sinks.begin(), sinks.end());
    logger->set_level(options.level);
    logger->flush_on(spdlog::level::warn);
    if (!refused.empty()) logger->warn("no log file: {}", refused);
    return logger;
}

Logger make_null_logger() {
    return std::make_shared<spdlog::logger>("null", std::make_shared<spdlog::sinks::null_sink_mt>());
}

}  // namespace pellucid
