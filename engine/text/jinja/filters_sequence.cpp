// Filters of lists and mappings: choosing, mapping, ordering, grouping.
#include <algorithm>
#include <utility>

#include "engine/text/jinja/filters.h"
#include "engine/text/jinja/unicode.h"

namespace pellucid::jinja {
namespace {

Value folded(Value value, bool case_sensitive) {
    if (!case_sensitive && value.is_string()) return lower(*value.text());
    return value;
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

const List& needs_sequence(const Value& input) {
    if (const List* items = input.sequence()) return *items;
    raise("'" + input.type_name() + "' object is not reversible");
}

}  // namespace

const FilterTable& sequence_filters() {
    static const FilterTable kFilters = {
        {"batch", [](Interpreter&, const Value& v, Arguments& a) -> Value { return batched(v, a); }},
        {"dictsort", dict_sorted},
        {"first",
         [](Interpreter&, const Value& v, Arguments&) -> Value {
             const List items = v.iterate();
             return items.empty() ? Value::undefined("No first item, sequence was empty.") : items.front();
         }},
        {"groupby", grouped},
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
        {"map", mapped},
        {"max",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value { return extreme(o, v, a, "max", true); }},
        {"min",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             return extreme(o, v, a, "min", false);
         }},
        {"reject",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             return selected(o, v, a, false, false);
         }},
        {"rejectattr",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             return selected(o, v, a, true, false);
         }},
        {"reverse",
         [](Interpreter&, const Value& v, Arguments&) -> Value {
             if (const auto* text = v.text()) {
                 auto points = to_utf32(*text);
                 std::reverse(points.begin(), points.end());
                 return to_utf8(points);
             }
             List items = v.dict() || v.as<DictView>() ? v.iterate() : needs_sequence(v);
             std::reverse(items.begin(), items.end());
             return Value::iterator(std::move(items));
         }},
        {"select",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             return selected(o, v, a, false, true);
         }},
        {"selectattr",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value { return selected(o, v, a, true, true); }},
        {"sort", sorted},
        {"sum",
         [](Interpreter& o, const Value& v, Arguments& a) -> Value {
             Bound bound("sum", a, {"attribute", "start"});
             Value total = bound.has(1) ? *bound.get(1) : Value(0);
             for (const Value& item : v.iterate())
                 total = arithmetic("+", total, path(o, item, bound.get(0)));
             return total;
         }},
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
    };
    return kFilters;
}

}  // namespace pellucid::jinja
