#include "engine/base/cpu_features.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

namespace pellucid {

#if defined(__x86_64__)
namespace {

struct Leaf {
    std::uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
};

Leaf cpuid(std::uint32_t leaf, std::uint32_t subleaf = 0) {
    Leaf r;
    if (!__get_cpuid_count(leaf, subleaf, &r.eax, &r.ebx, &r.ecx, &r.edx)) return {};
    return r;
}

/// XCR0: which register files the operating system saves. PRECONDITION: OSXSAVE is set.
std::uint64_t saved_registers() {
    std::uint32_t low = 0, high = 0;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (static_cast<std::uint64_t>(high) << 32) | low;
}

bool bit(std::uint32_t word, int index) {
    return (word >> index) & 1;
}

std::string vendor_string() {
    const Leaf leaf = cpuid(0);
    std::array<char, 12> text{};
    std::memcpy(text.data(), &leaf.ebx, 4);
    std::memcpy(text.data() + 4, &leaf.edx, 4);
    std::memcpy(text.data() + 8, &leaf.ecx, 4);
    return {text.begin(), text.end()};
}

std::string model_string() {
    if (cpuid(0x80000000).eax < 0x80000004) return {};
    std::array<char, 49> text{};
    for (std::uint32_t i = 0; i < 3; ++i) {
        const Leaf leaf = cpuid(0x80000002 + i);
        std::memcpy(text.data() + 16 * i, &leaf, 16);
    }
    std::string model(text.data());
    while (!model.empty() && model.back() == ' ') model.pop_back();
    return model.erase(0,
                       model.find_first_not_of(' ') == std::string::npos ? 0 : model.find_first_not_of(' '));
}

}  // namespace

CpuFeatures detect_cpu_features() {
    CpuFeatures f;
    f.vendor = vendor_string();
    f.model = model_string();
    const Leaf one = cpuid(1), seven = cpuid(7), seven_one = cpuid(7, 1);
    if (!bit(one.ecx, 27)) return f;  // OSXSAVE
    const std::uint64_t saved = saved_registers();
    const bool ymm = (saved & 0x6) == 0x6, zmm = (saved & 0xe6) == 0xe6;
    f.avx2 = ymm && bit(seven.ebx, 5);
    f.fma = ymm && bit(one.ecx, 12);
    f.f16c = ymm && bit(one.ecx, 29);
    f.avx_vnni = ymm && bit(seven_one.eax, 4);
    f.avx512f = zmm && bit(seven.ebx, 16);
    f.avx512dq = zmm && bit(seven.ebx, 17);
    f.avx512bw = zmm && bit(seven.ebx, 30);
    f.avx512vl = zmm && bit(seven.ebx, 31);
    f.avx512vnni = zmm && bit(seven.ecx, 11);
    f.avx512_bf16 = zmm && bit(seven_one.eax, 5);
    return f;
}
#else
CpuFeatures detect_cpu_features() {
    return {};
}
#endif

std::string to_string(const CpuFeatures& f) {
    std::string text;
    for (const auto& [has, name] :
         std::initializer_list<std::pair<bool, const char*>>{{f.avx2, "avx2"},
                                                             {f.fma, "fma"},
                                                             {f.f16c, "f16c"},
                                                             {f.avx_vnni, "avx-vnni"},
                                                             {f.avx512f, "avx512f"},
                                                             {f.avx512bw, "avx512bw"},
                                                             {f.avx512vl, "avx512vl"},
                                                             {f.avx512dq, "avx512dq"},
                                                             {f.avx512vnni, "avx512vnni"},
                                                             {f.avx512_bf16, "avx512bf16"}})
        if (has) text += (text.empty() ? "" : " ") + std::string(name);
    return text.empty() ? "baseline" : text;
}

}  // namespace pellucid
