#include "app/catalogue/model_name.h"

#include "engine/base/ascii.h"

namespace pellucid::catalogue {

namespace {

/// "SmolLM2-135M Instruct.Q4_1" and "smollm2 135m instruct q4-1" are one name.
std::string plain(const std::string& name) {
    std::string text;
    for (const char c : name)
        if (c != ' ' && c != '.' && c != '-' && c != '_') text += ascii_lower(c);
    return text;
}

}  // namespace

std::vector<std::size_t> named(const std::vector<std::string>& names, const std::string& wanted) {
    const std::string name = plain(wanted);
    std::vector<std::size_t> whole, begun;
    if (name.empty()) return whole;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string candidate = plain(names[i]);
        if (candidate == name) whole.push_back(i);
        if (candidate.starts_with(name)) begun.push_back(i);
    }
    return whole.empty() ? begun : whole;
}

}  // namespace pellucid::catalogue
