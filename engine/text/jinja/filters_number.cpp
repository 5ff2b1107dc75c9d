// Filters that make or change numbers.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "engine/text/jinja/filters.h"

namespace pellucid::jinja {
namespace {

Value to_integer(const Value& value, std::int64_t fallback, int base) {
    if (value.is_integer() || value.is_bool()) return value.integer();
    const auto from_real = [&](double real) -> Value {
        if (!std::isfinite(real) || std::fabs(real) >= 9.2e18) return fallback;
        return static_cast<std::int64_t>(real);
    };
    if (value.is_real()) return from_real(value.number());
    if (!value.is_string()) return fallback;
    std::string digits = *value.text();
    const auto first = digits.find_first_not_of(" \t\n\r\f\v"), last = digits.find_last_not_of(" \t\n\r\f\v");
    digits = first == std::string::npos ? "" : digits.substr(first, last - first + 1);
    std::string body = digits;
    const bool negative = !body.empty() && body[0] == '-';
    if (!body.empty() && (body[0] == '-' || body[0] == '+')) body.erase(0, 1);
    if (base != 10 && body.size() > 2 && body[0] == '0' && std::isalpha(static_cast<unsigned char>(body[1])))
        body.erase(0, 2);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), number, base);
    if (error == std::errc{} && end == body.data() + body.size() && !body.empty())
        return negative ? -number : number;
    double real = 0;
    const auto [real_end, real_error] = std::from_chars(body.data(), body.data() + body.size(), real);
    if (real_error == std::errc{} && real_end == body.data() + body.size() && !body.empty())
        return from_real(negative ? -real : real);
    return fallback;
}

Value to_real(const Value& value, const Value& fallback) {
    if (value.is_number()) return value.number();
    if (!value.is_string()) return fallback;
    std::string digits = *value.text();
    const auto first = digits.find_first_not_of(" \t\n\r\f\v"), last = digits.find_last_not_of(" \t\n\r\f\v");
    digits = first == std::string::npos ? "" : digits.substr(first, last - first + 1);
    if (!digits.empty() && digits[0] == '+') digits.erase(0, 1);
    double real = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), real);
    return error == std::errc{} && end == digits.data() + digits.size() && !digits.empty() ? Value(real)
                                                                                           : fallback;
}

Value rounded(Interpreter&, const Value& input, Arguments& given) {
    Bound bound("round", given, {"precision", "method"});
    const std::string how = bound.text(1, "common");
    if (how != "common" && how != "ceil" && how != "floor") raise("method must be common, ceil or floor");
    if (!input.is_number()) raise("type " + input.type_name() + " doesn't define __round__ method");
    const auto digits = static_cast<int>(std::clamp<std::int64_t>(bound.integer(0, 0), -300, 300));
    const double value = input.number();
    if (how == "common") {
        if (!input.is_real()) return input.integer();  // Python rounds an int to an int
        if (digits < 0) {
            const double scale = std::pow(10.0, -digits);
            return std::nearbyint(value / scale) * scale;
        }
        char buffer[512];
        std::snprintf(buffer, sizeof buffer, "%.*f", std::min(digits, 100), value);
        return std::strtod(buffer, nullptr);
    }
    const double scale = std::pow(10.0, digits);
    return (how == "ceil" ? std::ceil(value * scale) : std::floor(value * scale)) / scale;
}

}  // namespace

const FilterTable& number_filters() {
    static const FilterTable kFilters = {
        {"abs",
         [](Interpreter&, const Value& v, Arguments&) -> Value {
             if (!v.is_number()) raise("bad operand type for abs(): '" + v.type_name() + "'");
             return v.is_real()       ? Value(std::fabs(v.number()))
                    : v.integer() < 0 ? arithmetic("-", 0, v)
                                      : Value(v.integer());
         }},
        {"float",
         [](Interpreter&, const Value& v, Arguments& a) -> Value {
             Bound bound("float", a, {"default"});
             return to_real(v, bound.has(0) ? *bound.get(0) : Value(0.0));
         }},
        {"int",
         [](Interpreter&, const Value& v, Arguments& a) -> Value {
             Bound bound("int", a, {"default", "base"});
             const auto base = bound.integer(1, 10);
             if (base < 2 || base > 36) raise("int() base must be >= 2 and <= 36");
             return to_integer(v, bound.integer(0, 0), static_cast<int>(base));
         }},
        {"round", rounded},
    };
    return kFilters;
}

}  // namespace pellucid::jinja
