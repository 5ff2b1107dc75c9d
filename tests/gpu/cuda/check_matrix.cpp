#include "tests/gpu/cuda/check_matrix.h"

#include <cmath>

#include "engine/quant/decode.h"
#include "gpu/cuda/repack.h"

namespace pellucid {

CheckMatrix random_matrix(TensorType type, std::int64_t rows, std::int64_t columns, std::mt19937& random,
                          ThreadPool& pool) {
    const auto info = tensor_type_info(type);
    std::vector<std::byte> bytes(
        static_cast<std::size_t>(rows * columns / info->block_values * info->block_bytes));
    for (std::byte& b : bytes) b = static_cast<std::byte>(random() & 0x3b);  // halves stay finite
    CheckMatrix m;
    m.values.resize(static_cast<std::size_t>(rows * columns));
    if (!decode(type, bytes, m.values)) return m;
    std::vector<std::byte> planes(cuda::plane_layout(*cuda::form_of(type), rows, columns).bytes);
    cuda::repack_rows({"t", type, {rows, columns}, bytes}, 0, rows, planes.data(), pool);
    m.planes = *cuda::DeviceBuffer::make(planes.size(), "planes");
    cudaMemcpy(m.planes.as<void>(), planes.data(), planes.size(), cudaMemcpyHostToDevice);
    m.view = cuda::view_of(type, rows, columns, m.planes.as<std::byte>());
    return m;
}

std::vector<double> product(const CheckMatrix& m, const std::vector<double>& x) {
    std::vector<double> out(m.values.size() / x.size());
    for (std::size_t r = 0; r < out.size(); ++r)
        for (std::size_t i = 0; i < x.size(); ++i)
            out[r] += static_cast<double>(m.values[r * x.size() + i]) * x[i];
    return out;
}

double error_of(const std::vector<double>& want, const std::vector<double>& got) {
    double error = 0, power = 0;
    for (std::size_t i = 0; i < want.size(); ++i) {
        const double d = got[i] - want[i];
        error += std::isnan(d) ? 1e30 : d * d;
        power += want[i] * want[i];
    }
    return error / power;
}

}  // namespace pellucid
