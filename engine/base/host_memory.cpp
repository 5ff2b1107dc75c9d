#include "engine/base/host_memory.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>

namespace pellucid {
namespace {

/// The number after `key` in a file of "key value" lines.
std::optional<std::uint64_t> keyed_number(const std::string& path, const std::string& key) {
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
        std::istringstream words(line);
        std::string word;
        std::uint64_t value = 0;
        if (words >> word && word == key && words >> value) return value;
    }
    return std::nullopt;
}

/// A file of one number; "max" is nullopt.
std::optional<std::uint64_t> number(const std::string& path) {
    std::ifstream file(path);
    std::uint64_t value = 0;
    return file >> value ? std::optional(value) : std::nullopt;
}

void lower_to_group(HostMemory& memory, const std::string& folder, const char* limit_file,
                    const char* usage_file) {
    const auto limit = number(folder + "/" + limit_file);
    const auto usage = number(folder + "/" + usage_file);
    if (!limit || !usage) return;
    // Pages of files are given back under pressure, so they count as free. v1 names them with total_ as well.
    const auto inactive = keyed_number(folder + "/memory.stat", "inactive_file").value_or(0);
    const auto active = keyed_number(folder + "/memory.stat", "active_file").value_or(0);
    const std::uint64_t held = *usage - std::min(*usage, inactive + active);
    memory.total = std::min(memory.total, *limit);
    memory.available = std::min(memory.available, *limit - std::min(*limit, held));
}

/// Every group from `path` up to the root binds.
void lower_to_groups(HostMemory& memory, const std::string& mount, std::string path, const char* limit_file,
                     const char* usage_file) {
    for (;;) {
        lower_to_group(memory, mount + path, limit_file, usage_file);
        if (path.empty() || path == "/") return;
        path.resize(path.find_last_of('/') == std::string::npos ? 0 : path.find_last_of('/'));
    }
}

}  // namespace

HostMemory host_memory() {
    HostMemory memory = host_memory("/");
    if (memory.total == 0) {  // no /proc here, as in a bare chroot: the kernel still says
        const auto bytes = [](int name) {
            return static_cast<std::uint64_t>(std::max(0L, sysconf(name))) *
                   static_cast<std::uint64_t>(std::max(0L, sysconf(_SC_PAGESIZE)));
        };
        memory.total = bytes(_SC_PHYS_PAGES);
        memory.available = bytes(_SC_AVPHYS_PAGES);
    }
    return memory;
}

HostMemory host_memory(const std::string& root) {
    HostMemory memory;
    memory.total = keyed_number(root + "proc/meminfo", "MemTotal:").value_or(0) * 1024;
    memory.available = keyed_number(root + "proc/meminfo", "MemAvailable:").value_or(0) * 1024;
    std::ifstream groups(root + "proc/self/cgroup");
    std::string line;
    while (std::getline(groups, line)) {  // hierarchy:controllers:path
        const std::size_t first = line.find(':'), second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) continue;
        const std::string controllers = line.substr(first + 1, second - first - 1),
                          path = line.substr(second + 1);
        if (controllers.empty())
            lower_to_groups(memory, root + "sys/fs/cgroup", path, "memory.max", "memory.current");
        else if (("," + controllers + ",").find(",memory,") != std::string::npos)
            lower_to_groups(memory, root + "sys/fs/cgroup/memory", path, "memory.limit_in_bytes",
                            "memory.usage_in_bytes");
    }
    return memory;
}

}  // namespace pellucid
