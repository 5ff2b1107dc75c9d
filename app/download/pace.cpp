#include "app/download/pace.h"

#include <algorithm>
#include <cmath>

namespace pellucid::download {

std::int64_t back_off(int failures, std::int64_t base, std::int64_t most, double chance) {
    const int doubled = std::clamp(failures - 1, 0, 40);
    const double full = std::min(static_cast<double>(base) * std::exp2(doubled), static_cast<double>(most));
    return static_cast<std::int64_t>(full * (0.5 + 0.5 * chance));
}

bool is_open(const Schedule& schedule, int minute) {
    const int from = schedule.from_minute, to = schedule.to_minute;
    if (from == to) return true;
    return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

void TokenBucket::refill(std::int64_t now_ms) {
    const auto rate = static_cast<double>(rate_);
    if (last_ms_ >= 0)
        left_ += rate * static_cast<double>(std::max<std::int64_t>(0, now_ms - last_ms_)) / 1000;
    left_ = std::min(left_, rate / 4);
    last_ms_ = now_ms;
}

void TokenBucket::take(std::uint64_t bytes, std::int64_t now_ms) {
    if (rate_ == 0) return;
    refill(now_ms);
    left_ -= static_cast<double>(bytes);
}

std::int64_t TokenBucket::wait_ms(std::int64_t now_ms) {
    if (rate_ == 0) {
        left_ = 0;
        return 0;
    }
    refill(now_ms);
    return left_ >= 0 ? 0 : static_cast<std::int64_t>(std::ceil(-left_ * 1000 / static_cast<double>(rate_)));
}

void RateMeter::tick(std::int64_t now_ms, std::optional<std::uint64_t> bytes_left) {
    if (last_ms_ < 0) {
        last_ms_ = now_ms;
        fresh_ = 0;
        return;
    }
    const double seconds = static_cast<double>(now_ms - last_ms_) / 1000;
    if (seconds < 0.2) return;
    last_ms_ = now_ms;
    const double rate = static_cast<double>(fresh_) / seconds;
    fresh_ = 0;
    // Averages that weigh the past less and less; in the first seconds they are plain means.
    measured_ += seconds;
    const auto blend = [&](double& average, double span) {
        const double part = 1 - std::exp(-seconds / std::min(span, std::max(measured_, seconds)));
        average += (rate - average) * std::max(part, std::min(1.0, seconds / measured_));
    };
    blend(speed_, 4);
    blend(slow_speed_, 20);
    if (!bytes_left || slow_speed_ < 1) {
        left_.reset();
        return;
    }
    const double now_left = static_cast<double>(*bytes_left) / slow_speed_;
    if (!left_ || measured_ < 3) {
        left_ = now_left;
        return;
    }
    const double counted = std::max(0.0, *left_ - seconds);
    const bool far = now_left > 2 * counted || now_left < counted / 2;
    left_ = counted + (now_left - counted) * (1 - std::exp(-seconds / (far ? 3.0 : 8.0)));
}

void RateMeter::stop() {
    *this = {};
}

}  // namespace pellucid::download
