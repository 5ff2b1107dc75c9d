#include "app/services/hub_discover.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "app/base/wording.h"
#include "app/hub/remote_header.h"
#include "engine/base/ascii.h"

namespace pellucid::app {

namespace {

Problem problemOf(const Error& error) {
    return {whatOf(error), hintOf(error)};
}

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

QStringList languageNames(const std::vector<std::string>& codes) {
    QStringList names;
    for (const std::string& code : codes) {
        if (code == "multilingual") {
            names.append(QCoreApplication::translate("HubDiscover", "Many"));
            continue;
        }
        // In the window's language where that is one of the two it speaks.
        if (code == "en") {
            names.append(QCoreApplication::translate("HubDiscover", "English"));
        } else if (code == "zh") {
            names.append(QCoreApplication::translate("HubDiscover", "Chinese"));
        } else {
            const QLocale locale(text(code));
            names.append(locale.language() == QLocale::C ? text(code) : locale.nativeLanguageName());
        }
        if (names.size() == 6 && codes.size() > 7) {
            names.append(QCoreApplication::translate("HubDiscover", "%1 more").arg(codes.size() - 6));
            break;
        }
    }
    return names;
}

QString strengthText(catalogue::Strength strength) {
    switch (strength) {
        case catalogue::Strength::reasoning:
            return QCoreApplication::translate("HubDiscover", "Thinks step by step before it answers.");
        case catalogue::Strength::chat:
            return QCoreApplication::translate("HubDiscover", "Good at conversation and everyday questions.");
        case catalogue::Strength::code:
            return QCoreApplication::translate("HubDiscover", "Good at code.");
        case catalogue::Strength::maths:
            return QCoreApplication::translate("HubDiscover", "Good at mathematics.");
        case catalogue::Strength::translation:
            return QCoreApplication::translate("HubDiscover", "Good at translation.");
        case catalogue::Strength::tools:
            return QCoreApplication::translate("HubDiscover", "Trained to call tools.");
        case catalogue::Strength::small_machines:
            return QCoreApplication::translate("HubDiscover", "Small enough for modest computers.");
    }
    return {};
}

int layersOf(const ModelFile& model) {
    return static_cast<int>(model.spec->layers.size());
}

/// The variant whose header is read: the usual one, else the first that is whole.
std::optional<std::size_t> usual(const std::vector<hub::Variant>& variants) {
    std::optional<std::size_t> any;
    for (std::size_t i = 0; i < variants.size(); ++i) {
        if (!variants[i].complete()) continue;
        if (variants[i].quantization == "Q4_K_M") return i;
        if (!any) any = i;
    }
    return any;
}

}  // namespace

HubDiscover::HubDiscover(network::HttpClient& client, hub::KeptSpeeds& speeds,
                         std::vector<DeviceFactory> devices, KnownOffers& offers)
    : client_(client),
      speeds_(speeds),
      devices_(std::move(devices)),
      fit_(devices_, &speeds),
      offers_(offers),
      hubThread_(QStringLiteral("hub")),
      planThread_(QStringLiteral("plan")) {
    use({});
}

HubDiscover::~HubDiscover() {
    searching_.cancel();
    looking_.cancel();
}

void HubDiscover::use(const NetworkChoices& choices) {
    Hubs hubs;
    hubs.push_back(
        hub::make_huggingface(client_, {choices.endpoint.toStdString(), choices.token.toStdString()}));
    hubs.push_back(hub::make_modelscope(client_, {choices.otherEndpoint.toStdString(), {}}));
    const std::lock_guard lock(mutex_);
    hubs_ = std::move(hubs);
    mirrors_.clear();
    for (const QString& mirror : choices.mirrors) mirrors_.push_back(mirror.toStdString());
}

std::vector<std::string> HubDiscover::addresses(const std::string& url) const {
    std::vector<std::string> addresses = {url};
    const std::lock_guard lock(mutex_);
    for (const auto& hub : hubs_) {
        std::string home = hub->options().endpoint;
        while (home.ends_with('/')) home.pop_back();
        if (hub->id() != "huggingface" || !url.starts_with(home + "/")) continue;
        for (const std::string& mirror : mirrors_)
            if (mirror != home) addresses.push_back(mirror + url.substr(home.size()));
    }
    return addresses;
}

HubDiscover::Hubs HubDiscover::hubs() const {
    const std::lock_guard lock(mutex_);
    return hubs_;
}

std::vector<std::pair<std::string, std::string>> HubDiscover::headers(const std::string& url) const {
    for (const auto& hub : hubs())
        if (auto found = hub->headers(url); !found.empty()) return found;
    return {};
}

bool HubDiscover::is_gpu(const std::string& device) const {
    return device.starts_with("cuda") || device.starts_with("vulkan");
}

Fit HubDiscover::fit(const hub::DeviceFit& device, int layers) const {
    Fit fit;
    fit.layers = layers;
    fit.tokensPerSecond = device.tokens_per_second;
    switch (device.verdict) {
        case hub::Verdict::fits:
        case hub::Verdict::tight:
        case hub::Verdict::shorter_context:
            fit.kind = is_gpu(device.device) ? Fit::OnGpu : Fit::InMemory;
            fit.layersOnGpu = is_gpu(device.device) ? layers : 0;
            break;
        case hub::Verdict::too_large:
            fit.kind = Fit::TooLarge;
            if (device.memory.total() > device.memory.available)
                fit.missing = device.memory.total() - device.memory.available;
            break;
        case hub::Verdict::cannot_run:
            fit.kind = Fit::Refused;
            break;
    }
    return fit;
}

// ---- lists ----

hub::DeviceFit HubDiscover::rough(std::uint64_t bytes, double parameters, double active, int context) const {
    // Weights as the file has them; keys and values of a usual shape (8 B: 100 kB a token); scratch as small
    // models were seen to take.
    std::vector<hub::DeviceFit> fits;
    for (const DeviceFactory& device : devices_) {
        hub::DeviceFit fit;
        const HostMemory memory = device.memory();
        fit.device = device.id;
        fit.memory_total = memory.total;
        fit.trained_context = context;
        fit.context = std::min(context > 0 ? context : hub::usual_context, hub::usual_context);
        fit.memory.weights = bytes;
        fit.memory.kv = static_cast<std::uint64_t>(fit.context * 1e5 * std::sqrt(parameters / 8e9));
        fit.memory.scratch = 300'000'000;
        fit.memory.available = memory.available;
        fit.verdict = fit.memory.fits() ? hub::Verdict::fits : hub::Verdict::too_large;
        fit.longest_context = fit.memory.fits() ? fit.context : 0;
        const double share = parameters > 0 && active > 0 ? std::min(1.0, active / parameters) : 1;
        const double read = static_cast<double>(bytes) * share;
        fit.tokens_per_second = speeds_.bytes_per_second(device.id, read) / read;
        fit.estimated = true;
        fits.push_back(fit);
    }
    return fits.empty() ? hub::DeviceFit() : fits[hub::best_device(fits)];
}

OfferedModel HubDiscover::offered(const catalogue::Entry& entry) const {
    OfferedModel model;
    model.id = QStringLiteral("catalogue:") + text(entry.id);
    model.name = text(entry.name);
    model.author = entry.sources.empty() ? text(entry.family)
                                         : text(entry.sources.front().repository).section(u'/', 0, 0);
    model.licence = text(entry.licence);
    model.licenceUrl = text(entry.licence_url);
    model.askLicence = entry.licence_accepted_first;
    model.origin = QCoreApplication::translate("HubDiscover", "Pellucid's catalogue");
    const auto has = [&](catalogue::Strength strength) {
        return std::ranges::find(entry.strengths, strength) != entry.strengths.end();
    };
    model.kind = entry.thinks                     ? OfferedModel::Reasoning
                 : has(catalogue::Strength::code) ? OfferedModel::Code
                                                  : OfferedModel::Chat;
    model.parameters = entry.parameters_billions * 1e9;
    const double active = entry.active_billions > 0 ? entry.active_billions * 1e9 : model.parameters;
    model.experts = active < model.parameters * 0.9;
    model.context = entry.context;
    QStringList sentences;
    for (const catalogue::Strength strength : entry.strengths) sentences.append(strengthText(strength));
    // Chinese sentences follow each other without a space.
    QString about;
    for (const QString& sentence : sentences) about = app::sentences(about, sentence);
    model.about = about;
    if (entry.thinks) model.thinking = QCoreApplication::translate("HubDiscover", "Always, can be cut short");
    model.languages = languageNames(entry.languages);
    std::vector<hub::Variant> variants;
    std::vector<hub::DeviceFit> fits;
    for (const catalogue::Quantization& quantization : entry.quantizations) {
        OfferedFile file;
        file.quantization = text(quantization.name);
        file.bytes = quantization.bytes.value_or(0);
        // What no page of the publisher says is known by bits a weight, until the hub is asked.
        if (file.bytes == 0 && quantization.name == "Q4_K_M")
            file.bytes = static_cast<quint64>(model.parameters * 4.85 / 8);
        file.sha256 = text(quantization.sha256);
        hub::DeviceFit device;
        if (file.bytes > 0) {
            device = rough(file.bytes, model.parameters, active, entry.context);
            file.fit = fit(device, 0);
            file.fit.rough = true;
        }
        hub::Variant variant;
        variant.quantization = quantization.name;
        variant.files.push_back({});
        if (file.bytes > 0) variant.files.front().bytes = file.bytes;
        variants.push_back(variant);
        fits.push_back(device);
        model.files.push_back(file);
    }
    if (const auto choice = hub::best_variant(variants, fits)) model.best = static_cast<int>(choice->variant);
    return model;
}

OfferedModel HubDiscover::offered(const hub::Hub& from, const hub::Listing& listing) const {
    OfferedModel model;
    model.id = text(std::string(from.id()) + ":" + listing.repository);
    model.name = text(listing.name);
    model.author = text(listing.owner);
    model.licence = text(listing.licence);
    model.gated = listing.gate != hub::Gate::open;
    model.licenceUrl = text(from.page(listing.repository));
    model.origin = text(std::string(from.title()));
    model.date = QDate::fromString(text(listing.updated).left(10), Qt::ISODate);
    model.parameters = static_cast<double>(listing.parameters);
    model.context = listing.trained_context;
    model.languages = languageNames(listing.languages);
    return model;
}

void HubDiscover::search(const QString& wanted, int from, QObject* context,
                         std::function<void(Answer)> then) {
    searching_.cancel();
    searching_ = CancelToken();
    // How fast this machine reads its memory: measured once, before the first verdict is said.
    if (!std::exchange(measured_, true)) planThread_.post([this] { (void)speeds_.measure(devices_); });
    if (wanted.isEmpty()) {
        planThread_.run(
            [this] {
                Answer answer;
                for (const catalogue::Entry& entry : catalogue_)
                    if (!entry.sources.empty()) answer.models.push_back(offered(entry));
                return answer;
            },
            context, std::move(then));
        return;
    }
    hubThread_.run([this, wanted = wanted.toStdString(), first = from == 0,
                    cancel = searching_] { return ask(wanted, first, cancel); },
                   context, std::move(then));
}

HubDiscover::Answer HubDiscover::ask(const std::string& wanted, bool first, const CancelToken& cancel) {
    Answer answer;
    const Hubs hubs = this->hubs();
    if (first) {
        pages_ = {wanted, std::vector<std::string>(hubs.size()), {}};
        const QString words = text(wanted);
        for (const catalogue::Entry& entry : catalogue_)
            if (!entry.sources.empty() && text(entry.name).contains(words, Qt::CaseInsensitive))
                answer.models.push_back(offered(entry));
    } else if (pages_.text != wanted) {
        return answer;
    }
    std::optional<Error> failure;
    bool reached = false;
    for (std::size_t i = 0; i < hubs.size() && !cancel.cancelled(); ++i) {
        if (!first && pages_.next[i].empty()) continue;
        hub::Query query;
        query.text = wanted;
        auto page = first ? hubs[i]->search(query, cancel) : hubs[i]->more(pages_.next[i], cancel);
        if (!page) {
            if (!failure) failure = page.error();
            pages_.next[i].clear();
            continue;
        }
        reached = true;
        pages_.next[i] = page->next;
        for (const hub::Listing& listing : page->listings) {
            // The same repository is often on both.
            if (std::ranges::find(pages_.seen, ascii_lower(listing.repository)) != pages_.seen.end())
                continue;
            pages_.seen.push_back(ascii_lower(listing.repository));
            answer.models.push_back(offered(*hubs[i], listing));
        }
    }
    answer.more = std::ranges::any_of(pages_.next, [](const std::string& next) { return !next.empty(); });
    if (failure && !reached && !cancel.cancelled()) answer.problem = problemOf(*failure);
    return answer;
}

// ---- one model ----

void HubDiscover::complete(const OfferedModel& model, QObject* context,
                           std::function<void(OfferedModel, Problem)> then) {
    looking_.cancel();
    looking_ = CancelToken();
    hubThread_.run([this, model, cancel = looking_] { return look(model, cancel); }, context,
                   [model, then = std::move(then)](const Result<OfferedModel>& known) {
                       if (known)
                           then(*known, {});
                       else
                           then(model, problemOf(known.error()));
                   });
}

Result<OfferedModel> HubDiscover::look(OfferedModel model, const CancelToken& cancel) {
    const std::string id = model.id.toStdString();
    const auto colon = id.find(':');
    const std::string kind = id.substr(0, colon), rest = id.substr(colon + 1);
    std::vector<catalogue::Source> sources;
    if (kind == "catalogue") {
        for (const catalogue::Entry& entry : catalogue_)
            if (entry.id == rest) sources = entry.sources;
    } else {
        sources.push_back({kind, rest});
    }
    std::optional<Error> failure;
    for (const catalogue::Source& source : sources) {
        for (const auto& hub : hubs()) {
            if (hub->id() != source.hub) continue;
            auto repository = hub->look(source.repository, {}, cancel);
            if (!repository) {
                if (!failure) failure = repository.error();
                continue;
            }
            KnownOffer known{model.name.toStdString(),
                             source.repository,
                             repository->revision,
                             repository->about.licence,
                             source.hub,
                             repository->variants,
                             nullptr,
                             0};
            if (model.licence.isEmpty()) model.licence = text(repository->about.licence);
            model.gated = repository->about.gate != hub::Gate::open;
            const auto first = usual(known.variants);
            if (first) {
                known.header_of = *first;
                const hub::Variant& variant = known.variants[*first];
                auto header = hub::read_remote_header(client_, variant,
                                                      hub->headers(variant.files.front().url), cancel);
                if (header)
                    known.header = std::make_shared<const ModelFile>(std::move(header->model));
                else if (cancel.cancelled())
                    return fail(header.error());
            }
            model.files.clear();
            std::vector<hub::DeviceFit> fits;
            std::vector<std::size_t> places;
            for (std::size_t i = 0; i < known.variants.size(); ++i) {
                const hub::Variant& variant = known.variants[i];
                hub::DeviceFit best;
                const auto bytes = variant.bytes();
                if (known.header) {
                    auto devices = i == known.header_of || !bytes
                                       ? fit_.on_devices(*known.header, hub::FitRequest())
                                       : fit_.on_devices(*known.header, *bytes, hub::FitRequest());
                    if (!devices.empty()) best = devices[hub::best_device(devices)];
                } else if (bytes) {
                    best = rough(*bytes, model.parameters, model.parameters, model.context);
                }
                fits.push_back(best);
                if (!variant.complete()) continue;
                places.push_back(i);
                OfferedFile file;
                file.name = text(KnownOffers::file_name(variant));
                file.quantization = text(variant.quantization);
                file.bytes = bytes.value_or(0);
                file.parts = variant.parts;
                file.sha256 = text(variant.files.front().sha256);
                if (!best.device.empty()) file.fit = fit(best, known.header ? layersOf(*known.header) : 0);
                file.fit.rough = !known.header;
                model.files.push_back(file);
            }
            model.best = -1;
            if (const auto choice = hub::best_variant(known.variants, fits))
                for (std::size_t at = 0; at < places.size(); ++at)
                    if (places[at] == choice->variant) model.best = static_cast<int>(at);
            if (known.header) {
                if (model.context == 0 && !fits.empty())
                    model.context = fits[known.header_of].trained_context;
                if (model.parameters <= 0)
                    model.parameters = static_cast<double>(known.header->facts.parameters);
            }
            model.complete = true;
            offers_.keep(id, std::move(known));
            return model;
        }
    }
    if (failure) return fail(*failure);
    return fail(ErrorCode::not_found,
                QCoreApplication::translate("HubDiscover", "No hub of this list publishes it.").toStdString(),
                QCoreApplication::translate("HubDiscover", "Search for its name instead.").toStdString());
}

}  // namespace pellucid::app
