#include "app/hub/plain_url.h"

#include <cstdio>
#include <cstdlib>

#include "app/hub/answer.h"

namespace pellucid::hub {

namespace {

constexpr int kMostParts = 1000;

/// %XX undone, for a name.
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto digit = [&](std::size_t at) {
            return at < text.size() && std::isxdigit(static_cast<unsigned char>(text[at])) != 0;
        };
        if (text[i] == '%' && digit(i + 1) && digit(i + 2)) {
            out += static_cast<char>(std::strtol(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

/// The one file as the server describes it; its url is `file.url`.
Result<void> ask_length(network::HttpClient& client, HubFile& file, const CancelToken& cancel) {
    network::HttpRequest request;
    request.url = file.url;
    request.range = network::ByteRange{0, 0};
    request.purpose = network::Purpose::header;
    request.subject = file.path;
    const auto answer = network::fetch_any_status(client, request, 1, cancel);
    if (!answer && answer.error().code == ErrorCode::too_large) return {};  // 200 and all of it
    if (!answer) return answer.failure();
    const int status = answer->head.status;
    if (status == 401 || status == 403)
        return fail(ErrorCode::not_allowed,
                    file.path + " is not for everybody (status " + std::to_string(status) + ")",
                    "accept the terms on the model's page, then give this program a token of that account");
    if (status == 404) return fail(ErrorCode::not_found, file.url + " is not there", "check the address");
    if (status != 206 && status != 200)
        return fail(ErrorCode::http_status, file.url + " answered with status " + std::to_string(status),
                    "try again later");
    const std::string_view range = answer->head.header("content-range");
    if (const std::size_t slash = range.find('/'); status == 206 && slash != std::string_view::npos) {
        const std::string total(range.substr(slash + 1));
        if (!total.empty() && total.find_first_not_of("0123456789") == std::string::npos && total.size() < 19)
            file.bytes = std::strtoull(total.c_str(), nullptr, 10);
    }
    return {};
}

}  // namespace

Result<Variant> look_at_url(network::HttpClient& client, const std::string& url, const CancelToken& cancel) {
    const auto refuse = [&] {
        return fail(ErrorCode::invalid_argument, "\"" + url + "\" is not the address of a GGUF file",
                    "give an https:// address that ends in .gguf");
    };
    const std::string origin = origin_of(url);
    if (!origin.starts_with("https://") && !origin.starts_with("http://")) return refuse();
    std::string address = url;
    if (const std::size_t blob = address.find("/blob/"); blob != std::string::npos)
        address.replace(blob, 6, "/resolve/");
    const std::size_t tail_at = std::min(address.find_first_of("?#"), address.size());
    const std::string tail = address.substr(tail_at);
    const std::string path = address.substr(0, tail_at);
    const std::string name = unescaped(path.substr(path.rfind('/') + 1));
    int others = 0;
    const auto named = variants_of({HubFile{name, {}, {}, {}}}, others);
    if (named.empty() || !is_safe_path(name) || name.find('/') != std::string::npos) return refuse();
    Variant variant = named.front();
    if (variant.parts > kMostParts) return refuse();
    variant.files.clear();
    constexpr std::size_t ending = 20;  // 00001-of-00003.gguf and the dash before it
    for (int part = 1; part <= variant.parts; ++part) {
        HubFile file{name, {}, {}, path + tail};
        if (variant.parts > 1) {
            char text[32];
            std::snprintf(text, sizeof text, "-%05d-of-%05d.gguf", part, variant.parts);
            file.path = name.substr(0, name.size() - ending) + text;
            file.url = path.substr(0, path.size() - ending) + text + tail;
        }
        PELLUCID_CHECK(ask_length(client, file, cancel));
        variant.files.push_back(std::move(file));
    }
    return variant;
}

}  // namespace pellucid::hub
