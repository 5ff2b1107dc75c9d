// The `is` tests.
#include <map>

#include "engine/text/jinja/interpreter.h"
#include "engine/text/jinja/unicode.h"

namespace pellucid::jinja {
namespace {

using Test = bool (*)(Interpreter&, const Value&, Arguments&);

const Value& only(Arguments& given, const char* name) {
    if (given.positional.size() != 1 || !given.keyword.empty())
        raise(std::string("test_") + name + "() takes exactly one further argument (" +
              std::to_string(given.positional.size()) + " given)");
    return given.positional[0];
}

bool compared(const Value& a, const Value& b, std::string_view op) {
    if (op == "<") return less(a, b, op);
    if (op == ">") return less(b, a, op);
    if (op == "<=") return less(a, b, op) || equal(a, b);
    return less(b, a, op) || equal(a, b);
}

/// Python's `is`, as far as values that are shared by their content can say.
bool same(const Value& a, const Value& b) {
    if (a.data.index() != b.data.index()) return false;
    if (a.sequence()) return a.sequence() == b.sequence();
    if (a.dict()) return a.dict() == b.dict();
    if (const auto* view = a.as<DictView>()) return view->identity == b.as<DictView>()->identity;
    return equal(a, b);
}

bool leaves(const Value& value, const Value& divisor, int remainder) {
    return equal(arithmetic("%", value, divisor), remainder);
}

bool iterable(const Value& value) {
    return value.is_undefined() || value.is_string() || value.sequence() || value.dict() ||
           value.as<Iterator>() || value.as<DictView>();
}

const std::map<std::string_view, Test>& tests() {
    static const std::map<std::string_view, Test> kTests = {
        {"defined",
         [](Interpreter&, const Value& v, Arguments& a) {
             if (!a.positional.empty()) raise("test_defined() takes 1 positional argument");
             return !v.is_undefined();
         }},
        {"undefined", [](Interpreter&, const Value& v, Arguments&) { return v.is_undefined(); }},
        {"none", [](Interpreter&, const Value& v, Arguments&) { return v.is_none(); }},
        {"boolean", [](Interpreter&, const Value& v, Arguments&) { return v.is_bool(); }},
        {"true", [](Interpreter&, const Value& v, Arguments&) { return v.is_bool() && v.integer() == 1; }},
        {"false", [](Interpreter&, const Value& v, Arguments&) { return v.is_bool() && v.integer() == 0; }},
        {"integer", [](Interpreter&, const Value& v, Arguments&) { return v.is_integer(); }},
        {"float", [](Interpreter&, const Value& v, Arguments&) { return v.is_real(); }},
        {"number", [](Interpreter&, const Value& v, Arguments&) { return v.is_number(); }},
        {"string", [](Interpreter&, const Value& v, Arguments&) { return v.is_string(); }},
        {"mapping", [](Interpreter&, const Value& v, Arguments&) { return v.dict() != nullptr; }},
        {"sequence",
         [](Interpreter&, const Value& v, Arguments&) {
             return v.is_undefined() || v.is_string() || v.sequence() || v.dict();
         }},
        {"iterable", [](Interpreter&, const Value& v, Arguments&) { return iterable(v); }},
        {"callable", [](Interpreter&, const Value& v,
                        Arguments&) { return v.is_undefined() || (v.object() && v.object()->callable()); }},
        {"sameas",
         [](Interpreter&, const Value& v, Arguments& a) {
             const Value& other = only(a, "sameas");
             return same(v, other);
         }},
        {"escaped", [](Interpreter&, const Value&, Arguments&) { return false; }},
        {"odd", [](Interpreter&, const Value& v, Arguments&) { return leaves(v, 2, 1); }},
        {"even", [](Interpreter&, const Value& v, Arguments&) { return leaves(v, 2, 0); }},
        {"divisibleby",
         [](Interpreter&, const Value& v, Arguments& a) { return leaves(v, only(a, "divisibleby"), 0); }},
        {"lower", [](Interpreter&, const Value& v,
                     Arguments&) { return v.str() == lower(v.str()) && upper(v.str()) != v.str(); }},
        {"upper", [](Interpreter&, const Value& v,
                     Arguments&) { return v.str() == upper(v.str()) && lower(v.str()) != v.str(); }},
        {"in", [](Interpreter&, const Value& v, Arguments& a) { return contains(only(a, "in"), v); }},
        {"eq", [](Interpreter&, const Value& v, Arguments& a) { return equal(v, only(a, "eq")); }},
        {"ne", [](Interpreter&, const Value& v, Arguments& a) { return !equal(v, only(a, "ne")); }},
        {"lt", [](Interpreter&, const Value& v, Arguments& a) { return compared(v, only(a, "lt"), "<"); }},
        {"le", [](Interpreter&, const Value& v, Arguments& a) { return compared(v, only(a, "le"), "<="); }},
        {"gt", [](Interpreter&, const Value& v, Arguments& a) { return compared(v, only(a, "gt"), ">"); }},
        {"ge", [](Interpreter&, const Value& v, Arguments& a) { return compared(v, only(a, "ge"), ">="); }},
    };
    return kTests;
}

}  // namespace

bool Interpreter::test(std::string_view name, const Value& input, Arguments& given) {
    static const std::map<std::string_view, std::string_view> kAliases = {
        {"equalto", "eq"}, {"==", "eq"},          {"!=", "ne"}, {"lessthan", "lt"}, {"<", "lt"},
        {"<=", "le"},      {"greaterthan", "gt"}, {">", "gt"},  {">=", "ge"}};
    if (const auto alias = kAliases.find(name); alias != kAliases.end()) name = alias->second;
    const auto found = tests().find(name);
    if (found == tests().end()) raise("No test named '" + std::string(name) + "'.");
    return found->second(*this, input, given);
}

}  // namespace pellucid::jinja
