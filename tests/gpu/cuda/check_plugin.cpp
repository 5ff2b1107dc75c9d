// What the program finds of the CUDA library: its devices, or why there are none. Needs no device itself.
#include <cstdio>

#include "engine/runtime/cuda_plugin.h"

int main() {
    std::string why;
    const auto devices = pellucid::cuda_devices(why);
    if (devices.empty()) {
        std::printf("none: %s\n", why.c_str());
        return why.empty() ? 1 : 0;
    }
    for (const auto& device : devices) {
        const auto made = device.make(0);
        std::printf("%s: %s -> %s\n", device.id.c_str(), device.description.c_str(),
                    made ? (*made)->description().c_str() : made.error().message().c_str());
        if (!made) return 1;
        const auto memory = device.memory();
        std::printf("  %llu MB, %llu MB free\n", static_cast<unsigned long long>(memory.total / 1000000),
                    static_cast<unsigned long long>(memory.available / 1000000));
        if (memory.total == 0 || memory.available > memory.total) return 1;
    }
    return 0;
}
