// Places where models are published: searched, looked into, and named so that a download can be started.
// Hugging Face, ModelScope and a plain address stand behind one interface.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/hub/variant.h"
#include "app/network/http_client.h"
#include "engine/base/cancel.h"
#include "engine/base/error.h"

namespace pellucid::hub {

/// Whether a hub hands files out to everybody.
enum class Gate {
    open,
    terms,   ///< to people who are signed in and accepted the terms on the model's page
    author,  ///< to people whom the author has let in, one by one
};

/// What a hub says of a repository. Whatever it does not say stays empty or 0: nothing here is guessed.
struct Listing {
    std::string repository;                ///< "owner/name"
    std::string owner, name;               ///< its two halves
    std::string licence;                   ///< as the hub writes it: "apache-2.0", "llama3.1"
    std::string updated;                   ///< ISO 8601
    std::vector<std::string> languages;    ///< codes: "en", "zh"
    std::vector<std::string> base_models;  ///< "owner/name" of what it was made from
    std::string architecture;              ///< of its GGUF files, GGUF's word: "qwen2"
    std::uint64_t parameters = 0;
    int trained_context = 0;
    std::uint64_t downloads = 0, likes = 0;
    Gate gate = Gate::open;
    bool private_repository = false;
};

struct Query {
    std::string text;       ///< words of a name; empty: the most downloaded
    std::string owner;      ///< only theirs; empty: everybody's
    int page_size = 30;     ///< 1 to 100
    bool gguf_only = true;  ///< where the hub can tell; ModelScope cannot, its lists may hold others
};

/// One page of a search.
struct Page {
    std::vector<Listing> listings;
    std::string next;                    ///< give it to Hub::more(); empty: this is the last page
    std::optional<std::uint64_t> total;  ///< repositories found in all, where the hub counts them
    int skipped = 0;                     ///< entries of the answer that made no sense and were left out
};

/// A repository and what of it can be run.
struct Repository {
    Listing about;
    std::string revision;  ///< the commit that `variants` are of, where the hub says; else its branch
    std::vector<Variant> variants;  ///< GGUF models, smallest first; empty: none is published here
    int other_files = 0;            ///< files that are no GGUF model (safetensors, pictures, adapters …)
    int skipped = 0;                ///< as of Page
};

/// Where a hub lies and who asks.
struct HubOptions {
    std::string endpoint;  ///< "https://huggingface.co"; a mirror's address instead; empty: the hub's own
    std::string token;     ///< sent to the endpoint's host only; empty: nobody in particular
};

/// Calls wait for the network: never on the GUI thread. Thread safe.
///
/// Errors of every call: those of network::fetch; not_allowed (a token is missing or not good enough; the
/// hint names the page where terms are accepted); not_found; corrupt (an answer that is not what the hub
/// documents).
class Hub {
public:
    virtual ~Hub() = default;
    virtual std::string_view id() const = 0;     ///< "huggingface", "modelscope", "url"
    virtual std::string_view title() const = 0;  ///< a proper name, for a person
    virtual const HubOptions& options() const = 0;

    virtual Result<Page> search(const Query& query, const CancelToken& cancel) = 0;
    /// The page after one whose `next` this is. invalid_argument: for a `next` that is of another host.
    virtual Result<Page> more(const std::string& next, const CancelToken& cancel) = 0;
    /// `revision` empty: the newest. invalid_argument: a name that is not "owner/name".
    virtual Result<Repository> look(const std::string& repository, const std::string& revision,
                                    const CancelToken& cancel) = 0;
    /// Where a person reads about it and accepts its terms.
    virtual std::string page(const std::string& repository) const = 0;
    /// Headers that a request for `url` is to carry: the token, where the address is the hub's own.
    virtual std::vector<std::pair<std::string, std::string>> headers(const std::string& url) const = 0;
};

std::unique_ptr<Hub> make_huggingface(network::HttpClient& client, HubOptions options);
std::unique_ptr<Hub> make_modelscope(network::HttpClient& client, HubOptions options);
/// "huggingface" (or "hf"), "modelscope" (or "ms"). invalid_argument names the choices.
Result<std::unique_ptr<Hub>> make_hub(std::string_view id, network::HttpClient& client, HubOptions options);

}  // namespace pellucid::hub
