#include "storage/message.h"

#include <algorithm>

namespace pellucid::storage {

int Message::sibling_index() const {
    return static_cast<int>(std::find(siblings.begin(), siblings.end(), id) - siblings.begin());
}

std::string Message::text_of(PartKind kind) const {
    std::string text;
    for (const auto& part : parts)
        if (part.kind == kind) text += part.text;
    return text;
}

}  // namespace pellucid::storage
