// Expressions of a template: one method a rule of jinja2's grammar, loosest binding first.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/jinja/token_cursor.h"

namespace pellucid::jinja {

class ExpressionParser : protected TokenCursor {
protected:
    using Words = std::vector<std::string_view>;
    using TokenCursor::TokenCursor;

    /// One expression, or several with commas between as a tuple; names in `ends` close it. Only with
    /// `explicit_parentheses` may it be empty.
    ExpressionPtr tuple_or_expression(bool with_conditional, const Words& ends = {},
                                      bool explicit_parentheses = false);
    ExpressionPtr expression();
    /// `| name(args) | name …` over `input`; with `start_inline` the first filter has no bar before it.
    ExpressionPtr filter_chain(ExpressionPtr input, bool start_inline);

    std::set<std::string> words_;       ///< names, attributes and string constants seen
    std::set<std::string> names_read_;  ///< names seen since the last reset

private:
    bool tuple_ends(const Words& ends) const;
    ExpressionPtr binary(std::string text, ExpressionPtr left, ExpressionPtr right);
    ExpressionPtr or_expression();
    ExpressionPtr and_expression();
    ExpressionPtr not_expression();
    ExpressionPtr comparison();
    ExpressionPtr additive();
    ExpressionPtr concatenation();
    ExpressionPtr multiplicative();
    ExpressionPtr power();
    ExpressionPtr unary(bool with_filter);
    ExpressionPtr primary();
    ExpressionPtr constant(Value value);
    Value integer(std::string_view text) const;
    ExpressionPtr sequence_literal();
    ExpressionPtr dict_literal();
    ExpressionPtr postfix(ExpressionPtr made);
    ExpressionPtr filters_and_tests(ExpressionPtr made);
    ExpressionPtr subscript(ExpressionPtr object);
    /// One subscript. A slice takes the object with it.
    ExpressionPtr subscribed(ExpressionPtr* object);
    ExpressionPtr call(ExpressionPtr callee);
    CallArguments arguments();
    ExpressionPtr test(ExpressionPtr input);
};

}  // namespace pellucid::jinja
