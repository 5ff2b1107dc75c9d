#include "app/models/fit_wording.h"

#include <QCoreApplication>
#include <QLocale>
#include <cmath>

namespace pellucid::app {

namespace {

/// Three digits, never a trailing point: "4.68", "19.9", "404".
QString threeDigits(double value) {
    return QLocale().toString(value, 'f', value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

}  // namespace

QString verdictText(const Fit& fit) {
    switch (fit.kind) {
        case Fit::Unknown:
            return {};
        case Fit::OnGpu:
            return fit.rough ? QCoreApplication::translate("FitWording", "Should fit on the GPU")
                             : QCoreApplication::translate("FitWording", "Fits on the GPU");
        case Fit::InMemory:
            return fit.rough ? QCoreApplication::translate("FitWording", "Should fit in memory")
                             : QCoreApplication::translate("FitWording", "Fits in memory");
        case Fit::Layers:
            return (fit.rough ? QCoreApplication::translate("FitWording", "≈ %1 of %2 layers on GPU")
                              : QCoreApplication::translate("FitWording", "%1 of %2 layers on GPU"))
                .arg(fit.layersOnGpu)
                .arg(fit.layers);
        case Fit::Experts:
            return QCoreApplication::translate("FitWording", "Experts on the CPU");
        case Fit::TooLarge:
            return (fit.rough ? QCoreApplication::translate("FitWording", "Needs ≈ %1 more")
                              : QCoreApplication::translate("FitWording", "Needs %1 more"))
                .arg(fileSizeText(fit.missing));
        case Fit::Refused:
            return QCoreApplication::translate("FitWording", "Cannot run here");
    }
    return {};
}

QString verdictSeverity(const Fit& fit) {
    if (fit.kind == Fit::Unknown) return {};
    if (fit.kind == Fit::TooLarge || fit.kind == Fit::Refused) return QStringLiteral("bad");
    if (fit.slow()) return QStringLiteral("warn");
    return fit.kind == Fit::OnGpu || fit.kind == Fit::InMemory ? QStringLiteral("ok")
                                                               : QStringLiteral("half");
}

QString speedText(const Fit& fit) {
    if (fit.kind == Fit::TooLarge || fit.tokensPerSecond <= 0) return QStringLiteral("–");
    const QString number = QLocale().toString(fit.tokensPerSecond, 'f', fit.tokensPerSecond < 1.95 ? 1 : 0);
    return fit.measured ? QCoreApplication::translate("FitWording", "%1 tok/s").arg(number)
                        : QCoreApplication::translate("FitWording", "≈ %1 tok/s").arg(number);
}

QString fileSizeText(quint64 bytes) {
    const double count = static_cast<double>(bytes);
    if (count >= 999.5e6)
        return QCoreApplication::translate("FitWording", "%1 GB").arg(threeDigits(count / 1e9));
    if (count >= 999.5e3)
        return QCoreApplication::translate("FitWording", "%1 MB")
            .arg(QLocale().toString(count / 1e6, 'f', count < 9.95e6 ? 1 : 0));
    return QCoreApplication::translate("FitWording", "%1 kB")
        .arg(QLocale().toString(std::ceil(count / 1e3), 'f', 0));
}

QString shareText(quint64 bytes, quint64 total) {
    const double count = static_cast<double>(bytes), whole = static_cast<double>(total);
    if (whole >= 999.5e6) {
        const int decimals = whole < 9.995e9 ? 2 : whole < 99.95e9 ? 1 : 0;
        return QCoreApplication::translate("FitWording", "%1 of %2")
            .arg(QLocale().toString(count / 1e9, 'f', decimals), fileSizeText(total));
    }
    return QCoreApplication::translate("FitWording", "%1 of %2")
        .arg(QLocale().toString(count / 1e6, 'f', whole < 9.95e6 ? 1 : 0), fileSizeText(total));
}

QString rateText(double bytesPerSecond) {
    if (bytesPerSecond >= 999.5e3) {
        const double mega = bytesPerSecond / 1e6;
        return QCoreApplication::translate("FitWording", "%1 MB/s")
            .arg(QLocale().toString(mega, 'f', mega < 99.95 ? 1 : 0));
    }
    return QCoreApplication::translate("FitWording", "%1 kB/s")
        .arg(QLocale().toString(bytesPerSecond / 1e3, 'f', 0));
}

QString parameterText(double count) {
    if (count <= 0) return {};
    if (count >= 999.5e6) {
        const double billions = count / 1e9;
        return QCoreApplication::translate("FitWording", "%1 B")
            .arg(QLocale().toString(billions, 'f', billions < 99.95 ? 1 : 0));
    }
    return QCoreApplication::translate("FitWording", "%1 M").arg(QLocale().toString(count / 1e6, 'f', 0));
}

QString contextText(int tokens) {
    return tokens < 1024 ? QLocale().toString(tokens)
                         : QCoreApplication::translate("FitWording", "%1k")
                               .arg(QLocale().toString(std::round(tokens / 1024.0), 'f', 0));
}

QString factsText(const OfferedModel& model) {
    QStringList facts;
    switch (model.kind) {
        case OfferedModel::Reasoning:
            facts.append(model.experts ? QCoreApplication::translate("FitWording", "Reasoning, experts")
                                       : QCoreApplication::translate("FitWording", "Reasoning"));
            break;
        case OfferedModel::Chat:
            facts.append(model.experts ? QCoreApplication::translate("FitWording", "Chat, experts")
                                       : QCoreApplication::translate("FitWording", "Chat"));
            break;
        case OfferedModel::Code:
            facts.append(model.experts ? QCoreApplication::translate("FitWording", "Code, experts")
                                       : QCoreApplication::translate("FitWording", "Code"));
            break;
        case OfferedModel::Embedding:
            facts.append(QCoreApplication::translate("FitWording", "Embedding"));
            break;
        case OfferedModel::Other:
            if (!model.author.isEmpty()) facts.append(model.author);
            break;
    }
    if (model.parameters > 0) facts.append(parameterText(model.parameters));
    const auto best = static_cast<std::size_t>(model.best);
    if (model.best >= 0 && best < model.files.size() && !model.files[best].quantization.isEmpty())
        facts.append(model.files[best].quantization);
    if (model.context > 0)
        facts.append(QCoreApplication::translate("FitWording", "%1 context").arg(contextText(model.context)));
    return facts.join(QStringLiteral(" · "));
}

QString licenceText(const QString& licence) {
    return licence.isEmpty() ? QCoreApplication::translate("FitWording", "No licence named")
                             : QCoreApplication::translate("FitWording", "%1 licence").arg(licence);
}

}  // namespace pellucid::app
