// How fast this machine moves bytes between memory and processor: what writing tokens is bound by.
#pragma once

namespace pellucid {

/// Bytes a second, read plus written, of copying between buffers far larger than the caches, on `threads`
/// threads; the best of several runs. Takes 256 MB while it runs.
double measure_copy_speed(int threads);

/// Bytes a second of reading alone, as weights are read. As above.
double measure_read_speed(int threads);

}  // namespace pellucid
