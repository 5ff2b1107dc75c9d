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

/// A conversation that outlives the model it is held with: when a device fails it is kept, and goes on with
/// the model opened elsewhere.
class Chat {
public:
    explicit Chat(const ChatArguments& arguments) : arguments_(arguments), model_(arguments.model) {}

    Result<void> run() {
        PELLUCID_CHECK(open());
        if (!opened_->capabilities().chat)
            return fail(
                ErrorCode::unsupported, opened_->info().name + " is a base model without a chat template",
                "use run --complete for plain completion, or choose a model that was trained to chat");
        std::fprintf(stderr,
                     "An empty line or Ctrl+D ends the conversation; /new begins another; /device NAME and "
                     "/placement SPEC go on with the model opened so; Ctrl+C stops a reply.\n");
        begin();
        for (std::string line; std::fprintf(stderr, "> "), std::getline(std::cin, line) && !line.empty();) {
            if (line == "/new") {
                begin();
            } else if (line.starts_with("/device ")) {
                model_.device = line.substr(8);
                PELLUCID_CHECK(elsewhere());
            } else if (line.starts_with("/placement ")) {
                model_.placement = line.substr(11);
                PELLUCID_CHECK(elsewhere());
            } else {
                conversation_.messages.push_back(message(Role::user, line));
                PELLUCID_CHECK(answer());
            }
        }
        std::fprintf(stderr, "\n");
        if (failed_) return fail(*failed_);
        return {};
    }

private:
    void begin() {
        conversation_.messages.clear();
        if (arguments_.system) conversation_.messages.push_back(message(Role::system, *arguments_.system));
    }

    Result<void> open() {
        session_.reset();  // before the new one: its memory is what may be missing
        opened_.reset();
        PELLUCID_TRY(opened_, model_.open());
        PELLUCID_TRY(session_, opened_->new_session());
        return {};
    }

    /// Opens the model as is asked for now, and answers what is still to be answered.
    Result<void> elsewhere() {
        try {
            if (const auto done = open(); !done) return keep(done.error());
        } catch (const UsageError& error) {
            return keep({ErrorCode::invalid_argument, error.what(), ""});
        }
        const bool waits =
            !conversation_.messages.empty() && conversation_.messages.back().role == Role::user;
        return waits ? answer() : Result<void>();
    }

    Result<void> answer() {
        if (!session_) return keep(failed_.value_or(Error{}));
        Request request = arguments_.reply.request(*opened_);
        request.input = conversation_;
        auto started = session_->generate(request);
        if (!started) return refused(started.error());
        PELLUCID_TRY(const Printed printed, print_reply(**started, false));
        std::printf("\n");
        print_timings(printed.finish);
        if (printed.finish.error) return refused(*printed.finish.error);
        failed_.reset();
        auto answer = message(Role::assistant, printed.answer);
        answer.thought = printed.thought;
        conversation_.messages.push_back(std::move(answer));
        return {};
    }

    /// What other devices could do about ends nothing.
    Result<void> refused(const Error& error) {
        if (error.code != ErrorCode::out_of_memory && error.code != ErrorCode::device_lost)
            return fail(error);
        return keep(error);
    }

    Result<void> keep(const Error& error) {
        failed_ = error;
        std::fprintf(stderr, "%s\nThe conversation is kept. Go on with\n", error.message().c_str());
        if (const auto offers = model_.offers(opened_ ? opened_->options().device : ""))
            for (const PlacementOffer& offer : *offers)
                std::fprintf(
                    stderr, "  /device %s%s\n", offer.device.c_str(),
                    offer.placement == "whole" ? "" : (" and /placement " + offer.placement).c_str());
        return {};
    }

    const ChatArguments& arguments_;
    ModelArguments model_;  ///< as it is opened now
    std::shared_ptr<LocalModel> opened_;
    std::unique_ptr<Session> session_;
    Conversation conversation_;
    std::optional<Error> failed_;
};

Result<void> chat(const ChatArguments& arguments) {
    return Chat(arguments).run();
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
