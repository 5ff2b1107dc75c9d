// Operators and text formatting with Python's rules.
#include <cmath>
#include <limits>

#include "engine/text/jinja/interpreter.h"
#include "engine/text/jinja/unicode.h"

namespace pellucid::jinja {
namespace {

constexpr std::size_t kLargestRepeat = 16u << 20;  // bytes or items that one "*" may make

[[noreturn]] void unsupported(std::string_view operation, const Value& a, const Value& b) {
    for (const Value* value : {&a, &b})
        if (const auto* undefined = value->as<Undefined>()) raise(undefined->message);
    raise("unsupported operand type(s) for " + std::string(operation) + ": '" + a.type_name() + "' and '" +
          b.type_name() + "'");
}

[[noreturn]] void overflow() {
    raise("an integer grew beyond 64 bits");
}

Value integer_arithmetic(std::string_view operation, std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    if (operation == "+")
        return __builtin_add_overflow(a, b, &result) ? (overflow(), Value()) : Value(result);
    if (operation == "-")
        return __builtin_sub_overflow(a, b, &result) ? (overflow(), Value()) : Value(result);
    if (operation == "*")
        return __builtin_mul_overflow(a, b, &result) ? (overflow(), Value()) : Value(result);
    if (operation == "**") {
        if (b < 0) {
            if (a == 0) raise("0.0 cannot be raised to a negative power");
            return std::pow(static_cast<double>(a), static_cast<double>(b));
        }
        result = 1;
        if (a == 0 || a == 1) return b == 0 ? std::int64_t{1} : a;
        if (a == -1) return std::int64_t{b % 2 ? -1 : 1};
        for (; b > 0; --b)
            if (__builtin_mul_overflow(result, a, &result)) overflow();
        return result;
    }
    if (b == 0) raise(operation == "/" ? "division by zero" : "integer division or modulo by zero");
    if (operation == "/") return static_cast<double>(a) / static_cast<double>(b);
    if (a == std::numeric_limits<std::int64_t>::min() && b == -1) {
        if (operation == "%") return std::int64_t{0};
        overflow();
    }
    std::int64_t quotient = a / b, remainder = a % b;
    if (remainder != 0 && (remainder < 0) != (b < 0)) --quotient, remainder += b;
    return operation == "//" ? quotient : remainder;
}

Value real_arithmetic(std::string_view operation, double a, double b) {
    if (operation == "+") return a + b;
    if (operation == "-") return a - b;
    if (operation == "*") return a * b;
    if (operation == "**") return std::pow(a, b);
    if (b == 0)
        raise(operation == "/"   ? "float division by zero"
              : operation == "%" ? "float modulo"
                                 : "float floor division by zero");
    if (operation == "/") return a / b;
    double remainder = std::fmod(a, b);
    if (remainder != 0 && (remainder < 0) != (b < 0)) remainder += b;
    return operation == "%" ? remainder : std::floor(a / b);
}

Value repeated(const Value& value, std::int64_t count) {
    const auto times = static_cast<std::size_t>(std::max<std::int64_t>(count, 0));
    if (const auto* text = value.text()) {
        if (text->size() * static_cast<double>(times) > kLargestRepeat)
            raise("a repetition would make more than 16 MiB of text");
        std::string out;
        for (std::size_t i = 0; i < times && !text->empty(); ++i) out += *text;
        return out;
    }
    const List& items = *value.sequence();
    if (items.size() * static_cast<double>(times) > kLargestRepeat / 16)
        raise("a repetition would make more than 1,048,576 items");
    List out;
    for (std::size_t i = 0; i < times && !items.empty(); ++i) out.insert(out.end(), items.begin(), items.end());
    return value.as<Tuple>() ? Value::tuple(std::move(out)) : Value(std::move(out));
}

}  // namespace

Value arithmetic(std::string_view operation, const Value& a, const Value& b) {
    if (operation == "%" && a.is_string()) return percent_format(*a.text(), b);
    if (a.is_number() && b.is_number()) {
        if (a.is_real() || b.is_real()) return real_arithmetic(operation, a.number(), b.number());
        return integer_arithmetic(operation, a.integer(), b.integer());
    }
    if (operation == "+") {
        if (a.is_string() && b.is_string()) return *a.text() + *b.text();
        if (a.sequence() && b.sequence() && a.data.index() == b.data.index()) {
            List items = *a.sequence();
            items.insert(items.end(), b.sequence()->begin(), b.sequence()->end());
            return a.as<Tuple>() ? Value::tuple(std::move(items)) : Value(std::move(items));
        }
        if (a.is_string() && !b.is_undefined())
            raise("can only concatenate str (not \"" + b.type_name() + "\") to str");
    }
    if (operation == "*") {
        const auto whole = [](const Value& value) { return value.is_integer() || value.is_bool(); };
        if ((a.is_string() || a.sequence()) && whole(b)) return repeated(a, b.integer());
        if ((b.is_string() || b.sequence()) && whole(a)) return repeated(b, a.integer());
    }
    unsupported(operation, a, b);
}

namespace {

struct Specification {
    bool left = false, plus = false, space = false, zero = false, alternate = false, center = false,
         after_sign = false;
    char32_t fill = U' ';
    std::size_t width = 0;
    int precision = -1;
    char type = '\0';
    bool comma = false;
};

constexpr std::size_t kLargestWidth = 4096;

std::string padded(std::string sign, std::string digits, const Specification& spec, bool numeric) {
    const std::size_t length = code_points(sign) + code_points(digits);
    if (length >= spec.width) return sign + digits;
    std::string fill;
    const auto filler = [&](std::size_t n) {
        fill.clear();
        for (std::size_t i = 0; i < n; ++i) append_utf8(fill, spec.fill);
        return fill;
    };
    const std::size_t missing = spec.width - length;
    if (numeric && (spec.zero || spec.after_sign)) return sign + filler(missing) + digits;
    if (spec.center) {
        const std::string before = filler(missing / 2);
        return before + sign + digits + filler(missing - missing / 2);
    }
    return spec.left ? sign + digits + filler(missing) : filler(missing) + sign + digits;
}

std::string number_text(const Value& value, Specification spec) {
    char buffer[512];
    const bool integral = std::string_view("diouxXbc").find(spec.type) != std::string_view::npos;
    std::string digits;
    bool negative = false;
    if (integral) {
        std::int64_t number = 0;
        if (value.is_integer() || value.is_bool())
            number = value.integer();
        else if (value.is_real() && spec.type != 'x' && spec.type != 'X' && spec.type != 'o')
            number = static_cast<std::int64_t>(value.number());
        else
            raise(std::string("%") + spec.type + " format: a number is required, not " + value.type_name());
        negative = number < 0;
        const auto magnitude =
            negative ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
        if (spec.type == 'x' || spec.type == 'X' || spec.type == 'o') {
            std::snprintf(buffer, sizeof buffer,
                          spec.type == 'x'   ? "%lx"
                          : spec.type == 'X' ? "%lX"
                                             : "%lo",
                          magnitude);
            digits = buffer;
            if (spec.alternate) digits = std::string("0") + spec.type + digits;
        } else if (spec.type == 'b') {
            std::uint64_t rest = magnitude;
            do digits.insert(digits.begin(), static_cast<char>('0' + rest % 2));
            while (rest /= 2);
        } else {
            digits = std::to_string(magnitude);
        }
        if (spec.precision > 0)
            while (digits.size() < static_cast<std::size_t>(spec.precision)) digits.insert(0, "0");
    } else {
        if (!value.is_number()) raise("must be real number, not " + value.type_name());
        const double number = value.number();
        negative = std::signbit(number);
        const char type = spec.type == '%' ? 'f' : spec.type;
        const std::string format =
            std::string("%.") + std::to_string(std::min(spec.precision < 0 ? 6 : spec.precision, 300)) + type;
        std::snprintf(buffer, sizeof buffer, format.c_str(),
                      std::fabs(spec.type == '%' ? number * 100 : number));
        digits = buffer;
        if (spec.type == '%') digits += '%';
    }
    if (spec.comma) {
        const std::size_t point = std::min(digits.find('.'), digits.size());
        for (std::size_t i = point; i > 3; i -= 3) digits.insert(i - 3, ",");
    }
    return padded(negative ? "-" : spec.plus ? "+" : spec.space ? " " : "", std::move(digits), spec, true);
}

std::size_t read_number(std::u32string_view text, std::size_t& i, std::size_t limit) {
    std::size_t number = 0;
    for (; i < text.size() && text[i] >= U'0' && text[i] <= U'9'; ++i) {
        number = number * 10 + (text[i] - U'0');
        if (number > limit) raise("a format asks for more than " + std::to_string(limit) + " places");
    }
    return number;
}

}  // namespace

std::string percent_format(std::string_view format, const Value& values) {
    const auto text = to_utf32(format);
    const List single = {values};
    const List& positional = values.as<Tuple>() ? *values.sequence() : single;
    std::size_t next = 0;
    std::string out;
    bool by_name = false;
    const auto take = [&]() -> const Value& {
        if (next >= positional.size()) raise("not enough arguments for format string");
        return positional[next++];
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != U'%') {
            append_utf8(out, text[i]);
            continue;
        }
        if (++i >= text.size()) raise("incomplete format");
        if (text[i] == U'%') {
            out += '%';
            continue;
        }
        const Value* named = nullptr;
        if (text[i] == U'(') {
            const auto close = text.find(U')', i);
            if (close == std::u32string::npos) raise("incomplete format key");
            if (!values.dict()) raise("format requires a mapping");
            const std::string key = to_utf8(std::u32string_view(text).substr(i + 1, close - i - 1));
            named = values.dict()->find(std::string_view(key));
            if (!named) raise("'" + key + "'");
            by_name = true;
            i = close + 1;
        }
        Specification spec;
        for (; i < text.size(); ++i) {
            if (text[i] == U'-')
                spec.left = true;
            else if (text[i] == U'+')
                spec.plus = true;
            else if (text[i] == U' ')
                spec.space = true;
            else if (text[i] == U'0')
                spec.zero = true, spec.fill = U'0';
            else if (text[i] == U'#')
                spec.alternate = true;
            else
                break;
        }
        if (spec.left) spec.zero = false, spec.fill = U' ';
        spec.width = read_number(text, i, kLargestWidth);
        if (i < text.size() && text[i] == U'.')
            spec.precision = static_cast<int>(read_number(text, ++i, kLargestWidth));
        if (i >= text.size()) raise("incomplete format");
        const char32_t type = text[i];
        const Value& value = named ? *named : take();
        if (type == U's' || type == U'r') {
            if (spec.zero) spec.fill = U' ';
            std::u32string shown = to_utf32(type == U's' ? value.str() : value.repr());
            if (spec.precision >= 0) shown = shown.substr(0, static_cast<std::size_t>(spec.precision));
            out += padded("", to_utf8(shown), spec, false);
        } else if (type < 128 &&
                   std::string_view("diuoxXeEfFgG").find(static_cast<char>(type)) != std::string_view::npos) {
            spec.type = static_cast<char>(type);
            out += number_text(value, spec);
        } else {
            raise("unsupported format character '" + to_utf8(type) + "'");
        }
    }
    if (!by_name && next < positional.size() && !values.dict() &&
        !(values.sequence() && !values.as<Tuple>() && next > 0))
        raise("not all arguments converted during string formatting");
    return out;
}

namespace {

std::string formatted(const Value& value, std::u32string_view text) {
    if (text.empty()) return value.str();
    Specification spec;
    std::size_t i = 0;
    bool aligned = false;
    const auto alignment = [&](char32_t c) { return c == U'<' || c == U'>' || c == U'^' || c == U'='; };
    const auto align = [&](char32_t c) {
        aligned = true;
        spec.left = c == U'<';
        spec.center = c == U'^';
        spec.after_sign = c == U'=';
    };
    if (text.size() > 1 && alignment(text[1])) {
        spec.fill = text[0];
        align(text[1]);
        i = 2;
    } else if (alignment(text[0])) {
        align(text[0]);
        i = 1;
    }
    if (i < text.size() && (text[i] == U'+' || text[i] == U' ' || text[i] == U'-')) {
        spec.plus = text[i] == U'+';
        spec.space = text[i] == U' ';
        ++i;
    }
    if (i < text.size() && text[i] == U'#') spec.alternate = true, ++i;
    if (i < text.size() && text[i] == U'0' && !aligned) spec.zero = true, spec.fill = U'0', ++i;
    spec.width = read_number(text, i, kLargestWidth);
    if (i < text.size() && text[i] == U',') spec.comma = true, ++i;
    if (i < text.size() && text[i] == U'.')
        spec.precision = static_cast<int>(read_number(text, ++i, kLargestWidth));
    if (i < text.size()) spec.type = static_cast<char>(text[i++]);
    if (i < text.size()) raise("Invalid format specifier");
    const bool numeric = value.is_number() && !(value.is_bool() && spec.type == '\0');
    if (!numeric) {
        if (spec.type != '\0' && spec.type != 's')
            raise(std::string("Unknown format code '") + spec.type + "' for object of type '" +
                  value.type_name() + "'");
        if (!aligned) spec.left = true;
        std::u32string shown = to_utf32(value.str());
        if (spec.precision >= 0) shown = shown.substr(0, static_cast<std::size_t>(spec.precision));
        return padded("", to_utf8(shown), spec, false);
    }
    if (spec.type == '\0') {
        if (value.is_real()) {
            if (spec.precision < 0 && !spec.comma) {
                std::string shown = repr_of_float(value.number());
                const bool negative = shown[0] == '-';
                return padded(negative    ? "-"
                              : spec.plus ? "+"
                                          : "",
                              negative ? shown.substr(1) : shown, spec, true);
            }
            spec.type = 'g';
        } else {
            spec.type = 'd';
        }
    }
    if (std::string_view("dxXobeEfFgG%").find(spec.type) == std::string_view::npos)
        raise(std::string("Unknown format code '") + spec.type + "' for object of type '" +
              value.type_name() + "'");
    return number_text(value, spec);
}

}  // namespace

std::string brace_format(Interpreter& interpreter, std::string_view format, Arguments& arguments) {
    const auto text = to_utf32(format);
    std::string out;
    std::size_t automatic = 0;
    bool numbered = false, automatic_used = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char32_t c = text[i];
        if ((c == U'{' || c == U'}') && i + 1 < text.size() && text[i + 1] == c) {
            append_utf8(out, c);
            ++i;
            continue;
        }
        if (c == U'}') raise("Single '}' encountered in format string");
        if (c != U'{') {
            append_utf8(out, c);
            continue;
        }
        const auto close = text.find(U'}', i);
        if (close == std::u32string::npos) raise("expected '}' before end of string");
        std::u32string field = text.substr(i + 1, close - i - 1);
        i = close;
        std::u32string specification;
        if (const auto colon = field.find(U':'); colon != std::u32string::npos) {
            specification = field.substr(colon + 1);
            field.resize(colon);
        }
        char32_t conversion = 0;
        if (const auto mark = field.find(U'!'); mark != std::u32string::npos) {
            if (mark + 2 != field.size()) raise("expected ':' after conversion specifier");
            conversion = field[mark + 1];
            field.resize(mark);
        }
        std::size_t end = field.find_first_of(U".[");
        const std::string first = to_utf8(std::u32string_view(field).substr(0, end));
        Value value;
        if (first.empty() || std::isdigit(static_cast<unsigned char>(first[0]))) {
            (first.empty() ? automatic_used : numbered) = true;
            if (automatic_used && numbered)
                raise("cannot switch between manual field specification and automatic field numbering");
            const std::size_t index = first.empty() ? automatic++ : std::stoul(first.substr(0, 6));
            if (index >= arguments.positional.size())
                raise("Replacement index " + std::to_string(index) +
                      " out of range for positional args tuple");
            value = arguments.positional[index];
        } else {
            bool known = false;
            for (const auto& [name, given] : arguments.keyword)
                if (name == first) value = given, known = true;
            if (!known) raise("'" + first + "'");
        }
        while (end != std::u32string::npos && end < field.size()) {
            const bool subscript = field[end] == U'[';
            const auto stop = subscript ? field.find(U']', end) : field.find_first_of(U".[", end + 1);
            if (subscript && stop == std::u32string::npos) raise("Missing ']' in format string");
            const std::string part = to_utf8(std::u32string_view(field).substr(
                end + 1, (stop == std::u32string::npos ? field.size() : stop) - end - 1));
            const bool number = !part.empty() && part.size() < 10 &&
                                part.find_first_not_of("0123456789") == std::string::npos;
            value = subscript
                        ? interpreter.item(value, number ? Value(static_cast<std::int64_t>(std::stoll(part)))
                                                         : Value(part))
                        : interpreter.attribute(value, part);
            end = subscript ? stop + 1 : stop;
        }
        if (conversion == U'r')
            value = value.repr();
        else if (conversion == U's')
            value = value.str();
        else if (conversion != 0)
            raise("Unknown conversion specifier");
        out += formatted(value, specification);
    }
    return out;
}

}  // namespace pellucid::jinja
