// Routed experts of few rows: every chosen expert's matrices meet one vector. Two launches: gate and up with
// the activation; then down, where a warp adds up all experts of an output. Blocks round their vectors to 8
// bits for themselves.
#include <algorithm>

#include "gpu/cuda/experts.h"
#include "gpu/cuda/plain.cuh"
#include "gpu/cuda/stream_chunk.cuh"

namespace pellucid::cuda {
namespace {

inline constexpr int kThreads = 256, kWarps = kThreads / 32;
inline constexpr int kGatedGroups = 2, kDownGroups = 3;  ///< of each row in flight a lane
inline constexpr int kGatedBlocks = 2;                   ///< on a processor
inline constexpr int kDownThreads = 512, kDownWarps = kDownThreads / 32;

struct FewArguments {
    ExpertsView experts;
    Chosen chosen;
    const float* values = nullptr;
    void* inner = nullptr;
    ExpertsOut out;
};

/// A group in registers times one of a vector.
template <Form F>
__device__ __forceinline__ float group_dot(const Group<F>& w, int g, int offset, const StreamGroup& x) {
    const int sum0 = __float_as_int(x.meta.z), sum1 = __float_as_int(x.meta.w);
    if constexpr (F == Form::four_super) {  // as four_super_dot() has it
        constexpr unsigned kLow = 0x0f0f0f0fu, kUp = 0xf0f0f0f0u;
        int low = dot_unsigned(w.codes.x & kLow, x.low.x, 0),
            up = dot_unsigned(w.codes.x & kUp, x.high.x, kMagicBits);
        low = dot_unsigned(w.codes.y & kLow, x.low.y, low);
        up = dot_unsigned(w.codes.y & kUp, x.high.y, up);
        low = dot_unsigned(w.codes.z & kLow, x.low.z, low);
        up = dot_unsigned(w.codes.z & kUp, x.high.z, up);
        low = dot_unsigned(w.codes.w & kLow, x.low.w, low);
        up = dot_unsigned(w.codes.w & kUp, x.high.w, up);
        const float dot = __int_as_float(16 * low + up) - kMagic;  // times 16
        const int in_super = g & 7;
        const unsigned begin = in_super < 3 ? w.scales.y : in_super < 6 ? w.scales.z : w.scales.w;
        const unsigned both = __funnelshift_r(begin, in_super < 3 ? w.scales.z : w.scales.w, 12 * in_super);
        const float scale = __uint_as_float((both & 0x3fu) | 0x49000000u) - 524288.0f;
        const float minimum = __uint_as_float((both & 0xfc0u) | 0x4b000000u) - 8388608.0f;
        const float2 dd = __half22float2(*reinterpret_cast<const __half2*>(&w.scales.x));
        return fmaf(dd.x * scale, x.meta.x * dot, -(dd.y * minimum) * x.meta.y);
    } else {
        return w.dot(g, offset, x.low, x.high, {__float_as_int(x.meta.x), (sum0 & 0xffff) | sum1 << 16});
    }
}

/// Room for whole warps to round in.
__host__ __device__ __forceinline__ int padded(int groups) {
    return (groups + 7) / 8 * 8;
}
__device__ __forceinline__ StreamVector vector_at(unsigned char* memory, int groups) {
    groups = padded(groups);
    return {reinterpret_cast<uint4*>(memory), reinterpret_cast<uint4*>(memory + 16 * groups),
            reinterpret_cast<float4*>(memory + 32 * groups)};
}
int vector_bytes(int values) {
    return padded(values / kGroup) * 48;
}

/// Warps share out the inner values, of all experts of the row and of the shared network. This kernel lets
/// the next one start only after its own wait, so that the next may read the choice, which a kernel before
/// this one made, without waiting for this one.
__global__ void __launch_bounds__(kThreads, kGatedBlocks + 1)
    gated_kernel(const __grid_constant__ FewArguments p) {
    wait_for_inputs();
    let_next_start();
    extern __shared__ __align__(16) unsigned char memory[];
    const ExpertsView& e = p.experts;
    const int lane = threadIdx.x % 32, row = blockIdx.y, groups = e.columns / kGroup;
    const int own_id =
        lane < e.used ? __ldcg(p.chosen.ids + static_cast<long long>(row) * e.used + lane) : -1;
    const StreamVector vector = vector_at(memory, groups);
    const int routed = e.used * e.width, all = routed + e.shared_width;
    __half* inner = static_cast<__half*>(p.inner) + static_cast<long long>(row) * all;
    const int stride = gridDim.x * kWarps, first = blockIdx.x * kWarps + threadIdx.x / 32;
    bool staged = false;
    const auto stage = [&] {
        const float4* x = reinterpret_cast<const float4*>(p.values + static_cast<long long>(row) * e.columns);
#pragma unroll 2
        for (int i = threadIdx.x; i < 8 * padded(groups); i += kThreads) {
            const float4 v = i < 8 * groups ? __ldcg(x + i) : float4{0, 0, 0, 0};
            const float four[4] = {v.x, v.y, v.z, v.w};
            round_values<4>(vector, i, four);
        }
        __syncthreads();
        staged = true;
    };
    // Inner values begin, begin + stride … below end, all of one form.
    const auto run = [&]<Form F>(int begin, int end) {
        const int steps = (groups + 32 * kGatedGroups - 1) / (32 * kGatedGroups);
        Group<F> gate[kGatedGroups], up[kGatedGroups];
        const auto place = [&](int value, int& id, bool& shared) {
            shared = value >= routed;
            id = shared ? 0 : __shfl_sync(0xffffffffu, own_id, min(value / e.width, e.used - 1));
            return shared ? static_cast<long long>(value - routed)
                          : static_cast<long long>(id) * e.width + value % e.width;
        };
        const auto ask = [&](int value, int step) {
            int id;
            bool shared;
            const long long at = place(value, id, shared);
#pragma unroll
            for (int k = 0; k < kGatedGroups; ++k) {
                const int g = (step * kGatedGroups + k) * 32 + lane;
                if (g < groups && id >= 0) {
                    gate[k].load(shared ? e.shared_gate : e.gate, at, g);
                    up[k].load(shared ? e.shared_up : e.up, at, g);
                } else {
                    gate[k] = {};
                    up[k] = {};
                }
            }
        };
        if (begin < end) ask(begin, 0);
        if (!staged) stage();
        for (int value = begin; value < end; value += stride) {
            float sums[2] = {};
            for (int step = 0; step < steps; ++step) {
#pragma unroll
                for (int k = 0; k < kGatedGroups; ++k) {
                    const int g = (step * kGatedGroups + k) * 32 + lane, there = min(g, groups - 1);
                    const StreamGroup x{vector.low[there], vector.high[there], vector.meta[there]};
                    const float a = group_dot<F>(gate[k], there, e.gate.offset, x),
                                b = group_dot<F>(up[k], there, e.up.offset, x);
                    if (g < groups) {
                        sums[0] += a;
                        sums[1] += b;
                    }
                }
                // What comes next is on its way while these sums are put together.
                if (step + 1 < steps)
                    ask(value, step + 1);
                else if (value + stride < end)
                    ask(value + stride, 0);
            }
            sums[0] = warp_sum(sums[0]);
            sums[1] = warp_sum(sums[1]);
            int id;
            bool shared;
            const long long at = place(value, id, shared);
            if (lane != 0) continue;
            if (!shared && id >= 0) {
                if (e.gate_bias) sums[0] += __ldg(e.gate_bias + at);
                if (e.up_bias) sums[1] += __ldg(e.up_bias + at);
            }
            inner[value] = to_half(id >= 0 ? gated_value(e.activation, sums[0], sums[1]) : 0);
        }
    };
    if (e.shared_width == 0 || e.shared_gate.form == e.gate.form) {
        with_any_form(e.gate.form, [&]<Form F>() { run.template operator()<F>(first, all); });
    } else {
        with_any_form(e.gate.form, [&]<Form F>() { run.template operator()<F>(first, routed); });
        with_any_form(e.shared_gate.form, [&]<Form F>() { run.template operator()<F>(routed + first, all); });
    }
}

/// A warp: one output value of one row, over all of its experts.
__global__ void __launch_bounds__(kDownThreads, 1) down_kernel(const __grid_constant__ FewArguments p) {
    let_next_start();
    extern __shared__ __align__(16) unsigned char memory[];
    const ExpertsView& e = p.experts;
    const int lane = threadIdx.x % 32, row = blockIdx.y;
    const int out =
        min(static_cast<int>(blockIdx.x) * kDownWarps + static_cast<int>(threadIdx.x) / 32, e.columns - 1);
    // Made before the kernel that this one follows could start.
    int own_id = -1;
    float own_weight = 0;
    if (lane < e.used) {
        own_id = __ldcg(p.chosen.ids + static_cast<long long>(row) * e.used + lane);
        own_weight = __ldcg(p.chosen.weights + static_cast<long long>(row) * e.used + lane);
    }
    const float shared_weight = __ldcg(p.chosen.shared + row);
    const int groups = e.width / kGroup, items = e.used * groups, shared_items = e.shared_width / kGroup;
    const StreamVector vector = vector_at(memory, items + shared_items);
    float sum = 0;
    bool staged = false;
    const auto stage = [&] {
        wait_for_inputs();
        const uint4* from =
            reinterpret_cast<const uint4*>(static_cast<const __half*>(p.inner) +
                                           static_cast<long long>(row) * (items + shared_items) * kGroup);
        const int eights = 4 * padded(items + shared_items), there = 4 * (items + shared_items);
        constexpr int kAtOnce = 3;
#pragma unroll 1
        for (int first = threadIdx.x; first < eights; first += kAtOnce * kDownThreads) {
            uint4 raw[kAtOnce];
#pragma unroll
            for (int k = 0; k < kAtOnce; ++k) {
                const int i = first + k * kDownThreads;
                raw[k] = i < there ? __ldcg(from + i) : uint4{0, 0, 0, 0};
            }
#pragma unroll
            for (int k = 0; k < kAtOnce; ++k) {
                const int i = first + k * kDownThreads;
                if (i >= eights) break;
                const unsigned words[4] = {raw[k].x, raw[k].y, raw[k].z, raw[k].w};
                float values[8];
#pragma unroll
                for (int w = 0; w < 4; ++w) {
                    const float2 two = __half22float2(*reinterpret_cast<const __half2*>(&words[w]));
                    values[2 * w] = two.x;
                    values[2 * w + 1] = two.y;
                }
                round_values<8>(vector, i, values);
            }
        }
        __syncthreads();
        staged = true;
    };
    // Items are (expert of the row, group) pairs.
    const auto run = [&]<Form F>(const MatrixView& m, int begin, int end, bool shared) {
        Group<F> weights[kDownGroups];
        float factor[kDownGroups];
        int group[kDownGroups];
        const auto ask = [&](int base) {
#pragma unroll
            for (int k = 0; k < kDownGroups; ++k) {
                const int item = base + 32 * k + lane - begin,
                          slot = shared ? 0 : min(item / groups, e.used - 1);
                const int id = shared ? 0 : __shfl_sync(0xffffffffu, own_id, slot);
                const float weight = shared ? shared_weight : __shfl_sync(0xffffffffu, own_weight, slot);
                const bool there = item < end - begin && id >= 0;
                group[k] = shared ? item : item - slot * groups;
                factor[k] = there ? weight : 0;
                if (there)
                    weights[k].load(m, static_cast<long long>(id) * e.columns + out, group[k]);
                else
                    weights[k] = {};
            }
        };
        ask(begin);
        if (!staged) stage();
        for (int base = begin; base < end; base += 32 * kDownGroups) {
#pragma unroll
            for (int k = 0; k < kDownGroups; ++k) {
                const int item = min(base + 32 * k + lane, end - 1);
                const StreamGroup x{vector.low[item], vector.high[item], vector.meta[item]};
                const float part = group_dot<F>(weights[k], group[k], m.offset, x);
                if (factor[k] != 0) sum = fmaf(factor[k], part, sum);
            }
            if (base + 32 * kDownGroups < end) ask(base + 32 * kDownGroups);
        }
    };
    with_any_form(e.down.form, [&]<Form F>() { run.template operator()<F>(e.down, 0, items, false); });
    if (shared_items > 0)
        with_any_form(e.shared_down.form, [&]<Form F>() {
            run.template operator()<F>(e.shared_down, items, items + shared_items, true);
        });
    if (e.down_bias && own_id >= 0)
        sum += own_weight * __ldg(e.down_bias + static_cast<long long>(own_id) * e.columns + out);
    sum = warp_sum(sum);
    if (lane != 0 ||
        static_cast<int>(blockIdx.x) * kDownWarps + static_cast<int>(threadIdx.x) / 32 >= e.columns)
        return;
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
    const int row = blockIdx.y, inner = static_cast<int>(blockIdx.x) * kWarps + threadIdx.x / 32;
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
    static_cast<float*>(p.inner)[static_cast<long long>(row) * e.used * e.width + inner] =
        id >= 0 ? gated_value(e.activation, gate, up) : 0;
}

__global__ void down_plain_kernel(const __grid_constant__ FewArguments p) {
    let_next_start();
    wait_for_inputs();
    const ExpertsView& e = p.experts;
    const int row = blockIdx.y, out = static_cast<int>(blockIdx.x) * kWarps + threadIdx.x / 32;
    if (out >= e.columns) return;
    const float* x = static_cast<const float*>(p.inner) + static_cast<long long>(row) * e.used * e.width;
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
    if (e.gate.fine || e.up.fine || e.down.fine) return false;  // these kernels round to 8 bits
    return e.gate.quantised() && e.down.quantised() && e.gate.form == e.up.form &&
           e.gate.offset == e.up.offset && e.width % kGroup == 0;
}

bool shared_joins(const ExpertsView& e, const MatrixView& gate, const MatrixView& up,
                  const MatrixView& down) {
    return e.gate.quantised() && gate.quantised() && down.quantised() && gate.form == up.form &&
           gate.offset == up.offset && gate.rows % kGroup == 0;
}

void few_experts(cudaStream_t stream, const ExpertsView& e, const Chosen& chosen, const float* values,
                 void* inner, int rows, const ExpertsOut& out) {
    if (rows == 1 && e.shared_width == 0 && one_row_serves(e))
        return one_row_experts(stream, e, chosen, values, inner, out);
    const FewArguments p{e, chosen, values, inner, out};
    const dim3 outs((e.columns + kWarps - 1) / kWarps, rows), block(kThreads);
    const int all = e.used * e.width + e.shared_width;
    if (e.gate.quantised()) {
        int device = 0, processors = 0;
        cudaGetDevice(&device);
        cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device);
        const int blocks = std::min((all + kWarps - 1) / kWarps, kGatedBlocks * processors);
        const int gated_bytes = vector_bytes(e.columns), down_bytes = vector_bytes(all);
        if (gated_bytes > 48 << 10)
            cudaFuncSetAttribute(gated_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, gated_bytes);
        if (down_bytes > 48 << 10)
            cudaFuncSetAttribute(down_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, down_bytes);
        launch_with(stream, dim3(blocks, rows), block, static_cast<std::size_t>(gated_bytes), gated_kernel,
                    p);
        launch_with(stream, dim3((e.columns + kDownWarps - 1) / kDownWarps, rows), dim3(kDownThreads),
                    static_cast<std::size_t>(down_bytes), down_kernel, p);
    } else {
        launch(stream, dim3((e.used * e.width + kWarps - 1) / kWarps, rows), block, gated_plain_kernel, p);
        launch(stream, outs, block, down_plain_kernel, p);
    }
}

}  // namespace pellucid::cuda
