#include "engine/text/jinja/expression_parser.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace pellucid::jinja {

bool ExpressionParser::tuple_ends(const Words& ends) const {
    if (now().kind == TokenKind::variable_end || now().kind == TokenKind::block_end || at_symbol(")"))
        return true;
    return now().kind == TokenKind::name && std::find(ends.begin(), ends.end(), now().text) != ends.end();
}

ExpressionPtr ExpressionParser::tuple_or_expression(bool with_conditional, const Words& ends,
                                                    bool explicit_parentheses) {
    std::vector<ExpressionPtr> parts;
    bool is_tuple = false;
    while (!tuple_ends(ends)) {
        if (!parts.empty() && !is_tuple) break;
        parts.push_back(with_conditional ? expression() : or_expression());
        if (!skip_symbol(",")) {
            if (!is_tuple) return std::move(parts.front());
            break;
        }
        is_tuple = true;
    }
    if (!is_tuple && !explicit_parentheses) fail("Expected an expression, got " + found());
    auto tuple = node(Expression::Kind::tuple);
    tuple->children = std::move(parts);
    return tuple;
}

ExpressionPtr ExpressionParser::expression() {
    Depth depth(*this);
    auto result = or_expression();
    while (skip_name("if")) {
        auto conditional = node(Expression::Kind::conditional);
        conditional->children.push_back(or_expression());
        conditional->children.push_back(std::move(result));
        conditional->children.push_back(skip_name("else") ? expression() : nullptr);
        result = std::move(conditional);
    }
    return result;
}

ExpressionPtr ExpressionParser::binary(std::string text, ExpressionPtr left, ExpressionPtr right) {
    auto made = node(Expression::Kind::binary, std::move(text));
    made->children.push_back(std::move(left));
    made->children.push_back(std::move(right));
    return made;
}

ExpressionPtr ExpressionParser::or_expression() {
    auto left = and_expression();
    while (skip_name("or")) left = binary("or", std::move(left), and_expression());
    return left;
}

ExpressionPtr ExpressionParser::and_expression() {
    auto left = not_expression();
    while (skip_name("and")) left = binary("and", std::move(left), not_expression());
    return left;
}

ExpressionPtr ExpressionParser::not_expression() {
    Depth depth(*this);
    if (!skip_name("not")) return comparison();
    auto made = node(Expression::Kind::logical_not);
    made->children.push_back(not_expression());
    return made;
}

ExpressionPtr ExpressionParser::comparison() {
    auto first = additive();
    auto made = node(Expression::Kind::compare);
    made->children.push_back(std::move(first));
    while (true) {
        static const std::set<std::string_view> kOperators = {"==", "!=", "<", "<=", ">", ">="};
        if (now().kind == TokenKind::symbol && kOperators.contains(now().text)) {
            made->operators.push_back(take().text);
        } else if (skip_name("in")) {
            made->operators.emplace_back("in");
        } else if (at_name("not") && ahead().is(TokenKind::name, "in")) {
            take(), take();
            made->operators.emplace_back("not in");
        } else {
            break;
        }
        made->children.push_back(additive());
    }
    if (made->operators.empty()) return std::move(made->children.front());
    return made;
}

ExpressionPtr ExpressionParser::additive() {
    auto left = concatenation();
    while (at_symbol("+") || at_symbol("-")) {
        std::string text = take().text;
        left = binary(std::move(text), std::move(left), concatenation());
    }
    return left;
}

ExpressionPtr ExpressionParser::concatenation() {
    auto first = multiplicative();
    if (!at_symbol("~")) return first;
    auto made = node(Expression::Kind::concat);
    made->children.push_back(std::move(first));
    while (skip_symbol("~")) made->children.push_back(multiplicative());
    return made;
}

ExpressionPtr ExpressionParser::multiplicative() {
    auto left = power();
    while (at_symbol("*") || at_symbol("/") || at_symbol("//") || at_symbol("%")) {
        std::string text = take().text;
        left = binary(std::move(text), std::move(left), power());
    }
    return left;
}

ExpressionPtr ExpressionParser::power() {
    auto left = unary(true);
    while (skip_symbol("**")) left = binary("**", std::move(left), unary(true));
    return left;
}

ExpressionPtr ExpressionParser::unary(bool with_filter) {
    Depth depth(*this);
    ExpressionPtr made;
    if (at_symbol("-") || at_symbol("+")) {
        made = node(take().text == "-" ? Expression::Kind::negate : Expression::Kind::plus);
        made->children.push_back(unary(false));
    } else {
        made = primary();
    }
    made = postfix(std::move(made));
    return with_filter ? filters_and_tests(std::move(made)) : std::move(made);
}

ExpressionPtr ExpressionParser::constant(Value value) {
    auto made = node(Expression::Kind::constant);
    made->value = std::move(value);
    return made;
}

ExpressionPtr ExpressionParser::primary() {
    const Token token = now();
    switch (token.kind) {
        case TokenKind::name:
            take();
            if (token.text == "true" || token.text == "True") return constant(true);
            if (token.text == "false" || token.text == "False") return constant(false);
            if (token.text == "none" || token.text == "None") return constant(None{});
            words_.insert(token.text);
            names_read_.insert(token.text);
            return node(Expression::Kind::name, token.text);
        case TokenKind::string: {
            std::string text;
            while (now().kind == TokenKind::string) text += take().text;
            words_.insert(text);
            return constant(std::move(text));
        }
        case TokenKind::integer:
            take();
            return constant(integer(token.text));
        case TokenKind::real:
            take();
            return constant(std::strtod(token.text.c_str(), nullptr));
        case TokenKind::symbol:
            break;
        default:
            fail("unexpected " + found());
    }
    if (skip_symbol("(")) {
        auto inner = tuple_or_expression(true, {}, true);
        expect_symbol(")");
        return inner;
    }
    if (at_symbol("[")) return sequence_literal();
    if (at_symbol("{")) return dict_literal();
    fail("unexpected " + found());
}

Value ExpressionParser::integer(std::string_view text) const {
    int base = 10;
    if (text.size() > 2 && text[0] == '0') {
        const char kind = static_cast<char>(text[1] | 32);
        base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 10;
        if (base != 10) text.remove_prefix(2);
    }
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size())
        fail("the integer " + std::string(text) + " is out of range");
    return value;
}

ExpressionPtr ExpressionParser::sequence_literal() {
    auto made = node(Expression::Kind::list);
    expect_symbol("[");
    while (!at_symbol("]")) {
        if (!made->children.empty()) expect_symbol(",");
        if (at_symbol("]")) break;
        made->children.push_back(expression());
    }
    expect_symbol("]");
    return made;
}

ExpressionPtr ExpressionParser::dict_literal() {
    auto made = node(Expression::Kind::dict);
    expect_symbol("{");
    while (!at_symbol("}")) {
        if (!made->children.empty()) expect_symbol(",");
        if (at_symbol("}")) break;
        made->children.push_back(expression());
        expect_symbol(":");
        made->children.push_back(expression());
    }
    expect_symbol("}");
    return made;
}

ExpressionPtr ExpressionParser::postfix(ExpressionPtr made) {
    while (true) {
        if (at_symbol(".") || at_symbol("["))
            made = subscript(std::move(made));
        else if (at_symbol("("))
            made = call(std::move(made));
        else
            return made;
    }
}

ExpressionPtr ExpressionParser::filters_and_tests(ExpressionPtr made) {
    while (true) {
        if (at_symbol("|"))
            made = filter_chain(std::move(made), false);
        else if (at_name("is"))
            made = test(std::move(made));
        else if (at_symbol("("))
            made = call(std::move(made));
        else
            return made;
    }
}

ExpressionPtr ExpressionParser::subscript(ExpressionPtr object) {
    if (skip_symbol(".")) {
        if (now().kind == TokenKind::name) {
            auto made = node(Expression::Kind::attribute, take().text);
            words_.insert(made->text);
            made->children.push_back(std::move(object));
            return made;
        }
        if (now().kind != TokenKind::integer) fail("expected name or number, got " + found());
        auto made = node(Expression::Kind::item);
        made->children.push_back(std::move(object));
        made->children.push_back(constant(integer(take().text)));
        return made;
    }
    expect_symbol("[");
    std::vector<ExpressionPtr> parts;
    while (!at_symbol("]")) {
        if (!parts.empty()) expect_symbol(",");
        parts.push_back(subscribed(parts.empty() ? &object : nullptr));
    }
    expect_symbol("]");
    if (!object && parts.size() > 1) fail("a slice cannot be part of a tuple subscript");
    if (parts.size() == 1 && parts[0]->kind == Expression::Kind::slice) return std::move(parts[0]);
    auto made = node(Expression::Kind::item);
    made->children.push_back(std::move(object));
    if (parts.size() == 1) {
        made->children.push_back(std::move(parts[0]));
    } else {
        auto tuple = node(Expression::Kind::tuple);
        tuple->children = std::move(parts);
        made->children.push_back(std::move(tuple));
    }
    return made;
}

ExpressionPtr ExpressionParser::subscribed(ExpressionPtr* object) {
    ExpressionPtr start;
    if (!at_symbol(":")) {
        start = expression();
        if (!at_symbol(":")) return start;
    }
    if (!object) fail("a slice cannot be part of a tuple subscript");
    auto made = node(Expression::Kind::slice);
    made->children.push_back(std::move(*object));
    made->children.push_back(std::move(start));
    for (int i = 0; i < 2; ++i)
        made->children.push_back(skip_symbol(":") && !at_symbol(":") && !at_symbol("]") && !at_symbol(",")
                                     ? expression()
                                     : nullptr);
    return made;
}

CallArguments ExpressionParser::arguments() {
    CallArguments list;
    expect_symbol("(");
    bool first = true;
    while (!at_symbol(")")) {
        if (!first) {
            expect_symbol(",");
            if (at_symbol(")")) break;
        }
        first = false;
        if (skip_symbol("**")) {
            list.keyword_spread = expression();
        } else if (skip_symbol("*")) {
            list.spread = expression();
        } else if (now().kind == TokenKind::name && ahead().is(TokenKind::symbol, "=")) {
            std::string name = take().text;
            take();
            list.keyword.emplace_back(std::move(name), expression());
        } else {
            if (!list.keyword.empty() || list.spread || list.keyword_spread)
                fail("invalid syntax for function call expression");
            list.positional.push_back(expression());
        }
    }
    expect_symbol(")");
    return list;
}

ExpressionPtr ExpressionParser::call(ExpressionPtr callee) {
    auto made = node(Expression::Kind::call);
    made->arguments = arguments();
    made->children.push_back(std::move(callee));
    return made;
}

ExpressionPtr ExpressionParser::filter_chain(ExpressionPtr input, bool start_inline) {
    while (at_symbol("|") || start_inline) {
        if (!start_inline) take();
        start_inline = false;
        std::string name = expect_name();
        while (skip_symbol(".")) name += "." + expect_name();
        auto made = node(Expression::Kind::filter, std::move(name));
        if (at_symbol("(")) made->arguments = arguments();
        made->children.push_back(std::move(input));
        input = std::move(made);
    }
    return input;
}

ExpressionPtr ExpressionParser::test(ExpressionPtr input) {
    take();  // is
    const bool negated = skip_name("not");
    std::string name = expect_name();
    while (skip_symbol(".")) name += "." + expect_name();
    auto made = node(Expression::Kind::test, std::move(name));
    made->children.push_back(std::move(input));
    if (at_symbol("(")) {
        made->arguments = arguments();
    } else if (now().kind == TokenKind::name || now().kind == TokenKind::string ||
               now().kind == TokenKind::integer || now().kind == TokenKind::real || at_symbol("[") ||
               at_symbol("{")) {
        if (at_name("is")) fail("You cannot chain multiple tests with is");
        if (!at_name("else") && !at_name("or") && !at_name("and"))
            made->arguments.positional.push_back(postfix(primary()));
    }
    if (!negated) return made;
    auto inverse = node(Expression::Kind::logical_not);
    inverse->children.push_back(std::move(made));
    return inverse;
}

}  // namespace pellucid::jinja
