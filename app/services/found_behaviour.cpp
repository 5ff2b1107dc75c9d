#include "app/services/found_behaviour.h"

#include <algorithm>
#include <cmath>

namespace pellucid::app {

namespace {

struct Meaning {
    const char* theirs;  // Ollama's: api/types.go, Options
    const char* ours;    // ModelSettingsBackend's
    double least, most;
    bool whole;
};

constexpr Meaning kMeanings[] = {{"temperature", "temperature", 0, 2, false},
                                 {"top_k", "topK", 0, 1000, true},
                                 {"top_p", "topP", 0, 1, false},
                                 {"min_p", "minP", 0, 1, false},
                                 {"typical_p", "typicalP", 0, 1, false},
                                 {"repeat_penalty", "repetitionPenalty", 0.5, 2, false},
                                 {"repeat_last_n", "penaltyWindow", -1, 1 << 20, true},
                                 {"presence_penalty", "presencePenalty", -2, 2, false},
                                 {"frequency_penalty", "frequencyPenalty", -2, 2, false},
                                 {"num_predict", "maxTokens", 0, 1 << 20, true}};

}  // namespace

QVariantMap settingsOf(const library::FoundBehaviour& behaviour) {
    QVariantMap settings;
    if (!behaviour.system.empty())
        settings[QStringLiteral("systemPrompt")] = QString::fromStdString(behaviour.system);
    for (const Meaning& meaning : kMeanings) {
        const auto found = behaviour.parameters.find(meaning.theirs);
        if (found == behaviour.parameters.end()) continue;
        const double value = std::clamp(found->second, meaning.least, meaning.most);
        settings[QString::fromLatin1(meaning.ours)] =
            meaning.whole ? QVariant(static_cast<int>(std::lround(value))) : QVariant(value);
    }
    return settings;
}

}  // namespace pellucid::app
