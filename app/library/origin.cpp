#include <array>
#include <cstdlib>

#include "app/library/other_apps.h"

namespace pellucid::library {

namespace {

struct Named {
    Origin origin;
    std::string_view word, app;
};

constexpr std::array kNames = {
    Named{Origin::file, "file", ""},
    Named{Origin::download, "download", ""},
    Named{Origin::starter, "starter", ""},
    Named{Origin::ollama, "ollama", "Ollama"},
    Named{Origin::lm_studio, "lm-studio", "LM Studio"},
    Named{Origin::jan, "jan", "Jan"},
    Named{Origin::gpt4all, "gpt4all", "GPT4All"},
    Named{Origin::llama_cpp, "llama.cpp", "llama.cpp"},
    Named{Origin::hugging_face, "hugging-face", "Hugging Face"},
};

}  // namespace

std::string_view to_string(Origin origin) {
    for (const Named& named : kNames)
        if (named.origin == origin) return named.word;
    return "file";
}

std::optional<Origin> origin_from(std::string_view word) {
    for (const Named& named : kNames)
        if (named.word == word) return named.origin;
    return {};
}

std::string_view app_name(Origin origin) {
    for (const Named& named : kNames)
        if (named.origin == origin) return named.app;
    return {};
}

Surroundings Surroundings::of_this_process() {
    Surroundings here;
    here.variable = [](const char* name) -> std::string {
        const char* value = std::getenv(name);
        return value != nullptr ? value : "";
    };
    here.home = here.variable("HOME");
    return here;
}

}  // namespace pellucid::library
