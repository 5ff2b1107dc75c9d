// Sums of products of many rows of 8-bit numbers with one: what an exact search over vectors consists of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pellucid::documents {

/// Rows and query are padded to a multiple of this many numbers: rows with 128 (which stands for 0), the
/// query with 0.
constexpr std::size_t kRowStep = 64;

/// sums[i] = sum over k of (rows[i, k] - 128) * query[k], exact.
/// rows [count, stride] u8, 64-byte aligned; query [stride] i8; stride a multiple of kRowStep, at most 2^16.
using Int8Scan = void (*)(const std::uint8_t* rows, std::size_t count, std::size_t stride,
                          const std::int8_t* query, std::int32_t* sums);

void int8_scan_scalar(const std::uint8_t* rows, std::size_t count, std::size_t stride,
                      const std::int8_t* query, std::int32_t* sums);
#if defined(__x86_64__)
void int8_scan_avx2(const std::uint8_t* rows, std::size_t count, std::size_t stride, const std::int8_t* query,
                    std::int32_t* sums);
void int8_scan_avx512(const std::uint8_t* rows, std::size_t count, std::size_t stride,
                      const std::int8_t* query, std::int32_t* sums);
#endif

struct ChosenScan {
    Int8Scan scan = int8_scan_scalar;
    std::string_view name = "scalar";  ///< for the log: "AVX-512 VNNI", "AVX2", "scalar"
};
/// The fastest that this processor runs.
ChosenScan choose_int8_scan();

}  // namespace pellucid::documents
