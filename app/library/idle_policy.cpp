#include "app/library/idle_policy.h"

#include <algorithm>

namespace pellucid::library {

IdleVerdict judge_idle(const IdleState& state) {
    if (state.in_use) return {};
    const std::int64_t idle = std::max<std::int64_t>(0, state.now_ms - state.last_used_ms);
    const auto left_of = [&](int seconds) { return std::int64_t{seconds} * 1000 - idle; };
    const bool pressed =
        state.memory_total > 0 && static_cast<double>(state.memory_available) <
                                      pressure_share * static_cast<double>(state.memory_total);
    if (pressed && left_of(pressure_seconds) <= 0) return {.unload = true};
    // Pressure is looked at again before the time is up, and also where there is no such time.
    constexpr std::int64_t look = std::int64_t{pressure_seconds} * 1000;
    if (state.keep_seconds < 0) return {.ask_again_ms = state.memory_total > 0 ? look : -1};
    const std::int64_t left = left_of(state.keep_seconds);
    if (left <= 0) return {.unload = true};
    return {.ask_again_ms = state.memory_total > 0 ? std::min(left, look) : left};
}

}  // namespace pellucid::library
