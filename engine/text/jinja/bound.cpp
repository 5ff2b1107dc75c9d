#include <algorithm>

#include "engine/text/jinja/interpreter.h"

namespace pellucid::jinja {

Bound::Bound(std::string_view function, Arguments& arguments, std::initializer_list<std::string_view> names,
             std::size_t required)
    : function_(function), values_(names.size()) {
    if (arguments.positional.size() > names.size())
        raise(function_ + "() takes at most " + std::to_string(names.size()) + " arguments (" +
              std::to_string(arguments.positional.size()) + " given)");
    for (std::size_t i = 0; i < arguments.positional.size(); ++i)
        values_[i] = std::make_shared<Value>(arguments.positional[i]);
    for (const auto& [name, value] : arguments.keyword) {
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end()) raise(function_ + "() got an unexpected keyword argument '" + name + "'");
        auto& slot = values_[static_cast<std::size_t>(found - names.begin())];
        if (slot) raise(function_ + "() got multiple values for argument '" + name + "'");
        slot = std::make_shared<Value>(value);
    }
    for (std::size_t i = 0; i < required; ++i)
        if (!values_[i])
            raise(function_ + "() missing a required argument: '" + std::string(names.begin()[i]) + "'");
}

std::int64_t Bound::integer(std::size_t index, std::int64_t fallback) const {
    if (!has(index)) return fallback;
    if (!get(index)->is_integer() && !get(index)->is_bool())
        raise("'" + get(index)->type_name() + "' object cannot be interpreted as an integer");
    return get(index)->integer();
}

std::string Bound::text(std::size_t index, std::string fallback) const {
    if (!has(index)) return fallback;
    if (const auto* text = get(index)->text()) return *text;
    raise(function_ + "() argument must be str, not " + get(index)->type_name());
}

}  // namespace pellucid::jinja
