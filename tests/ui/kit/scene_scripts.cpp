#include "tests/ui/kit/scene_scripts.h"

#include "tests/ui/kit/scene_texts.h"

namespace pellucid::ui {

namespace {

// At the speed of a good machine, on the test's clock: the statistics then say believable numbers.
MockReplyScript reply(const char *thought, const char *answer) {
    MockReplyScript said = say(thought, answer);
    said.tokens_per_second = 41.8;
    said.prompt_seconds = 0.28;
    return said;
}

}  // namespace

MockScript answers(bool chinese) {
    return script({chinese ? reply(sceneThought(true), sceneAnswer(true)) : reply("", sceneAnswer(false)),
                   reply(sceneThought(chinese), sceneAnswer(chinese))});
}

MockScript blocks(bool chinese) { return script({reply(sceneBlocks(chinese), sceneBlocks(chinese))}); }

// A thought that is still being written when the picture is taken.
MockScript thinking(bool chinese) {
    MockScript what = answers(chinese);
    what.models.front().replies = {answers(chinese).models.front().replies.front(), reply(sceneLongThought(chinese), "…")};
    return what;
}

MockScript without(bool) { return script({}); }

MockScript failing(bool chinese) {
    MockScript what = answers(chinese);
    MockReplyScript broken = reply("", sceneAnswer(chinese));
    // As the engine's own sentences read in the language of the window (test_ui_errors sees to those).
    broken.failure = chinese ? Error{ErrorCode::device_lost, "显卡停止了响应。", "请重新载入模型，或在模型设置里换一个设备。"}
                             : Error{ErrorCode::device_lost, "The graphics card stopped answering.",
                                     "Load the model again, or choose another device in its settings."};
    broken.fail_after_tokens = 60;
    what.models.front().replies = {broken};
    return what;
}

MockScript small(bool chinese) {
    MockScript what = answers(chinese);
    what.models.front().context_length = 900;
    return what;
}

MockScript slowToRead(bool chinese) {
    MockScript what = answers(chinese);
    what.models.front().replies.front().prompt_seconds = 1000;
    return what;
}

MockScript slowToLoad(bool chinese) {
    MockScript what = answers(chinese);
    what.models.front().load_seconds = 1000;
    return what;
}

MockScript tooLarge(bool chinese) {
    MockScript what = answers(chinese);
    what.models.front().memory = {6ull << 30, 1ull << 30, 1ull << 30, 4ull << 30};
    return what;
}

// Some fit, two do not.
MockScript library(bool chinese) {
    MockScript what = answers(chinese);
    what.models.push_back(libraryModel("DeepSeek-R1 Distill Llama 8B", "llama", 8.0, "Q4_K_M", 4.92, 2.1));
    what.models.push_back(libraryModel("DeepSeek-R1 Distill Qwen 32B", "qwen2", 32.8, "Q4_K_M", 19.9, 4.3));
    what.models.push_back(libraryModel("Gemma 3 4B", "gemma3", 3.9, "Q4_K_M", 2.49, 0.9));
    what.models.push_back(libraryModel("Qwen3 0.6B", "qwen3", 0.6, "Q8_0", 0.64, 0.4));
    what.models.push_back(libraryModel("Qwen3 30B-A3B", "qwen3moe", 30.5, "Q4_K_M", 18.6, 2.6));
    what.models.push_back(libraryModel("SmolLM2 135M Instruct", "llama", 0.135, "Q4_1", 0.098, 0.05));
    return what;
}

MockScript completion(bool chinese) {
    MockScript what = answers(chinese);
    what.models.front().capabilities.chat = false;
    what.models.front().capabilities.thinking = false;
    return what;
}

}  // namespace pellucid::ui
