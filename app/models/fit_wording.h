// Fit and sizes in the words of the views.
#pragma once

#include "app/models/offered_model.h"

namespace pellucid::app {

/// "Fits on the GPU", "44 of 48 layers on GPU", "Needs 372 GB more"; empty while unknown. By a file's size
/// alone: "Should fit on the GPU", "Needs ≈ 372 GB more".
QString verdictText(const Fit& fit);
/// "ok" | "half" | "warn" | "bad" | "" while unknown
QString verdictSeverity(const Fit& fit);
/// "≈ 42 tok/s"; without ≈ where it was measured; a dash where it does not fit or is not known.
QString speedText(const Fit& fit);
/// "4.68 GB", "404 GB", "98 MB": decimal, three digits, as files are counted.
QString fileSizeText(quint64 bytes);
/// "3.05 of 4.92 GB": both in the unit of the whole.
QString shareText(quint64 bytes, quint64 total);
/// "28.1 MB/s"
QString rateText(double bytesPerSecond);
/// "7.6 B", "135 M"
QString parameterText(double count);
/// "128k"
QString contextText(int tokens);
/// "Reasoning, experts · 30.5 B · Q4_K_M · 40k context"
QString factsText(const OfferedModel& model);
/// "MIT licence"
QString licenceText(const QString& licence);

}  // namespace pellucid::app
