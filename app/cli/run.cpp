// run: one answer. chat: a conversation in the terminal.
#include <cstdio>
#include <iostream>
#include <memory>

#include "app/cli/reply_options.h"

namespace pellucid::cli {

namespace {

struct RunArguments {
    ModelArguments model;
    ReplyArguments reply;
    std::string prompt, prompts_file;
    std::optional<std::string> system;
    int parallel = 1;
    bool json = false, complete = false;
};

ChatMessage message(Role role, std::string content) {
    ChatMessage made;
    made.role = role;
    made.content = std::move(content);
    return made;
}

Result<void> run(const RunArguments& arguments) {
    if (arguments.parallel != 1 || !arguments.prompts_file.empty())
        throw UsageError("--parallel and --file are not in this version");
    PELLUCID_TRY(const auto model, arguments.model.open());
    Request request = arguments.reply.request(*model);
    if (arguments.complete) {
        if (arguments.system)
            throw UsageError("--complete takes the prompt as it stands: --system has no place in it");
        request.input = arguments.prompt;
    } else {
        Conversation conversation;
        if (arguments.system) conversation.messages.push_back(message(Role::system, *arguments.system));
        conversation.messages.push_back(message(Role::user, arguments.prompt));
        request.input = std::move(conversation);
    }
    PELLUCID_TRY(const auto session, model->new_session());
    auto started = session->generate(request);
    if (!started) {
        Error error = started.error();
        if (!arguments.complete && !model->capabilities().chat && error.code == ErrorCode::unsupported)
            error.hint =
                "run it with --complete for plain completion, or choose a model that was trained to chat";
        return fail(std::move(error));
    }
    PELLUCID_TRY(const Printed printed, print_reply(**started, arguments.json));
    if (arguments.json) {
        auto values = ModelArguments::in_force(*model);
        values["sampling"] = to_json(request.sampling);
        values["think"] = arguments.reply.think;
        values["max_tokens"] = request.max_tokens;
        values["stop"] = request.stop;
        const nlohmann::ordered_json line = {{"finish", to_text(printed.finish.reason)},
                                             {"thought_closed", printed.finish.thought_closed},
                                             {"answered_early", printed.finish.answered_early},
                                             {"timings", to_json(printed.finish.timings)},
                                             {"values", values}};
        std::printf("%s\n", line.dump().c_str());
    } else {
        std::printf("\n");
        std::fprintf(stderr, "seed %llu; ", static_cast<unsigned long long>(request.sampling.seed));
        print_timings(printed.finish);
    }
    if (printed.finish.error) return fail(*printed.finish.error);
    return {};
}

struct ChatArguments {
    ModelArguments model;
    ReplyArguments reply;
    std::optional<std::string> system;
};

Result<void> chat(const ChatArguments& arguments) {
    PELLUCID_TRY(const auto model, arguments.model.open());
    Request request = arguments.reply.request(*model);
    if (!model->capabilities().chat)
        return fail(ErrorCode::unsupported, model->info().name + " is a base model without a chat template",
                    "use run --complete for plain completion, or choose a model that was trained to chat");
    PELLUCID_TRY(const auto session, model->new_session());
    std::fprintf(
        stderr,
        "An empty line or Ctrl+D ends the conversation; /new begins another; Ctrl+C stops a reply.\n");
    Conversation conversation;
    const auto begin = [&] {
        conversation.messages.clear();
        if (arguments.system) conversation.messages.push_back(message(Role::system, *arguments.system));
    };
    begin();
    for (std::string line; std::fprintf(stderr, "> "), std::getline(std::cin, line) && !line.empty();) {
        if (line == "/new") {
            begin();
            continue;
        }
        conversation.messages.push_back(message(Role::user, line));
        request.input = conversation;
        auto started = session->generate(request);
        if (!started) return started.failure();
        PELLUCID_TRY(const Printed printed, print_reply(**started, false));
        std::printf("\n");
        print_timings(printed.finish);
        if (printed.finish.error) return fail(*printed.finish.error);
        auto answer = message(Role::assistant, printed.answer);
        answer.thought = printed.thought;
        conversation.messages.push_back(std::move(answer));
    }
    std::fprintf(stderr, "\n");
    return {};
}

}  // namespace

Command add_run(CLI::App& root) {
    auto arguments = std::make_shared<RunArguments>();
    CLI::App* app = root.add_subcommand("run", "One answer, streamed");
    arguments->model.add_to(*app);
    arguments->model.add_speculation_to(*app);
    arguments->reply.add_to(*app);
    app->add_option("--prompt", arguments->prompt, "the question")->required();
    app->add_option("--system", arguments->system, "the system prompt");
    app->add_flag("--complete", arguments->complete,
                  "continue the prompt as it stands, without a chat template");
    app->add_option("--parallel", arguments->parallel, "replies at once");
    app->add_option("--file", arguments->prompts_file, "prompts, one JSON object a line");
    app->add_flag("--json", arguments->json,
                  "one delta a line, then a line with timings and every value in force");
    return {app, [arguments] { return run(*arguments); }};
}

Command add_chat(CLI::App& root) {
    auto arguments = std::make_shared<ChatArguments>();
    CLI::App* app = root.add_subcommand("chat", "A conversation in the terminal");
    arguments->model.add_to(*app);
    arguments->model.add_speculation_to(*app);
    arguments->reply.add_to(*app);
    app->add_option("--system", arguments->system, "the system prompt");
    return {app, [arguments] { return chat(*arguments); }};
}

}  // namespace pellucid::cli
