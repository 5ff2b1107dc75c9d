#include "tests/bench/ui/long_answer.h"

#include <array>
#include <cstdint>

#include "engine/runtime/mock_script.h"

namespace pellucid::bench {

namespace {

constexpr std::array kWords = {"the",     "of",    "and",     "a",       "to",       "in",     "is",
                               "that",    "it",    "for",     "with",    "as",       "this",   "value",
                               "each",    "step",  "from",    "result",  "we",       "can",    "when",
                               "number",  "so",    "follows", "because", "length",   "point",  "between",
                               "sum",     "term",  "example", "small",   "function", "change", "table",
                               "measure", "first", "second",  "larger",  "depends"};

class Writer {
public:
    std::string part(int kind) {
        switch (kind) {
            case 0:
                return sentence(24) + " It is **" + words(2) + "** that `" + name() + "` says.\n\n";
            case 1:
                return list();
            case 2:
                return code();
            case 3:
                return sentence(12) + " Here $" + formula() + "$ " + words(9) + ".\n\n";
            case 4:
                return "$$\\sum_{i=" + number() + "}^{n} " + formula() + " = \\frac{n(n+" + number() +
                       ")}{2}$$\n\n";
            case 5:
                return table();
            default:
                return "### " + words(4) + "\n\n";
        }
    }

private:
    std::uint32_t next(std::uint32_t below) {
        state_ = state_ * 1664525u + 1013904223u;
        return (state_ >> 8) % below;
    }
    std::string number() { return std::to_string(next(100)); }
    std::string name() { return std::string(kWords[next(kWords.size())]) + "_" + number(); }
    std::string words(int count) {
        std::string text;
        for (int i = 0; i < count; ++i) text += std::string(i > 0 ? " " : "") + kWords[next(kWords.size())];
        return text;
    }
    std::string sentence(int count) {
        std::string text = words(count);
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
        return text + '.';
    }
    std::string formula() {
        return "x_{" + number() + "}^2 + " + number() + "\\,y = \\sqrt{r + " + number() + "}";
    }
    std::string list() {
        std::string text;
        for (int i = 1; i <= 3; ++i) text += (next(2) ? "- " : std::to_string(i) + ". ") + words(8) + "\n";
        return text + "\n";
    }
    std::string code() {
        return "```python\nfor i in range(" + number() + "):\n    total = total + i * " + number() + "  # " +
               words(3) + "\nprint(total, \"" + words(2) + "\")\n```\n\n";
    }
    std::string table() {
        std::string text = "| " + words(1) + " | " + words(1) + " | count |\n|---|---|---:|\n";
        for (int row = 0; row < 4; ++row)
            text += "| " + words(2) + " | " + words(3) + " | " + number() + " |\n";
        return text + "\n";
    }

    std::uint32_t state_ = 1;
};

}  // namespace

std::string longAnswer(int tokens) {
    Writer writer;
    std::string text;
    for (int part = 0, count = 0; count < tokens; ++part) {
        const std::string added = writer.part(part % 7);
        count += static_cast<int>(mock_tokens(added).size());
        text += added;
    }
    // The tokens of the whole differ a little from the sum of its parts': cut to the number asked for.
    const auto pieces = mock_tokens(text);
    if (static_cast<int>(pieces.size()) > tokens)
        text.resize(static_cast<std::size_t>(pieces[static_cast<std::size_t>(tokens)].data() - text.data()));
    return text;
}

}  // namespace pellucid::bench
