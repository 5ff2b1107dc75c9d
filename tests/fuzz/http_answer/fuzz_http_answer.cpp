// Any head a server could send: status, then lines "name: value". What is believed of it must hold together.
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "app/download/answer.h"

using namespace pellucid;
using namespace pellucid::download;

namespace {

void must(bool truth) {
    if (!truth) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
    network::HttpHead head;
    std::string line;
    std::getline(in, line);
    const auto status = parse_count(line);
    head.status = status && *status < 1000 ? static_cast<int>(*status) : 206;
    std::string everything;
    while (std::getline(in, line)) {
        const auto colon = line.find(": ");
        if (colon != std::string::npos)
            head.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
        everything = line;
    }
    for (const auto& text :
         {everything, std::string(head.header("content-range")), std::string(head.header("etag"))}) {
        if (const auto range = parse_content_range(text)) {
            must(!range->satisfied || range->first <= range->last);
            must(!range->satisfied || !range->total || range->last < *range->total);
            must(range->satisfied || range->total.has_value());
        }
        if (const auto tag = parse_entity_tag(text)) {
            // What goes back in If-Range can break no header.
            must(tag->opaque.find_first_of("\r\n\"") == std::string::npos);
            must(tag->weak == strong_tag(text).empty());
        }
        if (const auto wait = parse_retry_after(text, 1'700'000'000'000))
            must(*wait >= 0 && *wait <= std::int64_t{365} * 86'400'000);
        (void)parse_http_date(text);
    }
    for (const bool known : {false, true}) {
        Asked asked;
        asked.name = "m.gguf";
        asked.first = 1000;
        asked.last = 1999;
        if (known) {
            asked.bytes = 5000;
            asked.etag = "\"known\"";
        }
        const auto judged = judge(head, asked, 1'700'000'000'000);
        if (judged.verdict == Verdict::range) {
            must(head.status == 206 && judged.last >= asked.first && judged.last <= asked.last);
            must(!known || !judged.bytes || *judged.bytes == 5000);
            must(!known || judged.etag.empty() || judged.etag == asked.etag);
        }
        if (judged.verdict == Verdict::whole)
            must(head.status == 200 && (!known || !judged.bytes || *judged.bytes == 5000));
        if (judged.verdict == Verdict::again || judged.verdict == Verdict::give_up)
            must(judged.reason != Reason::none);
    }
    // A name from a hub, as a file's name.
    if (check_name(everything).ok()) {
        must(everything.find("..") != 0 || everything.find("../") == std::string::npos);
        must(everything.front() != '/' && everything.find('\0') == std::string::npos);
        must(("/" + everything + "/").find("/../") == std::string::npos);
    }
    return 0;
}
