// What memory this process may still take on the host, before anything is allocated.
#pragma once

#include <cstdint>
#include <string>

namespace pellucid {

struct HostMemory {
    std::uint64_t total = 0;      ///< bytes: the machine's, or the control group's limit if that is lower
    std::uint64_t available = 0;  ///< without pushing others out: free and reclaimable
};

/// The lower of /proc/meminfo and the limits of the control groups (v1 or v2) this process is in, each with
/// its reclaimable file pages counted as free. Zeros when the system tells nothing.
HostMemory host_memory();

/// The same read below other roots, for tests: files proc/meminfo, proc/self/cgroup, sys/fs/cgroup/….
HostMemory host_memory(const std::string& root);

}  // namespace pellucid
