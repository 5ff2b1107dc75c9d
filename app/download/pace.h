// How fast and when: back-off, bandwidth limit, speed and time left, hours of the day. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "app/download/downloads.h"

namespace pellucid::download {

/// Milliseconds to wait after `failures` in a row (from 1): `base` doubled each time up to `most`, of which
/// between half and all by `chance` in [0, 1), so that many clients do not come back at once.
std::int64_t back_off(int failures, std::int64_t base, std::int64_t most, double chance);

/// Whether downloads may run at this minute of the day.
bool is_open(const Schedule& schedule, int minute_of_day);

/// Bytes that may come: refilled with time, at most a quarter of a second's worth saved up. May go below
/// zero, as what came has come.
class TokenBucket {
public:
    /// 0: no limit.
    void set_rate(std::uint64_t bytes_per_second) { rate_ = bytes_per_second; }
    std::uint64_t rate() const { return rate_; }
    void take(std::uint64_t bytes, std::int64_t now_ms);
    /// Milliseconds until bytes may come again; 0: now.
    std::int64_t wait_ms(std::int64_t now_ms);

private:
    void refill(std::int64_t now_ms);
    std::uint64_t rate_ = 0;
    double left_ = 0;
    std::int64_t last_ms_ = -1;
};

/// Speed smoothed over some ten seconds, and a time left that moves calmly: it counts down with the clock and
/// is drawn towards the new estimate, fast only where the two are far apart.
class RateMeter {
public:
    void add(std::uint64_t bytes) { fresh_ += bytes; }
    /// To be called now and then, a few times a second.
    void tick(std::int64_t now_ms, std::optional<std::uint64_t> bytes_left);
    void stop();
    double bytes_per_second() const { return speed_; }
    std::optional<double> seconds_left() const { return left_; }

private:
    std::uint64_t fresh_ = 0;
    double speed_ = 0, slow_speed_ = 0, measured_ = 0;
    std::optional<double> left_;
    std::int64_t last_ms_ = -1;
};

}  // namespace pellucid::download
