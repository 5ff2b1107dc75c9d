// docs ask: an answer from the library's documents, streamed with its citations, then each source checked.
#ifdef PELLUCID_HAS_STORAGE
#include <fmt/format.h>
#include <unistd.h>
#include <cstdio>
#include <set>

#include "app/answering/answer_stream.h"
#include "app/answering/nearest_words.h"
#include "app/asking/document_question.h"
#include "app/cli/docs.h"
#include "app/cli/reply_options.h"

namespace pellucid::cli {

using namespace answering;
using Json = nlohmann::ordered_json;

namespace {

struct AskArguments {
    ModelArguments model;
    ReplyArguments reply;
    std::string question, collection, embedding, way = "auto";
    std::vector<std::string> folders, types;
    int passages = 6;
    bool json = false, show_prompt = false;
};

void print(const Json& json) {
    std::printf("%s\n", json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
    std::fflush(stdout);
}

const char* name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::supported:
            return "supported";
        case Verdict::unsupported:
            return "unsupported";
        case Verdict::not_checkable:
            return "not checkable";
    }
    return "";
}

const char* name_of(Doubt doubt) {
    static constexpr const char* kNames[] = {"none", "not found", "number",  "unit",
                                             "name", "negation",  "opposite"};
    return kNames[static_cast<int>(doubt)];
}

const char* name_of(MentionKind kind) {
    return kind == MentionKind::number ? "number" : kind == MentionKind::title ? "title" : "words";
}

const char* name_of(Outcome outcome) {
    static constexpr const char* kNames[] = {"answered",         "partly",        "unsupported",
                                             "not in documents", "nothing found", "no answer"};
    return kNames[static_cast<int>(outcome)];
}

std::string one_line(std::string text, std::size_t most) {
    for (char& c : text)
        if (c == '\n' || c == '\t') c = ' ';
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
    return text.substr(0, most) + "…";
}

/// Prints what comes, as text or one event a line.
void show(const AnswerEvent& event, bool json, bool& thinking) {
    const bool terminal = isatty(STDERR_FILENO);
    if (const auto* text = std::get_if<ThoughtText>(&event)) {
        if (json)
            print({{"thought", text->text}});
        else {
            if (!thinking && terminal) std::fprintf(stderr, "\033[2m");
            thinking = true;
            std::fwrite(text->text.data(), 1, text->text.size(), stderr);
        }
    } else if (const auto* answer = std::get_if<AnswerText>(&event)) {
        if (json)
            print({{"answer", answer->text}});
        else {
            if (thinking) std::fprintf(stderr, "%s\n", terminal ? "\033[0m" : "");
            thinking = false;
            std::fwrite(answer->text.data(), 1, answer->text.size(), stdout);
            std::fflush(stdout);
        }
    } else if (const auto* mark = std::get_if<CitationMark>(&event)) {
        if (json) print({{"citation", mark->number}, {"first", mark->span.first}, {"last", mark->span.last}});
    } else if (const auto* unknown = std::get_if<UnknownMark>(&event)) {
        if (json) print({{"unknown_citation", unknown->number}});
    } else if (const auto* mention = std::get_if<Mention>(&event)) {
        if (json) print({{"using", mention->number}, {"by", name_of(mention->kind)}});
    }
}

Json to_json(const ClaimCheck& check) {
    Json json = {{"verdict", name_of(check.verdict)}};
    if (check.doubt != Doubt::none) {
        json["doubt"] = name_of(check.doubt);
        json["claimed"] = check.claimed;
        json["said"] = check.said;
        json["why"] = explain(check);
    }
    json["verbatim"] = check.verbatim;
    json["coverage"] = check.coverage;
    return json;
}

Result<Json> sources_of(documents::DocumentLibrary& library, const CheckedAnswer& answer,
                        const std::vector<Passage>& passages) {
    Json sources = Json::array();
    for (const Citation& citation : answer.citations) {
        const Passage& passage = passages[static_cast<std::size_t>(citation.number - 1)];
        const CheckedSentence& sentence = answer.sentences[citation.sentence];
        Json source = {{"number", citation.number},
                       {"document", passage.title},
                       {"file", passage.file},
                       {"page", passage.page_label},
                       {"headings", passage.headings}};
        if (const auto place = asking::cited_place(library, passage, citation.evidence); place.ok()) {
            source["path"] = place->path;
            source["page"] = place->page_label;
            source["first"] = place->range.first;
            source["last"] = place->range.last;
            source["boxes"] = place->boxes.size();
        }
        source["found"] = citation.found;
        source["quote"] = passage.text.substr(citation.evidence.first, citation.evidence.size());
        source["sentence"] = answer.text.substr(sentence.span.first, sentence.span.size());
        source["check"] = to_json(sentence.check);
        sources.push_back(std::move(source));
    }
    return sources;
}

void print_sources(const Json& sources, const CheckedAnswer& answer) {
    if (!sources.empty()) std::printf("\nSources\n");
    std::set<std::string> told;  // several sentences may rest on the same words
    for (const Json& source : sources) {
        std::string place = source["document"];
        if (const std::string page = source["page"]; !page.empty()) place += ", page " + page;
        const std::string why = source["check"].contains("why")
                                    ? ": " + source["check"]["why"].get<std::string>()
                                    : std::string();
        const std::string line =
            fmt::format("[{}] {}{}\n    “{}”\n    {}{}\n", source["number"].get<int>(), place,
                        source["found"].get<bool>() ? "  (matched by Pellucid: the model gave no mark)" : "",
                        one_line(source["quote"], 300), source["check"]["verdict"].get<std::string>(), why);
        if (told.insert(line).second) std::printf("%s", line.c_str());
    }
    for (const CheckedSentence& sentence : answer.sentences)
        if (!sentence.cited && sentence.check.verdict == Verdict::unsupported)
            std::printf("[-] no passage supports: “%s” (%s)\n",
                        one_line(answer.text.substr(sentence.span.first, sentence.span.size()), 200).c_str(),
                        explain(sentence.check).c_str());
}

/// What a person can go by where the answer itself is worth little.
Json nearest(const std::string& question, const std::vector<Passage>& passages) {
    Json all = Json::array();
    for (const NearestWords& one : nearest_words(question, passages)) {
        const Passage& passage = passages[static_cast<std::size_t>(one.number - 1)];
        all.push_back({{"number", one.number},
                       {"place", place_of(passage)},
                       {"quote", passage.text.substr(one.span.first, one.span.size())},
                       {"share", one.share}});
    }
    return all;
}

Result<void> ask(const AskArguments& arguments) {
    DocsArguments docs;
    docs.data_dir = arguments.model.data_dir;
    docs.collection = arguments.collection;
    docs.model = arguments.embedding;
    docs.threads = arguments.model.threads;
    PELLUCID_TRY(auto opened, open_documents(docs, true));
    PELLUCID_CHECK(use_embedding(docs, opened));
    PELLUCID_TRY(const auto collection, collection_named(*opened.library, arguments.collection));
    PELLUCID_TRY(const auto model, arguments.model.open());
    asking::AskSettings settings;
    if (collection != 0) settings.scope.collections = {collection};
    std::error_code trouble;
    for (const std::string& folder : arguments.folders)
        settings.scope.folders.push_back(
            std::filesystem::absolute(folder, trouble).lexically_normal().string());
    settings.scope.types = arguments.types;
    settings.passages = arguments.passages;
    if (arguments.way == "whole") settings.way = ContextWay::whole;
    if (arguments.way == "passages") settings.way = ContextWay::passages;
    PELLUCID_TRY(const auto prepared, asking::prepare_question(arguments.question, {}, *opened.library,
                                                               *model, nullptr, settings));
    const auto& placed = prepared.prompt.placed;
    std::fprintf(stderr, "%s; %zu passages in the prompt, %d tokens\n", explain(prepared.choice).c_str(),
                 placed.size(), prepared.prompt.tokens);
    if (!prepared.note.empty()) std::fprintf(stderr, "note: %s\n", prepared.note.c_str());
    for (std::size_t i = 0; i < placed.size(); ++i)
        for (const Flag& flag : placed[i].flags)
            std::fprintf(stderr, "warning: passage %zu (%s) %.*s: “%s”\n", i + 1,
                         place_of(placed[i].passage).c_str(), static_cast<int>(to_string(flag.kind).size()),
                         to_string(flag.kind).data(), one_line(flag.words, 120).c_str());
    if (arguments.show_prompt) std::fprintf(stderr, "%s\n", prepared.prompt.content.c_str());
    if (arguments.json) {
        Json passages = Json::array();
        for (std::size_t i = 0; i < placed.size(); ++i) {
            Json flags = Json::array();
            for (const Flag& flag : placed[i].flags)
                flags.push_back({{"kind", to_string(flag.kind)},
                                 {"words", flag.words},
                                 {"first", flag.span.first},
                                 {"last", flag.span.last}});
            passages.push_back({{"number", i + 1},
                                {"document", placed[i].passage.title},
                                {"page", placed[i].passage.page_label},
                                {"tokens", placed[i].tokens},
                                {"cut", placed[i].cut},
                                {"why", i < prepared.why.size() ? prepared.why[i] : ""},
                                {"flags", flags}});
        }
        print({{"question", arguments.question},
               {"queries", prepared.queries},
               {"way", prepared.choice.way == ContextWay::whole ? "whole" : "passages"},
               {"reason", explain(prepared.choice)},
               {"passages", passages},
               {"note", prepared.note}});
    }
    CheckSettings check;
    check.meaning = asking::meaning_of(*opened.library);
    check.question = arguments.question;
    AnswerStream stream(prepared.prompt.passages(), check);
    Finish finish;
    if (prepared.nothing_found()) {  // the model knows nothing of it either
        const auto sentence = not_found_sentence(prepared.prompt.language);
        if (!arguments.json) std::printf("%.*s\n", static_cast<int>(sentence.size()), sentence.data());
    } else {
        Request request = arguments.reply.request(*model);
        if (model->capabilities().chat) {
            Conversation conversation;
            ChatMessage message;
            message.role = Role::user;
            message.content = prepared.prompt.content;
            conversation.messages.push_back(std::move(message));
            request.input = std::move(conversation);
        } else {
            request.input = prepared.prompt.content;
        }
        for (const std::string& stop : prepared.prompt.stops) request.stop.push_back(stop);
        PELLUCID_TRY(const auto session, model->new_session());
        PELLUCID_TRY(const auto reply, session->generate(request));
        bool thinking = false;
        const auto show_all = [&](const std::vector<AnswerEvent>& events) {
            for (const AnswerEvent& event : events) show(event, arguments.json, thinking);
        };
        PELLUCID_TRY(const Printed printed,
                     print_reply(*reply, false, [&](const Delta& delta) { show_all(stream.take(delta)); }));
        show_all(stream.finish());
        finish = printed.finish;
        if (!arguments.json) std::printf("\n");
    }
    const CheckedAnswer answer = stream.check();
    PELLUCID_TRY(const Json sources, sources_of(*opened.library, answer, stream.passages()));
    const Outcome outcome = prepared.nothing_found() ? Outcome::nothing_found : answer.outcome;
    const bool borne_out = outcome == Outcome::answered || outcome == Outcome::nothing_found;
    const Json near = borne_out ? Json::array() : nearest(arguments.question, stream.passages());
    if (arguments.json) {
        Json sentences = Json::array();
        for (const CheckedSentence& sentence : answer.sentences)
            sentences.push_back({{"first", sentence.span.first},
                                 {"last", sentence.span.last},
                                 {"cited", sentence.cited},
                                 {"check", to_json(sentence.check)}});
        print({{"text", answer.text},
               {"outcome", name_of(outcome)},
               {"sources", sources},
               {"sentences", sentences},
               {"nearest", near},
               {"finish", to_text(finish.reason)},
               {"timings", cli::to_json(finish.timings)}});
    } else {
        print_sources(sources, answer);
        if (!near.empty()) std::printf("\nNearest in the documents, in their own words\n");
        for (const Json& one : near)
            std::printf("[%d] %s\n    “%s”\n", one["number"].get<int>(),
                        one["place"].get<std::string>().c_str(), one_line(one["quote"], 500).c_str());
        std::fprintf(stderr, "%.*s\n", static_cast<int>(to_string(outcome).size()),
                     to_string(outcome).data());
        if (!prepared.nothing_found()) print_timings(finish);
    }
    if (finish.error) return fail(*finish.error);
    return {};
}

}  // namespace

void add_docs_ask(CLI::App& docs, DocsCommands& commands) {
    auto arguments = std::make_shared<AskArguments>();
    CLI::App* app = docs.add_subcommand("ask", "An answer from the documents, with its sources checked");
    app->add_option("question", arguments->question, "in words")->required();
    arguments->model.add_to(*app);
    arguments->model.add_speculation_to(*app);
    arguments->reply.add_to(*app);
    app->add_option("--library", arguments->model.data_dir, "the same as --data-dir");
    app->add_option("--collection", arguments->collection, "a collection by its name");
    app->add_option("--embedding", arguments->embedding, "embedding model (the one used last)");
    app->add_option("--context", arguments->way, "what is read: the whole documents, passages, or auto")
        ->check(CLI::IsMember({"auto", "whole", "passages"}))
        ->capture_default_str();
    app->add_option("--passages", arguments->passages, "most passages")
        ->check(CLI::Range(1, 50))
        ->capture_default_str();
    app->add_option("--folder", arguments->folders, "only what lies below");
    app->add_option("--type", arguments->types, "only files with this ending");
    app->add_flag("--show-prompt", arguments->show_prompt, "what the model is asked, on stderr");
    app->add_flag("--json", arguments->json, "one event a line, then a line with the checked answer");
    commands[app] = [arguments] { return ask(*arguments); };
}

}  // namespace pellucid::cli
#endif
