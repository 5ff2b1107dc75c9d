// The confinement of pellucid-reader, put on after its libraries are loaded and before the file's first byte
// is read.
//
// Works without privileges, as root, in containers and where user namespaces are off: resource limits, no new
// privileges, and a filter of system calls. Everything that is not on the filter's list fails; what only a
// taken-over process would try (connections, programs, changing files) ends it with SIGSYS, which the app
// reports.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/error.h"

namespace pellucid::reading {

struct SandboxLimits {
    std::uint64_t memory_bytes;  ///< beyond what the process has mapped already
    std::uint32_t cpu_seconds;
};

/// Puts it on, for good. The words say what is in force ("system call filter, memory limit, …"), and what is
/// missing where the kernel refused a part.
std::string enter_sandbox(const SandboxLimits& limits);

}  // namespace pellucid::reading
