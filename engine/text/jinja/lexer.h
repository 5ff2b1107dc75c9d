// Template source to tokens, with jinja2's whitespace rules as transformers sets them: trim_blocks and
// lstrip_blocks on, one trailing newline of the source dropped, newlines normalised to "\n".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pellucid::jinja {

enum class TokenKind {
    data,
    block_begin,
    block_end,
    variable_begin,
    variable_end,
    name,
    string,
    integer,
    real,
    symbol,
    end
};

struct Token {
    TokenKind kind = TokenKind::end;
    std::string text;  ///< data, name, decoded string, number as written without underscores, operator
    int line = 1;

    bool is(TokenKind wanted, std::string_view wanted_text) const {
        return kind == wanted && text == wanted_text;
    }
};

/// Raises TemplateFailure on what jinja2 calls a syntax error.
std::vector<Token> tokenize(std::string_view source);

}  // namespace pellucid::jinja
