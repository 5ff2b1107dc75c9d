#include "app/services/ask_service.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>

#include "app/answering/answer_stream.h"
#include "app/answering/nearest_words.h"
#include "app/asking/document_question.h"

namespace pellucid::app {

namespace {

constexpr std::chrono::seconds kPatience{60};
constexpr qsizetype kMostOrders = 8;  // of a document to the model, that are told

QString tr(const char* text) {
    return QCoreApplication::translate("AskService", text);
}

FoundPassage passageOf(const answering::Passage& from) {
    FoundPassage passage;
    passage.document = QString::number(from.document);
    passage.name = QFile::decodeName(QByteArray::fromStdString(from.file));
    passage.headings = QString::fromStdString(from.headings);
    passage.pageLabel = QString::fromStdString(from.page_label);
    if (!from.page_label.empty()) passage.page = static_cast<int>(from.page);
    passage.first = from.first;
    passage.last = from.last;
    passage.text = QString::fromStdString(from.text);
    return passage;
}

void putWhy(FoundPassage& passage, const documents::FoundPassage& found) {
    if (found.words) {
        passage.wordRank = found.words->rank;
        passage.wordScore = found.words->score;
    }
    if (found.vectors) {
        passage.meaningRank = found.vectors->rank;
        passage.meaningScore = found.vectors->score;
    }
    passage.fusedScore = found.score;
    if (found.rerank) passage.rerankScore = found.rerank->score;
}

/// The passages that a model was given, as the check wants them; a table's header stands before its range.
std::vector<answering::Passage> givenIn(const AnswerSources& sources) {
    std::vector<answering::Passage> passages;
    for (const FoundPassage& from : sources.passages) {
        answering::Passage passage;
        passage.document = from.document.toLongLong();
        passage.file = from.name.toStdString();
        passage.headings = from.headings.toStdString();
        passage.page_label = from.pageLabel.toStdString();
        passage.first = from.first;
        passage.last = from.last;
        passage.text = from.text.toStdString();
        const quint32 size = from.last - from.first;
        if (passage.text.size() > size)
            passage.header = static_cast<std::uint32_t>(passage.text.size() - size);
        passages.push_back(std::move(passage));
    }
    return passages;
}

/// What a session of its own may say again of a question that leans on the turns before it.
std::unique_ptr<Session> rewriterFor(const DocumentAsker::Question& question) {
    if (question.before.empty() || !question.model->capabilities().chat ||
        !answering::leans_on_history(question.text.toStdString()))
        return nullptr;
    auto session = question.model->new_session();
    return session ? std::move(*session) : nullptr;
}

/// The answer with a mark at the end of each sentence that rests on a passage without saying so: before its
/// full stop, where a writer puts it.
std::string withFoundMarks(const answering::CheckedAnswer& answer) {
    std::string text = answer.text;
    for (auto citation = answer.citations.rbegin(); citation != answer.citations.rend(); ++citation) {
        if (!citation->found) continue;
        std::size_t at = std::min(citation->mark.first, text.size());
        std::size_t fences = 0;
        for (std::size_t fence = text.find("```"); fence < at; fence = text.find("```", fence + 3)) ++fences;
        if (fences % 2 == 1) continue;  // within code it would be code
        while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\n')) --at;
        const std::string_view before = std::string_view(text).substr(0, at);
        bool wide = false;
        for (const std::string_view stop : {"。", "！", "？", ".", "!", "?"})
            if (before.ends_with(stop)) {
                at -= stop.size();
                wide = stop.size() > 1;
                break;
            }
        text.insert(at, (wide ? "[" : " [") + std::to_string(citation->number) + "]");
    }
    return text;
}

AnswerSources sourcesOf(const asking::PreparedQuestion& prepared) {
    AnswerSources sources;
    sources.whole = prepared.choice.way == answering::ContextWay::whole;
    int number = 0;
    for (const answering::PlacedPassage& placed : prepared.prompt.placed) {
        FoundPassage passage = passageOf(placed.passage);
        passage.number = ++number;
        for (const answering::Flag& flag : placed.flags)
            if (flag.kind == answering::FlagKind::instruction && sources.suspicious.size() < kMostOrders)
                sources.suspicious.append(QString::fromStdString(flag.words));
        sources.passages.push_back(std::move(passage));
    }
    for (const asking::Candidate& candidate : prepared.candidates) {
        if (candidate.placed) {
            putWhy(sources.passages[*candidate.placed], candidate.found);
            continue;
        }
        FoundPassage passage = passageOf(candidate.passage);
        putWhy(passage, candidate.found);
        passage.left = candidate.near ? FoundPassage::NoRoom : FoundPassage::TooFar;
        sources.others.push_back(std::move(passage));
    }
    return sources;
}

}  // namespace

AskService::AskService(documents::DocumentLibrary& library)
    : library_(library), thread_(QStringLiteral("questions")) {}

AskService::~AskService() {
    closing_.cancel();
}

bool AskService::asks(const QString& conversation) const {
    return scopeOf_ && scopeOf_(conversation).any();
}

void AskService::prepare(const Question& question, QObject* context, std::function<void(Prepared)> then) {
    thread_.run([this, question, scope = scopeOf_(question.conversation)] { return find(question, scope); },
                context, std::move(then));
}

AskService::Prepared AskService::find(const Question& question, const DocumentScope& scope) const {
    Prepared prepared;
    if (!question.model) {
        prepared.error = Error{ErrorCode::not_found, "no model is loaded", {}};
        return prepared;
    }
    if (!awaitAttached(scope)) {
        prepared.error = Error{ErrorCode::busy, "an attached document is still being read",
                               "wait until it is ready, then ask again"};
        return prepared;
    }
    asking::AskSettings settings;
    settings.scope.collections = collectionsOf(scope);
    const answering::TokenCounter count = answering::counter_of(*question.model);
    settings.other_tokens += count(question.beside.toStdString());
    std::vector<answering::Turn> before;
    for (const Turn& turn : question.before)
        before.push_back({turn.question.toStdString(), turn.answer.toStdString()});
    const std::string text = question.text.toStdString();
    const std::unique_ptr<Session> rewriter = rewriterFor(question);
    const auto found =
        asking::prepare_question(text, before, library_, *question.model, rewriter.get(), settings, closing_);
    if (!found) {
        prepared.error = found.error();
        return prepared;
    }
    AnswerSources sources = sourcesOf(*found);
    sources.searched = passagesIn(settings.scope);
    sources.scope = scope.all ? tr("All documents") : QString();
    if (found->nothing_found())
        prepared.answer = QString::fromUtf8(
            answering::not_found_sentence(answering::language_of(text)).data(),
            static_cast<qsizetype>(answering::not_found_sentence(answering::language_of(text)).size()));
    prepared.content = QString::fromStdString(found->prompt.content);
    prepared.stops = found->prompt.stops;
    prepared.sources = std::make_shared<const AnswerSources>(std::move(sources));
    return prepared;
}

/// Who attaches a file and asks at once asks about that file: a short one is read within a moment.
bool AskService::awaitAttached(const DocumentScope& scope) const {
    if (scope.attached.isEmpty()) return true;
    const auto waits = [&] {
        const auto rows = library_.documents().list(scope.attached.toLongLong());
        return rows && std::any_of(rows->begin(), rows->end(), [](const storage::DocumentRow& row) {
                   return row.state == storage::DocumentState::waiting;
               });
    };
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (waits()) {
        if (std::chrono::steady_clock::now() > end || closing_.cancelled()) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return true;
}

/// All: what belongs to other chats alone is not asked.
std::vector<storage::CollectionId> AskService::collectionsOf(const DocumentScope& scope) const {
    std::vector<storage::CollectionId> asked;
    for (const QString& collection : {scope.collection, scope.attached})
        if (!collection.isEmpty()) asked.push_back(collection.toLongLong());
    const auto known = library_.collections().list();
    if (scope.all && known)
        for (const storage::Collection& collection : *known)
            if (collection.conversation == 0) asked.push_back(collection.id);
    if (asked.empty()) asked.push_back(-1);  // an empty list would be all
    return asked;
}

int AskService::passagesIn(const documents::DocumentFilter& scope) const {
    std::int64_t passages = 0;
    const auto rows = library_.documents().list();
    if (!rows) return 0;
    for (const storage::DocumentRow& row : *rows)
        if (scope.accepts(row) && row.content != 0)
            if (const auto facts = library_.contents().facts(row.content)) passages += facts->chunks;
    return static_cast<int>(std::min<std::int64_t>(passages, 2'000'000'000));
}

QString AskService::contentAgain(const Question& question, const AnswerSourcesPtr& sources) {
    if (!question.model) return question.text;
    answering::PromptSettings settings;
    settings.form = answering::form_of(question.model->info());
    settings.marks = answering::mark_style_of(question.model->info());
    settings.is_special = answering::special_of(*question.model);
    // They had room once; how much there is now the reply finds out.
    settings.room = settings.passage_tokens = std::numeric_limits<int>::max() / 2;
    const auto prompt = answering::make_document_prompt(question.text.toStdString(), givenIn(*sources),
                                                        settings, answering::counter_of(*question.model));
    return prompt ? QString::fromStdString(prompt->content) : question.text;
}

DocumentAsker::Marks AskService::marks(const AnswerSourcesPtr& sources) {
    auto marks = std::make_shared<answering::CitationMarks>(static_cast<int>(sources->passages.size()));
    return [marks](const QString& delta, bool last) {
        QString text;
        const auto take = [&](const std::vector<answering::MarkEvent>& events) {
            for (const answering::MarkEvent& event : events)
                if (const auto* words = std::get_if<std::string>(&event))
                    text += QString::fromStdString(*words);
        };
        if (!delta.isEmpty()) take(marks->push(delta.toStdString()));
        if (last) take(marks->finish());
        return text;
    };
}

void AskService::check(const QString& question, const QString& answer, const AnswerSourcesPtr& sources,
                       QObject* context, std::function<void(Checked)> then) {
    thread_.run([this, question = question.toStdString(), answer = answer.toStdString(),
                 sources] { return checked(question, answer, *sources); },
                context, std::move(then));
}

/// A passage over several pages is cited for the one on which the words stand.
void AskService::placeEvidence(FoundPassage& passage) const {
    if (passage.evidence.empty() || passage.page < 0) return;
    const auto row = library_.documents().get(passage.document.toLongLong());
    if (!row) return;
    const auto pages = library_.contents().pages(row->content);
    if (!pages) return;
    const quint32 first = passage.evidence.front().first;
    for (std::size_t i = 0; i < pages->size(); ++i) {
        const storage::ContentPage& page = (*pages)[i];
        if (first < page.range.first || first >= page.range.last) continue;
        passage.page = static_cast<int>(i);
        passage.pageLabel = page.label.empty() ? QString::number(i + 1) : QString::fromStdString(page.label);
    }
}

DocumentAsker::Checked AskService::checked(const std::string& question, const std::string& answer,
                                           const AnswerSources& sources) const {
    answering::CitationMarks reader(static_cast<int>(sources.passages.size()));
    std::vector<answering::CitationMark> marks;
    const auto take = [&](const std::vector<answering::MarkEvent>& events) {
        for (const answering::MarkEvent& event : events)
            if (const auto* mark = std::get_if<answering::CitationMark>(&event)) marks.push_back(*mark);
    };
    take(reader.push(answer));
    take(reader.finish());
    answering::CheckSettings settings;
    settings.meaning = asking::meaning_of(library_);
    settings.question = question;
    const auto passages = givenIn(sources);
    const answering::CheckedAnswer result = answering::check_answer(reader.text(), marks, passages, settings);
    AnswerSources checked = sources;
    const auto given = [&] {
        return Checked{std::make_shared<const AnswerSources>(std::move(checked)),
                       QString::fromStdString(withFoundMarks(result))};
    };
    for (const answering::Citation& citation : result.citations) {
        if (citation.number < 1 || citation.number > static_cast<int>(checked.passages.size())) continue;
        const auto at = static_cast<std::size_t>(citation.number - 1);
        FoundPassage& passage = checked.passages[at];
        passage.cited = true;
        const bool borne = result.sentences[citation.sentence].check.verdict == answering::Verdict::supported;
        if (!borne || citation.evidence.empty()) continue;
        const answering::Span span = answering::in_document(passages[at], citation.evidence);
        passage.addEvidence(static_cast<quint32>(span.first), static_cast<quint32>(span.last));
    }
    // Where nothing bears the answer out, what comes nearest to the question is marked in its passages.
    if (std::ranges::all_of(checked.passages, [](const FoundPassage& one) { return one.evidence.empty(); }))
        for (const answering::NearestWords& near : answering::nearest_words(question, passages)) {
            const auto at = static_cast<std::size_t>(near.number - 1);
            const answering::Span span = answering::in_document(passages[at], near.span);
            checked.passages[at].addEvidence(static_cast<quint32>(span.first),
                                             static_cast<quint32>(span.last));
        }
    for (FoundPassage& passage : checked.passages) placeEvidence(passage);
    checked.checked = true;
    checked.sentences.clear();
    using answering::Outcome;
    if (result.outcome == Outcome::not_in_documents || result.outcome == Outcome::nothing_found)
        return given();  // that it is not there needs no passage
    for (const answering::CheckedSentence& sentence : result.sentences) {
        using answering::Doubt;
        if (sentence.check.verdict != answering::Verdict::unsupported) continue;
        CheckedSentence said;
        const bool differs = sentence.check.doubt != Doubt::none && sentence.check.doubt != Doubt::not_found;
        said.verdict = differs ? CheckedSentence::Differs : CheckedSentence::Unsupported;
        said.text = QString::fromStdString(result.text.substr(sentence.span.first, sentence.span.size()));
        said.differs = QString::fromStdString(sentence.check.said);
        checked.sentences.push_back(std::move(said));
    }
    return given();
}

}  // namespace pellucid::app
