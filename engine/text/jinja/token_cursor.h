// A place in a token list: looking, taking, and complaining in jinja2's words. The parsers stand on it.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/text/jinja/ast.h"
#include "engine/text/jinja/lexer.h"

namespace pellucid::jinja {

class TokenCursor {
protected:
    /// `tokens` ends with TokenKind::end. `max_depth` bounds how deep Depth objects nest.
    TokenCursor(std::vector<Token> tokens, std::size_t max_depth)
        : tokens_(std::move(tokens)), max_depth_(max_depth) {}

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
        explicit Depth(TokenCursor& owner) : cursor(owner) {
            if (++cursor.depth_ > cursor.max_depth_)
                cursor.fail("the template nests deeper than the limit of " +
                            std::to_string(cursor.max_depth_));
        }
        ~Depth() { --cursor.depth_; }
        TokenCursor& cursor;
    };

    ExpressionPtr node(Expression::Kind kind, std::string text = {}) const {
        auto made = std::make_unique<Expression>();
        made->kind = kind;
        made->line = now().line;
        made->text = std::move(text);
        return made;
    }

private:
    std::vector<Token> tokens_;
    std::size_t at_ = 0, depth_ = 0, max_depth_;
};

}  // namespace pellucid::jinja
