// What a compute backend is: it prepares weights once, and makes Runners that execute steps. Interfaces only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/backend/batch.h"
#include "engine/base/cancel.h"
#include "engine/base/error.h"
#include "engine/model/adapter.h"
#include "engine/model/spec.h"
#include "engine/model/weights.h"
#include "engine/quant/kv_basis.h"
#include "engine/quant/kv_format.h"

namespace pellucid {

/// Told what every matrix of a layer is multiplied with, for an importance matrix. Called between products,
/// on the thread that submits.
class ProductObserver {
public:
    virtual ~ProductObserver() = default;
    /// x: f32 [rows, columns of the matrix]. Stacked tensors (experts, heads) have several slices.
    virtual void reads(std::string_view tensor, int slice, int slices, std::span<const float> x,
                       int rows) = 0;
};

/// Told what every attention layer is about to compare, to choose a KvBases by: vectors after norms and rope.
/// On the thread that submits.
class AttentionObserver {
public:
    virtual ~AttentionObserver() = default;
    /// One row: q [heads, head_dim], k [kv_heads, head_dim] f32. Queries may be scaled.
    virtual void attends(int layer, std::span<const float> q, std::span<const float> k) = 0;
};

struct RunnerOptions {
    int page_tokens = 64;      ///< positions per KV page
    int pages = 0;             ///< physical pages the runner holds
    int max_batch_rows = 512;  ///< most rows in one step; sizes the scratch memory
    int max_sequences = 8;
    int context = 0;  ///< longest sequence; longrope chooses its factors by it. 0: the trained context
    KvFormat kv_format = KvFormat::f16;
    /// Only some backends have one told (the CPU).
    std::shared_ptr<ProductObserver> observer;
    std::shared_ptr<AttentionObserver> attention_observer;  ///< the reference and the CPU tell one
    /// Directions for the keys of q4 and q3, for this model; without them keys are kept as values are.
    std::shared_ptr<const KvBases> kv_bases;
};

/// Bytes on the backend's device. Weights counts what stays mapped from the file as well as copies made of
/// it.
struct DeviceMemory {
    std::uint64_t weights = 0, kv = 0, scratch = 0;
    std::uint64_t total() const { return weights + kv + scratch; }
};

/// Executes steps over a range of layers. One thread submits; results come in order. submit() refuses a batch
/// that check_batch() refuses, before anything is written.
class Runner {
public:
    virtual ~Runner() = default;
    /// Starts a step. The batch may be freed on return. `cancel` is polled between layers: a cancelled step
    /// reports ErrorCode::cancelled from wait(), and the KV of its rows is undefined.
    virtual Result<Ticket> submit(const Batch& batch, CancelToken cancel = {}) = 0;
    virtual Result<StepResult> wait(Ticket ticket) = 0;
    virtual const RunnerOptions& options() const = 0;
    /// True where RowOutput::sample gives a row the token that the host's Sampler would choose (save in a
    /// near-tie of its filters) for such settings. False: ask for logits.
    virtual bool samples(const SampleSpec& /*spec*/) const { return false; }
    /// True where a step is given on ids that the step before samples while that is not read yet, and works
    /// meanwhile.
    virtual bool runs_ahead() const { return false; }
    /// Makes an adapter ready for BatchSequence::adapters; kept until unload_adapter(). Any thread.
    /// unsupported where the device runs none.
    virtual Result<AdapterId> load_adapter(std::shared_ptr<const Adapter> adapter);
    /// PRECONDITION: no step that names it is under way or follows.
    virtual void unload_adapter(AdapterId id);
};

/// Weights in the layout a backend wants, shared by runners, drafts and sessions. Immutable, thread safe.
class PreparedWeights {
public:
    virtual ~PreparedWeights() = default;
    virtual const ModelSpec& spec() const = 0;
    virtual std::uint64_t bytes() const = 0;
    virtual Result<std::unique_ptr<Runner>> make_runner(const RunnerOptions& options) = 0;
};

/// What one of several devices takes of a model, for a plan.
struct DeviceShare {
    std::string device;  ///< "cpu", "cuda:0"
    std::string part;    ///< "layers 0-15", for display
    bool in_host_memory = true;
    DeviceMemory memory;
    std::uint64_t available = 0;
    double bytes_per_token = 0;  ///< of weights read for one token written in an empty context
};

struct PrepareOptions {
    std::function<void(double fraction)> progress;
    CancelToken cancel;
};

class Backend {
public:
    virtual ~Backend() = default;
    virtual std::string_view name() const = 0;  ///< "reference", "cpu", "cuda", "vulkan"
    /// The path chosen, for the log, the CLI and the UI: "AVX-512 VNNI, 2 threads".
    virtual std::string description() const = 0;
    virtual std::uint64_t memory_available() const = 0;
    /// False: the device has memory of its own. Backends in host memory share what is available of it.
    virtual bool in_host_memory() const { return true; }
    /// Whether prepare() takes a part of a model (model/part.h), and steps may run some half layers only.
    virtual bool runs_parts() const { return true; }
    /// What prepare() and one runner with these options will take, from shapes and types alone: the weights'
    /// bytes may be absent (a file read header_only). Whatever is made of them afterwards stays within it.
    virtual DeviceMemory memory_needed(const ModelSpec& spec, const WeightSource& weights,
                                       const RunnerOptions& options) const = 0;
    /// The same by device, where the model is placed on several; empty: on one.
    virtual std::vector<DeviceShare> shares(const ModelSpec& spec, const WeightSource& weights,
                                            const RunnerOptions& options) const {
        (void)spec, (void)weights, (void)options;
        return {};
    }
    /// Rows beyond which a step of this model gains nothing here: what a plan reserves working memory for.
    virtual int step_rows(const ModelSpec& spec) const {
        (void)spec;
        return 512;
    }
    /// unsupported names the layer or tensor type this backend cannot run.
    virtual Result<std::shared_ptr<PreparedWeights>> prepare(std::shared_ptr<const ModelSpec> spec,
                                                             std::shared_ptr<const WeightSource> weights,
                                                             const PrepareOptions& options) = 0;
};

}  // namespace pellucid
