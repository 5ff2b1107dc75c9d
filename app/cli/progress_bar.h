// How far something long has come, on stderr: drawn in place on a terminal, a line now and then elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace pellucid::cli {

/// "[#########-----------]", `width` characters between the brackets. `fraction` beyond 0 to 1 is taken as
/// the nearer end.
std::string bar_text(double fraction, int width = 24);
/// "4 s", "3 min 20 s", "2 h 5 min".
std::string duration_text(double seconds);

class ProgressBar {
public:
    ProgressBar();
    /// Ends the line where one was begun.
    ~ProgressBar();
    /// `total` none: not known yet. `more`: speed, time left, what is done now.
    void show(std::uint64_t done, std::optional<std::uint64_t> total, const std::string& more);

private:
    const bool terminal_;
    bool shown_ = false;
    int last_percent_ = -1;
    std::chrono::steady_clock::time_point last_{};
};

}  // namespace pellucid::cli
