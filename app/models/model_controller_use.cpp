// The loaded model in use: what its replies cost and show, and when it goes because nobody asks it.
#include <algorithm>

#include "app/library/idle_policy.h"
#include "app/models/model_controller.h"
#include "app/models/model_library.h"
#include "app/settings/settings_backend.h"
#include "engine/base/host_memory.h"

namespace pellucid::app {

void ModelController::setBusy(int replies) {
    busy_ = replies > 0;
    shared_ = replies > 1 || (shared_ && busy_);
    lastUsedMs_ = clock_.elapsed();
    judgeIdleness();
}

void ModelController::countReply(const Timings& timings, bool steady) {
    const int tokens = timings.thought_tokens + timings.answer_tokens;
    if (tokens > 0 && !currentId_.isEmpty()) library_.addTokens(currentId_, tokens);
    // Too few say little, guesses and company make a token cheaper or dearer than it is.
    constexpr int kEnough = 32;
    if (!model_ || !steady || shared_ || tokens < kEnough || timings.drafted_tokens > 0) return;
    const LocalModel* model = list_.find(currentId_);
    if (!model || !(timings.tokens_per_second() > 0)) return;
    // Nor is the speed of a model over several devices that of one.
    const ModelOptions& options = model_->options();
    if (options.placement != "whole" && options.placement != "auto") return;
    emit spoke(model->path, options, timings.prompt_tokens + tokens / 2, timings.tokens_per_second());
}

void ModelController::judgeIdleness(bool act) {
    idleTimer_.stop();
    if (state_ != Ready || !model_) return;
    const LocalModel* model = list_.find(currentId_);
    const HostMemory memory = host_memory();
    const library::IdleVerdict verdict = library::judge_idle(
        {.now_ms = clock_.elapsed(),
         .last_used_ms = lastUsedMs_,
         .keep_seconds = library::keep_alive(model ? model->keepAliveSeconds : library::keep_as_app,
                                             settings_.keepAliveSeconds()),
         .in_use = busy_,
         .memory_available = memory.available,
         .memory_total = memory.total});
    if (verdict.unload && act)
        unload();  // the next message loads it again
    else if (verdict.unload)
        idleTimer_.start(0);  // never from within what has just made it ready
    else if (verdict.ask_again_ms >= 0)
        idleTimer_.start(static_cast<int>(std::min<std::int64_t>(verdict.ask_again_ms, 3'600'000)));
}

}  // namespace pellucid::app
