// The filters.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "engine/text/jinja/interpreter.h"
#include "engine/text/jinja/unicode.h"

namespace pellucid::jinja {
namespace {

using Filter = Value (*)(Interpreter&, const Value&, Arguments&);

/// "a.b.0" looked up part by part, as item() does. No attribute: the value itself.
Value path(Interpreter& owner, Value value, const Value* attribute) {
    if (!attribute || attribute->is_none()) return value;
    if (!attribute->is_string()) return owner.item(value, *attribute);
    const std::string& parts = *attribute->text();
    for (std::size_t begin = 0;;) {
        const auto dot = parts.find('.', begin);
        const std::string part = parts.substr(begin, dot == std::string::npos ? dot : dot - begin);
        const bool number =
            !part.empty() && part.size() < 10 && part.find_first_not_of("0123456789") == std::string::npos;
        value = owner.item(value, number ? Value(static_cast<std::int64_t>(std::stoll(part))) : Value(part));
        if (dot == std::string::npos) return value;
        begin = dot + 1;
    }
}

Value folded(Value value, bool case_sensitive) {
    if (!case_sensitive && value.is_string()) return lower(*value.text());
    return value;
}

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

Value extreme(Interpreter& owner, const Value& input, Arguments& given, const char* name, bool largest) {
    Bound bound(name, given, {"case_sensitive", "attribute"});
    const List items = input.iterate();
    if (items.empty()) return Value::undefined("No aggregated item, sequence was empty.");
    const auto key = [&](const Value& item) {
        return folded(path(owner, item, bound.get(1)), bound.truth(0, false));
    };
    std::size_t best = 0;
    for (std::size_t i = 1; i < items.size(); ++i) {
        owner.step();
        if (largest ? less(key(items[best]), key(items[i])) : less(key(items[i]), key(items[best]))) best = i;
    }
    return items[best];
}

/// select, reject, selectattr, rejectattr.
Value selected(Interpreter& owner, const Value& input, Arguments& given, bool by_attribute, bool wanted) {
    std::size_t next = 0;
    Value attribute;
    if (by_attribute) {
        if (given.positional.empty()) raise("Missing parameter for attribute name");
        attribute = given.positional[next++];
    }
    std::string name;
    if (next < given.positional.size()) name = given.positional[next++].str();
    Arguments rest;
    rest.positional.assign(given.positional.begin() + static_cast<long>(next), given.positional.end());
    rest.keyword = given.keyword;
    List chosen;
    for (const Value& item : input.iterate()) {
        owner.step();
        const Value tested = by_attribute ? path(owner, item, &attribute) : item;
        Arguments copy = rest;
        const bool holds = name.empty() ? tested.truthy() : owner.test(name, tested, copy);
        if (holds == wanted) chosen.push_back(item);
    }
    return Value::iterator(std::move(chosen));
}

Value mapped(Interpreter& owner, const Value& input, Arguments& given) {
    List results;
    if (given.positional.empty() && !given.keyword.empty()) {
        Bound bound("map", given, {"attribute", "default"}, 1);
        for (const Value& item : input.iterate()) {
            owner.step();
            Value value = path(owner, item, bound.get(0));
            if (value.is_undefined() && bound.has(1)) value = *bound.get(1);
            results.push_back(std::move(value));
        }
    } else {
        if (given.positional.empty()) raise("map requires a filter argument");
        const std::string name = given.positional[0].str();
        Arguments rest;
        rest.positional.assign(given.positional.begin() + 1, given.positional.end());
        rest.keyword = given.keyword;
        for (const Value& item : input.iterate()) {
            owner.step();
            Arguments copy = rest;
            results.push_back(owner.filter(name, item, copy));
        }
    }
    return Value::iterator(std::move(results));
}

Value sorted(Interpreter& owner, const Value& input, Arguments& given) {
    Bound bound("sort", given, {"reverse", "case_sensitive", "attribute"});
    List items = input.iterate();
    owner.step(items.size());
    std::vector<std::pair<std::vector<Value>, Value>> keyed;
    for (Value& item : items) {
        std::vector<Value> keys;
        if (bound.has(2) && bound.get(2)->is_string()) {
            const std::string& names = *bound.get(2)->text();
            for (std::size_t begin = 0;;) {
                const auto comma = names.find(',', begin);
                const Value name(names.substr(begin, comma == std::string::npos ? comma : comma - begin));
                keys.push_back(folded(path(owner, item, &name), bound.truth(1, false)));
                if (comma == std::string::npos) break;
                begin = comma + 1;
            }
        } else {
            keys.push_back(folded(path(owner, item, bound.get(2)), bound.truth(1, false)));
        }
        keyed.emplace_back(std::move(keys), std::move(item));
    }
    const bool reverse = bound.truth(0, false);
    const auto before = [](const auto& a, const auto& b) {
        for (std::size_t i = 0; i < a.first.size(); ++i)
            if (!equal(a.first[i], b.first[i])) return less(a.first[i], b.first[i]);
        return false;
    };
    if (reverse)
        std::reverse(keyed.begin(), keyed.end());  // keeps equal items in their order, as Python does
    std::stable_sort(keyed.begin(), keyed.end(), before);
    if (reverse) std::reverse(keyed.begin(), keyed.end());
    List out;
    for (auto& entry : keyed) out.push_back(std::move(entry.second));
    return out;
}

Value dict_sorted(Interpreter&, const Value& input, Arguments& given) {
    Bound bound("dictsort", given, {"case_sensitive", "by", "reverse"});
    const std::string by = bound.text(1, "key");
    if (by != "key" && by != "value") raise("You can only sort by either \"key\" or \"value\"");
    if (!input.dict()) raise("'" + input.type_name() + "' object has no attribute 'items'");
    auto items = input.dict()->items();
    const auto key = [&](const auto& item) {
        return folded(by == "key" ? item.first : item.second, bound.truth(0, false));
    };
    std::stable_sort(items.begin(), items.end(), [&](const auto& a, const auto& b) {
        return bound.truth(2, false) ? less(key(b), key(a)) : less(key(a), key(b));
    });
    List pairs;
    for (const auto& [k, v] : items) pairs.push_back(Value::tuple({k, v}));
    return pairs;
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

Value joined(Interpreter& owner, const Value& input, Arguments& given) {
    Bound bound("join", given, {"d", "attribute"});
    const std::string separator = bound.has(0) ? bound.get(0)->str() : "";
    std::string out;
    bool first = true;
    for (const Value& item : input.iterate()) {
        owner.step();
        if (!first) out += separator;
        out += path(owner, item, bound.get(1)).str();
        first = false;
    }
    return out;
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

Value grouped(Interpreter& owner, const Value& input, Arguments& given) {
    Bound bound("groupby", given, {"attribute", "default", "case_sensitive"}, 1);
    std::vector<std::pair<Value, Value>> keyed;
    for (const Value& item : input.iterate()) {
        Value key = path(owner, item, bound.get(0));
        if (key.is_undefined() && bound.has(1)) key = *bound.get(1);
        keyed.emplace_back(std::move(key), item);
    }
    const bool sensitive = bound.truth(2, false);
    std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
        return less(folded(a.first, sensitive), folded(b.first, sensitive));
    });
    List groups;
    for (std::size_t i = 0; i < keyed.size();) {
        List members;
        const std::size_t begin = i;
        for (; i < keyed.size() &&
               equal(folded(keyed[i].first, sensitive), folded(keyed[begin].first, sensitive));
             ++i)
            members.push_back(keyed[i].second);
        groups.push_back(Value::tuple({keyed[begin].first, Value(std::move(members))}));
    }
    return groups;
}

Value batched(const Value& input, Arguments& given) {
    Bound bound("batch", given, {"linecount", "fill_with"}, 1);
    const auto size = static_cast<std::size_t>(std::max<std::int64_t>(bound.integer(0, 1), 1));
    List rows, row;
    for (const Value& item : input.iterate()) {
        if (row.size() == size) rows.emplace_back(std::exchange(row, {}));
        row.push_back(item);
    }
    if (!row.empty()) {
        if (bound.has(1) && !bound.get(1)->is_none() && size < 100000) row.resize(size, *bound.get(1));
        rows.emplace_back(std::move(row));
    }
    return Value::iterator(std::move(rows));
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

const List& needs_sequence(const Value& input) {
    if (const List* items = input.sequence()) return *items;
    raise("'" + input.type_name() + "' object is not reversible");
}

const std::map<std::string_view, Filter>& filters() {
    static const std::map<std::string_view, Filter> kFilters = {
        {"abs",
         [](Interpreter&, const Value& v, Arguments&) -> Value {
             if (!v.is_number()) raise("bad operand type for abs(): '" + v.type_name() + "'");
             return v.is_real()       ? Value(std::fabs(v.number()))
                    : v.integer() < 0 ? arithmetic("-", 0, v)
                                      : Value(v.integer());
         }},
        {"attr",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             Bound bound("attr", a, {"name"}, 1);
             Value out;
             if (method(v, bound.get(0)->str(), out)) return out;
             if (v.object() && v.object()->attribute(bound.get(0)->str(), out)) return out;
             (void)o;
             return Value::undefined("'" + v.type_name() + " object' has no attribute '" +
                                     bound.get(0)->str() + "'");
         }},
        {"batch", [](Interpreter&, const Value& v, Arguments& a) -> Value { return batched(v, a); }},
        {"capitalize", [](Interpreter&, const Value& v, Arguments&) -> Value { return capitalize(v.str()); }},
        {"center",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             Bound bound("center", a, {"width"});
             Value centre;
             method(Value(v.str()), "center", centre);
             return o.call(centre, {{Value(bound.integer(0, 80))}, {}});
         }},
        {"default",
         [](Interpreter&, const Value& v, Arguments& a) -> Value {
             Bound bound("default", a, {"default_value", "boolean"});
             if (v.is_undefined() || (bound.truth(1, false) && !v.truthy()))
                 return bound.has(0) ? *bound.get(0) : Value("");
             return v;
         }},
        {"dictsort", dict_sorted},
        {"escape", [](Interpreter&, const Value& v, Arguments&) -> Value { return escaped(v.str()); }},
        {"first",
         [](Interpreter&, const Value& v, Arguments&) -> Value {
             const List items = v.iterate();
             return items.empty() ? Value::undefined("No first item, sequence was empty.") : items.front();
         }},
        {"float",
         [](Interpreter&, const Value& v, Arguments& a) -> Value {
             Bound bound("float", a, {"default"});
             return to_real(v, bound.has(0) ? *bound.get(0) : Value(0.0));
         }},
        {"format",
         [](Interpreter&, const Value& v, Arguments& a) -> Value {
             if (!a.keyword.empty() && !a.positional.empty())
                 raise("can't handle positional and keyword arguments at the same time");
             if (a.keyword.empty()) return percent_format(v.str(), Value::tuple(a.positional));
             Dict named;
             for (auto& [name, value] : a.keyword) named.set(name, value);
             return percent_format(v.str(), Value(std::move(named)));
         }},
        {"groupby", grouped},
        {"indent", indented},
        {"int",
         [](Interpreter&, const Value& v, Arguments& a) -> Value {
             Bound bound("int", a, {"default", "base"});
             const auto base = bound.integer(1, 10);
             if (base < 2 || base > 36) raise("int() base must be >= 2 and <= 36");
             return to_integer(v, bound.integer(0, 0), static_cast<int>(base));
         }},
        {"items",
         [](Interpreter&, const Value& v, Arguments&) -> Value {
             if (v.is_undefined()) return Value::iterator({});
             if (!v.dict()) raise("Can only get item pairs from a mapping.");
             List pairs;
             for (const auto& [key, value] : v.dict()->items()) pairs.push_back(Value::tuple({key, value}));
             return Value::iterator(std::move(pairs));
         }},
        {"join", joined},
        {"last",
         [](Interpreter&, const Value& v, Arguments&) -> Value {
             if (v.as<Iterator>()) raise("'generator' object is not reversible");
             const List items = v.iterate();
             return items.empty() ? Value::undefined("No last item, sequence was empty.") : items.back();
         }},
        {"length",
         [](Interpreter&, const Value& v, Arguments&) -> Value {
             return static_cast<std::int64_t>(v.length());
         }},
        {"list", [](Interpreter&, const Value& v, Arguments&) -> Value { return v.iterate(); }},
        {"lower", [](Interpreter&, const Value& v, Arguments&) -> Value { return lower(v.str()); }},
        {"map", mapped},
        {"max",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value { return extreme(o, v, a, "max", true); }},
        {"min",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             return extreme(o, v, a, "min", false);
         }},
        {"pprint", [](Interpreter&, const Value& v, Arguments&) -> Value { return v.repr(); }},
        {"reject",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             return selected(o, v, a, false, false);
         }},
        {"rejectattr",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             return selected(o, v, a, true, false);
         }},
        {"replace",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             Bound bound("replace", a, {"old", "new", "count"}, 2);
             Value replace;
             method(Value(v.str()), "replace", replace);
             const auto count = bound.has(2) && !bound.get(2)->is_none() ? bound.integer(2, -1) : -1;
             return o.call(replace,
                           {{Value(bound.get(0)->str()), Value(bound.get(1)->str()), Value(count)}, {}});
         }},
        {"reverse",
         [](Interpreter&, const Value& v, Arguments&) -> Value {
             if (const auto* text = v.text()) {
                 auto points = to_utf32(*text);
                 std::reverse(points.begin(), points.end());
                 return to_utf8(points);
             }
             List items = v.dict() ? v.iterate() : needs_sequence(v);
             std::reverse(items.begin(), items.end());
             return Value::iterator(std::move(items));
         }},
        {"round", rounded},
        {"safe", [](Interpreter&, const Value& v, Arguments&) -> Value { return v.str(); }},
        {"select",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             return selected(o, v, a, false, true);
         }},
        {"selectattr",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value { return selected(o, v, a, true, true); }},
        {"sort", sorted},
        {"string", [](Interpreter&, const Value& v, Arguments&) -> Value { return v.str(); }},
        {"sum",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             Bound bound("sum", a, {"attribute", "start"});
             Value total = bound.has(1) ? *bound.get(1) : Value(0);
             for (const Value& item : v.iterate())
                 total = arithmetic("+", total, path(o, item, bound.get(0)));
             return total;
         }},
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
        {"unique",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             Bound bound("unique", a, {"case_sensitive", "attribute"});
             List seen, out;
             for (const Value& item : v.iterate()) {
                 const Value key = folded(path(o, item, bound.get(1)), bound.truth(0, false));
                 o.step(seen.size() / 8 + 1);
                 if (std::any_of(seen.begin(), seen.end(),
                                 [&](const Value& other) { return equal(other, key); }))
                     continue;
                 seen.push_back(key);
                 out.push_back(item);
             }
             return Value::iterator(std::move(out));
         }},
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

}  // namespace

Value Interpreter::filter(std::string_view name, const Value& input, Arguments& given) {
    static const std::map<std::string_view, std::string_view> kAliases = {
        {"d", "default"}, {"e", "escape"}, {"forceescape", "escape"}, {"count", "length"}};
    if (const auto alias = kAliases.find(name); alias != kAliases.end()) name = alias->second;
    const auto found = filters().find(name);
    if (found == filters().end()) raise("No filter named '" + std::string(name) + "'.");
    charge(input);
    return found->second(*this, input, given);
}

}  // namespace pellucid::jinja
