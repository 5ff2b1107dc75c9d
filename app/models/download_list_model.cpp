#include "app/models/download_list_model.h"

#include <QElapsedTimer>
#include <QLocale>
#include <algorithm>
#include <optional>
#include <utility>

#include "app/base/wording.h"
#include "app/models/fit_wording.h"

namespace pellucid::app {

namespace {

qint64 monotonic() {
    QElapsedTimer timer;
    timer.start();
    return timer.msecsSinceReference();
}

int percent(const DownloadState& state) {
    return state.total == 0 ? 0
                            : static_cast<int>(100.0 * static_cast<double>(state.bytes) /
                                               static_cast<double>(state.total));
}

bool moves(DownloadState::Phase phase) {
    return phase == DownloadState::Queued || phase == DownloadState::Running ||
           phase == DownloadState::Retrying;
}

}  // namespace

bool DownloadState::operator==(const DownloadState& other) const {
    return id == other.id && name == other.name && path == other.path && phase == other.phase &&
           bytes == other.bytes && total == other.total && rate == other.rate &&
           secondsLeft == other.secondsLeft && retryIn == other.retryIn &&
           problem.what == other.problem.what && problem.hint == other.problem.hint;
}

DownloadListModel::DownloadListModel(DownloadSource& source, QObject* parent)
    : QAbstractListModel(parent), source_(source) {
    step_.setSingleShot(true);
    step_.setInterval(100);
    linger_.setSingleShot(true);
    connect(&step_, &QTimer::timeout, this, &DownloadListModel::tick);
    connect(&linger_, &QTimer::timeout, this, &DownloadListModel::leave);
    source_.watch(this, [this](std::vector<DownloadState> all) { take(std::move(all)); });
}

void DownloadListModel::setTimes(int lingerMs, int stepMs) {
    lingerMs_ = lingerMs;
    step_.setInterval(stepMs);
}

void DownloadListModel::take(std::vector<DownloadState> all) {
    // Counting on waits for its turn; a row more, a row less, another phase does not.
    std::size_t at = 0;
    bool happens = false;
    for (const DownloadState& state : all) {
        if (state.phase == DownloadState::Done && left_.contains(state.id)) continue;
        happens = happens || at >= rows_.size() || rows_[at].state().id != state.id ||
                  rows_[at].state().phase != state.phase;
        ++at;
    }
    happens = happens || at != rows_.size();
    pending_ = std::move(all);
    waiting_ = true;
    if (happens || !step_.isActive()) tick();
}

void DownloadListModel::tick() {
    const bool news = std::exchange(waiting_, false);
    const bool stale = summaryStale_ || std::ranges::any_of(rows_, &Row::stale);
    if (!news && !stale) return;
    step_.start();
    const bool happened = news && apply(std::exchange(pending_, {}));
    takeTurns(happened);
}

int DownloadListModel::rowOf(const QString& id) const {
    for (std::size_t i = 0; i < rows_.size(); ++i)
        if (rows_[i].state().id == id) return static_cast<int>(i);
    return -1;
}

// True: more than counting on happened.
bool DownloadListModel::apply(std::vector<DownloadState> now) {
    // What was done before the window opened is no news: it is not shown again.
    if (!std::exchange(told_, true))
        for (const DownloadState& state : now)
            if (state.phase == DownloadState::Done) left_.append(state.id);
    std::erase_if(now, [this](const DownloadState& state) {
        return state.phase == DownloadState::Done && left_.contains(state.id);
    });
    bool happened = false;
    const int before = count();
    const auto has = [&](const QString& id) {
        return std::ranges::any_of(now, [&](const DownloadState& state) { return state.id == id; });
    };
    for (int row = count() - 1; row >= 0; --row) {
        const DownloadState& state = item(row)->state();
        if (has(state.id)) continue;
        const QString modelId = state.modelId;
        remove(row);
        happened = true;
        emit modelChanged(modelId);
    }
    for (std::size_t i = 0; i < now.size(); ++i) {
        const DownloadState& state = now[i];
        const int at = static_cast<int>(i);
        const int row = rowOf(state.id);
        const std::optional<DownloadState> old = row < 0 ? std::nullopt : std::optional(item(row)->state());
        bool other = true;  // it is at something else than before
        if (row < 0) {
            beginInsertRows({}, at, at);
            rows_.insert(rows_.begin() + at, {new DownloadItem(state, this), monotonic()});
            endInsertRows();
        } else {
            if (row != at) {
                beginMoveRows({}, row, row, {}, at);  // rows before `at` are in place: it comes from below
                std::rotate(rows_.begin() + at, rows_.begin() + row, rows_.begin() + row + 1);
                endMoveRows();
            }
            if (*old == state) continue;
            Row& here = rows_[i];
            other = !here.item->countsOn(state);
            here.stale = !other;
            if (other) here.saidAt = monotonic();
        }
        happened = happened || other;
        ++updates_;
        if (!old || old->phase != state.phase || percent(*old) != percent(state))
            emit modelChanged(state.modelId);
        if (old && old->phase == state.phase) continue;
        if (state.phase == DownloadState::Done) {
            doneAt_[state.id] = monotonic();
            emit finished(state.name, state.path);
        } else if (state.phase == DownloadState::Failed && old) {
            emit failed(state.name, state.problem.what, state.problem.hint);
        }
    }
    if (!doneAt_.isEmpty() && !linger_.isActive()) linger_.start(lingerMs_);
    if (count() != before) emit countChanged();
    if (happened) emit phasesChanged();
    summaryStale_ = true;
    return happened;
}

void DownloadListModel::say(Row& row) {
    row.item->say();
    row.saidAt = monotonic();
    row.stale = false;
}

void DownloadListModel::remove(int row) {
    beginRemoveRows({}, row, row);
    DownloadItem* gone = item(row);
    rows_.erase(rows_.begin() + row);
    endRemoveRows();
    gone->deleteLater();  // after its delegate, which still reads it
}

// One text that has gone on is said again: the one that has waited longest.
void DownloadListModel::takeTurns(bool happened) {
    const auto sum = [this] {
        summaryStale_ = false;
        summaryAt_ = monotonic();
        emit summaryChanged();
    };
    if (happened) return sum();
    Row* next = nullptr;
    for (Row& row : rows_)
        if (row.stale && (!next || row.saidAt < next->saidAt)) next = &row;
    if (summaryStale_ && (!next || summaryAt_ <= next->saidAt)) return sum();
    if (next) say(*next);
}

void DownloadListModel::leave() {
    const qint64 now = monotonic();
    qint64 next = -1;
    for (auto it = doneAt_.begin(); it != doneAt_.end();) {
        if (now - *it < lingerMs_) {
            next = next < 0 ? *it : std::min(next, *it);
            ++it;
            continue;
        }
        left_.append(it.key());
        source_.forget(it.key());
        if (const int row = rowOf(it.key()); row >= 0) remove(row);
        it = doneAt_.erase(it);
    }
    if (next >= 0) linger_.start(static_cast<int>(std::max<qint64>(1, lingerMs_ - (now - next))));
    emit countChanged();
    emit phasesChanged();
    emit summaryChanged();
}

int DownloadListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant DownloadListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    return role == DownloadRole ? QVariant::fromValue(item(index.row())) : QVariant();
}

QHash<int, QByteArray> DownloadListModel::roleNames() const {
    return {{DownloadRole, "download"}};
}

QString DownloadListModel::summary() const {
    int counts[DownloadState::Done + 1] = {};
    double rate = 0, left = 0;
    for (const Row& row : rows_) {
        const DownloadState& state = row.state();
        ++counts[state.phase];
        if (state.phase == DownloadState::Running) rate += state.rate;
        left += static_cast<double>(state.left());
    }
    QStringList kinds;
    const auto say = [&](DownloadState::Phase phase, const QString& words) {
        if (counts[phase] > 0) kinds.append(words.arg(QLocale().toString(counts[phase])));
    };
    counts[DownloadState::Queued] += counts[DownloadState::Retrying];
    say(DownloadState::Running, tr("%1 running"));
    say(DownloadState::Checking, tr("%1 checking"));
    say(DownloadState::Queued, tr("%1 waiting"));
    say(DownloadState::Paused, tr("%1 paused"));
    say(DownloadState::Failed, tr("%1 failed"));
    say(DownloadState::Done, tr("%1 done"));
    QStringList parts = {kinds.join(tr(", ", "between counts"))};
    if (rate > 0) parts.append(rateText(rate));
    if (freeDisk_ >= 0 && left > 0)
        parts.append(
            freeDisk_ >= left
                ? tr("%1 free after").arg(fileSizeText(static_cast<quint64>(freeDisk_ - left)))
                : tr("%1 too little space").arg(fileSizeText(static_cast<quint64>(left - freeDisk_))));
    return parts.join(QStringLiteral(" · "));
}

bool DownloadListModel::canPauseAll() const {
    return std::ranges::any_of(rows_, [](const Row& row) { return moves(row.state().phase); });
}

bool DownloadListModel::canResumeAll() const {
    return !canPauseAll() && std::ranges::any_of(rows_, [](const Row& row) {
        return row.state().phase == DownloadState::Paused;
    });
}

void DownloadListModel::pauseAll() {
    for (const Row& row : std::vector(rows_))
        if (moves(row.state().phase)) source_.pause(row.state().id);
}

void DownloadListModel::resumeAll() {
    for (const Row& row : std::vector(rows_))
        if (row.state().phase == DownloadState::Paused) source_.resume(row.state().id);
}

const DownloadState* DownloadListModel::ofModel(const QString& modelId) const {
    if (modelId.isEmpty()) return nullptr;
    for (const Row& row : rows_)
        if (row.state().modelId == modelId) return &row.state();
    return nullptr;
}

void DownloadListModel::setFreeDisk(double bytes) {
    if (freeDisk_ == bytes) return;
    freeDisk_ = bytes;
    summaryStale_ = count() > 0;
    if (!step_.isActive()) tick();
}

void DownloadListModel::retranslate() {
    for (Row& row : rows_) say(row);
    emit summaryChanged();
}

}  // namespace pellucid::app

#include "moc_download_list_model.cpp"
