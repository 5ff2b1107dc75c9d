#include "app/models/document_text_list.h"

#include <algorithm>

namespace pellucid::app {

namespace {
bool touch(DocumentSpan a, DocumentSpan b) {
    return a.first < b.last && b.first < a.last;
}
}  // namespace

int DocumentTextList::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant DocumentTextList::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const DocumentParagraph& paragraph = paragraphs_[static_cast<std::size_t>(index.row())];
    const auto any = [&](auto which) {
        return std::ranges::any_of(
            marks_, [&](const Mark& mark) { return which(mark) && touch(mark.span, paragraph.span); });
    };
    switch (role) {
        case KindRole:
            return static_cast<int>(paragraph.kind);
        case LevelRole:
            return paragraph.level;
        case WordsRole:
            return paragraph.text;
        case NumbersRole: {
            QStringList numbers;
            for (const Mark& mark : marks_)
                if (const QString number = QString::number(mark.number);
                    mark.number > 0 && touch(mark.span, paragraph.span) && !numbers.contains(number))
                    numbers.append(number);
            return numbers.join(QStringLiteral(", "));
        }
        case OpenRole:
            return any([](const Mark& mark) { return mark.open; });
        case FoundRole:
            return any([](const Mark& mark) { return mark.found; });
        default:
            return {};
    }
}

QHash<int, QByteArray> DocumentTextList::roleNames() const {
    return {{KindRole, "kind"},       {LevelRole, "level"}, {WordsRole, "words"},
            {NumbersRole, "numbers"}, {OpenRole, "open"},   {FoundRole, "found"}};
}

void DocumentTextList::setParagraphs(std::vector<DocumentParagraph> paragraphs) {
    beginResetModel();
    paragraphs_ = std::move(paragraphs);
    marks_.clear();
    endResetModel();
    emit countChanged();
}

void DocumentTextList::setMarks(std::vector<Mark> marks) {
    marks_ = std::move(marks);
    if (count() > 0) emit dataChanged(index(0), index(count() - 1), {NumbersRole, OpenRole, FoundRole});
}

int DocumentTextList::rowOf(DocumentSpan span) const {
    const auto after = std::upper_bound(
        paragraphs_.begin(), paragraphs_.end(), span.first,
        [](quint32 at, const DocumentParagraph& paragraph) { return at < paragraph.span.first; });
    if (after == paragraphs_.begin()) return paragraphs_.empty() ? -1 : 0;
    return static_cast<int>(std::distance(paragraphs_.begin(), after)) - 1;
}

}  // namespace pellucid::app

#include "moc_document_text_list.cpp"
