#include "engine/text/utf8_stream.h"

#include <algorithm>
#include <utility>

#include "engine/text/utf8.h"

namespace pellucid {

std::string Utf8Stream::push(std::string_view bytes) {
    std::string joined = std::exchange(held_, {});
    joined.append(bytes);
    // Only the last three bytes can be the beginning of a character that later bytes complete.
    for (std::size_t tail = std::min<std::size_t>(3, joined.size()); tail > 0; --tail) {
        const std::string_view end = std::string_view(joined).substr(joined.size() - tail);
        if (!is_utf8_beginning(end)) continue;
        held_.assign(end);
        joined.resize(joined.size() - tail);
        break;
    }
    return is_utf8(joined) ? joined : to_well_formed_utf8(joined);
}

std::string Utf8Stream::flush() {
    return to_well_formed_utf8(std::exchange(held_, {}));
}

}  // namespace pellucid
