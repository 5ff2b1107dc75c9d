#include "engine/text/jinja/objects.h"

#include <algorithm>
#include <ctime>

namespace pellucid::jinja {

bool Namespace::attribute(std::string_view name, Value& out) const {
    const auto found = values_.find(name);
    if (found == values_.end()) return false;
    out = found->second;
    return true;
}

bool Loop::attribute(std::string_view name, Value& out) const {
    const auto at = static_cast<std::int64_t>(index);
    const auto length = static_cast<std::int64_t>(length_);
    if (name == "index")
        out = at + 1;
    else if (name == "index0")
        out = at;
    else if (name == "revindex")
        out = length - at;
    else if (name == "revindex0")
        out = length - at - 1;
    else if (name == "first")
        out = at == 0;
    else if (name == "last")
        out = at + 1 == length;
    else if (name == "length" || name == "__len__")
        out = length;
    else if (name == "depth")
        out = depth_;
    else if (name == "depth0")
        out = depth_ - 1;
    else if (name == "previtem")
        out = at > 0 && items_ ? (*items_)[index - 1] : Value::undefined("there is no previous item");
    else if (name == "nextitem")
        out = at + 1 < length && items_ ? (*items_)[index + 1] : Value::undefined("there is no next item");
    else if (name == "cycle")
        out = native("method", [at](Interpreter&, Arguments& given) -> Value {
            if (given.positional.empty()) raise("no items for cycling given");
            return given.positional[static_cast<std::size_t>(at) % given.positional.size()];
        });
    else if (name == "changed")
        out = native("method",
                     [last = last_changed_, seen = has_changed_](Interpreter&, Arguments& given) -> Value {
                         Value key = Value::tuple(given.positional);
                         if (*seen && equal(*last, key)) return false;
                         *seen = true;
                         *last = std::move(key);
                         return true;
                     });
    else
        return false;
    return true;
}

Value Loop::call(Interpreter& interpreter, Arguments& given) {
    if (!statement_.recursive) raise("The loop must have the 'recursive' marker to be called recursively.");
    Bound bound("loop", given, {"iterable"}, 1);
    if (!items_) raise("the loop is over and cannot be called any more");
    return interpreter.captured([&] {
        auto flow = Interpreter::Flow::normal;
        interpreter.run_for(statement_, outer_, bound.get(0)->iterate(), depth_ + 1, flow);
    });
}

bool Macro::attribute(std::string_view name, Value& out) const {
    if (name == "name") {
        out = name_;
    } else if (name == "arguments") {
        List names;
        for (const auto& parameter : definition_.parameters) names.emplace_back(parameter.name);
        out = Value::tuple(std::move(names));
    } else if (name == "catch_varargs") {
        out = definition_.uses_varargs;
    } else if (name == "catch_kwargs") {
        out = definition_.uses_kwargs;
    } else if (name == "caller") {
        out = definition_.uses_caller;
    } else {
        return false;
    }
    return true;
}

Value Macro::call(Interpreter& interpreter, Arguments& given) {
    Interpreter::DepthGuard guard(interpreter);
    const auto& parameters = definition_.parameters;
    Scope local(&scope_);
    Scope& scope = definition_.defines_macro ? interpreter.keep_scope(&scope_) : local;
    std::vector<bool> bound(parameters.size(), false);
    for (std::size_t i = 0; i < std::min(parameters.size(), given.positional.size()); ++i) {
        scope.set(parameters[i].name, given.positional[i]);
        bound[i] = true;
    }
    if (given.positional.size() > parameters.size() && !definition_.uses_varargs)
        raise("macro '" + name_ + "' takes not more than " + std::to_string(parameters.size()) +
              " argument(s)");
    if (definition_.uses_varargs) {
        const auto extra = std::min(parameters.size(), given.positional.size());
        scope.set("varargs", Value::tuple(List(given.positional.begin() + static_cast<long>(extra),
                                               given.positional.end())));
    }
    Dict rest;
    bool caller_given = false;
    for (auto& [name, value] : given.keyword) {
        const auto found = std::find_if(parameters.begin(), parameters.end(),
                                        [&key = name](const auto& p) { return p.name == key; });
        if (found != parameters.end()) {
            const auto i = static_cast<std::size_t>(found - parameters.begin());
            if (bound[i]) raise("macro '" + name_ + "' got multiple values for argument '" + name + "'");
            scope.set(name, value);
            bound[i] = true;
        } else if (name == "caller" && definition_.uses_caller) {
            scope.set(name, value);
            caller_given = true;
        } else if (definition_.uses_kwargs) {
            rest.set(name, value);
        } else if (name == "caller") {
            raise("macro '" + name_ + "' was invoked with two values for the special caller argument.");
        } else {
            raise("macro '" + name_ + "' takes no keyword argument '" + name + "'");
        }
    }
    if (definition_.uses_kwargs) scope.set("kwargs", Value(std::move(rest)));
    if (definition_.uses_caller && !caller_given) scope.set("caller", Value::undefined("No caller defined"));
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (bound[i]) continue;
        scope.set(parameters[i].name,
                  parameters[i].fallback
                      ? interpreter.evaluate(*parameters[i].fallback, scope)
                      : Value::undefined("parameter '" + parameters[i].name + "' was not provided"));
    }
    return interpreter.captured([&] { interpreter.execute(definition_.body, scope); });
}

std::shared_ptr<Object> make_macro(const Statement& definition, Scope& scope, std::string name) {
    return std::make_shared<Macro>(definition, scope, std::move(name));
}

namespace {

/// Python's range(), bounded as jinja2's sandbox bounds it.
Value range(Interpreter& interpreter, Arguments& given) {
    constexpr std::uint64_t kMaxRange = 100000;
    if (!given.keyword.empty()) raise("range() takes no keyword arguments");
    if (given.positional.empty() || given.positional.size() > 3)
        raise("range expected 1 to 3 arguments, got " + std::to_string(given.positional.size()));
    std::int64_t numbers[3] = {0, 0, 1};
    for (std::size_t i = 0; i < given.positional.size(); ++i) {
        const Value& value = given.positional[i];
        if (const auto* undefined = value.as<Undefined>()) raise(undefined->message);
        if (!value.is_integer() && !value.is_bool())
            raise("'" + value.type_name() + "' object cannot be interpreted as an integer");
        numbers[i] = value.integer();
    }
    if (given.positional.size() == 1) std::swap(numbers[0], numbers[1]);
    const auto [start, stop, by] = std::tuple(numbers[0], numbers[1], numbers[2]);
    if (by == 0) raise("range() arg 3 must not be zero");
    // The distance between two 64-bit integers always fits an unsigned one.
    const auto distance = [](std::int64_t low, std::int64_t high) {
        return static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
    };
    const std::uint64_t span =
        by > 0 ? (stop > start ? distance(start, stop) : 0) : (start > stop ? distance(stop, start) : 0);
    const std::uint64_t magnitude =
        by > 0 ? static_cast<std::uint64_t>(by) : 0 - static_cast<std::uint64_t>(by);
    const std::uint64_t count = span / magnitude + (span % magnitude != 0);
    if (count > kMaxRange) raise("Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).");
    interpreter.step(count);
    List items;
    for (std::uint64_t i = 0; i < count; ++i)
        items.emplace_back(static_cast<std::int64_t>(static_cast<std::uint64_t>(start) +
                                                     i * static_cast<std::uint64_t>(by)));
    return items;
}

Dict dict_of(Arguments& given) {
    Dict dict;
    if (given.positional.size() > 1)
        raise("dict expected at most 1 argument, got " + std::to_string(given.positional.size()));
    if (!given.positional.empty()) {
        if (const Dict* source = given.positional[0].dict()) {
            dict = *source;
        } else {
            for (const Value& pair : given.positional[0].iterate()) {
                const List parts = pair.iterate();
                if (parts.size() != 2)
                    raise("dictionary update sequence element has length " + std::to_string(parts.size()) +
                          "; 2 is required");
                dict.set(parts[0], parts[1]);
            }
        }
    }
    for (auto& [name, value] : given.keyword) dict.set(name, value);
    return dict;
}

std::string formatted_time(std::chrono::system_clock::time_point now, const std::string& format) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm local{};
    localtime_r(&seconds, &local);
    if (format.empty()) return {};
    std::string out(256 + format.size() * 16, '\0');
    const std::size_t length = std::strftime(out.data(), out.size(), format.c_str(), &local);
    out.resize(length);
    return out;
}

}  // namespace

void add_globals(Interpreter& interpreter) {
    const auto set = [&](const char* name, Native::Function function) {
        interpreter.set_global(name, native("function", std::move(function)));
    };
    set("range", range);
    set("dict", [](Interpreter&, Arguments& given) -> Value { return dict_of(given); });
    set("namespace", [](Interpreter& owner, Arguments& given) -> Value {
        auto space = std::make_shared<Namespace>();
        owner.keep(space);
        const Dict values = dict_of(given);
        for (const auto& [key, value] : values.items()) {
            if (!key.is_string()) raise("attribute name must be string");
            space->set(*key.text(), value);
        }
        return Value(std::shared_ptr<Object>(std::move(space)));
    });
    set("raise_exception", [](Interpreter&, Arguments& given) -> Value {
        Bound bound("raise_exception", given, {"message"}, 1);
        raise(bound.get(0)->str());
    });
    set("strftime_now", [](Interpreter& owner, Arguments& given) -> Value {
        Bound bound("strftime_now", given, {"format"}, 1);
        return formatted_time(owner.now(), bound.text(0, ""));
    });
    set("joiner", [](Interpreter&, Arguments& given) -> Value {
        Bound bound("joiner", given, {"sep"});
        return native("Joiner",
                      [separator = bound.text(0, ", "), used = std::make_shared<bool>(false)](
                          Interpreter&, Arguments&) -> Value {
                          return std::exchange(*used, true) ? separator : std::string();
                      });
    });
    set("cycler", [](Interpreter&, Arguments& given) -> Value {
        if (given.positional.empty()) raise("at least one item has to be provided");
        class Cycler : public Object {
        public:
            explicit Cycler(List items) : items_(std::move(items)) {}
            std::string type_name() const override { return "Cycler"; }
            bool attribute(std::string_view name, Value& out) const override {
                if (name == "current")
                    out = items_[*at_];
                else if (name == "next")
                    out = native("method", [items = items_, at = at_](Interpreter&, Arguments&) -> Value {
                        const std::size_t now = *at;
                        *at = (now + 1) % items.size();
                        return items[now];
                    });
                else if (name == "reset")
                    out = native("method", [at = at_](Interpreter&, Arguments&) -> Value {
                        return *at = 0, Value(None{});
                    });
                else
                    return false;
                return true;
            }

        private:
            List items_;
            std::shared_ptr<std::size_t> at_ = std::make_shared<std::size_t>(0);
        };
        Value value(std::shared_ptr<Object>(std::make_shared<Cycler>(given.positional)));
        value.deepen(Value(given.positional).nesting());
        return value;
    });
}

}  // namespace pellucid::jinja
