#include "engine/text/jinja/filters.h"

#include <initializer_list>
#include <string>

namespace pellucid::jinja {
namespace {

const FilterTable& value_filters() {
    static const FilterTable kFilters = {
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
        {"default",
         [](Interpreter&, const Value& v, Arguments& a) -> Value {
             Bound bound("default", a, {"default_value", "boolean"});
             if (v.is_undefined() || (bound.truth(1, false) && !v.truthy()))
                 return bound.has(0) ? *bound.get(0) : Value("");
             return v;
         }},
    };
    return kFilters;
}

Filter find_filter(std::string_view name) {
    for (const FilterTable* table :
         {&value_filters(), &text_filters(), &sequence_filters(), &number_filters()})
        if (const auto found = table->find(name); found != table->end()) return found->second;
    return nullptr;
}

}  // namespace

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

Value Interpreter::filter(std::string_view name, const Value& input, Arguments& given) {
    static const std::map<std::string_view, std::string_view> kAliases = {
        {"d", "default"}, {"e", "escape"}, {"forceescape", "escape"}, {"count", "length"}};
    if (const auto alias = kAliases.find(name); alias != kAliases.end()) name = alias->second;
    const Filter found = find_filter(name);
    if (!found) raise("No filter named '" + std::string(name) + "'.");
    charge(input);
    return found(*this, input, given);
}

}  // namespace pellucid::jinja
