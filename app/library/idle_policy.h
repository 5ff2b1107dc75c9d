// When a model that nobody uses is taken out of memory: a pure function of times and settings.
#pragma once

#include <cstdint>

namespace pellucid::library {

/// Seconds for which an idle model stays loaded, as settings say it.
inline constexpr int keep_forever = -1;
inline constexpr int keep_as_app = -2;  ///< of one model: as the app's setting says

/// A model's own setting, or the app's.
constexpr int keep_alive(int of_model, int of_app) {
    return of_model == keep_as_app ? of_app : of_model;
}

struct IdleState {
    std::int64_t now_ms = 0;        ///< of a clock that does not jump
    std::int64_t last_used_ms = 0;  ///< of the same clock: end of the last reply, or of the load
    int keep_seconds = 600;         ///< keep_forever, 0 (at once) or more
    bool in_use = false;            ///< a reply runs or waits, or the model is being loaded
    /// Host memory, for the case that others need it; 0 total: not known.
    std::uint64_t memory_available = 0, memory_total = 0;
};

struct IdleVerdict {
    bool unload = false;
    /// When to ask again; -1: not before something changes (a use, a setting).
    std::int64_t ask_again_ms = -1;
    bool operator==(const IdleVerdict&) const = default;
};

/// Below this share of free memory a model that was idle for pressure_seconds goes, whatever its keep-alive.
inline constexpr double pressure_share = 0.05;
inline constexpr int pressure_seconds = 60;

/// Never unloads a model in use. A clock that went backwards counts as no time passed.
IdleVerdict judge_idle(const IdleState& state);

}  // namespace pellucid::library
