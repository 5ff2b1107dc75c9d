#include "engine/runtime/cuda_plugin.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>

#include "engine/backend/plugin.h"

namespace pellucid {
namespace {

namespace fs = std::filesystem;
constexpr const char* kLibrary = "libpellucid_cuda.so";

std::string library_path() {
    if (const char* chosen = std::getenv("PELLUCID_CUDA_PLUGIN")) return chosen;
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const fs::path& path : {folder / kLibrary, folder / "../lib/pellucid" / kLibrary})
        if (fs::exists(path, error)) return path.string();
    return {};
}

}  // namespace

std::vector<DeviceFactory> cuda_devices(std::string& why) {
    const std::string path = library_path();
    if (path.empty()) {
        why = std::string(kLibrary) + " is not installed";
        return {};
    }
    void* library =
        dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);  // stays open: its backends outlive this call
    if (!library) {
        const char* text = dlerror();
        why = text ? text : path + " cannot be loaded";
        return {};
    }
    const auto version = reinterpret_cast<PluginVersion>(dlsym(library, "pellucid_cuda_version"));
    const auto devices = reinterpret_cast<PluginDevices>(dlsym(library, "pellucid_cuda_devices"));
    const auto make = reinterpret_cast<PluginMake>(dlsym(library, "pellucid_cuda_make"));
    const auto memory = reinterpret_cast<PluginMemory>(dlsym(library, "pellucid_cuda_memory"));
    const auto speed = reinterpret_cast<PluginSpeed>(dlsym(library, "pellucid_cuda_speed"));
    if (!version || !devices || !make || !memory || !speed || version() != kPluginVersion) {
        why = path + " belongs to another version of this program";
        return {};
    }
    Result<std::vector<std::string>> found = std::vector<std::string>{};
    devices(found);
    if (!found) {
        why = found.error().message();
        return {};
    }
    std::vector<DeviceFactory> factories;
    for (std::size_t i = 0; i < found->size(); ++i) {
        const int device = static_cast<int>(i);
        factories.push_back({"cuda:" + std::to_string(device), (*found)[i],
                             [make, device](int) {
                                 Result<std::unique_ptr<Backend>> made = std::unique_ptr<Backend>();
                                 make(device, made);
                                 return made;
                             },
                             [memory, device] {
                                 HostMemory known;
                                 memory(device, known.total, known.available);
                                 return known;
                             },
                             [speed, device] { return speed(device); }});
    }
    return factories;
}

}  // namespace pellucid
