#include "app/models/document_viewer.h"

#include <QLocale>
#include <algorithm>

namespace pellucid::app {

namespace {

/// What is marked of a passage: what bears out its sentences, else all of it.
std::vector<DocumentSpan> spansOf(const FoundPassage& passage) {
    std::vector<DocumentSpan> spans;
    for (const EvidenceSpan& span : passage.evidence) spans.push_back({span.first, span.last});
    if (spans.empty()) spans.push_back({passage.first, passage.last});
    return spans;
}

}  // namespace

const std::vector<int>& DocumentViewer::zooms() {
    static const std::vector<int> steps{50, 67, 80, 100, 125, 150, 200, 300, 400};
    return steps;
}

DocumentViewer::DocumentViewer(PageSource* source, SettingStore& store, QObject* parent)
    : QObject(parent), source_(source), store_(store), pages_(source) {
    const QVariantMap stored = store_.read({});
    paneWidth_ =
        std::clamp(stored.value(QStringLiteral("documentPaneWidth"), kWidth).toInt(), kNarrowest, 4000);
    darkened_ = stored.value(QStringLiteral("darkPages")).toBool();
}

void DocumentViewer::setSourcesOf(std::function<AnswerSourcesPtr(const QString&)> sourcesOf) {
    sourcesOf_ = std::move(sourcesOf);
}

void DocumentViewer::setLastAnswer(std::function<QString()> lastAnswer) {
    lastAnswer_ = std::move(lastAnswer);
}

void DocumentViewer::setPage(int page) {
    if (page == page_ || page < 0 || page >= pages_.count()) return;
    page_ = page;
    emit pageChanged();
}

QString DocumentViewer::pageText() const {
    if (pages_.count() == 0) return {};
    return tr("%1 of %2", "page of pages").arg(pages_.label(page_), QLocale().toString(pages_.count()));
}

void DocumentViewer::setDarkened(bool darkened) {
    if (darkened_ == darkened) return;
    darkened_ = darkened;
    store_.write({}, QStringLiteral("darkPages"), darkened ? QVariant(true) : QVariant());
    emit darkenedChanged();
}

void DocumentViewer::setPaneWidth(int width) {
    width = std::clamp(width, kNarrowest, 4000);
    if (paneWidth_ == width) return;
    paneWidth_ = width;
    store_.write({}, QStringLiteral("documentPaneWidth"), width == kWidth ? QVariant() : QVariant(width));
    emit paneWidthChanged();
}

// ---- what is open ----

void DocumentViewer::openCitation(const QString& messageId, int number) {
    const AnswerSourcesPtr sources = sourcesOf_ ? sourcesOf_(messageId) : nullptr;
    const FoundPassage* passage = sources ? sources->numbered(number) : nullptr;
    if (!passage || !source_) return;
    const bool sameAnswer = messageId_ == messageId && sources_ == sources;
    messageId_ = messageId;
    sources_ = sources;
    number_ = number;
    wanted_ = true;
    if (!query_.isEmpty()) find({});
    const QString document = passage->document, name = passage->name;
    emit citationChanged();
    if (document != document_)
        show(document, name);
    else if (!ready_)
        ;  // it is on its way
    else if (sameAnswer)
        remark();
    else
        readBoxes();
}

void DocumentViewer::openDocument(const QString& id, const QString& name) {
    if (!source_) return;
    messageId_.clear();
    sources_.reset();
    number_ = 0;
    wanted_ = false;
    emit citationChanged();
    if (id == document_)
        readBoxes();
    else
        show(id, name);
}

void DocumentViewer::close() {
    if (!shown()) return;
    ++ticket_;
    ++search_;
    document_.clear();
    messageId_.clear();
    sources_.reset();
    number_ = 0;
    query_.clear();
    found_.clear();
    ready_ = false;
    fault_ = {};
    boxes_.clear();
    pages_.setPages({}, {});
    texts_.setParagraphs({});
    emit shownChanged();
    emit readyChanged();
    emit citationChanged();
    emit foundChanged();
}

void DocumentViewer::show(const QString& document, const QString& name) {
    ++search_;
    document_ = document;
    name_ = name;
    ready_ = false;
    fault_ = {};
    boxes_.clear();
    query_.clear();
    found_.clear();
    foundBoxes_.clear();
    pages_.setPages({}, {});
    texts_.setParagraphs({});
    page_ = 0;
    emit shownChanged();
    emit readyChanged();
    emit pageChanged();
    emit foundChanged();
    source_->open(document, this, [this, ticket = ++ticket_](OpenedDocument opened, Problem problem) {
        if (ticket != ticket_) return;
        fault_ = problem;
        if (!problem) {
            if (!opened.name.isEmpty()) name_ = opened.name;
            paged_ = !opened.pages.empty();
            texts_.setParagraphs(std::move(opened.paragraphs));
            pages_.setPages(document_, std::move(opened.pages));
            ready_ = true;
        }
        emit shownChanged();
        emit readyChanged();
        emit pageChanged();
        if (ready_) readBoxes();
    });
}

// ---- marks ----

void DocumentViewer::readBoxes() {
    boxes_.clear();
    remark();
    if (!sources_ || !paged_) return;
    for (const FoundPassage& passage : sources_->passages) {
        if (passage.document != document_ || passage.number <= 0) continue;
        const std::vector<DocumentSpan> spans = spansOf(passage);
        source_->runs(document_, {spans.front().first, spans.back().last}, this,
                      [this, ticket = ticket_, sources = sources_, spans,
                       number = passage.number](const std::vector<TextRun>& runs) {
                          if (ticket != ticket_ || sources != sources_) return;
                          std::vector<SpanBox>& boxes = boxes_[number];
                          boxes.clear();
                          for (const DocumentSpan span : spans)
                              for (const SpanBox& box : boxesOf(runs, span)) boxes.push_back(box);
                          remark();
                      });
    }
}

void DocumentViewer::remark() {
    if (paged_) {
        std::vector<DocumentPageList::Mark> marks;
        QList<int> numbers = boxes_.keys();
        std::sort(numbers.begin(), numbers.end());
        for (const int number : std::as_const(numbers))
            for (const SpanBox& box : boxes_[number])
                marks.push_back({box, number, number == number_, false});
        for (const SpanBox& box : foundBoxes_) marks.push_back({box, 0, true, true});
        pages_.setMarks(std::move(marks));
    } else {
        std::vector<DocumentTextList::Mark> marks;
        if (sources_)
            for (const FoundPassage& passage : sources_->passages)
                if (passage.document == document_ && passage.number > 0)
                    for (const DocumentSpan span : spansOf(passage))
                        marks.push_back({span, passage.number, passage.number == number_, false});
        if (foundAt_ >= 0 && foundAt_ < foundCount())
            marks.push_back({found_[static_cast<std::size_t>(foundAt_)], 0, false, true});
        texts_.setMarks(std::move(marks));
    }
    if (wanted_) bring();
}

/// The open citation comes into sight once, as soon as it is known where it stands.
void DocumentViewer::bring() {
    const FoundPassage* passage = sources_ ? sources_->numbered(number_) : nullptr;
    if (!passage || passage->document != document_ || !ready_) return;
    if (!paged_) {
        wanted_ = false;
        emit rowWanted(texts_.rowOf(spansOf(*passage).front()));
        return;
    }
    const auto boxes = boxes_.constFind(number_);
    if (boxes == boxes_.cend()) return;
    wanted_ = false;
    if (!boxes->empty())
        emit placeWanted(boxes->front().page, boxes->front().box.top(), boxes->front().box.height());
    else
        emit placeWanted(std::clamp(passage->page, 0, std::max(0, pages_.count() - 1)), 0, 0);
}

void DocumentViewer::stepCitation(int by) {
    QString message = messageId_;
    if (message.isEmpty() && lastAnswer_) message = lastAnswer_();
    const AnswerSourcesPtr sources = sourcesOf_ ? sourcesOf_(message) : nullptr;
    if (!sources) return;
    std::vector<int> numbers;
    for (const FoundPassage& passage : sources->passages)
        if (passage.number > 0) numbers.push_back(passage.number);
    if (numbers.empty()) return;
    std::sort(numbers.begin(), numbers.end());
    const auto count = static_cast<int>(numbers.size());
    const auto at = std::find(numbers.begin(), numbers.end(), messageId_ == message ? number_ : 0);
    const int index = at == numbers.end()
                          ? (by > 0 ? 0 : count - 1)
                          : (static_cast<int>(at - numbers.begin()) + by % count + count) % count;
    openCitation(message, numbers[static_cast<std::size_t>(index)]);
}

// ---- moving ----

void DocumentViewer::goTo(int page) {
    if (pages_.count() > 0) emit placeWanted(std::clamp(page, 0, pages_.count() - 1), 0, 0);
}

void DocumentViewer::zoomBy(int steps) {
    const auto& all = zooms();
    const auto at = std::lower_bound(all.begin(), all.end(), zoom_) - all.begin();
    const auto wanted =
        std::clamp<std::ptrdiff_t>(at + steps, 0, static_cast<std::ptrdiff_t>(all.size()) - 1);
    const int zoom = all[static_cast<std::size_t>(wanted)];
    if (zoom == zoom_) return;
    zoom_ = zoom;
    emit zoomChanged();
}

// ---- searching ----

void DocumentViewer::find(const QString& text) {
    const QString wanted = text.trimmed();
    if (wanted == query_) return;
    query_ = wanted;
    found_.clear();
    foundBoxes_.clear();
    foundAt_ = -1;
    ++search_;
    remark();
    emit foundChanged();
    if (query_.isEmpty() || !ready_) return;
    source_->find(document_, query_, this, [this, search = search_](std::vector<DocumentSpan> found) {
        if (search != search_) return;
        found_ = std::move(found);
        emit foundChanged();
        stepFound(1);
    });
}

void DocumentViewer::stepFound(int by) {
    if (found_.empty()) return;
    const int count = foundCount();
    foundAt_ = foundAt_ < 0 ? 0 : (foundAt_ + by % count + count) % count;
    emit foundChanged();
    const DocumentSpan span = found_[static_cast<std::size_t>(foundAt_)];
    if (!paged_) {
        remark();
        emit rowWanted(texts_.rowOf(span));
        return;
    }
    source_->runs(document_, span, this,
                  [this, search = search_, at = foundAt_, span](const std::vector<TextRun>& runs) {
                      if (search != search_ || at != foundAt_) return;
                      foundBoxes_ = boxesOf(runs, span);
                      remark();
                      if (!foundBoxes_.empty())
                          emit placeWanted(foundBoxes_.front().page, foundBoxes_.front().box.top(),
                                           foundBoxes_.front().box.height());
                  });
}

QString DocumentViewer::foundText() const {
    if (query_.isEmpty()) return {};
    if (found_.empty()) return tr("Nothing found");
    return tr("%1 of %2", "place of places")
        .arg(QLocale().toString(foundAt_ + 1), QLocale().toString(foundCount()));
}

void DocumentViewer::retranslate() {
    emit pageChanged();
    emit foundChanged();
}

}  // namespace pellucid::app

#include "moc_document_viewer.cpp"
