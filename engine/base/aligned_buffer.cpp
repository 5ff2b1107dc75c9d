#include "engine/base/aligned_buffer.h"

#include <sys/mman.h>

#include <string>

namespace pellucid {

namespace {
constexpr std::size_t kHugePage = 2u << 20;
}

Result<AlignedBuffer> AlignedBuffer::allocate(std::size_t size) {
    if (size == 0) return AlignedBuffer();
    void* data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED)
        return fail(ErrorCode::out_of_memory, "cannot allocate " + std::to_string(size >> 20) + " MiB",
                    "close other programs, choose a smaller model or a shorter context");
    if (size >= 2 * kHugePage) (void)::madvise(data, size, MADV_HUGEPAGE);  // a hint: fewer TLB misses
    return AlignedBuffer(static_cast<std::byte*>(data), size);
}

AlignedBuffer::~AlignedBuffer() {
    if (data_) ::munmap(data_, size_);
}

}  // namespace pellucid
