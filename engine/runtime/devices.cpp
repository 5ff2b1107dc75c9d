#include "engine/runtime/devices.h"

#include "engine/base/cpu_features.h"
#include "engine/base/thread_pool.h"
#include "engine/cpu/cpu_backend.h"
#include "engine/ops/reference_backend.h"
#include "engine/runtime/cuda_plugin.h"

namespace pellucid {

std::vector<DeviceFactory> host_devices() {
    const CpuFeatures features = detect_cpu_features();
    const auto memory = [] { return host_memory(); };
    std::vector<DeviceFactory> devices;
    devices.push_back({"cpu", features.model + ", " + std::to_string(usable_cores()) + " cores",
                       [](int threads) -> Result<std::unique_ptr<Backend>> {
                           return make_cpu_backend(std::make_shared<ThreadPool>(threads));
                       },
                       memory});
    devices.push_back({"reference", features.model + ", scalar, for comparison",
                       [](int threads) -> Result<std::unique_ptr<Backend>> {
                           return make_reference_backend(std::make_shared<ThreadPool>(threads));
                       },
                       memory});
    std::string why_no_cuda;  // most machines have none: not worth a word
    for (DeviceFactory& cuda : cuda_devices(why_no_cuda)) devices.push_back(std::move(cuda));
    return devices;
}

}  // namespace pellucid
