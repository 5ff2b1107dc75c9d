// The tree of a parsed template.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/text/jinja/value.h"

namespace pellucid::jinja {

struct Expression;
struct Statement;
using ExpressionPtr = std::unique_ptr<Expression>;
using Body = std::vector<std::unique_ptr<Statement>>;

/// Arguments as written: positional, keyword, *spread and **spread.
struct CallArguments {
    std::vector<ExpressionPtr> positional;
    std::vector<std::pair<std::string, ExpressionPtr>> keyword;
    ExpressionPtr spread, keyword_spread;
};

struct Expression {
    enum class Kind {
        constant,   // value
        name,       // text
        list,       // children
        tuple,      // children
        dict,       // children: key, value, key, value…
        attribute,  // children[0].text
        item,       // children[0][children[1]]
        slice,      // children: object, start?, stop?, step? (null when absent)
        call,       // children[0](arguments)
        filter,     // children[0] | text(arguments); children[0] is null in a filter block
        test,       // children[0] is text(arguments)
        negate,
        plus,
        logical_not,
        binary,       // children[0] text children[1]
        compare,      // children[0] operators[0] children[1] operators[1] children[2]…
        concat,       // children
        conditional,  // children: condition, then, else (null: undefined)
    };
    Expression() = default;
    /// Without recursion: a + a + … and x[0][0]… nest as deep as they are long.
    ~Expression() {
        while (!children.empty()) {
            const ExpressionPtr child = std::move(children.back());
            children.pop_back();
            if (!child) continue;
            for (ExpressionPtr& inner : child->children) children.push_back(std::move(inner));
            child->children.clear();
        }
    }
    Expression(const Expression&) = delete;
    Expression& operator=(const Expression&) = delete;

    Kind kind = Kind::constant;
    int line = 0;
    std::string text;
    Value value;
    std::vector<ExpressionPtr> children;
    std::vector<std::string> operators;
    CallArguments arguments;
};

/// Where a value is stored: a name, a namespace attribute, or a tuple of targets.
struct Target {
    std::string name, attribute;
    std::vector<Target> parts;
};

struct Parameter {
    std::string name;
    ExpressionPtr fallback;
};

struct Statement {
    enum class Kind {
        data,          // text
        output,        // expression
        if_,           // branches (condition, body), else_body
        for_,          // target, expression, condition?, body, else_body, recursive
        set,           // target, expression
        set_block,     // target, body, expression: filter chain or null
        macro,         // text, parameters, body
        call_block,    // expression: a call; parameters of caller; body
        filter_block,  // expression: filter chain over the captured body; body
        with,          // assignments, body
        scope,         // body ({% generation %}, {% block %})
        break_,
        continue_,
    };
    Kind kind = Kind::data;
    int line = 0;
    std::string text;
    ExpressionPtr expression, condition;
    Target target;
    std::vector<Parameter> parameters;
    std::vector<std::pair<ExpressionPtr, Body>> branches;
    std::vector<std::pair<Target, ExpressionPtr>> assignments;
    Body body, else_body;
    bool recursive = false;
    bool defines_macro = false;  ///< the body may create a closure over its scope
    bool uses_varargs = false, uses_kwargs = false, uses_caller = false;  ///< macro
};

struct Template {
    Body body;
    std::vector<std::string> words;  ///< names, attributes and string constants, sorted
};

/// Raises TemplateFailure with a line. `max_depth` bounds nesting.
Template parse(std::string_view source, std::size_t max_depth);

}  // namespace pellucid::jinja
