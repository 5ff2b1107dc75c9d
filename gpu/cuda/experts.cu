// Routed experts of few rows: every chosen expert's matrices meet one vector. Two launches: gate and up with
// the activation, rounded to 8 bits on the way out; then down, where a warp adds up all experts of an output.
#include "gpu/cuda/experts.h"
#include "gpu/cuda/group.cuh"
#include "gpu/cuda/plain.cuh"

namespace pellucid::cuda {
namespace {

inline constexpr int kGatedThreads = 512, kGatedWarps = kGatedThreads / 32;
inline constexpr int kPairs = kGroup / kGatedWarps;  ///< inner values of a warp
inline constexpr int kDownThreads = 256, kDownWarps = kDownThreads / 32;
inline constexpr int kDownUnroll = 4;

struct FewArguments {
    ExpertsView experts;
    Chosen chosen;
    Q8View input, inner_q8;
    const float* values = nullptr;
    float* inner = nullptr;
    ExpertsOut out;
};

/// N rows of two matrices of one form times a vector of 8-bit groups; lanes share out the groups.
template <Form F, int N>
__device__ __forceinline__ void dot_rows(const MatrixView& a, const MatrixView& b, long long row_a,
                                         long long row_b, const Q8View& input, long long row,
                                         float (&sum)[2 * N]) {
    const int lane = threadIdx.x % 32, groups = input.groups;
    const uint4* low = reinterpret_cast<const uint4*>(input.low) + row * groups;
    const uint4* high = reinterpret_cast<const uint4*>(input.high) + row * groups;
    const int2* meta = reinterpret_cast<const int2*>(input.meta) + row * groups;
    for (int g = lane; g < groups; g += 32) {
        Group<F> weights[2 * N];
#pragma unroll
        for (int n = 0; n < N; ++n) {
            weights[n].load(a, row_a + n, g);
            weights[N + n].load(b, row_b + n, g);
        }
        const uint4 x0 = low[g], x1 = high[g];
        const int2 m = meta[g];
#pragma unroll
        for (int n = 0; n < 2 * N; ++n) sum[n] += weights[n].dot(g, n < N ? a.offset : b.offset, x0, x1, m);
    }
}

/// A block: 32 inner values of one expert and row. It lets the next kernel start only after its own wait, so
/// that the next may read the choice, which a kernel before this one made, without waiting for this one.
__global__ void __launch_bounds__(kGatedThreads, 2) gated_kernel(const __grid_constant__ FewArguments p) {
    wait_for_inputs();
    let_next_start();
    const ExpertsView& e = p.experts;
    const int tiles = e.width / kGroup, slot = static_cast<int>(blockIdx.x) / tiles, row = blockIdx.y;
    const bool shared = slot >= e.used;
    const int first = kGroup * (static_cast<int>(blockIdx.x) - (shared ? e.used : slot) * tiles) +
                      threadIdx.x / 32 * kPairs;
    const int id = shared ? 0 : __ldcg(p.chosen.ids + static_cast<long long>(row) * e.used + slot);
    const MatrixView &gate = shared ? e.shared_gate : e.gate, &up = shared ? e.shared_up : e.up;
    float sum[2 * kPairs] = {};
    const long long at = static_cast<long long>(id) * e.width + first;
    if (id >= 0)
        with_any_form(gate.form, [&]<Form F>() { dot_rows<F, kPairs>(gate, up, at, at, p.input, row, sum); });
    __shared__ float values[kGroup];
#pragma unroll
    for (int n = 0; n < 2 * kPairs; ++n) sum[n] = warp_sum(sum[n]);
    if (threadIdx.x % 32 == 0)
#pragma unroll
        for (int n = 0; n < kPairs; ++n) {
            float g = sum[n], u = sum[kPairs + n];
            if (!shared && id >= 0) {
                if (e.gate_bias) g += __ldg(e.gate_bias + at + n);
                if (e.up_bias) u += __ldg(e.up_bias + at + n);
            }
            values[threadIdx.x / 32 * kPairs + n] = id >= 0 ? gated_value(e.activation, g, u) : 0;
        }
    __syncthreads();
    if (threadIdx.x < 32) store_q8(p.inner_q8, row, blockIdx.x, values[threadIdx.x]);
}

/// A warp: one output value of one row, over all of its experts.
__global__ void __launch_bounds__(kDownThreads, 2) down_kernel(const __grid_constant__ FewArguments p) {
    let_next_start();
    const ExpertsView& e = p.experts;
    const int lane = threadIdx.x % 32, row = blockIdx.y;
    const int out = static_cast<int>(blockIdx.x) * kDownWarps + threadIdx.x / 32;
    if (out >= e.columns) {
        wait_for_inputs();
        return;
    }
    // Made before the kernel that this one follows could start.
    int own_id = -1;
    float own_weight = 0;
    if (lane < e.used) {
        own_id = __ldcg(p.chosen.ids + static_cast<long long>(row) * e.used + lane);
        own_weight = __ldcg(p.chosen.weights + static_cast<long long>(row) * e.used + lane);
    }
    const float shared_weight = __ldcg(p.chosen.shared + row);
    const long long groups_in_row = p.inner_q8.groups;
    const uint4* low = reinterpret_cast<const uint4*>(p.inner_q8.low) + row * groups_in_row;
    const uint4* high = reinterpret_cast<const uint4*>(p.inner_q8.high) + row * groups_in_row;
    const int2* meta = reinterpret_cast<const int2*>(p.inner_q8.meta) + row * groups_in_row;
    float sum = 0;
    bool waited = false;
    const auto run = [&]<Form F>(const MatrixView& m, int groups, int items, int first_item, bool shared) {
        for (int base = 0; base < items; base += 32 * kDownUnroll) {
            Group<F> weights[kDownUnroll];
            int group[kDownUnroll];
            float factor[kDownUnroll];
#pragma unroll
            for (int u = 0; u < kDownUnroll; ++u) {
                const int item = base + 32 * u + lane, slot = min(item, items - 1) / groups;
                const int id = shared ? 0 : __shfl_sync(0xffffffffu, own_id, slot);
                factor[u] = shared ? shared_weight : __shfl_sync(0xffffffffu, own_weight, slot);
                group[u] = item - slot * groups;
                if (item >= items || id < 0)
                    factor[u] = 0;
                else
                    weights[u].load(m, static_cast<long long>(id) * e.columns + out, group[u]);
            }
            if (!waited) wait_for_inputs();
            waited = true;
#pragma unroll
            for (int u = 0; u < kDownUnroll; ++u) {
                const int item = first_item + min(base + 32 * u + lane, items - 1);
                const float part = weights[u].dot(group[u], m.offset, low[item], high[item], meta[item]);
                if (factor[u] != 0) sum += factor[u] * part;
            }
        }
    };
    const int groups = e.width / kGroup, items = e.used * groups;
    with_any_form(e.down.form,
                  [&]<Form F>() { run.template operator()<F>(e.down, groups, items, 0, false); });
    if (e.shared_width > 0)
        with_any_form(e.shared_down.form, [&]<Form F>() {
            run.template operator()<F>(e.shared_down, e.shared_width / kGroup, e.shared_width / kGroup, items,
                                       true);
        });
    if (e.down_bias && own_id >= 0)
        sum += own_weight * __ldg(e.down_bias + static_cast<long long>(own_id) * e.columns + out);
    sum = warp_sum(sum);
    if (lane != 0) return;
    const long long at = static_cast<long long>(row) * e.columns + out;
    if (p.out.part) sum += shared_weight * p.out.part[at];
    if (p.out.set)
        p.out.set[at] = sum;
    else
        p.out.x[at] += p.out.alpha * sum;
}

// The same for weights in half and single precision. A warp an inner value, or an output.
__global__ void gated_plain_kernel(const __grid_constant__ FewArguments p) {
    wait_for_inputs();
    let_next_start();
    const ExpertsView& e = p.experts;
    const int row = blockIdx.y, inner = static_cast<int>(blockIdx.x) * kDownWarps + threadIdx.x / 32;
    if (inner >= e.used * e.width) return;
    const int id = __ldcg(p.chosen.ids + static_cast<long long>(row) * e.used + inner / e.width);
    const long long at = static_cast<long long>(id) * e.width + inner % e.width;
    const float* x = p.values + static_cast<long long>(row) * e.columns;
    float gate = 0, up = 0;
    if (id >= 0)
        for (int c = threadIdx.x % 32; c < e.columns; c += 32) {
            gate += plain_value(e.gate, at * e.columns + c) * x[c];
            up += plain_value(e.up, at * e.columns + c) * x[c];
        }
    gate = warp_sum(gate);
    up = warp_sum(up);
    if (threadIdx.x % 32 != 0) return;
    if (id >= 0 && e.gate_bias) gate += e.gate_bias[at];
    if (id >= 0 && e.up_bias) up += e.up_bias[at];
    p.inner[static_cast<long long>(row) * e.used * e.width + inner] =
        id >= 0 ? gated_value(e.activation, gate, up) : 0;
}

__global__ void down_plain_kernel(const __grid_constant__ FewArguments p) {
    let_next_start();
    wait_for_inputs();
    const ExpertsView& e = p.experts;
    const int row = blockIdx.y, out = static_cast<int>(blockIdx.x) * kDownWarps + threadIdx.x / 32;
    if (out >= e.columns) return;
    const float* x = p.inner + static_cast<long long>(row) * e.used * e.width;
    float sum = 0;
    for (int slot = 0; slot < e.used; ++slot) {
        const int id = p.chosen.ids[static_cast<long long>(row) * e.used + slot];
        if (id < 0) continue;
        const long long at = static_cast<long long>(id) * e.columns + out;
        float part = 0;
        for (int c = threadIdx.x % 32; c < e.width; c += 32)
            part += plain_value(e.down, at * e.width + c) * x[slot * e.width + c];
        part = warp_sum(part) + (e.down_bias ? e.down_bias[at] : 0);
        sum += p.chosen.weights[static_cast<long long>(row) * e.used + slot] * part;
    }
    if (threadIdx.x % 32 != 0) return;
    const long long at = static_cast<long long>(row) * e.columns + out;
    if (p.out.part) sum += p.chosen.shared[row] * p.out.part[at];
    if (p.out.set)
        p.out.set[at] = sum;
    else
        p.out.x[at] += p.out.alpha * sum;
}

}  // namespace

bool few_experts_serve(const ExpertsView& e) {
    if (!e.gate.quantised() && !e.up.quantised() && !e.down.quantised()) return true;
    return e.gate.quantised() && e.down.quantised() && e.gate.form == e.up.form &&
           e.gate.offset == e.up.offset && e.width % kGroup == 0;
}

bool shared_joins(const ExpertsView& e, const MatrixView& gate, const MatrixView& up,
                  const MatrixView& down) {
    return e.gate.quantised() && gate.quantised() && down.quantised() && gate.form == up.form &&
           gate.offset == up.offset && gate.rows % kGroup == 0;
}

void few_experts(cudaStream_t stream, const ExpertsView& e, const Chosen& chosen, const NormOut& input,
                 const Q8View& inner_q8, float* inner, int rows, const ExpertsOut& out) {
    const FewArguments p{e, chosen, input.q8, inner_q8, input.values, inner, out};
    const dim3 outs((e.columns + kDownWarps - 1) / kDownWarps, rows), block(kDownThreads);
    if (e.gate.quantised()) {
        launch(stream, dim3((e.used * e.width + e.shared_width) / kGroup, rows), dim3(kGatedThreads),
               gated_kernel, p);
        launch(stream, outs, block, down_kernel, p);
    } else {
        launch(stream, dim3((e.used * e.width + kDownWarps - 1) / kDownWarps, rows), block,
               gated_plain_kernel, p);
        launch(stream, outs, block, down_plain_kernel, p);
    }
}

}  // namespace pellucid::cuda
