#include "app/models/scripted_documents.h"

#include <QFileInfo>
#include <QFont>
#include <QFontMetricsF>
#include <QPainter>
#include <QTextLayout>
#include <QTextOption>
#include <algorithm>

#include "app/threads/gui_context.h"

namespace pellucid::app {

namespace {

template <typename Then, typename... Values>
void answer(QObject* context, Then then, Values... values) {
    GuiContext(context).post([then = std::move(then), ... values = std::move(values)] { then(values...); });
}

constexpr QSizeF kA4(595, 842);
constexpr double kMargin = 67, kTop = 56;

QFont fontOf(double size, bool bold) {
    QFont font(QStringLiteral("DejaVu Serif"));
    font.insertSubstitution(QStringLiteral("DejaVu Serif"), QStringLiteral("Noto Serif CJK SC"));
    font.setPixelSize(static_cast<int>(size));
    font.setBold(bold);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

}  // namespace

// ---- the library ----

void ScriptedLibrary::watch(QObject* context, std::function<void(LibraryState)> changed) {
    watcher_ = context;
    changed_ = std::move(changed);
    tell();
}

void ScriptedLibrary::tell() {
    if (watcher_ && changed_) answer(watcher_.data(), changed_, state);
}

LibraryDocument* ScriptedLibrary::find(const QString& id) {
    for (LibraryDocument& document : state.documents)
        if (document.id == id) return &document;
    return nullptr;
}

void ScriptedLibrary::add(const QStringList& paths, const QString& collection, const QString& conversation,
                          QObject* context, std::function<void(Problem)> then) {
    calls.append(QStringLiteral("add ") + paths.join(u' '));
    const Problem why = std::exchange(refusal, {});
    if (!why) {
        QString into = collection;
        for (const LibraryCollection& known : state.collections)
            if (into.isEmpty() && known.conversation == conversation) into = known.id;
        if (into.isEmpty()) {
            into =
                conversation.isEmpty() ? QStringLiteral("documents") : QStringLiteral("chat-") + conversation;
            state.collections.push_back(
                {into,
                 conversation.isEmpty() ? QStringLiteral("Documents") : QStringLiteral("Chat"),
                 conversation,
                 {}});
        }
        for (const QString& path : paths) {
            LibraryDocument document;
            document.id = QStringLiteral("added-%1").arg(state.documents.size());
            document.collection = into;
            document.path = path;
            document.name = QFileInfo(path).fileName();
            state.documents.push_back(document);
        }
        tell();
    }
    answer(context, std::move(then), why);
}

void ScriptedLibrary::makeCollection(const QString& name, QObject* context,
                                     std::function<void(Problem)> then) {
    calls.append(QStringLiteral("make ") + name);
    state.collections.push_back({QStringLiteral("c-") + name, name, {}, {}});
    tell();
    answer(context, std::move(then), Problem());
}

void ScriptedLibrary::renameCollection(const QString& id, const QString& name) {
    calls.append(QStringLiteral("rename ") + id);
    for (LibraryCollection& collection : state.collections)
        if (collection.id == id) collection.name = name;
    tell();
}

void ScriptedLibrary::removeCollection(const QString& id) {
    calls.append(QStringLiteral("remove-collection ") + id);
    std::erase_if(state.collections,
                  [&](const LibraryCollection& collection) { return collection.id == id; });
    std::erase_if(state.documents,
                  [&](const LibraryDocument& document) { return document.collection == id; });
    tell();
}

void ScriptedLibrary::removeFolder(const QString& id) {
    calls.append(QStringLiteral("remove-folder ") + id);
    for (LibraryCollection& collection : state.collections)
        std::erase_if(collection.folders, [&](const LibraryFolder& folder) { return folder.id == id; });
    tell();
}

void ScriptedLibrary::removeDocument(const QString& id) {
    calls.append(QStringLiteral("remove ") + id);
    std::erase_if(state.documents, [&](const LibraryDocument& document) { return document.id == id; });
    tell();
}

void ScriptedLibrary::retry(const QString& id) {
    calls.append(QStringLiteral("retry ") + id);
    if (LibraryDocument* document = find(id)) {
        document->phase = LibraryDocument::Waiting;
        document->problem = {};
    }
    tell();
}

void ScriptedLibrary::recognise(const QString& id) {
    calls.append(QStringLiteral("recognise ") + id);
    if (LibraryDocument* document = find(id)) document->phase = LibraryDocument::Waiting;
    tell();
}

void ScriptedLibrary::pause() {
    calls.append(QStringLiteral("pause"));
    state.import.paused = true;
    tell();
}

void ScriptedLibrary::resume() {
    calls.append(QStringLiteral("resume"));
    state.import.paused = false;
    tell();
}

// ---- pages ----

void ScriptedPages::addPaged(const QString& id, const QString& name,
                             const std::vector<std::vector<Piece>>& pages, int firstPage) {
    Scripted document;
    document.opened.name = name;
    document.opened.path = QStringLiteral("/documents/") + name;
    for (const std::vector<Piece>& pieces : pages) {
        const auto number = static_cast<int>(document.opened.pages.size());
        document.opened.pages.push_back({kA4, QString::number(firstPage + number)});
        document.words.emplace_back();
        double y = kTop;
        for (const Piece& piece : pieces) {
            const bool heading = piece.level > 0;
            const double size = heading ? 14 : 12, pitch = heading ? 22 : 20;
            if (heading) y += 12;
            QTextLayout layout(piece.text, fontOf(size, heading));
            QTextOption option(heading ? Qt::AlignLeft : Qt::AlignJustify);
            option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
            layout.setTextOption(option);
            layout.beginLayout();
            for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
                line.setLineWidth(kA4.width() - 2 * kMargin);
                line.setPosition({kMargin, y});
                y += pitch;
            }
            layout.endLayout();
            for (int i = 0; i < layout.lineCount(); ++i) {
                const QTextLine line = layout.lineAt(i);
                int from = line.textStart();
                const int end = from + line.textLength();
                while (from < end) {
                    int to = from;
                    while (to < end && !piece.text[to].isSpace()) ++to;
                    if (to > from) {
                        const double left = line.cursorToX(from), right = line.cursorToX(to);
                        const auto first = static_cast<quint32>(document.text.size() +
                                                                piece.text.first(from).toUtf8().size());
                        const QString word = piece.text.sliced(from, to - from);
                        const QRectF box(left, line.y(), right - left, line.height());
                        document.runs.push_back(
                            {{first, first + static_cast<quint32>(word.toUtf8().size())}, number, box});
                        document.words.back().push_back({word, box, line.y() + line.ascent(), size, heading});
                    }
                    from = to;
                    while (from < end && piece.text[from].isSpace()) ++from;
                }
            }
            document.text += piece.text.toUtf8() + '\n';
            y += heading ? 6 : 12;
        }
    }
    documents_.insert(id, std::move(document));
}

void ScriptedPages::addText(const QString& id, const QString& name,
                            std::vector<DocumentParagraph> paragraphs) {
    Scripted document;
    document.opened.name = name;
    document.opened.path = QStringLiteral("/documents/") + name;
    for (DocumentParagraph& paragraph : paragraphs) {
        paragraph.span.first = static_cast<quint32>(document.text.size());
        document.text += paragraph.text.toUtf8();
        paragraph.span.last = static_cast<quint32>(document.text.size());
        document.text += "\n\n";
    }
    document.opened.paragraphs = std::move(paragraphs);
    documents_.insert(id, std::move(document));
}

DocumentSpan ScriptedPages::spanOf(const QString& id, const QString& words) const {
    const auto document = documents_.constFind(id);
    if (document == documents_.cend() || words.isEmpty()) return {};
    const QByteArray wanted = words.toUtf8();
    const qsizetype at = document->text.indexOf(wanted);
    if (at < 0) return {};
    return {static_cast<quint32>(at), static_cast<quint32>(at + wanted.size())};
}

void ScriptedPages::open(const QString& document, QObject* context,
                         std::function<void(OpenedDocument, Problem)> then) {
    Problem why = std::exchange(problem, {});
    if (!why && !documents_.contains(document)) why = {QStringLiteral("There is no such document."), {}};
    answer(context, std::move(then), documents_.value(document).opened, why);
}

void ScriptedPages::picture(const QString& document, int page, double scale, QObject* context,
                            std::function<void(QImage, Problem)> then) {
    ++pictures;
    if (silent) return;
    const auto found = documents_.constFind(document);
    if (pictureProblem || found == documents_.cend() || page < 0 ||
        page >= static_cast<int>(found->words.size()))
        return answer(context, std::move(then), QImage(), pictureProblem);
    QImage image((kA4 * scale).toSize(), QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::TextAntialiasing);
    painter.scale(scale, scale);
    painter.setPen(QColor(0x1a, 0x1a, 0x1a));
    for (const Words& words : found->words[static_cast<std::size_t>(page)]) {
        painter.setFont(fontOf(words.size, words.bold));
        painter.drawText(QPointF(words.box.left(), words.baseline), words.text);
    }
    painter.setFont(fontOf(12, false));
    painter.drawText(QRectF(0, 790, kA4.width(), 20), Qt::AlignCenter,
                     found->opened.pages[static_cast<std::size_t>(page)].label);
    painter.end();
    answer(context, std::move(then), image, Problem());
}

void ScriptedPages::runs(const QString& document, DocumentSpan span, QObject* context,
                         std::function<void(std::vector<TextRun>)> then) {
    std::vector<TextRun> touched;
    const auto found = documents_.constFind(document);
    if (found != documents_.cend()) {
        int first = -1, last = -1;
        for (const TextRun& run : found->runs)
            if (run.span.first < span.last && span.first < run.span.last) {
                if (first < 0) first = run.page;
                last = run.page;
            }
        for (const TextRun& run : found->runs)
            if (first >= 0 && run.page >= first && run.page <= last) touched.push_back(run);
    }
    answer(context, std::move(then), std::move(touched));
}

void ScriptedPages::find(const QString& document, const QString& text, QObject* context,
                         std::function<void(std::vector<DocumentSpan>)> then) {
    std::vector<DocumentSpan> places;
    const QString all = QString::fromUtf8(documents_.value(document).text);
    for (qsizetype at = all.indexOf(text, 0, Qt::CaseInsensitive); at >= 0 && places.size() < 500;
         at = all.indexOf(text, at + 1, Qt::CaseInsensitive)) {
        const auto first = static_cast<quint32>(all.first(at).toUtf8().size());
        places.push_back({first, first + static_cast<quint32>(all.sliced(at, text.size()).toUtf8().size())});
    }
    answer(context, std::move(then), std::move(places));
}

// ---- questions ----

bool ScriptedAsker::asks(const QString& conversation) const {
    return scopeOf_ && scopeOf_(conversation).any();
}

void ScriptedAsker::prepare(const Question& question, QObject* context, std::function<void(Prepared)> then) {
    questions.push_back(question);
    Prepared prepared;
    prepared.error = std::exchange(refusal, {});
    if (prepared.error.what.empty()) {
        auto found = std::make_shared<AnswerSources>(sources);
        found->sentences.clear();
        found->checked = false;
        prepared.content = QStringLiteral("[passages]\n") + question.text;
        prepared.sources = std::move(found);
    }
    answer(context, std::move(then), std::move(prepared));
}

void ScriptedAsker::check(const QString&, const QString& text, const AnswerSourcesPtr&, QObject* context,
                          std::function<void(Checked)> then) {
    answer(context, std::move(then), Checked{std::make_shared<AnswerSources>(sources), text});
}

DocumentAsker::Marks ScriptedAsker::marks(const AnswerSourcesPtr&) {
    return [](const QString& delta, bool) { return delta; };
}

}  // namespace pellucid::app
