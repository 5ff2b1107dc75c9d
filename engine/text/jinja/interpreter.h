// Walks a parsed template and writes its output. One Interpreter renders once.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/jinja/ast.h"

namespace pellucid::jinja {

struct Bounds {
    std::size_t max_steps = 0, max_output_bytes = 0, max_depth = 0;
};

/// Names visible at one place. Few names each, so a vector.
class Scope {
public:
    explicit Scope(Scope* parent) : parent_(parent) {}
    Value* find(std::string_view name);
    void set(std::string_view name, Value value);
    Scope* parent() const { return parent_; }

private:
    Scope* parent_;
    std::vector<std::pair<std::string, Value>> values_;
};

/// Binds call arguments to parameter names the way Python does; raises TypeError's words.
class Bound {
public:
    Bound(std::string_view function, Arguments& arguments, std::initializer_list<std::string_view> names,
          std::size_t required = 0);
    const Value* get(std::size_t index) const { return values_[index].get(); }
    bool has(std::size_t index) const { return values_[index] != nullptr; }
    std::int64_t integer(std::size_t index, std::int64_t fallback) const;
    bool truth(std::size_t index, bool fallback) const {
        return has(index) ? get(index)->truthy() : fallback;
    }
    std::string text(std::size_t index, std::string fallback) const;

private:
    std::string function_;
    std::vector<std::shared_ptr<Value>> values_;
};

class Namespace;

class Interpreter {
public:
    using Clock = std::function<std::chrono::system_clock::time_point()>;

    Interpreter(const Template& tree, Bounds bounds, Clock clock);
    ~Interpreter();
    Interpreter(const Interpreter&) = delete;
    Interpreter& operator=(const Interpreter&) = delete;

    void set_global(std::string_view name, Value value) { globals_.set(name, std::move(value)); }
    /// Raises TemplateFailure.
    std::string render();

    // ---- used by filters, tests and objects ----
    Value call(const Value& callee, Arguments arguments);
    Value filter(std::string_view name, const Value& input, Arguments& arguments);
    bool test(std::string_view name, const Value& input, Arguments& arguments);
    /// object.name: attribute first, then item.
    Value attribute(const Value& object, std::string_view name);
    /// object[key]: item first, then attribute.
    Value item(const Value& object, const Value& key);
    /// Keeps a namespace until the end, when all are emptied: they can refer to one another in rings.
    void keep(std::shared_ptr<Namespace> space);
    /// Counts work against Bounds::max_steps.
    void step(std::size_t count = 1);
    /// Counts the work of walking over `input` once.
    void charge(const Value& input);
    /// The text that `run` writes.
    std::string captured(const std::function<void()>& run);
    std::chrono::system_clock::time_point now() const { return clock_(); }

    enum class Flow { normal, break_, continue_ };
    Flow execute(const Body& body, Scope& scope);
    Value evaluate(const Expression& expression, Scope& scope);
    void assign(const Target& target, Value value, Scope& scope);
    /// A scope that lives until the end of the render, because a macro may refer to it.
    Scope& keep_scope(Scope* parent);
    void run_for(const Statement& statement, Scope& scope, const List& items, int depth, Flow& flow);

    struct DepthGuard {
        explicit DepthGuard(Interpreter& owner);
        ~DepthGuard() { --interpreter.depth_; }
        Interpreter& interpreter;
    };

private:
    Flow execute(const Statement& statement, Scope& scope);
    Value binary(const Expression& expression, Scope& scope);
    Value compare(const Expression& expression, Scope& scope);
    Value slice(const Expression& expression, Scope& scope);
    Arguments arguments(const CallArguments& written, Scope& scope);
    void write(std::string_view text);

    const Template& tree_;
    Bounds bounds_;
    Clock clock_;
    Scope globals_{nullptr};
    std::deque<Scope> kept_scopes_;
    std::vector<std::shared_ptr<Namespace>> namespaces_;
    std::string output_;
    std::size_t steps_ = 0, depth_ = 0, written_ = 0;
};

/// Arithmetic with Python's rules: floor division, modulo of the divisor's sign, % formatting, repetition.
Value arithmetic(std::string_view operation, const Value& a, const Value& b);
/// printf-style text % values.
std::string percent_format(std::string_view format, const Value& values);
/// str.format with {} {0} {name} {0.attr} {x!r} and the usual format specifications.
std::string brace_format(Interpreter& interpreter, std::string_view format, Arguments& arguments);
/// Methods of str, dict, list; false if there is none of that name.
bool method(const Value& object, std::string_view name, Value& out);
/// Sets range, dict, namespace, cycler, joiner, raise_exception, strftime_now.
void add_globals(Interpreter& interpreter);
std::shared_ptr<Object> make_macro(const Statement& definition, Scope& scope, std::string name);
/// Positions that [start:stop:step] selects in a sequence of `length`, as Python does.
std::vector<std::size_t> slice_positions(std::size_t length, const Value& start, const Value& stop,
                                         const Value& step);

}  // namespace pellucid::jinja
