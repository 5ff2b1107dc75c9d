#include "app/download/item.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace pellucid::download {
namespace {

constexpr std::array<std::string_view, 6> kStates = {"queued",   "fetching", "waiting",
                                                     "checking", "paused",   "complete"};
constexpr std::array<std::string_view, 22> kReasons = {
    "none",           "by_person",     "offline",   "schedule",     "dns",
    "unreachable",    "stalled",       "tls",       "server_busy",  "server_error",
    "sign_in_needed", "access_denied", "not_there", "page_instead", "changed_on_server",
    "wrong_size",     "wrong_digest",  "no_space",  "read_only",    "disk_error",
    "folder_gone",    "name_taken"};

bool reserved(std::string name) {
    name = name.substr(0, name.find('.'));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    static constexpr std::array<std::string_view, 6> kDevices = {"CON", "PRN",    "AUX",
                                                                 "NUL", "CONIN$", "CONOUT$"};
    if (std::find(kDevices.begin(), kDevices.end(), name) != kDevices.end()) return true;
    return name.size() == 4 && (name.starts_with("COM") || name.starts_with("LPT")) && name[3] >= '0' &&
           name[3] <= '9';
}

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        const std::size_t more = c < 0x80         ? 0
                                 : (c >> 5) == 6  ? 1
                                 : (c >> 4) == 14 ? 2
                                 : (c >> 3) == 30 ? 3
                                                  : 9;
        if (more == 9 || i + more >= text.size()) return false;
        std::uint32_t value = more == 0 ? c : c & (0x3f >> more);
        for (std::size_t k = 1; k <= more; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xc0) != 0x80) return false;
            value = value << 6 | (next & 0x3f);
        }
        static constexpr std::uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
        if (value < kLeast[more] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return false;
        i += more + 1;
    }
    return true;
}

}  // namespace

std::string_view to_string(State state) {
    return kStates[static_cast<std::size_t>(state)];
}

std::string_view to_string(Reason reason) {
    if (reason == Reason::in_use) return "in_use";
    return kReasons[static_cast<std::size_t>(reason)];
}

std::optional<State> state_of(std::string_view word) {
    const auto at = std::find(kStates.begin(), kStates.end(), word);
    if (at == kStates.end()) return {};
    return static_cast<State>(at - kStates.begin());
}

std::optional<Reason> reason_of(std::string_view word) {
    if (word == "in_use") return Reason::in_use;
    const auto at = std::find(kReasons.begin(), kReasons.end(), word);
    if (at == kReasons.end()) return {};
    return static_cast<Reason>(at - kReasons.begin());
}

Remedy remedy(Reason reason) {
    switch (reason) {
        case Reason::none:
        case Reason::schedule:
            return Remedy::none;
        case Reason::by_person:
            return Remedy::resume;
        case Reason::offline:
            return Remedy::go_online;
        case Reason::dns:
        case Reason::unreachable:
        case Reason::stalled:
        case Reason::tls:
        case Reason::page_instead:
            return Remedy::check_network;
        case Reason::server_busy:
        case Reason::server_error:
        case Reason::not_there:
        case Reason::disk_error:
        case Reason::in_use:
            return Remedy::retry;
        case Reason::sign_in_needed:
            return Remedy::sign_in;
        case Reason::access_denied:
            return Remedy::open_licence;
        case Reason::changed_on_server:
        case Reason::wrong_size:
        case Reason::wrong_digest:
            return Remedy::start_over;
        case Reason::no_space:
            return Remedy::free_space;
        case Reason::read_only:
        case Reason::folder_gone:
        case Reason::name_taken:
            return Remedy::choose_folder;
    }
    return Remedy::retry;
}

std::string sentence(Reason reason, const std::string& detail) {
    const auto with = [&](std::string text) { return detail.empty() ? text + "." : text + ": " + detail; };
    switch (reason) {
        case Reason::none:
            return detail;
        case Reason::by_person:
            return "Paused.";
        case Reason::offline:
            return "The offline switch is on; this goes on when it is off.";
        case Reason::schedule:
            return "Waits for the hours that were set for downloads.";
        case Reason::dns:
            return with("The server's name cannot be looked up; is there a network?");
        case Reason::unreachable:
            return with("The server cannot be reached");
        case Reason::stalled:
            return with("The server sends nothing any more");
        case Reason::tls:
            return with("The server cannot prove who it is; perhaps a proxy or antivirus reads along");
        case Reason::server_busy:
            return with("The server is busy");
        case Reason::server_error:
            return with("The server gave no usable answer");
        case Reason::sign_in_needed:
            return with("The server wants to know who you are; set a token for this hub");
        case Reason::access_denied:
            return with("The server gives no access; the model's licence may have to be accepted first");
        case Reason::not_there:
            return with("The file is not on the server any more");
        case Reason::page_instead:
            return with("A web page came instead of the file; this network may want you to sign in first");
        case Reason::changed_on_server:
            return with("The file on the server is another one than when this download began");
        case Reason::wrong_size:
            return with("The server's file has another size than the one announced");
        case Reason::wrong_digest:
            return with("What the server sends is not what was published");
        case Reason::no_space:
            return with("There is not enough room on the disk");
        case Reason::read_only:
            return with("There is no permission to write");
        case Reason::disk_error:
            return with("The disk cannot read or write");
        case Reason::folder_gone:
            return with("The disk or folder is not there any more");
        case Reason::name_taken:
            return with("Another file of that name is there already");
        case Reason::in_use:
            return with("Another program is downloading this file");
    }
    return detail;
}

Result<void> check_name(std::string_view name) {
    const auto bad = [&](const char* why) {
        std::string shown(name.substr(0, 60));
        std::replace_if(
            shown.begin(), shown.end(), [](unsigned char c) { return c < ' ' || c == 127; }, '?');
        return fail(ErrorCode::invalid_argument, "the file name '" + shown + "' cannot be used: " + why,
                    "choose another name, or report it to whoever publishes the model");
    };
    if (name.empty()) return bad("it is empty");
    if (name.size() > 1000) return bad("it is too long");
    if (!is_utf8(name)) return bad("it is not UTF-8");
    if (name.front() == '/') return bad("it begins at the root of the disk");
    for (const unsigned char c : name)
        if (c < ' ' || c == 127) return bad("it holds a control character");
    if (name.find_first_of("\\:*?\"<>|") != std::string_view::npos)
        return bad("it holds one of \\ : * ? \" < > |");
    for (std::size_t at = 0; at <= name.size();) {
        const std::size_t end = std::min(name.find('/', at), name.size());
        const std::string_view part = name.substr(at, end - at);
        at = end + 1;
        if (part.empty()) return bad("a part of it is empty");
        if (part == "." || part == "..") return bad("it points out of its folder");
        if (part.size() > 240) return bad("a part of it is longer than 240 bytes");
        if (part.back() == '.' || part.back() == ' ' || part.front() == ' ')
            return bad("a part of it begins or ends with a blank or a dot");
        if (reserved(std::string(part))) return bad("a system keeps that name for itself");
    }
    return {};
}

}  // namespace pellucid::download
