// What adapters add to the CPU runner's linear layers: two thin matrices each, read where the adapter holds
// them.
#include "engine/cpu/cpu_runner.h"

namespace pellucid::cpu {

namespace {

std::size_t size(std::int64_t n) {
    return static_cast<std::size_t>(n);
}

Matrix matrix_of(const std::vector<float>& values, std::int64_t rows, std::int64_t columns,
                 ThreadPool& pool) {
    const TensorView view{"adapter", TensorType::f32, {rows, columns}, std::as_bytes(std::span(values))};
    return *Matrix::make(view, pool);  // dense and of the right size
}

}  // namespace

Result<AdapterId> CpuRunner::load_adapter(std::shared_ptr<const Adapter> adapter) {
    return adapters_.add(std::move(adapter));
}

void CpuRunner::unload_adapter(AdapterId id) {
    adapters_.remove(id);
}

void CpuRunner::adapt(const LinearInput& input, const LinearPart& part) {
    for (const AdaptedRows& run : adapted_) {
        const auto found = run.adapter->parts.find(*part.name);
        if (found == run.adapter->parts.end()) continue;
        const AdapterPart& own = found->second;
        const std::int64_t out = own.out, rank = own.rank;
        adapter_inner_.resize(size(run.count * rank));
        adapter_out_.resize(size(run.count * out));
        const Matrix a = matrix_of(own.a, rank, own.in, *pool_), b = matrix_of(own.b, out, rank, *pool_);
        const LinearPart down[] = {{&a, nullptr, adapter_inner_.data(), rank}};
        run_linears(*pool_, kernels_, {input.values + std::int64_t{run.first} * own.in, nullptr, run.count},
                    down);
        const LinearPart up[] = {{&b, nullptr, adapter_out_.data(), out}};
        run_linears(*pool_, kernels_, {adapter_inner_.data(), nullptr, run.count}, up);
        for (std::int64_t row = 0; row < run.count; ++row)
            kernels_.add_scaled(part.out + (run.first + row) * part.out_stride,
                                adapter_out_.data() + row * out, run.strength * own.scale, out);
    }
}

}  // namespace pellucid::cpu
