// Where good bytes of a damaged file come from: the network, or another copy on this machine.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/cancel.h"
#include "engine/base/error.h"

namespace pellucid::library {

/// A file to be repaired, and what is known of its origin.
struct WantedFile {
    std::string path;    ///< the damaged file
    std::string url;     ///< where it was downloaded from; empty: not known
    std::string etag;    ///< as it was then
    std::string sha256;  ///< of the whole file as it should be; empty: not known
    std::uint64_t bytes = 0;
};

/// Bytes [first, first + size) of a file.
struct ByteSpan {
    std::uint64_t first = 0, size = 0;
    bool operator==(const ByteSpan&) const = default;
};

class BlockSource {
public:
    virtual ~BlockSource() = default;
    /// Whether it can serve this file at all.
    virtual bool serves(const WantedFile& file) const = 0;
    /// The bytes of `span`, all of them, as they come: nothing is believed before its digest fits. Blocks the
    /// caller. Errors: those of the network or the disk; cancelled.
    virtual Result<std::vector<std::byte>> read(const WantedFile& file, ByteSpan span,
                                                const CancelToken& cancel) = 0;
    /// For a report: "another copy: /home/…", "huggingface.co".
    virtual std::string name(const WantedFile& file) const = 0;
};

/// Other files that are said to hold the same: other apps' copies, shards kept twice. One that lacks bytes or
/// holds wrong ones does no harm, as digests decide.
class CopySource final : public BlockSource {
public:
    /// `copies`: paths, best first.
    explicit CopySource(std::vector<std::string> copies) : copies_(std::move(copies)) {}
    bool serves(const WantedFile& file) const override;
    Result<std::vector<std::byte>> read(const WantedFile& file, ByteSpan span,
                                        const CancelToken& cancel) override;
    std::string name(const WantedFile& file) const override;

private:
    std::vector<std::string> copies_;
};

}  // namespace pellucid::library
