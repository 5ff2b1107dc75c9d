#include "app/asking/document_question.h"

#include <algorithm>

#include "app/answering/claim_terms.h"
#include "app/library/storage_error.h"

namespace pellucid::asking {

using namespace answering;
using library::from_storage;

namespace {

/// More bytes than this for each token of room: not worth counting.
constexpr std::uint64_t kMostBytesAToken = 8;
/// A small model loses sight of the question in more than a few short passages.
constexpr int kSmallPassages = 3, kSmallPassageTokens = 160, kSmallDocument = 600;

struct Whole {
    std::vector<Passage> passages;
    int documents = 0;
    int tokens = 0;  ///< counted where it may fit, else estimated
};

/// What the scope holds altogether: read where it could fit into the room.
Result<Whole> read_whole(documents::DocumentLibrary& library, const documents::DocumentFilter& scope,
                         int room, const TokenCounter& count) {
    Whole whole;
    PELLUCID_TRY(const auto rows, from_storage(library.documents().list()));
    std::vector<storage::DocumentRow> documents;
    std::vector<storage::ContentId> contents;
    std::uint64_t bytes = 0;
    for (const auto& row : rows) {
        if (row.state != storage::DocumentState::indexed || !scope.accepts(row)) continue;
        if (std::find(contents.begin(), contents.end(), row.content) != contents.end()) continue;
        PELLUCID_TRY(const auto facts, from_storage(library.contents().facts(row.content)));
        bytes += facts.text_bytes;
        contents.push_back(row.content);
        documents.push_back(row);
    }
    whole.documents = static_cast<int>(documents.size());
    if (bytes > static_cast<std::uint64_t>(std::max(room, 0)) * kMostBytesAToken) {
        whole.tokens = static_cast<int>(std::min<std::uint64_t>(bytes / 4, 2000000000));
        return whole;
    }
    for (const auto& document : documents) {
        PELLUCID_TRY(auto passages, all_passages(library, document));
        for (Passage& passage : passages) {
            whole.tokens += count(passage.text) + 32;
            whole.passages.push_back(std::move(passage));
        }
    }
    return whole;
}

}  // namespace

Result<PreparedQuestion> prepare_question(std::string_view question, std::span<const Turn> history,
                                          documents::DocumentLibrary& library, const Model& model,
                                          Session* rewriter, const AskSettings& settings,
                                          CancelToken cancel) {
    PreparedQuestion prepared;
    const TokenCounter count = counter_of(model);
    const int context = model.options().context_length;
    ContextFacts facts;
    facts.context_length = context;
    // The message's own words, and a template's around it.
    facts.other_tokens = settings.other_tokens + count(question) + 220;
    facts.reply_tokens = std::min(settings.reply_tokens, std::max(context / 3, 64));
    facts.prompt_speed = settings.prompt_speed;
    const bool completion = !model.capabilities().chat;
    const bool small = completion || form_of(model.info()) == PromptForm::plain;
    if (small && settings.way != ContextWay::whole)
        facts.context_length = std::min(context, facts.other_tokens + facts.reply_tokens + kSmallDocument);
    PELLUCID_TRY(Whole whole,
                 read_whole(library, settings.scope,
                            facts.context_length - facts.other_tokens - facts.reply_tokens, count));
    facts.documents = whole.documents;
    facts.document_tokens = whole.tokens;
    prepared.choice = choose_context(facts, settings.way);

    PromptSettings prompt;
    prompt.room = context - facts.reply_tokens - settings.other_tokens;
    prompt.passage_tokens = settings.passage_tokens;
    prompt.form = small ? PromptForm::plain : PromptForm::file_template;
    prompt.completion = completion;
    if (small) prompt.passage_tokens = std::min(prompt.passage_tokens, kSmallPassageTokens);
    prompt.marks = mark_style_of(model.info());
    prompt.is_special = special_of(model);
    prepared.question.question = std::string(question);
    if (prepared.choice.way == ContextWay::whole && !whole.passages.empty()) {
        prompt.passage_tokens = prompt.room;
        PELLUCID_TRY(prepared.prompt, make_document_prompt(question, whole.passages, prompt, count));
        return prepared;
    }
    if (rewriter) {
        prepared.question = rewrite_question(question, history, *rewriter, count, settings.rewrite, cancel);
    } else {
        prepared.question.parts = parts_of(question, settings.rewrite.most_parts);
        prepared.question.reason = history.empty() ? RewriteReason::no_history : RewriteReason::stands_alone;
    }
    if (cancel.cancelled()) return fail(ErrorCode::cancelled, "the question was taken back");
    const FindPassages find = [&](const std::string& query, int limit) -> Result<std::vector<Passage>> {
        documents::RetrieveOptions options;
        options.limit = limit;
        options.filter = settings.scope;
        PELLUCID_TRY(const auto found, library.retriever().find(query, options, cancel));
        prepared.note = found.note;
        int words = 0;
        for (const Term& term : terms_of(query).all) words += term.weight > 0;
        std::vector<Passage> passages;
        for (const auto& one : found.passages) {
            const bool near = !settings.only_near || is_near(nearness_of(one, words));
            PELLUCID_TRY(Passage passage, to_passage(library, one));
            const auto known =
                std::find_if(prepared.candidates.begin(), prepared.candidates.end(),
                             [&](const Candidate& other) { return other.passage.chunk == passage.chunk; });
            if (known == prepared.candidates.end())
                prepared.candidates.push_back({one, passage, near, {}});
            else
                known->near = known->near || near;
            if (near) passages.push_back(std::move(passage));
        }
        return passages;
    };
    const int most = small ? std::min(settings.passages, kSmallPassages) : settings.passages;
    PELLUCID_TRY(const Gathered gathered, gather_passages(prepared.question, find, most));
    prepared.queries = gathered.queries;
    PELLUCID_TRY(prepared.prompt, make_document_prompt(question, gathered.passages, prompt, count));
    for (std::size_t i = 0; i < prepared.prompt.placed.size(); ++i) {
        prepared.why.emplace_back();
        for (Candidate& candidate : prepared.candidates) {
            if (candidate.passage.chunk != prepared.prompt.placed[i].passage.chunk) continue;
            candidate.placed = i;
            prepared.why.back() = candidate.found.why();
        }
    }
    return prepared;
}

}  // namespace pellucid::asking
