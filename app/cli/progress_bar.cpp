#include "app/cli/progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/cli/command.h"
#include "engine/memory/memory_plan.h"

namespace pellucid::cli {

std::string bar_text(double fraction, int width) {
    const double part = std::isnan(fraction) ? 0 : std::clamp(fraction, 0.0, 1.0);
    const auto full = static_cast<std::size_t>(std::lround(part * width));
    return "[" + std::string(full, '#') + std::string(static_cast<std::size_t>(width) - full, '-') + "]";
}

std::string duration_text(double seconds) {
    const auto whole = static_cast<long long>(std::clamp(seconds, 0.0, 1e9) + 0.5);
    if (whole < 60) return std::to_string(whole) + " s";
    if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

ProgressBar::ProgressBar() : terminal_(isatty(STDERR_FILENO) != 0) {}

ProgressBar::~ProgressBar() {
    if (terminal_ && shown_) progress_line("", true);
}

void ProgressBar::show(std::uint64_t done, std::optional<std::uint64_t> total, const std::string& more) {
    const double fraction = total && *total > 0 ? static_cast<double>(done) / static_cast<double>(*total) : 0;
    const int percent = static_cast<int>(std::clamp(fraction, 0.0, 1.0) * 100);
    const auto now = std::chrono::steady_clock::now();
    std::string text = total ? bar_text(fraction) + " " + std::to_string(percent) + " %, " +
                                   bytes_text(done) + " of " + bytes_text(*total)
                             : bytes_text(done);
    if (!more.empty()) text += ", " + more;
    if (terminal_) {
        if (shown_ && now - last_ < std::chrono::milliseconds(100) && percent == last_percent_) return;
        progress_line(text, false);
    } else {
        // A log wants to know that it goes on, not every byte of it.
        if (shown_ && percent / 10 == last_percent_ / 10 && now - last_ < std::chrono::seconds(30)) return;
        std::fprintf(stderr, "%s\n", text.c_str());
    }
    shown_ = true;
    last_percent_ = percent;
    last_ = now;
}

}  // namespace pellucid::cli
