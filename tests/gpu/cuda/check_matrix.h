// Random quantised matrices on the device and their products in double, for the checks of single kernels.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "engine/base/thread_pool.h"
#include "engine/format/tensor_type.h"
#include "gpu/cuda/matrix.h"
#include "gpu/cuda/memory.h"

namespace pellucid {

struct CheckMatrix {
    std::vector<float> values;  ///< [rows, columns]
    cuda::DeviceBuffer planes;
    cuda::MatrixView view;
};

CheckMatrix random_matrix(TensorType type, std::int64_t rows, std::int64_t columns, std::mt19937& random,
                          ThreadPool& pool);
/// m [rows, columns] times x [columns].
std::vector<double> product(const CheckMatrix& m, const std::vector<double>& x);
/// Sum of squared differences over sum of squares; NaN counts as huge.
double error_of(const std::vector<double>& want, const std::vector<double>& got);

template <typename T>
cuda::DeviceBuffer uploaded(const std::vector<T>& values) {
    auto buffer = *cuda::DeviceBuffer::make(values.size() * sizeof(T), "values");
    cudaMemcpy(buffer.template as<void>(), values.data(), values.size() * sizeof(T), cudaMemcpyHostToDevice);
    return buffer;
}
template <typename T>
std::vector<T> downloaded(const cuda::DeviceBuffer& buffer) {
    std::vector<T> values(buffer.bytes() / sizeof(T));
    cudaMemcpy(values.data(), buffer.as<void>(), buffer.bytes(), cudaMemcpyDeviceToHost);
    return values;
}

}  // namespace pellucid
