#include "app/cli/machine.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>

namespace pellucid::cli {

namespace {

struct Resident {
    std::uint64_t anonymous = 0, mapped = 0;
};

Resident resident() {
    Resident now;
    std::ifstream in("/proc/self/status");
    for (std::string word; in >> word;)
        if (word == "RssAnon:" || word == "RssFile:") {
            std::uint64_t kilobytes = 0;
            in >> kilobytes;
            (word == "RssAnon:" ? now.anonymous : now.mapped) = kilobytes * 1024;
        }
    return now;
}

/// Mapped pages of model files that are in memory (proc(5), smaps).
std::uint64_t mapped_models() {
    std::ifstream in("/proc/self/smaps");
    std::uint64_t bytes = 0;
    bool model = false;
    for (std::string line; std::getline(in, line);) {
        if (line.find("-") < 17 && line.find(" ") > line.find("-"))  // "7f0c…-7f0d… r--p …  path"
            model = line.ends_with(".gguf") || line.ends_with(".safetensors");
        else if (model && line.starts_with("Rss:"))
            bytes += std::strtoull(line.c_str() + 4, nullptr, 10) * 1024;
    }
    return bytes;
}

}  // namespace

MemoryWatch::MemoryWatch()
    : thread_([this, start = resident()] {
          const auto beyond = [](std::uint64_t now, std::uint64_t before) {
              return now > before ? now - before : 0;
          };
          while (!stop_) {
              const Resident now = resident();
              Peak seen{beyond(now.anonymous, start.anonymous), beyond(now.mapped, start.mapped)};
              // Whose the mapped pages are takes milliseconds to find out: only for what may be a new peak.
              if (seen.total() > peak().total()) {
                  seen.mapped = std::min(seen.mapped, mapped_models());
                  const std::lock_guard lock(mutex_);
                  if (seen.total() > peak_.total()) peak_ = seen;
              }
              std::this_thread::sleep_for(std::chrono::milliseconds(20));
          }
      }) {}

MemoryWatch::Peak MemoryWatch::peak() const {
    const std::lock_guard lock(mutex_);
    return peak_;
}

MemoryWatch::~MemoryWatch() {
    stop_ = true;
    thread_.join();
}

}  // namespace pellucid::cli
