// Values of the template language: the part of Python's data model that chat templates can see.
// Lists and dicts are immutable after construction (the sandbox forbids mutation), so values share them
// freely.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace pellucid::jinja {

/// Thrown inside the interpreter, caught at its door (ChatTemplate::render). `line` is 1-based; 0: not known
/// yet.
struct TemplateFailure {
    std::string message;
    int line = 0;
};

[[noreturn]] void raise(std::string message);

class Value;
class Dict;
class Interpreter;
using List = std::vector<Value>;

/// Arguments of a call, as written.
struct Arguments {
    std::vector<Value> positional;
    std::vector<std::pair<std::string, Value>> keyword;
};

/// Anything with attributes or a call operator that is not plain data: macros, bound methods, loop,
/// namespace…
class Object {
public:
    virtual ~Object() = default;
    virtual std::string type_name() const = 0;
    virtual bool callable() const { return false; }
    virtual Value call(Interpreter& interpreter, Arguments& arguments);
    /// nullptr-like (monostate) result is signalled by returning false.
    virtual bool attribute(std::string_view name, Value& out) const;
};

struct Undefined {
    std::string message;  ///< what using it raises
};
struct None {};
struct Tuple {
    std::shared_ptr<const List> items;
};
/// A generator: iterated once, has no length, is always true.
struct Iterator {
    std::shared_ptr<List> items;
    std::shared_ptr<bool> consumed;
};

/// What dict.items(), keys() and values() give: a look into the mapping, not a list.
struct DictView {
    enum class Of { items, keys, values };
    Of of = Of::keys;
    std::shared_ptr<const Dict> dict;
    std::shared_ptr<const int> identity;  ///< two views of values are equal only if they are the same one

    List list() const;
    bool is_set() const { return of != Of::values; }
};

class Value {
public:
    using Text = std::shared_ptr<const std::string>;
    std::variant<Undefined, None, bool, std::int64_t, double, Text, std::shared_ptr<const List>, Tuple,
                 Iterator, std::shared_ptr<const Dict>, DictView, std::shared_ptr<Object>>
        data = Undefined{};

    Value() = default;
    Value(None none) : data(none) {}
    Value(bool value) : data(value) {}
    Value(std::int64_t value) : data(value) {}
    Value(int value) : data(static_cast<std::int64_t>(value)) {}
    Value(double value) : data(value) {}
    Value(std::string value) : data(std::make_shared<const std::string>(std::move(value))) {}
    Value(const char* value) : Value(std::string(value)) {}
    Value(List list);
    Value(Dict dict);
    Value(std::shared_ptr<Object> object) : data(std::move(object)) {}
    static Value undefined(std::string message) {
        Value value;
        value.data = Undefined{std::move(message)};
        return value;
    }
    static Value tuple(List items);
    static Value iterator(List items);
    /// PRECONDITION: mapping.dict().
    static Value view(const Value& mapping, DictView::Of of);
    static Value from_json(const nlohmann::ordered_json& json);

    template <typename T>
    const T* as() const {
        return std::get_if<T>(&data);
    }
    bool is_undefined() const { return as<Undefined>() != nullptr; }
    bool is_none() const { return as<None>() != nullptr; }
    bool is_string() const { return as<Text>() != nullptr; }
    bool is_integer() const { return as<std::int64_t>() != nullptr; }
    bool is_real() const { return as<double>() != nullptr; }
    bool is_bool() const { return as<bool>() != nullptr; }
    bool is_number() const { return is_integer() || is_real() || is_bool(); }
    const std::string* text() const { return is_string() ? std::get<Text>(data).get() : nullptr; }
    const Dict* dict() const;
    /// List or tuple items; nullptr for anything else.
    const List* sequence() const;
    Object* object() const;
    /// bool, int or float as a double. PRECONDITION: is_number().
    double number() const;
    /// bool or int. PRECONDITION: is_integer() || is_bool().
    std::int64_t integer() const;

    /// How many containers lie inside one another; bounded, because destruction recurses. deepen() raises
    /// past the bound.
    int nesting() const { return nesting_; }
    void deepen(int inside);

    std::string type_name() const;  ///< Python's name: "str", "NoneType", "Undefined"…
    bool truthy() const;
    std::string str() const;     ///< Python's str()
    std::string repr() const;    ///< Python's repr()
    std::size_t length() const;  ///< Python's len(); raises
    List iterate() const;        ///< Python's list(iter()); raises

private:
    int nesting_ = 0;
};

/// Insertion-ordered mapping with Python's key equality (1 == 1.0 == True).
class Dict {
public:
    const Value* find(const Value& key) const;
    const Value* find(std::string_view key) const;
    void set(Value key, Value value);
    const std::vector<std::pair<Value, Value>>& items() const { return items_; }

private:
    std::vector<std::pair<Value, Value>> items_;
    std::unordered_map<std::string, std::size_t> by_text_;
};

bool equal(const Value& a, const Value& b);
/// Python's a < b. Raises TypeError's words where Python does.
bool less(const Value& a, const Value& b, std::string_view operation = "<");
bool contains(const Value& container, const Value& item);

/// Bytes of one repr or JSON text.
inline constexpr std::size_t kLongestText = 64u << 20;

std::string repr_of_float(double value);
std::string repr_of_text(std::string_view text);

struct JsonStyle {
    bool ensure_ascii = false, sort_keys = false, has_indent = false;
    std::string indent;
    std::string item_separator = ", ", key_separator = ": ";
};
/// Python's json.dumps, up to kLongestText.
std::string to_json_text(const Value& value, const JsonStyle& style);

}  // namespace pellucid::jinja
