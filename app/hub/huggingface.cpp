#include "app/hub/huggingface.h"

#include <algorithm>
#include <cctype>

#include "app/hub/answer.h"

namespace pellucid::hub {

namespace huggingface {

namespace {

/// "gated" is false, "auto" (terms) or "manual" (the author).
Gate gate_of(const Json& model) {
    const std::string gated = text_of(model, "gated");
    if (gated == "auto") return Gate::terms;
    if (gated == "manual") return Gate::author;
    return truth_of(model, "gated") ? Gate::terms : Gate::open;
}

void add_text(std::vector<std::string>& list, const std::string& text) {
    if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

/// A field of a model card: one word or a list of them.
std::vector<std::string> words_of(const Json& card, const char* key) {
    std::vector<std::string> words;
    if (const auto found = card.find(key); found != card.end() && found->is_array()) {
        for (const Json& item : *found)
            if (item.is_string()) add_text(words, text_of(Json{{"word", item}}, "word"));
    } else {
        add_text(words, text_of(card, key));
    }
    return words;
}

/// False: it has no usable id.
bool read_listing(const Json& model, Listing& listing) {
    std::string id = text_of(model, "id");
    if (id.empty()) id = text_of(model, "modelId");
    if (!is_repository(id)) return false;
    set_repository(listing, id);
    listing.updated = text_of(model, "lastModified");
    listing.downloads = number_of(model, "downloads");
    listing.likes = number_of(model, "likes");
    listing.gate = gate_of(model);
    listing.private_repository = truth_of(model, "private");
    const Json& card = object_of(model, "cardData");
    listing.licence = text_of(card, "license");
    if (listing.licence == "other") listing.licence = text_of(card, "license_name");
    listing.languages = words_of(card, "language");
    for (const std::string& base : words_of(card, "base_model"))
        if (is_repository(base)) add_text(listing.base_models, base);
    if (const auto tags = model.find("tags"); tags != model.end() && tags->is_array())
        for (const Json& tag : *tags) {
            if (!tag.is_string()) continue;
            const auto& text = tag.get_ref<const std::string&>();
            if (listing.licence.empty() && text.starts_with("license:") && text.size() < 80)
                listing.licence = text.substr(8);
            if (text.starts_with("base_model:")) {
                const std::string base = text.substr(text.rfind(':') + 1);
                if (is_repository(base)) add_text(listing.base_models, base);
            }
        }
    const Json& gguf = object_of(model, "gguf");
    listing.architecture = text_of(gguf, "architecture");
    listing.parameters = number_of(gguf, "total");
    listing.trained_context =
        static_cast<int>(std::min<std::uint64_t>(number_of(gguf, "context_length"), 1 << 30));
    return true;
}

}  // namespace

Result<Page> parse_list(std::string_view body) {
    PELLUCID_TRY(const Json list, parse_answer(body, "Hugging Face"));
    if (!list.is_array())
        return fail(ErrorCode::corrupt, "Hugging Face answered a search with something that is no list",
                    "check the address of the hub in the settings");
    Page page;
    for (const Json& model : list) {
        Listing listing;
        if (read_listing(model, listing))
            page.listings.push_back(std::move(listing));
        else
            ++page.skipped;
    }
    return page;
}

Result<Repository> parse_model(std::string_view body, const std::string& endpoint) {
    PELLUCID_TRY(const Json model, parse_answer(body, "Hugging Face"));
    Repository repository;
    if (!model.is_object() || !read_listing(model, repository.about))
        return fail(ErrorCode::corrupt, "Hugging Face described a model without a name",
                    "check the address of the hub in the settings");
    repository.revision = text_of(model, "sha");
    const auto hex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
    if (repository.revision.empty() || repository.revision.size() > 64 ||
        !std::all_of(repository.revision.begin(), repository.revision.end(), hex))
        repository.revision = "main";
    std::vector<HubFile> files;
    if (const auto siblings = model.find("siblings"); siblings != model.end() && siblings->is_array())
        for (const Json& sibling : *siblings) {
            HubFile file;
            file.path = text_of(sibling, "rfilename");
            if (!is_safe_path(file.path)) {
                ++repository.skipped;
                continue;
            }
            const Json& lfs = object_of(sibling, "lfs");
            file.bytes = size_of(sibling, "size");
            if (!file.bytes) file.bytes = size_of(lfs, "size");
            file.sha256 = sha256_of(lfs, "sha256");
            file.url = endpoint + "/" + repository.about.repository + "/resolve/" + repository.revision +
                       "/" + escaped(file.path, true);
            files.push_back(std::move(file));
        }
    repository.variants = variants_of(std::move(files), repository.other_files);
    return repository;
}

std::string next_link(std::string_view header) {
    while (!header.empty()) {
        const std::size_t open = header.find('<'), close = header.find('>', open);
        if (open == std::string_view::npos || close == std::string_view::npos) return {};
        const std::size_t next = std::min(header.find(",", close), header.size());
        const std::string_view rest = header.substr(close, next - close);
        if (rest.find("rel=\"next\"") != std::string_view::npos ||
            rest.find("rel=next") != std::string_view::npos)
            return std::string(header.substr(open + 1, close - open - 1));
        header.remove_prefix(next == header.size() ? next : next + 1);
    }
    return {};
}

}  // namespace huggingface

namespace {

class HuggingFace final : public Hub {
public:
    HuggingFace(network::HttpClient& client, HubOptions options)
        : client_(client), options_(std::move(options)) {
        if (options_.endpoint.empty()) options_.endpoint = huggingface::home;
    }

    std::string_view id() const override { return "huggingface"; }
    std::string_view title() const override { return "Hugging Face"; }
    const HubOptions& options() const override { return options_; }

    Result<Page> search(const Query& query, const CancelToken& cancel) override {
        PELLUCID_TRY(const std::string endpoint, checked_endpoint(options_.endpoint));
        std::string url = endpoint + "/api/models?sort=downloads&direction=-1&limit=" +
                          std::to_string(std::clamp(query.page_size, 1, 100));
        if (!query.text.empty()) url += "&search=" + escaped(query.text);
        if (!query.owner.empty()) url += "&author=" + escaped(query.owner);
        if (query.gguf_only) url += "&filter=gguf";
        for (const char* field :
             {"author", "cardData", "downloads", "gated", "gguf", "lastModified", "likes", "private", "tags"})
            url += std::string("&expand=") + field;
        return list(url, query.text, endpoint, cancel);
    }

    Result<Page> more(const std::string& next, const CancelToken& cancel) override {
        PELLUCID_TRY(const std::string endpoint, checked_endpoint(options_.endpoint));
        if (!next.starts_with(endpoint + "/api/models?"))
            return fail(ErrorCode::invalid_argument, "the next page is not of " + endpoint,
                        "this is a fault of the caller");
        return list(next, {}, endpoint, cancel);
    }

    Result<Repository> look(const std::string& repository, const std::string& revision,
                            const CancelToken& cancel) override {
        PELLUCID_TRY(const std::string endpoint, checked_endpoint(options_.endpoint));
        if (!is_repository(repository)) return not_a_repository(repository);
        std::string url = endpoint + "/api/models/" + repository;
        if (!revision.empty()) url += "/revision/" + escaped(revision);
        PELLUCID_TRY(const auto answer, ask(url + "?blobs=true", repository, repository, cancel));
        return huggingface::parse_model(answer.body, endpoint);
    }

    std::string page(const std::string& repository) const override {
        return options_.endpoint + (repository.empty() ? "" : "/" + repository);
    }

    std::vector<std::pair<std::string, std::string>> headers(const std::string& url) const override {
        if (options_.token.empty() || origin_of(url) != origin_of(options_.endpoint)) return {};
        return {{"Authorization", "Bearer " + options_.token}};
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

    Result<Page> list(const std::string& url, const std::string& subject, const std::string& endpoint,
                      const CancelToken& cancel) {
        PELLUCID_TRY(const auto answer, ask(url, subject, {}, cancel));
        PELLUCID_TRY(Page page, huggingface::parse_list(answer.body));
        // A mirror may hand on links to the hub it mirrors: what follows stays with the mirror all the same.
        const std::string link = huggingface::next_link(answer.head.header("link"));
        if (const std::size_t path = link.find("/api/models?"); path != std::string::npos)
            page.next = endpoint + link.substr(path);
        if (page.next == url) page.next.clear();
        return page;
    }

    network::HttpClient& client_;
    HubOptions options_;
};

}  // namespace

std::unique_ptr<Hub> make_huggingface(network::HttpClient& client, HubOptions options) {
    return std::make_unique<HuggingFace>(client, std::move(options));
}

}  // namespace pellucid::hub
