// How far a result is from its oracle.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace pellucid::test {

struct ErrorMeasure {
    double nmse = 0;       ///< sum of squared errors over sum of squared expectations
    double max_error = 0;  ///< infinite if anything is not a number
    double deviation = 0;  ///< root mean square of what was expected
};

template <typename Expected>
ErrorMeasure measure(std::span<const float> got, std::span<const Expected> expected) {
    ErrorMeasure m;
    double errors = 0, squares = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double error = std::fabs(static_cast<double>(got[i]) - static_cast<double>(expected[i]));
        if (!std::isfinite(error)) {
            m.nmse = m.max_error = std::numeric_limits<double>::infinity();
            return m;
        }
        errors += error * error;
        squares += static_cast<double>(expected[i]) * static_cast<double>(expected[i]);
        m.max_error = std::max(m.max_error, error);
    }
    m.nmse = squares > 0 ? errors / squares : errors;
    m.deviation = std::sqrt(squares / static_cast<double>(std::max<std::size_t>(expected.size(), 1)));
    return m;
}

}  // namespace pellucid::test
