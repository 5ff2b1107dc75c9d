#include "engine/format/json_file.h"

#include "engine/base/mapped_file.h"

namespace pellucid {

using nlohmann::json;

Result<json> parse_json(std::string_view text, const std::string& name, int depth) {
    bool shallow = true;
    const auto watch = [&](int at, json::parse_event_t, json&) {
        shallow = shallow && at <= depth;
        return shallow;
    };
    json tree = json::parse(text, watch, /*allow_exceptions=*/false);
    if (!shallow || tree.is_discarded())
        return fail(ErrorCode::corrupt, name + " is not JSON", "download the file again");
    return tree;
}

Result<json> parse_json_object(std::string_view text, const std::string& name, int depth) {
    auto tree = parse_json(text, name, depth);
    if (!tree || !tree->is_object())
        return fail(ErrorCode::corrupt, name + " is not a JSON object", "download the file again");
    return tree;
}

Result<std::string> read_small_file(const std::string& path, std::size_t most) {
    PELLUCID_TRY(const auto mapping, MappedFile::open(path));
    const auto bytes = mapping->bytes();
    if (bytes.size() > most)
        return fail(ErrorCode::corrupt,
                    path + " has " + std::to_string(bytes.size()) + " bytes, more than such a file can need",
                    "download the file again");
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

Result<json> read_json_file(const std::string& path, int depth) {
    PELLUCID_TRY(const std::string text, read_small_file(path));
    return parse_json_object(text, path, depth);
}

}  // namespace pellucid
