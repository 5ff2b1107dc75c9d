// How fast devices read memory, measured once on this machine, corrected by what is seen at work, and kept in
// a small file.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <span>
#include <string>

#include "app/hub/fit.h"
#include "engine/base/error.h"

namespace pellucid::hub {

/// "speeds.json" in the data folder of the program. A file that is not there, not readable or of another
/// machine (processor, threads) counts as nothing measured. Thread safe.
///
/// Small models read memory slower than large ones, since more of a token's time is no reading: what was seen
/// is kept by size class (bytes a token, a factor of two each). A model of a class that was seen, or next to
/// one, is predicted by it. Far from any, what was seen is a bound: a larger model reads at least as fast, a
/// smaller one at most.
class KeptSpeeds final : public MemorySpeeds {
public:
    explicit KeptSpeeds(std::filesystem::path file);

    double bytes_per_second(const std::string& device, double bytes_per_token) const override;
    /// Measures the processor, and those of `devices` that have a memory of their own, unless that was done
    /// three times: under a second, 256 MB (1 GB of a card). The best counts, since a busy machine seems
    /// slow. Not on the GUI thread. Errors: io, no_space, read_only when it cannot be kept (it is known all
    /// the same).
    Result<void> measure(std::span<const DeviceFactory> devices = {});
    /// What a device was seen to do: `bytes_per_token` of tokens written at `tokens_per_second`. Replaces
    /// what was seen before of its size class, a third at a time.
    Result<void> learn(const std::string& device, double bytes_per_token, double tokens_per_second);

private:
    void read();
    Result<void> write() const;

    const std::filesystem::path file_;
    const std::string machine_;  ///< processor and threads
    mutable std::mutex mutex_;
    std::map<std::string, double> speeds_;               // measured
    std::map<std::string, std::map<int, double>> seen_;  // by device and size class
    int measured_ = 0;
};

/// Of what the processor reads when it only reads, the share that it is taken to reach while it also computes
/// with quantised weights, until something was seen. SmolLM2, Gemma 3 and Qwen3 0.6B reached 75, 80 and 45 %
/// of the copy speed on AVX-512 (tests/bench/RESULTS.md).
inline constexpr double decoding_share = 0.6;
/// The same of a card and the speed of copying in its memory: an H100 reached 0.4 (1.5 B, Q4_K_M) to 0.8 (7 B
/// and 8 B).
inline constexpr double card_share = 0.7;

}  // namespace pellucid::hub
