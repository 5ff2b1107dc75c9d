// The filters, a table for each kind of value; Interpreter::filter() finds the one of a name.
#pragma once

#include <map>
#include <string_view>

#include "engine/text/jinja/interpreter.h"

namespace pellucid::jinja {

using Filter = Value (*)(Interpreter&, const Value&, Arguments&);
using FilterTable = std::map<std::string_view, Filter>;

const FilterTable& sequence_filters();
const FilterTable& number_filters();
const FilterTable& text_filters();

/// "a.b.0" looked up part by part, as item() does. No attribute: the value itself.
Value path(Interpreter& owner, Value value, const Value* attribute);

}  // namespace pellucid::jinja
