#include "app/models/download_item.h"

#include <QLocale>
#include <cmath>
#include <utility>

#include "app/base/wording.h"
#include "app/models/fit_wording.h"

namespace pellucid::app {

namespace {

/// "8 s", "1 min 6 s", "2 h 14 min": whole seconds, and none where hours are left.
QString leftText(double seconds) {
    const auto whole = static_cast<qint64>(std::ceil(seconds));
    if (whole < 60) return DownloadItem::tr("%1 s").arg(whole);
    if (whole < 3600) return DownloadItem::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    return DownloadItem::tr("%1 h %2 min").arg(QLocale().toString(whole / 3600)).arg(whole % 3600 / 60);
}

/// The bar in steps that can just be seen.
int steps(const DownloadState& state) {
    return state.total == 0 ? 0
                            : static_cast<int>(2000.0 * static_cast<double>(state.bytes) /
                                               static_cast<double>(state.total));
}

QString figuresOf(const DownloadState& state) {
    if (state.phase == DownloadState::Checking || state.phase == DownloadState::Done ||
        (state.phase == DownloadState::Queued && state.bytes == 0))
        return fileSizeText(state.total);
    return shareText(state.bytes, state.total);
}

QString statusOf(const DownloadState& state) {
    switch (state.phase) {
        case DownloadState::Queued:
            return DownloadItem::tr("Waiting");
        case DownloadState::Running:
            if (state.rate <= 0) return DownloadItem::tr("Connecting");
            return state.secondsLeft < 0 ? rateText(state.rate)
                                         : DownloadItem::tr("%1 · %2 left")
                                               .arg(rateText(state.rate), leftText(state.secondsLeft));
        case DownloadState::Checking:
            return DownloadItem::tr("Checking SHA-256");
        case DownloadState::Retrying:
            if (state.retryIn <= 0) return state.problem ? state.problem.what : DownloadItem::tr("Retrying");
            return sentences(state.problem.what,
                             DownloadItem::tr("Retrying in %1").arg(leftText(state.retryIn)));
        case DownloadState::Paused:
            return state.problem ? state.problem.what : DownloadItem::tr("Paused");
        case DownloadState::Failed:
            return state.problem.what;
        case DownloadState::Done:
            return DownloadItem::tr("Done");
    }
    return {};
}

}  // namespace

DownloadItem::DownloadItem(DownloadState state, QObject* parent) : QObject(parent), state_(std::move(state)) {
    say();
}

bool DownloadItem::countsOn(const DownloadState& later) {
    const DownloadState before = std::exchange(state_, later);
    if (before.phase == later.phase && before.name == later.name && before.total == later.total &&
        before.problem.what == later.problem.what && before.problem.hint == later.problem.hint) {
        if (steps(before) != steps(later)) emit shareChanged();
        return true;
    }
    emit phaseChanged();
    emit shareChanged();
    say();
    if (before.name != later.name) emit descriptionChanged();
    return false;
}

void DownloadItem::say() {
    const QString figures = figuresOf(state_), status = statusOf(state_);
    const bool moved = std::exchange(figures_, figures) != figures;
    const bool changed = std::exchange(status_, status) != status;
    if (moved) emit figuresChanged();
    if (changed) emit statusChanged();
    if (moved || changed) emit descriptionChanged();
}

QString DownloadItem::phase() const {
    static const char* const kPhases[] = {"queued", "running", "checking", "retrying",
                                          "paused", "failed",  "done"};
    return QString::fromLatin1(kPhases[state_.phase]);
}

QString DownloadItem::description() const {
    return QStringLiteral("%1, %2, %3").arg(state_.name, figures_, status_);
}

double DownloadItem::share() const {
    return state_.phase == DownloadState::Done ? 1.0
           : state_.total == 0                 ? 0.0
                               : static_cast<double>(state_.bytes) / static_cast<double>(state_.total);
}

QString DownloadItem::percent() const {
    return QStringLiteral("%1 %").arg(qRound(share() * 100));
}

}  // namespace pellucid::app

#include "moc_download_item.cpp"
