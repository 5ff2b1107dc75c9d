#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <set>

#include "engine/text/jinja/ast.h"
#include "engine/text/jinja/lexer.h"

namespace pellucid::jinja {
namespace {

using Words = std::vector<std::string_view>;

/// Recursive descent over the token list; one method a rule of jinja2's grammar.
class Parser {
public:
    Parser(std::vector<Token> tokens, std::size_t max_depth)
        : tokens_(std::move(tokens)), max_depth_(max_depth) {}

    Template run() {
        Template result;
        result.body = body({}, "");
        result.words.assign(words_.begin(), words_.end());
        return result;
    }

private:
    // ---- tokens ----
    const Token& now() const { return tokens_[at_]; }
    const Token& ahead() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
    Token take() { return at_ + 1 < tokens_.size() ? tokens_[at_++] : tokens_[at_]; }
    bool at_symbol(std::string_view text) const { return now().is(TokenKind::symbol, text); }
    bool at_name(std::string_view text) const { return now().is(TokenKind::name, text); }
    bool skip_symbol(std::string_view text) { return at_symbol(text) && (take(), true); }
    bool skip_name(std::string_view text) { return at_name(text) && (take(), true); }

    [[noreturn]] void fail(std::string message) const {
        throw TemplateFailure{std::move(message), now().line};
    }
    std::string found() const {
        switch (now().kind) {
            case TokenKind::end:
                return "end of template";
            case TokenKind::block_end:
                return "end of statement block";
            case TokenKind::variable_end:
                return "end of print statement";
            default:
                return "'" + now().text + "'";
        }
    }
    void expect_symbol(std::string_view text) {
        if (!skip_symbol(text)) fail("expected token '" + std::string(text) + "', got " + found());
    }
    std::string expect_name() {
        if (now().kind != TokenKind::name) fail("expected a name, got " + found());
        return take().text;
    }
    void expect(TokenKind kind, const char* what) {
        if (now().kind != kind) fail(std::string("expected ") + what + ", got " + found());
        take();
    }

    struct Depth {
        explicit Depth(Parser& owner) : parser(owner) {
            if (++parser.depth_ > parser.max_depth_)
                parser.fail("the template nests deeper than the limit of " +
                            std::to_string(parser.max_depth_));
        }
        ~Depth() { --parser.depth_; }
        Parser& parser;
    };

    ExpressionPtr node(Expression::Kind kind, std::string text = {}) const {
        auto made = std::make_unique<Expression>();
        made->kind = kind;
        made->line = now().line;
        made->text = std::move(text);
        return made;
    }

    // ---- statements ----
    /// Statements up to a block tag whose name is one of `ends` (left as the current token, after
    /// block_begin).
    Body body(const Words& ends, std::string_view opened_by) {
        Depth depth(*this);
        Body statements;
        while (true) {
            switch (now().kind) {
                case TokenKind::end:
                    if (!ends.empty())
                        fail("Unexpected end of template: '" + std::string(opened_by) + "' is not closed");
                    return statements;
                case TokenKind::data: {
                    auto made = statement(Statement::Kind::data);
                    made->text = take().text;
                    statements.push_back(std::move(made));
                    break;
                }
                case TokenKind::variable_begin: {
                    take();
                    auto made = statement(Statement::Kind::output);
                    made->expression = tuple_or_expression(true);
                    expect(TokenKind::variable_end, "'}}'");
                    statements.push_back(std::move(made));
                    break;
                }
                case TokenKind::block_begin: {
                    take();
                    if (now().kind != TokenKind::name) fail("tag name expected");
                    if (std::find(ends.begin(), ends.end(), now().text) != ends.end()) return statements;
                    if (auto made = tag()) statements.push_back(std::move(made));
                    break;
                }
                default:
                    fail("unexpected " + found());
            }
        }
    }

    std::unique_ptr<Statement> statement(Statement::Kind kind) const {
        auto made = std::make_unique<Statement>();
        made->kind = kind;
        made->line = now().line;
        return made;
    }

    void block_end() { expect(TokenKind::block_end, "'%}'"); }

    /// The body of a tag that ends with `end`, through the end tag.
    Body body_until(std::string_view end, std::string_view opened_by) {
        block_end();
        Body inner = body({end}, opened_by);
        take();
        block_end();
        return inner;
    }

    std::unique_ptr<Statement> tag() {
        const std::string name = take().text;
        if (name == "if") return if_tag();
        if (name == "for") return for_tag();
        if (name == "set") return set_tag();
        if (name == "macro") return macro_tag();
        if (name == "call") return call_tag();
        if (name == "with") return with_tag();
        if (name == "filter") {
            auto made = statement(Statement::Kind::filter_block);
            made->expression = filter_chain(nullptr, true);
            made->body = body_until("endfilter", name);
            return made;
        }
        if (name == "break" || name == "continue") {
            if (loops_ == 0) fail("'" + name + "' outside loop");
            auto made = statement(name == "break" ? Statement::Kind::break_ : Statement::Kind::continue_);
            block_end();
            return made;
        }
        if (name == "generation") {
            auto made = statement(Statement::Kind::scope);
            made->body = body_until("endgeneration", name);
            return made;
        }
        if (name == "block") {
            auto made = statement(Statement::Kind::scope);
            expect_name();
            while (now().kind == TokenKind::name) take();  // scoped, required
            block_end();
            made->body = body({"endblock"}, name);
            take();
            if (now().kind == TokenKind::name) take();
            block_end();
            return made;
        }
        if (name == "print") {
            auto made = statement(Statement::Kind::output);
            made->expression = tuple_or_expression(true);
            block_end();
            return made;
        }
        if (name == "include" || name == "import" || name == "from" || name == "extends")
            fail("'" + name + "' needs a template loader, which chat templates do not have");
        fail("Encountered unknown tag '" + name + "'");
    }

    std::unique_ptr<Statement> if_tag() {
        auto made = statement(Statement::Kind::if_);
        while (true) {
            auto condition = tuple_or_expression(false);
            block_end();
            Body inner = body({"elif", "else", "endif"}, "if");
            made->branches.emplace_back(std::move(condition), std::move(inner));
            const std::string next = take().text;
            if (next == "elif") continue;
            if (next == "else") {
                block_end();
                made->else_body = body({"endif"}, "if");
                take();
            }
            block_end();
            return made;
        }
    }

    std::unique_ptr<Statement> for_tag() {
        auto made = statement(Statement::Kind::for_);
        made->target = target_list(true);
        if (!skip_name("in")) fail("expected 'in', got " + found());
        made->expression = tuple_or_expression(false, {"recursive", "if"});
        if (skip_name("if")) made->condition = expression();
        made->recursive = skip_name("recursive");
        block_end();
        const bool outer = std::exchange(macro_seen_, false);
        ++loops_;
        made->body = body({"endfor", "else"}, "for");
        --loops_;
        if (take().text == "else") {
            block_end();
            made->else_body = body({"endfor"}, "for");
            take();
        }
        block_end();
        made->defines_macro = macro_seen_;
        macro_seen_ = macro_seen_ || outer;
        return made;
    }

    std::unique_ptr<Statement> set_tag() {
        auto made = statement(Statement::Kind::set);
        made->target = target_list(false);
        if (skip_symbol("=")) {
            made->expression = tuple_or_expression(true);
            block_end();
            return made;
        }
        made->kind = Statement::Kind::set_block;
        if (!made->target.parts.empty()) fail("a block assignment has one target");
        if (at_symbol("|")) made->expression = filter_chain(nullptr, false);
        made->body = body_until("endset", "set");
        return made;
    }

    std::vector<Parameter> parameters() {
        std::vector<Parameter> list;
        expect_symbol("(");
        while (!at_symbol(")")) {
            if (!list.empty()) expect_symbol(",");
            if (at_symbol(")")) break;
            Parameter parameter;
            parameter.name = expect_name();
            if (skip_symbol("="))
                parameter.fallback = expression();
            else if (!list.empty() && list.back().fallback)
                fail("non-default argument follows default argument");
            list.push_back(std::move(parameter));
        }
        expect_symbol(")");
        return list;
    }

    std::unique_ptr<Statement> macro_tag() {
        auto made = statement(Statement::Kind::macro);
        made->text = expect_name();
        made->parameters = parameters();
        macro_body(*made, "endmacro", "macro");
        return made;
    }

    std::unique_ptr<Statement> call_tag() {
        auto made = statement(Statement::Kind::call_block);
        if (at_symbol("(")) made->parameters = parameters();
        made->expression = expression();
        if (made->expression->kind != Expression::Kind::call) fail("expected call");
        macro_body(*made, "endcall", "call");
        return made;
    }

    /// A macro's body; notes which of varargs, kwargs and caller it reads, since only then may a call pass
    /// them.
    void macro_body(Statement& made, std::string_view end, std::string_view opened_by) {
        const int outer_loops = std::exchange(loops_, 0);
        auto outer = std::exchange(names_read_, {});
        macro_seen_ = false;
        made.body = body_until(end, opened_by);
        made.defines_macro = macro_seen_;
        made.uses_varargs = names_read_.contains("varargs");
        made.uses_kwargs = names_read_.contains("kwargs");
        made.uses_caller = names_read_.contains("caller");
        names_read_.merge(outer);
        loops_ = outer_loops;
        macro_seen_ = true;
    }

    std::unique_ptr<Statement> with_tag() {
        auto made = statement(Statement::Kind::with);
        while (now().kind != TokenKind::block_end) {
            if (!made->assignments.empty()) expect_symbol(",");
            Target target = single_target(false);
            expect_symbol("=");
            made->assignments.emplace_back(std::move(target), expression());
        }
        made->body = body_until("endwith", "with");
        return made;
    }

    Target single_target(bool with_namespace) {
        Depth depth(*this);
        Target target;
        if (skip_symbol("(")) {
            target = target_list(false);
            expect_symbol(")");
            return target;
        }
        target.name = expect_name();
        static const std::set<std::string_view> kReserved = {"true", "false", "none",
                                                             "True", "False", "None"};
        if (kReserved.contains(target.name)) fail("can't assign to '" + target.name + "'");
        if (with_namespace && skip_symbol(".")) target.attribute = expect_name();
        return target;
    }

    Target target_list(bool in_for) {
        Target first = single_target(!in_for);
        if (!at_symbol(",")) return first;
        Target tuple;
        tuple.parts.push_back(std::move(first));
        while (skip_symbol(",")) {
            if (at_symbol("=") || at_name("in") || at_symbol(")")) break;
            tuple.parts.push_back(single_target(!in_for));
        }
        return tuple;
    }

    // ---- expressions ----
    bool tuple_ends(const Words& ends) const {
        if (now().kind == TokenKind::variable_end || now().kind == TokenKind::block_end || at_symbol(")"))
            return true;
        return now().kind == TokenKind::name && std::find(ends.begin(), ends.end(), now().text) != ends.end();
    }

    ExpressionPtr tuple_or_expression(bool with_conditional, const Words& ends = {},
                                      bool explicit_parentheses = false) {
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

    ExpressionPtr expression() {
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

    ExpressionPtr binary(std::string text, ExpressionPtr left, ExpressionPtr right) {
        auto made = node(Expression::Kind::binary, std::move(text));
        made->children.push_back(std::move(left));
        made->children.push_back(std::move(right));
        return made;
    }

    ExpressionPtr or_expression() {
        auto left = and_expression();
        while (skip_name("or")) left = binary("or", std::move(left), and_expression());
        return left;
    }

    ExpressionPtr and_expression() {
        auto left = not_expression();
        while (skip_name("and")) left = binary("and", std::move(left), not_expression());
        return left;
    }

    ExpressionPtr not_expression() {
        Depth depth(*this);
        if (!skip_name("not")) return comparison();
        auto made = node(Expression::Kind::logical_not);
        made->children.push_back(not_expression());
        return made;
    }

    ExpressionPtr comparison() {
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

    ExpressionPtr additive() {
        auto left = concatenation();
        while (at_symbol("+") || at_symbol("-")) {
            std::string text = take().text;
            left = binary(std::move(text), std::move(left), concatenation());
        }
        return left;
    }

    ExpressionPtr concatenation() {
        auto first = multiplicative();
        if (!at_symbol("~")) return first;
        auto made = node(Expression::Kind::concat);
        made->children.push_back(std::move(first));
        while (skip_symbol("~")) made->children.push_back(multiplicative());
        return made;
    }

    ExpressionPtr multiplicative() {
        auto left = power();
        while (at_symbol("*") || at_symbol("/") || at_symbol("//") || at_symbol("%")) {
            std::string text = take().text;
            left = binary(std::move(text), std::move(left), power());
        }
        return left;
    }

    ExpressionPtr power() {
        auto left = unary(true);
        while (skip_symbol("**")) left = binary("**", std::move(left), unary(true));
        return left;
    }

    ExpressionPtr unary(bool with_filter) {
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

    ExpressionPtr constant(Value value) {
        auto made = node(Expression::Kind::constant);
        made->value = std::move(value);
        return made;
    }

    ExpressionPtr primary() {
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

    Value integer(std::string_view text) const {
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

    ExpressionPtr sequence_literal() {
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

    ExpressionPtr dict_literal() {
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

    ExpressionPtr postfix(ExpressionPtr made) {
        while (true) {
            if (at_symbol(".") || at_symbol("["))
                made = subscript(std::move(made));
            else if (at_symbol("("))
                made = call(std::move(made));
            else
                return made;
        }
    }

    ExpressionPtr filters_and_tests(ExpressionPtr made) {
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

    ExpressionPtr subscript(ExpressionPtr object) {
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
        if (parts.empty()) fail("expected a subscript");
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

    /// One subscript. A slice takes the object with it.
    ExpressionPtr subscribed(ExpressionPtr* object) {
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

    CallArguments arguments() {
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

    ExpressionPtr call(ExpressionPtr callee) {
        auto made = node(Expression::Kind::call);
        made->arguments = arguments();
        made->children.push_back(std::move(callee));
        return made;
    }

    /// `| name(args) | name …` over `input`; with `start_inline` the first filter has no bar before it.
    ExpressionPtr filter_chain(ExpressionPtr input, bool start_inline) {
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

    ExpressionPtr test(ExpressionPtr input) {
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

    std::vector<Token> tokens_;
    std::size_t at_ = 0, depth_ = 0, max_depth_;
    int loops_ = 0;
    bool macro_seen_ = false;
    std::set<std::string> words_, names_read_;
};

}  // namespace

Template parse(std::string_view source, std::size_t max_depth) {
    return Parser(tokenize(source), max_depth).run();
}

}  // namespace pellucid::jinja
