#include <algorithm>
#include <set>

#include "engine/text/jinja/expression_parser.h"

namespace pellucid::jinja {
namespace {

/// Statements of a template, by recursive descent; one method a tag.
class Parser : ExpressionParser {
public:
    Parser(std::vector<Token> tokens, std::size_t max_depth)
        : ExpressionParser(std::move(tokens), max_depth) {}

    Template run() {
        Template result;
        result.body = body({}, "");
        result.words.assign(words_.begin(), words_.end());
        return result;
    }

private:
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

    int loops_ = 0;
    bool macro_seen_ = false;
};

}  // namespace

Template parse(std::string_view source, std::size_t max_depth) {
    return Parser(tokenize(source), max_depth).run();
}

}  // namespace pellucid::jinja
