#include "engine/model/gguf_parts.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <set>

namespace pellucid {
namespace {

constexpr std::int64_t kMostParts = 99999;  // what five digits name

constexpr const char* kMixedHint = "the parts are of different models or damaged; download all of them again";

/// "-00002-of-00003.gguf"
std::string ending(std::int64_t part, std::int64_t count) {
    char text[64];
    std::snprintf(text, sizeof text, "-%05lld-of-%05lld.gguf", static_cast<long long>(part),
                  static_cast<long long>(count));
    return text;
}

struct Place {
    std::int64_t part = 0, count = 1;  ///< part from 0
};

Result<Place> place_of(const GgufFile& file) {
    Place place;
    PELLUCID_TRY(place.part, file.metadata().integer_or("split.no", 0));
    PELLUCID_TRY(place.count, file.metadata().integer_or("split.count", 1));
    if (place.count <= 1) return Place{};
    if (place.part < 0 || place.part >= place.count || place.count > kMostParts)
        return fail(ErrorCode::corrupt,
                    file.path() + ": split.no is " + std::to_string(place.part) + " and split.count " +
                        std::to_string(place.count),
                    "the file is damaged; download it again");
    return place;
}

Result<void> check_tensors(const std::vector<std::shared_ptr<const GgufFile>>& parts) {
    std::set<std::string_view> names;
    std::int64_t count = 0;
    for (const auto& part : parts)
        for (const FileTensor& tensor : part->tensors()) {
            ++count;
            if (!names.insert(tensor.name).second)
                return fail(ErrorCode::corrupt,
                            part->path() + ": tensor " + tensor.name + " is in another part too", kMixedHint);
        }
    for (const auto& part : parts) {
        PELLUCID_TRY(const std::int64_t wanted, part->metadata().integer_or("split.tensors.count", count));
        if (wanted != count)
            return fail(ErrorCode::corrupt,
                        part->path() + ": split.tensors.count is " + std::to_string(wanted) +
                            ", but the parts hold " + std::to_string(count) + " tensors",
                        kMixedHint);
    }
    return {};
}

}  // namespace

bool is_listed(std::string_view name) {
    if (!name.ends_with(".gguf") || name.find("mmproj") != std::string_view::npos) return false;
    int part = 0, count = 0;
    const std::string end(name.size() > 20 ? name.substr(name.size() - 20) : name);
    const bool split = end.size() == 20 && std::sscanf(end.c_str(), "-%5d-of-%5d.gguf", &part, &count) == 2;
    return !split || part == 1;
}

Result<std::vector<std::shared_ptr<const GgufFile>>> open_gguf_parts(const std::string& path, GgufRead read) {
    using Parts = std::vector<std::shared_ptr<const GgufFile>>;
    PELLUCID_TRY(auto named, GgufFile::open(path, read));
    PELLUCID_TRY(const Place own, place_of(*named));
    if (own.count == 1) return Parts{std::move(named)};
    const std::string own_ending = ending(own.part + 1, own.count);
    if (!path.ends_with(own_ending))
        return fail(ErrorCode::corrupt,
                    path + ": this is part " + std::to_string(own.part + 1) + " of " +
                        std::to_string(own.count) +
                        " of a model (split.no, split.count), but its name does "
                        "not end in " +
                        own_ending,
                    "give all parts the names they were published under, so that they are found");
    const std::string prefix = path.substr(0, path.size() - own_ending.size());
    Parts parts;
    for (std::int64_t i = 0; i < own.count; ++i) {
        if (i == own.part) {
            parts.push_back(named);
            continue;
        }
        const std::string beside = prefix + ending(i + 1, own.count);
        auto part = GgufFile::open(beside, read);
        if (!part && part.error().code == ErrorCode::not_found)
            return fail(ErrorCode::not_found,
                        beside + " is missing: part " + std::to_string(i + 1) + " of " +
                            std::to_string(own.count) + " of this model",
                        "download all parts into one folder");
        if (!part) return part.failure();
        parts.push_back(*std::move(part));
    }
    PELLUCID_CHECK(check_gguf_parts(parts));
    return parts;
}

Result<void> check_gguf_parts(const std::vector<std::shared_ptr<const GgufFile>>& parts) {
    const auto count = static_cast<std::int64_t>(parts.size());
    for (std::int64_t i = 0; i < count; ++i) {
        const auto& part = parts[static_cast<std::size_t>(i)];
        PELLUCID_TRY(const Place place, place_of(*part));
        if (place.part != i || place.count != count)
            return fail(ErrorCode::corrupt,
                        part->path() + " says that it is part " + std::to_string(place.part + 1) + " of " +
                            std::to_string(place.count),
                        kMixedHint);
    }
    return check_tensors(parts);
}

}  // namespace pellucid
