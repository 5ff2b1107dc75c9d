// Whether a model fits this machine, how fast it will write, and which quantisation to take: from its header,
// before it is downloaded.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/hub/variant.h"
#include "engine/memory/memory_plan.h"
#include "engine/model/model_file.h"
#include "engine/quant/kv_format.h"
#include "engine/runtime/devices.h"

namespace pellucid::hub {

/// A plain word for it; the window finds the sentence.
enum class Verdict {
    fits,             ///< and leaves room for other programs
    tight,            ///< fits, and leaves less than `comfort` of the device's memory
    shorter_context,  ///< not with the context asked for; `longest_context` tells what does
    too_large,        ///< not with the least context either
    cannot_run,       ///< this version does not run such a model here; `refused` says why
};

/// Share of a device's memory that should stay free beside a model.
inline constexpr double comfort = 0.1;
/// Tokens a second below which reading along becomes waiting: about as fast as people read.
inline constexpr double readable_speed = 5;

/// What a person chose, or leaves to the machine.
struct FitRequest {
    int context = 0;  ///< tokens; 0: `usual_context`, or less where the model was trained for less
    KvFormat kv_format = KvFormat::f16;
};
inline constexpr int usual_context = 8192;

/// One model on one device.
struct DeviceFit {
    std::string device, description;  ///< "cpu", "AMD EPYC, 2 cores"
    std::uint64_t memory_total = 0;
    MemoryPlan memory;        ///< weights, context, working memory; free now. For `context`
    int context = 0;          ///< planned for
    int trained_context = 0;  ///< the most this model can be asked for
    int longest_context = 0;  ///< the most that fits now; 0: not even the least
    Verdict verdict = Verdict::cannot_run;
    /// Predicted for writing, from how fast this device reads its memory; 0: that was never measured.
    double tokens_per_second = 0;      ///< at the beginning of a chat
    double tokens_per_second_far = 0;  ///< with `context` full
    bool estimated = false;  ///< weights scaled from another quantisation's header, or by file size alone
    std::optional<Error> refused;
};

/// Bytes a second that devices read while they write tokens, measured once and kept.
class MemorySpeeds {
public:
    virtual ~MemorySpeeds() = default;
    /// For a model that reads so many bytes for a token. 0: not known.
    virtual double bytes_per_second(const std::string& device, double bytes_per_token) const = 0;
};

/// Plans models on the devices given. Nothing is allocated. Thread safe.
class Fit {
public:
    /// `devices`: those a person would choose from (host_devices() without "reference"). `speeds` may be null
    /// and must live as long.
    Fit(std::vector<DeviceFactory> devices, const MemorySpeeds* speeds);
    ~Fit();

    /// A model whose header is here, on each device, in their order.
    std::vector<DeviceFit> on_devices(const ModelFile& model, const FitRequest& request) const;
    /// Another quantisation of the same model, by its size alone; `estimated` is set.
    std::vector<DeviceFit> on_devices(const ModelFile& sibling, std::uint64_t file_bytes,
                                      const FitRequest& request) const;

private:
    struct Device;
    std::vector<DeviceFit> plan(const ModelFile& model, std::optional<std::uint64_t> file_bytes,
                                const FitRequest& request) const;
    std::vector<std::unique_ptr<Device>> devices_;
    const MemorySpeeds* speeds_;
};

/// The device that a person is best served by: one that fits before one that does not, then the faster, then
/// the one with more memory. Index into `fits`; PRECONDITION: not empty.
std::size_t best_device(const std::vector<DeviceFit>& fits);

/// Why a quantisation was chosen.
enum class Reason {
    best_quality,  ///< the nearest to the original of those that fit and are readably fast
    fast_enough,   ///< a nearer one would fit, but write slower than `readable_speed`
    only_tight,    ///< none leaves comfortable room: the best that fits at all
    smallest,      ///< none fits; this is nearest to fitting
};
struct Choice {
    std::size_t variant = 0;
    Reason reason = Reason::best_quality;
};

/// Above this quality nobody sees a difference, so that the smallest such is the best choice.
inline constexpr int visible_quality = 90;
/// Below this one a model says noticeably less sensible things: not chosen for speed alone.
inline constexpr int sensible_quality = 70;

/// The variant to offer first, from each one's fit on its best device; incomplete ones and those of unknown
/// size are passed over. `fits[i]` is of `variants[i]`. Nothing when there is none to choose.
std::optional<Choice> best_variant(const std::vector<Variant>& variants, const std::vector<DeviceFit>& fits);

}  // namespace pellucid::hub
