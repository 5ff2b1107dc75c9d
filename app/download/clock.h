// Time and chance, given from outside so that tests can set them.
#pragma once

#include <cstdint>

namespace pellucid::download {

class Clock {
public:
    virtual ~Clock() = default;
    /// Never goes back; for waiting.
    virtual std::int64_t steady_ms() = 0;
    /// Since 1970; may jump. For what people set and what servers say.
    virtual std::int64_t wall_ms() = 0;
    /// Local time, 0 to 1439.
    virtual int minute_of_day() = 0;
    /// In [0, 1).
    virtual double chance() = 0;
};

/// The machine's. Thread safe.
class SystemClock final : public Clock {
public:
    std::int64_t steady_ms() override;
    std::int64_t wall_ms() override;
    int minute_of_day() override;
    double chance() override;
};

}  // namespace pellucid::download
