#include "app/hub/remote_header.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "engine/format/gguf_file.h"

namespace pellucid::hub {

namespace {

/// "bytes 0-1023/146515" (RFC 9110, 14.4).
struct ContentRange {
    std::uint64_t first = 0, last = 0, total = 0;
};

std::optional<ContentRange> content_range(std::string_view header) {
    ContentRange range;
    const auto take = [&](std::string_view before, std::uint64_t& value) {
        if (!header.starts_with(before)) return false;
        header.remove_prefix(before.size());
        const auto [stopped, problem] = std::from_chars(header.data(), header.data() + header.size(), value);
        if (problem != std::errc()) return false;
        header.remove_prefix(static_cast<std::size_t>(stopped - header.data()));
        return true;
    };
    if (!take("bytes ", range.first) || !take("-", range.last) || !take("/", range.total) ||
        !header.empty() || range.first > range.last || range.last >= range.total)
        return std::nullopt;
    return range;
}

Failure no_ranges(const std::string& url) {
    return fail(ErrorCode::unsupported, url + " does not answer requests for a part of a file",
                "the whole file can be downloaded and is checked then");
}

/// The beginning of one file, growing.
class Beginning {
public:
    Beginning(network::HttpClient& client, const HubFile& file,
              const std::vector<std::pair<std::string, std::string>>& headers, const CancelToken& cancel)
        : client_(client), file_(file), headers_(headers), cancel_(cancel) {}

    /// The header, whole. `first`: bytes of the first request.
    Result<std::shared_ptr<const GgufFile>> read(std::uint64_t first) {
        for (std::uint64_t upto = first;; upto *= 2) {
            const std::uint64_t end = std::min(upto, most_header_bytes);
            PELLUCID_CHECK(fetch_until(total_ ? std::min(end, *total_) : end));
            PELLUCID_TRY(auto file,
                         GgufFile::parse_beginning(std::as_bytes(std::span(bytes_)), *total_, file_.path));
            if (file) return file;
            if (end == most_header_bytes || bytes_.size() >= *total_)
                return fail(
                    ErrorCode::corrupt,
                    file_.path + ": the header is longer than " + std::to_string(bytes_.size()) + " bytes",
                    "choose another publisher of the model");
        }
    }
    std::uint64_t fetched() const { return bytes_.size(); }

private:
    Result<void> fetch_until(std::uint64_t end) {
        const std::uint64_t from = bytes_.size();
        network::HttpRequest request;
        request.url = file_.url;
        request.headers = headers_;
        request.range = network::ByteRange{from, end - 1};
        request.purpose = network::Purpose::header;
        request.subject = file_.path;
        if (!etag_.empty()) request.headers.emplace_back("If-Range", etag_);
        auto answer = network::fetch_any_status(client_, request, end - from, cancel_);
        // 200 with the whole file, of which more came than was asked for.
        if (!answer && answer.error().code == ErrorCode::too_large) return no_ranges(file_.url);
        if (!answer) return answer.failure();
        return take(*answer, from, end);
    }

    Result<void> take(network::HttpAnswer& answer, std::uint64_t from, std::uint64_t end) {
        const int status = answer.head.status;
        if (status == 401 || status == 403)
            return fail(
                ErrorCode::not_allowed,
                file_.path + " is not for everybody (status " + std::to_string(status) + ")",
                "accept the terms on the model's page, then give this program a token of that account");
        if (status == 404)
            return fail(ErrorCode::not_found, file_.url + " is not there", "search for the model again");
        if (status == 200) return no_ranges(file_.url);
        if (status != 206)
            return fail(ErrorCode::http_status, file_.url + " answered with status " + std::to_string(status),
                        "try again later");
        const auto range = content_range(answer.head.header("content-range"));
        const std::uint64_t last = range ? std::min(end, range->total) - 1 : 0;
        if (!range || range->first != from || range->last != last || answer.body.size() != last - from + 1 ||
            (total_ && *total_ != range->total))
            return fail(ErrorCode::corrupt, file_.url + " answered with another part than was asked for",
                        "the file may have changed on the server; try again");
        total_ = range->total;
        etag_ = answer.head.header("etag");
        if (etag_.starts_with("W/")) etag_.clear();  // a weak one is not for If-Range
        bytes_ += answer.body;
        return {};
    }

    network::HttpClient& client_;
    const HubFile& file_;
    const std::vector<std::pair<std::string, std::string>>& headers_;
    const CancelToken& cancel_;
    std::string bytes_, etag_;
    std::optional<std::uint64_t> total_;
};

}  // namespace

Result<RemoteModel> read_remote_header(network::HttpClient& client, const Variant& variant,
                                       const std::vector<std::pair<std::string, std::string>>& headers,
                                       const CancelToken& cancel) {
    if (!variant.complete())
        return fail(ErrorCode::not_found,
                    variant.name + ": only " + std::to_string(variant.files.size()) + " of " +
                        std::to_string(variant.parts) + " parts are published",
                    "choose another quantisation or publisher");
    RemoteModel remote;
    std::vector<std::shared_ptr<const GgufFile>> parts;
    for (const HubFile& file : variant.files) {
        Beginning beginning(client, file, headers, cancel);
        // Only a first part has a vocabulary.
        PELLUCID_TRY(auto part, beginning.read(parts.empty() ? first_header_bytes : first_header_bytes / 16));
        remote.fetched_bytes += beginning.fetched();
        remote.file_bytes += part->file_size();
        parts.push_back(std::move(part));
    }
    PELLUCID_TRY(remote.model, read_model_parts(std::move(parts)));
    return remote;
}

}  // namespace pellucid::hub
