// Numbers of somebody else's file, held to what they can mean before anything is reckoned with them.
#pragma once

#include <QJsonValue>
#include <algorithm>

namespace pellucid::app {

/// Milliseconds since the epoch, up to the year 9999; 0, "not known", for anything else.
inline qint64 timeFromMilliseconds(double milliseconds) {
    constexpr double kYear10000 = 253402300800000.0;
    return milliseconds > 0 && milliseconds < kYear10000 ? static_cast<qint64>(milliseconds) : 0;
}

/// More tokens than any context holds, and two of them still fit an int.
constexpr int kMostTokens = 1'000'000'000;

inline int tokenCount(const QJsonValue& value) {
    return std::clamp(value.toInt(), 0, kMostTokens);
}

}  // namespace pellucid::app
