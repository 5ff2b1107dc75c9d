#include "engine/text/jinja/interpreter.h"

#include <algorithm>

#include "engine/text/jinja/objects.h"
#include "engine/text/jinja/unicode.h"

namespace pellucid::jinja {

Value* Scope::find(std::string_view name) {
    for (Scope* scope = this; scope; scope = scope->parent_)
        for (auto& [mine, value] : scope->values_)
            if (mine == name) return &value;
    return nullptr;
}

void Scope::set(std::string_view name, Value value) {
    for (auto& [mine, held] : values_)
        if (mine == name) {
            held = std::move(value);
            return;
        }
    values_.emplace_back(std::string(name), std::move(value));
}

Interpreter::Interpreter(const Template& tree, Bounds bounds, Clock clock)
    : tree_(tree), bounds_(bounds), clock_(std::move(clock)) {}
Interpreter::~Interpreter() {
    for (const auto& space : namespaces_) space->clear();
}

void Interpreter::keep(std::shared_ptr<Namespace> space) {
    step(64);  // what it costs in memory
    namespaces_.push_back(std::move(space));
}

Interpreter::DepthGuard::DepthGuard(Interpreter& owner) : interpreter(owner) {
    if (++interpreter.depth_ > interpreter.bounds_.max_depth) {
        --interpreter.depth_;
        raise("maximum recursion depth exceeded (" + std::to_string(interpreter.bounds_.max_depth) + ")");
    }
}

void Interpreter::step(std::size_t count) {
    steps_ += count;
    if (steps_ > bounds_.max_steps)
        raise("the template did more than " + std::to_string(bounds_.max_steps) + " steps and was stopped");
}

Scope& Interpreter::keep_scope(Scope* parent) {
    step(32);  // memory, not time, is what these cost: the step bound limits them too
    return kept_scopes_.emplace_back(parent);
}

void Interpreter::write(std::string_view text) {
    written_ += text.size();
    if (written_ > bounds_.max_output_bytes)
        raise("the template wrote more than " + std::to_string(bounds_.max_output_bytes) +
              " bytes and was stopped");
    output_ += text;
}

std::string Interpreter::captured(const std::function<void()>& run) {
    std::string outer = std::exchange(output_, {});
    run();
    return std::exchange(output_, std::move(outer));
}

std::string Interpreter::render() {
    add_globals(*this);
    Scope& top = keep_scope(&globals_);
    execute(tree_.body, top);
    return std::move(output_);
}

Interpreter::Flow Interpreter::execute(const Body& body, Scope& scope) {
    for (const auto& statement : body) {
        try {
            const Flow flow = execute(*statement, scope);
            if (flow != Flow::normal) return flow;
        } catch (TemplateFailure& failure) {
            if (failure.line == 0) failure.line = statement->line;
            throw;
        }
    }
    return Flow::normal;
}

Interpreter::Flow Interpreter::execute(const Statement& statement, Scope& scope) {
    step();
    switch (statement.kind) {
        case Statement::Kind::data:
            write(statement.text);
            return Flow::normal;
        case Statement::Kind::output: {
            const Value value = evaluate(*statement.expression, scope);
            write(value.str());
            return Flow::normal;
        }
        case Statement::Kind::if_:
            for (const auto& [condition, body] : statement.branches)
                if (evaluate(*condition, scope).truthy()) return execute(body, scope);
            return execute(statement.else_body, scope);
        case Statement::Kind::for_: {
            Flow flow = Flow::normal;
            const Value iterated = evaluate(*statement.expression, scope);
            run_for(statement, scope, iterated.iterate(), 1, flow);
            return flow;
        }
        case Statement::Kind::set:
            assign(statement.target, evaluate(*statement.expression, scope), scope);
            return Flow::normal;
        case Statement::Kind::set_block: {
            DepthGuard guard(*this);
            Scope& body_scope = keep_scope(&scope);
            Value value = captured([&] { execute(statement.body, body_scope); });
            if (statement.expression) {
                body_scope.set("\1filtered", std::move(value));
                value = evaluate(*statement.expression, body_scope);
            }
            assign(statement.target, std::move(value), scope);
            return Flow::normal;
        }
        case Statement::Kind::macro:
            scope.set(statement.text, make_macro(statement, scope, statement.text));
            return Flow::normal;
        case Statement::Kind::call_block: {
            DepthGuard guard(*this);
            const Expression& call_expression = *statement.expression;
            const Value callee = evaluate(*call_expression.children[0], scope);
            Arguments given = arguments(call_expression.arguments, scope);
            given.keyword.emplace_back("caller", make_macro(statement, scope, "caller"));
            write(call(callee, std::move(given)).str());
            return Flow::normal;
        }
        case Statement::Kind::filter_block: {
            DepthGuard guard(*this);
            Scope& inner = keep_scope(&scope);
            inner.set("\1filtered", captured([&] { execute(statement.body, inner); }));
            write(evaluate(*statement.expression, inner).str());
            return Flow::normal;
        }
        case Statement::Kind::with: {
            DepthGuard guard(*this);
            Scope& inner = keep_scope(&scope);
            std::vector<Value> values;
            for (const auto& [target, expression] : statement.assignments)
                values.push_back(evaluate(*expression, scope));
            for (std::size_t i = 0; i < values.size(); ++i)
                assign(statement.assignments[i].first, std::move(values[i]), inner);
            return execute(statement.body, inner);
        }
        case Statement::Kind::scope: {
            DepthGuard guard(*this);
            return execute(statement.body, keep_scope(&scope));
        }
        case Statement::Kind::break_:
            return Flow::break_;
        case Statement::Kind::continue_:
            return Flow::continue_;
    }
    return Flow::normal;
}

void Interpreter::run_for(const Statement& statement, Scope& scope, const List& items, int depth,
                          Flow& flow) {
    DepthGuard guard(*this);
    const List* chosen = &items;
    List filtered;
    if (statement.condition) {
        for (const Value& item : items) {
            step();
            Scope trial(&scope);
            assign(statement.target, item, trial);
            if (evaluate(*statement.condition, trial).truthy()) filtered.push_back(item);
        }
        chosen = &filtered;
    }
    if (chosen->empty()) {
        Scope inner(&scope);
        flow = execute(statement.else_body, statement.defines_macro ? keep_scope(&scope) : inner);
        return;
    }
    auto loop = std::make_shared<Loop>(statement, scope, *chosen, depth);
    for (std::size_t i = 0; i < chosen->size(); ++i) {
        step();
        loop->index = i;
        Scope local(&scope);
        Scope& inner = statement.defines_macro ? keep_scope(&scope) : local;
        inner.set("loop", Value(std::shared_ptr<Object>(loop)));
        assign(statement.target, (*chosen)[i], inner);
        const Flow inner_flow = execute(statement.body, inner);
        if (inner_flow == Flow::break_) break;
    }
    loop->finish();
}

void Interpreter::assign(const Target& target, Value value, Scope& scope) {
    if (!target.parts.empty()) {
        const List parts = value.iterate();
        if (parts.size() != target.parts.size())
            raise(parts.size() > target.parts.size()
                      ? "too many values to unpack (expected " + std::to_string(target.parts.size()) + ")"
                      : "not enough values to unpack (expected " + std::to_string(target.parts.size()) +
                            ", got " + std::to_string(parts.size()) + ")");
        for (std::size_t i = 0; i < parts.size(); ++i) assign(target.parts[i], parts[i], scope);
        return;
    }
    if (target.attribute.empty()) {
        scope.set(target.name, std::move(value));
        return;
    }
    Value* held = scope.find(target.name);
    auto* space = held ? dynamic_cast<Namespace*>(held->object()) : nullptr;
    if (!space) raise("cannot assign attribute on non-namespace object");
    space->set(target.attribute, std::move(value));
}

Value Interpreter::evaluate(const Expression& expression, Scope& scope) {
    step();
    DepthGuard guard(*this);
    using Kind = Expression::Kind;
    const auto child = [&](std::size_t i) { return evaluate(*expression.children[i], scope); };
    const auto children = [&] {
        List list;
        list.reserve(expression.children.size());
        for (const auto& part : expression.children) list.push_back(evaluate(*part, scope));
        return list;
    };
    switch (expression.kind) {
        case Kind::constant:
            return expression.value;
        case Kind::name: {
            if (Value* found = scope.find(expression.text)) return *found;
            return Value::undefined("'" + expression.text + "' is undefined");
        }
        case Kind::list:
            return children();
        case Kind::tuple:
            return Value::tuple(children());
        case Kind::dict: {
            Dict dict;
            for (std::size_t i = 0; i + 1 < expression.children.size(); i += 2) {
                Value key = child(i);
                dict.set(std::move(key), child(i + 1));
            }
            return dict;
        }
        case Kind::attribute:
            return attribute(child(0), expression.text);
        case Kind::item: {
            const Value object = child(0);
            return item(object, child(1));
        }
        case Kind::slice:
            return slice(expression, scope);
        case Kind::call: {
            const Value callee = child(0);
            return call(callee, arguments(expression.arguments, scope));
        }
        case Kind::filter: {
            const Value input = expression.children[0] ? child(0) : *scope.find("\1filtered");
            Arguments given = arguments(expression.arguments, scope);
            return filter(expression.text, input, given);
        }
        case Kind::test: {
            const Value input = child(0);
            Arguments given = arguments(expression.arguments, scope);
            return test(expression.text, input, given);
        }
        case Kind::negate:
        case Kind::plus: {
            const Value value = child(0);
            if (const auto* undefined = value.as<Undefined>()) raise(undefined->message);
            if (!value.is_number())
                raise("bad operand type for unary " +
                      std::string(expression.kind == Kind::negate ? "-" : "+") + ": '" + value.type_name() +
                      "'");
            const std::int64_t sign = expression.kind == Kind::negate ? -1 : 1;
            return value.is_real() ? Value(static_cast<double>(sign) * value.number())
                                   : arithmetic("*", value, sign);
        }
        case Kind::logical_not:
            return !child(0).truthy();
        case Kind::binary:
            return binary(expression, scope);
        case Kind::compare:
            return compare(expression, scope);
        case Kind::concat: {
            std::string text;
            for (const auto& part : expression.children) text += evaluate(*part, scope).str();
            step(text.size() / 64);
            return text;
        }
        case Kind::conditional:
            if (child(0).truthy()) return child(1);
            if (expression.children[2]) return child(2);
            return Value::undefined("the inline if-expression on line " + std::to_string(expression.line) +
                                    " evaluated to false and no else section was defined.");
    }
    return {};
}

Value Interpreter::binary(const Expression& expression, Scope& scope) {
    Value left = evaluate(*expression.children[0], scope);
    if (expression.text == "and") return left.truthy() ? evaluate(*expression.children[1], scope) : left;
    if (expression.text == "or") return left.truthy() ? left : evaluate(*expression.children[1], scope);
    const Value right = evaluate(*expression.children[1], scope);
    Value result = arithmetic(expression.text, left, right);
    if (const auto* text = result.text()) step(text->size() / 64);
    if (const auto* items = result.sequence()) step(items->size());
    return result;
}

Value Interpreter::compare(const Expression& expression, Scope& scope) {
    Value left = evaluate(*expression.children[0], scope);
    for (std::size_t i = 0; i < expression.operators.size(); ++i) {
        const Value right = evaluate(*expression.children[i + 1], scope);
        const std::string& op = expression.operators[i];
        bool holds = false;
        if (op == "==")
            holds = equal(left, right);
        else if (op == "!=")
            holds = !equal(left, right);
        else if (op == "in")
            holds = contains(right, left);
        else if (op == "not in")
            holds = !contains(right, left);
        else if (op == "<")
            holds = less(left, right, op);
        else if (op == ">")
            holds = less(right, left, op);
        else if (op == "<=")
            holds = less(left, right, op) || equal(left, right);
        else
            holds = less(right, left, op) || equal(left, right);
        if (!holds) return false;
        left = right;
    }
    return true;
}

std::vector<std::size_t> slice_positions(std::size_t length, const Value& start, const Value& stop,
                                         const Value& step) {
    const auto bound = [](const Value& value, std::int64_t fallback) {
        if (value.is_none()) return fallback;
        if (!value.is_integer() && !value.is_bool())
            raise("slice indices must be integers or None or have an __index__ method");
        return value.integer();
    };
    const std::int64_t size = static_cast<std::int64_t>(length);
    const std::int64_t by = bound(step, 1);
    if (by == 0) raise("slice step cannot be zero");
    const auto clamp = [&](std::int64_t value, std::int64_t low, std::int64_t high) {
        if (value < 0) value = value < -size ? low : value + size;
        return std::clamp(value, low, high);
    };
    const std::int64_t from = start.is_none()
                                  ? (by > 0 ? 0 : size - 1)
                                  : clamp(bound(start, 0), by > 0 ? 0 : -1, by > 0 ? size : size - 1);
    const std::int64_t to = stop.is_none() ? (by > 0 ? size : -1)
                                           : clamp(bound(stop, 0), by > 0 ? 0 : -1, by > 0 ? size : size - 1);
    std::vector<std::size_t> positions;
    for (std::int64_t i = from; by > 0 ? i < to : i > to; i += by) {
        positions.push_back(static_cast<std::size_t>(i));
        if (by > size || by < -size) break;
    }
    return positions;
}

Value Interpreter::slice(const Expression& expression, Scope& scope) {
    const Value object = evaluate(*expression.children[0], scope);
    Value parts[3];
    for (std::size_t i = 0; i < 3; ++i)
        parts[i] = expression.children[i + 1] ? evaluate(*expression.children[i + 1], scope) : Value(None{});
    if (const auto* undefined = object.as<Undefined>()) raise(undefined->message);
    if (const auto* text = object.text()) {
        const auto points = to_utf32(*text);
        std::string out;
        for (const std::size_t i : slice_positions(points.size(), parts[0], parts[1], parts[2]))
            append_utf8(out, points[i]);
        return out;
    }
    const auto* items = object.sequence();
    // Unlike an item that is not there: jinja2 compiles a slice to Python's own.
    if (!items) raise("'" + object.type_name() + "' object is not subscriptable");
    List out;
    for (const std::size_t i : slice_positions(items->size(), parts[0], parts[1], parts[2]))
        out.push_back((*items)[i]);
    return object.as<Tuple>() ? Value::tuple(std::move(out)) : Value(std::move(out));
}

Arguments Interpreter::arguments(const CallArguments& written, Scope& scope) {
    Arguments given;
    for (const auto& argument : written.positional) given.positional.push_back(evaluate(*argument, scope));
    if (written.spread)
        for (Value& value : evaluate(*written.spread, scope).iterate())
            given.positional.push_back(std::move(value));
    for (const auto& [name, argument] : written.keyword)
        given.keyword.emplace_back(name, evaluate(*argument, scope));
    if (written.keyword_spread) {
        const Value spread = evaluate(*written.keyword_spread, scope);
        if (!spread.dict()) raise("argument after ** must be a mapping, not " + spread.type_name());
        for (const auto& [key, value] : spread.dict()->items()) {
            if (!key.is_string()) raise("keywords must be strings");
            given.keyword.emplace_back(*key.text(), value);
        }
    }
    return given;
}

void Interpreter::charge(const Value& input) {
    if (const auto* text = input.text())
        step(text->size() / 256);
    else if (const auto* items = input.sequence())
        step(items->size() / 8);
    else if (const auto* dict = input.dict())
        step(dict->items().size() / 4);
    else if (const auto* view = input.as<DictView>())
        step(view->dict->items().size() / 4);
}

Value Interpreter::call(const Value& callee, Arguments given) {
    DepthGuard guard(*this);
    step();
    if (const auto* undefined = callee.as<Undefined>()) raise(undefined->message);
    Object* object = callee.object();
    if (!object || !object->callable()) raise("'" + callee.type_name() + "' object is not callable");
    return object->call(*this, given);
}

Value Interpreter::attribute(const Value& object, std::string_view name) {
    if (const auto* undefined = object.as<Undefined>()) raise(undefined->message);
    Value out;
    charge(object);
    if (name.starts_with("__"))
        return Value::undefined("access to attribute '" + std::string(name) + "' of '" + object.type_name() +
                                "' object is unsafe.");
    if (method(object, name, out)) return out;
    if (Object* held = object.object(); held && held->attribute(name, out)) return out;
    if (const Dict* dict = object.dict())
        if (const Value* found = dict->find(name)) return *found;
    return Value::undefined("'" + object.type_name() + " object' has no attribute '" + std::string(name) +
                            "'");
}

Value Interpreter::item(const Value& object, const Value& key) {
    if (const auto* undefined = object.as<Undefined>()) raise(undefined->message);
    if (const Dict* dict = object.dict()) {
        if (const Value* found = dict->find(key)) return *found;
    } else if (key.is_integer() || key.is_bool()) {
        const auto position = [&](std::size_t length) {
            std::int64_t i = key.integer();
            if (i < 0) i += static_cast<std::int64_t>(length);
            return i >= 0 && i < static_cast<std::int64_t>(length) ? i : -1;
        };
        if (const List* items = object.sequence()) {
            if (const auto i = position(items->size()); i >= 0) return (*items)[static_cast<std::size_t>(i)];
        } else if (const auto* text = object.text()) {
            const auto points = to_utf32(*text);
            if (const auto i = position(points.size()); i >= 0)
                return to_utf8(points[static_cast<std::size_t>(i)]);
        }
    }
    if (const auto* name = key.text()) {
        Value out;
        if (!name->starts_with("__") && method(object, *name, out)) return out;
        if (Object* held = object.object(); held && held->attribute(*name, out)) return out;
    }
    const std::string what = key.is_string() ? "attribute '" + *key.text() + "'" : "element " + key.repr();
    return Value::undefined("'" + object.type_name() + " object' has no " + what);
}

}  // namespace pellucid::jinja
