#include "app/models/discover_model.h"

#include <QLocale>
#include <algorithm>

#include "app/models/download_list_model.h"
#include "app/models/fit_wording.h"

namespace pellucid::app {

namespace {

const OfferedFile* bestFile(const OfferedModel& model) {
    const auto best = static_cast<std::size_t>(model.best);
    return model.best >= 0 && best < model.files.size() ? &model.files[best] : nullptr;
}

/// Lower is better: what fits well, then what fits in part, what is slow, what is not known, what is too
/// large.
int rank(const Fit& fit) {
    switch (fit.kind) {
        case Fit::OnGpu:
        case Fit::InMemory:
            return fit.slow() ? 3 : 0;
        case Fit::Experts:
            return fit.slow() ? 3 : 1;
        case Fit::Layers:
            return fit.slow() ? 3 : 2;
        case Fit::Unknown:
            return 4;
        case Fit::TooLarge:
            return 5;
        case Fit::Refused:
            return 6;
    }
    return 4;
}

}  // namespace

DiscoverModel::DiscoverModel(DiscoverSource& source, DownloadListModel& downloads, QObject* parent)
    : QAbstractListModel(parent), source_(source), downloads_(downloads) {
    delay_.setSingleShot(true);
    delay_.setInterval(250);
    connect(&delay_, &QTimer::timeout, this, [this] { ask(0); });
    connect(&downloads_, &DownloadListModel::modelChanged, this, &DiscoverModel::noteChanged);
}

int DiscoverModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

Fit DiscoverModel::fitOf(const OfferedModel& model) const {
    const OfferedFile* file = bestFile(model);
    return file ? file->fit : Fit();
}

QVariant DiscoverModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const OfferedModel& model = all_[shown_[static_cast<std::size_t>(index.row())]];
    const OfferedFile* file = bestFile(model);
    const Fit fit = fitOf(model);
    switch (role) {
        case ModelIdRole:
            return model.id;
        case NameRole:
            return model.name;
        case FactsRole:
            return factsText(model);
        case SizeTextRole:
            return file && file->bytes > 0 ? fileSizeText(file->bytes) : QString();
        case SpeedTextRole:
            return file ? speedText(fit) : QString();
        case VerdictRole:
            return verdictText(fit);
        case SeverityRole:
            return verdictSeverity(fit);
        case NoteRole: {
            if (const DownloadState* state = downloads_.ofModel(model.id)) {
                const int percent = state->total == 0
                                        ? 0
                                        : static_cast<int>(100.0 * static_cast<double>(state->bytes) /
                                                           static_cast<double>(state->total));
                switch (state->phase) {
                    case DownloadState::Failed:
                        return tr("Download failed");
                    case DownloadState::Paused:
                        return tr("Paused at %1 %").arg(percent);
                    case DownloadState::Checking:
                        return tr("Checking");
                    case DownloadState::Queued:
                        return tr("Waiting to download");
                    case DownloadState::Done:
                        return tr("Installed");
                    default:
                        return tr("Downloading, %1 %").arg(percent);
                }
            }
            if (isInstalled(model)) return tr("Installed");
            if (model.gated) return tr("Needs an account");
            return fit.fits() && fit.slow() ? tr("Slow") : QString();
        }
        default:
            return {};
    }
}

QHash<int, QByteArray> DiscoverModel::roleNames() const {
    return {{ModelIdRole, "modelId"},     {NameRole, "name"},
            {FactsRole, "facts"},         {SizeTextRole, "sizeText"},
            {SpeedTextRole, "speedText"}, {VerdictRole, "verdict"},
            {SeverityRole, "severity"},   {NoteRole, "note"}};
}

bool DiscoverModel::canFetchMore(const QModelIndex& parent) const {
    return !parent.isValid() && more_ && !busy_;
}

void DiscoverModel::fetchMore(const QModelIndex&) {
    if (more_ && !busy_) ask(static_cast<int>(all_.size()));
}

void DiscoverModel::setText(const QString& text) {
    if (text == text_) return;
    text_ = text;
    emit textChanged();
    delay_.start();
}

void DiscoverModel::setOnlyFitting(bool only) {
    if (only == onlyFitting_) return;
    onlyFitting_ = only;
    emit orderChanged();
    arrange();
}

void DiscoverModel::setOrder(Order order) {
    if (order == order_) return;
    order_ = order;
    emit orderChanged();
    arrange();
}

void DiscoverModel::open() {
    if (busy_ || (opened_ && !problem_)) return;
    again();
}

void DiscoverModel::again() {
    opened_ = true;
    ask(0);
}

void DiscoverModel::ask(int from) {
    busy_ = true;
    problem_ = {};
    emit busyChanged();
    source_.search(text_.trimmed(), from, this,
                   [this, from, ticket = ++ticket_](DiscoverSource::Answer answer) {
                       if (ticket != ticket_) return;
                       busy_ = false;
                       more_ = answer.more && !answer.models.empty();
                       problem_ = answer.problem;
                       if (from == 0) {
                           all_ = std::move(answer.models);
                           arrange();
                           if (text_.trimmed().isEmpty()) findBest();
                       } else {
                           // What has been read stays where it is: a further page goes below it.
                           std::vector<std::size_t> fresh;
                           for (OfferedModel& model : answer.models) {
                               if (find(model.id)) continue;
                               if (!onlyFitting_ || fitOf(model).fits())
                                   fresh.push_back(all_.size());
                               else
                                   ++hidden_;
                               all_.push_back(std::move(model));
                           }
                           if (!fresh.empty()) {
                               beginInsertRows({}, count(), count() + static_cast<int>(fresh.size()) - 1);
                               shown_.insert(shown_.end(), fresh.begin(), fresh.end());
                               endInsertRows();
                           }
                           emit countChanged();
                       }
                       emit busyChanged();
                   });
}

void DiscoverModel::arrange() {
    std::vector<std::size_t> wanted;
    hidden_ = 0;
    for (std::size_t i = 0; i < all_.size(); ++i) {
        if (onlyFitting_ && !fitOf(all_[i]).fits())
            ++hidden_;
        else
            wanted.push_back(i);
    }
    const auto size = [this](std::size_t i) {
        const OfferedFile* file = bestFile(all_[i]);
        return file ? file->bytes : 0;
    };
    // Among equals the source's own order stands: a hub's relevance, the catalogue's choice.
    std::ranges::stable_sort(wanted, [&](std::size_t a, std::size_t b) {
        switch (order_) {
            case BestFit:
                return rank(fitOf(all_[a])) < rank(fitOf(all_[b]));
            case Smallest:
                return size(a) < size(b);
            case Largest:
                return size(a) > size(b);
            case ByName:
                return all_[a].name.localeAwareCompare(all_[b].name) < 0;
        }
        return false;
    });
    beginResetModel();
    shown_ = std::move(wanted);
    endResetModel();
    emit countChanged();
}

void DiscoverModel::findBest() {
    best_.reset();
    for (const OfferedModel& model : all_) {
        if (model.kind != OfferedModel::Reasoning || model.gated || model.askLicence) continue;
        const Fit fit = fitOf(model);
        if (!fit.fits() || fit.slow()) continue;
        // The better fit; among equals the larger model, which thinks better.
        if (best_) {
            const int mine = rank(fit), theirs = rank(fitOf(*best_));
            if (mine > theirs || (mine == theirs && model.parameters <= best_->parameters)) continue;
        }
        best_ = model;
    }
    emit bestChanged();
}

QString DiscoverModel::bestVerdict() const {
    return best_ ? verdictText(fitOf(*best_)) : QString();
}

QString DiscoverModel::bestSeverity() const {
    return best_ ? verdictSeverity(fitOf(*best_)) : QString();
}

QString DiscoverModel::bestFacts() const {
    if (!best_) return {};
    const OfferedFile* file = bestFile(*best_);
    QStringList facts;
    if (file) facts.append(fileSizeText(file->bytes));
    if (fitOf(*best_).tokensPerSecond > 0) facts.append(speedText(fitOf(*best_)));
    facts.append(licenceText(best_->licence));
    return facts.join(QStringLiteral("   "));
}

const OfferedModel* DiscoverModel::find(const QString& modelId) const {
    for (const OfferedModel& model : all_)
        if (model.id == modelId) return &model;
    return best_ && best_->id == modelId ? &*best_ : nullptr;
}

void DiscoverModel::put(const OfferedModel& model) {
    for (std::size_t i = 0; i < all_.size(); ++i) {
        if (all_[i].id != model.id) continue;
        all_[i] = model;
        // Its row stays where it is while it is looked at, whatever its fit turns out to be.
        const auto at = std::ranges::find(shown_, i);
        if (at != shown_.end()) {
            const int row = static_cast<int>(at - shown_.begin());
            emit dataChanged(index(row), index(row));
        }
        return;
    }
}

bool DiscoverModel::isInstalled(const OfferedModel& model) const {
    return std::ranges::any_of(model.files,
                               [this](const OfferedFile& file) { return installed_.contains(file.name); });
}

void DiscoverModel::setInstalled(const QSet<QString>& fileNames) {
    if (fileNames == installed_) return;
    installed_ = fileNames;
    if (count() > 0) emit dataChanged(index(0), index(count() - 1), {NoteRole});
}

void DiscoverModel::noteChanged(const QString& modelId) {
    for (int row = 0; row < count(); ++row)
        if (all_[shown_[static_cast<std::size_t>(row)]].id == modelId)
            emit dataChanged(index(row), index(row), {NoteRole});
}

void DiscoverModel::retranslate() {
    if (count() > 0) emit dataChanged(index(0), index(count() - 1));
    emit bestChanged();
}

}  // namespace pellucid::app

#include "moc_discover_model.cpp"
