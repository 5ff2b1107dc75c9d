#include "engine/speculation/settings.h"

#include <charconv>

namespace pellucid {

namespace {

constexpr int kMost = 64;

/// Cuts ",K" off the text's end; 0 where there is none.
Result<int> cut_number(std::string& text) {
    const std::size_t comma = text.rfind(',');
    if (comma == std::string::npos) return 0;
    const char* const begin = text.data() + comma + 1;
    const char* const end = text.data() + text.size();
    int number = 0;
    const auto [stopped, problem] = std::from_chars(begin, end, number);
    if (problem != std::errc() || stopped != end || number < 1 || number > kMost)
        return fail(ErrorCode::invalid_argument,
                    "speculation: \"" + std::string(begin, end) + "\" is not a number of guesses",
                    "give a number from 1 to " + std::to_string(kMost));
    text.erase(comma);
    return number;
}

}  // namespace

int SpeculationSettings::most_guesses() const {
    if (kind == Kind::off) return 0;
    if (most > 0) return most;
    // The CPU's kernels take eight rows at a time. An MTP layer is right beyond its third guess too seldom.
    return kind == Kind::lookup ? 7 : kind == Kind::draft ? 4 : 3;
}

Result<SpeculationSettings> parse_speculation(const std::string& text) {
    SpeculationSettings settings;
    if (text == "off") return settings;
    std::string kind = text;
    const bool draft = kind.starts_with("draft:");
    // A file name may hold a comma: what follows the last one counts only where it looks like a number.
    const std::size_t comma = kind.rfind(',');
    const bool numbered = comma != std::string::npos &&
                          (!draft || (comma + 1 < kind.size() &&
                                      kind.find_first_not_of("0123456789", comma + 1) == std::string::npos));
    if (numbered) {
        PELLUCID_TRY(settings.most, cut_number(kind));
    }
    if (kind == "lookup") {
        settings.kind = SpeculationSettings::Kind::lookup;
    } else if (kind == "mtp") {
        settings.kind = SpeculationSettings::Kind::mtp;
    } else if (draft && kind.size() > 6) {
        settings.kind = SpeculationSettings::Kind::draft;
        settings.draft_model = kind.substr(6);
    } else {
        return fail(ErrorCode::invalid_argument, "\"" + text + "\" is not a kind of speculation",
                    "give off, lookup, mtp or draft:MODEL, with ,K for the most guesses of a step");
    }
    return settings;
}

std::string to_string(const SpeculationSettings& settings) {
    std::string text;
    switch (settings.kind) {
        case SpeculationSettings::Kind::off:
            return "off";
        case SpeculationSettings::Kind::lookup:
            text = "lookup";
            break;
        case SpeculationSettings::Kind::mtp:
            text = "mtp";
            break;
        case SpeculationSettings::Kind::draft:
            text = "draft:" + settings.draft_model;
            break;
    }
    return text + "," + std::to_string(settings.most_guesses());
}

}  // namespace pellucid
