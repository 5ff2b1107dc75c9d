// Memory plans of models offered and of files here, and what chats showed of their speed.
#include <QCoreApplication>

#include "app/base/wording.h"
#include "app/services/hub_discover.h"
#include "engine/backend/token_cost.h"

namespace pellucid::app {

void HubDiscover::plan(const PlanQuery& query, QObject* context, std::function<void(FitPlan, Problem)> then) {
    planThread_.run([this, query] { return planned(query); }, context,
                    [then = std::move(then)](const Result<FitPlan>& plan) {
                        if (plan)
                            then(*plan, {});
                        else
                            then({}, {whatOf(plan.error()), hintOf(plan.error())});
                    });
}

Result<std::shared_ptr<const ModelFile>> HubDiscover::local(const std::string& path) {
    if (local_.size() > 8 && !local_.contains(path)) local_.clear();
    if (const auto known = local_.find(path); known != local_.end()) return known->second;
    PELLUCID_TRY(auto opened, open_model_file(path, GgufRead::header_only));
    return local_[path] = std::make_shared<const ModelFile>(std::move(opened));
}

void HubDiscover::learn(const QString& path, const ModelOptions& options, int length,
                        double tokensPerSecond) {
    planThread_.post([this, path = path.toStdString(), options, length, tokensPerSecond] {
        const auto model = local(path);
        const auto format = find_kv_format(options.kv_format);
        if (!model || !format) return;
        // A disk that cannot be written only means that it is learned again.
        (void)speeds_.learn(options.device,
                            bytes_per_token(*(*model)->spec, *(*model)->weights, *format, length),
                            tokensPerSecond);
    });
}

Result<FitPlan> HubDiscover::planned(const PlanQuery& query) {
    std::shared_ptr<const ModelFile> header;
    std::optional<std::uint64_t> bytes;
    if (!query.path.isEmpty()) {
        PELLUCID_TRY(header, local(query.path.toStdString()));
    } else if (const auto offer = offers_.find(query.modelId.toStdString()); offer && offer->header) {
        header = offer->header;
        for (std::size_t i = 0; i < offer->variants.size(); ++i)
            if (i != offer->header_of &&
                KnownOffers::file_name(offer->variants[i]) == query.file.toStdString())
                bytes = offer->variants[i].bytes();
    }
    if (!header)
        return fail(ErrorCode::not_found,
                    QCoreApplication::translate("HubDiscover", "Its header is not known yet.").toStdString(),
                    "");
    hub::FitRequest request;
    request.context = query.context;
    if (const auto format = find_kv_format(query.kvFormat.toStdString())) request.kv_format = *format;
    const auto fits = bytes ? fit_.on_devices(*header, *bytes, request) : fit_.on_devices(*header, request);
    if (fits.empty())
        return fail(
            ErrorCode::not_found,
            QCoreApplication::translate("HubDiscover", "There is no device to run it on.").toStdString(), "");
    const hub::DeviceFit& best = fits[hub::best_device(fits)];
    if (best.refused) return fail(*best.refused);
    FitPlan plan;
    plan.fit = fit(best, static_cast<int>(header->spec->layers.size()));
    plan.context = best.context;
    plan.contextMax = best.trained_context;
    plan.contextFits = best.longest_context;
    // A context that does not fit is said, whatever a shorter one would do.
    if (!best.memory.fits()) {
        plan.fit.kind = Fit::TooLarge;
        plan.fit.missing = best.memory.total() - best.memory.available;
    }
    const auto used = [](std::uint64_t total, std::uint64_t available) {
        return total > available ? total - available : 0;
    };
    plan.devices.push_back({QString::fromStdString(best.description), is_gpu(best.device),
                            best.memory.weights, best.memory.kv, best.memory.scratch,
                            used(best.memory_total, best.memory.available), best.memory_total});
    if (is_gpu(best.device)) {
        const HostMemory host = host_memory();
        plan.devices.push_back({{}, false, 0, 0, 0, used(host.total, host.available), host.total});
    }
    return plan;
}

}  // namespace pellucid::app
