#include "engine/text/jinja/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/text/jinja/unicode.h"

namespace pellucid::jinja {

void raise(std::string message) {
    throw TemplateFailure{std::move(message), 0};
}

Value Object::call(Interpreter&, Arguments&) {
    raise("'" + type_name() + "' object is not callable");
}
bool Object::attribute(std::string_view, Value&) const {
    return false;
}

namespace {

constexpr int kDeepestNesting = 1000;
constexpr std::size_t kMostComparisons = 1u << 24;  // of one ==

int deepest(const List& items) {
    int nesting = 0;
    for (const Value& item : items) nesting = std::max(nesting, item.nesting());
    return nesting;
}

}  // namespace

void Value::deepen(int inside) {
    nesting_ = inside + 1;
    if (nesting_ > kDeepestNesting)
        raise("values nest deeper than " + std::to_string(kDeepestNesting) + " levels");
}

Value::Value(List list) {
    deepen(deepest(list));
    data = std::make_shared<const List>(std::move(list));
}

Value::Value(Dict dict) {
    int nesting = 0;
    for (const auto& [key, value] : dict.items())
        nesting = std::max({nesting, key.nesting(), value.nesting()});
    deepen(nesting);
    data = std::make_shared<const Dict>(std::move(dict));
}

Value Value::tuple(List items) {
    Value value;
    value.deepen(deepest(items));
    value.data = Tuple{std::make_shared<const List>(std::move(items))};
    return value;
}

Value Value::iterator(List items) {
    Value value;
    value.deepen(deepest(items));
    value.data = Iterator{std::make_shared<List>(std::move(items)), std::make_shared<bool>(false)};
    return value;
}

Value Value::view(const Value& mapping, DictView::Of of) {
    Value value;
    value.deepen(mapping.nesting());
    value.data = DictView{of, std::get<std::shared_ptr<const Dict>>(mapping.data), std::make_shared<int>()};
    return value;
}

List DictView::list() const {
    List list;
    list.reserve(dict->items().size());
    for (const auto& [key, value] : dict->items())
        list.push_back(of == Of::keys ? key : of == Of::values ? value : Value::tuple({key, value}));
    return list;
}

const Dict* Value::dict() const {
    const auto* held = as<std::shared_ptr<const Dict>>();
    return held ? held->get() : nullptr;
}

const List* Value::sequence() const {
    if (const auto* list = as<std::shared_ptr<const List>>()) return list->get();
    if (const auto* tuple = as<Tuple>()) return tuple->items.get();
    return nullptr;
}

Object* Value::object() const {
    const auto* held = as<std::shared_ptr<Object>>();
    return held ? held->get() : nullptr;
}

double Value::number() const {
    if (const auto* real = as<double>()) return *real;
    return static_cast<double>(integer());
}

std::int64_t Value::integer() const {
    if (const auto* flag = as<bool>()) return *flag ? 1 : 0;
    return std::get<std::int64_t>(data);
}

std::string Value::type_name() const {
    switch (data.index()) {
        case 0:
            return "Undefined";
        case 1:
            return "NoneType";
        case 2:
            return "bool";
        case 3:
            return "int";
        case 4:
            return "float";
        case 5:
            return "str";
        case 6:
            return "list";
        case 7:
            return "tuple";
        case 8:
            return "generator";
        case 9:
            return "dict";
        case 10: {
            const auto of = as<DictView>()->of;
            return of == DictView::Of::items  ? "dict_items"
                   : of == DictView::Of::keys ? "dict_keys"
                                              : "dict_values";
        }
        default:
            return object()->type_name();
    }
}

bool Value::truthy() const {
    if (is_undefined() || is_none()) return false;
    if (is_number()) return number() != 0;
    if (const auto* string = text()) return !string->empty();
    if (const auto* items = sequence()) return !items->empty();
    if (const auto* mapping = dict()) return !mapping->items().empty();
    if (const auto* view = as<DictView>()) return !view->dict->items().empty();
    return true;
}

std::string repr_of_float(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    char digits[64];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific).ptr;
    const std::string scientific(digits, end);
    const auto e = scientific.find('e');
    const int exponent = std::stoi(scientific.substr(e + 1));
    if (exponent < -4 || exponent >= 16) {
        std::string mantissa = scientific.substr(0, e);
        const int magnitude = std::abs(exponent);
        return mantissa + (exponent < 0 ? "e-" : "e+") + (magnitude < 10 ? "0" : "") +
               std::to_string(magnitude);
    }
    const auto fixed_end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed).ptr;
    std::string fixed(digits, fixed_end);
    if (fixed.find('.') == std::string::npos) fixed += ".0";
    return fixed;
}

std::string repr_of_text(std::string_view text) {
    const bool single = text.find('\'') != std::string_view::npos;
    const bool twice = text.find('"') != std::string_view::npos;
    const char quote = single && !twice ? '"' : '\'';
    std::string out(1, quote);
    for (const char32_t c : to_utf32(text)) {
        if (c == static_cast<char32_t>(quote) || c == U'\\') {
            out += '\\';
            out += static_cast<char>(c);
        } else if (c == U'\n') {
            out += "\\n";
        } else if (c == U'\r') {
            out += "\\r";
        } else if (c == U'\t') {
            out += "\\t";
        } else if (!is_printable(c)) {
            char buffer[16];
            std::snprintf(buffer, sizeof buffer,
                          c < 0x100     ? "\\x%02x"
                          : c < 0x10000 ? "\\u%04x"
                                        : "\\U%08x",
                          static_cast<unsigned>(c));
            out += buffer;
        } else {
            append_utf8(out, c);
        }
    }
    return out + quote;
}

std::string Value::str() const {
    if (is_undefined()) return {};
    if (const auto* string = text()) return *string;
    return repr();
}

namespace {

void append_repr(std::string& out, const Value& value) {
    if (out.size() > kLongestText) raise("a value's text is longer than 64 MiB");
    if (value.is_undefined()) {
        out += "Undefined";
    } else if (value.is_none()) {
        out += "None";
    } else if (const auto* flag = value.as<bool>()) {
        out += *flag ? "True" : "False";
    } else if (value.is_integer()) {
        out += std::to_string(value.integer());
    } else if (const auto* real = value.as<double>()) {
        out += repr_of_float(*real);
    } else if (const auto* string = value.text()) {
        out += repr_of_text(*string);
    } else if (const auto* items = value.sequence()) {
        const bool is_tuple = value.as<Tuple>() != nullptr;
        out += is_tuple ? '(' : '[';
        for (std::size_t i = 0; i < items->size(); ++i) {
            if (i) out += ", ";
            append_repr(out, (*items)[i]);
        }
        if (is_tuple && items->size() == 1) out += ',';
        out += is_tuple ? ')' : ']';
    } else if (const auto* mapping = value.dict()) {
        out += '{';
        bool first = true;
        for (const auto& [key, member] : mapping->items()) {
            if (!first) out += ", ";
            first = false;
            append_repr(out, key);
            out += ": ";
            append_repr(out, member);
        }
        out += '}';
    } else if (const auto* view = value.as<DictView>()) {
        out += value.type_name() + '(';
        append_repr(out, view->list());
        out += ')';
    } else {
        raise("a " + value.type_name() + " object has no text");
    }
}

}  // namespace

std::string Value::repr() const {
    std::string out;
    append_repr(out, *this);
    return out;
}

std::size_t Value::length() const {
    if (is_undefined()) return 0;
    if (const auto* string = text()) return code_points(*string);
    if (const auto* items = sequence()) return items->size();
    if (const auto* mapping = dict()) return mapping->items().size();
    if (const auto* view = as<DictView>()) return view->dict->items().size();
    if (auto* held = object()) {
        Value out;
        if (held->attribute("__len__", out)) return static_cast<std::size_t>(out.integer());
    }
    raise("object of type '" + type_name() + "' has no len()");
}

List Value::iterate() const {
    if (is_undefined()) return {};
    if (const auto* items = sequence()) return *items;
    if (const auto* string = text()) {
        List list;
        for (const char32_t c : to_utf32(*string)) list.emplace_back(to_utf8(c));
        return list;
    }
    if (const auto* mapping = dict()) {
        List keys;
        for (const auto& item : mapping->items()) keys.push_back(item.first);
        return keys;
    }
    if (const auto* view = as<DictView>()) return view->list();
    if (const auto* generator = as<Iterator>()) {
        if (*generator->consumed) return {};
        *generator->consumed = true;
        return *generator->items;
    }
    raise("'" + type_name() + "' object is not iterable");
}

const Value* Dict::find(std::string_view key) const {
    const auto found = by_text_.find(std::string(key));
    return found == by_text_.end() ? nullptr : &items_[found->second].second;
}

const Value* Dict::find(const Value& key) const {
    if (const auto* string = key.text()) return find(std::string_view(*string));
    for (const auto& [mine, value] : items_)
        if (!mine.is_string() && equal(mine, key)) return &value;
    return nullptr;
}

void Dict::set(Value key, Value value) {
    if (key.sequence() && !key.as<Tuple>()) raise("unhashable type: 'list'");
    if (key.dict()) raise("unhashable type: 'dict'");
    if (const auto* view = key.as<DictView>(); view && view->is_set())
        raise("unhashable type: '" + key.type_name() + "'");
    if (const Value* present = find(key)) {
        *const_cast<Value*>(present) = std::move(value);
        return;
    }
    if (const auto* string = key.text()) by_text_[*string] = items_.size();
    items_.emplace_back(std::move(key), std::move(value));
}

namespace {

bool equal_within(const Value& a, const Value& b, std::size_t& left_to_do);

bool view_contains(const DictView& view, const Value& item, std::size_t& left_to_do) {
    if (view.of == DictView::Of::keys) return view.dict->find(item) != nullptr;
    if (view.of == DictView::Of::items) {
        const List* pair = item.as<Tuple>() ? item.sequence() : nullptr;
        if (!pair || pair->size() != 2) return false;
        const Value* found = view.dict->find((*pair)[0]);
        return found && equal_within(*found, (*pair)[1], left_to_do);
    }
    for (const auto& entry : view.dict->items())
        if (equal_within(entry.second, item, left_to_do)) return true;
    return false;
}

/// Every member of `a` is in `b`, as sets.
bool subset(const DictView& a, const DictView& b, std::size_t& left_to_do) {
    for (const Value& member : a.list())
        if (!view_contains(b, member, left_to_do)) return false;
    return true;
}

bool equal_within(const Value& a, const Value& b, std::size_t& left_to_do) {
    if (left_to_do-- == 0) raise("a comparison takes more than 16,777,216 steps");
    if (a.is_number() && b.is_number()) {
        if (a.is_real() || b.is_real()) return a.number() == b.number();
        return a.integer() == b.integer();
    }
    if (a.data.index() != b.data.index()) return false;
    if (a.is_undefined() || a.is_none()) return true;
    if (a.is_string()) return *a.text() == *b.text();
    if (const auto* left = a.sequence()) {
        const auto* right = b.sequence();
        return std::equal(left->begin(), left->end(), right->begin(), right->end(),
                          [&](const Value& x, const Value& y) { return equal_within(x, y, left_to_do); });
    }
    if (const auto* left = a.dict()) {
        const auto* right = b.dict();
        if (left->items().size() != right->items().size()) return false;
        for (const auto& [key, value] : left->items()) {
            const Value* other = right->find(key);
            if (!other || !equal_within(value, *other, left_to_do)) return false;
        }
        return true;
    }
    if (const auto* left = a.as<Iterator>()) return left->items == b.as<Iterator>()->items;
    if (const auto* left = a.as<DictView>()) {
        const auto* right = b.as<DictView>();
        if (!left->is_set() || !right->is_set()) return left->identity == right->identity;
        return left->dict->items().size() == right->dict->items().size() && subset(*left, *right, left_to_do);
    }
    return a.object() == b.object();
}

}  // namespace

bool equal(const Value& a, const Value& b) {
    std::size_t left_to_do = kMostComparisons;
    return equal_within(a, b, left_to_do);
}

bool less(const Value& a, const Value& b, std::string_view operation) {
    if (a.is_number() && b.is_number()) {
        if (a.is_real() || b.is_real()) return a.number() < b.number();
        return a.integer() < b.integer();
    }
    // UTF-8 orders as code points do.
    if (a.is_string() && b.is_string()) return *a.text() < *b.text();
    if (a.sequence() && b.sequence() && a.data.index() == b.data.index()) {
        const List &left = *a.sequence(), &right = *b.sequence();
        for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i)
            if (!equal(left[i], right[i])) return less(left[i], right[i], operation);
        return left.size() < right.size();
    }
    const auto *left = a.as<DictView>(), *right = b.as<DictView>();
    if (left && right && left->is_set() && right->is_set()) {
        std::size_t left_to_do = kMostComparisons;
        return left->dict->items().size() < right->dict->items().size() && subset(*left, *right, left_to_do);
    }
    for (const Value* value : {&a, &b})
        if (const auto* undefined = value->as<Undefined>()) raise(undefined->message);
    raise("'" + std::string(operation) + "' not supported between instances of '" + a.type_name() +
          "' and '" + b.type_name() + "'");
}

bool contains(const Value& container, const Value& item) {
    if (const auto* string = container.text()) {
        if (!item.is_string())
            raise("'in <string>' requires string as left operand, not " + item.type_name());
        return string->find(*item.text()) != std::string::npos;
    }
    if (const auto* mapping = container.dict()) {
        if (item.dict()) raise("unhashable type: 'dict'");
        if (item.as<std::shared_ptr<const List>>()) raise("unhashable type: 'list'");
        return mapping->find(item) != nullptr;
    }
    if (const auto* view = container.as<DictView>()) {
        std::size_t left_to_do = kMostComparisons;
        return view_contains(*view, item, left_to_do);
    }
    if (container.is_none() || container.is_number() || (container.object() && !container.is_undefined()))
        raise("argument of type '" + container.type_name() + "' is not iterable");
    for (const Value& candidate : container.iterate())
        if (equal(candidate, item)) return true;
    return false;
}

}  // namespace pellucid::jinja
