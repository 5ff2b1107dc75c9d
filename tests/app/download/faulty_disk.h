// The real disk, failing when told.
#pragma once

#include <atomic>

#include "app/download/disk.h"

namespace pellucid::download::test {

class FaultyDisk final : public Disk {
public:
    enum class Fault { none, reserve_full, write_full, write_error, read_error, read_only, gone };

    std::atomic<Fault> fault = Fault::none;
    std::atomic<std::int64_t> good_bytes =
        0;  ///< so many are written (or read) before write_* (or read_error) begins

    static Failure failure(ErrorCode code) { return fail(code, "the disk was told to fail", "nothing"); }

    Result<std::unique_ptr<DiskFile>> open(const std::filesystem::path& path, bool make) override {
        if (fault == Fault::read_only) return failure(ErrorCode::read_only);
        if (fault == Fault::gone) return failure(ErrorCode::not_found);
        PELLUCID_TRY(auto file, real_.open(path, make));
        return std::unique_ptr<DiskFile>(std::make_unique<File>(*this, std::move(file)));
    }
    Result<std::optional<std::uint64_t>> size_of(const std::filesystem::path& path) override {
        return real_.size_of(path);
    }
    Result<void> make_folder(const std::filesystem::path& path) override {
        if (fault == Fault::gone) return failure(ErrorCode::not_found);
        return real_.make_folder(path);
    }
    Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
        if (fault == Fault::gone) return failure(ErrorCode::not_found);
        return real_.rename(from, to);
    }
    Result<void> remove(const std::filesystem::path& path) override { return real_.remove(path); }
    Result<std::uint64_t> free_bytes(const std::filesystem::path& folder) override {
        return real_.free_bytes(folder);
    }

private:
    class File final : public DiskFile {
    public:
        File(FaultyDisk& disk, std::unique_ptr<DiskFile> file) : disk_(disk), file_(std::move(file)) {}
        Result<void> reserve(std::uint64_t bytes) override {
            if (disk_.fault == Fault::reserve_full) return failure(ErrorCode::no_space);
            return file_->reserve(bytes);
        }
        Result<void> cut(std::uint64_t bytes) override { return file_->cut(bytes); }
        Result<std::uint64_t> size() override { return file_->size(); }
        Result<void> write(std::uint64_t at, std::span<const std::byte> bytes) override {
            const Fault fault = disk_.fault;
            const bool fails =
                fault == Fault::write_full || fault == Fault::write_error || fault == Fault::gone;
            if (fails && (disk_.good_bytes -= static_cast<std::int64_t>(bytes.size())) < 0) {
                // Half of it may be there all the same.
                (void)file_->write(at, bytes.first(bytes.size() / 2));
                return failure(fault == Fault::write_full    ? ErrorCode::no_space
                               : fault == Fault::write_error ? ErrorCode::io
                                                             : ErrorCode::not_found);
            }
            return file_->write(at, bytes);
        }
        Result<void> read(std::uint64_t at, std::span<std::byte> to) override {
            if (disk_.fault == Fault::read_error &&
                (disk_.good_bytes -= static_cast<std::int64_t>(to.size())) < 0)
                return failure(ErrorCode::io);
            return file_->read(at, to);
        }
        Result<void> sync() override { return file_->sync(); }

    private:
        FaultyDisk& disk_;
        std::unique_ptr<DiskFile> file_;
    };
    PosixDisk real_;
};

}  // namespace pellucid::download::test
