// What a hub, a mirror or somebody between may answer: every parser of both hubs over any bytes. The first
// byte chooses the parser.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/hub/answer.h"
#include "app/hub/huggingface.h"
#include "app/hub/modelscope.h"

using namespace pellucid;
using namespace pellucid::hub;

namespace {

void require(bool held) {
    if (!held) std::abort();
}

void check(const Listing& listing) {
    require(is_repository(listing.repository));
    require(listing.repository == listing.owner + "/" + listing.name);
}

void check(const Repository& repository) {
    check(repository.about);
    for (const Variant& variant : repository.variants) {
        require(!variant.files.empty() && variant.parts >= static_cast<int>(variant.files.size()));
        for (const HubFile& file : variant.files) {
            require(is_safe_path(file.path));
            require(file.url.starts_with("https://hub/"));
            require(file.sha256.empty() || file.sha256.size() == 64);
        }
        require(variant.quantization.empty() || quality_of(variant.quantization) >= 0);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 6) {
        case 0:
            if (const auto page = huggingface::parse_list(body))
                for (const Listing& listing : page->listings) check(listing);
            break;
        case 1:
            if (const auto repository = huggingface::parse_model(body, "https://hub")) check(*repository);
            break;
        case 2:
            if (const auto list = modelscope::parse_list(body))
                for (const Listing& listing : list->page.listings) check(listing);
            break;
        case 3:
            if (const auto listing = modelscope::parse_model(body)) check(*listing);
            break;
        case 4: {
            Repository repository;
            set_repository(repository.about, "o/n");
            repository.revision = "master";
            if (modelscope::parse_files(body, "https://hub", repository)) check(repository);
            break;
        }
        default:
            huggingface::next_link(body);
            quantization_in(body);
            break;
    }
    return 0;
}
