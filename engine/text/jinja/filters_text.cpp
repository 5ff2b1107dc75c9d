// Filters that make or change text.
#include <algorithm>
#include <cctype>
#include <cstdio>

#include "engine/text/jinja/filters.h"
#include "engine/text/jinja/unicode.h"

namespace pellucid::jinja {
namespace {

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '\'':
                out += "&#39;";
                break;
            case '"':
                out += "&#34;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

Value indented(Interpreter&, const Value& input, Arguments& given) {
    Bound bound("indent", given, {"width", "first", "blank"});
    std::string by;
    if (bound.has(0) && bound.get(0)->is_string())
        by = *bound.get(0)->text();
    else
        by.assign(static_cast<std::size_t>(std::clamp<std::int64_t>(bound.integer(0, 4), 0, 4096)), ' ');
    if (const auto* undefined = input.as<Undefined>()) raise(undefined->message);
    if (!input.is_string()) raise("unsupported operand type(s) for +: '" + input.type_name() + "' and 'str'");
    std::string out;
    const std::string& text = *input.text();
    bool first = true;
    for (std::size_t begin = 0;;) {
        const auto end = text.find('\n', begin);
        const std::string line = text.substr(begin, end == std::string::npos ? end : end - begin);
        if (!first) out += '\n';
        if (first ? bound.truth(1, false) : (bound.truth(2, false) || !line.empty())) out += by;
        out += line;
        first = false;
        if (end == std::string::npos) break;
        begin = end + 1;
    }
    return out;
}

Value truncated(Interpreter&, const Value& input, Arguments& given) {
    Bound bound("truncate", given, {"length", "killwords", "end", "leeway"});
    const auto text = to_utf32(input.str());
    const auto end = to_utf32(bound.text(2, "..."));
    const auto length = bound.integer(0, 255), leeway = bound.integer(3, 5);
    if (length < static_cast<std::int64_t>(end.size()))
        raise("expected length >= " + std::to_string(end.size()) + ", got " + std::to_string(length));
    if (static_cast<std::int64_t>(text.size()) <= length + leeway) return input.str();
    std::u32string kept = text.substr(0, static_cast<std::size_t>(length) - end.size());
    if (!bound.truth(1, false))
        if (const auto space = kept.rfind(U' '); space != std::u32string::npos) kept.resize(space);
    return to_utf8(kept + end);
}

Value url_encoded(const Value& input) {
    std::string out;
    for (const char c : input.str()) {
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) ||
                           std::string_view("_.-~/").find(c) != std::string_view::npos;
        char buffer[4];
        std::snprintf(buffer, sizeof buffer, "%%%02X", static_cast<unsigned char>(c));
        out += plain ? std::string(1, c) : buffer;
    }
    return out;
}

Value json(Interpreter& owner, const Value& input, Arguments& given) {
    Bound bound("tojson", given, {"ensure_ascii", "indent", "separators", "sort_keys"});
    JsonStyle style;
    style.ensure_ascii = bound.truth(0, false);
    style.sort_keys = bound.truth(3, false);
    if (bound.has(1) && !bound.get(1)->is_none()) {
        style.has_indent = true;
        style.item_separator = ",";
        style.indent =
            bound.get(1)->is_string()
                ? *bound.get(1)->text()
                : std::string(static_cast<std::size_t>(std::clamp<std::int64_t>(bound.integer(1, 0), 0, 64)),
                              ' ');
    }
    if (bound.has(2) && !bound.get(2)->is_none()) {
        const List pair = bound.get(2)->iterate();
        if (pair.size() != 2) raise("separators must be a pair");
        style.item_separator = pair[0].str();
        style.key_separator = pair[1].str();
    }
    std::string text = to_json_text(input, style);
    owner.step(text.size() / 16);
    return text;
}

}  // namespace

const FilterTable& text_filters() {
    static const FilterTable kFilters = {
        {"capitalize", [](Interpreter&, const Value& v, Arguments&) -> Value { return capitalize(v.str()); }},
        {"center",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             Bound bound("center", a, {"width"});
             Value centre;
             method(Value(v.str()), "center", centre);
             return o.call(centre, {{Value(bound.integer(0, 80))}, {}});
         }},
        {"escape", [](Interpreter&, const Value& v, Arguments&) -> Value { return escaped(v.str()); }},
        {"format",
         [](Interpreter&, const Value& v, Arguments& a) -> Value {
             if (!a.keyword.empty() && !a.positional.empty())
                 raise("can't handle positional and keyword arguments at the same time");
             if (a.keyword.empty()) return percent_format(v.str(), Value::tuple(a.positional));
             Dict named;
             for (auto& [name, value] : a.keyword) named.set(name, value);
             return percent_format(v.str(), Value(std::move(named)));
         }},
        {"indent", indented},
        {"lower", [](Interpreter&, const Value& v, Arguments&) -> Value { return lower(v.str()); }},
        {"pprint", [](Interpreter&, const Value& v, Arguments&) -> Value { return v.repr(); }},
        {"replace",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             Bound bound("replace", a, {"old", "new", "count"}, 2);
             Value replace;
             method(Value(v.str()), "replace", replace);
             const auto count = bound.has(2) && !bound.get(2)->is_none() ? bound.integer(2, -1) : -1;
             return o.call(replace,
                           {{Value(bound.get(0)->str()), Value(bound.get(1)->str()), Value(count)}, {}});
         }},
        {"safe", [](Interpreter&, const Value& v, Arguments&) -> Value { return v.str(); }},
        {"string", [](Interpreter&, const Value& v, Arguments&) -> Value { return v.str(); }},
        {"title",
         [](Interpreter&, const Value& v, Arguments&) -> Value {
             // jinja2 splits words at whitespace, '-' and brackets, and lowers the rest of each.
             std::string out;
             bool start = true;
             for (const char32_t c : to_utf32(v.str())) {
                 out += start ? upper(to_utf8(c)) : lower(to_utf8(c));
                 start = is_space(c) || std::u32string_view(U"-({[<").find(c) != std::u32string_view::npos;
             }
             return out;
         }},
        {"tojson", json},
        {"trim",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             Bound bound("trim", a, {"chars"});
             Value strip;
             method(Value(v.str()), "strip", strip);
             return o.call(strip, bound.has(0) ? Arguments{{*bound.get(0)}, {}} : Arguments{});
         }},
        {"truncate", truncated},
        {"upper", [](Interpreter&, const Value& v, Arguments&) -> Value { return upper(v.str()); }},
        {"urlencode", [](Interpreter&, const Value& v, Arguments&) -> Value { return url_encoded(v); }},
        {"wordcount",
         [](Interpreter& o, const Value& v, Arguments&) -> Value {
             Value split;
             method(Value(v.str()), "split", split);
             return static_cast<std::int64_t>(o.call(split, {}).length());
         }},
    };
    return kFilters;
}

}  // namespace pellucid::jinja
