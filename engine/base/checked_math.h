// Arithmetic on numbers that a file claims: the answer, or nothing where it would not fit.
#pragma once

#include <concepts>
#include <optional>

namespace pellucid {

template <std::unsigned_integral T>
constexpr std::optional<T> checked_add(T a, T b) {
    T sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
    return sum;
}

template <std::unsigned_integral T>
constexpr std::optional<T> checked_mul(T a, T b) {
    T product = 0;
    if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
    return product;
}

}  // namespace pellucid
