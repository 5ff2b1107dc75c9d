#include "engine/text/jinja/lexer.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "engine/text/jinja/unicode.h"
#include "engine/text/jinja/value.h"

namespace pellucid::jinja {
namespace {

bool is_white(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_name_start(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_name_part(char c) {
    return is_name_start(c) || std::isdigit(static_cast<unsigned char>(c));
}

std::string normalized(std::string_view source) {
    std::string out;
    out.reserve(source.size());
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i] == '\r') {
            out += '\n';
            if (i + 1 < source.size() && source[i + 1] == '\n') ++i;
        } else {
            out += source[i];
        }
    }
    if (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
}

class Lexer {
public:
    explicit Lexer(std::string_view source) : text_(normalized(source)) {}

    std::vector<Token> run() {
        while (at_ < text_.size()) root();
        tokens_.push_back({TokenKind::end, "", line_});
        return std::move(tokens_);
    }

private:
    [[noreturn]] void fail(std::string message) const { throw TemplateFailure{std::move(message), line_}; }

    bool here(std::string_view wanted) const { return text_.compare(at_, wanted.size(), wanted) == 0; }

    void advance(std::size_t count) {
        line_ += static_cast<int>(std::count(text_.begin() + static_cast<long>(at_),
                                             text_.begin() + static_cast<long>(at_ + count), '\n'));
        if (count) line_starting_ = text_[at_ + count - 1] == '\n';
        at_ += count;
    }

    void push(TokenKind kind, std::string text = {}) { tokens_.push_back({kind, std::move(text), line_}); }

    /// Data up to the next opening delimiter, cut as the delimiter's sign and lstrip_blocks say.
    void root() {
        std::size_t open = at_;
        while (true) {
            open = text_.find('{', open);
            if (open == std::string::npos || open + 1 >= text_.size()) {
                emit_data(text_.size(), text_.size());
                return;
            }
            const char next = text_[open + 1];
            if (next == '{' || next == '%' || next == '#') break;
            ++open;
        }
        const char kind = text_[open + 1];
        const char sign = open + 2 < text_.size() ? text_[open + 2] : '\0';
        std::size_t data_end = open;
        if (sign == '-') {
            while (data_end > at_ && is_white(text_[data_end - 1])) --data_end;
        } else if (sign != '+' && kind != '{') {
            const auto newline = open > at_ ? text_.rfind('\n', open - 1) : std::string::npos;
            const bool found = newline != std::string::npos && newline >= at_;
            const std::size_t line_start = found ? newline + 1 : at_;
            if ((found || line_starting_) && std::all_of(text_.begin() + static_cast<long>(line_start),
                                                         text_.begin() + static_cast<long>(open), is_white))
                data_end = line_start;
        }
        emit_data(data_end, open);
        const std::size_t signed_length = sign == '-' || sign == '+' ? 3 : 2;
        if (kind == '#') {
            comment(signed_length);
        } else if (kind == '%' && raw_begins(signed_length)) {
            raw_block();
        } else {
            push(kind == '%' ? TokenKind::block_begin : TokenKind::variable_begin);
            advance(kind == '{' && sign == '+' ? 2 : signed_length);
            inside(kind == '%');
        }
    }

    void emit_data(std::size_t data_end, std::size_t skip_to) {
        if (data_end > at_) push(TokenKind::data, text_.substr(at_, data_end - at_));
        advance(skip_to - at_);
    }

    /// After a tag that ends with "%}" or "#}": the sign's own rule, else trim_blocks.
    std::size_t closing_length(std::size_t position, std::string_view close) const {
        if (text_[position] == '-') {
            std::size_t end = position + 1 + close.size();
            while (end < text_.size() && is_white(text_[end])) ++end;
            return end - position;
        }
        if (text_[position] == '+') return 1 + close.size();
        const std::size_t end = position + close.size();
        return close.size() + (close != "}}" && end < text_.size() && text_[end] == '\n' ? 1 : 0);
    }

    void comment(std::size_t open_length) {
        const auto close = text_.find("#}", at_ + open_length);
        if (close == std::string::npos) fail("Missing end of comment tag");
        std::size_t sign = close;
        if (close > at_ + open_length && (text_[close - 1] == '-' || text_[close - 1] == '+'))
            sign = close - 1;
        advance(sign - at_);
        advance(closing_length(at_, "#}"));
    }

    bool raw_begins(std::size_t open_length) {
        std::size_t i = at_ + open_length;
        while (i < text_.size() && is_white(text_[i])) ++i;
        if (text_.compare(i, 3, "raw") != 0) return false;
        i += 3;
        while (i < text_.size() && is_white(text_[i])) ++i;
        std::size_t sign = i;
        if (i < text_.size() && (text_[i] == '-' || text_[i] == '+')) ++i;
        if (text_.compare(i, 2, "%}") != 0) return false;
        advance(sign - at_);
        // "{% raw %}" itself trims only with a minus, or its newline by trim_blocks.
        advance(closing_length(at_, "%}"));
        return true;
    }

    void raw_block() {
        for (std::size_t open = at_;;) {
            open = text_.find("{%", open);
            if (open == std::string::npos) fail("Missing end of raw directive");
            std::size_t i = open + 2;
            const char sign = i < text_.size() ? text_[i] : '\0';
            if (sign == '-' || sign == '+') ++i;
            while (i < text_.size() && is_white(text_[i])) ++i;
            if (text_.compare(i, 6, "endraw") != 0) {
                ++open;
                continue;
            }
            i += 6;
            while (i < text_.size() && is_white(text_[i])) ++i;
            const std::size_t close = i;
            if (i < text_.size() && (text_[i] == '-' || text_[i] == '+')) ++i;
            if (text_.compare(i, 2, "%}") != 0) {
                ++open;
                continue;
            }
            std::size_t data_end = open;
            if (sign == '-') {
                while (data_end > at_ && is_white(text_[data_end - 1])) --data_end;
            } else if (sign != '+') {
                const auto newline = open > at_ ? text_.rfind('\n', open - 1) : std::string::npos;
                const bool found = newline != std::string::npos && newline >= at_;
                const std::size_t line_start = found ? newline + 1 : at_;
                if ((found || line_starting_) &&
                    std::all_of(text_.begin() + static_cast<long>(line_start),
                                text_.begin() + static_cast<long>(open), is_white))
                    data_end = line_start;
            }
            emit_data(data_end, close);
            advance(closing_length(at_, "%}"));
            return;
        }
    }

    void inside(bool block) {
        const std::string_view close = block ? "%}" : "}}";
        std::vector<char> open_brackets;
        while (true) {
            while (at_ < text_.size() && is_white(text_[at_])) advance(1);
            if (at_ >= text_.size())
                fail(block ? "unexpected end of template inside a block"
                           : "unexpected end of template inside an expression");
            const char c = text_[at_];
            if (open_brackets.empty()) {
                const bool sign = (c == '-' || (block && c == '+')) && text_.compare(at_ + 1, 2, close) == 0;
                if (sign || here(close)) {
                    push(block ? TokenKind::block_end : TokenKind::variable_end);
                    advance(closing_length(at_, close));
                    return;
                }
            }
            if (is_name_start(c))
                name();
            else if (std::isdigit(static_cast<unsigned char>(c)))
                number();
            else if (c == '"' || c == '\'')
                string(c);
            else
                symbol(open_brackets);
        }
    }

    void name() {
        std::size_t end = at_;
        while (end < text_.size() && is_name_part(text_[end])) ++end;
        push(TokenKind::name, text_.substr(at_, end - at_));
        advance(end - at_);
    }

    void number() {
        std::size_t end = at_;
        const auto digits = [&](auto&& accepts) {
            while (end < text_.size() &&
                   (accepts(text_[end]) ||
                    (text_[end] == '_' && end + 1 < text_.size() && accepts(text_[end + 1]))))
                ++end;
        };
        const auto decimal = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
        bool real = false;
        if (text_[at_] == '0' && at_ + 1 < text_.size() &&
            std::string_view("xXoObB").find(text_[at_ + 1]) != std::string_view::npos) {
            end += 2;
            digits([](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
        } else {
            digits(decimal);
            // "1.5" is a number, "1.foo" is not, and neither is the second dot of "a.1.2".
            const bool after_dot = at_ > 0 && text_[at_ - 1] == '.';
            if (!after_dot && end + 1 < text_.size() && text_[end] == '.' && decimal(text_[end + 1])) {
                real = true;
                ++end;
                digits(decimal);
            }
            if (!after_dot && end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
                std::size_t exponent = end + 1;
                if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-')) ++exponent;
                if (exponent < text_.size() && decimal(text_[exponent])) {
                    real = true;
                    end = exponent;
                    digits(decimal);
                }
            }
        }
        std::string digits_text = text_.substr(at_, end - at_);
        std::erase(digits_text, '_');
        push(real ? TokenKind::real : TokenKind::integer, std::move(digits_text));
        advance(end - at_);
    }

    void string(char quote) {
        std::size_t end = at_ + 1;
        while (end < text_.size() && text_[end] != quote) end += text_[end] == '\\' ? 2 : 1;
        if (end >= text_.size()) fail("unexpected end of a string");
        push(TokenKind::string, unescaped(text_.substr(at_ + 1, end - at_ - 1)));
        advance(end + 1 - at_);
    }

    std::string unescaped(std::string_view raw) const {
        std::string out;
        for (std::size_t i = 0; i < raw.size(); ++i) {
            if (raw[i] != '\\' || i + 1 >= raw.size()) {
                out += raw[i];
                continue;
            }
            const char c = raw[++i];
            const auto hex = [&](std::size_t count) {
                if (i + count >= raw.size()) fail("truncated escape in a string");
                char32_t value = 0;
                for (std::size_t k = 1; k <= count; ++k) {
                    const char digit = raw[i + k];
                    if (!std::isxdigit(static_cast<unsigned char>(digit)))
                        fail("malformed escape in a string");
                    value = value * 16 + static_cast<char32_t>(std::isdigit(static_cast<unsigned char>(digit))
                                                                   ? digit - '0'
                                                                   : (digit | 32) - 'a' + 10);
                }
                i += count;
                if (value > 0x10FFFF) fail("illegal Unicode character in a string");
                append_utf8(out, value);
            };
            switch (c) {
                case 'n':
                    out += '\n';
                    break;
                case 't':
                    out += '\t';
                    break;
                case 'r':
                    out += '\r';
                    break;
                case 'b':
                    out += '\b';
                    break;
                case 'f':
                    out += '\f';
                    break;
                case 'v':
                    out += '\v';
                    break;
                case 'a':
                    out += '\a';
                    break;
                case '\\':
                case '\'':
                case '"':
                    out += c;
                    break;
                case '\n':
                    break;
                case 'x':
                    hex(2);
                    break;
                case 'u':
                    hex(4);
                    break;
                case 'U':
                    hex(8);
                    break;
                case '0':
                case '1':
                case '2':
                case '3':
                case '4':
                case '5':
                case '6':
                case '7': {
                    char32_t value = 0;
                    std::size_t k = 0;
                    for (; k < 3 && i + k < raw.size() && raw[i + k] >= '0' && raw[i + k] <= '7'; ++k)
                        value = value * 8 + static_cast<char32_t>(raw[i + k] - '0');
                    i += k - 1;
                    append_utf8(out, value);
                    break;
                }
                default:
                    out += '\\';
                    out += c;
            }
        }
        return out;
    }

    void symbol(std::vector<char>& open_brackets) {
        static constexpr std::array<std::string_view, 26> kSymbols = {
            "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[",
            "]",  "(",  ")",  "{",  "}",  ">",  "<", "=", ".", ":", "|", ",", ";"};
        for (const auto candidate : kSymbols) {
            if (!here(candidate)) continue;
            const char c = candidate[0];
            if (c == '(' || c == '[' || c == '{') {
                open_brackets.push_back(c == '(' ? ')' : c == '[' ? ']' : '}');
            } else if (c == ')' || c == ']' || c == '}') {
                if (open_brackets.empty()) fail(std::string("unexpected '") + c + "'");
                if (open_brackets.back() != c)
                    fail(std::string("unexpected '") + c + "', expected '" + open_brackets.back() + "'");
                open_brackets.pop_back();
            }
            push(TokenKind::symbol, std::string(candidate));
            advance(candidate.size());
            return;
        }
        fail(std::string("unexpected char '") + text_[at_] + "'");
    }

    std::string text_;
    std::size_t at_ = 0;
    int line_ = 1;
    bool line_starting_ = true;
    std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenize(std::string_view source) {
    return Lexer(source).run();
}

}  // namespace pellucid::jinja
