#include "app/hub/modelscope.h"

#include <algorithm>

#include "app/hub/answer.h"
#include "engine/base/ascii.h"

namespace pellucid::hub {

namespace modelscope {

namespace {

/// What an answer is about: in "data" (open API) or "Data" (the older one), or the answer itself.
const Json& payload_of(const Json& answer) {
    if (answer.is_object())
        for (const char* key : {"data", "Data"})
            if (const auto found = answer.find(key); found != answer.end()) return *found;
    return answer;
}

/// The older API's names begin with capitals.
std::string text_either(const Json& object, const char* key, const char* older) {
    std::string text = text_of(object, key);
    return text.empty() ? text_of(object, older) : text;
}

std::uint64_t number_either(const Json& object, const char* key, const char* older) {
    return size_of(object, key).value_or(number_of(object, older));
}

bool read_listing(const Json& model, Listing& listing) {
    std::string id = text_of(model, "id");
    if (!is_repository(id)) {
        std::string owner = text_either(model, "owner", "Path");
        if (owner.empty()) owner = text_of(model, "Owner");
        id = owner + "/" + text_either(model, "name", "Name");
    }
    if (!is_repository(id)) return false;
    set_repository(listing, id);
    listing.licence = text_either(model, "license", "License");
    for (const char* key : {"last_modified", "updated_at", "LastModified"})
        if (listing.updated.empty()) listing.updated = text_of(model, key);
    listing.downloads = number_either(model, "downloads", "Downloads");
    listing.likes = number_either(model, "likes", "Likes");
    listing.private_repository = truth_of(model, "private");
    if (truth_of(model, "gated") || truth_of(model, "login_required")) listing.gate = Gate::terms;
    if (const auto tags = model.find("tags"); tags != model.end() && tags->is_array())
        for (const Json& tag : *tags) {
            if (!tag.is_string()) continue;
            const auto& text = tag.get_ref<const std::string&>();
            if (text.starts_with("base_model:") && is_repository(text.substr(text.rfind(':') + 1)))
                listing.base_models.push_back(text.substr(text.rfind(':') + 1));
            if (listing.licence.empty() && text.starts_with("license:") && text.size() < 80)
                listing.licence = text.substr(8);
        }
    return true;
}

Failure strange(const std::string& what) {
    return fail(ErrorCode::corrupt, what, "check the address of the hub in the settings");
}

}  // namespace

Result<List> parse_list(std::string_view body) {
    PELLUCID_TRY(const Json answer, parse_answer(body, "ModelScope"));
    const Json& payload = payload_of(answer);
    const Json* models = payload.is_array() ? &payload : nullptr;
    if (payload.is_object())
        for (const char* key : {"models", "Models", "items", "list"})
            if (const auto found = payload.find(key);
                models == nullptr && found != payload.end() && found->is_array())
                models = &*found;
    if (models == nullptr) return strange("ModelScope answered a search with something that is no list");
    List list;
    for (const Json& model : *models) {
        Listing listing;
        if (read_listing(model, listing))
            list.page.listings.push_back(std::move(listing));
        else
            ++list.page.skipped;
    }
    for (const char* key : {"total_count", "TotalCount", "total"})
        if (!list.page.total) list.page.total = size_of(payload, key);
    list.number = std::max<std::uint64_t>(number_either(payload, "page_number", "PageNumber"), 1);
    list.size = number_either(payload, "page_size", "PageSize");
    return list;
}

Result<Listing> parse_model(std::string_view body) {
    PELLUCID_TRY(const Json answer, parse_answer(body, "ModelScope"));
    Listing listing;
    if (!read_listing(payload_of(answer), listing))
        return strange("ModelScope described a model without a name");
    return listing;
}

Result<void> parse_files(std::string_view body, const std::string& endpoint, Repository& repository) {
    PELLUCID_TRY(const Json answer, parse_answer(body, "ModelScope"));
    const Json& payload = payload_of(answer);
    const Json* list = payload.is_array() ? &payload : nullptr;
    if (payload.is_object())
        for (const char* key : {"Files", "files"})
            if (const auto found = payload.find(key);
                list == nullptr && found != payload.end() && found->is_array())
                list = &*found;
    if (list == nullptr) return strange("ModelScope answered with something that is no list of files");
    std::vector<HubFile> files;
    for (const Json& item : *list) {
        if (text_either(item, "type", "Type") == "tree") continue;
        HubFile file;
        file.path = text_either(item, "path", "Path");
        if (file.path.empty()) file.path = text_of(item, "Name");
        if (!is_safe_path(file.path)) {
            ++repository.skipped;
            continue;
        }
        file.bytes = size_of(item, "Size");
        if (!file.bytes) file.bytes = size_of(item, "size");
        file.sha256 = sha256_of(item, "Sha256");
        if (file.sha256.empty()) file.sha256 = sha256_of(item, "sha256");
        file.url = endpoint + "/api/v1/models/" + repository.about.repository +
                   "/repo?Revision=" + escaped(repository.revision) + "&FilePath=" + escaped(file.path);
        files.push_back(std::move(file));
    }
    repository.variants = variants_of(std::move(files), repository.other_files);
    return {};
}

}  // namespace modelscope

namespace {

/// No page lies beyond this many repositories (modelscope_hub: page_number * page_size must be <= 3000).
constexpr std::uint64_t kDeepest = 3000;
/// modelscope_hub, compat/hub_api.py: _OPENAPI_MAX_PAGE_SIZE.
constexpr int kLargestPage = 50;

class ModelScope final : public Hub {
public:
    ModelScope(network::HttpClient& client, HubOptions options)
        : client_(client), options_(std::move(options)) {
        if (options_.endpoint.empty()) options_.endpoint = modelscope::home;
    }

    std::string_view id() const override { return "modelscope"; }
    std::string_view title() const override { return "ModelScope"; }
    const HubOptions& options() const override { return options_; }

    Result<Page> search(const Query& query, const CancelToken& cancel) override {
        PELLUCID_TRY(const std::string endpoint, checked_endpoint(options_.endpoint));
        // Which repositories hold GGUF files is not a filter here; most say it in their name.
        std::string text = query.text;
        if (query.gguf_only && ascii_lower(text).find("gguf") == std::string::npos)
            text += text.empty() ? "GGUF" : " GGUF";
        std::string url = endpoint + "/openapi/v1/models?sort=downloads";
        if (!text.empty()) url += "&search=" + escaped(text);
        if (!query.owner.empty()) url += "&owner=" + escaped(query.owner);
        const int size = std::clamp(query.page_size, 1, kLargestPage);
        return list(url + "&page_size=" + std::to_string(size) + "&page_number=", 1,
                    static_cast<std::uint64_t>(size), query.text, cancel);
    }

    Result<Page> more(const std::string& next, const CancelToken& cancel) override {
        PELLUCID_TRY(const std::string endpoint, checked_endpoint(options_.endpoint));
        const std::size_t size_at = next.find("&page_size="), at = next.find("&page_number=");
        std::uint64_t number = 0, size = 0;
        if (next.starts_with(endpoint + "/openapi/v1/models?") && size_at != std::string::npos &&
            at != std::string::npos) {
            number = std::strtoull(next.c_str() + at + 13, nullptr, 10);
            size = std::strtoull(next.c_str() + size_at + 11, nullptr, 10);
        }
        if (number == 0 || size == 0 || number > kDeepest || size > kDeepest)
            return fail(ErrorCode::invalid_argument, "the next page is not of " + endpoint,
                        "this is a fault of the caller");
        return list(next.substr(0, at + 13), number, size, {}, cancel);
    }

    Result<Repository> look(const std::string& repository, const std::string& revision,
                            const CancelToken& cancel) override {
        PELLUCID_TRY(const std::string endpoint, checked_endpoint(options_.endpoint));
        if (!is_repository(repository)) return not_a_repository(repository);
        Repository found;
        PELLUCID_TRY(const auto about,
                     ask(endpoint + "/openapi/v1/models/" + repository, repository, repository, cancel));
        PELLUCID_TRY(found.about, modelscope::parse_model(about.body));
        found.revision = revision.empty() ? modelscope::branch : revision;
        PELLUCID_TRY(const auto files,
                     ask(endpoint + "/api/v1/models/" + repository +
                             "/repo/files?Revision=" + escaped(found.revision) + "&Recursive=True",
                         repository, repository, cancel));
        PELLUCID_CHECK(modelscope::parse_files(files.body, endpoint, found));
        return found;
    }

    std::string page(const std::string& repository) const override {
        return options_.endpoint + (repository.empty() ? "" : "/models/" + repository);
    }

    std::vector<std::pair<std::string, std::string>> headers(const std::string& url) const override {
        if (options_.token.empty() || origin_of(url) != origin_of(options_.endpoint)) return {};
        // The open API takes a bearer, the older one a session's cookie.
        return {{"Authorization", "Bearer " + options_.token}, {"Cookie", "m_session_id=" + options_.token}};
    }

private:
    Result<network::HttpAnswer> ask(const std::string& url, const std::string& subject,
                                    const std::string& repository, const CancelToken& cancel) {
        network::HttpRequest request;
        request.url = url;
        request.headers = headers(url);
        request.headers.emplace_back("Accept", "application/json");
        request.purpose = network::Purpose::search;
        request.subject = subject;
        PELLUCID_TRY(auto answer, network::fetch_any_status(client_, request, most_answer_bytes, cancel));
        if (answer.head.status != 200) return refused(answer, *this, repository);
        return answer;
    }

    Result<Page> list(const std::string& url, std::uint64_t number, std::uint64_t size,
                      const std::string& subject, const CancelToken& cancel) {
        PELLUCID_TRY(const auto answer, ask(url + std::to_string(number), subject, {}, cancel));
        PELLUCID_TRY(auto list, modelscope::parse_list(answer.body));
        const bool last = list.page.listings.empty() || (list.page.total ? number * size >= *list.page.total
                                                                         : list.page.listings.size() < size);
        if (!last && (number + 1) * size <= kDeepest) list.page.next = url + std::to_string(number + 1);
        return std::move(list.page);
    }

    network::HttpClient& client_;
    HubOptions options_;
};

}  // namespace

std::unique_ptr<Hub> make_modelscope(network::HttpClient& client, HubOptions options) {
    return std::make_unique<ModelScope>(client, std::move(options));
}

Result<std::unique_ptr<Hub>> make_hub(std::string_view id, network::HttpClient& client, HubOptions options) {
    if (id == "huggingface" || id == "hf") return make_huggingface(client, std::move(options));
    if (id == "modelscope" || id == "ms") return make_modelscope(client, std::move(options));
    return fail(ErrorCode::invalid_argument, "there is no hub \"" + std::string(id) + "\"",
                "choose huggingface or modelscope");
}

}  // namespace pellucid::hub
