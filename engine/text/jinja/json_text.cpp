// Between values and JSON: what the caller gives, and what `tojson` writes.
#include <cmath>
#include <cstdio>
#include <limits>

#include "engine/text/jinja/unicode.h"
#include "engine/text/jinja/value.h"

namespace pellucid::jinja {

Value Value::from_json(const nlohmann::ordered_json& json) {
    switch (json.type()) {
        case nlohmann::ordered_json::value_t::boolean:
            return json.get<bool>();
        case nlohmann::ordered_json::value_t::number_integer:
            return json.get<std::int64_t>();
        case nlohmann::ordered_json::value_t::number_unsigned: {
            const auto number = json.get<std::uint64_t>();
            if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
                return static_cast<double>(number);
            return static_cast<std::int64_t>(number);
        }
        case nlohmann::ordered_json::value_t::number_float:
            return json.get<double>();
        case nlohmann::ordered_json::value_t::string:
            return json.get<std::string>();
        case nlohmann::ordered_json::value_t::array: {
            List list;
            list.reserve(json.size());
            for (const auto& item : json) list.push_back(from_json(item));
            return list;
        }
        case nlohmann::ordered_json::value_t::object: {
            Dict dict;
            for (const auto& [key, item] : json.items()) dict.set(key, from_json(item));
            return dict;
        }
        default:
            return None{};
    }
}

namespace {

void json_text(std::string& out, std::string_view text, bool ensure_ascii) {
    out += '"';
    for (const char32_t c : to_utf32(text)) {
        char buffer[32];
        switch (c) {
            case U'"':
                out += "\\\"";
                break;
            case U'\\':
                out += "\\\\";
                break;
            case U'\n':
                out += "\\n";
                break;
            case U'\r':
                out += "\\r";
                break;
            case U'\t':
                out += "\\t";
                break;
            case U'\f':
                out += "\\f";
                break;
            case U'\b':
                out += "\\b";
                break;
            default:
                if (c < 0x20 || (ensure_ascii && c > 0x7e && c < 0x10000)) {
                    std::snprintf(buffer, sizeof buffer, "\\u%04x", static_cast<unsigned>(c));
                    out += buffer;
                } else if (ensure_ascii && c >= 0x10000) {
                    const unsigned v = static_cast<unsigned>(c) - 0x10000;
                    std::snprintf(buffer, sizeof buffer, "\\u%04x\\u%04x", 0xd800 + (v >> 10),
                                  0xdc00 + (v & 0x3ff));
                    out += buffer;
                } else {
                    append_utf8(out, c);
                }
        }
    }
    out += '"';
}

void json_value(std::string& out, const Value& value, const JsonStyle& style, int depth) {
    if (out.size() > kLongestText) raise("tojson: the text is longer than 64 MiB");
    const auto new_line = [&](int level) {
        out += '\n';
        for (int i = 0; i < level; ++i) out += style.indent;
    };
    if (value.is_none()) {
        out += "null";
    } else if (const auto* flag = value.as<bool>()) {
        out += *flag ? "true" : "false";
    } else if (value.is_integer()) {
        out += std::to_string(value.integer());
    } else if (const auto* real = value.as<double>()) {
        out += std::isnan(*real)   ? "NaN"
               : std::isinf(*real) ? (*real < 0 ? "-Infinity" : "Infinity")
                                   : repr_of_float(*real);
    } else if (const auto* string = value.text()) {
        json_text(out, *string, style.ensure_ascii);
    } else if (const auto* items = value.sequence()) {
        if (items->empty()) {
            out += "[]";
            return;
        }
        out += '[';
        for (std::size_t i = 0; i < items->size(); ++i) {
            if (i) out += style.item_separator;
            if (style.has_indent) new_line(depth + 1);
            json_value(out, (*items)[i], style, depth + 1);
        }
        if (style.has_indent) new_line(depth);
        out += ']';
    } else if (const auto* mapping = value.dict()) {
        if (mapping->items().empty()) {
            out += "{}";
            return;
        }
        auto members = mapping->items();
        if (style.sort_keys)
            std::stable_sort(members.begin(), members.end(),
                             [](const auto& a, const auto& b) { return less(a.first, b.first); });
        out += '{';
        bool first = true;
        for (const auto& [key, member] : members) {
            if (!first) out += style.item_separator;
            first = false;
            if (style.has_indent) new_line(depth + 1);
            std::string name;
            if (const auto* text = key.text())
                name = *text;
            else if (key.as<bool>() || key.is_none() || key.is_number())
                json_value(name, key, {}, depth + 1);
            else
                raise("keys must be str, int, float, bool or None, not " + key.type_name());
            json_text(out, name, style.ensure_ascii);
            out += style.key_separator;
            json_value(out, member, style, depth + 1);
        }
        if (style.has_indent) new_line(depth);
        out += '}';
    } else {
        raise("Object of type " + value.type_name() + " is not JSON serializable");
    }
}

}  // namespace

std::string to_json_text(const Value& value, const JsonStyle& style) {
    std::string out;
    json_value(out, value, style, 0);
    return out;
}

}  // namespace pellucid::jinja
