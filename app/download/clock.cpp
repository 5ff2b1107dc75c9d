#include "app/download/clock.h"

#include <chrono>
#include <ctime>
#include <random>

namespace pellucid::download {

using namespace std::chrono;

std::int64_t SystemClock::steady_ms() {
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

std::int64_t SystemClock::wall_ms() {
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

int SystemClock::minute_of_day() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    return local.tm_hour * 60 + local.tm_min;
}

double SystemClock::chance() {
    thread_local std::minstd_rand random(std::random_device{}());
    return std::uniform_real_distribution<double>(0, 1)(random);
}

}  // namespace pellucid::download
