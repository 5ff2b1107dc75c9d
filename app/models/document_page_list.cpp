#include "app/models/document_page_list.h"

#include <QLocale>
#include <algorithm>
#include <cmath>

#include "app/base/wording.h"

namespace pellucid::app {

namespace {
constexpr double kLargest = 8;  // pixels a point: an A4 page of 32 million pixels
}

DocumentPageList::DocumentPageList(PageSource* source, QObject* parent)
    : QAbstractListModel(parent), source_(source) {}

int DocumentPageList::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant DocumentPageList::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const int page = index.row();
    switch (role) {
        case PointsWideRole:
            return size(page).width();
        case PointsHighRole:
            return size(page).height();
        case LabelRole:
            return label(page);
        case PictureRole:
            return shown_.value(page).picture;
        case FaultRole: {
            const Problem fault = shown_.value(page).fault;
            return sentences(fault.what, fault.hint);
        }
        case BoxesRole: {
            QVariantList boxes;
            int before = -1;
            for (const Mark& mark : marks_.value(page)) {
                boxes.append(QVariantMap{{QStringLiteral("x"), mark.box.box.x()},
                                         {QStringLiteral("y"), mark.box.box.y()},
                                         {QStringLiteral("width"), mark.box.box.width()},
                                         {QStringLiteral("height"), mark.box.box.height()},
                                         {QStringLiteral("left"), mark.box.left},
                                         {QStringLiteral("part"), mark.box.part},
                                         {QStringLiteral("number"), mark.number},
                                         {QStringLiteral("open"), mark.open},
                                         {QStringLiteral("found"), mark.found},
                                         {QStringLiteral("first"), !mark.found && mark.number != before}});
                if (!mark.found) before = mark.number;
            }
            return boxes;
        }
        default:
            return {};
    }
}

QHash<int, QByteArray> DocumentPageList::roleNames() const {
    return {{PointsWideRole, "pointsWide"}, {PointsHighRole, "pointsHigh"}, {LabelRole, "label"},
            {PictureRole, "picture"},       {FaultRole, "fault"},           {BoxesRole, "boxes"}};
}

QString DocumentPageList::label(int page) const {
    if (page < 0 || page >= count()) return {};
    const QString& own = pages_[static_cast<std::size_t>(page)].label;
    return own.isEmpty() ? QLocale().toString(page + 1) : own;
}

void DocumentPageList::setPages(const QString& document, std::vector<DocumentPage> pages) {
    beginResetModel();
    document_ = document;
    pages_ = std::move(pages);
    marks_.clear();
    shown_.clear();
    asked_for_.clear();
    order_.clear();
    kept_ = 0;
    // The middle one: a fold-out among portrait pages does not make all of them small.
    std::vector<double> widths;
    for (const DocumentPage& page : pages_) widths.push_back(page.size.width());
    std::sort(widths.begin(), widths.end());
    usualWidth_ = widths.empty() ? 595 : widths[widths.size() / 2];
    widest_ = widths.empty() ? 595 : widths.back();
    endResetModel();
    emit countChanged();
}

void DocumentPageList::setMarks(std::vector<Mark> marks) {
    QList<int> changed = marks_.keys();
    marks_.clear();
    for (Mark& mark : marks) {
        if (mark.box.page < 0 || mark.box.page >= count()) continue;
        if (!changed.contains(mark.box.page)) changed.append(mark.box.page);
        marks_[mark.box.page].append(mark);
    }
    for (const int page : std::as_const(changed)) emit dataChanged(index(page), index(page), {BoxesRole});
}

void DocumentPageList::want(int page, double scale) {
    if (page < 0 || page >= count() || !source_ || !std::isfinite(scale) || scale <= 0) return;
    scale = std::min(scale, kLargest);
    const auto has = shown_.constFind(page);
    if (has != shown_.cend()) {
        keep(page);
        if (has->scale == scale) return;
    }
    if (asked_for_.value(page) == scale) return;
    asked_for_[page] = scale;
    ++asked_;
    source_->picture(document_, page, scale, this,
                     [this, document = document_, page, scale](QImage picture, Problem problem) {
                         take(document, page, scale, std::move(picture), problem);
                     });
}

void DocumentPageList::take(const QString& document, int page, double scale, QImage picture,
                            const Problem& problem) {
    // Another document is shown, or another size was asked for since.
    if (document != document_ || asked_for_.value(page) != scale) return;
    asked_for_.remove(page);
    Shown& shown = shown_[page];
    kept_ -= shown.picture.sizeInBytes();
    if (!picture.isNull()) shown.picture = std::move(picture);
    shown.scale = scale;
    shown.fault = problem;
    kept_ += shown.picture.sizeInBytes();
    keep(page);
    while (kept_ > kKept && order_.size() > 2) {
        const int old = order_.back();
        order_.pop_back();
        kept_ -= shown_.take(old).picture.sizeInBytes();
        emit dataChanged(index(old), index(old), {PictureRole, FaultRole});
    }
    emit dataChanged(index(page), index(page), {PictureRole, FaultRole});
}

void DocumentPageList::keep(int page) {
    order_.remove(page);
    order_.push_front(page);
}

}  // namespace pellucid::app

#include "moc_document_page_list.cpp"
