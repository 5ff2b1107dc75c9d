// The template language's own objects: loop, namespace, macros, bound methods, cycler, joiner.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "engine/text/jinja/interpreter.h"

namespace pellucid::jinja {

/// A function written in C++: a global, or a method bound to its value.
class Native : public Object {
public:
    using Function = std::function<Value(Interpreter&, Arguments&)>;
    Native(std::string type, Function function) : type_(std::move(type)), function_(std::move(function)) {}
    std::string type_name() const override { return type_; }
    bool callable() const override { return true; }
    Value call(Interpreter& interpreter, Arguments& arguments) override {
        return function_(interpreter, arguments);
    }

private:
    std::string type_;
    Function function_;
};

class Namespace : public Object {
public:
    std::string type_name() const override { return "Namespace"; }
    bool attribute(std::string_view name, Value& out) const override;
    void set(const std::string& name, Value value) { values_[name] = std::move(value); }
    void clear() { values_.clear(); }

private:
    std::map<std::string, Value, std::less<>> values_;
};

class Loop : public Object {
public:
    Loop(const Statement& statement, Scope& outer, const List& items, int depth)
        : statement_(statement), outer_(outer), items_(&items), length_(items.size()), depth_(depth) {}
    std::string type_name() const override { return "LoopContext"; }
    bool callable() const override { return true; }
    Value call(Interpreter& interpreter, Arguments& arguments) override;
    bool attribute(std::string_view name, Value& out) const override;
    /// The items go away with the loop; the object may live on in a namespace.
    void finish() { items_ = nullptr; }

    std::size_t index = 0;

private:
    const Statement& statement_;
    Scope& outer_;
    const List* items_;
    std::size_t length_;
    int depth_;
    std::shared_ptr<Value> last_changed_ = std::make_shared<Value>();
    std::shared_ptr<bool> has_changed_ = std::make_shared<bool>(false);
};

class Macro : public Object {
public:
    Macro(const Statement& definition, Scope& scope, std::string name)
        : definition_(definition), scope_(scope), name_(std::move(name)) {}
    std::string type_name() const override { return "Macro"; }
    bool callable() const override { return true; }
    Value call(Interpreter& interpreter, Arguments& arguments) override;
    bool attribute(std::string_view name, Value& out) const override;

private:
    const Statement& definition_;
    Scope& scope_;
    std::string name_;
};

/// `holds`: nesting of the values that the function keeps.
inline Value native(std::string type, Native::Function function, int holds = 0) {
    Value value(std::shared_ptr<Object>(std::make_shared<Native>(std::move(type), std::move(function))));
    value.deepen(holds);
    return value;
}

}  // namespace pellucid::jinja
