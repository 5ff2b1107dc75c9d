// Methods of str, dict and list that templates call. Mutating ones are refused, as in jinja2's immutable
// sandbox.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "engine/text/jinja/objects.h"
#include "engine/text/jinja/unicode.h"

namespace pellucid::jinja {
namespace {

using TextMethod = Value (*)(Interpreter&, const std::string&, Arguments&);

bool is_in(char32_t c, const std::u32string* set) {
    return set ? set->find(c) != std::u32string::npos : is_space(c);
}

std::string stripped(const std::string& text, Arguments& given, const char* name, bool left, bool right) {
    Bound bound(name, given, {"chars"});
    std::u32string set;
    const std::u32string* chars = nullptr;
    if (bound.has(0) && !bound.get(0)->is_none()) {
        set = to_utf32(bound.text(0, ""));
        chars = &set;
    }
    const auto points = to_utf32(text);
    std::size_t begin = 0, end = points.size();
    while (left && begin < end && is_in(points[begin], chars)) ++begin;
    while (right && end > begin && is_in(points[end - 1], chars)) --end;
    return to_utf8(std::u32string_view(points).substr(begin, end - begin));
}

Value split(const std::string& text, Arguments& given, bool from_right) {
    Bound bound(from_right ? "rsplit" : "split", given, {"sep", "maxsplit"});
    const std::int64_t limit = bound.integer(1, -1);
    const bool bounded = limit >= 0;
    List parts;
    if (!bound.has(0) || bound.get(0)->is_none()) {
        const auto points = to_utf32(text);
        std::vector<std::u32string> words;
        std::size_t i = 0;
        if (!from_right) {
            while (true) {
                while (i < points.size() && is_space(points[i])) ++i;
                if (i >= points.size()) break;
                std::size_t end = i;
                if (bounded && static_cast<std::int64_t>(words.size()) >= limit) {
                    end = points.size();  // the rest keeps its trailing space
                } else {
                    while (end < points.size() && !is_space(points[end])) ++end;
                }
                words.push_back(points.substr(i, end - i));
                i = end;
                if (bounded && static_cast<std::int64_t>(words.size()) > limit) break;
            }
        } else {
            std::size_t end = points.size();
            while (true) {
                while (end > 0 && is_space(points[end - 1])) --end;
                if (end == 0) break;
                std::size_t begin = end;
                if (bounded && static_cast<std::int64_t>(words.size()) >= limit) {
                    begin = 0;  // the rest keeps its leading space
                } else {
                    while (begin > 0 && !is_space(points[begin - 1])) --begin;
                }
                words.push_back(points.substr(begin, end - begin));
                if (bounded && static_cast<std::int64_t>(words.size()) > limit) break;
                end = begin;
            }
            std::reverse(words.begin(), words.end());
        }
        for (const auto& word : words) parts.emplace_back(to_utf8(word));
        return parts;
    }
    const std::string separator = bound.text(0, "");
    if (separator.empty()) raise("empty separator");
    if (!from_right) {
        std::size_t begin = 0;
        while (true) {
            const auto found = bounded && static_cast<std::int64_t>(parts.size()) >= limit
                                   ? std::string::npos
                                   : text.find(separator, begin);
            parts.emplace_back(text.substr(begin, found == std::string::npos ? found : found - begin));
            if (found == std::string::npos) return parts;
            begin = found + separator.size();
        }
    }
    std::size_t end = text.size();
    while (true) {
        const bool full = bounded && static_cast<std::int64_t>(parts.size()) >= limit;
        const auto found = full || end < separator.size() ? std::string::npos
                                                          : text.rfind(separator, end - separator.size());
        if (found == std::string::npos) {
            parts.emplace_back(text.substr(0, end));
            std::reverse(parts.begin(), parts.end());
            return parts;
        }
        parts.emplace_back(text.substr(found + separator.size(), end - found - separator.size()));
        end = found;
    }
}

Value affix(const char* name, const std::string& text, Arguments& given, bool at_start) {
    Bound bound(name, given, {"affix", "start", "end"}, 1);
    const auto points = to_utf32(text);
    const auto positions = slice_positions(points.size(), bound.has(1) ? *bound.get(1) : Value(None{}),
                                           bound.has(2) ? *bound.get(2) : Value(None{}), Value(None{}));
    const std::string part =
        positions.empty() ? ""
                          : to_utf8(std::u32string_view(points).substr(positions.front(), positions.size()));
    const auto holds = [&](const Value& candidate) {
        if (!candidate.is_string())
            raise(std::string(name) + " first arg must be str or a tuple of str, not " +
                  candidate.type_name());
        return at_start ? part.starts_with(*candidate.text()) : part.ends_with(*candidate.text());
    };
    if (bound.get(0)->as<Tuple>())
        return std::any_of(bound.get(0)->sequence()->begin(), bound.get(0)->sequence()->end(), holds);
    return holds(*bound.get(0));
}

std::int64_t found_at(const std::string& text, Arguments& given, const char* name, bool from_right) {
    Bound bound(name, given, {"sub", "start", "end"}, 1);
    const auto points = to_utf32(text);
    const auto wanted = to_utf32(bound.text(0, ""));
    const auto positions = slice_positions(points.size(), bound.has(1) ? *bound.get(1) : Value(None{}),
                                           bound.has(2) ? *bound.get(2) : Value(None{}), Value(None{}));
    const std::size_t begin = positions.empty() ? 0 : positions.front();
    const std::u32string_view window = std::u32string_view(points).substr(begin, positions.size());
    const auto found = from_right ? window.rfind(wanted) : window.find(wanted);
    return found == std::u32string_view::npos ? -1 : static_cast<std::int64_t>(found + begin);
}

template <typename Test>
bool all_of(const std::string& text, Test&& test) {
    const auto points = to_utf32(text);
    return !points.empty() && std::all_of(points.begin(), points.end(), test);
}

/// isupper / islower: at least one cased character, and none of the other case.
bool cased(const std::string& text, bool wanted_upper) {
    bool any = false;
    for (const char32_t c : to_utf32(text)) {
        if (wanted_upper ? is_lower(c) : is_upper(c)) return false;
        any = any || is_cased(c);
    }
    return any;
}

Value justified(const std::string& text, Arguments& given, const char* name, char where) {
    Bound bound(name, given, {"width", "fillchar"}, 1);
    const std::string fill = bound.text(1, " ");
    if (code_points(fill) != 1) raise("The fill character must be exactly one character long");
    const auto length = static_cast<std::int64_t>(code_points(text));
    const std::int64_t width = std::min<std::int64_t>(bound.integer(0, 0), 1 << 16);
    if (width <= length) return text;
    const std::int64_t missing = width - length;
    // Python puts the odd space of center() on the left when both width and margin are odd.
    const std::int64_t left = where == 'r' ? missing : where == 'l' ? 0 : missing / 2 + (missing & width & 1);
    std::string out;
    for (std::int64_t i = 0; i < left; ++i) out += fill;
    out += text;
    for (std::int64_t i = left; i < missing; ++i) out += fill;
    return out;
}

std::string replaced(const std::string& text, const std::string& from, const std::string& to,
                     std::int64_t limit) {
    std::string out;
    if (from.empty()) {
        std::int64_t done = 0;
        for (const char32_t c : to_utf32(text)) {
            if (limit < 0 || done++ < limit) out += to;
            append_utf8(out, c);
        }
        if (limit < 0 || done < limit) out += to;
        return out;
    }
    std::size_t begin = 0;
    for (std::int64_t done = 0; limit < 0 || done < limit; ++done) {
        const auto found = text.find(from, begin);
        if (found == std::string::npos) break;
        out.append(text, begin, found - begin).append(to);
        begin = found + from.size();
    }
    return out.append(text, begin);
}

Value partition(const std::string& text, Arguments& given, bool from_right) {
    Bound bound("partition", given, {"sep"}, 1);
    const std::string separator = bound.text(0, "");
    if (separator.empty()) raise("empty separator");
    const auto found = from_right ? text.rfind(separator) : text.find(separator);
    if (found == std::string::npos)
        return from_right ? Value::tuple({"", "", text}) : Value::tuple({text, "", ""});
    return Value::tuple({text.substr(0, found), separator, text.substr(found + separator.size())});
}

List split_lines(const std::string& text, bool keep) {
    static const std::u32string kBreaks = U"\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029";
    const auto points = to_utf32(text);
    List lines;
    for (std::size_t begin = 0; begin < points.size();) {
        std::size_t end = points.find_first_of(kBreaks, begin);
        std::size_t next = end == std::u32string::npos ? points.size() : end + 1;
        if (end == std::u32string::npos)
            end = points.size();
        else if (points[end] == U'\r' && next < points.size() && points[next] == U'\n')
            ++next;
        lines.emplace_back(to_utf8(std::u32string_view(points).substr(begin, (keep ? next : end) - begin)));
        begin = next;
    }
    return lines;
}

const std::map<std::string_view, TextMethod>& text_methods() {
    static const std::map<std::string_view, TextMethod> kMethods = {
        {"upper", [](Interpreter&, const std::string& s, Arguments&) -> Value { return upper(s); }},
        {"lower", [](Interpreter&, const std::string& s, Arguments&) -> Value { return lower(s); }},
        {"casefold", [](Interpreter&, const std::string& s, Arguments&) -> Value { return lower(s); }},
        {"title", [](Interpreter&, const std::string& s, Arguments&) -> Value { return title(s); }},
        {"capitalize", [](Interpreter&, const std::string& s, Arguments&) -> Value { return capitalize(s); }},
        {"swapcase", [](Interpreter&, const std::string& s, Arguments&) -> Value { return swap_case(s); }},
        {"strip",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             return stripped(s, a, "strip", true, true);
         }},
        {"lstrip",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             return stripped(s, a, "lstrip", true, false);
         }},
        {"rstrip",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             return stripped(s, a, "rstrip", false, true);
         }},
        {"split",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value { return split(s, a, false); }},
        {"rsplit",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value { return split(s, a, true); }},
        {"splitlines",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             Bound bound("splitlines", a, {"keepends"});
             return split_lines(s, bound.truth(0, false));
         }},
        {"startswith",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             return affix("startswith", s, a, true);
         }},
        {"endswith",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             return affix("endswith", s, a, false);
         }},
        {"find",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             return found_at(s, a, "find", false);
         }},
        {"rfind",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             return found_at(s, a, "rfind", true);
         }},
        {"index",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             const auto at = found_at(s, a, "index", false);
             if (at < 0) raise("substring not found");
             return at;
         }},
        {"count",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             Bound bound("count", a, {"sub"}, 1);
             const std::string sub = bound.text(0, "");
             if (sub.empty()) return static_cast<std::int64_t>(code_points(s)) + 1;
             std::int64_t count = 0;
             for (std::size_t at = 0; (at = s.find(sub, at)) != std::string::npos; at += sub.size()) ++count;
             return count;
         }},
        {"replace",
         [](Interpreter& owner, const std::string& s, Arguments& a) -> Value {
             Bound bound("replace", a, {"old", "new", "count"}, 2);
             const std::string to = bound.text(1, "");
             if (static_cast<double>(s.size() + 1) * static_cast<double>(to.size()) > (64u << 20))
                 raise("replace would make more than 64 MiB of text");
             owner.step(s.size() / 64);
             return replaced(s, bound.text(0, ""), to, bound.integer(2, -1));
         }},
        {"join",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             Bound bound("join", a, {"iterable"}, 1);
             std::string out;
             bool first = true;
             std::int64_t index = 0;
             for (const Value& item : bound.get(0)->iterate()) {
                 if (!item.is_string())
                     raise("sequence item " + std::to_string(index) + ": expected str instance, " +
                           item.type_name() + " found");
                 if (!first) out += s;
                 out += *item.text();
                 first = false;
                 ++index;
             }
             return out;
         }},
        {"isdigit",
         [](Interpreter&, const std::string& s, Arguments&) -> Value { return all_of(s, is_digit); }},
        {"isdecimal",
         [](Interpreter&, const std::string& s, Arguments&) -> Value { return all_of(s, is_digit); }},
        {"isnumeric",
         [](Interpreter&, const std::string& s, Arguments&) -> Value { return all_of(s, is_numeric); }},
        {"isalpha",
         [](Interpreter&, const std::string& s, Arguments&) -> Value { return all_of(s, is_alpha); }},
        {"isalnum",
         [](Interpreter&, const std::string& s, Arguments&) -> Value {
             return all_of(s, [](char32_t c) { return is_alpha(c) || is_numeric(c); });
         }},
        {"isspace",
         [](Interpreter&, const std::string& s, Arguments&) -> Value { return all_of(s, is_space); }},
        {"isupper", [](Interpreter&, const std::string& s, Arguments&) -> Value { return cased(s, true); }},
        {"islower", [](Interpreter&, const std::string& s, Arguments&) -> Value { return cased(s, false); }},
        {"ljust",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             return justified(s, a, "ljust", 'l');
         }},
        {"rjust",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             return justified(s, a, "rjust", 'r');
         }},
        {"center",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             return justified(s, a, "center", 'c');
         }},
        {"zfill",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             Bound bound("zfill", a, {"width"}, 1);
             const bool sign = !s.empty() && (s[0] == '-' || s[0] == '+');
             const std::int64_t missing = std::min<std::int64_t>(bound.integer(0, 0), 1 << 16) -
                                          static_cast<std::int64_t>(code_points(s));
             std::string out = sign ? s.substr(0, 1) : "";
             if (missing > 0) out.append(static_cast<std::size_t>(missing), '0');
             return out + s.substr(sign ? 1 : 0);
         }},
        {"partition",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value { return partition(s, a, false); }},
        {"rpartition",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value { return partition(s, a, true); }},
        {"removeprefix",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             Bound bound("removeprefix", a, {"prefix"}, 1);
             const std::string prefix = bound.text(0, "");
             return s.starts_with(prefix) ? s.substr(prefix.size()) : s;
         }},
        {"removesuffix",
         [](Interpreter&, const std::string& s, Arguments& a) -> Value {
             Bound bound("removesuffix", a, {"suffix"}, 1);
             const std::string suffix = bound.text(0, "");
             return s.ends_with(suffix) ? s.substr(0, s.size() - suffix.size()) : s;
         }},
        {"format",
         [](Interpreter& owner, const std::string& s, Arguments& a) -> Value {
             return brace_format(owner, s, a);
         }},
    };
    return kMethods;
}

bool dict_method(const Value& object, std::string_view name, Value& out) {
    if (name == "items") {
        out = native("method", [object](Interpreter&, Arguments&) -> Value {
            return Value::view(object, DictView::Of::items);
        });
    } else if (name == "keys") {
        out = native("method", [object](Interpreter&, Arguments&) -> Value {
            return Value::view(object, DictView::Of::keys);
        });
    } else if (name == "values") {
        out = native("method", [object](Interpreter&, Arguments&) -> Value {
            return Value::view(object, DictView::Of::values);
        });
    } else if (name == "get") {
        out = native("method", [object](Interpreter&, Arguments& given) -> Value {
            Bound bound("get", given, {"key", "default"}, 1);
            if (const Value* found = object.dict()->find(*bound.get(0))) return *found;
            return bound.has(1) ? *bound.get(1) : Value(None{});
        });
    } else if (name == "copy") {
        out = native("method", [object](Interpreter&, Arguments&) -> Value { return object; });
    } else {
        return false;
    }
    return true;
}

bool view_method(const Value& object, std::string_view name, Value& out) {
    const DictView& view = *object.as<DictView>();
    if (name == "mapping") {
        out = Value();
        out.data = view.dict;
    } else if (name == "isdisjoint" && view.is_set()) {
        out = native("method", [object](Interpreter& owner, Arguments& given) -> Value {
            Bound bound("isdisjoint", given, {"other"}, 1);
            for (const Value& item : bound.get(0)->iterate()) {
                owner.step();
                if (contains(object, item)) return false;
            }
            return true;
        });
    } else {
        return false;
    }
    return true;
}

bool list_method(const Value& object, std::string_view name, Value& out) {
    if (name == "index") {
        out = native("method", [object](Interpreter&, Arguments& given) -> Value {
            Bound bound("index", given, {"value"}, 1);
            const List& items = *object.sequence();
            for (std::size_t i = 0; i < items.size(); ++i)
                if (equal(items[i], *bound.get(0))) return static_cast<std::int64_t>(i);
            raise(bound.get(0)->repr() + " is not in list");
        });
    } else if (name == "count") {
        out = native("method", [object](Interpreter&, Arguments& given) -> Value {
            Bound bound("count", given, {"value"}, 1);
            const List& items = *object.sequence();
            return static_cast<std::int64_t>(std::count_if(
                items.begin(), items.end(), [&](const Value& item) { return equal(item, *bound.get(0)); }));
        });
    } else if (name == "copy" && !object.as<Tuple>()) {
        out = native("method", [object](Interpreter&, Arguments&) -> Value { return object; });
    } else {
        return false;
    }
    return true;
}

}  // namespace

namespace {

bool find_method(const Value& object, std::string_view name, Value& out) {
    static const std::set<std::string_view> kListChanges = {"append", "clear", "pop",    "reverse",
                                                            "insert", "sort",  "extend", "remove"};
    static const std::set<std::string_view> kDictChanges = {"clear", "pop", "popitem", "setdefault",
                                                            "update"};
    const bool is_list = object.as<std::shared_ptr<const List>>() != nullptr;
    if ((is_list && kListChanges.contains(name)) || (object.dict() && kDictChanges.contains(name))) {
        out = Value::undefined("access to attribute '" + std::string(name) + "' of '" + object.type_name() +
                               "' object is unsafe.");
        return true;
    }
    if (object.is_string()) {
        const auto found = text_methods().find(name);
        if (found == text_methods().end()) return false;
        out = native("method",
                     [object, function = found->second](Interpreter& owner, Arguments& given) -> Value {
                         return function(owner, *object.text(), given);
                     });
        return true;
    }
    if (object.dict()) return dict_method(object, name, out);
    if (object.as<DictView>()) return view_method(object, name, out);
    if (object.sequence()) return list_method(object, name, out);
    if (object.is_real() && name == "is_integer") {
        out = native("method", [object](Interpreter&, Arguments&) -> Value {
            return std::isfinite(object.number()) && std::trunc(object.number()) == object.number();
        });
        return true;
    }
    return false;
}

}  // namespace

bool method(const Value& object, std::string_view name, Value& out) {
    if (!find_method(object, name, out)) return false;
    out.deepen(object.nesting());  // a bound method holds its object
    return true;
}

}  // namespace pellucid::jinja
